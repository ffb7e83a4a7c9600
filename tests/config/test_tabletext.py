"""A table of numbers written anew, and a sheet laid over it."""

from hypothesis import given
from hypothesis import strategies as st

from config.ledgertable import ALL_COLUMNS
from config.table import Row, read_table
from config.tabletext import (
    NEEDED,
    further_columns,
    header_of,
    laid_over,
    remarks_of,
    table_text,
    unknown_columns,
    written_header,
)

CELLS = st.text(
    alphabet=st.characters(exclude_categories=("C", "Z"), include_characters=" ，,\"'#"),
    max_size=12,
).map(str.strip)
ROWS = st.lists(
    st.dictionaries(st.sampled_from([*ALL_COLUMNS, "楼层"]), CELLS).filter(
        lambda row: any(row.values())
    ),
    min_size=1,
    max_size=5,
)


def row(number: str, line: int = 2, **cells: str) -> Row:
    """A row of the ledger."""
    return Row(line, {"部门": "局", "电话名称": f"热线{number}", "电话号码": number, **cells})


@given(ROWS)
def test_what_is_written_is_read_back(rows: list[dict[str, str]]) -> None:
    """Whatever stands in a cell; what is missing comes back empty."""
    header = header_of(rows, ["楼层"])
    found, faults = read_table("numbers.csv", table_text(["# 来源"], header, rows), NEEDED)
    assert faults == []
    assert [one.cells for one in found] == [
        {name: cells.get(name, "") for name in header} for cells in rows
    ]


def test_a_header_keeps_what_it_had_and_gains_what_is_used() -> None:
    """Columns of this city's own stay; of ours those come that are needed or used."""
    header = header_of([{"对端": "a", "楼层": "3"}, {"座席时间": ""}], ["楼层", "电话号码"])
    assert header == ["楼层", "电话号码", "序号", "部门", "电话名称", "归并方式", "对端"]


def test_remarks_are_the_lines_above_the_header() -> None:
    text = '\ufeff# 一\n"# 二,三"\n序号,部门\n# 不是\n'
    assert remarks_of(text) == ["# 一", '"# 二,三"']
    assert remarks_of("") == []


def test_a_column_nobody_knows_is_named_with_the_likeliest() -> None:
    """It would be lost in silence otherwise; a column the table has is its own affair."""
    [fault] = unknown_columns("numbers.csv", [{"归并方试": "", "楼层": ""}], ["楼层"])
    assert (fault.column, fault.instead) == ("归并方试", "归并方式")


def test_a_sheet_says_nothing_of_columns_that_it_lacks() -> None:
    """The published annex laid over a table with dates and peers: those stay, number by number."""
    before = [row("12333", 对端="renshe", 座席安排="保留"), row("12366", 对端="shuiwu")]
    sheet = [row("12366", 7, 座席安排="并入"), row("12333", 8), row("8330000", 9)]
    rows, notes = laid_over(before, sheet, is_part=False)
    assert [(one.line, one["电话号码"], one["对端"], one["座席安排"]) for one in rows] == [
        (7, "12366", "shuiwu", "并入"),
        (8, "12333", "renshe", ""),  # the sheet has the column, and says nothing here
        (9, "8330000", "", ""),
    ]
    assert notes == ["表中没有的列沿用现有号码表：对端"]


def test_numbers_that_the_sheet_lacks_go_or_stay() -> None:
    """Part of a table takes the places of its numbers; the others stay where they are."""
    before = [row("12366"), row("12333", 3), row("12315", 4), row("12366", 5, 电话名称="二科")]
    sheet = [row("8330000", 5), row("12333", 6, 电话名称="甲"), row("12333", 7, 电话名称="乙")]
    whole, told = laid_over(before, sheet, is_part=False)
    assert [one.line for one in whole] == [5, 6, 7]
    [gone] = told
    assert gone.startswith("表中没有的2个号码从号码表中去掉：12366、12315。")
    assert "只替换表中有的号码" in gone
    part, told = laid_over(before, sheet, is_part=True)
    assert [(one.line, one["电话名称"]) for one in part] == [
        (0, "热线12366"),
        (6, "甲"),
        (7, "乙"),
        (0, "热线12315"),
        (0, "二科"),
        (5, "热线8330000"),
    ]
    assert told == ["表中没有的2个号码保持不变"]
    twice, _ = laid_over([row("12333"), row("12333", 3)], sheet[1:], is_part=True)
    assert [one["电话名称"] for one in twice] == ["甲", "乙"]


def test_the_columns_a_table_may_still_have_are_named() -> None:
    """Those of ours that stand in its header are not among them."""
    header = header_of([{"对端": "a"}])
    further = further_columns(header)
    assert "例外理由" in further
    assert not set(further) & set(header)


def test_a_header_is_read_without_its_rows() -> None:
    """Below remarks and blank rows, quoted or not; a column without a name is none."""
    assert written_header('\ufeff# 来源\n\n"分机", 姓名 ,\n1001,一号\n') == ["分机", "姓名"]
    assert written_header("# 来源\n") == []
    assert written_header("") == []

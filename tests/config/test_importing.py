"""Tables as people have them become the ledger's own, wholly or not at all."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.faults import Fault
from config.grid import Cell, Grid
from config.importing import Imported, read_import, written
from config.ledger import MODES, Mode
from config.ledgertable import ALL_COLUMNS, read_ledger
from config.table import Row
from config.textgrid import read_text

DATA = Path(__file__).parent / "data"
ANNEX = (DATA / "chifeng_annex.txt").read_text("utf-8")
CHIFENG = Path("config/profiles/chifeng/numbers.csv")
HEADER = "序号,部门,电话名称,电话号码,归并方式\n"
COLUMNS = ("序号", "部门", "电话名称", "电话号码", "归并方式")


def _import(text: str) -> Imported:
    return read_import(read_text("表.csv", text), "0476")


def _rows(text: str) -> list[str]:
    """The rows as our own table writes them, without its header; the import must be clean."""
    imported = _import(text)
    assert imported.faults == ()
    assert imported.rows is not None
    return written(imported.rows).splitlines()[1:]


def _faults(text: str) -> list[Fault]:
    imported = _import(text)
    assert imported.rows is None
    assert imported.faults
    return list(imported.faults)


def _sheet(rows: Sequence[Sequence[str]], covered: Sequence[tuple[int, int]] = ()) -> Grid:
    """A sheet's table: its cells have names, and some lie under a merged one."""
    return Grid(
        "表.xlsx",
        tuple(
            tuple(
                Cell(text, line, f"清单!{'ABCDEFG'[place]}{line}", (line, place) in covered)
                for place, text in enumerate(row)
            )
            for line, row in enumerate(rows, 1)
        ),
    )


def test_the_annex_as_published_is_the_ledger_of_chifeng() -> None:
    """Blanks and line breaks and all: 36 rows on 35 numbers, just as the profile has them."""
    imported = _import(ANNEX)
    assert imported.faults == ()
    assert imported.rows is not None

    with CHIFENG.open(encoding="utf-8-sig", newline="") as file:
        profile = list(csv.DictReader(line for line in file if not line.startswith("#")))
    assert [[row[c] for c in COLUMNS] for row in profile] == [
        [row[c] for c in COLUMNS] for row in imported.rows
    ]
    lines, faults = read_ledger("numbers.csv", written(imported.rows), "0476")
    assert faults == []
    assert (len(imported.rows), len(lines)) == (36, 35)
    rows_of = {mode: sum(len(x.entries) for x in lines if x.mode is mode) for mode in Mode}
    assert (rows_of[Mode.WHOLE], rows_of[Mode.DUAL], rows_of[Mode.SUB_CENTRE]) == (24, 10, 2)


def test_the_annex_tells_what_was_filled() -> None:
    """The administrator can look over what the blanks were taken for."""
    notes = "\n".join(_import(ANNEX).notes)
    assert "「归并方式」：空格按上面填为「双号并行」" in notes
    assert "「金融工作↵办公室」写为「金融工作办公室」" in notes
    assert "表头上方的2行没有导入" in notes


def test_titles_above_and_remarks_below_are_left_out() -> None:
    """What is left out is told."""
    text = (
        "附件1,,,,\n赤峰市归并清单,,,,\n\n"
        + HEADER
        + "1,教育局,甲,8337772,整体并入\n合计,1,,,\n"
        + "注：以上号码均已核对,,,,\n联系人：张三,,,13904760000,\n,,,,\n2026年9月,,,,"
    )

    assert _rows(text) == ["1,教育局,甲,8337772,整体并入"]
    notes = _import(text).notes
    assert any(note.startswith("表头上方的2行没有导入") for note in notes)
    assert any(note.startswith("表格下方的4行没有导入") and "等" in note for note in notes)


def test_a_remark_or_a_sum_between_the_rows_is_left_out() -> None:
    text = (
        HEADER
        + "1,教育局,甲,8337772,整体并入\n小计,,,,\n2,民政局,乙,12349,整体并入\n"
        + "3,,,,\n4,司法局,丙,8334148,整体并入\n"
    )

    assert len(_rows(text)) == 3
    assert sum("表格中间" in note for note in _import(text).notes) == 2


def test_a_remark_with_a_number_in_the_table_is_a_row() -> None:
    """A name that begins like a remark is a name when a number stands beside it."""
    text = "电话名称,部门,电话号码,归并方式\n说明热线,教育局,8337772,整体并入\n"
    assert _rows(text) == [",教育局,说明热线,8337772,整体并入"]


@pytest.mark.parametrize(
    "header",
    [
        "编号,责任部门,热线名称,热线号码,整合方式",
        "序 号, 部\u3000门 ,电话名称：,电话号码（短号）,归并方式*",
        "NO.,牵头单位,名称,号码,归并形式",
        '"序\n号",單位,"電話\n名稱","電話\n號碼",歸併方式',
    ],
)
def test_headings_go_by_many_names(header: str) -> None:
    """Synonyms, blanks, line breaks, brackets and traditional characters."""
    assert _rows(header + "\n1,教育局,甲,8337772,整体并入\n") == ["1,教育局,甲,8337772,整体并入"]


def test_of_two_headings_for_one_column_the_surer_is_taken() -> None:
    """The other one is told to be left out."""
    text = "单位,部门,热线,热线名称,电话号码,归并方式,联系电话\n办,教育局,x,甲,8337772,整体并入,1\n"
    assert _rows(text) == [",教育局,甲,8337772,整体并入"]
    assert any("没有导入的列：单位、热线、联系电话" in note for note in _import(text).notes)


def test_a_missing_heading_is_told_with_the_likeliest_one() -> None:
    """Every one that is missing, at the headings' own place."""
    imported = read_import(
        _sheet([["标题"], ["", "序号", "科室", "电话名称", "电话号码", "归并办法"]]), "0476"
    )
    assert [(f.row, f.column, f.cell) for f in imported.faults] == [
        (2, "部门", "清单!B2"),
        (2, "归并方式", "清单!B2"),
    ]
    assert "「归并办法」改为「归并方式」" in imported.faults[1].instead
    assert (
        "加上「归并方式」这一列"
        in _faults("部门,电话名称,电话号码\n教育局,甲,8337772\n")[0].instead
    )


def test_no_heading_at_all_is_told() -> None:
    assert [(f.row, f.message) for f in _faults("你好\n1,2\n")] == [(0, "没有找到表头")]
    assert [(f.row, f.message) for f in _faults("")] == [(0, "没有找到表头")]


def test_an_empty_table_is_told() -> None:
    assert [(f.row, f.message) for f in _faults(HEADER)] == [(0, "表中没有号码")]


def test_blank_cells_under_a_filled_one_are_filled() -> None:
    """Departments and modes; and 同上 means the same."""
    text = (
        HEADER
        + "1,公安局,甲,8821506,整体并入\n2,,乙,8661617,\n3,〃,丙,8282527,同上\n"
        + "4,税务局,丁,12366,设分中心\n"
    )
    assert [row.split(",")[1::3] for row in _rows(text)] == [
        ["公安局", "整体并入"],
        ["公安局", "整体并入"],
        ["公安局", "整体并入"],
        ["税务局", "设分中心"],
    ]


def test_a_blank_with_nothing_above_is_a_fault() -> None:
    """There is nothing to take it from."""
    assert [(f.row, f.column) for f in _faults(HEADER + "1,,甲,8337772,\n")] == [
        (2, "归并方式"),
        (2, "部门"),
    ]


def test_a_second_row_of_a_number_has_no_count_of_its_own() -> None:
    """8820813 serves two offices."""
    text = HEADER + "6,公安局,户政电话,8820813,整体并入\n,,治安电话,8820813,\n"
    assert _rows(text) == [
        "6,公安局,户政电话,8820813,整体并入",
        ",公安局,治安电话,8820813,整体并入",
    ]


def test_merged_cells_are_filled_down() -> None:
    """Also the number: a cell that goes over two rows says the same in both."""
    grid = _sheet(
        [
            [*COLUMNS],
            ["6", "公安局", "户政电话", "8820813", "整体并入"],
            ["", "公安局", "治安电话", "8820813", "整体并入"],
            ["7", "教育局", "甲", "8333110", "整体并入"],
        ],
        covered=[(3, 1), (3, 3), (3, 4)],
    )
    imported = read_import(grid, "0476")
    assert imported.rows is not None
    assert written(imported.rows).splitlines()[2] == ",公安局,治安电话,8820813,整体并入"
    assert "清单!B3「部门」：合并单元格按上面填为「公安局」" in imported.notes


def test_a_row_that_is_only_merged_is_blank() -> None:
    grid = _sheet(
        [[*COLUMNS], ["1", "公安局", "甲", "8820813", "整体并入"], ["", "公安局", "", "", ""]],
        covered=[(3, 1)],
    )
    rows = read_import(grid, "0476").rows
    assert rows is not None
    assert len(rows) == 1


def test_a_heading_within_the_table_gives_the_mode() -> None:
    """一、整体并入 over a part of the table, with or without a column of modes."""
    text = (
        HEADER
        + "一、整体并入（1个）,,,,\n1,教育局,甲,8337772,\n二、双号并行,,,,\n2,人社局,乙,12333,\n"
    )
    without = (
        "一、整体并入\n部门,电话名称,电话号码\n教育局,甲,8337772\n二、双号并行\n人社局,乙,12333\n"
    )

    for each in (text, without):
        assert [row.split(",")[1:] for row in _rows(each)] == [
            ["教育局", "甲", "8337772", "整体并入"],
            ["人社局", "乙", "12333", "双号并行"],
        ]


def test_a_long_text_or_two_modes_are_no_heading() -> None:
    """Text that only mentions a mode says nothing of the rows below it."""
    for title in (
        "本次整体并入和双号并行",
        "整体并入的号码取消，原号码的热线功能由12345热线平台统一提供，不再恢复",
    ):
        faults = _faults(HEADER + f"1,甲局,甲,8337772,整体并入\n{title},,,,\n2,乙局,乙,12349,\n")
        assert [f.row for f in faults] == [3]


def test_headings_may_come_again_in_another_order() -> None:
    """Each page of a printed table has its own."""
    text = (
        HEADER
        + "1,教育局,甲,8337772,整体并入\n归并方式,电话号码,电话名称,部门,序号\n"
        + "整体并入,12349,乙,民政局,2\n"
    )
    assert _rows(text)[1] == "2,民政局,乙,12349,整体并入"
    assert any("又是一行表头" in note for note in _import(text).notes)


def test_headings_that_are_not_all_there_are_no_headings() -> None:
    """What stands below them would have no number."""
    text = HEADER + "1,教育局,甲,8337772,整体并入\n序号,部门,名称,,归并方式\n2,民政局,乙,12349,\n"
    assert _faults(text)[0].row == 3


def test_a_row_that_says_no_number_and_no_name_is_a_fault() -> None:
    """It may have lost them."""
    text = (
        HEADER + "1,教育局,甲,8337772,整体并入\n,民政局,,,双号并行\n2,司法局,乙,8334148,整体并入\n"
    )
    assert [(f.row, f.message[5:15]) for f in _faults(text)] == [(3, "「民政局、双号并行」")]


def test_a_name_without_a_number_is_a_fault() -> None:
    """At the end of the table, too: it is no remark."""
    text = HEADER + "1,教育局,甲,8337772,整体并入\n2,民政局,乙,,\n,,丙\n"
    assert [(f.row, f.column) for f in _faults(text)] == [(3, "电话号码"), (4, "电话号码")]


def test_several_numbers_in_a_cell_become_rows() -> None:
    """The first keeps the count; the others say all the rest again."""
    text = (
        HEADER + "6,公安局,户政电话,8820813、0476-8820814,整体并入\n7,教育局,甲,8333110,整体并入\n"
    )
    assert _rows(text)[:2] == [
        "6,公安局,户政电话,8820813,整体并入",
        ",公安局,户政电话,8820814,整体并入",
    ]
    assert any("2个号码，分为2行：8820813、8820814" in note for note in _import(text).notes)


def test_every_fault_is_told_at_once_and_nothing_is_imported() -> None:
    """Row, column, cell, why, and what to write."""
    grid = _sheet(
        [
            ["归并清单"],
            [*COLUMNS],
            ["1", "公安局", "甲", "8820813转1", "整体合并"],
            ["2", "#N/A", "报警", "110", ""],
            ["3", "热线办", "本号", "12345", "双号並行"],
            ["4", "民政局", "", "0471-8337772", "=E9"],
            ["5", "教育局", "乙", "8333110", "整体并入"],
        ]
    )
    imported = read_import(grid, "0476")
    assert imported.rows is None
    assert [(f.row, f.column, f.cell) for f in imported.faults] == [
        (3, "电话号码", "清单!D3"),
        (3, "归并方式", "清单!E3"),
        (4, "部门", "清单!B4"),
        (4, "电话号码", "清单!D4"),
        (4, "归并方式", "清单!E4"),
        (5, "电话号码", "清单!D5"),
        (6, "归并方式", "清单!E6"),
        (6, "电话号码", "清单!D6"),
        (6, "电话名称", "清单!C6"),
    ]
    assert [f.instead for f in imported.faults[:2]] == ["8820813", "整体并入"]
    assert str(imported.faults[1]).startswith(
        "表.xlsx 第3行「归并方式」列（清单!E3）：没有「整体合并」"
    )


def test_a_fault_between_rows_names_the_tables_own_rows() -> None:
    """A number with two modes: both rows as the person counts them, not as we write them."""
    text = "标题\n\n" + HEADER + "1,人社局,甲、乙,12333,双号并行\n\n2,人社局,丙,12333,整体并入\n"
    (fault,) = _faults(text)
    assert (fault.row, fault.column) == (6, "归并方式")
    assert "第4行是「双号并行」" in fault.message


def test_a_short_row_has_its_faults_too() -> None:
    """A row may end before the column that is missing."""
    text = HEADER + "1,教育局,甲\n2,教育局\n,,甲,12349\n电话号码,,,12333,整体并入\n"
    assert {(2, "电话号码"), (2, "归并方式"), (4, "归并方式")} <= {
        (f.row, f.column) for f in _faults(text)
    }


def test_the_other_columns_are_taken_along() -> None:
    """Spelled as the ledger wants them; a dash is a blank."""
    text = (
        "部门,电话名称,电话号码,归并方式,坐席安排,过渡期开始,过渡期结束,对端,转接电话,服务时间,例外理由,来源,说明\n"
        "税务局,甲,12366,設分中心,保留,2026年1月1日,2026/12/31,shuiwu,833-1001,全天,市政府批复,文件,见\n附件\n"
        "教育局,乙,8333110,整体并入,—,,,/,无,,,,\n"
    ).replace("见\n附件", '"见\n附件"')
    assert _rows(text) == [
        ",税务局,甲,12366,设分中心,保留,2026-01-01,2026-12-31,shuiwu,8331001,全天,市政府批复,文件,见附件",
        ",教育局,乙,8333110,整体并入,,,,,,,,,",
    ]


def test_a_gap_in_the_count_is_noted() -> None:
    """A row may have been lost on the way; 1 begins a new part."""
    text = (
        HEADER
        + "1.0,甲局,甲,8337772,整体并入\n4,乙局,乙,12349,整体并入\n１,丙局,丙,8334148,整体并入\n"
    )
    assert [row[0] for row in _rows(text)] == ["1", "4", "1"]
    assert [n for n in _import(text).notes if "跳到" in n] == ["第3行序号从1跳到4，请核对是否漏行"]


_WORDS = st.text(alphabet="甲乙丙丁教育民政热线投诉举报", min_size=1, max_size=8)
_ROW = st.fixed_dictionaries(
    {
        "序号": st.sampled_from(["", "1", "27"]),
        "部门": _WORDS,
        "电话名称": _WORDS,
        "电话号码": st.integers(2000000, 8999999).map(str),
        "归并方式": st.sampled_from(["整体并入", "双号并行", "保留号码呼叫转移"]),
        "过渡结束": st.sampled_from(["", "2026-12-31"]),
        "备注": _WORDS | st.just(""),
    }
)
_TABLE = st.lists(_ROW, min_size=1, max_size=8, unique_by=lambda row: row["电话号码"])


@pytest.mark.parametrize("table", sorted(CHIFENG.parents[1].rglob("numbers.csv")), ids=str)
def test_our_own_tables_are_imported_as_they_are(table: Path) -> None:
    """What was taken out to be looked at and put back has not changed."""
    text = table.read_text("utf-8-sig")
    imported = _import(text)
    assert imported.faults == ()
    assert imported.rows is not None
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    rows = list(csv.DictReader(lines))
    assert [[row.get(c, "") for c in ALL_COLUMNS] for row in rows] == [
        [row[c] for c in ALL_COLUMNS] for row in imported.rows
    ]


@given(_TABLE)
def test_what_we_write_is_imported_as_it_is(table: list[dict[str, str]]) -> None:
    """Importing our own table changes nothing."""
    text = written([Row(0, cells) for cells in table])
    imported = _import(text)
    assert imported.faults == ()
    assert imported.rows is not None
    assert [[row.get(c, "") for c in ALL_COLUMNS] for row in table] == [
        [row[c] for c in ALL_COLUMNS] for row in imported.rows
    ]
    assert text == written(imported.rows)


@given(
    st.lists(
        st.lists(
            st.text(alphabet="一、整体并入注 8820813转-+序号\n", max_size=10)
            | st.sampled_from([*COLUMNS, *MODES, "8820813", "教育局"]),
            max_size=6,
        ),
        max_size=8,
    )
)
def test_what_is_imported_is_a_good_ledger_or_has_faults(rows: list[list[str]]) -> None:
    """Whatever the table, never both and never neither."""
    text = io.StringIO()
    csv.writer(text).writerows([[*COLUMNS], *rows])
    imported = _import(text.getvalue())
    assert (imported.rows is None) == bool(imported.faults)
    if imported.rows is not None:
        assert read_ledger("numbers.csv", written(imported.rows), "0476")[1] == []

"""The merger ledger: what is read, and what is refused with its place and its cure."""

from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.faults import Fault
from config.hours import read_hours
from config.ledger import MODES, Line, Mode, Seating
from config.ledgertable import ALL_COLUMNS, COLUMNS, OPTIONAL_COLUMNS, read_ledger
from tests.config.pace import SQUARED_S
from tests.config.profiles import NUMBERS, faults_of, good_profile, places

HEADER = "序号,部门,电话名称,电话号码,归并方式\n"


def test_one_line_for_each_number() -> None:
    """A number that serves two offices is one line with both of its rows."""
    lines = {line.number: line for line in good_profile().lines}

    assert list(lines) == ["8337772", "8820813", "12333", "12366"]
    assert [line.mode for line in lines.values()] == [
        Mode.WHOLE,
        Mode.WHOLE,
        Mode.DUAL,
        Mode.SUB_CENTRE,
    ]
    shared = lines[next(number for number in lines if number == "8820813")]
    assert [(entry.row, entry.name) for entry in shared.entries] == [
        (3, "户政咨询电话"),
        (4, "治安咨询电话"),
    ]
    assert shared.name == "户政咨询电话、治安咨询电话"


@pytest.mark.parametrize("column", ["部门", "电话名称", "电话号码", "归并方式"])
def test_a_missing_column_is_named(column: str) -> None:
    """Without a column nothing can be read: the header's line, the column, the right header."""
    faults = faults_of(numbers=NUMBERS.replace(column, "备注", 1))

    assert places(faults) == [(1, column)]
    assert column in faults[0].instead


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("整体归并", "整体并入"),
        ("双号并存", "双号并行"),
        ("分中心", "设分中心"),
        (
            "",
            " / ".join(MODES),
        ),
    ],
)
def test_an_unknown_mode_is_told_the_nearest(written: str, instead: str) -> None:
    """A mode nobody knows is refused with the valid one that is nearest."""
    faults = faults_of(numbers=NUMBERS.replace("设分中心", written))

    assert places(faults) == [(6, "归并方式")]
    assert faults[0].instead == instead
    assert faults[0].file == "numbers.csv"


def test_one_number_with_two_modes_is_refused() -> None:
    """Which of two modes holds is not for us to guess: the second row is named, and the first."""
    faults = faults_of(numbers=NUMBERS + "5,人社局,就业电话,12333,整体并入\n")

    assert places(faults) == [(7, "归并方式")]
    assert "第5行" in faults[0].message
    assert faults[0].instead == "双号并行"


def test_two_departments_may_share_a_number() -> None:
    """Each row keeps whose it is, and the line names both."""
    lines, faults = read_ledger("x", NUMBERS + "5,税务局,社保费电话,12333,双号并行\n")

    assert faults == []
    line = next(line for line in lines if line.number == "12333")
    assert line.departments == ("人社局", "税务局")
    assert line.department == "人社局、税务局"
    assert [(e.row, e.department, e.name) for e in line.entries] == [
        (5, "人社局", "社保服务电话"),
        (7, "税务局", "社保费电话"),
    ]


def test_one_number_with_two_destinations_is_refused() -> None:
    """A number is transferred to one place only."""
    text = "部门,电话名称,电话号码,归并方式,转接号码\n"
    text += "税务局,税务电话,12366,设分中心,8331001\n税务局,发票电话,12366,设分中心,8331002\n"

    faults = faults_of(numbers=text)
    assert places(faults) == [(3, "转接号码")]
    assert faults[0].instead == "8331001"


def test_a_row_written_twice_is_refused() -> None:
    """The same number with the same name again says nothing new."""
    faults = faults_of(numbers=NUMBERS + "5,税务局,税务电话,12366,设分中心\n")

    assert places(faults) == [(7, "电话名称")]


@pytest.mark.parametrize("number", ["110", "119", "120", "122", "0476110", "１１９"])
def test_emergency_numbers_are_never_merged(number: str) -> None:
    """110, 119, 120 and 122 stay what they are, however they are written."""
    faults = faults_of(numbers=f"{HEADER}1,公安局,报警,{number},整体并入\n")

    assert places(faults) == [(2, "电话号码")]
    assert "紧急电话" in faults[0].message


@pytest.mark.parametrize(
    ("number", "instead"),
    [
        ("0476-8337772", "8337772"),
        ("+86 476 8337772", "8337772"),
        ("８３３７７７２", "8337772"),
        ("833 7772", "8337772"),
        ("047612333", "12333"),
    ],
)
def test_bad_digits_are_told_what_was_meant(number: str, instead: str) -> None:
    """Area code, blanks, full-width digits: refused with the number to write."""
    faults = faults_of(numbers=f"{HEADER}1,教育局,电话,{number},整体并入\n")

    assert places(faults) == [(2, "电话号码")]
    assert faults[0].instead == instead


@pytest.mark.parametrize("number", ["电话", "1", "0000000", "83377721234"])
def test_what_is_no_number_is_told_an_example(number: str) -> None:
    """Where nothing can be guessed an example is given."""
    faults = faults_of(numbers=f"{HEADER}1,教育局,电话,{number},整体并入\n")

    assert places(faults) == [(2, "电话号码")]
    assert "8337772" in faults[0].instead


def test_an_empty_number_and_the_hotline_itself_are_refused() -> None:
    """A row needs a number, and 12345 is not merged into itself."""
    text = f"{HEADER}1,教育局,电话,,整体并入\n2,热线办,热线,12345,整体并入\n"

    assert places(faults_of(numbers=text)) == [(2, "电话号码"), (3, "电话号码")]


def test_every_fault_is_named_at_once() -> None:
    """One reading names every fault, in the order of the file."""
    text = f"{HEADER}1,,甲,8337772,整体\n2,乙局,,119,双号并行\n\n3,丙局,丙,83,设分中心\n"

    assert places(faults_of(numbers=text)) == [
        (2, "归并方式"),
        (2, "部门"),
        (3, "电话号码"),
        (3, "电话名称"),
        (5, "电话号码"),
    ]


def test_an_empty_table_is_refused() -> None:
    """A ledger with a header and no number is somebody's accident."""
    assert places(faults_of(numbers=HEADER)) == [(0, "")]
    assert places(faults_of(numbers="")) == [(1, "")]


def test_an_open_quote_is_named_with_its_line() -> None:
    """A CSV that is cut off inside a quoted cell is refused, not half read."""
    faults = faults_of(numbers=NUMBERS + '5,税务局,"税务电话,12366,设分中心\n')

    assert len(faults) == 1
    assert faults[0].row >= 7


def test_columns_may_stand_in_any_order() -> None:
    """The administrators' columns are known by name."""
    lines, faults = read_ledger("x.csv", "归并方式,电话号码,部门,电话名称\n双号并行,12333,甲,乙\n")

    assert faults == []
    assert (lines[0].number, lines[0].name) == ("12333", "乙")


def test_a_destination_that_is_no_number_is_told_what_was_meant() -> None:
    """转接号码 is digits; words leave nothing to guess."""
    text = "部门,电话名称,电话号码,归并方式,转接号码\n"
    text += "税务局,税务电话,12366,设分中心,833-1001\n人社局,社保电话,12333,设分中心,总机\n"

    faults = faults_of(numbers=text)
    assert places(faults) == [(2, "转接号码"), (3, "转接号码")]
    assert [fault.instead for fault in faults] == ["8331001", "只写数字，或留空"]


WIDE = ",".join((*COLUMNS, *OPTIONAL_COLUMNS)) + "\n"


def read(*rows: str, begins: date | None = None, ends: date | None = None) -> tuple[Line, ...]:
    lines, faults = read_ledger("numbers.csv", WIDE + "\n".join(rows), begins=begins, ends=ends)
    assert faults == []
    return lines


def refused(*rows: str) -> list[Fault]:
    return read_ledger("numbers.csv", WIDE + "\n".join(rows))[1]


def test_every_column_is_read() -> None:
    (line,) = read(
        "人社局,社保,12333,双号并行,保留,2026年1月5日,2026/12/31,renshe,8331001,"
        "工作日 08:30-17:30,国家另有规定,示例,蒙古语"
    )

    assert line == Line(
        number=line.number,
        name="社保",
        department="人社局",
        mode=Mode.DUAL,
        row=2,
        entries=line.entries,
        seating=Seating.KEPT,
        begins=date(2026, 1, 5),
        ends=date(2026, 12, 31),
        peer="renshe",
        destination="8331001",
        hours=read_hours("工作日 08:30-17:30"),
        exception="国家另有规定",
        source="示例",
        language="蒙古语",
    )


@pytest.mark.parametrize(
    ("mode", "destination", "expected"),
    [
        ("整体并入", "", Seating.MOVED_IN),
        ("双号并行", "", Seating.MOVED_IN),
        ("双号并行", "8331001", Seating.KEPT),
        ("设分中心", "", Seating.KEPT),
        ("完善中心呼叫接转", "", Seating.MOVED_IN),
        ("保留中心在线转办", "8331001", Seating.KEPT),
        ("保留号码呼叫转移", "", Seating.MOVED_IN),
    ],
)
def test_where_seats_sit_follows_from_mode_and_destination(
    mode: str, destination: str, expected: Seating
) -> None:
    """An empty 座席安排 means what the mode and the other columns imply."""
    (line,) = read(f"甲局,甲,12333,{mode},,,,,{destination}")

    assert line.seating is expected


@pytest.mark.parametrize(
    ("cells", "column", "instead"),
    [
        ("双号并行,保流", "座席安排", "保留"),
        ("整体并入,保留", "座席安排", "并入"),
        ("保留号码呼叫转移,保留", "座席安排", "并入"),
        ("完善中心呼叫接转,保留", "座席安排", "并入"),
        ("设分中心,并入", "座席安排", "保留"),
        ("整体并入,,2026-02-30", "过渡开始", "2026-02-28"),
        ("整体并入,,,20261231", "过渡结束", "2026-12-31"),
        ("整体并入,,,2026-13-01", "过渡结束", "年-月-日，如2026-12-31，或留空"),
        ("整体并入,,,年底", "过渡结束", "年-月-日，如2026-12-31，或留空"),
        ("整体并入,,2026-05-01,2026-04-30", "过渡结束", "2026-05-01或以后的日期"),
        ("双号并行,,,,Ren-she,8331001", "对端", "renshe"),
        ("双号并行,,,,人社,8331001", "对端", "小写字母开头，只用小写字母和数字，如shuiwu"),
        (
            "双号并行,,,,renshe,110",
            "转接号码",
            "该部门座席的号码；紧急电话在linkage.csv中联动",
        ),
        ("双号并行,并入,,,,8331001", "转接号码", "留空；座席仍在部门的，座席安排写：保留"),
        ("整体并入,,,,,8331001", "转接号码", "留空"),
        ("整体并入,,,,renshe", "对端", "留空"),
        ("整体并入,,,,,,每天 08:00-20:00", "座席时间", "留空"),
        ("双号并行,,,,renshe,8331001,周一至周五8:30-17:30", "座席时间", "工作日 08:30-17:30"),
        ("双号并行,,,,renshe,8331001,8点-12点", "座席时间", "每天 08:00-12:00"),
        ("设分中心,,,,renshe,8331001,每天 08:00-20:00", "座席时间", "全天"),
        ("双号并行,,,,,,,,网络", "来源", "文件 / 示例"),
    ],
)
def test_a_wrong_cell_is_named_with_its_cure(cells: str, column: str, instead: str) -> None:
    """Row, column, and the nearest valid value, for every column there is."""
    faults = refused(f"甲局,甲,12333,{cells}")

    assert [(f.row, f.column, f.instead) for f in faults] == [(2, column, instead)]
    assert "12333" not in faults[0].instead


def test_dates_of_the_whole_city_fill_lines_without_their_own() -> None:
    """What a line says itself wins."""
    first, second = read(
        "甲局,甲,12333,整体并入",
        "乙局,乙,12366,整体并入,,2026-03-01,2026-06-30",
        begins=date(2026, 1, 1),
        ends=date(2026, 12, 31),
    )

    assert (first.begins, first.ends) == (date(2026, 1, 1), date(2026, 12, 31))
    assert (second.begins, second.ends) == (date(2026, 3, 1), date(2026, 6, 30))


def test_a_date_that_crosses_the_citys_own_is_named_where_it_stands() -> None:
    """The line begins after the whole city has ended: its end must be written too."""
    text = WIDE + "甲局,甲,12333,整体并入,,2027-01-01\n乙局,乙,12366,整体并入\n"
    faults = read_ledger("x.csv", text, begins=date(2026, 6, 1), ends=date(2026, 1, 31))[1]

    assert [(f.row, f.column) for f in faults] == [(2, "过渡开始")]
    assert faults[0].instead == "2026-01-31或以前的日期，并写明过渡结束"


def test_what_one_row_of_a_number_says_counts_for_its_other_rows() -> None:
    """An empty cell of the second row means nothing else than the first row's."""
    (line,) = read("甲局,甲,12333,双号并行,,,,jia,8331001", "乙局,乙,12333,双号并行")

    assert (line.peer, line.destination, line.seating) == ("jia", "8331001", Seating.KEPT)


def test_a_good_row_after_a_bad_one_of_the_same_number_is_not_blamed() -> None:
    faults = refused("甲局,甲,12333,双号", "乙局,乙,12333,双号并行")

    assert places(faults) == [(2, "归并方式")]


@pytest.mark.parametrize("number", ["13847652301", "19912345678"])
def test_mobile_numbers_count(number: str) -> None:
    """A number that serves the public may be a mobile one."""
    (line,) = read(f"甲局,甲,{number},整体并入")

    assert line.number == number


def test_ten_thousand_lines_are_read_in_a_moment() -> None:
    """A province's whole table is read again at every check, plan and apply."""
    rows = (
        f"{n},局{n % 60},电话{n},{8_000_000 + n},双号并行,保留,2026-01-01,,peer{n % 9},{n + 1000},"
        "工作日 08:30-12:00,,文件"
        for n in range(10_000)
    )
    text = "序号," + WIDE + "\n".join(rows)

    began = process_time()
    lines, faults = read_ledger("numbers.csv", text, "0476")
    assert process_time() - began < SQUARED_S
    assert (len(lines), faults) == (10_000, [])


cells = st.sampled_from(
    [
        "",
        "12333",
        "8337772",
        "整体并入",
        "设分中心",
        "保留",
        "并入",
        "2026-01-01",
        "110",
        "0",
        "工作日",
    ]
) | st.text(max_size=12)


@given(st.lists(st.lists(cells, max_size=len(ALL_COLUMNS)), max_size=6))
def test_any_table_gives_lines_and_faults_and_nothing_else(rows: list[list[str]]) -> None:
    """Whatever stands in the cells: no other exception, and each fault has a row that is there."""
    text = ",".join(ALL_COLUMNS) + "\n"
    text += "\n".join(",".join(cell.replace("\n", "") for cell in row) for row in rows)
    lines, faults = read_ledger("numbers.csv", text, "0476")

    assert lines or faults
    assert all(0 <= fault.row <= len(text.splitlines()) + 1 for fault in faults)
    assert all(fault.message and fault.instead for fault in faults)


def test_what_nobody_sees_in_a_cell_counts_for_nothing() -> None:
    """Line breaks within a cell, tabs, marks that were pasted along: rows keep their numbers."""
    text = (
        HEADER
        + '1,"市政府\n 办公室",\u200b市长\t热线\ufeff,"8337772\n",整体并入\n'
        + "2,乙,乙,110,整体并入\n"
    )
    lines, faults = read_ledger("x", text)

    assert (lines[0].department, lines[0].name) == ("市政府办公室", "市长热线")
    assert places(faults) == [(5, "电话号码")]


def test_remarks_before_the_header_are_skipped_and_counted() -> None:
    """Rows keep the numbers an editor shows."""
    faults = faults_of(numbers="# 来源：归并清单\n" + NUMBERS.replace("12366", "110"))

    assert places(faults) == [(7, "电话号码")]

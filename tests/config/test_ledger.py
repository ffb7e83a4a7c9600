"""The merger ledger: what is read, and what is refused with its place and its cure."""

import pytest

from config.ledger import Mode, read_ledger
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
            "整体并入 / 双号并行 / 设分中心 / 完善中心呼叫接转 / 保留中心在线转办 / 保留号码呼叫转移",
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


def test_one_number_with_two_departments_is_refused() -> None:
    """A number leads to one department only."""
    faults = faults_of(numbers=NUMBERS + "5,税务局,社保费电话,12333,双号并行\n")

    assert places(faults) == [(7, "部门")]
    assert faults[0].instead == "人社局"


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


def test_remarks_before_the_header_are_skipped_and_counted() -> None:
    """Rows keep the numbers an editor shows."""
    faults = faults_of(numbers="# 来源：归并清单\n" + NUMBERS.replace("12366", "110"))

    assert places(faults) == [(7, "电话号码")]

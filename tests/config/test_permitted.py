"""What may not be done to a number: restored, set up, renamed, put to another use, forgotten."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.ledger import Mode
from config.ledgertable import read_ledger
from config.permitted import PROGRESS, exempted, judge
from config.platform import Platform
from tests.config.platforms import city, province

HEADER = "序号,部门,电话名称,电话号码,归并方式,过渡开始,过渡结束,例外理由\n"
DAY = date(2026, 7, 1)
TABLE = (
    HEADER
    + "1,教育局,师德热线,8333110,整体并入,,2026-06-30,\n"
    + "2,公安局,户政电话,8820813,整体并入,,2026-12-31,\n"
    + ",公安局,治安电话,8820813,整体并入,,,\n"
    + "3,人社局,社保电话,12333,双号并行,,2026-06-30,\n"
    + "4,税务局,税务电话,12366,设分中心,,,\n"
    + "5,住建局,住建电话,12319,双号并行,2026-09-01,,\n"
)


def _platform(table: str) -> Platform:
    lines, faults = read_ledger("numbers.csv", table, "0476")
    assert faults == []
    home = city().home.model_copy(update={"lines": lines})
    return Platform(centres=(home,))


BEFORE = _platform(TABLE)


def _judged(table: str) -> list[tuple[int, str, str]]:
    after = _platform(table)
    assert exempted(BEFORE, after, DAY) == []
    return [(f.row, f.column, f.instead) for f in judge(BEFORE, after, DAY)]


def test_the_first_table_may_say_anything() -> None:
    assert judge(None, BEFORE, DAY) == []
    assert exempted(None, BEFORE, DAY) == []


@pytest.mark.parametrize("platform", [BEFORE, province()])
def test_no_change_is_no_fault(platform: Platform) -> None:
    assert judge(platform, platform, DAY) == []


@pytest.mark.parametrize(
    ("old", "new", "column", "instead"),
    [
        ("整体并入,,2026-06-30", "整体并入,,2026-12-31", "过渡结束", "2026-06-30"),
        ("整体并入,,2026-06-30", "整体并入,,", "过渡结束", "2026-06-30"),
        ("整体并入,,2026-06-30", "双号并行,,2026-06-30", "归并方式", "整体并入"),
        ("整体并入,,2026-06-30", "整体并入,2026-08-01,2026-12-31", "过渡结束", "2026-06-30"),
    ],
)
def test_a_cancelled_number_is_never_restored(
    old: str, new: str, column: str, instead: str
) -> None:
    """By no date, no mode and no reason."""
    assert _judged(TABLE.replace(old, new, 1)) == [(2, column, instead)]
    with_reason = TABLE.replace(f"{old},", f"{new},市政府批复", 1)
    (fault,) = judge(BEFORE, _platform(with_reason), DAY)
    assert "不再恢复" in fault.message


def test_a_number_in_its_transition_may_get_other_dates() -> None:
    """Until it is cancelled."""
    assert _judged(TABLE.replace("2026-12-31", "2027-12-31")) == []
    assert _judged(TABLE.replace("2026-12-31", "2026-06-01")) == []


def test_a_new_line_is_refused() -> None:
    """原则上不再新设: with a reason it is let through and listed."""
    row = "6,民政局,民政热线,12349,整体并入,,"
    assert _judged(f"{TABLE}{row},\n")[0][:2] == (8, "电话号码")
    after = _platform(f"{TABLE}{row},补录原有号码\n")
    assert judge(BEFORE, after, DAY) == []
    (one,) = exempted(BEFORE, after, DAY)
    assert (one.reason, one.fault.row) == ("补录原有号码", 8)
    assert str(one).endswith("（例外理由：补录原有号码）")


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "instead"),
    [
        ("社保电话", "就业电话", 5, "电话名称", "社保电话"),
        ("治安电话", "交警电话", 3, "电话名称", "户政电话、治安电话"),
        (",税务局", ",财政局", 6, "部门", "税务局"),
        ("12333,双号并行", "12333,设分中心", 5, "归并方式", "双号并行"),
        ("12366,设分中心", "12366,保留中心在线转办", 6, "归并方式", "设分中心"),
    ],
)
def test_another_name_or_use_is_refused(
    old: str, new: str, row: int, column: str, instead: str
) -> None:
    """原则上不变更: with a reason it is let through and listed."""
    changed = TABLE.replace(old, new)
    assert _judged(changed) == [(row, column, instead)]
    line = next(text for text in changed.splitlines() if new in text)
    after = _platform(changed.replace(line, f"{line}机构改革"))
    assert judge(BEFORE, after, DAY) == []
    assert [one.reason for one in exempted(BEFORE, after, DAY)] == ["机构改革"]


def test_rows_in_another_order_are_the_same_number() -> None:
    """The order of two offices is not their name."""
    rows = TABLE.splitlines()
    rows[2:4] = [
        ",公安局,治安电话,8820813,整体并入,,2026-12-31,",
        "2,公安局,户政电话,8820813,整体并入,,,",
    ]
    assert _judged("\n".join(rows)) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12366,设分中心", "12366,整体并入"),
        ("12366,设分中心", "12366,双号并行"),
        ("12333,双号并行", "12333,整体并入"),
        ("12319,双号并行", "12319,设分中心"),
    ],
)
def test_a_mode_may_come_nearer_to_one_number(old: str, new: str) -> None:
    """支持对设分中心的热线进行整体并入、双号并行; and what is only planned may be planned anew."""
    assert _judged(TABLE.replace(old, new)) == []


@pytest.mark.parametrize("mode", list(Mode))
def test_no_way_leads_back(mode: Mode) -> None:
    """Whatever a mode may become can never become it again, by however many steps."""
    reached, todo = set(), list(PROGRESS[mode])
    while todo:
        step = todo.pop()
        reached.add(step)
        todo += PROGRESS[step]
    assert mode not in reached
    assert Mode.WHOLE in reached or mode in (Mode.WHOLE, Mode.OWN)


@pytest.mark.parametrize(
    ("row", "told"), [(1, "已取消的号码也要留在清单中"), (5, "不能从清单中直接去掉")]
)
def test_a_number_is_never_taken_out(row: int, told: str) -> None:
    """It would fall silent; cancelled ones keep their farewell."""
    rows = TABLE.splitlines()
    del rows[row]
    (fault,) = judge(BEFORE, _platform("\n".join(rows)), DAY)
    assert (fault.row, fault.column) == (0, "电话号码")
    assert told in fault.message
    assert f"恢复原第{row + 1}行" in fault.instead


def test_a_centre_is_never_taken_out_and_may_come() -> None:
    """A new one brings a table of its own, whose first revision may say anything."""
    whole = province()
    part = whole.model_copy(update={"centres": whole.centres[:2]})
    assert judge(part, whole, DAY) == []
    (fault,) = judge(whole, part, DAY)
    assert (fault.file, fault.column, fault.instead) == ("profile.toml", "centres", "zhou")


def test_a_fault_of_a_further_centre_names_its_file() -> None:
    whole = province()
    line = whole.centres[1].lines[0].model_copy(update={"name": "另名", "entries": ()})
    shi = whole.centres[1].model_copy(update={"lines": (line, *whole.centres[1].lines[1:])})
    after = whole.model_copy(update={"centres": (whole.centres[0], shi, whole.centres[2])})
    assert [f.file for f in judge(whole, after, DAY)] == ["shi/numbers.csv"]


_ROWS = TABLE.splitlines()[1:]


@given(
    kept=st.lists(st.sampled_from(_ROWS[3:]), unique=True),
    mode=st.sampled_from(["整体并入", "双号并行", "设分中心"]),
    day=st.dates(date(2026, 6, 1), date(2027, 6, 1)),
)
def test_each_number_is_let_be_or_told(kept: list[str], mode: str, day: date) -> None:
    """Every number that went is a fault, whatever else changed."""
    rows = [row.replace("12333,双号并行", f"12333,{mode}") for row in kept]
    after = _platform("\n".join([HEADER.strip(), *_ROWS[:3], *rows]))
    gone = {line.number for line in BEFORE.home.lines} - after.home.by_number.keys()
    told = [fault.message for fault in judge(BEFORE, after, day) if fault.row == 0]
    assert len(told) == len(gone)
    assert all(any(number in message for message in told) for number in gone)

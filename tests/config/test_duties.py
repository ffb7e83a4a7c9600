"""Duty days: which days and hours a row means, and what it may say."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.duties import Days, DutyPlan, read_days, read_duties, spans
from config.faults import Fault
from config.hours import ALWAYS, Hours, read_hours
from config.profile import read_profile
from config.workdays import Calendar, is_workday
from tests.config.profiles import FILES, faults_of, places

HEAD = "日期,时间,名称,类别,线路,座席\n"
DECEMBER = [date(2026, 12, 1) + timedelta(days=n) for n in range(31)]


def test_working_days_are_those_of_the_citys_calendar() -> None:
    """Of the day's rule and of the hours' alike."""
    own = Calendar(off=frozenset({date(2026, 12, 2)}), worked=frozenset({date(2026, 12, 5)}))
    days, office = read_days("工作日"), read_hours("工作日 08:00-09:00")
    week = DECEMBER[:6]
    assert [day.day for day in week if days.hold(day, own)] == [1, 3, 4, 5]
    for one in (spans(days, ALWAYS, week[0], 6, own), spans(Days(), office, week[0], 6, own)):
        assert [since.day for since, _ in one] == [1, 3, 4, 5]


def held(written: str) -> list[int]:
    """The days of December 2026 that are meant; it begins on a Tuesday."""
    days = read_days(written)
    return [day.day for day in DECEMBER if days.hold(day)]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-12-03", [3]),
        ("2026年12月3日", [3]),
        ("2026-12-03至2026-12-05", [3, 4, 5]),
        ("2026-11-20到2026-12-02", [1, 2]),
        ("每天", list(range(1, 32))),
        ("每周三", [2, 9, 16, 23, 30]),
        ("每星期天", [6, 13, 20, 27]),
        ("每周一、周四", [3, 7, 10, 14, 17, 21, 24, 28, 31]),
        ("每周六日", [5, 6, 12, 13, 19, 20, 26, 27]),
        ("每周一至周三", [1, 2, 7, 8, 9, 14, 15, 16, 21, 22, 23, 28, 29, 30]),
        ("每月5日、20号", [5, 20]),
        ("每月第一个周三", [2]),
        ("每月第四个周二", [22]),
        ("每月最后一个周五", [25]),
    ],
)
def test_days_are_read_as_people_write_them(written: str, meant: list[int]) -> None:
    assert held(written) == meant


def test_working_days_follow_chinas_calendar() -> None:
    """A holiday in the week is none, a Saturday worked for it is one."""
    days = read_days("工作日")
    assert [days.hold(date(2026, 10, day)) for day in (1, 9, 10, 11)] == [False, True, True, False]
    assert held("工作日") == [day.day for day in DECEMBER if is_workday(day)]


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_of_the_four_weeks_and_the_last_each_weekday_is_in_the_right_one(day: date) -> None:
    """The first to fourth are those by count; the last is the one that none follows."""
    weekday = frozenset({day.isoweekday()})
    which = [n for n in (1, 2, 3, 4) if Days(weekdays=weekday, which_of_month=n).hold(day)]
    assert which == [n for n in ((day.day + 6) // 7,) if n < 5]
    is_last = Days(weekdays=weekday, which_of_month=-1).hold(day)
    assert is_last == ((day + timedelta(days=7)).month != day.month)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "周三",
        "每周",
        "每周八",
        "每月",
        "每月32日",
        "每月三",
        "2026-12-05至2026-12-03",
        "1至2至3",
    ],
)
def test_days_that_mean_nothing_are_refused(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, the fault names the cell
        read_days(written)


def duty(hours: str = "", days: str = "2026-12-03") -> DutyPlan:
    return DutyPlan(name="值班", kind="部门值班", days=read_days(days), hours=read_hours(hours))


def test_a_duty_lasts_its_hours_by_chinas_clock() -> None:
    """08:30 there is 00:30 UTC; the days before and after have none."""
    spans = list(duty("每天08:30-12:00,14:30-17:30").spans(date(2026, 12, 1), 10))
    assert spans == [
        (at(3, 0, 30), at(3, 4)),
        (at(3, 6, 30), at(3, 9, 30)),
    ]


def test_a_duty_without_hours_lasts_the_whole_day() -> None:
    spans = list(duty(days="2026-12-03至2026-12-04").spans(date(2026, 12, 1), 10))
    assert spans == [(at(2, 16), at(3, 16)), (at(3, 16), at(4, 16))]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=UTC)


def read(*rows: str) -> tuple[tuple[DutyPlan, ...], list[Fault]]:
    return read_duties(HEAD + "\n".join(rows), {"1001", "1002"}, {"12345", "8337772"})


def test_a_row_is_read_whole() -> None:
    """No kind is a department's duty, no hours the whole day, no lines everybody's callers."""
    plans, faults = read(
        "每周三,08:30-12:00,市长接听,领导接听日,8337772、12345,1001 1002",
        "2026-12-03,,住建局值班,,全部,1002",
    )
    assert faults == []
    assert plans[0] == DutyPlan(
        name="市长接听",
        kind="领导接听日",
        days=read_days("每周三"),
        hours=read_hours("每天08:30-12:00"),
        lines=("8337772", "12345"),
        seats=("1001", "1002"),
        written="每周三 08:30-12:00",
        row=2,
    )
    assert (plans[1].kind, plans[1].hours, plans[1].lines) == ("部门值班", Hours(), ())
    assert plans[1].written == "2026-12-03 全天"


@pytest.mark.parametrize(
    ("row", "column", "instead"),
    [
        ("某天,,甲,,,1001", "日期", "如2026-12-01、2026-12-01至2026-12-03、工作日、每周三、"),
        ("每天,20:00-08:00,甲,,,1001", "时间", "08:30-12:00,14:30-17:30，或 全天；跨过零点"),
        ("每天,,,,,1001", "名称", "座席弹屏上要显示的名称"),
        ("每天,,甲,值班,,1001", "类别", "部门值班"),
        ("每天,,甲,,12333,1001", "线路", "12345"),
        ("每天,,甲,,,1009", "座席", "1002"),
        ("每天,,甲,,,", "座席", "分机号，几个的用顿号隔开"),
        ("每天,,乙,,,1002", "座席", "把座席写在同一行"),
    ],
)
def test_a_wrong_row_is_named_with_its_cure(row: str, column: str, instead: str) -> None:
    _, faults = read("每天,,乙,,,1001", row)
    assert [(f.row, f.column) for f in faults] == [(3, column)]
    assert faults[0].instead.startswith(instead)


def test_a_profile_has_its_duties_and_names_their_faults_with_the_others() -> None:
    """What the seats or lines are is not asked of a table that has faults of its own."""
    good = read_profile({**FILES, "duties.csv": f"{HEAD}每天,全天,甲,,12345,1001\n"})
    assert [plan.name for plan in good.duties] == ["甲"]
    assert places(faults_of(duties=f"{HEAD}每天,,甲,,,1009\n")) == [(2, "座席")]
    assert read_duties(f"{HEAD}每天,,甲,,1,1009\n", None, None)[1] == []
    wrong = faults_of(
        duties=f"{HEAD}每天,,甲,,12345、1,1009\n",
        seats=FILES["seats.csv"].replace("人社", "人设"),
        numbers=FILES["numbers.csv"].replace("双号并行", "并行"),
    )
    assert {fault.file for fault in wrong} == {"seats.csv", "numbers.csv"}

"""``overflow.csv``: each step read as it is written, each mistake named with what to write."""

from datetime import date, datetime, timedelta

import pytest

from config.faults import Fault
from config.hours import read_hours
from config.overflow import OverflowStep, Where, nights, read_overflow
from config.workdays import CHINA, Calendar

HEAD = "次序,线路,等待秒,每席等待人数,去向,目标,号码,时段\n"
SKILLS, LINES = ("通用", "人社"), ("12345", "12333")


def read(*rows: str) -> tuple[tuple[OverflowStep, ...], list[Fault]]:
    return read_overflow(HEAD + "\n".join(rows) + "\n", SKILLS, LINES)


def test_steps_come_in_their_order_whatever_the_rows_are() -> None:
    steps, faults = read(
        "30,,120,,后备队列,,,",
        "10,12333,20,1.5,技能,人社,,全天",
        "20,12345、12333,60,,对端,shengji,12345,夜间",
        "15,全部,40,,中心,xining,,",
    )
    assert faults == []
    assert [(one.order, one.where, one.target) for one in steps] == [
        (10, Where.SKILL, "人社"),
        (15, Where.CENTRE, "xining"),
        (20, Where.PEER, "shengji"),
        (30, Where.FALLBACK, ""),
    ]
    first, second, third, last = steps
    assert (first.lines, first.wait_s, first.per_seat, first.is_night) == (
        ("12333",),
        20,
        1.5,
        False,
    )
    assert (second.lines, third.lines) == ((), ("12345", "12333"))
    assert (third.number, third.is_night) == ("12345", True)
    assert first.written == "等待20秒、每席超过1.5人 → 技能人社"
    assert third.written == "等待60秒（夜间） → 对端shengji12345"
    assert last.written == "等待120秒 → 后备队列"


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("x,,20,,技能,人社,,", "次序", "「x」不是次序"),
        (",,20,,技能,人社,,", "次序", "「」不是次序"),
        ("1,,慢,,技能,人社,,", "等待秒", "「慢」不是秒数"),
        ("1,,3601,,技能,人社,,", "等待秒", "「3601」不是秒数"),
        ("1,,20,很多,技能,人社,,", "每席等待人数", "「很多」不是人数"),
        ("1,,20,101,技能,人社,,", "每席等待人数", "「101」不是人数"),
        ("1,,20,,别处,人社,,", "去向", "没有「别处」这种去向"),
        ("1,,20,,技能,税务,,", "目标", "没有「税务」这种技能"),
        ("1,,20,,技能,,,", "目标", "没有写哪个技能"),
        ("1,,20,,中心,,,", "目标", "没有写哪个中心"),
        ("1,,20,,后备队列,x,,", "目标", "后备队列是Asterisk自己的，不用写目标"),
        ("1,,20,,技能,人社,12345,", "号码", "只有转到对端的才写号码"),
        ("1,,20,,对端,shengji,,", "号码", "没有写号码"),
        ("1,,20,,对端,shengji,110,", "号码", "「110」是紧急电话"),
        ("1,,20,,技能,人社,,半夜", "时段", "没有「半夜」这种时段"),
        ("1,12366,20,,技能,人社,,", "线路", "没有「12366」这个号码"),
    ],
)
def test_a_mistake_is_named_with_its_row_and_column(row: str, column: str, message: str) -> None:
    _, faults = read(row)
    assert [(one.row, one.column, one.message) for one in faults] == [(2, column, message)]
    assert all(one.instead for one in faults)


def test_an_order_is_used_once() -> None:
    steps, [fault] = read("1,,20,,技能,人社,,", "1,,30,,技能,通用,,")
    assert (len(steps), fault.row, fault.column, fault.instead) == (1, 3, "次序", "2")


def test_what_there_is_is_not_checked_while_it_is_not_known() -> None:
    """The seats' table may be faulty itself; that is said there."""
    _, faults = read_overflow(HEAD + "1,99,20,,技能,税务,,\n", None, None)
    assert faults == []


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 1, hour, minute, tzinfo=CHINA) + timedelta(days=day - 1)


def test_night_is_outside_working_hours_weekends_and_lunch_included() -> None:
    """20 November 2026 is a Friday; Saturday and Sunday are one long night."""
    work = read_hours("工作日 08:30-12:00,14:30-17:30")
    assert list(nights(work, date(2026, 11, 20), 4)) == [
        (at(20, 0), at(20, 8, 30)),
        (at(20, 12), at(20, 14, 30)),
        (at(20, 17, 30), at(23, 8, 30)),
        (at(23, 12), at(23, 14, 30)),
        (at(23, 17, 30), at(24, 0)),
    ]


def test_a_citys_own_holiday_is_one_long_night() -> None:
    """By its calendar, where it has one."""
    work, own = read_hours("工作日 08:30-17:30"), Calendar(off=frozenset({date(2026, 11, 20)}))
    assert list(nights(work, date(2026, 11, 20), 1, own)) == [(at(20, 0), at(21, 0))]


def test_there_is_no_night_where_somebody_always_works() -> None:
    assert list(nights(read_hours("全天"), date(2026, 11, 20), 4)) == []
    whole = read_hours("每天 00:00-24:00")
    assert [span for span in nights(whole, date(2026, 11, 20), 2) if span[0] < span[1]] == []

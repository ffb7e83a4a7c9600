"""Ways to somebody outside the queue: what a row may say, and when it is there."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.reach import Reach, Shift, line_faults, merge, name_faults, plain, read_reach, union
from config.table import Row
from config.workdays import CHINA

FILE = "experts.csv"
SATURDAY = date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)


def told(**cells: str) -> list[tuple[str, str]]:
    """Column and cure of each fault of a row; 1001 and 1025 are seats."""
    row = Row(2, {"对端": "gongwang", "号码": "9306401"} | cells)
    faults = read_reach(FILE, row, ("1001", "1025"))[1]
    assert {(fault.file, fault.row) for fault in faults} <= {(FILE, 2)}
    return [(fault.column, fault.instead) for fault in faults]


def reach(**cells: str) -> Reach:
    found, faults = read_reach(FILE, Row(2, cells), None)
    assert faults == []
    return found


def clock(found: Reach, days: int = 3) -> list[str] | None:
    """The spans from Saturday on, on the city's clock."""
    spans = found.shift.spans(SATURDAY, days)
    if spans is None:
        return None
    return [
        " ".join(f"{edge.astimezone(CHINA):%d-%H:%M}" for edge in (since, until))
        for since, until in spans
    ]


def test_a_way_is_a_seat_or_a_number() -> None:
    """At an exchange, or over the centre's own carrier."""
    assert reach(座席="1025") == Reach(seat="1025")
    assert reach(对端="gongwang", 号码="9306401", 次序="2", 振铃秒="25") == Reach(
        peer="gongwang", number="9306401", order=2, ring_s=25
    )
    assert reach(号码="15400000011").peer == ""


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"座席": "1025"}, ("号码", "留空；另一条路由写成另一行")),
        ({"座席": "1025", "号码": ""}, ("对端", "留空；另一条路由写成另一行")),
        ({"座席": "1026", "号码": "", "对端": ""}, ("座席", "1025")),
        ({"号码": "", "对端": ""}, ("号码", "对端和在那里拨打的号码，或在座席列写分机")),
        ({"号码": ""}, ("号码", "在对端拨打的号码，只写数字")),
        ({"号码": "930-6401"}, ("号码", "9306401")),
        ({"号码": "0476-110"}, ("号码", "写在linkage.csv中")),
        ({"对端": "GongWang"}, ("对端", "gongwang")),
        ({"次序": "先"}, ("次序", "1、2、3……，先振的在前；不写在最后")),
        ({"次序": "0"}, ("次序", "1、2、3……，先振的在前；不写在最后")),
        ({"振铃秒": "90"}, ("振铃秒", "5到60的整数；不写与其他座席相同")),
        ({"时间": "上午"}, ("时间", "08:30-12:00,14:30-17:30，或 全天；跨过零点的写成两行")),
    ],
)
def test_a_wrong_cell_is_named_with_its_cure(
    cells: dict[str, str], expected: tuple[str, str]
) -> None:
    assert told(**cells) == [expected]


def test_days_that_nobody_understands_are_named() -> None:
    [(column, instead)] = told(日期="逢五")
    assert column == "日期"
    assert "每周三" in instead


def test_what_is_not_known_is_not_missed() -> None:
    """While ``seats.csv`` cannot be read nobody is told that a seat is not in it."""
    assert read_reach(FILE, Row(2, {"座席": "1099"}), None)[1] == []
    assert list(line_faults(FILE, Row(2, {"线路": "12333"}), None)) == []


def test_lines_that_nobody_has_are_named() -> None:
    row = Row(2, {"线路": "12345、12332"})
    [fault] = line_faults(FILE, row, {"12333", "12345"})
    assert (fault.column, fault.instead) == ("线路", "12333")


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ("", "如人社"),
        ("人社|医保", "人社医保"),
        ("「」", "如人社"),
        ("（甲", "甲"),
        ("$" * 9, "如人社"),
    ],
)
def test_a_name_is_one_that_something_can_be_known_by(written: str, instead: str) -> None:
    """It stands in identifiers that go through Asterisk."""
    [fault] = name_faults(FILE, Row(2, {"专业": written}), "专业", "如人社")
    assert (fault.column, fault.instead) == ("专业", instead)
    assert name_faults(FILE, Row(2, {"专业": "人社（劳动）"}), "专业", "") == []


def test_identifiers_hold_nothing_that_means_something_elsewhere() -> None:
    assert plain("住建局（物业·电梯科）— a|b,${c}") == "住建局物业电梯科abc"


def test_hours_are_read_with_and_without_their_days() -> None:
    """Saturday the 21st to Monday the 23rd of November 2026."""
    assert clock(reach(座席="1025", 时间="08:00-09:00")) == [
        "21-08:00 21-09:00",
        "22-08:00 22-09:00",
        "23-08:00 23-09:00",
    ]
    assert clock(reach(座席="1025", 时间="工作日 08:00-09:00")) == ["23-08:00 23-09:00"]
    both = reach(座席="1025", 日期="每周日、周一", 时间="08:00-09:00,20:00-24:00")
    assert clock(both) == [
        "22-08:00 22-09:00",
        "22-20:00 23-00:00",
        "23-08:00 23-09:00",
        "23-20:00 24-00:00",
    ]


def test_what_lasts_over_midnight_is_one_span() -> None:
    """Nobody is told that an expert comes back who has never gone."""
    assert clock(reach(座席="1025", 日期="每周六日")) == ["21-00:00 23-00:00"]
    assert clock(reach(座席="1025", 日期="每天")) is None


def span(since: int, until: int) -> tuple[datetime, datetime]:
    return NOON + timedelta(minutes=since), NOON + timedelta(minutes=until)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)).map(lambda p: span(p[0], sum(p)))))
def test_a_moment_is_in_the_union_when_it_is_in_some_span(
    parts: list[tuple[datetime, datetime]],
) -> None:
    """And the spans of the union stand apart, in their order."""
    found = union(iter(parts))
    for minute in range(60):
        at = NOON + timedelta(minutes=minute)
        held = any(since <= at < until for since, until in parts)
        assert held == any(since <= at < until for since, until in found)
    edges = [edge for one in found for edge in one]
    assert edges == sorted(set(edges))


def test_of_several_somebody_is_there_when_one_is() -> None:
    """One who is always there is enough for always."""
    assert merge([(span(0, 5),), (span(3, 9),), ()]) == (span(0, 9),)
    assert merge([(span(0, 5),), None]) is None
    assert Shift().is_always

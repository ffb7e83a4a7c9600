"""What figures may be broken down by: which rows of a report a call belongs to. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from config.workdays import CHINA
from queues.figures import Figures, Tally, talked
from records.callrecord import CallRecord, Direction, Talk

Key = Callable[[CallRecord], Iterable[str]]
"""The rows of a report that a call belongs to: one, but a call may have several seats."""


def line(record: CallRecord) -> Iterable[str]:
    """The dialled line."""
    return (record.line,)


def seat(record: CallRecord) -> Iterable[str]:
    """Each seat of ours that talked with the caller; none for a call nobody here answered.

    Of every centre: whoever a call was handed to is a row of the report of the call's own centre,
    and of no other; its time is in its own centre's.
    """
    return sorted({talk.seat for talk in record.talks if talk.seat})


def agent(record: CallRecord) -> Iterable[str]:
    """Each agent who talked with the caller; as with seats, of every centre."""
    return sorted({talk.agent for talk in record.talks if talk.agent})


def centre(record: CallRecord) -> Iterable[str]:
    """The centre."""
    return (record.centre,)


@dataclass(frozen=True, slots=True)
class Period:
    """A row that is a stretch of time, by the city's clock."""

    name: Callable[[datetime], str]
    """The row in which an instant lies."""
    next_edge: Callable[[datetime], datetime]
    """When the row after it begins. China sets no clock, so a day has 24 hours."""


def _half_hour(at: datetime) -> str:
    here = at.astimezone(CHINA)
    return f"{here:%Y-%m-%d %H}:{here.minute // 30 * 30:02}"


def _day(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d}"


def _week(at: datetime) -> str:
    year, number, _ = at.astimezone(CHINA).isocalendar()
    return f"{year}-W{number:02}"


def _month(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m}"


def _quarter(at: datetime) -> str:
    here = at.astimezone(CHINA)
    return f"{here.year}-Q{(here.month + 2) // 3}"


def _year(at: datetime) -> str:
    return str(at.astimezone(CHINA).year)


def midnight(at: datetime) -> datetime:
    """When the day of that instant began, by the city's clock."""
    return at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)


def _after_half_hour(at: datetime) -> datetime:
    passed = (at - midnight(at)) // timedelta(minutes=30)
    return midnight(at) + (passed + 1) * timedelta(minutes=30)


def _after_months(count: int) -> Callable[[datetime], datetime]:
    def edge(at: datetime) -> datetime:
        day = midnight(at)
        months = day.year * 12 + (day.month - 1) // count * count + count
        return day.replace(year=months // 12, month=months % 12 + 1, day=1)

    return edge


PERIODS: Final[dict[str, Period]] = {
    "half-hour": Period(_half_hour, _after_half_hour),  # 2026-11-20 09:30
    "day": Period(_day, lambda at: midnight(at) + timedelta(days=1)),  # 2026-11-20
    "week": Period(  # the ISO week, Monday first: 2026-W47
        _week, lambda at: midnight(at) + timedelta(days=7 - midnight(at).weekday())
    ),
    "month": Period(_month, _after_months(1)),  # 2026-11
    "quarter": Period(_quarter, _after_months(3)),  # 2026-Q4
    "year": Period(_year, _after_months(12)),  # 2026
}
"""The breakdowns by time."""


def _arrival(period: Period) -> Key:
    return lambda record: (period.name(record.arrived_at),)


BREAKDOWNS: Final[dict[str, Key]] = {
    "line": line,
    "seat": seat,
    "agent": agent,
    "centre": centre,
    **{name: _arrival(period) for name, period in PERIODS.items()},
}
"""Every breakdown by the name that commands and the API take."""

ROW_NAMES: Final = {
    "line": "号码",
    "seat": "座席",
    "agent": "话务员",
    "centre": "中心",
    "half-hour": "半小时",
    "day": "日",
    "week": "周",
    "month": "月",
    "quarter": "季度",
    "year": "年",
}
"""Each breakdown's name for people."""


_WHOSE: Final[Mapping[Key, Callable[[Talk], str]]] = {
    seat: lambda talk: talk.seat,
    agent: lambda talk: talk.agent,
}
"""In which row a talk is, of the breakdowns in which one call may have several."""


def in_rows(record: CallRecord, by: Key) -> Iterator[tuple[str, CallRecord, timedelta]]:
    """Each row of a call, with the call and the time talked as they count there.

    Among several seats each has its own talks' time, and the mark is that of the last who talked,
    which is nobody's here if that was a recipient elsewhere. What another house told of a matter
    is no call, and in no row.
    """
    if record.direction is Direction.TOLD:
        return
    whose, last = _WHOSE.get(by), record.last_talk
    for row in by(record):
        if whose is None or last is None:
            yield row, record, talked(record)
        else:
            is_last = whose(last) == row
            counted = record if is_last else replace(record, satisfaction=None)
            yield row, counted, talked(record, partial(_is_in, whose, row))


def _is_in(whose: Callable[[Talk], str], row: str, talk: Talk) -> bool:
    return whose(talk) == row


def breakdown(records: Iterable[CallRecord], by: Key) -> dict[str, Figures]:
    """The figures of each row, in the rows' order."""
    tallies: dict[str, Tally] = {}
    for record in records:
        for row, counted, spoke in in_rows(record, by):
            tallies.setdefault(row, Tally()).add(counted, spoke)
    return {row: tallies[row].figures() for row in sorted(tallies)}

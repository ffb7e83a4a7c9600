"""What figures may be broken down by: which rows of a report a call belongs to. Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

from config.workdays import CHINA
from queues.figures import Figures, Tally
from records.callrecord import CallRecord

Key = Callable[[CallRecord], Iterable[str]]
"""The rows of a report that a call belongs to: one, but a call may have several seats."""


def line(record: CallRecord) -> Iterable[str]:
    """The dialled line."""
    return (record.line,)


def seat(record: CallRecord) -> Iterable[str]:
    """Each seat of ours that talked with the caller; none for a call nobody here answered."""
    return sorted({talk.seat for talk in record.talks if talk.seat})


def agent(record: CallRecord) -> Iterable[str]:
    """Each agent who talked with the caller."""
    return sorted({talk.agent for talk in record.talks if talk.agent})


def centre(record: CallRecord) -> Iterable[str]:
    """The centre."""
    return (record.centre,)


def _here(record: CallRecord) -> datetime:
    return record.arrived_at.astimezone(CHINA)


def half_hour(record: CallRecord) -> Iterable[str]:
    """The half-hour of arrival by the city's clock: 2026-11-20 09:30."""
    at = _here(record)
    return (f"{at:%Y-%m-%d %H}:{at.minute // 30 * 30:02}",)


def day(record: CallRecord) -> Iterable[str]:
    """The day of arrival: 2026-11-20."""
    return (f"{_here(record):%Y-%m-%d}",)


def week(record: CallRecord) -> Iterable[str]:
    """The ISO week of arrival, Monday first: 2026-W47."""
    year, number, _ = _here(record).isocalendar()
    return (f"{year}-W{number:02}",)


def month(record: CallRecord) -> Iterable[str]:
    """The month of arrival: 2026-11."""
    return (f"{_here(record):%Y-%m}",)


def quarter(record: CallRecord) -> Iterable[str]:
    """The quarter of arrival: 2026-Q4."""
    at = _here(record)
    return (f"{at.year}-Q{(at.month + 2) // 3}",)


def year(record: CallRecord) -> Iterable[str]:
    """The year of arrival."""
    return (str(_here(record).year),)


BREAKDOWNS: Final[dict[str, Key]] = {
    "line": line,
    "seat": seat,
    "agent": agent,
    "centre": centre,
    "half-hour": half_hour,
    "day": day,
    "week": week,
    "month": month,
    "quarter": quarter,
    "year": year,
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


def breakdown(records: Iterable[CallRecord], by: Key) -> dict[str, Figures]:
    """The figures of each row, in the rows' order."""
    tallies: dict[str, Tally] = {}
    for record in records:
        for row in by(record):
            tallies.setdefault(row, Tally()).add(record)
    return {row: tallies[row].figures() for row in sorted(tallies)}

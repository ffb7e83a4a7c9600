"""How somebody outside the queue is reached, and when: columns that several tables share. Pure.

A row names a seat of ours (座席), or a number (号码) at an exchange (对端; none: over the centre's
own carrier), on which days (日期) and at which hours (时间) somebody is there, how long it rings
(振铃秒), and in which order rows of the same name are tried (次序).
"""

import re
from collections.abc import Collection, Iterator
from datetime import date, datetime
from functools import partial

from pydantic import BaseModel, ConfigDict

from config.cells import is_emergency, named
from config.duties import DAYS, DAYS_EXAMPLE, HOURS, HOURS_EXAMPLE, LINES, Days, read_days, spans
from config.faults import Fault, nearest
from config.handling import read_ring
from config.hours import ALWAYS, ALWAYS_WRITTEN, Hours, read_hours
from config.peers import number_faults, peer_faults
from config.table import Row
from config.workdays import NATIONAL, Calendar

SEAT, PEER, NUMBER = "座席", "对端", "号码"
ORDER, NOTE = "次序", "说明"
LAST = 99
"""The order of a row that says none."""
_NAME = re.compile(r"\w[\w（）()·—-]{0,29}")


class Shift(BaseModel):
    """On which days, at which hours somebody is there. Without either: always."""

    model_config = ConfigDict(frozen=True)

    days: Days = Days()
    hours: Hours = ALWAYS
    written: str = ""
    """As the row has it; '' when it says nothing."""

    @property
    def is_always(self) -> bool:
        """Whether somebody is there at any hour of any day."""
        return self.hours.is_always and self.days == Days()

    def spans(
        self, first: date, count: int, calendar: Calendar = NATIONAL
    ) -> tuple[tuple[datetime, datetime], ...] | None:
        """From when until when, on that day and those after it, in their order; None: always.

        What lasts over midnight is one span.
        """
        if self.is_always:
            return None
        return union(spans(self.days, self.hours, first, count, calendar))


class Reach(BaseModel):
    """One row's way to somebody: a seat or a number, never both."""

    model_config = ConfigDict(frozen=True)

    seat: str = ""
    """An extension."""
    peer: str = ""
    """'' with a number: over the centre's own carrier."""
    number: str = ""
    shift: Shift = Shift()
    ring_s: int = 0
    """0: as long as the centre's seats, or those behind a peer, ring."""
    order: int = LAST


def union(
    parts: Iterator[tuple[datetime, datetime]],
) -> tuple[tuple[datetime, datetime], ...]:
    """The times that are in any of the spans, as spans that neither touch nor overlap."""
    found: list[tuple[datetime, datetime]] = []
    for since, until in sorted(parts):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(until, found[-1][1]))
        else:
            found.append((since, until))
    return tuple(found)


def plain(name: str) -> str:
    """The name as a part of an identifier: without signs that mean something elsewhere.

    >>> plain("住建局（物业科）")
    '住建局物业科'
    """
    return re.sub(r"\W", "", name)


def read_reach(
    file: str, row: Row, extensions: Collection[str] | None
) -> tuple[Reach, list[Fault]]:
    """Read a row's way. ``extensions`` None: which seats there are is unknown, so not checked."""
    told = partial(Fault, file, row.line)
    shift, faults = _shift(file, row)
    faults += _way_faults(file, row, extensions)
    order = _whole(row[ORDER], 1, LAST)
    if row[ORDER] and order is None:
        faults.append(told(ORDER, f"「{row[ORDER]}」不是次序", "1、2、3……，先振的在前；不写在最后"))
    ring, wrong = read_ring(file, row)
    faults += wrong
    reach = Reach(
        seat=row[SEAT],
        peer=row[PEER],
        number=row[NUMBER],
        shift=shift,
        ring_s=ring,
        order=order or LAST,
    )
    return reach, faults


def name_faults(file: str, row: Row, column: str, example: str) -> list[Fault]:
    """Whether a cell holds a name that something can be known by."""
    written = row[column]
    if _NAME.fullmatch(written):
        return []
    message = f"「{written}」不能作名称" if written else f"{column}是空的"
    meant = re.sub(r"[^\w（）()·—-]", "", written).strip("（）()·—-")[:30]
    return [Fault(file, row.line, column, message, meant or example)]


def line_faults(file: str, row: Row, lines: Collection[str] | None) -> Iterator[Fault]:
    """Lines that a row names and nobody has."""
    for part in named(row[LINES]):
        if lines is not None and part not in lines:
            message = f"没有「{part}」这个号码"
            yield Fault(file, row.line, LINES, message, nearest(part, sorted(lines)))


def _way_faults(file: str, row: Row, extensions: Collection[str] | None) -> list[Fault]:
    told = partial(Fault, file, row.line)
    seat, number = row[SEAT], row[NUMBER]
    if seat and (number or row[PEER]):
        column = NUMBER if number else PEER
        return [told(column, f"已经写了座席{seat}", "留空；另一条路由写成另一行")]
    if seat:
        if extensions is None or seat in extensions:
            return []
        return [told(SEAT, f"没有「{seat}」这个分机", nearest(seat, sorted(extensions)))]
    if not number and not row[PEER]:
        return [
            told(NUMBER, "没有写座席，也没有写号码", "对端和在那里拨打的号码，或在座席列写分机")
        ]
    if is_emergency(number):
        return [told(NUMBER, f"「{number}」是紧急电话", "写在linkage.csv中")]
    faults = peer_faults(file, row, PEER, is_needed=False)
    return faults + number_faults(file, row, NUMBER, is_needed=True)


def _shift(file: str, row: Row) -> tuple[Shift, list[Fault]]:
    told = partial(Fault, file, row.line)
    faults: list[Fault] = []
    days, hours = Days(), ALWAYS
    try:
        days = read_days(row[DAYS]) if row[DAYS] else days
    except ValueError:
        faults.append(told(DAYS, f"看不懂「{row[DAYS]}」", f"如{DAYS_EXAMPLE}"))
    try:
        hours = _hours(row[HOURS])
    except ValueError:
        faults.append(told(HOURS, f"看不懂「{row[HOURS]}」", HOURS_EXAMPLE))
    return Shift(
        days=days, hours=hours, written=" ".join(filter(None, (row[DAYS], row[HOURS])))
    ), faults


def _hours(written: str) -> Hours:
    """Hours with or without the days before them: 08:30-12:00 is 每天 08:30-12:00."""
    is_whole = written in ALWAYS_WRITTEN or written.startswith(("工作日", "每天", "每日"))
    return read_hours(written if is_whole else f"每天{written}")


def _whole(written: str, least: int, most: int) -> int | None:
    is_number = re.fullmatch(r"\d{1,4}", written, re.ASCII)
    return int(written) if is_number and least <= int(written) <= most else None


def merge(
    spans_of: Collection[tuple[tuple[datetime, datetime], ...] | None],
) -> tuple[tuple[datetime, datetime], ...] | None:
    """When any of several is there; None: always."""
    if None in spans_of:
        return None
    return union(span for one in spans_of if one for span in one)

"""Reports over what is kept: the figures of any stretch of time, read in pieces."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.ids import CallId, CentreId
from queues.breakdown import BREAKDOWNS, in_rows
from queues.figures import CallbackTally, Tally, WorstDay
from queues.followfigures import FollowUpTally
from queues.report import Report, all_rows
from queues.seattimes import SeatReport
from queues.task import Task
from records import callrows
from records.callbacks import tasks_of
from records.callrecord import CallRecord
from records.database import Database
from records.followups import handled_between
from records.seattimes import stretches_between
from records.tables import callbacks, calls

T = TypeVar("T")

PIECE: Final = 500
"""Calls read at once: a year's report must not hold a year in memory, nor the database long."""


async def calls_between(
    database: Database, since: datetime, until: datetime, centre: CentreId | None = None
) -> AsyncIterator[CallRecord]:
    """Every call that arrived in that time, oldest first. One short transaction a piece.

    A call that arrives meanwhile is seen or not; none is seen twice.
    """
    wanted = _arrived(until, centre)
    async for record in _in_pieces(database, wanted, since, callrows.read_records):
        yield record


async def tasks_between(
    database: Database, since: datetime, until: datetime, centre: CentreId | None = None
) -> AsyncIterator[Task]:
    """The call-back task of every call that arrived in that time and left one, read likewise."""
    wanted = _arrived(until, centre).join(callbacks, callbacks.c.call_id == calls.c.call_id)
    async for task in _in_pieces(database, wanted, since, tasks_of):
        yield task


def _arrived(until: datetime, centre: CentreId | None) -> Select[Any]:
    at, call = calls.c.arrived_at, calls.c.call_id
    wanted = select(at, call).where(at < until).order_by(at, call)
    return wanted if centre is None else wanted.where(calls.c.centre == centre)


async def _in_pieces(
    database: Database,
    wanted: Select[Any],
    since: datetime,
    read: Callable[[AsyncConnection, Sequence[CallId]], Awaitable[list[T]]],
) -> AsyncIterator[T]:
    at, call = calls.c.arrived_at, calls.c.call_id
    last: tuple[datetime, str] | None = None
    while True:
        # One lower bound, and a plain one: with any other, each piece is looked for from the start.
        rest = wanted.where(at >= (last[0] if last else since))
        if last is not None:
            rest = rest.where(or_(at > last[0], call > last[1]))
        async with database.reading() as connection:
            found = (await connection.execute(rest.limit(PIECE))).all()
            pieces = await read(connection, [CallId(one) for _, one in found])
        for piece in pieces:
            yield piece
        if len(found) < PIECE:
            return
        last = (found[-1][0], found[-1][1])


async def report(
    database: Database,
    since: datetime,
    until: datetime,
    *,
    by: str = "day",
    centre: CentreId | None = None,
    now: datetime | None = None,
) -> Report:
    """Count the calls of that time. Raises ``KeyError`` for a breakdown that there is not.

    ``now``: when call-backs count as overdue, and to which seats' time that lasts is counted; the
    clock's time when none is given.
    """
    rows_of = BREAKDOWNS[by]
    whole, worst = Tally(), WorstDay(since)
    rows: dict[str, Tally] = {}
    async for record in calls_between(database, since, until, centre):
        whole.add(record)
        worst.add(record)
        for row, counted, spoke in in_rows(record, rows_of):
            rows.setdefault(row, Tally()).add(counted, spoke)
    owed = CallbackTally(now or datetime.now(UTC))
    async for task in tasks_between(database, since, until, centre):
        owed.add(task)
    asked = FollowUpTally(owed.now)
    async with database.reading() as connection:
        for one in await handled_between(connection, since, until, centre):
            asked.add(one)
    seats = SeatReport(since, min(until, owed.now), by)
    async for stretch in stretches_between(database, since, until, centre):
        seats.add(stretch)
    return Report(
        since=since,
        until=until,
        by=by,
        whole=whole.figures(),
        rows=all_rows({row: rows[row].figures() for row in rows}, seats.rows),
        worst_24_h=worst.found(),
        callbacks=owed.figures(),
        follow_ups=asked.figures(),
        seats=seats.whole,
        seat_rows=seats.rows,
    )

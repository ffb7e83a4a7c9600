"""Reports over what is kept: the figures of any stretch of time, read in pieces."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Final

from sqlalchemy import and_, or_, select

from cti.ids import CallId, CentreId
from queues.breakdown import BREAKDOWNS
from queues.figures import Report, Tally, WorstDay
from records import callrows
from records.callrecord import CallRecord
from records.database import Database
from records.tables import calls

PIECE: Final = 500
"""Calls read at once: a year's report must not hold a year in memory, nor the database long."""


async def calls_between(
    database: Database, since: datetime, until: datetime, centre: CentreId | None = None
) -> AsyncIterator[CallRecord]:
    """Every call that arrived in that time, oldest first. One short transaction a piece.

    A call that arrives meanwhile is seen or not; none is seen twice.
    """
    at, call = calls.c.arrived_at, calls.c.call_id
    last: tuple[datetime, str] | None = None
    while True:
        wanted = select(at, call).where(at >= since, at < until).order_by(at, call)
        if centre is not None:
            wanted = wanted.where(calls.c.centre == centre)
        if last is not None:
            wanted = wanted.where(or_(at > last[0], and_(at == last[0], call > last[1])))
        async with database.reading() as connection:
            found = (await connection.execute(wanted.limit(PIECE))).all()
            records = await callrows.read_records(connection, [CallId(one) for _, one in found])
        for record in records:
            yield record
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
) -> Report:
    """Count the calls of that time. Raises ``KeyError`` for a breakdown that there is not."""
    rows_of = BREAKDOWNS[by]
    whole, worst = Tally(), WorstDay(since)
    rows: dict[str, Tally] = {}
    async for record in calls_between(database, since, until, centre):
        whole.add(record)
        worst.add(record)
        for row in rows_of(record):
            rows.setdefault(row, Tally()).add(record)
    return Report(
        since=since,
        until=until,
        by=by,
        whole=whole.figures(),
        rows={row: rows[row].figures() for row in sorted(rows)},
        worst_24_h=worst.found(),
    )

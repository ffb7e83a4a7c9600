"""Seats' stretches as rows. Functions of an open transaction, and a way to read many."""

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.effects import CloseSeatTimes
from cti.ids import AgentId, CallId, CentreId, SeatId
from queues.seat import AgentState, SeatStretch
from records.callrows import printable
from records.database import Database
from records.tables import seat_times

PIECE: Final = 2000
"""Stretches read at once."""


async def write(connection: AsyncConnection, stretches: Iterable[SeatStretch]) -> None:
    """Write stretches by their key, the last word on each. One that has ended stays ended."""
    last = {(one.seat, one.since): one for one in stretches}
    if not last:
        return
    of = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    new = of(seat_times)
    await connection.execute(
        new.on_conflict_do_update(
            index_elements=["seat", "since"],
            set_={
                **{
                    name: new.excluded[name]
                    for name in ("centre", "agent", "state", "reason", "call_id")
                },
                "until": func.coalesce(new.excluded.until, seat_times.c.until),
            },
        ),
        [_row(one) for one in last.values()],
    )


async def close_open(connection: AsyncConnection, wish: CloseSeatTimes) -> None:
    """Close what a brain left open that is no more: each ends when it was last seen alive."""
    since, until = seat_times.c.since, seat_times.c.until
    await connection.execute(
        update(seat_times)
        .where(until.is_(None), since < wish.begun_before, seat_times.c.centre.in_(wish.centres))
        .values(until=case((since > wish.seen_at, since), else_=wish.seen_at))
    )


async def who_sat(connection: AsyncConnection, seat: SeatId, at: datetime) -> AgentId:
    """Who sat at a seat that talked then; '' if nobody is known.

    Nobody signs in or out while no brain lives, so it is whoever was there last.
    """
    wanted = select(seat_times.c.agent).where(seat_times.c.seat == seat, seat_times.c.since <= at)
    found = await connection.scalar(wanted.order_by(seat_times.c.since.desc()).limit(1))
    return AgentId(found or "")


async def stretches_between(
    database: Database, since: datetime, until: datetime, centre: CentreId | None = None
) -> AsyncIterator[SeatStretch]:
    """Every stretch of which a part lies in that time, by its beginning. In short transactions."""
    at, seat = seat_times.c.since, seat_times.c.seat
    wanted = (
        select(seat_times)
        .where(at < until, or_(seat_times.c.until.is_(None), seat_times.c.until > since))
        .order_by(at, seat)
        .limit(PIECE)
    )
    if centre is not None:
        wanted = wanted.where(seat_times.c.centre == centre)
    last: tuple[datetime, str] | None = None
    while True:
        rest = wanted
        if last is not None:
            rest = wanted.where(or_(at > last[0], and_(at == last[0], seat > last[1])))
        async with database.reading() as connection:
            found: Sequence[Any] = (await connection.execute(rest)).all()
        for row in found:
            yield _stretch(row)
        if len(found) < PIECE:
            return
        last = (found[-1].since, found[-1].seat)


def _row(one: SeatStretch) -> dict[str, object]:
    return {
        "seat": one.seat,
        "since": one.since,
        "centre": one.centre,
        "agent": printable(one.agent),
        "state": one.state.value,
        "reason": printable(one.reason),
        "call_id": one.call,
        "until": one.until,
    }


def _stretch(row: Any) -> SeatStretch:
    return SeatStretch(
        seat=SeatId(row.seat),
        centre=CentreId(row.centre),
        agent=AgentId(row.agent),
        state=AgentState(row.state),
        reason=row.reason,
        call=None if row.call_id is None else CallId(row.call_id),
        since=row.since,
        until=row.until,
    )

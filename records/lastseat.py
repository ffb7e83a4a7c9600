"""Who talked with a caller last about a demand that is still open. Reads only."""

from datetime import datetime
from typing import Final

from sqlalchemy import select

from cti.ids import AgentId, CentreId, SeatId
from records.callerpast import OPEN_FOR, is_open
from records.database import Database
from records.tables import calls, talks, work_orders

LOOKED_AT: Final = 5
"""Calls looked at, the newest first: somebody who calls every hour costs no more than others."""


class LastSeats:
    """``cti.ports.Memory`` on the database. Each question is one short read by an index."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def last_seat(
        self, centre: CentreId, ani: str, now: datetime
    ) -> tuple[SeatId, AgentId] | None:
        """Where and with whom that number talked last about a demand that is still open.

        A demand is open while its order is not void, was neither answered nor declined, is no
        praise, and is not older than ``OPEN_FOR``.
        """
        recent = (
            select(calls.c.call_id, calls.c.arrived_at, work_orders.c.draft)
            .join(work_orders, work_orders.c.call_id == calls.c.call_id)
            .where(
                calls.c.centre == centre,
                calls.c.ani == ani,
                calls.c.arrived_at >= now - OPEN_FOR,
                calls.c.answered_at.is_not(None),
                work_orders.c.status != "void",
            )
            .order_by(calls.c.arrived_at.desc())
            .limit(LOOKED_AT)
        )
        async with self._database.reading() as connection:
            for row in (await connection.execute(recent)).mappings():
                if not is_open(row["draft"]):
                    continue
                last = (
                    select(talks.c.seat, talks.c.agent)
                    .where(talks.c.call_id == row["call_id"], talks.c.seat != "")
                    .order_by(talks.c.until.desc(), talks.c.position.desc())
                    .limit(1)
                )
                found = (await connection.execute(last)).one_or_none()
                if found is not None:
                    return SeatId(found.seat), AgentId(found.agent)
        return None

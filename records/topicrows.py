"""What a centre's orders are about, read for hot topics: a few words of each, never the whole."""

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.ids import CentreId
from records.hottopics import Said
from records.tables import work_orders

MOST: Final = 200_000
"""The newest so many: a big city's ten days, and a bound for what one request may cost."""
AT_ONCE: Final = 50
"""Drafts read without a pause: some 4 ms of the loop in which calls are answered."""


async def said_since(
    connection: AsyncConnection, centre: CentreId, since: datetime
) -> list[tuple[Said, str]]:
    """Each order since then that is not void, and its title; without words of a trade yet."""
    table = work_orders.c
    wanted = (
        select(table.id, table.received_at, table.caller_number, table.draft)
        .where(table.centre == centre, table.received_at >= since, table.status != "void")
        .order_by(table.received_at.desc())
        .limit(MOST)
    )
    found = []
    # a draft is sealed whole: none of it is kept, and few are read before calls have their turn
    few = wanted.execution_options(yield_per=AT_ONCE)
    async for row in await connection.stream(few):
        draft = row.draft
        said = Said(
            order=row.id,
            at=row.received_at,
            caller=row.caller_number,
            words=(),
            region=draft["place"]["region"] or "",
            township=draft["place"]["township"] or "",
        )
        found.append((said, f"{draft['title'] or ''}。{draft['summary'] or ''}"))
    return found

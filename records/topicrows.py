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


async def said_since(
    connection: AsyncConnection, centre: CentreId, since: datetime
) -> list[tuple[Said, str]]:
    """Each order since then that is not void, and its title; without words of a trade yet."""
    table, draft = work_orders.c, work_orders.c.draft
    wanted = (
        select(
            table.id,
            table.received_at,
            table.caller_number,
            draft["title"].as_string().label("title"),
            draft["summary"].as_string().label("summary"),
            draft["place"]["region"].as_string().label("region"),
            draft["place"]["township"].as_string().label("township"),
        )
        .where(table.centre == centre, table.received_at >= since, table.status != "void")
        .order_by(table.received_at.desc())
        .limit(MOST)
    )
    return [
        (
            Said(
                order=row["id"],
                at=row["received_at"],
                caller=row["caller_number"],
                words=(),
                region=row["region"] or "",
                township=row["township"] or "",
            ),
            f"{row['title'] or ''}。{row['summary'] or ''}",
        )
        for row in (await connection.execute(wanted)).mappings()
    ]

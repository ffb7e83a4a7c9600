"""Who did what, as rows. Functions of a database connection."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from cti.ids import CentreId
from records.tables import audit


async def add_audit(
    connection: AsyncConnection,
    at: datetime,
    centre: CentreId,
    who: str,
    what: str,
    data: Mapping[str, str],
) -> None:
    """Remember who did what, together with what else the transaction does. Never with a caller's
    number in it.
    """
    row = {"centre": centre, "at": at, "who": who, "what": what, "data": dict(data)}
    await connection.execute(audit.insert(), row)

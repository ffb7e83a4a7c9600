"""Who did what, as rows. Functions of a database connection."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.audited import Audited, AuditWanted
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


async def audited(
    connection: AsyncConnection, wanted: AuditWanted
) -> tuple[Sequence[Audited], int]:
    """What people did, the newest first, and how much in all."""
    table = audit.c
    chosen = [table.centre == wanted.centre, table.what == wanted.what]
    chosen += [] if wanted.since is None else [table.at >= wanted.since]
    chosen += [] if wanted.until is None else [table.at < wanted.until]
    total = await connection.scalar(select(func.count()).select_from(audit).where(*chosen))
    newest = select(audit).where(*chosen).order_by(table.at.desc(), table.id.desc())
    page = await connection.execute(newest.limit(wanted.limit).offset(wanted.offset))
    found = [Audited(at=row["at"], who=row["who"], data=row["data"]) for row in page.mappings()]
    return found, int(total or 0)

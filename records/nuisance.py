"""The list of nuisance callers as rows, and the calls that were refused by it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from config.dialled import key
from cti.errors import DomainError
from cti.ids import AgentId, CallId, CentreId
from cti.nuisance import Listing, is_same_caller
from records.audits import add_audit
from records.callrecord import CallRecord, Disposition
from records.callrows import read_records
from records.tables import calls, nuisance

LIST_LOCK = 0x12347
"""PostgreSQL advisory lock under which a number is added; SQLite has one writer anyway."""


class AlreadyListed(DomainError):  # noqa: N818 - an error is named for what is wrong
    """The number stands on the centre's list already."""

    id = "nuisance-listed"


async def add(
    connection: AsyncConnection,
    centre: CentreId,
    number: str,
    *,
    reason: str,
    until: datetime,
    who: AgentId,
    now: datetime,
) -> Listing:
    """Put a number (in the one form) on the centre's list, and a row into the audit.

    Raises ``AlreadyListed`` while it stands there.
    """
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({LIST_LOCK})"))
    listed = select(nuisance).where(nuisance.c.centre == centre, nuisance.c.number == number)
    for row in (await connection.execute(listed)).mappings():
        if _read(row).stands(now):
            raise AlreadyListed("on the list already", id=str(row["id"]))
    values = {
        "centre": centre,
        "number": number,
        "reason": reason,
        "added_by": who,
        "added_at": now,
        "until": until,
    }
    made = await connection.execute(nuisance.insert().returning(nuisance), values)
    found = _read(made.mappings().one())
    data = {"id": str(found.id), "until": until.isoformat()}  # a reason may hold a number
    await add_audit(connection, now, centre, who, "nuisance-added", data)
    return found


async def remove(
    connection: AsyncConnection, centre: CentreId, listing: int, who: AgentId, now: datetime
) -> Listing | None:
    """Take a number off the centre's list, once, and note it; None: no such row there."""
    found = await read(connection, centre, listing)
    if found is None or found.removed_at is not None:
        return found
    off = update(nuisance).where(nuisance.c.id == listing, nuisance.c.removed_at.is_(None))
    await connection.execute(off.values(removed_by=who, removed_at=now))
    await add_audit(connection, now, centre, who, "nuisance-removed", {"id": str(listing)})
    return await read(connection, centre, listing)


async def reveal(
    connection: AsyncConnection, centre: CentreId, listing: int, who: AgentId, now: datetime
) -> Listing | None:
    """Read one row for somebody who will see its number whole, and note that in the audit."""
    found = await read(connection, centre, listing)
    if found is not None:
        await add_audit(connection, now, centre, who, "nuisance-revealed", {"id": str(listing)})
    return found


async def read(connection: AsyncConnection, centre: CentreId, listing: int) -> Listing | None:
    """Read one row of the centre's list."""
    wanted = select(nuisance).where(nuisance.c.id == listing, nuisance.c.centre == centre)
    row = (await connection.execute(wanted)).mappings().first()
    return None if row is None else _read(row)


async def standing(connection: AsyncConnection, now: datetime) -> list[Listing]:
    """Every centre's numbers that are refused now."""
    wanted = select(nuisance).where(nuisance.c.removed_at.is_(None), nuisance.c.until > now)
    return [_read(row) for row in (await connection.execute(wanted)).mappings()]


async def listings(
    connection: AsyncConnection,
    centre: CentreId | None,
    *,
    now: datetime,
    is_standing: bool | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Listing]:
    """List numbers, the latest first; ``is_standing`` None: those that are over as well."""
    wanted = select(nuisance).order_by(nuisance.c.added_at.desc(), nuisance.c.id.desc())
    if centre is not None:
        wanted = wanted.where(nuisance.c.centre == centre)
    if is_standing is not None:
        stands = (nuisance.c.removed_at.is_(None)) & (nuisance.c.until > now)
        wanted = wanted.where(stands if is_standing else ~stands)
    rows = (await connection.execute(wanted.limit(limit).offset(offset))).mappings()
    return [_read(row) for row in rows]


async def count_blocked(connection: AsyncConnection, of: Sequence[Listing]) -> Mapping[int, int]:
    """How often each of those numbers has called in vain since it was listed."""
    if not of:
        return {}
    wanted = select(calls.c.centre, calls.c.ani, calls.c.arrived_at).where(
        calls.c.disposition == Disposition.BLOCKED.value,
        calls.c.centre.in_({one.centre for one in of}),
        calls.c.arrived_at >= min(one.added_at for one in of),
    )
    counts = {one.id: 0 for one in of}
    for centre, ani, at in await connection.execute(wanted):
        caller = key(ani)
        for one in of:
            ends = one.removed_at or one.until
            is_its = one.centre == centre and is_same_caller(one.number, caller)
            if is_its and one.added_at <= at <= ends:
                counts[one.id] += 1
    return counts


async def blocked_calls(
    connection: AsyncConnection, centre: CentreId, *, limit: int = 100, offset: int = 0
) -> list[CallRecord]:
    """The centre's refused calls, the latest first."""
    wanted = (
        select(calls.c.call_id)
        .where(calls.c.centre == centre, calls.c.disposition == Disposition.BLOCKED.value)
        .order_by(calls.c.arrived_at.desc(), calls.c.call_id.desc())
    )
    found = (await connection.scalars(wanted.limit(limit).offset(offset))).all()
    return (await read_records(connection, [CallId(call) for call in found]))[::-1]


def _read(row: Mapping[Any, Any]) -> Listing:
    return Listing(
        id=row["id"],
        centre=CentreId(row["centre"]),
        number=row["number"],
        reason=row["reason"],
        added_by=AgentId(row["added_by"]),
        added_at=row["added_at"],
        until=row["until"],
        removed_by=None if row["removed_by"] is None else AgentId(row["removed_by"]),
        removed_at=row["removed_at"],
    )

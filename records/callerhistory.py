"""What the records know of a caller's past, for the card. Reads only, each by an index."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import RowMapping, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.ids import CallId, CentreId
from records.callerpast import CallerPast, Nuisance, PastCall, past_order
from records.callrecord import Direction
from records.draft import WorkOrderDraft
from records.masking import mask_text
from records.tables import calls, nuisance, talks, work_orders

LOOKED_AT: Final = 30
"""Calls read, the newest first: somebody who calls every hour costs no more than others."""
SHOWN: Final = 6
COUNTED: Final = timedelta(days=90)


async def caller_past(
    connection: AsyncConnection,
    centre: CentreId,
    ani: str,
    listed_as: str,
    but: CallId,
    now: datetime,
) -> CallerPast:
    """What that centre knows of that number, without the call ``but`` itself.

    ``listed_as``: the number as the list of nuisance callers writes it.
    """
    joined = calls.outerjoin(work_orders, work_orders.c.call_id == calls.c.call_id)
    theirs = (calls.c.centre == centre, calls.c.ani == ani)
    wanted = (
        select(calls, work_orders.c.id, work_orders.c.status, work_orders.c.draft)
        .select_from(joined)
        .where(*theirs, calls.c.call_id != but, calls.c.arrived_at <= now)
        .order_by(calls.c.arrived_at.desc())
        .limit(LOOKED_AT)
    )
    rows = (await connection.execute(wanted)).mappings().all()
    count = await connection.scalar(
        select(func.count())
        .select_from(calls)
        .where(*theirs, calls.c.call_id != but, calls.c.arrived_at >= now - COUNTED)
    )
    shown = rows[:SHOWN]
    who = await _agents(connection, [row["call_id"] for row in shown])
    drafts = [one for one in (_draft(row) for row in rows) if one is not None]
    orders = {one.call_id: past_order(one, now) for one in drafts}
    named = (one.caller.name for one in drafts if not one.caller.anonymous and one.caller.name)
    return CallerPast(
        name=next(named, ""),
        calls=tuple(
            PastCall(
                call=row["call_id"],
                at=row["arrived_at"],
                line=row["line"],
                is_out=row["direction"] == Direction.OUT.value,
                is_answered=row["answered_at"] is not None,
                agents=tuple(who.get(row["call_id"], ())),
                order=orders.get(row["call_id"]),
            )
            for row in shown
        ),
        count=int(count or 0),
        open=tuple(one for one in orders.values() if one.is_open),
        nuisance=await _nuisance(connection, centre, listed_as, now),
    )


def _draft(row: RowMapping) -> WorkOrderDraft | None:
    if row["id"] is None:
        return None
    # the row is the truth about who and how; the document may be older than either
    return WorkOrderDraft.model_validate(
        {**row["draft"], "id": row["id"], "centre": row["centre"], "status": row["status"]}
    )


async def _agents(connection: AsyncConnection, of: Sequence[str]) -> dict[str, list[str]]:
    """Who talked in each call, in order, each once."""
    wanted = (
        select(talks.c.call_id, talks.c.agent)
        .where(talks.c.call_id.in_(of), talks.c.agent != "")
        .order_by(talks.c.call_id, talks.c.position)
    )
    found: dict[str, list[str]] = {}
    for call, agent in (await connection.execute(wanted)).all():
        who = found.setdefault(call, [])
        if agent not in who:
            who.append(agent)
    return found


async def _nuisance(
    connection: AsyncConnection, centre: CentreId, number: str, now: datetime
) -> Nuisance | None:
    wanted = (
        select(nuisance)
        .where(nuisance.c.centre == centre, nuisance.c.number == number)
        .order_by(nuisance.c.added_at.desc())
        .limit(1)
    )
    row = (await connection.execute(wanted)).mappings().one_or_none()
    if row is None:
        return None
    return Nuisance(
        since=row["added_at"],
        until=row["removed_at"] or row["until"],
        stands=row["removed_at"] is None and now < row["until"],
        reason=mask_text(row["reason"]),
    )

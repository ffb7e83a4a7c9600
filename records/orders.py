"""Work orders and their segments as rows. Functions of an open transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.ids import CallId, CentreId
from records.agentwords import keep_agents_words
from records.callrows import Row, printable
from records.draft import Spoken, WorkOrderDraft
from records.tables import calls, segments, work_orders
from records.told import keep_told


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """Which orders to list, newest first. Every given field narrows the list."""

    centre: CentreId | None = None
    since: datetime | None = None
    until: datetime | None = None
    caller: str | None = None
    call: CallId | None = None
    status: str | None = None
    is_complete: bool | None = None
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A work order as kept: its draft, and whether the worker has completed it."""

    draft: WorkOrderDraft
    is_complete: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A piece of a call's transcript, as kept."""

    channel: str
    start_s: float
    end_s: float
    text: str
    confidence: float | None
    part: str = ""
    """Of which consult's own recording; '': of the call's."""
    raw: str = ""
    """As the engine heard it, where ``text`` was mended; '': it was not."""


async def save(
    connection: AsyncConnection,
    draft: WorkOrderDraft,
    spoken: Sequence[Spoken],
    now: datetime,
) -> bool:
    """Replace a call's draft and transcript. The row's own id and centre are kept, and whatever
    an agent wrote into it meanwhile.

    False, and nothing changed, when an agent has taken the order over or the call is unknown.
    """
    call = CallId(draft.call_id)
    mine = select(work_orders).where(work_orders.c.call_id == call).with_for_update()
    kept = (await connection.execute(mine)).mappings().one_or_none()
    if kept is not None:
        draft = keep_agents_words(_order(kept).draft, keep_told(_order(kept).draft, draft))
    changed = await connection.execute(
        update(work_orders)
        .where(work_orders.c.call_id == call, work_orders.c.status == "draft")
        .values(
            status=draft.status,
            received_at=draft.received_at,
            caller_number=draft.caller.number or "",
            draft=draft.model_dump(mode="json"),
            is_complete=True,
            updated_at=now,
        )
    )
    if not changed.rowcount:
        return False
    centre = await connection.scalar(select(calls.c.centre).where(calls.c.call_id == call))
    await connection.execute(delete(segments).where(segments.c.call_id == call))
    if spoken:
        rows = [_segment_row(call, centre or "", n, piece) for n, piece in enumerate(spoken)]
        await connection.execute(segments.insert(), rows)
    return True


async def grow(connection: AsyncConnection, draft: WorkOrderDraft, now: datetime) -> str:
    """Replace the draft of a call that still talks, as ``save`` does; the transcript stays.

    Gives the order's id; '' and nothing changed when the final draft stands, or an agent has taken
    the order over, or the call is unknown.
    """
    call = CallId(draft.call_id)
    mine = select(work_orders).where(
        work_orders.c.call_id == call,
        work_orders.c.status == "draft",
        work_orders.c.is_complete.is_(False),
    )
    kept = (await connection.execute(mine.with_for_update())).mappings().one_or_none()
    if kept is None:
        return ""
    order = _order(kept)
    draft = keep_agents_words(order.draft, keep_told(order.draft, draft))
    await connection.execute(
        update(work_orders)
        .where(work_orders.c.call_id == call, work_orders.c.is_complete.is_(False))
        .values(draft=draft.model_dump(mode="json"), updated_at=now)
    )
    return str(kept["id"])


def _segment_row(call: CallId, centre: str, position: int, piece: Spoken) -> Row:
    return {
        "call_id": call,
        "position": position,
        "centre": centre,
        "channel": piece.channel,
        "start_s": float(piece.start_s),
        "end_s": float(piece.end_s),
        "text": printable(piece.text),
        "confidence": None if piece.confidence is None else float(piece.confidence),
        "part": piece.part,
        "raw": printable(piece.raw),
    }


async def find(connection: AsyncConnection, chosen: OrderFilter) -> list[Order]:
    """List orders, newest first."""
    wanted = _narrow(_with_mark(), chosen)
    wanted = wanted.order_by(work_orders.c.received_at.desc(), work_orders.c.id.desc())
    wanted = wanted.limit(chosen.limit).offset(chosen.offset)
    return [_order(row) for row in (await connection.execute(wanted)).mappings()]


async def count(connection: AsyncConnection, chosen: OrderFilter) -> int:
    """Count the orders a filter lets through, whatever its limit."""
    wanted = _narrow(select(func.count()).select_from(work_orders), chosen)
    return int(await connection.scalar(wanted) or 0)


def _narrow(wanted: Select[Any], chosen: OrderFilter) -> Select[Any]:
    table = work_orders.c
    if chosen.since is not None:
        wanted = wanted.where(table.received_at >= chosen.since)
    if chosen.until is not None:
        wanted = wanted.where(table.received_at < chosen.until)
    if chosen.is_complete is not None:
        wanted = wanted.where(table.is_complete.is_(chosen.is_complete))
    for given, column in (
        (chosen.centre, table.centre),
        (chosen.caller, table.caller_number),
        (chosen.call, table.call_id),
        (chosen.status, table.status),
    ):
        if given is not None:
            wanted = wanted.where(column == given)
    return wanted


async def read(connection: AsyncConnection, order: str) -> Order | None:
    """Read one order by its id."""
    chosen = _with_mark().where(work_orders.c.id == order)
    row = (await connection.execute(chosen)).mappings().one_or_none()
    return None if row is None else _order(row)


def _with_mark() -> Select[Any]:
    """Orders, each with what its caller said of the talk."""
    marked = work_orders.outerjoin(calls, calls.c.call_id == work_orders.c.call_id)
    return select(work_orders, calls.c.satisfaction).select_from(marked)


def _order(row: Row) -> Order:
    # the row is the truth about who and how; the document may be older than either
    document = {**row["draft"], "id": row["id"], "centre": row["centre"], "status": row["status"]}
    document["satisfaction"] = row.get("satisfaction")
    return Order(
        draft=WorkOrderDraft.model_validate(document),
        is_complete=row["is_complete"],
        updated_at=row["updated_at"],
    )


async def read_segments(connection: AsyncConnection, call: CallId) -> list[Segment]:
    """Read a call's transcript in the order it was spoken."""
    chosen = select(segments).where(segments.c.call_id == call).order_by(segments.c.position)
    return [
        Segment(
            channel=row["channel"],
            start_s=row["start_s"],
            end_s=row["end_s"],
            text=row["text"],
            confidence=row["confidence"],
            part=row["part"],
            raw=row["raw"],
        )
        for row in (await connection.execute(chosen)).mappings()
    ]

"""Follow-up calls as rows. Functions of an open transaction."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.ids import AgentId, CallId, CentreId, LineId
from queues.callback import attempt_of
from queues.followup import OPEN, FollowUp, FollowUpState, handled, noted
from queues.task import Attempt, AttemptOutcome
from records.callrecord import CallRecord
from records.tables import follow_ups

_OPEN: Final = [state.value for state in OPEN]


async def take(connection: AsyncConnection, fresh: FollowUp) -> FollowUp:
    """Owe a citizen the question; told again the same, nothing changes."""
    known = await find(connection, fresh.centre, fresh.order)
    kept = handled(known, fresh)
    if known is None:
        await connection.execute(follow_ups.insert(), [_row(kept)])
    elif kept != known:
        await _write(connection, kept)
    return kept


async def find(connection: AsyncConnection, centre: CentreId, order: str) -> FollowUp | None:
    """The follow-up of a centre's order, held until this transaction ends."""
    wanted = select(follow_ups).where(follow_ups.c.order_id == order).with_for_update()
    row = (await connection.execute(wanted)).mappings().first()
    return None if row is None or row["centre"] != centre else _read(row)


async def change(
    connection: AsyncConnection,
    centre: CentreId,
    order: str,
    rule: Callable[[FollowUp], FollowUp],
) -> FollowUp | None:
    """Let a rule change one; None: there is no such follow-up there."""
    task = await find(connection, centre, order)
    if task is None:
        return None
    task = rule(task)
    await _write(connection, task)
    return task


async def listed(
    connection: AsyncConnection, centre: CentreId, *, is_open: bool | None, limit: int, offset: int
) -> list[FollowUp]:
    """List a centre's follow-ups, the most urgent first; None: those that are over as well."""
    wanted = select(follow_ups).where(follow_ups.c.centre == centre)
    if is_open is not None:
        wanted = wanted.where(follow_ups.c.state.in_(_OPEN) == is_open)
    wanted = wanted.order_by(follow_ups.c.due_at, follow_ups.c.order_id)
    rows = (await connection.execute(wanted.limit(limit).offset(offset))).mappings()
    return [_read(row) for row in rows]


async def handled_between(
    connection: AsyncConnection, since: datetime, until: datetime, centre: CentreId | None
) -> list[FollowUp]:
    """Those of the orders that were finished in that time."""
    at = follow_ups.c.handled_at
    wanted = select(follow_ups).where(at >= since, at < until)
    if centre is not None:
        wanted = wanted.where(follow_ups.c.centre == centre)
    return [_read(row) for row in (await connection.execute(wanted)).mappings()]


async def note_attempts(connection: AsyncConnection, records: Sequence[CallRecord]) -> None:
    """Note in their follow-ups what came of calls out."""
    for record in records:
        attempt = attempt_of(record) if record.about else None
        if attempt is None or record.ended_at is None:
            continue
        wanted = select(follow_ups).where(
            follow_ups.c.call_id == record.about, follow_ups.c.centre == record.centre
        )
        for row in (await connection.execute(wanted.with_for_update())).mappings().all():
            task = _read(row)
            after = noted(task, attempt, record.ended_at)
            if after != task:
                await _write(connection, after)


async def _write(connection: AsyncConnection, task: FollowUp) -> None:
    mine = follow_ups.c.order_id == task.order
    await connection.execute(update(follow_ups).where(mine).values(_row(task)))


def _row(task: FollowUp) -> dict[str, Any]:
    return {
        "order_id": task.order,
        "call_id": task.call,
        "centre": task.centre,
        "line": task.line,
        "number": task.number,
        "office": task.office,
        "result": task.result,
        "handled_at": task.handled_at,
        "due_at": task.due_at,
        "state": task.state.value,
        "dials": list(task.dials),
        "attempts": [
            {
                "at": one.at.isoformat(),
                "agent": one.agent,
                "outcome": one.outcome.value,
                "call": one.call,
            }
            for one in task.attempts
        ],
        "claimed_by": task.claimed_by,
        "claimed_until": task.claimed_until,
        "mark": task.mark,
        "remark": task.remark,
        "answered_by": task.answered_by,
        "answered_at": task.answered_at,
    }


def _read(row: Mapping[Any, Any]) -> FollowUp:
    return FollowUp(
        order=row["order_id"],
        call=CallId(row["call_id"]),
        centre=CentreId(row["centre"]),
        line=LineId(row["line"]),
        number=row["number"],
        office=row["office"],
        result=row["result"],
        handled_at=row["handled_at"],
        due_at=row["due_at"],
        state=FollowUpState(row["state"]),
        dials=tuple(CallId(one) for one in row["dials"]),
        attempts=tuple(
            Attempt(
                at=datetime.fromisoformat(one["at"]),
                agent=AgentId(one["agent"]),
                outcome=AttemptOutcome(one["outcome"]),
                call=None if one["call"] is None else CallId(one["call"]),
            )
            for one in row["attempts"]
        ),
        claimed_by=None if row["claimed_by"] is None else AgentId(row["claimed_by"]),
        claimed_until=row["claimed_until"],
        mark=row["mark"],
        remark=row["remark"],
        answered_by=None if row["answered_by"] is None else AgentId(row["answered_by"]),
        answered_at=row["answered_at"],
    )

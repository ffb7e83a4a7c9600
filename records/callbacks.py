"""Call-back tasks as rows, kept in step with the calls in the very transaction that writes them."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import and_, case, delete, func, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.ids import AgentId, CallId, CentreId, LineId
from queues.callback import attempt_of, line_up, noted, owed
from queues.task import OPEN, Attempt, AttemptOutcome, Task, TaskState
from records.callrecord import CallRecord, Direction
from records.tables import callbacks, calls

ReadRecords = Callable[[AsyncConnection, Sequence[CallId]], Awaitable[list[CallRecord]]]
"""How calls are read in an open transaction (``records.callrows.read_records``)."""

_OPEN: Final = [state.value for state in OPEN]


async def keep_in_step(
    connection: AsyncConnection, records: Sequence[CallRecord], read: ReadRecords
) -> None:
    """Open, close and drop the tasks that these calls concern, whatever order they come in."""
    for centre, number in sorted(await _concerned(connection, records)):
        mine = [one for one in records if (one.centre, one.ani) == (centre, number)]
        first = min(one.arrived_at for one in mine)
        found = await _calls_since(connection, centre, number, first)
        # Held until this is written: an agent who claims one meanwhile must not be forgotten.
        rows = select(callbacks).where(callbacks.c.call_id.in_(found)).with_for_update()
        kept = {
            (task := _read(row)).call: task for row in (await connection.execute(rows)).mappings()
        }
        await _replace(connection, kept, line_up(await read(connection, found), kept))


async def _calls_since(
    connection: AsyncConnection, centre: CentreId, number: str, first: datetime
) -> list[CallId]:
    """The number's calls from that moment on, and those before to which its tasks go back.

    They go back to the oldest open task; and a task that one of these calls closed hands its
    deadline on, and so did the one before it.
    """
    closing = calls.alias()
    wanted = (
        select(calls.c.arrived_at, callbacks.c.state.in_(_OPEN), closing.c.arrived_at)
        .join(callbacks, callbacks.c.call_id == calls.c.call_id)
        .outerjoin(closing, closing.c.call_id == callbacks.c.closed_by)
        .where(callbacks.c.centre == centre, callbacks.c.number == number)
        .order_by(calls.c.arrived_at.desc())
    )
    known = (await connection.execute(wanted)).all()
    first = min([first, *(arrived_at for arrived_at, is_open, _ in known if is_open)])
    for arrived_at, _, closed_at in known:  # the latest first: each may lead to one before it
        if closed_at is not None and closed_at >= first:
            first = min(first, arrived_at)
    since = select(calls.c.call_id).where(
        calls.c.centre == centre,
        calls.c.ani == number,
        calls.c.arrived_at >= first,
        calls.c.direction == Direction.IN.value,
    )
    return [CallId(call) for call in (await connection.scalars(since)).all()]


async def _concerned(
    connection: AsyncConnection, records: Sequence[CallRecord]
) -> set[tuple[CentreId, str]]:
    """The numbers whose tasks may change. Mostly none: answered, and nobody is to be called.

    Beside the calls in vain, those of a number that has a task which is open, or is of one of
    these calls, or was closed by a call that came after one of them.
    """
    ended = [
        one
        for one in records
        if one.ended_at is not None and one.ani and one.direction is Direction.IN
    ]
    if not ended:
        return set()
    closing = calls.alias()
    mine = callbacks.c.call_id.in_([one.call for one in ended])
    may_change = or_(mine, callbacks.c.state.in_(_OPEN))
    key = callbacks.c.centre, callbacks.c.number
    wanted = (
        select(*key, func.max(case((may_change, 1), else_=0)), func.max(closing.c.arrived_at))
        .outerjoin(closing, closing.c.call_id == callbacks.c.closed_by)
        .where(
            callbacks.c.centre.in_({one.centre for one in ended}),
            callbacks.c.number.in_({one.ani for one in ended}),
        )
        .group_by(*key)
    )
    known: dict[tuple[str, str], datetime | None] = {}
    for centre, number, may, closed_at in await connection.execute(wanted):
        until = datetime.max.replace(tzinfo=UTC) if may else closed_at
        # a number has two rows here while its tasks are under two keys
        ends = [one for one in (known.get((centre, number)), until) if one is not None]
        known[centre, number] = max(ends, default=None)

    def is_concerned(one: CallRecord) -> bool:
        until = known.get((one.centre, one.ani))
        return owed(one) is not None or (until is not None and one.arrived_at <= until)

    return {(one.centre, one.ani) for one in ended if is_concerned(one)}


async def _replace(
    connection: AsyncConnection, kept: Mapping[CallId, Task], tasks: Sequence[Task]
) -> None:
    now = {task.call: task for task in tasks}
    for call in kept.keys() - now.keys():  # it was answered after all, says a better source
        await connection.execute(delete(callbacks).where(callbacks.c.call_id == call))
    for task in tasks:
        if task.call not in kept:
            await connection.execute(callbacks.insert(), [{**_row(task), "call_id": task.call}])
        elif task != kept[task.call]:
            await _write(connection, task)


async def note_attempts(connection: AsyncConnection, records: Sequence[CallRecord]) -> None:
    """Note in their tasks what came of calls out."""
    for record in records:
        attempt = attempt_of(record)
        task = await _task(connection, record.about) if record.about and attempt else None
        if task is not None and attempt is not None and task.centre == record.centre:
            after = noted(task, attempt)
            if after != task:
                await _write(connection, after)


async def _task(connection: AsyncConnection, call: CallId) -> Task | None:
    wanted = select(callbacks).where(callbacks.c.call_id == call).with_for_update()
    row = (await connection.execute(wanted)).mappings().first()
    return None if row is None else _read(row)


async def change(
    connection: AsyncConnection, call: CallId, centre: CentreId, rule: Callable[[Task], Task]
) -> Task | None:
    """Let a rule change a centre's task, in an open transaction; None: there is no such task."""
    task = await _task(connection, call)
    if task is None or task.centre != centre:
        return None
    task = rule(task)
    await _write(connection, task)
    return task


async def tasks(
    connection: AsyncConnection,
    centre: CentreId | None,
    *,
    is_open: bool | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Task]:
    """List tasks, the most urgent first; ``is_open`` None: those that are over as well."""
    wanted = select(callbacks).order_by(callbacks.c.due_at, callbacks.c.call_id)
    if centre is not None:
        wanted = wanted.where(callbacks.c.centre == centre)
    if is_open is not None:
        wanted = wanted.where(callbacks.c.state.in_(_OPEN) == is_open)
    rows = (await connection.execute(wanted.limit(limit).offset(offset))).mappings()
    return [_read(row) for row in rows]


async def tasks_of(connection: AsyncConnection, of: Sequence[CallId]) -> list[Task]:
    """The tasks that those calls left, in the order of the calls."""
    rows = await connection.execute(select(callbacks).where(callbacks.c.call_id.in_(of)))
    found = {(task := _read(row)).call: task for row in rows.mappings()}
    return [found[call] for call in of if call in found]


async def count(
    connection: AsyncConnection, centre: CentreId | None, now: datetime
) -> Mapping[str, int]:
    """How many tasks stand in which state now, and how many open ones are ``overdue``."""
    of = true() if centre is None else callbacks.c.centre == centre
    states = select(callbacks.c.state, func.count()).where(of).group_by(callbacks.c.state)
    counts = {state.value: 0 for state in TaskState}
    counts |= {state: number for state, number in (await connection.execute(states)).all()}
    ran_out = and_(callbacks.c.state == TaskState.CLAIMED.value, callbacks.c.claimed_until <= now)
    free = await connection.scalar(select(func.count()).where(of, ran_out)) or 0
    counts[TaskState.OWED.value] += free
    counts[TaskState.CLAIMED.value] -= free
    late = select(func.count()).where(of, callbacks.c.state.in_(_OPEN), callbacks.c.due_at < now)
    return {**counts, "overdue": await connection.scalar(late) or 0}


async def _write(connection: AsyncConnection, task: Task) -> None:
    await connection.execute(
        update(callbacks).where(callbacks.c.call_id == task.call).values(_row(task))
    )


def _row(task: Task) -> dict[str, Any]:
    return {
        "centre": task.centre,
        "line": task.line,
        "number": task.number,
        "missed_at": task.missed_at,
        "due_at": task.due_at,
        "is_short": task.is_short,
        "state": task.state.value,
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
        "closed_by": task.closed_by,
    }


def _read(row: Mapping[Any, Any]) -> Task:
    return Task(
        call=CallId(row["call_id"]),
        centre=CentreId(row["centre"]),
        line=LineId(row["line"]),
        number=row["number"],
        missed_at=row["missed_at"],
        due_at=row["due_at"],
        is_short=row["is_short"],
        state=TaskState(row["state"]),
        attempts=tuple(
            Attempt(
                at=datetime.fromisoformat(one["at"]),
                agent=AgentId(one["agent"]),
                outcome=AttemptOutcome(one["outcome"]),
                call=None if one.get("call") is None else CallId(one["call"]),
            )
            for one in row["attempts"]
        ),
        claimed_by=None if row["claimed_by"] is None else AgentId(row["claimed_by"]),
        claimed_until=row["claimed_until"],
        closed_by=None if row["closed_by"] is None else CallId(row["closed_by"]),
    )

"""What is still owed for a call, and which worker has it. Functions of an open transaction.

The row's lease is the truth: whoever holds it works; when it runs out, anybody may claim the job.
An attempt is counted when a job is claimed, so one that kills its worker runs out of attempts too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from sqlalchemy import and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.ids import CallId
from records.callrows import Row, centres_of, insert_new, printable
from records.tables import jobs

DRAFT: Final = "draft"
"""The kind of job that completes a call's draft."""
ATTEMPTS: Final = 5
BACKOFF: Final = timedelta(seconds=10)
"""Wait after the first failure; doubled after each further one."""


class JobState(Enum):
    """Where a job stands. FAILED ones wait for a person (``retry``)."""

    OWED = "owed"
    CLAIMED = "claimed"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing owed for one call."""

    id: int
    call: CallId
    kind: str
    centre: str
    state: JobState
    due_at: datetime
    lease_until: datetime | None
    worker: str | None
    attempts: int
    error: str


async def owe(connection: AsyncConnection, of: Iterable[CallId], now: datetime) -> None:
    """Owe each call its draft. A job that is already there is left as it is, done or not."""
    wanted = list(dict.fromkeys(of))
    centres = await centres_of(connection, wanted)
    rows = [
        {
            "call_id": call,
            "kind": DRAFT,
            "centre": centres.get(call, ""),
            "state": JobState.OWED.value,
            "due_at": now,
            "attempts": 0,
            "error": "",
            "updated_at": now,
        }
        for call in wanted
    ]
    await insert_new(connection, jobs, rows)


async def claim(
    connection: AsyncConnection, worker: str, lease: timedelta, now: datetime
) -> Job | None:
    """Take the job that has been due longest, or None. Two workers never get the same one."""
    due = or_(
        and_(jobs.c.state == JobState.OWED.value, jobs.c.due_at <= now),
        and_(jobs.c.state == JobState.CLAIMED.value, jobs.c.lease_until < now),
    )
    while True:
        chosen = select(jobs).where(due).order_by(jobs.c.due_at, jobs.c.id).limit(1)
        found = await connection.execute(chosen.with_for_update(skip_locked=True))
        row = found.mappings().one_or_none()
        if row is None:
            return None
        if row["attempts"] < ATTEMPTS:
            break
        await connection.execute(
            update(jobs)
            .where(jobs.c.id == row["id"])
            .values(
                state=JobState.FAILED.value,
                error=row["error"] or "its worker died every time",
                updated_at=now,
            )
        )
    taken = {
        "state": JobState.CLAIMED.value,
        "worker": worker,
        "lease_until": now + lease,
        "attempts": row["attempts"] + 1,
        "updated_at": now,
    }
    await connection.execute(update(jobs).where(jobs.c.id == row["id"]).values(taken))
    return _job({**row, **taken})


async def renew(connection: AsyncConnection, job: Job, until: datetime) -> bool:
    """Hold a claimed job longer. False: the lease ran out and somebody else has it."""
    return await _change(connection, job, {"lease_until": until})


async def finish(connection: AsyncConnection, job: Job, now: datetime) -> bool:
    """Say a claimed job is done. False: somebody else has it by now."""
    values = {"state": JobState.DONE.value, "error": "", "lease_until": None, "updated_at": now}
    return await _change(connection, job, values)


async def fail(connection: AsyncConnection, job: Job, error: str, now: datetime) -> bool:
    """Say a claimed job went wrong: owed again after a growing wait, at last failed."""
    over = job.attempts >= ATTEMPTS
    wait = BACKOFF * 2 ** (job.attempts - 1)
    values = {
        "state": (JobState.FAILED if over else JobState.OWED).value,
        "due_at": now + wait,
        "lease_until": None,
        "error": printable(error)[:2000],
        "updated_at": now,
    }
    return await _change(connection, job, values)


async def release(connection: AsyncConnection, job: Job, now: datetime) -> bool:
    """Give a claimed job back untouched (the worker is stopping): owed at once, not counted."""
    values = {
        "state": JobState.OWED.value,
        "due_at": now,
        "lease_until": None,
        "attempts": job.attempts - 1,
        "updated_at": now,
    }
    return await _change(connection, job, values)


async def _change(connection: AsyncConnection, job: Job, values: Row) -> bool:
    mine = and_(
        jobs.c.id == job.id,
        jobs.c.state == JobState.CLAIMED.value,
        jobs.c.worker == job.worker,
        jobs.c.attempts == job.attempts,  # the same worker may have claimed it a second time
    )
    changed = await connection.execute(update(jobs).where(mine).values(**values))
    return bool(changed.rowcount)


async def retry(connection: AsyncConnection, call: CallId, now: datetime) -> bool:
    """Owe a failed job again, from its first attempt. For a person's hand."""
    changed = await connection.execute(
        update(jobs)
        .where(jobs.c.call_id == call, jobs.c.state == JobState.FAILED.value)
        .values(state=JobState.OWED.value, due_at=now, attempts=0, updated_at=now)
    )
    return bool(changed.rowcount)


async def find(
    connection: AsyncConnection, state: JobState | None, call: CallId | None, limit: int
) -> list[Job]:
    """List jobs, the longest due first."""
    wanted = select(jobs).order_by(jobs.c.due_at, jobs.c.id).limit(limit)
    if state is not None:
        wanted = wanted.where(jobs.c.state == state.value)
    if call is not None:
        wanted = wanted.where(jobs.c.call_id == call)
    return [_job(row) for row in (await connection.execute(wanted)).mappings()]


def _job(row: Row) -> Job:
    return Job(
        id=row["id"],
        call=CallId(row["call_id"]),
        kind=row["kind"],
        centre=row["centre"],
        state=JobState(row["state"]),
        due_at=row["due_at"],
        lease_until=row["lease_until"],
        worker=row["worker"],
        attempts=row["attempts"],
        error=row["error"],
    )

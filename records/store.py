"""Everything that is kept about calls, behind one object: each method is one transaction.

Whatever is written twice is keyed by its call, so that resync, retries and replays are free.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

import structlog
from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite

from cti.effects import (
    CloseSeatTimes,
    CompleteDraft,
    Fact,
    WriteCall,
    WriteJournal,
    WriteSeatTime,
)
from cti.ids import AgentId, CallId, CentreId, SeatId
from records import callrows, eventrows, leases, linkage, orders, seattimes
from records.audits import add_audit
from records.callrecord import CallRecord
from records.database import Database, upgrade
from records.draft import Spoken, WorkOrderDraft
from records.keyring import KeyFileError, PatientRing, Ring
from records.leases import Job, JobState
from records.orders import Order, OrderFilter, Segment
from records.sealing import KeyMissingError
from records.tables import calls, cursors, jobs, recordings, work_orders

log = structlog.get_logger()


def _utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFiles:
    """A call's recording: file names under ``settings.recordings``, and how long it is."""

    call: CallId
    rx: str | None
    """What the caller says."""
    tx: str | None
    """What the caller hears."""
    stereo: str | None
    """Both in one file, made by the worker: left the caller, right what the caller hears."""
    seconds: float


class CallStore:
    """Calls, journal, work orders, transcripts, recordings and jobs.

    Safe for many tasks and many processes at once. Every method raises SQLAlchemy's own errors
    when the database is away; none retries by itself: that is the outbox's and the worker's part.
    """

    def __init__(self, database: Database, now: Callable[[], datetime] = _utc_now) -> None:
        self.database = database
        self._now = now
        self.on_record: Callable[[CallRecord], None] = lambda _record: None
        """Told of every call's record once it is written, whoever wrote it through this store."""
        self.has_interface: Callable[[CentreId, str], bool] = lambda _centre, _line: False
        """Which other houses can be told something (``records.linkage``)."""
        self.hears_events: eventrows.HearsEvents = lambda _centre: False
        """Whether a program beside us is told of calls (``records.eventrows``)."""
        self.takes_orders: Callable[[CentreId], bool] = lambda _centre: False
        """Whether a centre's orders are delivered to a platform (``records.delivering``)."""
        self.on_owed: Callable[[], None] = lambda: None
        """Called when somebody is owed a message."""

    @classmethod
    async def open(cls, url: str, ring: Ring | None = None) -> Self:
        """Migrate the database at ``url`` and open it, sealed with the newest of those keys.

        Raises ``KeyMissingError`` at once when it was sealed with a key that is not among them;
        with a ``PatientRing`` it opens nevertheless, and writes when that key is back.
        """
        await upgrade(url)
        store = cls(Database(url, ring))
        try:
            await store._read_one()
        except (KeyMissingError, KeyFileError) as lost:
            if not isinstance(ring, PatientRing):
                await store.close()
                raise
            if isinstance(lost, KeyMissingError):
                ring.wait_for(lost.key)
            log.error(
                "sealed without keys: calls are answered, facts wait in a file", why=str(lost)
            )
        except BaseException:
            await store.close()
            raise
        return store

    async def _read_one(self) -> None:
        """Read the last caller and order: whoever lost the keys hears of it before writing."""
        async with self.database.reading() as connection:
            wanted = select(calls.c.ani, work_orders.c.draft).outerjoin(work_orders)
            last = wanted.where(calls.c.ani != "").order_by(calls.c.arrived_at.desc()).limit(1)
            (await connection.execute(last)).first()

    async def close(self) -> None:
        """Give all connections back."""
        await self.database.close()

    # --- facts: what the switch says -----------------------------------------------------------

    async def write_facts(self, facts: Sequence[Fact]) -> None:
        """Write a batch in one transaction: all of it, or none and an exception."""
        now = self._now()
        async with self.database.writing() as connection:
            records = [fact.record for fact in facts if isinstance(fact, WriteCall)]
            if records:
                await callrows.write_records(connection, records, now)
            lines = [fact for fact in facts if isinstance(fact, WriteJournal)]
            await callrows.write_journal(connection, lines)
            is_owed = await linkage.note(connection, lines, self.has_interface, now)
            stretches = [fact.stretch for fact in facts if isinstance(fact, WriteSeatTime)]
            await seattimes.write(connection, stretches)
            is_owed |= await eventrows.note(connection, records, lines, self.hears_events, now)
            for fact in facts:  # after the stretches: one spilled by a brain before is closed, too
                if isinstance(fact, CloseSeatTimes):
                    await seattimes.close_open(connection, fact)
            over = [fact.call for fact in facts if isinstance(fact, CompleteDraft)]
            if over:
                await leases.owe(connection, over, now)
        for record in records:
            self.on_record(record)
        if is_owed:
            self.on_owed()

    async def write_call(self, record: CallRecord) -> None:
        """Write a call's record where it knows better than what is kept (``records.merge``).

        The first record of a call opens its one draft work order too.
        """
        await self.write_facts([WriteCall(record=record)])

    async def write_calls(self, records: Iterable[CallRecord]) -> None:
        """As ``write_call``, many in one transaction."""
        await self.write_facts([WriteCall(record=record) for record in records])

    async def write_journal(self, line: WriteJournal) -> None:
        """Append a line to a call's journal, once."""
        await self.write_facts([line])

    async def owe_draft(self, call: CallId) -> None:
        """Owe the call's completed draft, once: a job for the worker."""
        await self.write_facts([CompleteDraft(call=call)])

    # --- reading calls ---------------------------------------------------------------------------

    async def call(self, call: CallId) -> CallRecord | None:
        """Read one call."""
        async with self.database.reading() as connection:
            return next(iter(await callrows.read_records(connection, [call])), None)

    async def calls(
        self,
        *,
        centre: CentreId | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 100,
        offset: int = 0,
    ) -> list[CallRecord]:
        """List calls, newest first."""
        wanted = select(calls.c.call_id).order_by(calls.c.arrived_at.desc(), calls.c.call_id.desc())
        if centre is not None:
            wanted = wanted.where(calls.c.centre == centre)
        if since is not None:
            wanted = wanted.where(calls.c.arrived_at >= since)
        if until is not None:
            wanted = wanted.where(calls.c.arrived_at < until)
        async with self.database.reading() as connection:
            found = (await connection.scalars(wanted.limit(limit).offset(offset))).all()
            records = await callrows.read_records(connection, [CallId(call) for call in found])
        return records[::-1]

    async def calls_about(self, call: CallId) -> list[CallRecord]:
        """The calls out about that call, in the order they were made."""
        wanted = select(calls.c.call_id).where(calls.c.about == call)
        async with self.database.reading() as connection:
            found = [CallId(one) for one in await connection.scalars(wanted)]
            records = await callrows.read_records(connection, found)
        return sorted(records, key=lambda one: (one.arrived_at, one.call))

    async def records(self, of: Sequence[CallId]) -> list[CallRecord]:
        """Read those of the given calls that are kept."""
        async with self.database.reading() as connection:
            return await callrows.read_records(connection, of)

    async def unended(self) -> list[CallRecord]:
        """Read the calls that nobody has seen end."""
        wanted = select(calls.c.call_id).where(calls.c.ended_at.is_(None))
        async with self.database.reading() as connection:
            found = [CallId(call) for call in await connection.scalars(wanted)]
            return await callrows.read_records(connection, found)

    async def without_job(self) -> list[CallId]:
        """Name the calls that have ended and were never owed a draft."""
        owed = select(jobs.c.call_id).where(jobs.c.kind == leases.DRAFT)
        wanted = select(calls.c.call_id).where(
            calls.c.ended_at.is_not(None), calls.c.call_id.not_in(owed)
        )
        async with self.database.reading() as connection:
            return [CallId(call) for call in await connection.scalars(wanted)]

    async def who_sat(self, seat: SeatId, at: datetime) -> AgentId:
        """Say who sat at a seat that talked then; '' if nobody is known."""
        async with self.database.reading() as connection:
            return await seattimes.who_sat(connection, seat, at)

    async def journal(self, call: CallId) -> list[WriteJournal]:
        """Read a call's journal in the order it happened."""
        async with self.database.reading() as connection:
            return await callrows.read_journal(connection, call)

    # --- work orders ---------------------------------------------------------------------------

    async def save_draft(
        self, call: CallId, draft: WorkOrderDraft, spoken: Sequence[Spoken]
    ) -> bool:
        """Replace the call's draft and transcript; False when an agent has taken it over.

        The order keeps the id and the centre it was opened with.
        """
        if draft.call_id != call:
            raise ValueError(f"a draft of {draft.call_id} cannot be saved for {call}")
        async with self.database.writing() as connection:
            return await orders.save(connection, draft, spoken, self._now())

    async def grow_draft(self, call: CallId, draft: WorkOrderDraft) -> str:
        """Replace the draft of a call that still talks; the order's id, '' when it grows no more.

        The final draft, an order handed in, and what an agent wrote are never overwritten.
        """
        if draft.call_id != call:
            raise ValueError(f"a draft of {draft.call_id} cannot be saved for {call}")
        async with self.database.writing() as connection:
            return await orders.grow(connection, draft, self._now())

    async def orders(self, chosen: OrderFilter = OrderFilter()) -> list[Order]:  # noqa: B008 - frozen
        """List work orders, newest first."""
        async with self.database.reading() as connection:
            return await orders.find(connection, chosen)

    async def count_orders(self, chosen: OrderFilter = OrderFilter()) -> int:  # noqa: B008 - frozen
        """Count the work orders a filter lets through, whatever its limit."""
        async with self.database.reading() as connection:
            return await orders.count(connection, chosen)

    async def order(self, order: str) -> Order | None:
        """Read one work order by its id."""
        async with self.database.reading() as connection:
            return await orders.read(connection, order)

    async def order_of(self, call: CallId) -> Order | None:
        """Read the one work order of a call."""
        return next(iter(await self.orders(OrderFilter(call=call))), None)

    async def segments(self, call: CallId) -> list[Segment]:
        """Read a call's transcript in the order it was spoken."""
        async with self.database.reading() as connection:
            return await orders.read_segments(connection, call)

    # --- jobs ------------------------------------------------------------------------------------

    async def claim_job(self, worker: str, lease: timedelta) -> Job | None:
        """Take the job that has been due longest, for ``lease``; None when nothing is due."""
        async with self.database.writing() as connection:
            return await leases.claim(connection, worker, lease, self._now())

    async def renew_job(self, job: Job, lease: timedelta) -> bool:
        """Hold a claimed job for another ``lease``; False when it is somebody else's by now."""
        async with self.database.writing() as connection:
            return await leases.renew(connection, job, self._now() + lease)

    async def finish_job(self, job: Job) -> bool:
        """Say a claimed job is done; False when it is somebody else's by now."""
        async with self.database.writing() as connection:
            return await leases.finish(connection, job, self._now())

    async def fail_job(self, job: Job, error: str) -> bool:
        """Say a claimed job went wrong: tried again later, at last left as failed."""
        async with self.database.writing() as connection:
            return await leases.fail(connection, job, error, self._now())

    async def release_job(self, job: Job) -> bool:
        """Give a claimed job back untouched, because the worker stops."""
        async with self.database.writing() as connection:
            return await leases.release(connection, job, self._now())

    async def retry_job(self, call: CallId) -> bool:
        """Owe a failed job again, from its first attempt."""
        async with self.database.writing() as connection:
            return await leases.retry(connection, call, self._now())

    async def jobs(
        self, state: JobState | None = None, call: CallId | None = None, limit: int = 1000
    ) -> list[Job]:
        """List jobs, the longest due first."""
        async with self.database.reading() as connection:
            return await leases.find(connection, state, call, limit)

    async def count_jobs(self) -> Mapping[JobState, int]:
        """Count the jobs in each state."""
        wanted = select(jobs.c.state, func.count().label("n")).group_by(jobs.c.state)
        async with self.database.reading() as connection:
            found = {row.state: row.n for row in await connection.execute(wanted)}
        return {state: found.get(state.value, 0) for state in JobState}

    # --- recordings, cursors, audit --------------------------------------------------------------

    async def write_recordings(self, files: Sequence[RecordingFiles]) -> None:
        """Say which files hold these calls' recordings. A None leaves what is known."""
        if not files:
            return
        async with self.database.writing() as connection:
            centres = await callrows.centres_of(connection, (f.call for f in files))
            of = sqlite.insert if self.database.is_sqlite else postgresql.insert
            new = of(recordings)
            upsert = new.on_conflict_do_update(
                index_elements=["call_id"],
                set_={
                    **{
                        name: func.coalesce(new.excluded[name], recordings.c[name])
                        for name in ("rx", "tx", "stereo")
                    },
                    "seconds": new.excluded.seconds,
                },
            )
            rows = [
                {
                    "call_id": f.call,
                    "centre": centres[f.call],
                    "rx": f.rx,
                    "tx": f.tx,
                    "stereo": f.stereo,
                    "seconds": f.seconds,
                }
                for f in files
                if f.call in centres
            ]
            if rows:
                await connection.execute(upsert, rows)

    async def recording(self, call: CallId) -> RecordingFiles | None:
        """Say where a call's recording is, if one is known."""
        wanted = select(recordings).where(recordings.c.call_id == call)
        async with self.database.reading() as connection:
            row = (await connection.execute(wanted)).one_or_none()
        if row is None:
            return None
        return RecordingFiles(
            call=call, rx=row.rx, tx=row.tx, stereo=row.stereo, seconds=row.seconds
        )

    async def recorded(self, of: Sequence[CallId]) -> set[CallId]:
        """Name those of the given calls whose recording is known."""
        wanted = select(recordings.c.call_id).where(recordings.c.call_id.in_(of))
        async with self.database.reading() as connection:
            return {CallId(call) for call in await connection.scalars(wanted)}

    async def cursor(self, name: str) -> tuple[int, int]:
        """Say how far a file has been read: inode and offset; (0, 0) when never."""
        wanted = select(cursors.c.inode, cursors.c.offset).where(cursors.c.name == name)
        async with self.database.reading() as connection:
            row = (await connection.execute(wanted)).one_or_none()
        return (0, 0) if row is None else (row.inode, row.offset)

    async def set_cursor(self, name: str, inode: int, offset: int) -> None:
        """Remember how far a file has been read."""
        row = {"name": name, "centre": "", "inode": inode, "offset": offset}
        async with self.database.writing() as connection:
            of = sqlite.insert if self.database.is_sqlite else postgresql.insert
            await connection.execute(
                of(cursors).on_conflict_do_update(
                    index_elements=["name"], set_={"inode": inode, "offset": offset}
                ),
                row,
            )

    async def write_audit(
        self, centre: CentreId, who: str, what: str, data: Mapping[str, str]
    ) -> None:
        """Remember who did what. Never with a caller's number in it."""
        async with self.database.writing() as connection:
            await add_audit(connection, self._now(), centre, who, what, data)

"""Owed drafts are completed once each, whatever dies: on real databases and a real Redis."""

import asyncio
import errno
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bench.ports import free_port
from config.settings import Settings
from cti.ids import CallId
from records.jobs import Complete, Doorbell, Terms, work
from records.leases import ATTEMPTS, JobState
from records.store import CallStore
from records.tables import jobs
from tests.records.conftest import Postgres, RedisServer
from tests.records.samples import CALL, NOON, ended

LEASE = timedelta(minutes=5)
NEVER = Terms(poll_s=3600)
"""A worker that only a ring can wake."""


@dataclass
class Clock:
    """A clock that tests move."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
async def clocked(store: CallStore) -> tuple[CallStore, Clock]:
    """A store whose clock the test moves, with one call whose draft is owed."""
    clock = Clock()
    moved = CallStore(store.database, clock)
    await moved.write_call(ended())
    await moved.owe_draft(CALL)
    return moved, clock


async def test_a_draft_is_owed_once(clocked: tuple[CallStore, Clock]) -> None:
    """Owed again, also after it was done, changes nothing."""
    store, _ = clocked
    await store.owe_draft(CALL)
    job = await store.claim_job("w", LEASE)
    assert job is not None
    assert await store.finish_job(job)
    await store.owe_draft(CALL)
    assert await store.claim_job("w", LEASE) is None
    assert (await store.count_jobs())[JobState.DONE] == 1


async def test_two_workers_never_get_the_same_job(store: CallStore) -> None:
    """Twenty workers at once, fifteen jobs: each job goes to one."""
    for n in range(15):
        await store.owe_draft(CallId(f"node1-{n}"))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(store.claim_job(f"w{n}", LEASE)) for n in range(20)]
    jobs = [job.call for task in tasks if (job := task.result()) is not None]
    # a PostgreSQL worker may have looked away from a row another was just taking
    while (job := await store.claim_job("last", LEASE)) is not None:
        jobs.append(job.call)
    assert sorted(jobs) == sorted(f"node1-{n}" for n in range(15))


async def test_a_dead_workers_job_is_claimed_again(clocked: tuple[CallStore, Clock]) -> None:
    """Not before its lease ran out; what the dead one says afterwards changes nothing."""
    store, clock = clocked
    dead = await store.claim_job("dead", LEASE)
    assert dead is not None
    clock.at += LEASE
    assert await store.claim_job("w", LEASE) is None
    clock.at += timedelta(seconds=1)
    job = await store.claim_job("w", LEASE)
    assert job is not None
    assert (job.call, job.attempts) == (CALL, 2)
    assert not await store.finish_job(dead)
    assert not await store.renew_job(dead, LEASE)
    assert not await store.fail_job(dead, "late")
    assert await store.finish_job(job)


async def test_a_renewed_lease_is_nobody_elses(clocked: tuple[CallStore, Clock]) -> None:
    """A worker that lives keeps its job."""
    store, clock = clocked
    job = await store.claim_job("w", LEASE)
    assert job is not None
    clock.at += LEASE
    assert await store.renew_job(job, LEASE)
    clock.at += LEASE
    assert await store.claim_job("other", LEASE) is None


async def test_a_job_that_fails_waits_longer_each_time_and_then_stands_as_failed(
    clocked: tuple[CallStore, Clock],
) -> None:
    """Bounded attempts with growing waits; the reason is kept; a person may start it again."""
    store, clock = clocked
    waits = []
    for _ in range(ATTEMPTS):
        job = await store.claim_job("w", LEASE)
        assert job is not None
        assert await store.fail_job(job, "坏\0了")
        (row,) = await store.jobs()
        waits.append(row.due_at - clock.at)
        assert await store.claim_job("w", LEASE) is None
        clock.at = row.due_at
    assert waits == sorted(set(waits))
    (row,) = await store.jobs(JobState.FAILED)
    assert row.error == "坏了"
    assert await store.claim_job("w", LEASE) is None
    assert await store.retry_job(CALL)
    assert await store.claim_job("w", LEASE) is not None


async def test_a_job_that_kills_its_workers_ends_as_failed(
    clocked: tuple[CallStore, Clock],
) -> None:
    """A call no worker survives does not kill workers for ever."""
    store, clock = clocked
    for _ in range(ATTEMPTS):
        assert await store.claim_job("w", LEASE) is not None
        clock.at += LEASE + timedelta(seconds=1)
    assert await store.claim_job("w", LEASE) is None
    (job,) = await store.jobs(call=CALL)
    assert job.state is JobState.FAILED


async def test_a_job_given_back_is_no_attempt(clocked: tuple[CallStore, Clock]) -> None:
    """A worker that stops properly costs the call nothing."""
    store, _ = clocked
    for _ in range(ATTEMPTS + 1):
        job = await store.claim_job("w", LEASE)
        assert job is not None
        assert await store.release_job(job)
    (job,) = await store.jobs()
    assert (job.state, job.attempts) == (JobState.OWED, 0)


# --- the worker ----------------------------------------------------------------------------


@dataclass
class Completed:
    """A worker's hands: counts what they were given."""

    calls: Counter[str] = field(default_factory=Counter)

    async def __call__(self, call: CallId) -> None:
        self.calls[call] += 1


def _settings(home: Path, redis: str) -> Settings:
    return Settings(home=home, redis_url=redis)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for something to come true."""
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - nothing rings for it
            await asyncio.sleep(0.01)


@asynccontextmanager
async def working(settings: Settings, complete: Complete, terms: Terms) -> AsyncIterator[None]:
    """Run a worker as ``hotline work`` does."""
    stop = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(work(settings, complete, stop, terms))
        yield
        stop.set()


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[CallStore]:
    """The brain's store."""
    store = await CallStore.open(settings.sql_url)
    yield store
    await store.close()


async def rung_until(bell: Doorbell, condition: Callable[[], bool]) -> None:
    """Ring until it helps: a worker needs a moment before it listens."""
    async with asyncio.timeout(30):
        while not condition():
            await bell.ring(CALL)
            await asyncio.sleep(0.05)


@pytest.mark.redis
async def test_a_ring_wakes_the_worker(tmp_path: Path, redis_server: RedisServer) -> None:
    """Through taskiq and a real Redis; many rings, one completion."""
    settings = _settings(tmp_path, redis_server.url)
    done = Completed()
    bell = Doorbell(settings)
    async with opened(settings) as store, working(settings, done, NEVER):
        for call in ("node1-1", "node1-2"):
            await store.write_call(ended(call))
            await store.owe_draft(CallId(call))
            await rung_until(bell, lambda call=call: done.calls[call] > 0)  # type: ignore[misc]
        await rung_until(bell, lambda: True)
    await bell.close()
    assert done.calls == {"node1-1": 1, "node1-2": 1}


@pytest.mark.redis
async def test_a_redis_that_dies_and_returns_rings_again(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    """The worker's ear comes back by itself."""
    settings = _settings(tmp_path, redis_server.url)
    done = Completed()
    bell = Doorbell(settings)
    async with opened(settings) as store, working(settings, done, NEVER):
        await store.owe_draft(CallId("node1-1"))
        await rung_until(bell, lambda: done.calls["node1-1"] > 0)
        redis_server.kill()
        await bell.ring(CALL)
        await redis_server.start()
        await store.owe_draft(CallId("node1-2"))
        await rung_until(bell, lambda: done.calls["node1-2"] > 0)
    await bell.close()


async def test_without_redis_work_is_merely_late(tmp_path: Path) -> None:
    """No Redis at all: the ring says nothing, the worker looks into SQL by itself."""
    settings = _settings(tmp_path, f"redis://127.0.0.1:{free_port()}/0")
    done = Completed()
    bell = Doorbell(settings)
    async with opened(settings) as store, working(settings, done, Terms(poll_s=0.1)):
        await store.owe_draft(CALL)
        async with asyncio.timeout(0.8):  # the rule itself: a ring takes 0.5 s at most
            await bell.ring(CALL)
        await until(lambda: done.calls[CALL] > 0)
    await bell.close()
    assert done.calls == {CALL: 1}


async def test_what_complete_raises_fails_the_job_and_not_the_worker(tmp_path: Path) -> None:
    """The next call is completed; the failed one keeps its reason."""
    settings = _settings(tmp_path, f"redis://127.0.0.1:{free_port()}/0")
    done = Completed()

    async def complete(call: CallId) -> None:
        if call == CALL:
            raise ValueError("no speech model")
        await done(call)

    async with opened(settings) as store:
        await store.owe_draft(CALL)
        await store.owe_draft(CallId("node1-2"))
        async with working(settings, complete, Terms(poll_s=0.1)):
            await until(lambda: done.calls["node1-2"] > 0)
        (job,) = await store.jobs(call=CALL)
        assert (job.state, job.error) == (JobState.OWED, "ValueError: no speech model")


async def test_a_full_disk_costs_no_attempt(tmp_path: Path) -> None:
    """However often it is full, the job is done once there is room."""
    settings = _settings(tmp_path, f"redis://127.0.0.1:{free_port()}/0")
    tries = Counter[CallId]()

    async def complete(call: CallId) -> None:
        tries[call] += 1
        if tries[call] <= ATTEMPTS + 2:
            raise OSError(errno.ENOSPC, "No space left on device")

    async with opened(settings) as store:
        await store.owe_draft(CALL)
        async with working(settings, complete, Terms(poll_s=0.1, no_room_s=0.02)):
            await until(lambda: tries[CALL] > ATTEMPTS + 2)
        (job,) = await store.jobs(call=CALL)
        assert (job.state, job.attempts) == (JobState.DONE, 1)


async def test_a_stopping_worker_gives_its_job_back(tmp_path: Path) -> None:
    """Ctrl-C in the middle of a transcription: the next worker starts at once."""
    settings = _settings(tmp_path, f"redis://127.0.0.1:{free_port()}/0")
    begun = asyncio.Event()

    async def complete(call: CallId) -> None:
        begun.set()
        await asyncio.Event().wait()

    async with opened(settings) as store:
        await store.owe_draft(CALL)
        async with working(settings, complete, Terms(poll_s=0.1)):
            await begun.wait()
        (job,) = await store.jobs()
        assert (job.state, job.attempts) == (JobState.OWED, 0)


async def test_a_worker_keeps_its_lease_while_it_works(tmp_path: Path) -> None:
    """A call that outlasts two leases is completed once, though another worker is waiting."""
    settings = _settings(tmp_path, f"redis://127.0.0.1:{free_port()}/0")
    done = Completed()

    async def complete(call: CallId) -> None:
        await asyncio.sleep(6.5)
        await done(call)

    terms = Terms(lease=timedelta(seconds=3), poll_s=0.1)
    async with opened(settings) as store:
        await store.owe_draft(CALL)
        async with working(settings, complete, terms), working(settings, complete, terms):
            await until(lambda: done.calls[CALL] > 0)
            await asyncio.sleep(0.5)
    assert done.calls == {CALL: 1}


async def test_a_job_beyond_all_patience_fails(tmp_path: Path) -> None:
    """A transcription that hangs does not hold its worker for ever."""
    settings = _settings(tmp_path, f"redis://127.0.0.1:{free_port()}/0")
    done = Completed()

    async def complete(call: CallId) -> None:
        if call == CALL:
            await asyncio.Event().wait()
        await done(call)

    async with opened(settings) as store:
        await store.owe_draft(CALL)
        await store.owe_draft(CallId("node1-2"))
        async with working(settings, complete, Terms(poll_s=0.1, longest=timedelta(seconds=0.3))):
            await until(lambda: done.calls["node1-2"] > 0)
        (job,) = await store.jobs(call=CALL)
        assert job.error.startswith("took longer")


async def test_a_worker_waits_for_its_database(tmp_path: Path) -> None:
    """Started before its database can be opened, it stops when told to."""
    (tmp_path / "file").write_text("")
    settings = Settings(
        home=tmp_path,
        redis_url=f"redis://127.0.0.1:{free_port()}/0",
        database_url=f"sqlite+aiosqlite:///{tmp_path / 'file' / 'hotline.db'}",
    )
    async with working(settings, Completed(), Terms()):
        await asyncio.sleep(0.1)


async def test_a_worker_that_lost_its_lease_lets_go(tmp_path: Path) -> None:
    """Somebody else has the call by now: the work is stopped and nothing is said of it."""
    settings = _settings(tmp_path, f"redis://127.0.0.1:{free_port()}/0")
    begun, ended = asyncio.Event(), asyncio.Event()

    async def complete(call: CallId) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with opened(settings) as store:
        await store.owe_draft(CALL)
        async with working(settings, complete, Terms(lease=timedelta(seconds=3), poll_s=0.1)):
            await begun.wait()
            async with store.database.writing() as connection:
                await connection.execute(jobs.update().values(worker="other"))
            await asyncio.wait_for(ended.wait(), 20)
        (job,) = await store.jobs()
        assert (job.state, job.worker) == (JobState.CLAIMED, "other")


@pytest.mark.postgres
async def test_a_database_that_stops_under_a_worker_is_waited_for(
    own_postgres: Postgres, tmp_path: Path
) -> None:
    """Stopped while a call is transcribed and started again: the call is done, so is the next."""
    url = await own_postgres.make()
    settings = Settings(
        home=tmp_path, redis_url=f"redis://127.0.0.1:{free_port()}/0", database_url=url
    )
    done = Completed()
    begun, go = asyncio.Event(), asyncio.Event()

    async def complete(call: CallId) -> None:
        begun.set()
        await go.wait()
        await done(call)

    async with opened(settings) as store:
        await store.owe_draft(CALL)
        async with working(settings, complete, Terms(poll_s=0.1)):
            await begun.wait()
            await asyncio.to_thread(own_postgres.stop)
            go.set()
            await until(lambda: done.calls[CALL] > 0)
            await asyncio.sleep(0.6)
            await asyncio.to_thread(own_postgres.start)
            await store.owe_draft(CallId("node1-2"))
            await until(lambda: done.calls["node1-2"] > 0)
        assert (await store.count_jobs())[JobState.DONE] == 2
    assert done.calls == {CALL: 1, "node1-2": 1}

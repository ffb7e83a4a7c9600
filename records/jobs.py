"""Who wakes the worker, and what a worker does. The SQL row says what is owed; Redis only rings.

A ring goes through taskiq's broker on Redis to every worker at once and holds nothing: lost, late
or doubled, it changes nothing, because a worker also looks into SQL every few seconds.
"""

import asyncio
import errno
import os
import secrets
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from taskiq import TaskiqError
from taskiq.kicker import AsyncKicker
from taskiq.receiver import Receiver
from taskiq_redis import PubSubBroker

from config.settings import Settings
from cti.ids import CallId
from records.keyring import ring
from records.leases import Job
from records.store import CallStore

CHANNEL: Final = "hotline:draft"
TASK: Final = "hotline:draft-owed"
RING_S: Final = 0.5
"""A ring takes this long at most."""
QUIET_S: Final = 2.0
"""After a ring that failed nobody rings for this long: Redis is away and workers look anyway."""

NO_ROOM: Final = "no room"
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT})

Complete = Callable[[CallId], Awaitable[None]]
"""Completes a call's draft. May be run twice for a call, also at once: it must not matter."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How a worker works."""

    lease: timedelta = timedelta(minutes=1)
    """A dead worker's job is taken by another one after this; a living one renews it."""
    longest: timedelta = timedelta(hours=1)
    """A job that takes longer has failed."""
    poll_s: float = 3.0
    """How often to look into SQL when nobody rings."""
    no_room_s: float = 15.0
    """How long to wait when the disk is full: that is no fault of the job."""


class _Bell(PubSubBroker):
    """taskiq's broadcast, which waits for Redis to come back instead of spinning without it."""

    async def listen(self) -> AsyncGenerator[bytes, None]:
        """Give every ring; never ends, never raises because of Redis."""
        while True:
            try:
                async for message in super().listen():
                    yield message
            except (RedisError, OSError) as error:
                log.warning("doorbell away, looking into sql meanwhile", error=type(error).__name__)
            await asyncio.sleep(QUIET_S)


class Doorbell:
    """Wakes workers when something is owed. For the outbox, after the job is in SQL."""

    def __init__(self, settings: Settings) -> None:
        self._bell = _Bell(settings.redis, queue_name=CHANNEL)
        self._kicker: AsyncKicker[[str], None] = AsyncKicker(TASK, self._bell, {})
        self._quiet_until = 0.0

    async def ring(self, call: CallId) -> None:
        """Ring for a call. Never raises for Redis's sake, never takes longer than ``RING_S``."""
        loop = asyncio.get_running_loop()
        if loop.time() < self._quiet_until:
            return
        try:
            async with asyncio.timeout(RING_S):
                await self._kicker.kiq(call)
        except (TaskiqError, RedisError, OSError) as error:
            self._quiet_until = loop.time() + QUIET_S
            log.warning("doorbell not rung, workers look by themselves", error=type(error).__name__)

    async def close(self) -> None:
        """Give the connection back."""
        await self._bell.shutdown()


async def work(
    settings: Settings,
    complete: Complete,
    stop: asyncio.Event,
    terms: Terms = Terms(),  # noqa: B008 - frozen
) -> None:
    """Complete owed drafts, one at a time, until ``stop`` is set.

    Waits for a database that is away. A job under way when ``stop`` comes is given back at once.
    Whatever ``complete`` raises is the job's failure: it is tried again with growing waits, and
    after the last attempt left as failed with its reason. A full disk is nobody's failure: the
    job is given back and tried again until there is room.
    """
    store = await _open(settings, stop)
    if store is None:
        return
    rung = asyncio.Event()
    try:
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(_listen(settings, rung))
            await _Worker(store, complete, stop, rung, terms).run()
            listening.cancel()
    finally:
        await store.close()


async def _open(settings: Settings, stop: asyncio.Event) -> CallStore | None:
    while not stop.is_set():
        try:
            return await CallStore.open(settings.sql_url, ring(settings))
        except (SQLAlchemyError, OSError) as error:
            log.warning("database away, waiting for it", error=type(error).__name__)
            await _pause(QUIET_S, stop)
    return None


async def _listen(settings: Settings, rung: asyncio.Event) -> None:
    bell = _Bell(settings.redis, queue_name=CHANNEL)

    async def ring(_call: str) -> None:
        rung.set()

    bell.register_task(ring, task_name=TASK)
    bell.is_worker_process = True
    with ThreadPoolExecutor(max_workers=1) as unused:
        receiver = Receiver(bell, executor=unused, max_async_tasks=1, run_startup=True)
        try:
            await receiver.listen(asyncio.Event())
        finally:
            await bell.shutdown()


async def _pause(seconds: float, *ends: asyncio.Event) -> None:
    """Wait, but not past any of the events."""
    async with asyncio.TaskGroup() as group:
        waits = [group.create_task(end.wait()) for end in ends]
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()


class _Worker:
    """One worker's loop: claim, complete, say so."""

    def __init__(
        self,
        store: CallStore,
        complete: Complete,
        stop: asyncio.Event,
        rung: asyncio.Event,
        terms: Terms,
    ) -> None:
        self._store = store
        self._complete = complete
        self._stop = stop
        self._rung = rung
        self._terms = terms
        self._name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(3)}"

    async def run(self) -> None:
        """Work until stopped."""
        while not self._stop.is_set():
            self._rung.clear()
            try:
                job = await self._store.claim_job(self._name, self._terms.lease)
            except (SQLAlchemyError, OSError) as error:
                log.warning("no job can be claimed", error=type(error).__name__)
                await _pause(self._terms.poll_s, self._stop)
                continue
            if job is None:
                await _pause(self._terms.poll_s, self._stop, self._rung)
            else:
                await self._do(job)

    async def _do(self, job: Job) -> None:
        log.info("job claimed", call=job.call, attempt=job.attempts)
        async with asyncio.TaskGroup() as group:
            doing = group.create_task(self._attempt(job))
            keeping = group.create_task(self._keep(job, doing))
            stopping = group.create_task(self._stop.wait())
            await asyncio.wait(
                {doing, stopping},
                timeout=self._terms.longest.total_seconds(),
                return_when=asyncio.FIRST_COMPLETED,
            )
            is_over = doing.done()
            for task in (doing, keeping, stopping):
                task.cancel()
        if is_over and doing.cancelled():
            log.warning("job is somebody else's by now", call=job.call)
        elif is_over:
            await self._say(job, doing.result())
        elif self._stop.is_set():
            await self._tell(lambda: self._store.release_job(job))
        else:
            await self._say(job, f"took longer than {self._terms.longest}")

    async def _attempt(self, job: Job) -> str:
        """Complete the job; give what went wrong, '' if nothing."""
        try:
            await self._complete(job.call)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong is the job's failure
            if isinstance(error, OSError) and error.errno in _NO_ROOM:
                return NO_ROOM
            return f"{type(error).__name__}: {error}"
        return ""

    async def _keep(self, job: Job, doing: asyncio.Task[str]) -> None:
        """Renew the lease while the work goes on; stop working when it is lost."""
        while True:
            await asyncio.sleep(self._terms.lease.total_seconds() / 3)
            try:
                if not await self._store.renew_job(job, self._terms.lease):
                    doing.cancel()
                    return
            except (SQLAlchemyError, OSError) as error:
                # working on is right: if the lease runs out, the work is done twice, harmlessly
                log.warning("lease not renewed", call=job.call, error=type(error).__name__)

    async def _say(self, job: Job, error: str) -> None:
        if not error:
            await self._tell(lambda: self._store.finish_job(job))
            log.info("job done", call=job.call)
            return
        if error is NO_ROOM:
            log.error("disk full, the job waits", call=job.call)
            await self._tell(lambda: self._store.release_job(job))
            await _pause(self._terms.no_room_s, self._stop)
            return
        await self._tell(lambda: self._store.fail_job(job, error))
        # the reason stands in the row: its text may hold what was said, so it stays out of logs
        log.error("job failed", call=job.call, attempt=job.attempts, error=error.split(":")[0])

    async def _tell(self, say: Callable[[], Awaitable[bool]]) -> None:
        """Say how a job ended, a few times if SQL is away; then the lease runs out by itself."""
        for wait in (0.5, 1.0, 2.0, 4.0, 0.0):
            try:
                await say()
            except (SQLAlchemyError, OSError) as error:
                log.warning("job's end not written", error=type(error).__name__)
                await asyncio.sleep(wait)
            else:
                return

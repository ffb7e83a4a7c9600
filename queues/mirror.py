"""Seat states in Redis, so that a restarted brain knows who sat where. Redis may be away.

Only the newest state of a seat counts: while Redis is away they wait here, one per seat.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from pydantic import TypeAdapter, ValidationError
from redis.asyncio import Redis
from redis.exceptions import RedisError

from cti.ids import SeatId
from queues.seat import SeatView

KEY: Final = "hotline:seats"
READ_S: Final = 1.0
"""Deadline of a read: a starting brain does not wait for Redis."""
WRITE_S: Final = 2.0
GATHER_S: Final = 0.25
"""How long a seat's change waits for company: a call makes four, and only the last one counts."""
BACKOFF_S: Final = 1.0

log = structlog.get_logger()

_VIEW: Final = TypeAdapter(SeatView)


class RedisMirror:
    """``cti.ports.Mirror`` on Redis. ``run`` is to be run once, as a task, until cancelled."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_timeout=WRITE_S, socket_connect_timeout=READ_S)
        self._waiting: dict[SeatId, SeatView] = {}
        self._wake = asyncio.Event()

    def put(self, view: SeatView) -> None:
        """Take one seat's state over. Never blocks; the newest state of a seat wins."""
        self._waiting[view.seat] = view
        self._wake.set()

    async def read(self) -> Sequence[SeatView]:
        """Give all that is known, by seat; nothing when Redis does not answer within 1 s.

        What cannot be read (an older program's) is left out and said.
        """
        try:
            async with asyncio.timeout(READ_S):
                kept = await self._redis.hgetall(KEY)
        except (RedisError, OSError) as error:
            log.warning("mirror cannot be read", error=type(error).__name__)
            return []
        views = []
        for seat, text in sorted(kept.items()):
            try:
                views.append(_VIEW.validate_json(text))
            except ValidationError:
                log.warning("mirrored seat cannot be read", seat=str(seat))
        return views

    async def run(self) -> None:
        """Write what is put, again and again while Redis is away. Ends only when cancelled."""
        is_away = False
        try:
            while True:
                await self._wake.wait()
                await asyncio.sleep(GATHER_S)
                self._wake.clear()
                batch = dict(self._waiting)
                try:
                    await self._write(batch)
                except (RedisError, OSError) as error:
                    if not is_away:
                        log.warning("mirror away, seats wait", error=type(error).__name__)
                    is_away = True
                    self._wake.set()
                    await asyncio.sleep(BACKOFF_S)
                    continue
                if is_away:
                    log.info("mirror is back", seats=len(batch))
                is_away = False
                for seat, view in batch.items():
                    if self._waiting.get(seat) is view:
                        del self._waiting[seat]
        finally:
            await self._redis.aclose()

    async def _write(self, batch: dict[SeatId, SeatView]) -> None:
        if not batch:
            return
        async with asyncio.timeout(WRITE_S):
            await self._redis.hset(
                KEY, items=[text for seat in batch for text in (seat, _VIEW.dump_json(batch[seat]))]
            )

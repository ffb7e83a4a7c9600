"""The line between brain and listener: Redis, publish and subscribe. An edge.

Redis may be away: what was to be told meanwhile is lost, which costs live text and nothing else.
"""

import asyncio
from collections.abc import AsyncIterator

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

AWAY_S = 2.0
"""How long to wait before Redis is tried again."""
TELL_S = 0.5

log = structlog.get_logger()


class LiveLine:
    """One end of it. ``close`` it."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, socket_timeout=None, socket_connect_timeout=1.0)
        self._is_away = False

    async def tell(self, channel: str, text: str) -> bool:
        """Tell whoever listens. Never raises for Redis's sake, never takes longer than ``TELL_S``.

        False: nobody was told.
        """
        try:
            async with asyncio.timeout(TELL_S):
                await self._redis.publish(channel, text)
        except (RedisError, OSError) as error:
            if not self._is_away:
                log.warning("live line away", error=type(error).__name__)
            self._is_away = True
            return False
        self._is_away = False
        return True

    async def hear(self, channel: str) -> AsyncIterator[bytes]:
        """Give every message, for ever; waits for a Redis that is away."""
        while True:
            try:
                async with self._redis.pubsub() as ear:
                    await ear.subscribe(channel)
                    async for message in ear.listen():
                        if message["type"] == "message":
                            yield message["data"]
            except (RedisError, OSError) as error:
                log.warning("live line cannot be heard", error=type(error).__name__)
            await asyncio.sleep(AWAY_S)

    async def close(self) -> None:
        """Give the connections back."""
        await self._redis.aclose()

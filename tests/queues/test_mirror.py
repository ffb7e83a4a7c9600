"""Seat states outlive the brain, and Redis may be away: against a real Redis."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bench.ports import free_port
from cti.ids import AgentId, CallId, CentreId, SeatId
from queues.mirror import KEY, RedisMirror
from queues.seat import AgentState, SeatView
from tests.records.conftest import RedisServer

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
VIEW = SeatView(
    seat=SeatId("chifeng-1001"),
    centre=CentreId("chifeng"),
    extension="1001",
    agent=AgentId("王芳"),
    state=AgentState.WRAP_UP,
    reason="",
    since=NOON,
    until=NOON + timedelta(seconds=30),
    call=CallId("node1-1795147200.1"),
    has_phone=True,
)
OTHER = replace(
    VIEW, seat=SeatId("chifeng-1002"), extension="1002", agent=None, until=None, call=None
)


@pytest.fixture
async def redis_server(tmp_path: Path) -> AsyncIterator[RedisServer]:
    """A running Redis of the test's own."""
    server = RedisServer(place=tmp_path, port=free_port())
    await server.start()
    yield server
    server.kill()


@asynccontextmanager
async def running(url: str) -> AsyncIterator[RedisMirror]:
    """A mirror as the brain runs it."""
    mirror = RedisMirror(url)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(mirror.run())
        yield mirror
        task.cancel()


async def shows(
    mirror: RedisMirror, wanted: Callable[[Sequence[SeatView]], bool]
) -> Sequence[SeatView]:
    """Read until the mirror shows it."""
    async with asyncio.timeout(20):
        while not wanted(views := await mirror.read()):  # noqa: ASYNC110 - Redis rings nobody
            await asyncio.sleep(0.02)
    return views


@pytest.mark.redis
async def test_a_restarted_brain_reads_every_seat(redis_server: RedisServer) -> None:
    """What one brain put, the next one reads, as it was."""
    async with running(redis_server.url) as mirror:
        mirror.put(VIEW)
        mirror.put(OTHER)
        await shows(mirror, lambda views: len(views) == 2)
    async with running(redis_server.url) as mirror:
        assert await mirror.read() == [VIEW, OTHER]


@pytest.mark.redis
async def test_the_newest_state_of_a_seat_wins(redis_server: RedisServer) -> None:
    """Put faster than Redis writes, the last one stands."""
    async with running(redis_server.url) as mirror:
        for n in range(500):
            mirror.put(replace(VIEW, since=NOON + timedelta(seconds=n)))
        last = NOON + timedelta(seconds=499)
        (view,) = await shows(mirror, lambda views: [v.since for v in views] == [last])
        assert view.since == last


@pytest.mark.redis
async def test_a_redis_that_returns_gets_what_it_missed(redis_server: RedisServer) -> None:
    """Killed and empty afterwards: what was put meanwhile is written by itself."""
    async with running(redis_server.url) as mirror:
        mirror.put(OTHER)
        await shows(mirror, lambda views: len(views) == 1)
        redis_server.kill()
        mirror.put(VIEW)
        assert await mirror.read() == []
        await redis_server.start()
        await shows(mirror, lambda views: VIEW in views)


async def test_without_redis_nobody_waits() -> None:
    """A read gives nothing, a put returns, within the port's second."""
    async with running(f"redis://127.0.0.1:{free_port()}/0") as mirror:
        mirror.put(VIEW)
        async with asyncio.timeout(1.5):
            assert await mirror.read() == []


async def test_a_redis_that_takes_connections_and_says_nothing_is_not_waited_for() -> None:
    """A frozen Redis is as good as none: the read ends at its deadline."""
    held: list[asyncio.StreamWriter] = []

    async def silent(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)

    port = free_port()
    server = await asyncio.start_server(silent, "127.0.0.1", port)
    async with server, running(f"redis://127.0.0.1:{port}/0") as mirror:
        mirror.put(VIEW)
        async with asyncio.timeout(2):
            assert await mirror.read() == []
    for writer in held:
        writer.close()


@pytest.mark.redis
async def test_a_seat_that_cannot_be_read_does_not_hide_the_others(
    redis_server: RedisServer,
) -> None:
    """An older program's words are left out."""
    client = Redis.from_url(redis_server.url)
    await client.hset(KEY, "chifeng-1009", '{"state": "dancing"}')
    await client.aclose()
    async with running(redis_server.url) as mirror:
        mirror.put(VIEW)
        assert await shows(mirror, lambda views: len(views) == 1) == [VIEW]

"""``hotline up`` as a process: what dies is started again, Ctrl-C leaves nothing, talks survive."""

import asyncio
import os
import signal
from pathlib import Path

import aiohttp
import pytest

from bench.deskclient import DeskClient
from bench.phone import Softphone
from config.render import cli, secret
from records.keyring import ring
from records.store import CallStore
from tests.system.city import until
from tests.system.up import (
    FIRST_READY_S,
    NAMES,
    SERVING,
    Up,
    hotline,
    installation,
    is_alive,
    killed,
    nothing_left,
)

pytestmark = [pytest.mark.asterisk, pytest.mark.speech, pytest.mark.timeout(400)]

READY_WITHIN_S = 15.0
BACK_WITHIN_S = 10.0
WHOLE_CITY_READY_S = 180.0
"""A first start, with what is missing of Chifeng's prompts still to be spoken."""


async def _answers(up: Up) -> bool:
    """Whether ``/readyz`` says 200."""
    url = f"http://{up.settings.host}:{up.settings.http_port}/readyz"
    try:
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


async def test_whatever_is_killed_is_started_again_and_said(folder: Path) -> None:
    """A ``kill -9`` of brain, worker, Redis and Asterisk in turn: each is back within seconds."""
    settings = installation(folder)
    async with Up(settings) as up:
        await up.serving()
        for name in reversed(NAMES):
            assert await killed(up, name) < BACK_WITHIN_S, name
            await up.says(f"{name} 意外退出, 正在重启")
            await until(lambda: _answers(up), 15, f"ready after {name}")
        assert up.console.count("意外退出") == len(NAMES)
        await up.interrupt()
        assert up.process.returncode == 0
        await nothing_left(settings)


async def test_the_second_start_is_ready_in_fifteen_seconds(folder: Path) -> None:
    """With prompts and models cached; and a second one beside it is refused with a reason."""
    settings = installation(folder)
    async with Up(settings) as first:
        await first.serving()
        refused = await asyncio.to_thread(hotline, settings, "up")
        assert refused.returncode == 1
        assert f"hotline up 已在运行 (pid {first.process.pid}" in refused.stderr
        assert all(first.pid(name) for name in NAMES), "the refused one touched nothing"
        assert await first.interrupt() < 15
        assert "已全部停止" in first.console
    await nothing_left(settings)
    async with Up(settings) as second:
        assert await second.serving(READY_WITHIN_S) < READY_WITHIN_S


async def test_a_whole_citys_second_start_is_ready_in_fifteen_seconds(folder: Path) -> None:
    """Chifeng as it is shipped, all its lines and prompts, once they were spoken."""
    settings = installation(folder, profile="chifeng")
    async with Up(settings) as first:
        assert len(first.profile.lines) > 30
        await first.serving(WHOLE_CITY_READY_S)
        await first.interrupt()
    await nothing_left(settings)
    async with Up(settings) as second:
        assert await second.serving(READY_WITHIN_S) < READY_WITHIN_S
        assert await _answers(second)


async def test_a_killed_supervisor_costs_nobody_the_call(folder: Path, phones: Softphone) -> None:
    """SIGKILL of the supervisor, then a new one: it takes all over and the talk goes on."""
    settings = installation(folder)
    async with Up(settings) as first:
        await first.serving()
        made = await asyncio.to_thread(
            hotline,
            settings,
            "users",
            "add",
            "anna",
            "--role",
            "agent",
            HOTLINE_PASSWORD="s3cret-pw",
        )
        assert made.returncode == 0, made.stderr
        pids = {name: first.pid(name) for name in NAMES}
        url = f"http://{settings.host}:{settings.http_port}"
        seat = first.profile.seat_id(first.profile.seats[0])
        password = secret(settings, f"seat-{seat}")
        line = await phones.register(seat, password, settings.host, settings.sip_port)
        await line.auto_answer(0.2)
        async with DeskClient(url, "anna", "s3cret-pw") as desk, asyncio.TaskGroup() as group:
            reading = group.create_task(desk.read())
            await desk.sit(first.profile.seats[0].extension)
            caller = await phones.call(
                "8337772", ani="13900000011", host=settings.host, port=settings.sip_port
            )
            await desk.wait("pop", 15)
            await until(lambda: _channels(first) == 2, 10, "caller and seat talk")
            first.process.kill()
            first.process.wait()
            async with Up(settings) as second:
                await second.serving(READY_WITHIN_S)
                assert "接管了仍在运行的进程" in second.console
                assert {name: second.pid(name) for name in NAMES} == pids
                assert not caller.is_over
                assert _channels(second) == 2
                assert await killed(second, "worker") < BACK_WITHIN_S, "what it took over, it holds"
                await caller.hangup()
                await caller.ended(5)
                await _one_answered_call(second)
                reading.cancel()
    await nothing_left(settings)
    assert not any(is_alive(pid) for pid in pids.values())


def _channels(up: Up) -> int:
    return int(cli(up.settings, "core show channels count").split(maxsplit=1)[0])


async def _one_answered_call(up: Up) -> None:
    store = await CallStore.open(up.settings.sql_url, ring(up.settings))
    try:

        async def is_ended() -> bool:
            return all(call.ended_at is not None for call in await store.calls())

        await until(is_ended, 15, "the call's end is written")
        [record] = await store.calls()
        assert (record.disposition.value, record.cause, len(record.talks)) == ("answered", 16, 1)
        [talk] = record.talks
        assert talk.until is not None
        assert (talk.until - talk.since).total_seconds() > 1
    finally:
        await store.close()


async def test_ctrl_c_while_prompts_are_made_ends_at_once(folder: Path) -> None:
    """Nobody who changes their mind waits for forty sentences to be spoken."""
    usual = installation(folder)
    cache = folder / "cache"
    cache.mkdir()
    (cache / "models").symlink_to(usual.cache / "models")
    settings = usual.model_copy(update={"cache": cache})
    async with Up(settings) as up:
        await until(lambda: any((cache / "prompts").glob("*.sha256")), 60, "a first sentence")
        assert await up.interrupt() < 5
        assert SERVING not in up.console
        assert up.process.returncode == 0
    await nothing_left(settings)


async def test_a_port_that_somebody_holds_is_named_before_anything_starts(folder: Path) -> None:
    """The administrator learns which port, who holds it, and which variable moves ours."""
    settings = installation(folder)
    server = await asyncio.start_server(lambda _r, w: w.close(), settings.host, settings.ami_port)
    async with server:
        refused = await asyncio.to_thread(hotline, settings, "up")
    assert refused.returncode == 1
    assert str(settings.ami_port) in refused.stderr
    assert f"pid {os.getpid()}" in refused.stderr
    assert "HOTLINE_AMI_PORT" in refused.stderr
    assert not list((settings.home / "run").glob("*.pid"))


async def test_a_termination_is_as_good_as_ctrl_c(folder: Path) -> None:
    """What a service manager sends ends everything in order too."""
    settings = installation(folder)
    async with Up(settings) as up:
        await up.serving(FIRST_READY_S)
        up.process.send_signal(signal.SIGTERM)
        await up.ended()
        assert up.process.returncode == 0
    await nothing_left(settings)

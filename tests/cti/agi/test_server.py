"""Whoever connects to the FastAGI listener, the loop goes on and callers get their dialogue."""

import asyncio
import os
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace

import pytest

from cti.agi.server import AgiServer
from cti.agi.session import AgiSession
from tests.cti.agi.phone import QUICK, block, calling, serving
from tests.cti.ami.peer import StallWatch, until

STRANGERS = {
    "nothing at all": b"",
    "one byte": b"a",
    "HTTP": b"GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: scan\r\n\r\n",
    "TLS hello": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 300 + b"\n\n",
    "SSH": b"SSH-2.0-OpenSSH_9.2\r\n",
    "half a block": block()[:200],
    "a block without the caller's end": block().split(b"agi_calleridname")[0] + b"\n",
    "cut UTF-8 and no more": block(agi_calleridname="坐席")[:260],
    "an endless line": b"agi_network: yes\nagi_network_script: " + b"x" * 100_000,
    "endless headers": b"agi_network: yes\n" + b"agi_arg_1: x\n" * 10_000,
    "empty lines": b"\n\n\n\n",
    "no such dialogue": block(agi_network_script="nosuch"),
}


async def greet(session: AgiSession) -> None:
    """The shortest dialogue."""
    await session.set_variable("GREETED", "yes")


@asynccontextmanager
async def greeting(**limits: int) -> AsyncIterator[AgiServer]:
    async with serving({"survey": greet}, replace(QUICK, **limits)) as server:
        yield server


async def is_greeted(server: AgiServer) -> bool:
    """A caller comes now; does it get its dialogue?"""
    async with calling(server) as line:
        line.say(block())
        await line.answer('SET VARIABLE "GREETED" "yes"', b"200 result=1\n")
        return await line.is_closed()


async def test_a_caller_gets_the_dialogue_asked_for() -> None:
    """By the path of the address; its query belongs to the dialogue."""
    async with greeting() as server:
        assert await is_greeted(server)
        async with calling(server) as line:
            line.say(block(agi_network_script="survey?round=2"))
            assert await line.hear() == 'SET VARIABLE "GREETED" "yes"'
    assert server.turned_away == 0


@pytest.mark.parametrize("first", STRANGERS.values(), ids=STRANGERS.keys())
@pytest.mark.parametrize("goes", [True, False], ids=["and goes", "and stays"])
async def test_a_stranger_is_turned_away(first: bytes, goes: bool) -> None:
    """Within the header's deadline, without a stall, and the next caller is served."""
    watch = StallWatch()
    async with greeting() as server, asyncio.TaskGroup() as tasks:
        watching = tasks.create_task(watch.run())
        async with calling(server) as line:
            line.say(first)
            if goes:
                line.writer.close()
            else:
                assert await line.is_closed(within_s=1.0)
        await until(lambda: server.turned_away == 1)
        assert await is_greeted(server)
        watching.cancel()
    assert watch.longest_s() < 0.25


@pytest.mark.parametrize("half", [b"\xe5", b"\xe5\x9d", "坐".encode() + b"\xe5", b"\xff\xfe"])
async def test_cut_utf8_in_a_name_costs_that_name_only(half: bytes) -> None:
    """Asterisk cuts names by bytes: what is left of a character reads as U+FFFD."""
    names: list[str] = []

    async def listen(session: AgiSession) -> None:
        names.append(session.headers["agi_calleridname"])

    async with serving({"survey": listen}) as server, calling(server) as line:
        line.say(block().replace(b"agi_calleridname: unknown", b"agi_calleridname: " + half))
        assert await line.is_closed()
    assert names == [half.decode("utf-8", "replace")]


async def test_a_character_cut_in_two_by_the_network_is_whole() -> None:
    """Decoding waits for the whole block."""
    names: list[str] = []

    async def listen(session: AgiSession) -> None:
        names.append(session.headers["agi_calleridname"])

    whole = block(agi_calleridname="坐席一号")
    async with serving({"survey": listen}) as server, calling(server) as line:
        for byte in whole:
            line.say(bytes([byte]))
            await line.writer.drain()
        assert await line.is_closed()
    assert names == ["坐席一号"]


@pytest.mark.parametrize(
    "name",
    [
        "x\nagi_threadid: 1",
        "x\nagi_uniqueid: node1-1.1",
        "x\n\n",
        "x\nagi_network_script: admin\n\n200 result=1",
        "x\r\nHANGUP",
        "x\nHANGUP",
    ],
)
async def test_a_line_break_in_a_callers_name_is_never_believed(name: str) -> None:
    """A forged header, or a block ended early: the caller goes on in the dialplan instead."""
    async with greeting() as server:
        async with calling(server) as line:
            line.say(block(agi_calleridname=name))
            assert await line.is_closed()
        assert server.turned_away == 1
        assert await is_greeted(server)


async def test_a_port_scan_leaves_nothing_behind() -> None:
    """500 connections opened and closed at once: no stall, no task left, callers served."""
    watch = StallWatch()
    async with greeting() as server, asyncio.TaskGroup() as tasks:
        before = len(asyncio.all_tasks())
        watching = tasks.create_task(watch.run())
        for _ in range(500):
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.transport.abort()
        await until(lambda: server.turned_away == 500)
        await until(lambda: len(asyncio.all_tasks()) <= before + 1)
        assert await is_greeted(server)
        watching.cancel()
    assert watch.longest_s() < 0.25


async def test_idle_connections_keep_no_caller_out() -> None:
    """1,000 that say nothing: memory stays bounded and a caller is served among them."""
    asyncio.get_running_loop().set_debug(False)
    watch = StallWatch()
    async with (
        serving({"survey": greet}, replace(QUICK, header_s=30)) as server,
        AsyncExitStack() as idle,
        asyncio.TaskGroup() as tasks,
    ):
        watching = tasks.create_task(watch.run())
        tasks_before, files_before = len(asyncio.all_tasks()), len(os.listdir("/proc/self/fd"))
        for _ in range(1_000):
            await idle.enter_async_context(calling(server))
        await until(lambda: server.turned_away >= 1_000 - QUICK.strangers)
        assert len(asyncio.all_tasks()) <= tasks_before + QUICK.strangers
        # Ours of the 1,000 stay open until the end; the listener's are at most the strangers.
        assert len(os.listdir("/proc/self/fd")) <= files_before + 1_000 + QUICK.strangers
        began = time.monotonic()
        assert await is_greeted(server)
        assert time.monotonic() - began < 0.25
        watching.cancel()
    assert watch.longest_s() < 0.25


async def test_a_caller_too_many_goes_on_in_the_dialplan() -> None:
    """More dialogues than allowed are refused at once, not queued in silence."""
    go = asyncio.Event()

    async def wait(session: AgiSession) -> None:
        await go.wait()

    async with (
        serving({"survey": wait}, replace(QUICK, sessions=2)) as server,
        calling(server) as first,
        calling(server) as second,
        calling(server) as third,
    ):
        for line in (first, second):
            line.say(block())
        await until(lambda: server.sessions == 2)
        third.say(block())
        assert await third.is_closed(within_s=0.5)
        go.set()
        assert await first.is_closed()
        assert await second.is_closed()
        assert server.sessions == 0


async def test_a_dialogue_that_takes_too_long_gives_the_caller_back() -> None:
    """A caller is never held for ever."""

    async def forget(session: AgiSession) -> None:
        await asyncio.Event().wait()

    limits = replace(QUICK, dialogue_s=0.1)
    async with serving({"survey": forget}, limits) as server, calling(server) as line:
        line.say(block())
        assert await line.is_closed(within_s=1)


async def test_a_dialogue_that_fails_harms_no_other() -> None:
    """Its caller goes on in the dialplan; who is in another dialogue notices nothing."""

    async def fail(session: AgiSession) -> None:
        raise KeyError("a fault of ours")

    async with (
        serving({"survey": greet, "broken": fail}) as server,
        calling(server) as talking,
        calling(server) as failing,
    ):
        talking.say(block())
        assert await talking.hear() == 'SET VARIABLE "GREETED" "yes"'
        failing.say(block(agi_network_script="broken"))
        assert await failing.is_closed()
        talking.say(b"200 result=1\n")
        assert await talking.is_closed()
        assert await is_greeted(server)


async def test_ending_the_listener_gives_every_caller_back() -> None:
    """Cancelled, it cuts its sessions, and Asterisk goes on with each caller."""
    async with serving({"survey": greet}) as server, AsyncExitStack() as stack:
        lines = [await stack.enter_async_context(calling(server)) for _ in range(10)]
        for line in lines:
            line.say(block())
            assert await line.hear()
        ended = stack.pop_all()
    async with ended:
        for line in lines:
            assert await line.is_closed(within_s=0.5)

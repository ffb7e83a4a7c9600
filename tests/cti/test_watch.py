"""A process that lives and does not answer is started anew; any other is left alone."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from config.settings import LOOPBACK
from cti.supervisor import Process
from cti.watch import Watch
from tests.cti.ami.peer import until

EVERY_S, MISSES = 0.1, 3
PROGRAM = """
import asyncio, sys
async def answer(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    writer.write(b"HTTP/1.0 200 OK\\r\\n\\r\\n")
    writer.close()
async def main():
    await asyncio.sleep(float(sys.argv[2]))
    server = await asyncio.start_server(answer, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()
asyncio.run(main())
"""
"""Answers any question over HTTP, after a start of as many seconds as it is told."""


class Kept:
    """The program, kept up and watched. ``said``: what ``on_restart`` heard."""

    def __init__(self, folder: Path, start_s: float = 0.0) -> None:
        with socket.socket() as free:
            free.bind((LOOPBACK, 0))
            self.port = int(free.getsockname()[1])
        self.said: list[tuple[str, str]] = []
        self.asked = 0
        self.process = Process(
            "brain",
            [sys.executable, "-c", PROGRAM, str(self.port), str(start_s)],
            run_dir=folder / "run",
            log_dir=folder / "log",
            on_restart=lambda name, why: self.said.append((name, why)),
        )
        self.watch = Watch(self.process, self.answers, every_s=EVERY_S, misses=MISSES)

    async def answers(self) -> bool:
        self.asked += 1
        with suppress(OSError, TimeoutError):
            async with asyncio.timeout(0.5):
                reader, writer = await asyncio.open_connection(LOOPBACK, self.port)
                writer.write(b"GET /healthz HTTP/1.0\r\n\r\n")
                said = await reader.read(64)
                writer.close()
                return said.startswith(b"HTTP/1")
        return False

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid

    def is_another(self, before: int) -> bool:
        return self.process.pid not in (None, before)


@asynccontextmanager
async def keeping(folder: Path, start_s: float = 0.0) -> AsyncIterator[Kept]:
    kept = Kept(folder, start_s)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(kept.process.run()), group.create_task(kept.watch.run())]
        try:
            await until(lambda: kept.process.pid is not None)
            yield kept
        finally:
            for task in tasks:
                task.cancel()
            await kept.process.stop()


async def answering(kept: Kept) -> None:
    async with asyncio.timeout(10):
        while not await kept.answers():  # noqa: ASYNC110 - another process is asked, not a task
            await asyncio.sleep(0.02)
    asked = kept.asked
    await until(lambda: kept.asked > asked + 1)  # and the watch has heard it too


async def test_a_process_that_lives_but_is_stuck_is_started_anew_and_said(tmp_path: Path) -> None:
    """Stopped, it never ends by itself; another must serve in its place, and answers."""
    async with keeping(tmp_path) as kept:
        await answering(kept)
        before = kept.pid
        os.kill(before, signal.SIGSTOP)
        await until(lambda: kept.is_another(before), 10)
        assert kept.said == [("brain", "stuck: it lives and does not answer")]
        await answering(kept)
        again = kept.pid
        os.kill(again, signal.SIGSTOP)
        await until(lambda: kept.is_another(again), 10)
        assert len(kept.said) == 2


async def test_one_that_answered_somebody_else_counts_as_begun(tmp_path: Path) -> None:
    """It may get stuck right after its start was waited for, before the watch ever asked it."""
    async with keeping(tmp_path) as kept:
        before = kept.pid
        os.kill(before, signal.SIGSTOP)
        kept.watch.answered()
        await until(lambda: kept.is_another(before), 10)
        assert len(kept.said) == 1
        await answering(kept)


async def test_a_process_that_dies_is_the_supervisors_business_alone(tmp_path: Path) -> None:
    """Its end is said as it was; nobody says it was stuck."""
    async with keeping(tmp_path) as kept:
        await answering(kept)
        before = kept.pid
        os.kill(before, signal.SIGTERM)
        await until(lambda: kept.is_another(before), 10)
        await answering(kept)
        assert kept.said == [("brain", "ended with -15")]


async def test_a_start_may_take_as_long_as_it_takes(tmp_path: Path) -> None:
    """Before its first answer nothing is counted, else a slow start would never end."""
    async with keeping(tmp_path, start_s=EVERY_S * MISSES * 4) as kept:
        first = kept.pid
        await answering(kept)
        assert kept.asked > MISSES
        assert (first, []) == (kept.pid, kept.said)


async def test_fewer_silences_than_the_limit_are_forgiven(tmp_path: Path) -> None:
    """A moment without an answer is no reason to cost the desks their connection."""
    async with keeping(tmp_path) as kept:
        await answering(kept)
        before = kept.pid
        for _ in range(2):
            os.kill(before, signal.SIGSTOP)
            asked = kept.asked
            await until(lambda asked=asked: kept.asked >= asked + MISSES - 1)  # type: ignore[misc]
            os.kill(before, signal.SIGCONT)
            await answering(kept)
        assert (before, []) == (kept.pid, kept.said)


async def test_whoever_does_not_run_is_not_killed(tmp_path: Path) -> None:
    """Between an end and the next start there is nobody; the wish does not wait for the next."""
    kept = Kept(tmp_path)
    kept.process.kill("nobody is there")
    assert kept.process.pid is None

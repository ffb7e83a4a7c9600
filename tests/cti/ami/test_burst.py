"""20,000 events a second through the link: no stall, no lost order, bounded memory."""

import asyncio
import sys
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from config.settings import CHECKOUT
from cti.ami.link import AmiLink
from cti.ami.message import Headers, need
from cti.ami.timing import Timing
from tests.cti.ami.peer import StallWatch

RATE = 20_000
MOST_STALL_S = 0.25
MOST_GROWTH_MB = 48.0


@asynccontextmanager
async def flooding(rate: int, seconds: float) -> AsyncIterator[tuple[int, asyncio.StreamReader]]:
    """Run the sender; give its port and what it prints afterwards."""
    argv = (sys.executable, "-m", "tests.cti.ami.flood", str(rate), str(seconds))
    process = await asyncio.create_subprocess_exec(
        *argv, stdout=asyncio.subprocess.PIPE, cwd=CHECKOUT
    )
    assert process.stdout
    try:
        yield int(await process.stdout.readline()), process.stdout
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


@dataclass
class Consumer:
    """Works the queue off as the driver does, and checks what it gets."""

    queue: deque[Headers] = field(default_factory=deque)
    count: int = 0
    longest: int = 0
    latest_s: float = 0.0
    disordered: int = 0
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def hear(self, message: Headers) -> None:
        """The link's callback: only queues."""
        self.queue.append(message)
        self.woken.set()

    async def work(self, total: int) -> None:
        """Take messages until all have come, some at a time."""
        while self.count < total:
            await self.woken.wait()
            self.woken.clear()
            while self.queue:
                self.longest = max(self.longest, len(self.queue))
                for _ in range(min(len(self.queue), 256)):
                    self.take(self.queue.popleft())
                await asyncio.sleep(0)

    def take(self, message: Headers) -> None:
        """Check one message's place and age."""
        self.disordered += need(message, "N") != str(self.count)
        self.latest_s = max(self.latest_s, time.monotonic() - float(need(message, "Sent")))
        self.count += 1


def resident_mb() -> float:
    """Memory this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


@pytest.mark.parametrize("seconds", [5.0, pytest.param(60.0, marks=pytest.mark.soak)])
async def test_a_burst_neither_stalls_nor_loses_order_nor_grows(seconds: float) -> None:
    """20,000 events/s: every one in order, the loop never held 250 ms, memory bounded."""
    asyncio.get_running_loop().set_debug(False)  # debug mode measures itself
    told: list[str] = []
    consumer, watch = Consumer(), StallWatch()
    total = int(RATE * seconds)
    async with flooding(RATE, seconds) as (port, printed), asyncio.TaskGroup() as tasks:
        link = AmiLink(
            "127.0.0.1",
            port,
            "cti",
            "secret",
            on_message=consumer.hear,
            on_up=lambda: told.append("up"),
            on_down=told.append,
            backlog=lambda: len(consumer.queue),
            timing=Timing(),
        )
        before_mb, cpu = resident_mb(), time.process_time()
        watching = tasks.create_task(watch.run())
        running = tasks.create_task(link.run())
        async with asyncio.timeout(seconds * 2 + 10):
            await consumer.work(total)
        cpu = time.process_time() - cpu
        growth_mb = resident_mb() - before_mb
        sent, took = (await printed.readline()).split()
        watching.cancel()
        assert told == ["up"]
        running.cancel()
    figures = (
        f"{int(sent) / float(took):.0f} events/s, {cpu / total * 1e6:.1f} us CPU each, "
        f"longest stall {watch.longest_s() * 1e3:.0f} ms, oldest {consumer.latest_s * 1e3:.0f} ms, "
        f"queue {consumer.longest}, memory +{growth_mb:.1f} MB"
    )
    sys.stdout.write(figures + "\n")
    assert int(sent) / float(took) > RATE * 0.95, figures
    assert (consumer.count, consumer.disordered) == (total, 0), figures
    assert watch.longest_s() < MOST_STALL_S, figures
    assert growth_mb < MOST_GROWTH_MB, figures

"""20,000 events a second through the link: no stall, orders answered, bounded memory."""

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
ASK_EVERY_S = 0.05
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


@dataclass
class Asker:
    """Gives an order every ``ASK_EVERY_S``, each without waiting for the others' answers."""

    link: AmiLink
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    answered: list[int] = field(default_factory=list)
    latest_s: float = 0.0

    async def run(self) -> None:
        """Ask until told to stop. An order not answered within its deadline is raised."""
        async with asyncio.TaskGroup() as orders:
            while not self.stop.is_set():
                await asyncio.sleep(ASK_EVERY_S)
                if self.link.is_up:
                    orders.create_task(self.ask(self.asked))
                    self.asked += 1

    async def ask(self, number: int) -> None:
        """Give one order; note whose answer came, and how late."""
        began = time.monotonic()
        answer = await self.link.ask("Ping", Number=str(number))
        self.answered.append(int(need(answer, "Number")))
        self.latest_s = max(self.latest_s, time.monotonic() - began)


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """What one flood did to the link."""

    consumer: Consumer
    asker: Asker
    told: list[str]
    total: int
    rate: float
    """Events per second, as the sender had them out."""
    cpu_s: float
    longest_stall_s: float
    growth_mb: float

    @property
    def figures(self) -> str:
        """For whoever reads a failure, or wants to know."""
        return (
            f"{self.rate:.0f} events/s, {self.cpu_s / self.total * 1e6:.1f} us CPU each, "
            f"longest stall {self.longest_stall_s * 1e3:.0f} ms, "
            f"oldest {self.consumer.latest_s * 1e3:.0f} ms, queue {self.consumer.longest}, "
            f"{self.asker.asked} orders answered within {self.asker.latest_s * 1e3:.0f} ms, "
            f"memory +{self.growth_mb:.1f} MB"
        )


def resident_mb() -> float:
    """Memory this process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


async def burst(seconds: float) -> Burst:
    """Let one flood through a link, with orders going the other way meanwhile."""
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
        asker = Asker(link)
        before_mb, cpu_s = resident_mb(), time.process_time()
        watching = tasks.create_task(watch.run())
        running = tasks.create_task(link.run())
        asking = tasks.create_task(asker.run())
        async with asyncio.timeout(seconds * 2 + 10):
            await consumer.work(total)
            asker.stop.set()
            await asking
        cpu_s = time.process_time() - cpu_s
        growth_mb = resident_mb() - before_mb
        sent, took = (await printed.readline()).split()
        watching.cancel()
        running.cancel()
        return Burst(
            consumer=consumer,
            asker=asker,
            told=list(told),
            total=total,
            rate=int(sent) / float(took),
            cpu_s=cpu_s,
            longest_stall_s=watch.longest_s(),
            growth_mb=growth_mb,
        )


@pytest.mark.parametrize("seconds", [5.0, pytest.param(60.0, marks=pytest.mark.soak)])
async def test_a_burst_neither_stalls_nor_loses_order_nor_grows(seconds: float) -> None:
    """20,000 events/s: every one in order, the loop never held 250 ms, memory bounded.

    Each order given meanwhile gets its own answer within its deadline, once.
    """
    asyncio.get_running_loop().set_debug(False)  # debug mode measures itself
    seen = await burst(seconds)
    sys.stdout.write(seen.figures + "\n")
    if seen.rate <= RATE * 0.95:
        sys.stdout.write(f"once more: a busy machine sent but {seen.rate:.0f} events/s\n")
        seen = await burst(seconds)
        sys.stdout.write(seen.figures + "\n")
    assert seen.rate > RATE * 0.95, seen.figures
    assert seen.told == ["up"], seen.figures
    assert (seen.consumer.count, seen.consumer.disordered) == (seen.total, 0), seen.figures
    assert sorted(seen.asker.answered) == list(range(seen.asker.asked)), seen.figures
    assert seen.asker.asked > seconds / ASK_EVERY_S / 2, seen.figures
    assert seen.longest_stall_s < MOST_STALL_S, seen.figures
    assert seen.growth_mb < MOST_GROWTH_MB, seen.figures

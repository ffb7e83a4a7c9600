"""From the moment a seat is free to its phone ringing for the next caller, with callers waiting.

Ours: brain and ACD. Peer: Asterisk's own ``app_queue``, in the same run, on the same Asterisk,
with the same phones and settings it is best with (``autofill``, ``ringinuse=no``, ``retry=1``):
the fall-back queue, to which callers come once the brain is killed.

Both are timed by the phone alone, from the end of its talk to the next INVITE. What the issue
allows ours besides, up to 150 ms for the pop to be confirmed, is not taken off.
"""

import asyncio
import os
import random
import signal
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any

from bench.deskclient import DeskClient
from bench.ours import Ours
from bench.phone import PhoneLine, Softphone
from bench.picture import draw_rings
from bench.pop import percentile
from bench.ports import free_block, free_port
from bench.result import Result
from bench.sippload import Endpoint, Traffic, call_in, invented_numbers
from bench.wavetools import chirp, write_alaw

SEATS = 4
ROUNDS = 50
"""Times each seat becomes free."""
TALK_S = (0.3, 1.3)
"""From, to: a whole second apart, so that a poll once a second falls anywhere after a talk."""
SEED = 4
PROMPT_S = 0.2
AT_ONCE = 30
"""Callers in the house, so that somebody always waits."""
CALLS_PER_S = 15
QUEUE_BUILDS_S = 1.5
"""The first talk begins so late, so that somebody waits when it ends."""
BEAT_GONE_S = 5.0
"""By then every caller knows that the brain is dead."""
REACH_RATIO = 0.1


@dataclass(frozen=True, slots=True)
class Rung:
    """One ringing of a phone, by the monotonic clock."""

    seat: str
    at: float
    free_at: float | None
    """When the talk before ended; None: the first of all."""

    @property
    def waited_ms(self) -> float | None:
        """How long the seat was free."""
        return None if self.free_at is None else (self.at - self.free_at) * 1000


async def answer_in_turn(line: PhoneLine, talks: random.Random, rung: list[Rung]) -> None:
    """Answer, talk, hang up, again and again until cancelled; each ringing is noted."""
    free_at: float | None = None
    while True:
        call = await line.incoming(30)
        [incoming] = [event for event in call.events if event.name == "incoming"]
        rung.append(Rung(line.user, incoming.at, free_at))
        if free_at is None:
            await asyncio.sleep(QUEUE_BUILDS_S)
        await call.answer()
        await call.connected(5)
        await asyncio.sleep(talks.uniform(*TALK_S))
        await call.hangup()
        free_at = (await call.ended(5)).at


async def serve(ours: Ours, lines: Sequence[PhoneLine], rounds: int, folder: Path) -> list[Rung]:
    """Have so many callers come that each seat becomes free as often as that, and serve them."""
    rung: list[Rung] = []
    load = callers(ours, len(lines) * (rounds + 1), folder)
    source = Endpoint(sip_port=free_port(), media_port=free_block(200))
    talks = random.Random(SEED)  # noqa: S311 - people, not secrets
    async with asyncio.timeout(30 + 3 * rounds), asyncio.TaskGroup() as group:
        serving = [group.create_task(answer_in_turn(line, talks, rung)) for line in lines]
        await call_in(load, ours.target, source, folder / "callers")
        for task in serving:
            task.cancel()
    return rung


def callers(ours: Ours, count: int, folder: Path) -> Traffic:
    """So many, always more than there are seats."""
    folder.mkdir(parents=True, exist_ok=True)
    return Traffic(
        number=ours.number,
        rate=CALLS_PER_S,
        count=count,
        at_once=AT_ONCE,
        stay_s=120,
        audio=write_alaw(folder / "caller.alaw", chirp(3.0, seed=1)),
        anis=invented_numbers(count),
        times=1,
    )


async def measure(folder: Path, rounds: int) -> tuple[list[Rung], list[Rung], list[float]]:
    """Ours, the peer, and by how many milliseconds our pops were read before the rings."""
    clock = datetime.now(UTC).timestamp() - monotonic()
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(
            Ours(folder, seats=SEATS, prompt=chirp(PROMPT_S, seed=9))
        )
        phones = await stack.enter_async_context(Softphone())
        host, port = ours.target
        lines = [
            await phones.register(seat, password, host, port)
            for seat, password in ours.passwords.items()
        ]
        async with ours.staffed() as desks:
            rung = await serve(ours, lines, rounds, folder / "ours")
            by_seat = dict(zip(ours.passwords, desks, strict=True))
            ahead = pops_ahead(rung, by_seat, clock)
            os.kill(ours.processes["brain"], signal.SIGKILL)
            await asyncio.sleep(BEAT_GONE_S)
            peer = await serve(ours, lines, rounds, folder / "app_queue")
    return rung, peer, ahead


def pops_ahead(rung: Sequence[Rung], desks: Mapping[str, DeskClient], clock: float) -> list[float]:
    """By how many milliseconds each ring came after its pop had been read at the seat's desk.

    A seat has one pop for each ring, in order. Below 0: it was read later, by a client that may
    have had other things to do. ``clock``: what the calendar's clock is ahead of the monotonic.
    """
    ahead = []
    for seat, desk in desks.items():
        pops = [told for told in desk.heard if told.body.get("type") == "pop"]
        rings = [one.at for one in rung if one.seat == seat]
        read = [told.at.timestamp() - clock for told in pops]
        ahead += [(ring - pop) * 1000 for pop, ring in zip(read, rings, strict=True)]
    return ahead


def judge(ours: Sequence[Rung], peer: Sequence[Rung]) -> tuple[dict[str, Any], bool]:
    """The figures of both, and whether ours take a tenth of the peer's time at most."""
    figures: dict[str, Any] = {
        name: summary(rung) for name, rung in (("ours", ours), ("app_queue", peer))
    }
    ratios = {
        name: figures["ours"][name] / figures["app_queue"][name] for name in ("p50_ms", "p95_ms")
    }
    figures["ratio"] = {name: round(ratio, 4) for name, ratio in ratios.items()}
    return figures, all(ratio <= REACH_RATIO for ratio in ratios.values())


def summary(rung: Sequence[Rung]) -> Mapping[str, float]:
    """Figures of one side."""
    waits = free_times(rung)
    return {
        "rings": len(waits),
        "p50_ms": round(percentile(waits, 50), 2),
        "p95_ms": round(percentile(waits, 95), 2),
        "most_ms": round(max(waits), 2),
    }


def free_times(rung: Sequence[Rung]) -> list[float]:
    """How long seats were free before they rang, in milliseconds."""
    return [one.waited_ms for one in rung if one.waited_ms is not None]


def run(folder: Path) -> Result:
    """Measure both, one after the other, and draw them; about three minutes."""
    ours, peer, ahead = asyncio.run(measure(folder, ROUNDS))
    figures, holds = judge(ours, peer)
    figures["pop_ahead"] = {
        "p50_ms": round(percentile(ahead, 50), 2),
        "least_ms": round(min(ahead), 2),
        "read_later": sum(one < 0 for one in ahead),
    }
    draw_rings(folder / "ring.png", free_times(ours), free_times(peer))
    reach = {"ratio.p50_ms": f"<= {REACH_RATIO:g}", "ratio.p95_ms": f"<= {REACH_RATIO:g}"}
    return Result(bench="ring", figures=figures, reach=reach, holds=holds)

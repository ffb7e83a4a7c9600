"""From the moment a caller starts to wait to the pop at the desk, with a seat free.

Ours: from the Timestamp of ``UserEvent(Wait)`` to the pop read from the desk's websocket, by a
client in another process than the brain. Peer: Asterisk's own ``app_queue``, from the Timestamp
of ``QueueCallerJoin`` to ``AgentCalled`` read from AMI, the earliest a pop built on it could know.
"""

import asyncio
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from bench.amiears import AmiEars, Heard
from bench.calls import Shape, bare, make_shape
from bench.deskclient import DeskClient
from bench.ours import Ours
from bench.picture import draw_pops
from bench.ports import free_block, free_port
from bench.result import Result
from bench.sippload import Endpoint, Seats, Tally, Traffic, call_in, invented_numbers
from bench.system import System
from bench.wavetools import chirp
from config.render import secret

SEATS = 60
PROMPT_S = 0.2
TALK_S = 0.5
RATES = (5, 15, 30)
LASTS_S = 8
REACH_RATE = 15
REACH_MS = 100.0
SETTLE_S = 1.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so many of a hundred do not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share / 100 * len(ranked)) - 1)]


def summary(waits_ms: Sequence[float], calls: int) -> dict[str, float]:
    """Figures of one rate. ``missing``: calls whose pop never came."""
    return {
        "calls": calls,
        "missing": calls - len(waits_ms),
        "p50_ms": round(percentile(waits_ms, 50), 1) if waits_ms else float("inf"),
        "p99_ms": round(percentile(waits_ms, 99), 1) if waits_ms else float("inf"),
        "most_ms": round(max(waits_ms), 1) if waits_ms else float("inf"),
    }


def peer_waits(heard: Sequence[Heard]) -> list[float]:
    """Milliseconds from joining the queue to the first AgentCalled, for each caller."""
    joined: dict[str, float] = {}
    waits: dict[str, float] = {}
    for one in heard:
        caller = one.headers["Uniqueid"]
        if one.headers["Event"] == "QueueCallerJoin":
            joined[caller] = one.raised
        elif caller in joined:
            waits.setdefault(caller, (one.read - joined[caller]) * 1000)
    return list(waits.values())


def our_waits(heard: Sequence[Heard], desks: Sequence[DeskClient]) -> list[float]:
    """Milliseconds from the first Wait to the first pop, for each call."""
    began: dict[str, float] = {}
    for one in heard:
        began.setdefault(one.headers["Call"], one.raised)
    popped: dict[str, float] = {}
    for desk in desks:
        for told in desk.heard:
            if told.body.get("type") == "pop":
                call = str(told.body["card"]["call"])
                popped[call] = min(popped.get(call, float("inf")), told.at.timestamp())
    return [(popped[call] - at) * 1000 for call, at in began.items() if call in popped]


async def traffic(
    system: System, number: str, shape: Shape, rate: float, folder: Path, media: int
) -> Tally:
    """Calls at that rate for ``LASTS_S``; seats are registered already."""
    count = round(rate * LASTS_S)
    load = Traffic(
        number=number,
        rate=rate,
        count=count,
        at_once=count,
        stay_s=20,
        audio=shape.audio,
        anis=invented_numbers(count),
        times=1,
    )
    source = Endpoint(sip_port=free_port(), media_port=media)
    async with asyncio.timeout(LASTS_S + 40):
        tally = await call_in(load, system.target, source, folder / "callers")
    await asyncio.sleep(SETTLE_S)
    return tally


def seats_of(system: System, shape: Shape, folder: Path, media: int) -> Seats:
    """Phones that answer at once."""
    return Seats(
        system.passwords,
        system.target,
        Endpoint(sip_port=free_port(), media_port=media),
        folder / "seats",
        audio=shape.seat_audio,
        talk_s=shape.talk_s,
    )


async def measure_peer(shape: Shape, folder: Path) -> dict[float, list[float]]:
    """The waits at each rate through ``app_queue``."""
    media = free_block(1200)
    waits: dict[float, list[float]] = {}
    async with (
        bare(folder, PROMPT_S, seats=SEATS) as peer,
        AmiEars(
            *("127.0.0.1", peer.ami_port, "bench", peer.ami_secret),
            lambda h: h["Event"] in ("QueueCallerJoin", "AgentCalled"),
        ) as ears,
        seats_of(peer, shape, folder, media),
        asyncio.TaskGroup() as group,
    ):
        hearing = group.create_task(ears.read())
        for rate in RATES:
            ears.heard.clear()
            await traffic(peer, "9100", shape, rate, folder, media + 600)
            waits[rate] = peer_waits(ears.heard)
        hearing.cancel()
    return waits


async def measure_ours(shape: Shape, folder: Path) -> dict[float, list[float]]:
    """The waits at each rate through the brain, every desk open."""
    media = free_block(1200)
    waits: dict[float, list[float]] = {}
    async with (
        Ours(folder, seats=SEATS, prompt=chirp(PROMPT_S, seed=9)) as ours,
        seats_of(ours, shape, folder, media),
        AmiEars(
            *("127.0.0.1", ours.settings.ami_port, "hotline", secret(ours.settings, "ami")),
            lambda headers: headers.get("UserEvent") == "Wait",
        ) as ears,
        ours.staffed() as desks,
        asyncio.TaskGroup() as group,
    ):
        hearing = group.create_task(ears.read())
        for rate in RATES:
            ears.heard.clear()
            await traffic(ours, ours.number, shape, rate, folder, media + 600)
            waits[rate] = our_waits(ears.heard, desks)
        hearing.cancel()
    return waits


def judge(
    ours: Mapping[float, Sequence[float]], peer: Mapping[float, Sequence[float]]
) -> tuple[dict[str, Any], bool]:
    """The figures of both, and whether ours reach what was asked."""
    figures = {
        name: {str(rate): summary(found, round(rate * LASTS_S)) for rate, found in waits.items()}
        for name, waits in (("ours", ours), ("app_queue", peer))
    }
    at_reach = figures["ours"][str(REACH_RATE)]
    missing = sum(one["missing"] for one in figures["ours"].values())
    return figures, at_reach["p99_ms"] <= REACH_MS and missing == 0


def run(folder: Path) -> Result:
    """Measure both, one after the other, and draw them."""

    async def both() -> tuple[dict[float, list[float]], dict[float, list[float]]]:
        shape = make_shape(folder, PROMPT_S, TALK_S)
        return await measure_ours(shape, folder), await measure_peer(shape, folder)

    ours, peer = asyncio.run(both())
    figures, holds = judge(ours, peer)
    draw_pops(folder / "pop.png", ours, peer, REACH_MS)
    reach = {f"ours.{REACH_RATE}.p99_ms": f"<= {REACH_MS:g}", "missing": 0}
    return Result(bench="pop", figures=figures, reach=reach, holds=holds)

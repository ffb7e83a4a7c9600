"""What pushing to a whole house costs: 500 desks and 20 walls on one brain, ten calls a second.

The calls are real, through Asterisk; only ``PHONES`` of the seats have a phone, which answers at
once. Lag is told by the message itself: a card's from the ``UserEvent(Wait)`` that Asterisk raised,
a seat's from the moment its state is of, a wall's from the oldest change it tells of, each to the
reading of it in this process. Peer: aiohttp alone sending the same texts at the same moments to
as many sockets (``bench.deskpeer``), from its sending to the reading here.

One more wall does not read at all: it must be dropped, and coming back it must miss nothing.
"""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Final

import aiohttp

from bench.amiears import AmiEars
from bench.calls import make_shape
from bench.deskclient import DeskClient, Told
from bench.deskslow import SlowDesk
from bench.ours import Ours
from bench.picture import draw_pushes
from bench.pop import our_waits, percentile
from bench.ports import free_block, free_port
from bench.result import Result
from bench.sippload import Endpoint, Seats, Traffic, call_in, invented_numbers
from bench.wavetools import chirp
from bench.weigh import cpu_seconds, resident_mb
from config.render import secret

DESKS: Final = 500
WALLS: Final = 20
PHONES: Final = 60
RATE, LASTS_S = 10, 30
PROMPT_S, TALK_S = 0.2, 1.0
SETTLE_S: Final = 3.0
REACH_MS: Final = 250.0
REACH_KB: Final = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """One run of ours: lags in milliseconds by kind of message, and what it weighed."""

    lags: Mapping[str, Sequence[float]]
    kb_a_desk: float
    cpu_share: float
    """Of one processor, the brain's while the calls came."""
    served: int
    slow: Mapping[str, Any]
    texts: Sequence[tuple[float, int, str]]
    """What was pushed: seconds since the calls began, to whom, and the text."""


def run(folder: Path) -> Result:
    """Measure ours, then the peer with what ours has pushed; draw both."""
    ours, peer = asyncio.run(_both(folder))
    figures = judge(ours, peer)
    draw_pushes(folder / "desk.png", ours.lags, peer[0], REACH_MS)
    slow = ours.slow
    holds = (
        figures["ours"]["p99_ms"] < REACH_MS
        and ours.kb_a_desk < REACH_KB
        and bool(slow["was_dropped"] and slow["missed"] == 0)
        and figures["ours"]["missing_cards"] == 0
    )
    reach = {
        "ours.p99_ms": f"< {REACH_MS:g}",
        "ours.kb_a_desk": f"< {REACH_KB:g}",
        "slow": {"was_dropped": True, "missed": 0},
    }
    return Result(bench="desk", figures=figures, reach=reach, holds=holds)


def judge(ours: Pushed, peer: tuple[Sequence[float], float]) -> dict[str, Any]:
    """The figures of both, and one over the other."""
    lags, kb_a_socket = peer
    every = [lag for kind in ours.lags.values() for lag in kind]
    at_once = [*ours.lags["pop"], *ours.lags["seat"]]  # a wall is told what gathered
    calls = round(RATE * LASTS_S)
    return {
        "desks": DESKS,
        "walls": WALLS,
        "calls": {"made": calls, "served": ours.served},
        "ours": {
            **_spread(every),
            "missing_cards": ours.served - len(ours.lags["pop"]),
            "kb_a_desk": round(ours.kb_a_desk, 1),
            "cpu_share": round(ours.cpu_share, 2),
            **{kind: _spread(found) for kind, found in ours.lags.items()},
        },
        "bare aiohttp": {**_spread(lags), "kb_a_desk": round(kb_a_socket, 1)},
        "p99_of_bare": round(percentile(at_once, 99) / max(0.01, percentile(lags, 99)), 1),
        "memory_of_bare": round(ours.kb_a_desk / max(0.1, kb_a_socket), 1),
        "slow": ours.slow,
    }


async def _both(folder: Path) -> tuple[Pushed, tuple[Sequence[float], float]]:
    ours = await _measure_ours(folder)
    return ours, await _measure_peer(folder, ours.texts)


def _spread(lags: Sequence[float]) -> dict[str, float]:
    found = lags or [float("inf")]
    return {
        "messages": len(lags),
        "p50_ms": round(percentile(found, 50), 1),
        "p99_ms": round(percentile(found, 99), 1),
        "most_ms": round(max(found), 1),
    }


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


async def _measure_ours(folder: Path) -> Pushed:
    shape = make_shape(folder, PROMPT_S, TALK_S)
    walls = {f"wall{n}": "supervisor" for n in range(WALLS + 1)}
    media = free_block(1600)
    async with AsyncExitStack() as stack:
        house = Ours(folder, seats=DESKS, prompt=chirp(PROMPT_S, seed=9), others=walls)
        ours = await stack.enter_async_context(house)
        phones = dict(list(ours.passwords.items())[:PHONES])
        source = Endpoint(sip_port=free_port(), media_port=media)
        talks = shape.talk_s
        seats = Seats(
            phones, ours.target, source, folder / "seats", audio=shape.seat_audio, talk_s=talks
        )
        await stack.enter_async_context(seats)
        link = ("127.0.0.1", ours.settings.ami_port, "hotline", secret(ours.settings, "ami"))
        ears = await stack.enter_async_context(AmiEars(*link, _is_wait))
        slow = await stack.enter_async_context(SlowDesk(ours.web, f"wall{WALLS}", ours.password))
        before = resident_mb([ours.processes["brain"]])
        desks = await stack.enter_async_context(_open(ours, list(walls)[:WALLS]))
        group = await stack.enter_async_context(asyncio.TaskGroup())
        hearing = group.create_task(ears.read())
        began, spent = datetime.now(UTC), cpu_seconds([ours.processes["brain"]])
        tally = await _calls(ours, folder, media + 800, shape.audio)
        spent = cpu_seconds([ours.processes["brain"]]) - spent
        lasted_s = (datetime.now(UTC) - began).total_seconds()
        after = resident_mb([ours.processes["brain"]])
        hearing.cancel()
        told = await slow.came_back()
    heard = [(n, one) for n, desk in enumerate(desks) for one in desk.heard if one.at >= began]
    return Pushed(
        lags={
            "pop": our_waits(ears.heard, desks[:DESKS]),
            "seat": [lag for _, one in heard for lag in seat_lag(one)],
            "wall": [lag for _, one in heard for lag in wall_lag(one)],
        },
        cpu_share=spent / lasted_s,
        kb_a_desk=(after - before) * 1000 / (DESKS + WALLS),
        served=tally,
        slow=told,
        texts=[
            ((one.at - began).total_seconds(), n, json.dumps(one.body, ensure_ascii=False))
            for n, one in sorted(heard, key=lambda each: each[1].at)
        ],
    )


def _is_wait(headers: Mapping[str, str]) -> bool:
    return headers.get("UserEvent") == "Wait"


def seat_lag(told: Told) -> list[float]:
    """Milliseconds from the moment since when the own seat is as it is told."""
    seat = told.body.get("seat") if told.body.get("type") == "seat" else None
    return [_ms_since(seat["since"], told)] if seat else []


def wall_lag(told: Told) -> list[float]:
    """Milliseconds from the oldest change of a seat that a wall is told of: the one that waited."""
    if told.body.get("type") != "live":
        return []
    changed = [seat["since"] for seat in told.body["live"].get("seats", {}).values() if seat]
    return [_ms_since(min(changed), told)] if changed else []


def _ms_since(moment: str, told: Told) -> float:
    return (told.at - datetime.fromisoformat(moment)).total_seconds() * 1000


@asynccontextmanager
async def _open(ours: Ours, walls: Sequence[str]) -> AsyncIterator[list[DeskClient]]:
    """Every desk and every wall; agents whose seat has a phone are ready."""
    async with asyncio.TaskGroup() as group, AsyncExitStack() as stack:
        desks: list[DeskClient] = []
        for n, (user, extension) in enumerate([*ours.accounts.items(), *((w, "") for w in walls)]):
            desk = await stack.enter_async_context(DeskClient(ours.web, user, ours.password))
            desks.append(desk)
            group.create_task(desk.read())
            if n < PHONES:
                await desk.sit(extension)
            elif extension:
                await desk.do("sign-in", extension=extension)
            if (n + 1) % 100 == 0:
                _say(f"desk: {n + 1} open")
        yield desks


async def _calls(ours: Ours, folder: Path, media: int, audio: Path) -> int:
    """Callers at that rate; how many were served."""
    count = round(RATE * LASTS_S)
    load = Traffic(
        number=ours.number,
        rate=RATE,
        count=count,
        at_once=count,
        stay_s=30,
        audio=audio,
        anis=invented_numbers(count),
        times=1,
    )
    _say(f"desk: {count} calls, {LASTS_S} s")
    source = Endpoint(sip_port=free_port(), media_port=media)
    async with asyncio.timeout(LASTS_S + 60):
        tally = await call_in(load, ours.target, source, folder / "callers")
    await asyncio.sleep(SETTLE_S)
    return tally.done


async def _measure_peer(
    folder: Path, texts: Sequence[tuple[float, int, str]]
) -> tuple[Sequence[float], float]:
    """The lags of the bare server, in milliseconds, and its kilobytes a socket."""
    script = folder / "pushed.jsonl"
    lines = [json.dumps([after, str(n), text], ensure_ascii=False) for after, n, text in texts]
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.deskpeer", str(port), str(script)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert server.stdin is not None
    assert server.stdout is not None
    lags: list[float] = []

    async def read(socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            json.loads(json.loads(frame.data)[1])
            lags.append((monotonic() - json.loads(frame.data)[0]) * 1000)

    _say("desk: the bare server")
    try:
        async with asyncio.timeout(LASTS_S + 90), AsyncExitStack() as stack:
            await server.stdout.readline()
            before = resident_mb([server.pid])
            http = await stack.enter_async_context(
                aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
            )
            group = await stack.enter_async_context(asyncio.TaskGroup())
            tasks = []
            for n in range(DESKS + WALLS):
                socket = await http.ws_connect(f"http://127.0.0.1:{port}/desk?n={n}")
                tasks.append(group.create_task(read(socket)))
            server.stdin.write(b"\n")
            await server.stdout.readline()
            weight = (resident_mb([server.pid]) - before) * 1000 / (DESKS + WALLS)
            await asyncio.sleep(1)
            for task in tasks:
                task.cancel()
    finally:
        server.kill()
        await server.wait()
    return lags, weight

"""How soon a key of a move is carried out, and what a call costs that was moved once.

- Emergency: from the key at the desk (HTTP request sent) to the emergency line ringing (INVITE at
  its exchange), with ``CALLS`` other calls on the machine.
- Three-way: from the key after a consult to the first of the expert that the caller hears.
- Cost: Asterisk's CPU for the same calls before any was moved, and after each has been.

Peer: a bare Asterisk moved by plain AMI (``bench.bareroom``) with the same phones and as many
calls: the same ``Originate`` and ``Redirect``, with nothing before them, behind them or between.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from bench.bareroom import AmiHand, BareRoom
from bench.deskclient import DeskClient
from bench.farend import FarCall, FarEnd, far_end
from bench.ours import Ours
from bench.phone import PhoneCall, PhoneLine, Softphone
from bench.picture import draw_keys
from bench.pop import percentile
from bench.ports import free_block, free_port
from bench.result import Result
from bench.sippload import Endpoint, Seats, Traffic, call_in, invented_numbers
from bench.system import System
from bench.wavetools import RATE, chirp, tone, write_alaw, write_wav
from bench.weigh import cpu_seconds
from config.files import load_platform
from config.linkage import LINKAGE
from config.peers import PEERS

CALLS = 30
PRESSES = 120
JOINS = 20
WEIGHED_S = 10.0
TALK_S = 600.0
LASTS_S = 1.0
"""Each three-way, and each time apart."""
EXPERT_HZ = 1020
REACH_RING_MS = 300.0
REACH_HEARD_MS = 150.0
FINAL = frozenset({"completed", "returned", "abandoned"})
LINKAGE_TABLE = """\
号码,名称,类别,处理,对端,转接号码,备用对端,备用号码,座席时间,备注
110,公安报警,紧急,三方,far,110,,,全天,
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One system's figures, times in milliseconds, the cost in shares of one core for one call."""

    rings: Sequence[float]
    heard: Sequence[float]
    plain: float
    moved: float


# --- both ------------------------------------------------------------------------------------


@asynccontextmanager
async def calls_on(system: System, seats: Mapping[str, str], folder: Path) -> AsyncIterator[None]:
    """``CALLS`` talks at these seats, while the block runs."""
    media = free_block(1200)
    source = Endpoint(sip_port=free_port(), media_port=media)
    said = write_alaw(folder / "said.alaw", chirp(3.0, seed=5))
    load = Traffic(
        number=system.number,
        rate=10,
        count=CALLS,
        at_once=CALLS,
        stay_s=TALK_S,
        audio=said,
        anis=invented_numbers(CALLS),
    )
    callers = Endpoint(sip_port=free_port(), media_port=media + 600)
    phones = Seats(seats, system.target, source, folder / "seats", audio=said, talk_s=TALK_S)
    async with phones, asyncio.TaskGroup() as group:
        calling = group.create_task(call_in(load, system.target, callers, folder / "callers"))
        yield
        calling.cancel()


async def heard_after(ears: PhoneCall, file: Path, press: Callable[[], Awaitable[float]]) -> float:
    """Milliseconds from a key to the first of the expert in what that phone records."""
    began = await ears.media()
    pressed = await press()
    await asyncio.sleep(LASTS_S)
    return (began + first_heard_s(file, EXPERT_HZ, since_s=pressed - began) - pressed) * 1000


def first_heard_s(file: Path, hertz: int, *, since_s: float) -> float:
    """When that tone is first there after ``since_s`` of a recording, to 5 ms; else ``inf``."""
    samples = np.frombuffer(file.read_bytes()[44:], dtype="<i2").astype(np.float64) / 32768
    size, step = round(0.02 * RATE), round(0.005 * RATE)
    turn = np.exp(-2j * np.pi * hertz * np.arange(size) / RATE)
    for first in range(round(since_s * RATE), len(samples) - size, step):
        if 2 * abs((samples[first : first + size] * turn).sum()) / size > 0.05:
            return first / RATE
    return float("inf")


async def cost(pid: int, calls: int) -> float:
    """The share of one core that one of so many calls takes of a process now."""
    before, began = cpu_seconds([pid]), monotonic()
    await asyncio.sleep(WEIGHED_S)
    return (cpu_seconds([pid]) - before) / (monotonic() - began) / calls


# --- ours ------------------------------------------------------------------------------------


def city(folder: Path, far: FarEnd) -> Ours:
    """Ours, with an emergency line at the far end and two seats more than calls."""
    ours = Ours(folder, seats=CALLS + 2, prompt=chirp(0.2, seed=9))
    profile = ours.settings.home / "profile"
    (profile / LINKAGE).write_text(LINKAGE_TABLE, encoding="utf-8")
    peers = (profile / PEERS).read_text(encoding="utf-8").rstrip("\n")
    (profile / PEERS).write_text(f"{peers}\nfar,远端,127.0.0.1,{far.port}\n", encoding="utf-8")
    ours.platform = load_platform(ours.settings)
    ours.profile = ours.platform.home
    return ours


@dataclass(slots=True, eq=False)
class Moving:
    """One call at a desk, and the move of it under way."""

    desk: DeskClient
    call: str
    move: str = ""

    async def begin(self, kind: str, target: str) -> float:
        """Press the key; when it was sent."""
        self.move = f"bench-{secrets.token_hex(6)}"
        body = {"move": self.move, "kind": kind, "target": target}
        return await self._post(f"/api/v1/calls/{self.call}/moves", body)

    async def press(self, key: str) -> float:
        """Press a key of the move; when it was sent."""
        return await self._post(f"/api/v1/calls/{self.call}/moves/{self.move}/{key}", {})

    async def _post(self, path: str, body: Mapping[str, Any]) -> float:
        sent = monotonic()
        status, answer = await self.desk.post(path, body)
        if status >= 300:
            raise RuntimeError(f"{status} {answer}")
        return sent

    async def reaches(self, *steps: str) -> None:
        """Wait until the desk is told that the move is in one of these steps."""
        read = 0
        while True:
            told = await self.desk.wait("move", after=read)
            read = self.desk.heard.index(told) + 1
            move = told.body["move"]
            if move["move"] == self.move and move["step"] in steps:
                return


async def talking(desks: Sequence[DeskClient]) -> list[Moving]:
    """Each desk with the call that it was shown."""
    return [Moving(desk, (await desk.wait("pop", 20)).body["card"]["call"]) for desk in desks]


async def our_rings(calls: Sequence[Moving], far: FarEnd) -> list[float]:
    """Milliseconds from the emergency key to the INVITE, each then taken back."""
    waits = []
    for n in range(PRESSES):
        one = calls[n % len(calls)]
        pressed = await one.begin("emergency", "emergency:110")
        rang = await _next(far)
        waits.append((rang.at - pressed) * 1000)
        await one.press("cancel")
        await one.reaches(*FINAL)
    return waits


async def our_joins(ours: Ours, desks: Sequence[DeskClient], folder: Path) -> list[float]:
    """Milliseconds from the key to the expert in the caller's ear."""
    seats = list(ours.passwords.items())[-2:]
    extensions = list(ours.accounts.values())[-2:]
    async with Softphone() as phones:
        hums = [write_wav(folder / f"{hz}.wav", tone(hz, 1.0, -20.0)) for hz in (700, EXPERT_HZ)]
        for (seat, password), hum in zip(seats, hums, strict=True):
            line = await phones.register(seat, password, *ours.target)
            await line.auto_answer(0.05, play=hum, loop=True)
        await desks[0].sit(extensions[0])
        ear = folder / "our-caller.wav"
        caller = await phones.call(
            ours.number, ani="13900000999", host=ours.target[0], port=ours.target[1], record=ear
        )
        [call] = await talking(desks[:1])
        await caller.connected()
        await desks[1].sit(extensions[1])
        await asyncio.sleep(LASTS_S)
        await call.begin("consult", f"seat:{extensions[1]}")
        await call.reaches("consulting")
        await asyncio.sleep(LASTS_S)
        waits = []
        for _ in range(JOINS):
            waits.append(await heard_after(caller, ear, lambda: call.press("join")))
            await call.press("part")
            await asyncio.sleep(LASTS_S)
        await caller.hangup()
        await caller.ended()
    for desk in desks:
        await desk.do("not-ready", reason="done")
    return waits


async def move_all(calls: Sequence[Moving], far: FarEnd) -> None:
    """Every call is joined by the far end for a moment, and is then as it was."""
    for one in calls:
        await one.begin("emergency", "emergency:110")
        far.answer(await _next(far))
        await one.reaches("joined")
        await one.press("cancel")
        await one.reaches("returned")


async def _next(far: FarEnd) -> FarCall:
    async with asyncio.timeout(10):
        return await far.rung.get()


async def measure_ours(folder: Path) -> Measured:
    """All of it on ours."""
    async with AsyncExitStack() as stack:
        far = await stack.enter_async_context(far_end())
        ours = await stack.enter_async_context(city(folder, far))
        users = list(ours.accounts.items())
        group = await stack.enter_async_context(asyncio.TaskGroup())
        desks = []
        for user, _ in users:
            desk = DeskClient(ours.web, user, ours.password)
            desks.append(desk)
            group.create_task((await stack.enter_async_context(desk)).read())
        heard = await our_joins(ours, desks[-2:], folder)
        seats = dict(list(ours.passwords.items())[:CALLS])
        async with calls_on(ours, seats, folder):
            for (_, extension), desk in zip(users[:CALLS], desks, strict=False):
                await desk.sit(extension)
            calls = await talking(desks[:CALLS])
            pid = ours.processes["asterisk"]
            plain = await cost(pid, CALLS)
            rings = await our_rings(calls, far)
            await move_all(calls, far)
            moved = await cost(pid, CALLS)
    return Measured(rings, heard, plain, moved)


# --- the peer --------------------------------------------------------------------------------


async def peer_joins(bare: BareRoom, hand: AmiHand, folder: Path) -> list[float]:
    """Milliseconds from the ``Redirect`` into the room to the expert in the caller's ear."""
    caller_seat, expert_seat = list(bare.passwords.items())[-2:]
    async with Softphone() as phones:
        hum = write_wav(folder / "expert.wav", tone(EXPERT_HZ, 1.0, -20.0))
        ear = folder / "bare-caller.wav"
        caller: PhoneLine = await phones.register(*caller_seat, *bare.target)
        expert: PhoneLine = await phones.register(*expert_seat, *bare.target)
        await (await expert.call("room", play=hum, loop=True)).connected()
        call = await caller.call("hold", record=ear)
        await call.connected()
        channel = await bare.channel(f"PJSIP/{caller_seat[0]}-")

        async def press(extension: str = "room") -> float:
            sent = monotonic()
            to = {"Context": "bare", "Exten": extension, "Priority": "2"}
            await hand.act("Redirect", Channel=channel, **to)
            return sent

        waits = []
        for _ in range(JOINS):
            await asyncio.sleep(LASTS_S)
            waits.append(await heard_after(call, ear, press))
            await press("hold")
        await call.hangup()
        await call.ended()
    return waits


async def peer_rings(hand: AmiHand, far: FarEnd) -> list[float]:
    """Milliseconds from the ``Originate`` to the INVITE."""
    waits = []
    for n in range(PRESSES):
        mark = f"bench-{n}"
        to = {"Context": "bare", "Exten": "room", "Priority": "1", "Async": "true"}
        sent = monotonic()
        await hand.act("Originate", Channel="PJSIP/110@far", ChannelId=mark, Timeout="10000", **to)
        rang = await _next(far)
        waits.append((rang.at - sent) * 1000)
        await hand.act("Hangup", Channel="/^PJSIP/far-.*$/")
        async with asyncio.timeout(5):
            await rang.is_over.wait()
    return waits


async def measure_peer(folder: Path) -> Measured:
    """All of it on the bare Asterisk; it has no other cost after a move than before."""
    rtp = free_block(1000)
    async with far_end() as far:
        bare = BareRoom(
            folder / "bare",
            sip_port=free_port(),
            ami_port=free_port(),
            rtp=(rtp, rtp + 999),
            seats=[f"seat{n}" for n in range(CALLS + 2)],
            prompt=write_wav(folder / "prompt.wav", chirp(0.2, seed=9)),
        )
        bare.far_port = far.port
        async with bare, AmiHand(bare.ami_port, bare.ami_secret) as hand:
            heard = await peer_joins(bare, hand, folder)
            seats = dict(list(bare.passwords.items())[:CALLS])
            async with calls_on(bare, seats, folder):
                await asyncio.sleep(CALLS / 10 + 2)
                plain = await cost(bare.processes["asterisk"], CALLS)
                rings = await peer_rings(hand, far)
    return Measured(rings, heard, plain, plain)


# --- what is made of it ----------------------------------------------------------------------


def summary(values: Sequence[float]) -> Mapping[str, float]:
    """Figures of one series."""
    return {
        "count": len(values),
        "p50_ms": round(percentile(values, 50), 1),
        "p99_ms": round(percentile(values, 99), 1),
    }


def judge(ours: Measured, peer: Measured) -> tuple[dict[str, Any], bool]:
    """The figures of both, and whether ours reach what was asked."""
    figures: dict[str, Any] = {
        name: {
            "key_to_ring": summary(one.rings),
            "key_to_heard": summary(one.heard),
            "cpu_percent_per_call": round(100 * one.plain, 3),
        }
        for name, one in (("ours", ours), ("bare_ami", peer))
    }
    figures["ours"]["cpu_percent_per_moved_call"] = round(100 * ours.moved, 3)
    holds = (
        figures["ours"]["key_to_ring"]["p99_ms"] <= REACH_RING_MS
        and figures["ours"]["key_to_heard"]["p99_ms"] <= REACH_HEARD_MS
    )
    return figures, holds


def run(folder: Path) -> Result:
    """Measure both, one after the other, and draw them; about four minutes."""

    async def both() -> tuple[Measured, Measured]:
        return await measure_ours(folder), await measure_peer(folder)

    ours, peer = asyncio.run(both())
    figures, holds = judge(ours, peer)
    draw_keys(
        folder / "transfer.png",
        {
            f"emergency key to ringing, {CALLS} calls": (ours.rings, peer.rings, REACH_RING_MS),
            "key to three-way heard": (ours.heard, peer.heard, REACH_HEARD_MS),
        },
    )
    reach = {
        "ours.key_to_ring.p99_ms": f"<= {REACH_RING_MS:g}",
        "ours.key_to_heard.p99_ms": f"<= {REACH_HEARD_MS:g}",
    }
    return Result(bench="transfer", figures=figures, reach=reach, holds=holds)

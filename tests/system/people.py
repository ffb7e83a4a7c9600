"""People on the telephone in a ``City``: callers and agents who speak in tones that can be found.

A caller hums one tone and an agent another, all the time; each phone records what it hears. So a
recording tells whether a talk was ever cut or interrupted, on either side.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from math import inf
from pathlib import Path
from time import monotonic

import numpy as np
from numpy.typing import NDArray

from bench.phone import CallEnded, PhoneCall, PhoneLine, PhoneRefused, Softphone, TooLate
from bench.wavetools import tone, write_wav
from cti.ids import seat_id
from tests.system.city import City

CALLER_HZ = 500
AGENT_HZ = 700
FRAME = 160
"""Samples of one packet: 20 ms."""


@dataclass(slots=True, eq=False)
class Caller:
    """Somebody who called: the phone, and the file with all that was heard there."""

    ani: str
    phone: PhoneCall
    heard: Path


@dataclass(slots=True, eq=False)
class Ring:
    """One call that rang at a seat."""

    at: float
    ani: str
    phone: PhoneCall
    heard: Path
    before: tuple["Ring", ...] = field(repr=False)
    """The earlier ones at that phone."""

    @property
    def is_second(self) -> bool:
        """Whether the phone was busy with another call then: nobody may ever ring it so.

        By the phone's own times: it tells an end only once the recording is whole, and the next
        call may have come meanwhile.
        """
        began = self.phone.events[0].at
        return any(_ended_at(ring.phone) > began for ring in self.before)


@dataclass(slots=True, eq=False)
class Agent:
    """Somebody with a phone. Answers as told by the fields, which may be changed any time."""

    extension: str
    line: PhoneLine
    folder: Path
    hum: Path
    answers_after_s: float | None = 0.3
    """None: the phone rings until ``answer`` is called, or the caller is taken away."""
    talks_s: float | None = None
    """None: until ``hang_up`` is called, or the caller goes."""
    rings: list[Ring] = field(default_factory=list)

    @property
    def now(self) -> Ring | None:
        """The call that rings or talks here."""
        return next((ring for ring in reversed(self.rings) if not ring.phone.is_over), None)

    @property
    def is_talking(self) -> bool:
        """Whether the phone is off the hook."""
        return self.now is not None and is_connected(self.now.phone)

    async def answer(self) -> None:
        """Take the call that rings."""
        ring = self.now
        assert ring is not None, "nothing rings"
        await ring.phone.answer(play=self.hum, loop=True, record=ring.heard)

    async def hang_up(self) -> None:
        """End the call, and return when it is over."""
        ring = self.now
        assert ring is not None, "nobody is there"
        await ring.phone.hangup()
        await ring.phone.ended(5)

    async def work(self) -> None:
        """Take what comes until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                try:
                    phone = await self.line.incoming(3600)
                except TooLate:
                    return
                heard = self.folder / f"{self.extension}-{len(self.rings)}.wav"
                ring = Ring(monotonic(), phone.ani, phone, heard, tuple(self.rings))
                self.rings.append(ring)
                group.create_task(self._serve(ring))

    async def take(self, ring: Ring) -> None:
        """Take that call, if it still rings."""
        with suppress(PhoneRefused):
            await ring.phone.answer(play=self.hum, loop=True, record=ring.heard)

    async def _serve(self, ring: Ring) -> None:
        phone = ring.phone
        if self.answers_after_s is None:
            return
        try:
            await asyncio.sleep(self.answers_after_s)
            if phone.is_over:
                return
            await self.take(ring)
            await phone.connected(5)
            if self.talks_s is not None:
                await asyncio.sleep(self.talks_s)
                await phone.hangup()
        except (CallEnded, TooLate):  # over, or its network was lost in that moment
            return


class People:
    """Everybody on the telephone. Use ``people_of``."""

    def __init__(self, city: City, phones: Softphone, folder: Path) -> None:
        self._city, self._phones, self._folder = city, phones, folder
        folder.mkdir(parents=True, exist_ok=True)
        self._hum = write_wav(folder / "caller.wav", tone(CALLER_HZ, 1.0))
        self._agent_hum = write_wav(folder / "agent.wav", tone(AGENT_HZ, 1.0))
        self.agents: list[Agent] = []
        self.callers: list[Caller] = []
        self._dialling = asyncio.Lock()

    async def register(self, count: int) -> None:
        """Bring the phones of the first ``count`` seats to life."""
        city = self._city
        for extension in list(city.accounts.values())[:count]:
            seat = seat_id(city.profile.centre, extension)
            line = await self._phones.register(seat, city.passwords[seat], *city.target)
            self.agents.append(Agent(extension, line, self._folder, self._agent_hum))

    async def call(
        self, number: str = "8337772", *, ani: str = "", hum: Path | None = None
    ) -> Caller:
        """Call in, by default with a number nobody else has; returns as soon as the phone dials."""
        ani = ani or f"1390000{len(self.callers):04d}"
        heard = self._folder / f"{ani}-{len(self.callers)}.wav"
        host, port = self._city.target
        async with self._dialling:  # two at once would take the same telephone
            phone = await self._phones.call(
                number,
                ani=ani,
                host=host,
                port=port,
                play=hum or self._hum,
                loop=True,
                record=heard,
            )
        self.callers.append(Caller(ani, phone, heard))
        return self.callers[-1]

    @property
    def rings(self) -> list[Ring]:
        """Every ring of every seat, in the order of time."""
        return sorted((ring for a in self.agents for ring in a.rings), key=lambda ring: ring.at)

    def agent_of(self, caller: Caller) -> Agent | None:
        """At whose phone the caller rings or talks."""
        for agent in self.agents:
            if agent.now is not None and agent.now.ani == caller.ani:
                return agent
        return None

    def talks(self, caller: Caller) -> bool:
        """Whether an agent has the caller on the line."""
        agent = self.agent_of(caller)
        return agent is not None and agent.is_talking


@asynccontextmanager
async def people_of(city: City, phones: Softphone, agents: int) -> AsyncIterator[People]:
    """People for that city, ``agents`` of them at work while the block runs."""
    people = People(city, phones, city.folder / "people")
    await people.register(agents)
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(agent.work()) for agent in people.agents]
        yield people
        for task in tasks:
            task.cancel()


def _ended_at(phone: PhoneCall) -> float:
    """When the call was over, by the phone's clock; never, while it is not."""
    return next((event.at for event in phone.events if event.name == "disconnected"), inf)


def is_connected(phone: PhoneCall) -> bool:
    """Whether the call is answered and not over."""
    return not phone.is_over and any(event.name == "connected" for event in phone.events)


@dataclass(frozen=True, slots=True)
class Hearing:
    """How a tone was heard, from its first moment to its last."""

    lasted_s: float
    longest_gap_s: float
    gaps_s: float
    """All gaps together."""


def packets_with(path: Path, hertz: int) -> NDArray[np.intp]:
    """Which packets of a finished recording have that tone, and nothing as loud beside it."""
    samples = np.frombuffer(path.read_bytes()[44:], dtype="<i2").astype(np.float64) / 32768
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    turn = np.exp(-2j * np.pi * hertz * np.arange(FRAME) / 8000)
    power = 2 * np.abs(frames @ turn / FRAME) ** 2
    return np.flatnonzero((power > 1e-4) & (power > 0.5 * np.mean(frames**2, axis=1)))


def hearing(path: Path, hertz: int) -> Hearing:
    """Look for that tone in a finished recording, packet by packet."""
    places = packets_with(path, hertz)
    if not len(places):
        return Hearing(0.0, 0.0, 0.0)
    steps = np.diff(places) - 1
    longest = int(steps.max()) if len(steps) else 0
    lasted = int(places[-1] - places[0]) + 1
    return Hearing(lasted * 0.02, longest * 0.02, int(steps.sum()) * 0.02)

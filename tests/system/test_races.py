"""Callers and agents who act at the very instant of the brain's orders. Nobody may be lost.

What races is told by Asterisk itself: the caller begins to wait (and the order is on its way), or
the order is carried out (and the phone is about to ring). Then somebody acts 0–30 ms later.
"""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import pytest

from bench.amiears import AmiEars
from bench.deskclient import DeskClient, DeskRefused
from bench.phone import CallEnded, PhoneCall, PhoneLine, PhoneRefused, Softphone
from bench.wavetools import chirp
from config.render import secret
from cti.ids import CallId, seat_id
from tests.system.city import City, until
from tests.system.test_blackout import figures

pytestmark = pytest.mark.asterisk

SEATS = 6
LANES = 4
MOST_JITTER_S = 0.03
SERVED_WITHIN_S = 20.0
OF_RACING = (
    # The brain's order for a caller who has just gone.
    "order refused",
    # Asterisk answers or ends a call that its phone ended in the same moment.
    "Session already DISCONNECTED",
)


class Race(Enum):
    """Who acts when."""

    LEAVES_AT_THE_ORDER = "the caller hangs up as the brain orders the ring"
    LEAVES_AT_THE_RING = "the caller hangs up as the phone begins to ring"
    LEAVES_AT_THE_ANSWER = "the caller hangs up as the seat answers"
    LEAVES_AT_THE_REJECTION = "the caller hangs up as the seat rejects"
    ANSWERS_AT_ONCE = "the seat answers as it begins to ring; both hang up together"
    REJECTS_AT_ONCE = "the seat rejects as it begins to ring; another takes the call"
    BREAK_AT_THE_ORDER = "the agents want a break as the brain orders the ring"


STAYS = frozenset({Race.ANSWERS_AT_ONCE, Race.REJECTS_AT_ONCE, Race.BREAK_AT_THE_ORDER})
"""The caller does not hang up and must be served."""


@dataclass(eq=False)
class Racer:
    """One caller and what is to happen to it."""

    race: Race
    dice: random.Random
    waits: asyncio.Event = field(default_factory=asyncio.Event)
    is_offered: asyncio.Event = field(default_factory=asyncio.Event)
    rings: int = 0
    is_served: asyncio.Event = field(default_factory=asyncio.Event)

    async def jitter(self) -> None:
        await asyncio.sleep(self.dice.uniform(0, MOST_JITTER_S))


class Course:
    """The city, its phones and desks, and the racers by their numbers."""

    def __init__(self, city: City, phones: Softphone, seed: int) -> None:
        self._city, self._phones = city, phones
        self._dice = random.Random(seed)
        self._racers: dict[str, Racer] = {}
        self.outcomes: Counter[tuple[Race, str]] = Counter()

    # --- what Asterisk tells

    def hear(self, event: Mapping[str, str]) -> bool:
        """Let those go who wait for that event; keep none."""
        racer = self._racers.get(event.get("CallerIDNum", ""))
        if racer is not None and event.get("UserEvent") == "Wait":
            racer.waits.set()
        elif racer is not None and event.get("UserEvent") == "Offer":
            racer.is_offered.set()
        return False

    # --- the seats

    async def work(self, line: PhoneLine) -> None:
        """Take calls as each racer's race wants it, until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                group.create_task(self._serve(await line.incoming(3600)))

    async def _serve(self, phone: PhoneCall) -> None:
        racer = self._racers[phone.ani]
        racer.rings += 1
        try:
            await racer.jitter()
            if racer.race is Race.LEAVES_AT_THE_RING:
                return
            is_first = racer.rings == 1
            rejects = racer.race in (Race.REJECTS_AT_ONCE, Race.LEAVES_AT_THE_REJECTION)
            if rejects and is_first:
                await phone.reject()
                return
            await phone.answer()
            await phone.connected(5)
            if racer.race in STAYS:
                await asyncio.sleep(0.1)
                racer.is_served.set()
                await racer.jitter()
                await phone.hangup()
        except (CallEnded, PhoneRefused):
            return  # the caller was faster

    async def mind(self, desk: DeskClient) -> None:
        """Press "ready" whenever the seat is not, as an agent would; until cancelled."""
        while True:
            await asyncio.sleep(0.1)
            if state_of(desk) == "not-ready":
                await desk.do("ready")

    # --- the callers

    async def run(self, lane: int, races: int) -> None:
        """Race so many times in a row."""
        for number in range(races):
            race = list(Race)[(number + lane) % len(Race)]
            ani = f"139{lane:02d}{number:06d}"
            racer = Racer(race, random.Random(self._dice.random()))
            self._racers[ani] = racer
            phone = await self._dial(ani)
            self.outcomes[race, await self._finish(racer, phone)] += 1

    async def _dial(self, ani: str) -> PhoneCall:
        host, port = self._city.target
        for _ in range(100):
            try:
                return await self._phones.call("12345", ani=ani, host=host, port=port)
            except PhoneRefused:  # a call of before has ended, but the library still holds it
                await asyncio.sleep(0.05)
        raise AssertionError("no phone is free")

    async def _finish(self, racer: Racer, phone: PhoneCall) -> str:
        if racer.race is Race.LEAVES_AT_THE_ORDER:
            await _within(racer.waits)
        elif racer.race is Race.BREAK_AT_THE_ORDER:
            await _within(racer.waits)
            await racer.jitter()
            await self._all_take_a_break()
            await _within(racer.is_served)
        elif racer.race in STAYS:
            await _within(racer.is_served)
        else:
            await _within(racer.is_offered)
        await racer.jitter()
        await phone.hangup()
        ended = await phone.ended(5)
        return f"served after {racer.rings} rings" if racer.is_served.is_set() else ended.by

    async def _all_take_a_break(self) -> None:
        for desk in self._city.desks:
            try:
                await desk.do("not-ready", reason="休息")
            except DeskRefused:
                continue


async def _within(event: asyncio.Event) -> None:
    async with asyncio.timeout(SERVED_WITHIN_S):
        await event.wait()


def state_of(desk: DeskClient) -> str:
    """The desk's seat's state, as it was told last."""
    for told in reversed(desk.heard):
        seat = told.body.get("seat") or (told.body.get("desk") or {}).get("seat")
        if seat:
            return str(seat["state"])
    return ""


@asynccontextmanager
async def racing(city: City, phones: Softphone) -> AsyncIterator[Course]:
    """Everything at work while the block runs."""
    course = Course(city, phones, seed=7)
    settings = city.settings
    ears = AmiEars(
        settings.host, settings.ami_port, "hotline", secret(settings, "ami"), course.hear
    )
    seats = [seat_id(city.profile.centre, extension) for extension in city.accounts.values()]
    lines = [await phones.register(seat, city.passwords[seat], *city.target) for seat in seats]
    desks = await city.staff(SEATS)
    async with ears, asyncio.TaskGroup() as group:
        tasks = [group.create_task(ears.read())]
        tasks += [group.create_task(course.work(line)) for line in lines]
        tasks += [group.create_task(course.mind(desk)) for desk in desks]
        yield course
        for task in tasks:
            task.cancel()


async def race(folder: Path, phones: Softphone, races: int) -> None:
    async with (
        City(folder, seats=SEATS, prompt=chirp(0.1)) as city,
        racing(city, phones) as course,
    ):
        async with asyncio.TaskGroup() as group:
            for lane in range(LANES):
                group.create_task(course.run(lane, races // LANES))

        async def is_quiet() -> bool:
            seen = await figures(city)
            calls = sum(value for name, value in seen.items() if name.startswith("hotline_calls_"))
            return seen.get("hotline_seats_available") == SEATS and calls == 0

        await until(is_quiet, 15, "every seat is available again and no call is left")
        assert city.channels() == 0
        assert sum(course.outcomes.values()) == races

        async def are_owed() -> bool:
            return len(await city.orders()) >= races

        await until(are_owed, 20, "a draft is owed for each call")
        await asyncio.sleep(1.5)
        records = await city.records()
        orders = Counter(CallId(order.draft.call_id) for order in await city.orders())
        assert len(records) == races
        assert all(record.ended_at is not None for record in records)
        assert orders == Counter(record.call for record in records)
        assert sum((await city.jobs()).values()) == races
        assert city.complaints(*OF_RACING) == []
        for (kind, outcome), count in sorted(course.outcomes.items(), key=str):
            sys.stdout.write(f"{kind.name}: {outcome}: {count}\n")


@pytest.mark.timeout(180)
async def test_nobody_is_lost_at_the_instant_of_an_order(folder: Path, phones: Softphone) -> None:
    """105 races: no channel is left, every seat is available, every call owes one draft."""
    await race(folder, phones, 105 // LANES * LANES)


@pytest.mark.soak
@pytest.mark.timeout(1200)
async def test_nobody_is_lost_in_a_thousand_races(folder: Path, phones: Softphone) -> None:
    """The same, a thousand times."""
    await race(folder, phones, 1000)

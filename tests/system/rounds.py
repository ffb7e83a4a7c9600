"""Every call of an itinerary, really placed by SIPp at a real Asterisk, and what it left behind.

There is no brain: the caller ends in Asterisk's own queue, and all before that is the dialplan's.
The clock of the dialplan is set once a time of the itinerary; a call's way is settled as it comes
in, so calls of several times are in the house together.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import count, groupby
from pathlib import Path

from bench.ports import free_port
from bench.sippload import Dialling, Endpoint, dial_each
from bench.wavetools import RATE, Samples, chirp, load
from config.numberplan import UNREACHABLE, NumberPlan, Plan
from config.platform import Platform
from ivr.text import prompt_name
from records.cel import CelEvent, read_block
from tests.asterisk.world import AsteriskWorld, time_of_day
from tests.system.city import until
from tests.system.evidence import is_whole
from tests.system.itinerary import Call
from tests.system.media import Voice, Voices
from tests.system.neighbours import RINGS_S, TALKS_S, Guest, Neighbours

ARRIVE_S = 30.0
SETTLE_S = 20.0
RATE_PER_S = 12.0
"""Of each city, and all of them begin at once."""
SAYS_S = 1.0
PAUSE_S = 0.8
"""What a caller lets pass after the last sentence, so that speech never skips it."""
LISTENS_S = 1.2
"""How long a caller who waits listens on after having spoken."""
SLACK_S = 6.0
"""What a caller who is hung up on gives the other side beyond its time."""
MEDIA_PORT, MEDIA_PORTS = 61_000, 450
"""Tens of ports above those that the kernel gives out by itself; used again when all were."""
_counted = count()
MARKS = ("ARRIVED", "OUTSIDE", "OUTSIDEEND", "WAIT", "FALLBACK", "BYE")


@dataclass(frozen=True, slots=True)
class Story:
    """A call as it went. Its sounds are read when they are asked for."""

    wanted: Call
    said: Samples
    """By the caller."""
    said_at_s: float
    """After the first that the caller heard."""
    id: str
    at: datetime
    """When it came in, by the clock of the dialplan."""
    marks: tuple[CelEvent, ...]
    """Its marks in Asterisk's own log, in order."""
    ended_by: str
    """Who hung up: a channel or ``dialplan/…``, as that log names it."""
    guests: tuple[Guest, ...]
    """The call as the peers had it."""
    ear: Voice
    recordings: Path

    @property
    def heard(self) -> Samples:
        """By the caller, off the wire."""
        return self.ear.heard

    @property
    def recorded_said(self) -> Samples:
        """What the caller said, as the switch recorded it."""
        return load(self.recordings / f"{self.id}-rx.wav")

    @property
    def recorded_heard(self) -> Samples:
        """What the caller heard, as the switch recorded it."""
        return load(self.recordings / f"{self.id}-tx.wav")


@dataclass(frozen=True, slots=True)
class _Placed:
    wanted: Call
    ear: Voice
    said: Samples
    quiet_s: float
    offset: timedelta
    """How far the dialplan's clock was ahead."""


class Rounds:
    """The calls of one platform. ``lines`` bounds how many are in the house, here and elsewhere."""

    def __init__(
        self,
        world: AsteriskWorld,
        beside: Neighbours,
        voices: Voices,
        lines: asyncio.Semaphore,
        turn: asyncio.Lock,
        folder: Path,
    ) -> None:
        self._world = world
        self._beside = beside
        self._voices = voices
        self._lines = lines
        self._turn = turn
        self._folder = folder
        self._plan = NumberPlan(world.platform)
        self._placed: list[_Placed] = []

    async def place(self, calls: Sequence[Call]) -> None:
        """Place all, sorted by time as they are; returns when the last is over."""
        self._beside.busy_for |= {call.ani for call in calls if not call.is_answered}
        async with asyncio.TaskGroup() as group:
            for at, together in groupby(calls, key=lambda call: call.at):
                now = list(together)
                async with self._turn:  # two that each have a part would wait for ever
                    for _ in now:
                        await self._lines.acquire()
                offset = round(at.timestamp() - time_of_day())
                await self._asterisk(f"dialplan set global CLOCK_OFFSET {offset}")
                dialled = self._dialled(now, timedelta(seconds=offset))
                for n, (host, stay_s, alike) in enumerate(dialled):
                    place = self._folder / f"{at:%Y%m%d-%H}-{n}"
                    group.create_task(self._dial(alike, host, stay_s, place))
                await until(partial(self._are_in, now), ARRIVE_S, "all in", every_s=0.2)

    def _dialled(
        self, calls: Sequence[Call], offset: timedelta
    ) -> list[tuple[str, float, list[Dialling]]]:
        """The calls of one time, with a voice each, by where they come from and how long."""
        found: dict[tuple[str, str], tuple[float, list[Dialling]]] = {}
        for call in calls:
            told = self._plan.explain(call.number, ani=call.ani, at=call.at, trunk=call.trunk)
            quiet_s, stay_s = self._times(call, told)
            said = chirp(SAYS_S, seed=len(self._placed))
            voice = self._voices.voice(said, quiet_s)
            self._placed.append(_Placed(call, voice, said, quiet_s, offset))
            host = str(self._world.platform.centre(call.trunk).trunks[0].network_address)
            kind = (host, told.route if call.is_answered else "busy")
            longest_s, alike = found.setdefault(kind, (0.0, []))
            alike.append(Dialling(ani=call.ani, number=call.number, media=voice.address))
            found[kind] = max(longest_s, stay_s), alike
        return [(host, stay_s, alike) for (host, _), (stay_s, alike) in found.items()]

    def _times(self, call: Call, told: Plan) -> tuple[float, float]:
        """When the caller speaks and when the caller hangs up, in seconds from the answer."""
        first_s = self._seconds(told.prompt) if told.prompt else 0.0
        match told.route, call.is_answered:
            case "hangup", _:
                return PAUSE_S, first_s + SLACK_S
            case "dial", True:
                return first_s + RINGS_S + PAUSE_S, first_s + RINGS_S + TALKS_S + SLACK_S
            case "dial", False:
                first_s += RINGS_S + self._seconds(UNREACHABLE) + PAUSE_S
            case _:
                pass
        return first_s + PAUSE_S, first_s + PAUSE_S + SAYS_S + LISTENS_S

    async def _dial(self, calls: list[Dialling], host: str, stay_s: float, folder: Path) -> None:
        source = Endpoint(
            host=host,
            # above every port that one of the Asterisks may take for media meanwhile
            sip_port=free_port(),
            # for nothing, but SIPp insists: where nobody else has any
            media_host="127.0.1.1",
            media_port=MEDIA_PORT + 10 * (next(_counted) % MEDIA_PORTS),
        )
        target = ("127.0.0.1", self._world.sip_port)
        try:
            async with asyncio.timeout(stay_s + ARRIVE_S + SETTLE_S):
                tally = await dial_each(
                    calls, target, source, folder, rate=RATE_PER_S, stay_s=stay_s
                )
        finally:
            for _ in calls:
                self._lines.release()
        assert (tally.placed, tally.failed) == (len(calls), 0), folder

    async def stories(self) -> list[Story]:
        """What became of each, in the order in which they were placed."""
        await until(self._is_quiet, SETTLE_S, "the recordings are closed", every_s=0.2)
        found: dict[str, list[CelEvent]] = {}
        for event in self._events():
            found.setdefault(event.account, []).append(event)
        calls = {e.extra["ani"]: call for call in found for e in found[call] if e.type == "ARRIVED"}
        return [
            self._story(placed, calls[placed.wanted.ani], found[calls[placed.wanted.ani]])
            for placed in self._placed
        ]

    def _story(self, placed: _Placed, call: str, events: Sequence[CelEvent]) -> Story:
        marks = tuple(event for event in events if event.type in MARKS)
        [end] = (e for e in events if e.type == "HANGUP" and e.uniqueid == call)
        return Story(
            wanted=placed.wanted,
            said=placed.said,
            said_at_s=placed.quiet_s,
            id=call,
            at=marks[0].time + placed.offset,
            marks=marks,
            ended_by=end.extra["hangupsource"],
            guests=tuple(guest for guest in self._beside.guests if guest.call == call),
            ear=placed.ear,
            recordings=self._world.settings.recordings,
        )

    def _seconds(self, prompt: str) -> float:
        return len(load(sound_file(self._world, prompt))) / RATE

    async def _asterisk(self, command: str) -> str:
        return await asyncio.to_thread(self._world.rx, command)

    def _events(self) -> Sequence[CelEvent]:
        return read_block(self._world.settings.cel_file.read_bytes()).events

    def _are_in(self, calls: Sequence[Call]) -> bool:
        file = self._world.settings.cel_file
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        return all(f" ani={call.ani}" in text for call in calls)

    def _is_quiet(self) -> bool:
        files = list(self._world.settings.recordings.glob("*.wav"))
        return len(files) == 2 * len(self._placed) and all(map(is_whole, files))


def sound_file(world: AsteriskWorld, prompt: str) -> Path:
    """The sound that is to be heard for a prompt id; standing prompts have fixed names."""
    name = sound_name(world.platform, prompt)
    return world.home / "sounds" / "zh" / f"{name}.wav"


def sound_name(platform: Platform, prompt: str) -> str:
    """The name of a prompt's file without its ending."""
    centre = prompt.partition("-")[0]
    speaker = next((profile for profile in platform if profile.centre == centre), None)
    return prompt if speaker is None else prompt_name(speaker, prompt)

"""The five shipped cities, each with an Asterisk and neighbours of its own, called all at once."""

import asyncio
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bench.wavetools import Samples, chirp, load, write_wav
from config.numberplan import NumberPlan, Plan
from config.platform import Platform
from cti.prompting import make_prompts
from ivr.cache import clip_cache
from ivr.prompts import prompt_file, utterance
from ivr.text import PromptText, line_prompts, prompt, standing_prompts
from tests.asterisk.world import AsteriskWorld
from tests.system.city import until
from tests.system.itinerary import Call, calls
from tests.system.media import Voices
from tests.system.neighbours import copy_profile, move_peers, neighbours
from tests.system.promises import Promise, promised
from tests.system.rounds import Rounds, Story, sound_file

CITIES = ("chifeng", "hunan", "jiangxi", "qinghai", "shaoyang")
MOST_AT_ONCE = 150
"""Calls, of all cities together."""
HARMLESS = r"res_musiconhold.c: Failed to write frame to 'PJSIP/trunk-"
"""The caller hung up while a piece of music was on its way."""
STAND_IN_S = 1.5
SAMPLE = 3
"""Prompts of each city that are always the real ones."""


@dataclass(frozen=True, slots=True)
class DialledCity:
    """A city after its calls."""

    platform: Platform
    stories: Sequence[Story]
    plans: Sequence[Plan]
    """What ``explain`` says of each, at the second at which it came in."""
    sounds: Mapping[str, Samples]
    """All that callers can hear of us, by prompt id."""
    real: frozenset[str]
    """The prompt ids whose sounds are the shipped ones; others have a sound of their own too."""
    complaints: Sequence[str]
    leaks: Sequence[str]
    """Files that hold a caller's number, other than those whose purpose it is to hold it."""

    def each(self) -> list[tuple[Story, Promise]]:
        """Every call with what its plan promised."""
        pairs = zip(self.stories, self.plans, strict=True)
        return [(story, promised(plan, story.wanted)) for story, plan in pairs]


async def dial_all(folder: Path, today: date, *, is_all_real: bool) -> dict[str, DialledCity]:
    """Call every line of every shipped city; below ``folder`` lie the recordings.

    ``is_all_real``: prompts that are not in the cache yet are spoken, which takes minutes; else
    only ``SAMPLE`` of them are, and something that is no other prompt's sound stands for the rest.
    """
    with Voices() as voices:
        tour = _Tour(folder, today, voices, is_all_real=is_all_real)
        async with asyncio.TaskGroup() as group:
            tasks = {city: group.create_task(tour.dial(city)) for city in CITIES}
    return {city: task.result() for city, task in tasks.items()}


class _Tour:
    """What the cities share while they are called."""

    def __init__(self, folder: Path, today: date, voices: Voices, *, is_all_real: bool) -> None:
        self._folder = folder
        self._today = today
        self._voices = voices
        self._is_all_real = is_all_real
        self._lines = asyncio.Semaphore(MOST_AT_ONCE)
        self._turn = asyncio.Lock()
        self._speaking = asyncio.Lock()
        self._spoken = asyncio.Barrier(len(CITIES))

    async def dial(self, city: str) -> DialledCity:
        folder = self._folder / city
        profile, peers = copy_profile(city, folder)
        async with neighbours(self._voices, peers) as beside:
            move_peers(profile, beside.ports)
            world = await asyncio.to_thread(AsteriskWorld, folder / "home", profile=str(profile))
            async with self._speaking:
                real = await asyncio.to_thread(_lay_sounds, world, is_all_real=self._is_all_real)
            await self._spoken.wait()  # nobody calls while that takes all processors
            wanted = calls(world.platform, self._today)
            rounds = Rounds(world, beside, self._voices, self._lines, self._turn, folder / "sipp")
            try:
                await asyncio.to_thread(world.start)
                await _all_there(world, peers)
                await rounds.place(wanted)
                stories = await rounds.stories()
            finally:
                await asyncio.to_thread(world.stop)
        plan, sayable = NumberPlan(world.platform), _sayable(world.platform)
        return DialledCity(
            platform=world.platform,
            stories=stories,
            plans=[_explained(plan, story) for story in stories],
            sounds={found.id: load(sound_file(world, found.id)) for found in sayable},
            real=real,
            complaints=[line for line in world.complaints() if not re.search(HARMLESS, line)],
            leaks=_leaks(world, wanted),
        )


def _explained(plan: NumberPlan, story: Story) -> Plan:
    wanted = story.wanted
    return plan.explain(wanted.number, ani=wanted.ani, at=story.at, trunk=wanted.trunk)


def _sayable(platform: Platform) -> list[PromptText]:
    lines = [found for profile in platform for found in line_prompts(profile)]
    return [*lines, *standing_prompts(platform.home)]


def sample(platform: Platform) -> list[PromptText]:
    """Some of a platform's prompts: as good as drawn by lot, and others when words change."""
    found = [found for profile in platform for found in line_prompts(profile)]
    return sorted(found, key=lambda p: hashlib.sha256(p.name.encode()).digest())[:SAMPLE]


def _lay_sounds(world: AsteriskWorld, *, is_all_real: bool) -> frozenset[str]:
    """Put the shipped prompts in place of the world's tones; tell which."""
    settings, wanted = world.settings, _sayable(world.platform)
    for tone in (world.home / "sounds" / "zh").glob("*.wav"):
        tone.unlink()
    cache = clip_cache(settings)
    chosen = [
        found
        for found in wanted
        if is_all_real
        or found in sample(world.platform)
        or all(map(cache.holds, utterance(found, prompt_file(settings, found)).clips))
    ]
    make_prompts(settings, world.platform, chosen)
    for seed, found in enumerate(wanted):
        file = sound_file(world, found.id)
        if not file.exists():
            write_wav(file, chirp(STAND_IN_S, seed=20_000 + seed))
    return frozenset(found.id for found in chosen)


async def _all_there(world: AsteriskWorld, peers: Sequence[str]) -> None:
    """Have Asterisk ask its peers whether they are there, until each has answered."""
    asked = 0

    async def is_so() -> bool:
        nonlocal asked
        shown = await asyncio.to_thread(world.rx, "pjsip show contacts")
        silent = [peer for peer in peers if not re.search(rf"peer-{peer}/.* Avail ", shown)]
        if asked % 10 == 0:
            for peer in silent:
                await asyncio.to_thread(world.rx, f"pjsip qualify peer-{peer}")
        asked += 1
        return not silent

    await until(is_so, 20, "every peer is known to be there", every_s=0.3)


def _leaks(world: AsteriskWorld, wanted: Sequence[Call]) -> list[str]:
    found = []
    for file in sorted(world.home.rglob("*")):
        if file.is_file() and file.suffix != ".wav" and file != world.settings.cel_file:
            content = file.read_bytes()
            found += [file.name for call in wanted if call.ani.encode() in content][:1]
    return found


def text_of(platform: Platform, prompt_id: str) -> PromptText:
    """A line's prompt by its id."""
    centre = prompt_id.partition("-")[0]
    [speaker] = (profile for profile in platform if profile.centre == centre)
    return prompt(speaker, prompt_id)

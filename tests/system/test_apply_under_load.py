"""A minute of ten new calls a second while the table is changed and changed back every five."""

import asyncio
from collections import Counter
from pathlib import Path
from time import monotonic

import pytest

from bench.sippload import Tally, Traffic, call_in, invented_numbers
from bench.wavetools import chirp, write_alaw, write_wav
from config.apply import apply, rollback
from config.numberplan import NumberPlan
from config.platform import Platform
from config.profile import NUMBERS
from config.revisions import Revisions
from config.turn import MakePrompts
from ivr.text import line_prompts
from records.callrecord import Disposition
from tests.system.city import MEDIA_PORTS, City, until
from tests.system.numberstable import with_line

pytestmark = [pytest.mark.asterisk, pytest.mark.alone, pytest.mark.timeout(300)]

LASTS_S = 60
RATE_PER_S = 10.0
CHANGE_EVERY_S = 5.0
STANDING, COMING_AND_GOING = "8337772", "8990001"
SEATS = 40
TALK_S = 1.0
NOBODY_LISTENS = r"peer-\w+.*(Unreachable|unreachable|UNREACHABLE)"
STAY_S = 12.0
"""Callers hang up then, should nobody have done so before: nobody gives up early."""


def chirped(city: City) -> MakePrompts:
    """Every line says the same; what matters here is that each wording has its file."""

    def make(platform: Platform) -> None:
        for prompt in line_prompts(platform.home):
            file = city.settings.home / "sounds" / "zh" / f"{prompt.name}.wav"
            if not file.exists():
                write_wav(file, city.prompt)

    return make


async def change_and_change_back(city: City, until_s: float) -> None:
    """Put a table with one more line in force, take it back, and so on."""
    table = Path(city.settings.profile) / NUMBERS
    ends, make = monotonic() + until_s, chirped(city)
    count = 0
    while monotonic() < ends:
        began = monotonic()
        if count % 2:
            number = Revisions(city.settings).current()
            assert number is not None
            assert number.before is not None
            await asyncio.to_thread(
                rollback, city.settings, number.before, who="anna", why="", make_prompts=make
            )
        else:
            text = with_line(table.read_text(encoding="utf-8"), COMING_AND_GOING)
            table.write_text(text, encoding="utf-8")
            await asyncio.to_thread(apply, city.settings, who="anna", why="", make_prompts=make)
        count += 1
        await asyncio.sleep(max(0.0, began + CHANGE_EVERY_S - monotonic()))


async def test_no_call_is_lost_and_each_goes_the_way_of_its_own_table(folder: Path) -> None:
    """Every call carries the revision that routed it, and went where that one explains."""
    prompt = chirp(0.4, seed=9)
    calls = int(LASTS_S * RATE_PER_S)
    async with City(folder, seats=SEATS, prompt=prompt) as city:
        first = chirped(city)
        await asyncio.to_thread(apply, city.settings, who="anna", why="", make_prompts=first)
        async with city.phones(SEATS, talk_s=TALK_S):
            await city.staff(SEATS)
            audio = write_alaw(folder / "caller.alaw", chirp(1.0))

            async def load(dialled: str, seed: int) -> Tally:
                traffic = Traffic(
                    number=dialled,
                    rate=RATE_PER_S / 2,
                    count=calls // 2,
                    at_once=calls,
                    stay_s=STAY_S,
                    audio=audio,
                    anis=invented_numbers(calls // 2, seed),
                )
                place = folder / dialled
                place.mkdir()
                return await call_in(traffic, city.target, city.source(MEDIA_PORTS), place)

            async with asyncio.timeout(LASTS_S + 60), asyncio.TaskGroup() as group:
                loads = [
                    group.create_task(load(dialled, seed))
                    for seed, dialled in enumerate((STANDING, COMING_AND_GOING))
                ]
                group.create_task(change_and_change_back(city, LASTS_S))

        assert [(tally.placed, tally.failed) for tally in map(asyncio.Task.result, loads)] == [
            (calls // 2, 0)
        ] * 2
        await until(lambda: city.channels() == 0, 30, "everybody gone")

        async def all_written() -> bool:
            return all(r.disposition is not Disposition.LIVE for r in await city.records())

        await until(all_written, 10, "every end in the records")
        records = await city.records()
        assert len(records) == calls
        assert Counter(record.disposition for record in records) == {Disposition.ANSWERED: calls}

        revisions = Revisions(city.settings)
        plans = {number: NumberPlan(revisions.platform(number)) for number in revisions.numbers()}
        assert len(plans) >= LASTS_S / CHANGE_EVERY_S
        lines = set()
        for record in records:
            plan = plans[record.revision].explain(record.dnis, ani=record.ani, at=record.arrived_at)
            assert record.line == plan.line.number
            lines.add((record.dnis, record.line))
        assert lines == {
            (STANDING, STANDING),
            (COMING_AND_GOING, COMING_AND_GOING),
            (COMING_AND_GOING, "12345"),
        }
        ridden = Counter(record.revision for record in records)
        assert len(ridden) >= LASTS_S / CHANGE_EVERY_S - 2
        assert not city.complaints(NOBODY_LISTENS)

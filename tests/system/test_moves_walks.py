"""Some callers moved at random among people who act at random: nobody is lost on the way.

A thousand of them, with networks lost as well, are in ``tests.system.test_moves_soak``.
"""

import asyncio
import sys
from pathlib import Path
from random import Random

import pytest

from bench.phone import Softphone
from tests.standstill import Watch
from tests.system.city import until
from tests.system.moverecord import log_tells_the_same
from tests.system.movestage import LEFT_S, Stage, rooms, stage
from tests.system.movewalk import walk

pytestmark = [pytest.mark.asterisk, pytest.mark.alone, pytest.mark.redis, pytest.mark.timeout(240)]

CALLERS, SLOTS = 24, 8
SEED = 12345


async def walked(on: Stage) -> list[Exception]:
    """All of them, as many at once as there are slots; what went wrong with any."""
    waiting = list(range(CALLERS))
    wrong: list[Exception] = []

    async def keep_walking(slot: int) -> None:
        while waiting:
            number = waiting.pop(0)
            try:
                await walk(on, slot, Random(SEED + number))
                await on.is_ready_again()
            except Exception as error:  # noqa: BLE001 - the other callers are told all the same
                error.add_note(f"walk {number}")
                wrong.append(error)

    async with asyncio.TaskGroup() as group:
        for slot in range(SLOTS):
            group.create_task(keep_walking(slot))
    return wrong


async def test_nobody_is_lost_on_the_way(folder: Path, phones: Softphone, watch: Watch) -> None:
    """Twenty-four callers, eight at once; one record and one draft is all that is left of each."""
    async with stage(folder, phones, watch, slots=SLOTS) as on:
        wrong = await walked(on)
        sys.stdout.write(f"{CALLERS - len(wrong)} of {CALLERS} callers were well served\n")
        if wrong:
            raise ExceptionGroup(f"{len(wrong)} of {CALLERS} walks", wrong)
        await until(lambda: on.city.channels() == 0, LEFT_S, "no channel is left", every_s=0.2)
        assert rooms(on.city) == []
        await on.is_ready_again()
        await until(
            lambda: set(on.city.seat_states().values()) == {"available"}, LEFT_S, "all are free"
        )
        calls = [record.call for record in await on.city.records()]
        assert len(calls) == len(set(calls)) == CALLERS
        assert sum((await on.city.jobs()).values()) == CALLERS
        await log_tells_the_same(on)

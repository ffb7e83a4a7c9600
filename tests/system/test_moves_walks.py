"""Many callers moved at random among people who act at random: nobody is lost on the way."""

import asyncio
import sys
from pathlib import Path
from random import Random

import pytest

from bench.phone import Softphone
from tests.system.city import until
from tests.system.moverecord import log_tells_the_same
from tests.system.movestage import Stage, rooms, stage
from tests.system.movewalk import walk

pytestmark = [pytest.mark.asterisk, pytest.mark.redis]

SLOTS, SOAK_SLOTS = 8, 20
SEED = 12345


async def walked(on: Stage, count: int, slots: int) -> list[Exception]:
    """So many callers, as many at once as there are slots; what went wrong with any."""
    waiting = list(range(count))
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
        for slot in range(slots):
            group.create_task(keep_walking(slot))
    return wrong


async def nobody_is_lost(folder: Path, phones: Softphone, count: int, slots: int) -> None:
    """So many walks; nothing is left of them but one record and one draft each."""
    async with stage(folder, phones, slots=slots) as on:
        wrong = await walked(on, count, slots)
        sys.stdout.write(f"{count - len(wrong)} of {count} callers were well served\n")
        if wrong:
            raise ExceptionGroup(f"{len(wrong)} of {count} walks", wrong)
        await until(lambda: on.city.channels() == 0, 15, "no channel is left", every_s=0.2)
        assert rooms(on.city) == []
        assert set(on.city.seat_states().values()) == {"available"}
        calls = [record.call for record in await on.city.records()]
        assert len(calls) == len(set(calls)) == count
        assert sum((await on.city.jobs()).values()) == count
        await log_tells_the_same(on.city)


@pytest.mark.timeout(240)
async def test_nobody_is_lost_on_the_way(folder: Path, phones: Softphone) -> None:
    """Twenty-four callers, eight at once."""
    await nobody_is_lost(folder, phones, 24, SLOTS)


@pytest.mark.soak
@pytest.mark.timeout(7200)
async def test_nobody_is_lost_in_a_thousand_moves(folder: Path, phones: Softphone) -> None:
    """Twenty at once."""
    await nobody_is_lost(folder, phones, 1000, SOAK_SLOTS)

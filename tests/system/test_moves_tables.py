"""Every path of every table of moves once, on the real thing: three Asterisks, people in tones.

What cannot be done on purpose with a key or a telephone (an order refused, a step that lasts as
long as an order) is in ``tests.cti.test_moving``, over every order of things.
"""

import asyncio
from pathlib import Path

import pytest

from bench.phone import Softphone
from tests.system.city import until
from tests.system.movedoing import play
from tests.system.moverecord import log_tells_the_same
from tests.system.movestage import STRAY, Stage, rooms, stage
from tests.system.movestories import Story, stories
from transfer.step import Kind, What

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(400)]

SLOTS = 3


async def played(on: Stage, wanted: list[Story]) -> list[Exception]:
    """Play all, as many at once as there are slots; what went wrong in any."""
    waiting = list(reversed(wanted))
    wrong: list[Exception] = []

    async def keep_playing(slot: int) -> None:
        while waiting:
            story = waiting.pop()
            try:
                await play(on, slot, story)
            except Exception as error:  # noqa: BLE001 - the other stories are told all the same
                error.add_note(story.name)
                wrong.append(error)

    async with asyncio.TaskGroup() as group:
        for slot in range(SLOTS):
            group.create_task(keep_playing(slot))
    return wrong


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.value)
async def test_every_path_of_the_table(folder: Path, phones: Softphone, kind: Kind) -> None:
    """Whoever does what in whichever step: the caller is with somebody, and that is written once.

    In the end no channel, no room and no seat is left in what is over.
    """
    # a hotline has one route: that there is a next one is a public service's story
    wanted = [s for s in stories(kind) if kind is not Kind.HAND_OVER or s.last != What.UNANSWERED]
    async with stage(folder, phones, slots=SLOTS) as on:
        wrong = await played(on, wanted)
        if wrong:
            raise ExceptionGroup(f"{len(wrong)} of {len(wanted)} paths", wrong)
        await until(lambda: on.city.channels() == 0, 10, "no channel is left", every_s=0.2)
        assert rooms(on.city) == []
        assert set(on.city.seat_states().values()) == {"available"}
        calls = [record.call for record in await on.city.records()]
        assert len(calls) == len(set(calls)) == len(wanted)
        assert sum((await on.city.jobs()).values()) == len(wanted)
        await log_tells_the_same(on.city)
        assert on.city.complaints(STRAY) == []

"""Every path of every table of moves once, on the real thing: three Asterisks, people in tones.

What cannot be done on purpose with a key or a telephone (an order refused, a step that lasts as
long as an order) is in ``tests.cti.test_moving``, over every order of things.
"""

import asyncio
import sys
from pathlib import Path

import pytest

from bench.phone import Softphone
from bench.phonelink import PhoneGone
from tests.standstill import Watch
from tests.system.city import until
from tests.system.dialledcities import HARMLESS
from tests.system.movedoing import is_kept, play
from tests.system.moverecord import log_tells_the_same
from tests.system.movescene import Scene
from tests.system.movestage import GONE_MEANWHILE, LEFT_S, STRAY, Stage, rooms, stage
from tests.system.movestories import Story, stories
from transfer.step import Kind, What

pytestmark = [pytest.mark.asterisk, pytest.mark.alone, pytest.mark.redis, pytest.mark.timeout(400)]

SLOTS = 8
MOST_UNDECIDED = 4
"""So many of the 126 paths may be played three times more, as a whole test is that plays calls
(``docs/decisions/021-asked-again.md``)."""


async def played(on: Stage, wanted: list[Story]) -> list[tuple[Story, Exception]]:
    """Play all, as many at once as there are slots; what went wrong in any.

    What must be left of a call is looked for while the next one is played.
    """
    waiting = list(reversed(wanted))
    wrong: list[tuple[Story, Exception]] = []

    async def told(story: Story, scene: Scene) -> None:
        try:
            await is_kept(scene, story)
        except Exception as error:  # noqa: BLE001 - the other stories are told all the same
            error.add_note(story.name)
            wrong.append((story, error))

    async def keep_playing(slot: int) -> None:
        while waiting:
            story = waiting.pop()
            try:
                scene = await play(on, slot, story)
            except PhoneGone:  # with its people gone nothing more can be said
                raise
            except Exception as error:  # noqa: BLE001 - the other stories are told all the same
                error.add_note(story.name)
                wrong.append((story, error))
            else:
                group.create_task(told(story, scene))

    async with asyncio.TaskGroup() as group:
        for slot in range(SLOTS):
            group.create_task(keep_playing(slot))
    return wrong


async def played_again(on: Stage, wrong: list[tuple[Story, Exception]]) -> list[Story]:
    """Play what went wrong three times more, and return that: it must go well each time."""
    errors = [error for _, error in wrong]
    if len(wrong) > MOST_UNDECIDED:
        raise ExceptionGroup(f"{len(wrong)} paths", errors)
    for story, error in wrong:
        sys.stderr.write(f"UNDECIDED path {story.name}: {error!r}\n")
    thrice = [story for story, _ in wrong for _ in range(3)]
    if more := [error for _, error in await played(on, thrice)]:
        raise ExceptionGroup(f"{len(wrong)} paths, and once more", [*errors, *more])
    return thrice


def every_story() -> list[Story]:
    """Of every kind; a hotline has one route: that there is a next is a public service's story."""
    return [
        story
        for kind in Kind
        for story in stories(kind)
        if kind is not Kind.HAND_OVER or story.last != What.UNANSWERED
    ]


async def test_every_path_of_every_table(folder: Path, phones: Softphone, watch: Watch) -> None:
    """Whoever does what in whichever step: the caller is with somebody, and that is written once.

    In the end no channel, no room and no seat is left in what is over.
    """
    wanted = every_story()
    async with stage(folder, phones, watch, slots=SLOTS) as on:
        wrong = await played(on, wanted)
        for kind in Kind:
            sys.stdout.write(f"{kind.value}: {sum(one.kind is kind for one in wanted)} paths\n")
        if wrong:
            wanted += await played_again(on, wrong)
        await until(lambda: on.city.channels() == 0, LEFT_S, "no channel is left", every_s=0.2)
        assert rooms(on.city) == []
        await until(
            lambda: set(on.city.seat_states().values()) == {"available"}, LEFT_S, "all are free"
        )
        calls = [record.call for record in await on.city.records()]
        assert len(calls) == len(set(calls)) == len(wanted)
        assert sum((await on.city.jobs()).values()) == len(wanted)
        await log_tells_the_same(on)
        assert on.city.complaints(STRAY, GONE_MEANWHILE, HARMLESS) == []

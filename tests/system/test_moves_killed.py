"""The brain dies while callers are being moved, in every step in which a move can stay."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import pytest

from bench.phone import Softphone
from records.callrecord import Source
from tests.system.city import NotInTime, until
from tests.system.ears import heard_now
from tests.system.movedoing import GAP_S, Played, place_for
from tests.system.movescene import Scene, calling
from tests.system.movestage import MUSIC, Stage, stage
from tests.system.movestories import Story, ways
from tests.system.people import hearing
from transfer.step import Kind, Step, What

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(180)]

WITH_SOMEBODY_S = 15.0
MOMENTS = (
    (
        (Kind.CONSULT, Step.RINGING),
        (Kind.CONSULT, Step.CONSULTING),
        (Kind.CONSULT, Step.SWAPPED),
        (Kind.CONSULT, Step.JOINED),
    ),
    (
        (Kind.CONSULT, Step.PASSING),
        (Kind.THREE_WAY, Step.RINGING),
        (Kind.BLIND, Step.PASSING),
        (Kind.EMERGENCY, Step.JOINED),
    ),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A move in the step in which the brain dies."""

    played: Played
    step: Step
    is_left: bool

    @property
    def scene(self) -> Scene:
        return self.played.scene


async def brought(on: Stage, slot: int, kind: Kind, step: Step) -> Moment:
    """A caller whose move is in that step."""
    scene = await calling(on, slot)
    way = ways(kind)[step]
    story = Story(kind, way[:-1], way[-1]) if way else Story(kind, (), What.CANCEL)
    played = Played(scene, kind, place_for(on, slot, story))
    await scene.talks()
    await played.start()
    for what, after in story.steps() if way else ():
        await played.do(what)
        await scene.reaches(after)
    is_left = bool(way) and story.is_left(len(way)) or kind is Kind.BLIND
    await played.is_heard(step, is_left=is_left)
    return Moment(played, step, is_left)


async def is_with_somebody(scene: Scene) -> None:
    """The caller hears a person."""
    people = scene.stage.voices - {MUSIC, scene.hertz}
    await until(lambda: bool(heard_now(scene.caller.heard, people)), WITH_SOMEBODY_S)


async def moments(on: Stage, which: int) -> list[Moment]:
    """Each caller in the step that is wanted."""
    async with asyncio.TaskGroup() as group:
        made = [
            group.create_task(brought(on, slot, kind, step))
            for slot, (kind, step) in enumerate(MOMENTS[which])
        ]
    return [task.result() for task in made]


@pytest.mark.parametrize("which", range(len(MOMENTS)))
async def test_given_a_move_when_the_brain_stays_away_then_the_caller_is_with_somebody(
    folder: Path, phones: Softphone, which: int
) -> None:
    """Within 15 s, whichever the step; and Asterisk's log tells the call as it went."""
    async with stage(folder, phones, slots=4) as on:
        stood = await moments(on, which)
        await on.city.kill("brain")
        died_at = monotonic()
        wrong: list[Exception] = []

        async def served(moment: Moment) -> None:
            if moment.played.kind is Kind.BLIND:
                await moment.played.do(What.EXHAUSTED)  # else it is rung for longer than that
            try:
                await is_with_somebody(moment.scene)
            except NotInTime as error:
                error.add_note(f"{moment.played.kind.value} {moment.step.value}")
                wrong.append(error)

        async with asyncio.TaskGroup() as group:
            for moment in stood:
                group.create_task(served(moment))
        if wrong:
            raise ExceptionGroup("callers without anybody", wrong)
        assert monotonic() - died_at < WITH_SOMEBODY_S + 1
        on.city.start("brain")
        await on.city.ready()
        await on.staff()
        for moment in stood:
            record = await moment.scene.over()
            assert record.talks
            said = hearing(on.city.recording(record.call)[0], moment.scene.hertz)
            assert said.longest_gap_s <= GAP_S, (moment.played.kind, moment.step, said)
        await until(lambda: on.city.channels() == 0, 10, "no channel is left", every_s=0.2)

        async def is_logged() -> bool:
            records = await on.city.records()
            return len(records) == 4 and all(record.source is Source.LOG for record in records)

        await until(is_logged, 30, "each call is told by the log, once", every_s=0.3)
        assert set(on.city.seat_states().values()) == {"available"}


@pytest.mark.parametrize("which", range(len(MOMENTS)))
async def test_given_a_move_when_the_brain_is_back_at_once_then_the_move_goes_on(
    folder: Path, phones: Softphone, which: int
) -> None:
    """In the step in which it was: everybody hears whom they heard, and the next key works."""
    async with stage(folder, phones, slots=4) as on:
        stood = await moments(on, which)
        await on.city.kill("brain")
        on.city.start("brain")
        await on.city.ready()
        await on.staff()
        wrong: list[Exception] = []
        for moment in stood:
            try:
                await goes_on(moment)
            except (AssertionError, TimeoutError) as error:
                error.add_note(f"{moment.played.kind.value} {moment.step.value}")
                wrong.append(error)
        for moment in stood:
            await moment.scene.over()
        if wrong:
            raise ExceptionGroup("moves that did not go on", wrong)
        await until(lambda: on.city.channels() == 0, 10, "no channel is left", every_s=0.2)
        assert len(await on.city.records()) == 4


async def goes_on(moment: Moment) -> None:
    """The move is where it was, and takes the next thing that happens."""
    played, step = moment.played, moment.step
    await played.is_heard(step, is_left=moment.is_left)
    if step in (Step.RINGING, Step.PASSING):
        await played.do(What.ANSWERED)
        rung = Step.CONSULTING if played.kind is Kind.CONSULT else Step.JOINED
        after = Step.COMPLETED if step is Step.PASSING else rung
    else:
        await played.do(What.CANCEL)
        after = Step.RETURNED
    await played.is_heard(after, is_left=moment.is_left)

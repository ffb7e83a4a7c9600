"""The brain dies while callers are being moved: in every step of every table, by one death each."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.phone import Softphone
from records.callrecord import Source
from tests.standstill import Watch
from tests.system.city import until
from tests.system.ears import heard_now
from tests.system.movebrain import back_at_once, is_back, killed
from tests.system.movedoing import Played, is_whole, place_for
from tests.system.movescene import Scene, calling
from tests.system.movestage import LEFT_S, MUSIC, Stage, rooms, stage
from tests.system.movestories import MOMENTS, Story, ways
from tests.system.people import is_connected
from transfer.step import Kind, Step, What
from transfer.table import TABLES

pytestmark = [pytest.mark.asterisk, pytest.mark.alone, pytest.mark.redis, pytest.mark.timeout(240)]

WITH_SOMEBODY_S = 15.0
EVERY_STEP = [(kind, step) for kind in Kind for step in dict.fromkeys(at for at, _ in TABLES[kind])]
TWICE = [(Kind.EMERGENCY, Step.CONSULTING), (Kind.EMERGENCY, Step.SWAPPED)]
"""A stage has room for twenty callers: these two are beside those who wait for 110."""
CASES = [case for case in EVERY_STEP if case not in TWICE]


@dataclass(frozen=True, slots=True)
class Case:
    """A move in the step in which the brain dies; or, if that lasts only as long as an order does,
    one thing before it.
    """

    played: Played
    step: Step
    is_left: bool = False

    @property
    def scene(self) -> Scene:
        """Its call."""
        return self.played.scene

    @property
    def lasts(self) -> bool:
        """Whether anybody can do anything in the step."""
        return self.step not in MOMENTS

    @property
    def is_dialled(self) -> bool:
        """Whether the caller's own dialplan rings the recipient, brain or none."""
        return self.played.kind in (Kind.BLIND, Kind.HAND_OVER)

    async def comes(self) -> None:
        """Do what leads to a step that does not last."""
        if self.step is Step.JOINING:
            await self.played.do(What.ANSWERED)
        else:
            await self.scene.begin(self.played.kind, self.played.place.target)

    async def goes_on(self) -> None:
        """The move is where it was, and takes the next thing that happens."""
        played, step = self.played, self.step
        if self.step is Step.SETTING_ASIDE:  # it may have gone on to ring, with the caller on hold
            await self.scene.wants(What.CANCEL)
        if not self.lasts:
            await self.is_with_somebody()
            return
        await played.is_heard(step, is_left=self.is_left)
        if step in (Step.RINGING, Step.PASSING):
            await played.do(What.ANSWERED)
            rung = Step.CONSULTING if played.kind is Kind.CONSULT else Step.JOINED
            after = Step.COMPLETED if step is Step.PASSING else rung
        else:
            await played.do(What.CANCEL)
            after = Step.RETURNED
        await played.is_heard(after, is_left=self.is_left)

    async def is_served(self) -> None:
        """Without a brain. A telephone that the caller's own dialplan rings is answered, or it
        refuses; else it would ring on.
        """
        if self.played.kind is Kind.HAND_OVER and self.lasts:
            await self.played.do(What.EXHAUSTED)
        await self.is_with_somebody()

    async def is_with_somebody(self) -> None:
        """The caller hears a person, and whoever is rung by its own dialplan answers."""
        scene, there = self.scene, self.played.recipient
        people = scene.stage.voices - {MUSIC, scene.hertz}

        async def is_so() -> bool:
            ring = there.now
            if self.is_dialled and ring is not None and not is_connected(ring.phone):
                await there.take(ring)
            return bool(heard_now(scene.caller.heard, people))

        await until(is_so, WITH_SOMEBODY_S, every_s=0.2)

    @property
    def is_rung(self) -> bool:
        """Whether the recipient has been rung for certain when the brain dies."""
        return self.lasts or self.step is Step.JOINING

    async def is_told(self) -> None:
        """The record says to whom the caller was to be moved."""
        record = await self.scene.ended()
        if self.is_rung:
            assert self.played.place.target in {offer.target for offer in record.offers}, record

    async def is_told_of_the_talk(self) -> None:
        """Once the move has gone on: also to whom it talked, unless they never heard each other."""
        await self.is_told()
        is_heard = self.played.kind is not Kind.CONSULT or self.step in (Step.PASSING, Step.JOINED)
        record = await self.scene.ended()
        if self.lasts and is_heard:
            assert self.played.place.target in {talk.target for talk in record.talks}, record

    async def over(self) -> None:
        """All that the caller said is in the recording."""
        is_whole(self.scene, await self.scene.over())


async def brought(on: Stage, slot: int, kind: Kind, step: Step) -> Case:
    """A caller whose move is in that step."""
    scene = await calling(on, slot)
    lasting = Step.RINGING if step is Step.JOINING else step
    way = ways(kind).get(lasting, ())
    story = Story(kind, way[:-1], way[-1]) if way else Story(kind, (), What.CANCEL)
    played = Played(scene, kind, place_for(on, slot, story))
    await scene.talks()
    if lasting in MOMENTS:
        return Case(played, step)
    await played.start()
    for what, after in story.steps() if way else ():
        await played.do(what)
        await scene.reaches(after)
    is_left = bool(way) and story.is_left(len(way)) or kind is Kind.BLIND or kind is Kind.HAND_OVER
    await played.is_heard(lasting, is_left=is_left)
    return Case(played, step, is_left)


async def all_brought(on: Stage) -> list[Case]:
    """A caller in every step of every table."""
    async with asyncio.TaskGroup() as group:
        made = [group.create_task(brought(on, n, *case)) for n, case in enumerate(CASES)]
    cases = [task.result() for task in made]
    async with asyncio.TaskGroup() as group:
        for case in cases:
            if not case.lasts:
                group.create_task(case.comes())
    return cases


async def each(cases: Sequence[Case], do: Callable[[Case], Awaitable[None]]) -> None:
    """Do it with all at once; whatever went wrong is told together."""
    wrong: list[Exception] = []

    async def one(case: Case) -> None:
        try:
            await do(case)
        except (AssertionError, TimeoutError) as error:
            error.add_note(f"{case.played.kind.value} {case.step.value}: {case.scene.call}")
            wrong.append(error)

    async with asyncio.TaskGroup() as group:
        for case in cases:
            group.create_task(one(case))
    if wrong:
        raise ExceptionGroup(f"{len(wrong)} of {len(cases)} moves", wrong)


async def nothing_is_left(on: Stage, calls: int) -> None:
    """No channel, no room and no seat is in what is over; Asterisk's log tells each call, once."""
    city = on.city
    await until(lambda: city.channels() == 0, LEFT_S, "no channel is left", every_s=0.2)
    assert rooms(city) == []
    await on.is_ready_again()
    await until(lambda: set(city.seat_states().values()) == {"available"}, LEFT_S, "all are free")

    async def is_logged() -> bool:
        records = await city.records()
        assert len(records) == calls
        return all(record.source is Source.LOG and record.talks for record in records)

    await until(is_logged, 30, "each call is told by the log", every_s=0.3)


async def test_given_moves_in_every_step_when_the_brain_is_back_at_once_then_they_go_on(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """In the step in which each was: everybody hears whom they heard, and the next key works."""
    async with stage(folder, phones, watch, slots=len(CASES)) as on:
        cases = await all_brought(on)
        await back_at_once(on)
        await each(cases, Case.goes_on)
        await each(cases, Case.over)
        await nothing_is_left(on, len(cases))
        await each(cases, Case.is_told_of_the_talk)


async def test_given_moves_in_every_step_when_the_brain_stays_away_then_all_are_with_somebody(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """Within 15 s, whichever the step."""
    async with stage(folder, phones, watch, slots=len(CASES)) as on:
        cases = await all_brought(on)
        await on.city.kill("brain")
        await each(cases, Case.is_served)
        on.city.start("brain")
        await on.city.ready()
        await on.staff()
        await each(cases, Case.over)
        await nothing_is_left(on, len(cases))
        await each(cases, Case.is_told)


async def test_given_110_rung_for_callers_who_wait_when_the_brain_dies_then_110_has_them(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """No seat is free: whoever of 110 answers, before or after the brain is back, is heard; and the
    record says whom the caller was moved to. Who is consulted about two others meanwhile, by one
    agent each, stays with whom it talks.
    """
    async with stage(folder, phones, watch, slots=4, agents=3) as on:
        desk = on.desks["1003"]
        await desk.do("not-ready", reason="用餐")
        cases = [await brought(on, slot, *case) for slot, case in enumerate(TWICE, start=2)]
        waiting = [await calling(on, slot) for slot in range(2)]
        places = on.emergency[:2]
        there = [place.people[0] for place in places]
        for scene, place in zip(waiting, places, strict=True):
            await scene.waits()
            await scene.begin(Kind.EMERGENCY, place.target, desk=desk)
            await scene.rung(place.people[0])
        last = await killed(on)
        await there[0].answer()
        await waiting[0].hears({waiting[0].caller: [MUSIC]})
        await is_back(on, last)
        await there[1].answer()
        for scene, who in zip(waiting, there, strict=True):
            await scene.hears({scene.caller: [on.hertz(who)], who: [scene.hertz]})
            await scene.over()
        await on.staff()
        await each(cases, Case.goes_on)
        await each(cases, Case.over)
        await nothing_is_left(on, len(cases) + len(waiting))
        await each(cases, Case.is_told_of_the_talk)
        talks = [(await scene.ended()).talks for scene in waiting]
        assert [talk.target for [talk] in talks] == [place.target for place in places]

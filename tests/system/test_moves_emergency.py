"""Emergency lines from the desk: also when the first route is silent, the caller waits, or SQL and
Redis are away.
"""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError

from bench.phone import Softphone
from tests.standstill import Watch
from tests.system.city import City, until
from tests.system.movedoing import Played
from tests.system.movescene import Scene, calling
from tests.system.movestage import LEFT_S, MUSIC, Stage, stage
from tests.system.people import Agent
from transfer.step import Kind, Step, What

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

NEXT_ROUTE_S = 13.0
"""A route rings 10 s; then it is hung up, and the next one is dialled."""


async def test_given_silent_routes_and_callers_who_wait_then_110_is_reached_or_its_number_told(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """The second route rings in 10 s; when nobody is reached at all, the agent is told the number
    to dial. Meanwhile another agent, not ready for calls, calls 110 for callers who wait: it
    answers them; and who becomes ready joins them.
    """
    async with stage(folder, phones, watch, slots=2, agents=2) as on:
        await on.desks["1002"].do("not-ready", reason="用餐")
        scene = await calling(on)
        agent = await scene.talks()
        async with asyncio.TaskGroup() as group:
            group.create_task(is_told_the_number(scene, agent))
            group.create_task(waiting_callers_are_answered(on))
        record = await scene.over()  # only now, as the other callers would be taken by that agent
        assert [talk.seat for talk in record.talks] == [f"chifeng-{agent.extension}"]


async def is_told_the_number(scene: Scene, agent: Agent) -> None:
    """The first route is silent, the second is busy: caller and agent talk all the time."""
    on, place = scene.stage, scene.stage.emergency[0]
    played = Played(scene, Kind.EMERGENCY, place)
    await played.start()
    await scene.rung(place.people[1], within_s=NEXT_ROUTE_S)
    await scene.hears({scene.caller: [on.hertz(agent)], agent: [scene.hertz]})
    ring = place.people[1].now
    assert ring is not None
    await ring.phone.reject()
    await scene.reaches(Step.RETURNED)
    assert scene.shown[-1]["number"] == place.number
    await scene.hears({scene.caller: [on.hertz(agent)], agent: [scene.hertz]})


async def waiting_callers_are_answered(on: Stage) -> None:
    """By 110 alone, and by 110 together with the agent who becomes ready meanwhile."""
    desk, place = on.desks["1002"], on.emergency[1]
    there = place.people[0]
    for agent_comes in (False, True):
        scene = await calling(on, 1)
        await scene.waits()
        await scene.begin(Kind.EMERGENCY, place.target, desk=desk)
        await scene.rung(there)
        await scene.hears({scene.caller: [MUSIC]})
        if agent_comes:
            await desk.do("ready")
            agent = await scene.talks()
            await scene.reaches(Step.RINGING)
            await there.answer()
            await scene.reaches(Step.JOINED)
            mine, theirs, far = scene.hertz, on.hertz(agent), on.hertz(there)
            await scene.hears(
                {scene.caller: [theirs, far], agent: [mine, far], there: [mine, theirs]}
            )
        else:
            await there.answer()
            await scene.reaches(Step.COMPLETED)
            await scene.hears({scene.caller: [on.hertz(there)], there: [scene.hertz]})
        await scene.over()


async def test_given_sql_and_redis_away_when_the_key_is_pressed_then_the_line_rings(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """Also at a desk that has just been loaded anew: nothing of it waits for either."""
    async with stage(folder, phones, watch) as on:
        scene = await calling(on)
        agent = await scene.talks()
        await on.city.kill("redis")
        _break(on.city)
        with pytest.raises(DatabaseError):
            await on.city.records()
        told = len(scene.desk.heard)
        await scene.desk.reload()
        await scene.desk.wait("snapshot", after=told)
        place = on.emergency[0]
        played = Played(scene, Kind.EMERGENCY, place)
        await played.start()
        await place.people[0].answer()
        await scene.reaches(Step.JOINED)
        await played.is_heard(Step.JOINED, is_left=False)
        await scene.press(What.COMPLETE)
        await played.is_heard(Step.COMPLETED, is_left=True)
        await scene.caller.phone.hangup()
        await until(lambda: on.city.channels() == 0, LEFT_S, "no channel is left")
        await until(lambda: on.city.seat_states()[agent.extension] == "available", LEFT_S)


def _break(city: City) -> None:
    """Make of the database a file that is none, under the feet of whoever has it open."""
    for file in city.settings.home.glob("hotline.db*"):
        with file.open("r+b") as broken:
            broken.write(b"\xff" * file.stat().st_size)

"""A supervisor in a talk, on the real thing: who hears whom in each mode, and a talk taken over."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench.deskclient import DeskClient
from bench.phone import Softphone
from records.accounts import Accounts
from tests.standstill import Watch
from tests.system.city import until
from tests.system.ears import heard_now
from tests.system.moverecord import log_tells_the_same
from tests.system.movescene import Scene, calling
from tests.system.movestage import LEFT_S, Stage, stage
from tests.system.people import Agent

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(90)]

PASSWORD = "a long word for chiefs"
HEARD_WITHIN_S = 6.0


@asynccontextmanager
async def chief_of(on: Stage) -> AsyncIterator[DeskClient]:
    """A supervisor's desk at the second seat, whose agent has gone home; not ready for calls."""
    centre = on.city.profile.centre
    await Accounts(on.city.store().database).add_person("chief", centre, "supervisor", PASSWORD)
    await on.desks["1002"].do("sign-out")
    async with desk_of_chief(on) as desk:
        await desk.sit("1002")
        await desk.do("not-ready", reason="巡视")
        yield desk


@asynccontextmanager
async def desk_of_chief(on: Stage) -> AsyncIterator[DeskClient]:
    """The supervisor's desk, opened again: who sat at the seat still does."""
    async with DeskClient(on.city.web, "chief", PASSWORD) as desk, asyncio.TaskGroup() as group:
        reading = group.create_task(desk.read())
        yield desk
        reading.cancel()


async def wants(desk: DeskClient, scene: Scene, what: str, **body: str) -> None:
    """The supervisor presses a key of that talk."""
    status, answer = await desk.post(f"/api/v1/calls/{scene.call}/{what}", body)
    assert status == 202, answer


async def refused(desk: DeskClient, scene: Scene, what: str, **body: str) -> str:
    """The supervisor presses a key that cannot be obeyed; why not."""
    status, answer = await desk.post(f"/api/v1/calls/{scene.call}/{what}", body)
    assert status == 409, answer
    return str(answer["error"]["id"])


def told(desk: DeskClient) -> list[str]:
    """What the supervisor's desk was told of the talk, in order."""
    said = [one.body for one in desk.heard if one.body.get("type") == "supervised"]
    said = [one["supervised"] for one in said]
    return [" ".join(filter(None, (one["phase"], one["mode"], one["why"]))) for one in said]


async def hears(scene: Scene, chief: Agent, expected: Collection[int]) -> None:
    """Wait until the supervisor's phone hears just these tones."""
    ear, voices = chief.rings[-1].heard, scene.stage.voices
    await until(lambda: heard_now(ear, voices) == set(expected), HEARD_WITHIN_S, "the chief hears")


async def test_given_a_talk_when_a_supervisor_comes_then_each_hears_what_is_theirs(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """Listen: nobody notices. Whisper: the agent only. Barge: both. Going again changes nothing."""
    async with stage(folder, phones, watch, agents=2) as on, chief_of(on) as desk:
        chief = on.people.agents[1]
        scene = await calling(on)
        agent = await scene.talks()
        caller, mine, theirs = scene.hertz, on.hertz(agent), on.hertz(chief)
        await wants(desk, scene, "supervise", mode="listen")
        await until(lambda: bool(chief.rings), HEARD_WITHIN_S, "the chief's phone rings")
        await hears(scene, chief, {caller, mine})
        await scene.hears({scene.caller: [mine], agent: [caller]})
        await wants(desk, scene, "supervise", mode="whisper")
        await scene.hears({scene.caller: [mine], agent: [caller, theirs]})
        await wants(desk, scene, "supervise", mode="barge")
        await scene.hears({scene.caller: [mine, theirs], agent: [caller, theirs]})
        assert scene.call is not None
        _, kept = on.city.recording(scene.call)
        await until(
            lambda: heard_now(kept, on.voices) == {mine, theirs}, HEARD_WITHIN_S, "it is recorded"
        )
        await chief.rings[-1].phone.hangup()
        await scene.hears({scene.caller: [mine], agent: [caller]})
        assert told(desk) == [
            *("ringing listen", "hearing listen", "changing listen", "hearing whisper"),
            *("gathering whisper", "changing whisper", "hearing barge", "over barge"),
        ]
        record = await scene.over()
        assert {talk.seat for talk in record.talks} == {"chifeng-1001"}  # plain, and in the room
        await log_tells_the_same(on)
        await until(lambda: on.city.channels() == 0, LEFT_S, "no channel is left")


async def test_given_a_talk_when_a_supervisor_takes_it_over_then_the_agent_is_let_go(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """The caller is never in the queue meanwhile; one call, one record, both talks in it."""
    async with stage(folder, phones, watch, agents=2) as on, chief_of(on) as desk:
        chief = on.people.agents[1]
        scene = await calling(on)
        agent = await scene.talks()
        assert await refused(desk, scene, "take-over") == "not-hearing"
        await wants(desk, scene, "supervise", mode="listen")
        await until(lambda: bool(chief.rings), HEARD_WITHIN_S, "the chief's phone rings")
        await hears(scene, chief, {scene.hertz, on.hertz(agent)})
        await wants(desk, scene, "take-over")
        await scene.hears({scene.caller: [on.hertz(chief)]})
        assert told(desk)[-3:] == ["taking listen", "on-way listen", "over listen"]
        await hears(scene, chief, {scene.hertz})
        record = await scene.over()
        assert [talk.seat for talk in record.talks] == ["chifeng-1001", "chifeng-1002"]
        assert len(await on.city.records()) == 1
        waited = [event for event in on.tap.events if event.get("UserEvent") == "Wait"]
        assert len(waited) == 1
        await until(lambda: on.city.channels() == 0, LEFT_S, "no channel is left")


async def test_given_a_supervisor_who_listens_when_the_brain_dies_then_the_next_can_take_over(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """Who hears whom does not change meanwhile."""
    async with stage(folder, phones, watch, agents=2) as on:
        chief = on.people.agents[1]
        async with chief_of(on) as desk:
            scene = await calling(on)
            agent = await scene.talks()
            await wants(desk, scene, "supervise", mode="listen")
            await until(lambda: bool(chief.rings), HEARD_WITHIN_S, "the chief's phone rings")
            await hears(scene, chief, {scene.hertz, on.hertz(agent)})
            await on.city.kill("brain")
        on.city.start("brain")
        await on.city.ready()
        async with desk_of_chief(on) as desk:
            await hears(scene, chief, {scene.hertz, on.hertz(agent)})
            await scene.hears({scene.caller: [on.hertz(agent)], agent: [scene.hertz]})
            await wants(desk, scene, "take-over")
            await scene.hears({scene.caller: [on.hertz(chief)]})
            await hears(scene, chief, {scene.hertz})
            record = await scene.over()
            assert [talk.seat for talk in record.talks] == ["chifeng-1001", "chifeng-1002"]
            await until(lambda: on.city.channels() == 0, LEFT_S, "no channel is left")

"""A supervisor in a talk, on the real thing: who hears whom in each mode, and a talk taken over."""

from pathlib import Path

import pytest

from bench.phone import Softphone
from tests.standstill import Watch
from tests.system.chief import (
    HEARD_WITHIN_S,
    chief_of,
    desk_of_chief,
    hears,
    refused,
    told,
    wants,
)
from tests.system.city import until
from tests.system.ears import heard_now
from tests.system.moverecord import log_tells_the_same
from tests.system.movescene import calling
from tests.system.movestage import LEFT_S, stage

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(90)]


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

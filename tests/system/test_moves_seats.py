"""Moves to our own seats: a colleague is shown the call, rings, talks, and is free again."""

from pathlib import Path

import pytest

from bench.phone import Softphone
from tests.system.city import until
from tests.system.movescene import calling
from tests.system.movestage import MUSIC, stage
from transfer.step import Kind, Step, What

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]


@pytest.mark.parametrize("kind", [Kind.CONSULT, Kind.THREE_WAY, Kind.BLIND], ids=lambda k: k.value)
async def test_given_a_colleague_when_a_caller_is_moved_there_then_the_card_is_there_first(
    folder: Path, phones: Softphone, kind: Kind
) -> None:
    """The colleague's desk shows the card, the seat talks, and both seats end free again."""
    async with stage(folder, phones, agents=2) as on:
        scene = await calling(on)
        agent = await scene.talks()
        [other] = [one for one in on.people.agents if one is not agent]
        desk, states = on.desks[other.extension], on.city.seat_states
        await scene.begin(kind, f"seat:{other.extension}")
        shown = await desk.wait("pop")
        assert shown.body["card"]["call"] == scene.call
        await until(lambda: states()[other.extension] == "talking", 10, "the colleague talks")
        mine, theirs, far = scene.hertz, on.hertz(agent), on.hertz(other)
        if kind is Kind.CONSULT:
            await scene.hears({scene.caller: [MUSIC], agent: [far], other: [theirs]})
            await scene.press(What.JOIN)
        if kind is not Kind.BLIND:
            await scene.reaches(Step.JOINED)
            assert states()[agent.extension] == states()[other.extension] == "talking"
            await scene.hears(
                {scene.caller: [theirs, far], agent: [mine, far], other: [mine, theirs]}
            )
            await scene.press(What.COMPLETE)
        await scene.reaches(Step.COMPLETED)
        await scene.hears({scene.caller: [far], other: [mine]})
        await until(lambda: states()[agent.extension] == "available", 5, "who asked is free")
        record = await scene.over()
        await until(lambda: set(states().values()) == {"available"}, 5, "both are free")
        seats = [f"chifeng-{one.extension}" for one in (agent, other)]
        assert sorted({talk.seat for talk in record.talks}) == sorted(seats)
        assert len(await on.city.records()) == 1
        assert len(await on.city.orders()) == 1

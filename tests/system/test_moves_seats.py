"""Moves to our own seats: a colleague is shown the call, rings, talks, and is free again."""

import asyncio
from pathlib import Path

import pytest

from bench.phone import Softphone
from tests.standstill import Watch
from tests.system.city import until
from tests.system.movescene import Scene, calling
from tests.system.movestage import LEFT_S, MUSIC, stage
from tests.system.people import Agent
from transfer.step import Kind, Step, What

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

KINDS = (Kind.CONSULT, Kind.THREE_WAY, Kind.BLIND)


async def test_given_a_colleague_when_a_caller_is_moved_there_then_the_card_is_there_first(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """The colleague's desk shows the card, the seat talks, and both seats end free again.

    Consulted, called in, or given the caller, all at once.
    """
    async with stage(folder, phones, watch, slots=len(KINDS), agents=2 * len(KINDS)) as on:
        scenes = [await calling(on, slot) for slot in range(len(KINDS))]
        talking = [await scene.talks() for scene in scenes]
        colleagues = [one for one in on.people.agents if one not in talking]
        async with asyncio.TaskGroup() as group:
            for kind, scene, other in zip(KINDS, scenes, colleagues, strict=True):
                group.create_task(is_moved(kind, scene, other))
        await until(
            lambda: set(on.city.seat_states().values()) == {"available"}, LEFT_S, "all are free"
        )
        assert len(await on.city.records()) == len(KINDS)
        assert len(await on.city.orders()) == len(KINDS)


async def is_moved(kind: Kind, scene: Scene, other: Agent) -> None:
    """Move that caller to the colleague, from the first ring to the end of the call."""
    on, agent = scene.stage, scene.agent
    assert agent is not None
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
        await scene.hears({scene.caller: [theirs, far], agent: [mine, far], other: [mine, theirs]})
        await scene.press(What.COMPLETE)
    await scene.reaches(Step.COMPLETED)
    await scene.hears({scene.caller: [far], other: [mine]})
    await until(lambda: states()[agent.extension] == "available", LEFT_S, "who asked is free")
    record = await scene.over()
    seats = [f"chifeng-{one.extension}" for one in (agent, other)]
    assert sorted({talk.seat for talk in record.talks}) == sorted(seats)

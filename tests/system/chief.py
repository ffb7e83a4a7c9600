"""A supervisor's desk and phone, for tests that listen to talks on the real thing."""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from bench.deskclient import DeskClient
from records.accounts import Accounts
from tests.system.city import until
from tests.system.ears import heard_now
from tests.system.movescene import Scene
from tests.system.movestage import Stage
from tests.system.people import Agent

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

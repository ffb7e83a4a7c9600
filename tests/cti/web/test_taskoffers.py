"""Call-back tasks come to the desks of free seats while nobody waits, and go again."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.platform import Platform
from config.profile import Profile
from cti.ids import AgentId, CentreId
from cti.web.desk import DeskHub
from cti.web.taskoffers import TaskOffers
from queues.seat import AgentState, SeatView
from queues.task import Task
from tests.cti.web.fakes import CHIFENG, FakeStore, seat_view
from tests.cti.web.sample import missed_task

ANNA, BAO = AgentId("anna"), AgentId("bao")
TEN_IN_CHINA = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


class Queues:
    """A switch with two free seats, in whose queue so many wait."""

    def __init__(self) -> None:
        self.waiting = 0
        self.views = [_view("1001", ANNA), _view("1002", BAO)]

    def waiting_in(self, centre: CentreId) -> int:
        return self.waiting if centre == CHIFENG else 0

    def seats(self) -> list[SeatView]:
        return self.views


def _view(extension: str, agent: AgentId) -> SeatView:
    return seat_view(extension, agent=agent, state=AgentState.AVAILABLE, since=TEN_IN_CHINA)


class Room:
    """A brain's part that offers, its store and desks, and a clock that is moved by hand."""

    def __init__(self, profile: Profile) -> None:
        self.queues, self.store = Queues(), FakeStore()
        self.hub = DeskHub(Platform(centres=(profile,)))
        self.now = TEN_IN_CHINA
        self.offers = TaskOffers(self.queues, self.store, self.hub, lambda: self.now)

    def owe(self, number: int) -> Task:
        """A caller lost just before the story begins."""
        found = missed_task(f"node1-1.{number}")
        task = replace(found, missed_at=self.now, due_at=self.now + timedelta(hours=number))
        self.store.tasks[task.call] = task
        return task

    async def after(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        await self.offers.look()


@pytest.fixture
async def room(profile: Profile) -> Room:
    room = Room(profile)
    await room.offers.look()
    return room


async def told(room: Room, agent: AgentId) -> Any:
    """What a desk that opens now shows as offered."""
    desk = room.hub.open(agent, None)
    taken = await desk.take()
    room.hub.close(desk)
    assert taken is not None
    return json.loads(taken[0])["desk"]["callback"]


async def test_a_quiet_queue_brings_each_free_desk_one_task(room: Room) -> None:
    """The most urgent to the seat that has been free longest; only where somebody looks."""
    desks = [room.hub.open(ANNA, None)]
    first, second = room.owe(1), room.owe(2)
    await room.after(19)
    assert await told(room, ANNA) is None
    await room.after(1)
    assert (await told(room, ANNA))["call_id"] == first.call
    assert await told(room, BAO) is None
    desks.append(room.hub.open(BAO, None))
    await room.after(1)
    assert (await told(room, BAO))["call_id"] == second.call


async def test_a_caller_who_waits_takes_the_offer_away(room: Room) -> None:
    room.hub.open(ANNA, None)
    room.owe(1)
    await room.after(20)
    room.queues.waiting = 1
    await room.after(1)
    assert await told(room, ANNA) is None


async def test_what_one_declines_the_next_is_offered(room: Room) -> None:
    room.hub.open(ANNA, None)
    room.hub.open(BAO, None)
    task = room.owe(1)
    await room.after(20)
    room.hub.tasks.decline(ANNA, task.call)
    await room.after(1)
    assert await told(room, ANNA) is None
    assert (await told(room, BAO))["call_id"] == task.call


async def test_a_claimed_task_is_offered_no_more(room: Room) -> None:
    room.hub.open(ANNA, None)
    task = room.owe(1)
    await room.after(20)
    await room.store.claim_callback(CHIFENG, task.call, BAO, room.now)
    await room.after(1)
    assert await told(room, ANNA) is None


async def test_a_database_that_is_away_offers_nothing_and_ends_nothing(room: Room) -> None:
    """What it said before is taken back, for nobody knows whether it still holds."""
    room.hub.open(ANNA, None)
    task = room.owe(1)
    await room.after(20)
    room.store.is_away = True
    await room.after(1)
    await room.after(1)
    assert await told(room, ANNA) is None
    room.store.is_away = False
    await room.after(1)
    assert (await told(room, ANNA))["call_id"] == task.call


async def test_nobody_is_called_back_by_night_unasked(room: Room) -> None:
    """From 21:00 to 8:00 of China's clock, unless the profile says otherwise."""
    room.hub.open(ANNA, None)
    task = room.owe(1)
    await room.after(11 * 3600 - 1)
    assert (await told(room, ANNA))["call_id"] == task.call
    await room.after(1)
    assert await told(room, ANNA) is None
    await room.after(11 * 3600 - 1)
    assert await told(room, ANNA) is None
    await room.after(1)
    assert (await told(room, ANNA))["call_id"] == task.call


async def test_it_looks_by_itself_until_it_is_cancelled(room: Room) -> None:
    desk = room.hub.open(ANNA, None)
    task = room.owe(1)
    room.now += timedelta(seconds=30)
    async with asyncio.TaskGroup() as group, asyncio.timeout(5):
        looking = group.create_task(room.offers.run(every_s=0.01))
        frames = [await desk.take(), await desk.take()]
        looking.cancel()
    assert frames[1] is not None
    assert json.loads(frames[1][0])["callback"]["call_id"] == task.call

"""A program beside us is told of calls: signed, in the end, and never in anybody's way."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import func, select

from config.platform import Platform
from config.profile import Profile
from config.render import secret
from config.settings import Settings
from cti.effects import Fact, WriteCall, WriteJournal, WriteSeatTime
from cti.housepost import EVENTS, HousePost, Lane
from cti.ids import AgentId
from queues.seat import AgentState, SeatStretch
from records import messages
from records.handing import EVENT_KINDS, GIVE_UP_AFTER, signature
from records.store import CallStore
from records.tables import messages as rows
from tests.cti.test_housepost import House, settings, store
from tests.cti.web.conftest import profile
from tests.cti.web.fakes import CHIFENG
from tests.records.samples import CALL, SEAT, arrived, ended

__all__ = ["profile", "settings", "store"]
SOON_S = 15.0
HASTY = replace(EVENTS, answers_within_s=0.3)
A_MOMENT_AGO = datetime.now(UTC) - timedelta(minutes=5)


@pytest.fixture
async def program() -> AsyncIterator[House]:
    made = House()
    app = web.Application()
    app.router.add_post("/told", made.take)
    async with TestServer(app, access_log=None) as server:
        made.url = str(server.make_url("/told"))
        yield made


@asynccontextmanager
async def posting(
    settings: Settings, store: CallStore, platform: Platform, lane: Lane = EVENTS
) -> AsyncIterator[HousePost]:
    """A post of events that runs inside the block."""
    post = HousePost(settings, store.database, lambda: platform, lane)
    store.hears_events, store.on_owed = post.hears_events, post.want
    async with asyncio.TaskGroup() as group:
        task = group.create_task(post.run())
        yield post
        task.cancel()


def telling(profile: Profile, url: str) -> Platform:
    return Platform(centres=(profile.model_copy(update={"events_url": url}),))


def call() -> tuple[Fact, ...]:
    """A call that rings, is answered and ends, as the brain's facts."""
    at = A_MOMENT_AGO
    seat = (("seat", SEAT),)
    sat = SeatStretch(
        seat=SEAT,
        centre=CHIFENG,
        agent=AgentId("anna"),
        state=AgentState.AVAILABLE,
        reason="",
        call=None,
        since=at - timedelta(hours=1),
    )
    return (
        WriteCall(record=arrived(arrived_at=at)),
        WriteSeatTime(stretch=sat),
        WriteJournal(call=CALL, at=at + timedelta(seconds=3), what="offered", data=seat),
        WriteJournal(call=CALL, at=at + timedelta(seconds=5), what="talking", data=seat),
        WriteCall(record=ended(arrived_at=at)),
    )


async def owed(store: CallStore, count: int) -> None:
    """Wait until so many events are owed."""
    async with asyncio.timeout(SOON_S):
        while True:
            store.on_owed()
            async with store.database.reading() as connection:
                if (await messages.count(connection, EVENT_KINDS))["owed"] == count:
                    return
            await asyncio.sleep(0.05)


def kinds(program: House) -> list[str]:
    return sorted(json.loads(body)["kind"] for _, body in program.got)


async def test_a_call_is_told_of_when_it_rings_is_answered_and_ends(
    settings: Settings, store: CallStore, profile: Profile, program: House
) -> None:
    """Signed, masked, once each, with who sat there; the same facts again tell nothing."""
    async with posting(settings, store, telling(profile, program.url)):
        await store.write_facts(call())
        await program.times(3)
        await owed(store, 0)
        await store.write_facts(call())  # as after a crash, or by the replay of the log
        await owed(store, 0)
    assert kinds(program) == ["announce", "answer", "end"]
    key = secret(settings, "events-chifeng")
    for headers, body in program.got:
        stamp = headers["X-Hotline-Timestamp"]
        assert headers["X-Hotline-Signature"] == f"sha256={signature(key, stamp, body)}"
        assert b"13847652301" not in body
        told = json.loads(body)
        assert headers["X-Hotline-Key"] == told["key"]
        assert told["order"]
        assert told["agent"] == ("王芳" if told["kind"] == "end" else "anna")


async def test_a_program_that_is_slow_or_wrong_is_told_until_it_has_it(
    settings: Settings, store: CallStore, profile: Profile
) -> None:
    """Each event under one key however often; 409 says that it was there already."""
    program = Slow()
    async with (
        program.serving() as url,
        posting(settings, store, telling(profile, url), HASTY),
    ):
        await store.write_facts(call())
        await program.times(3)
        await owed(store, 3)
        program.is_slow, program.says = False, [500, 302, 409]
        await owed(store, 0)
    by_key = {headers["X-Hotline-Key"]: body for headers, body in program.got}
    assert len(by_key) == 3
    assert all(body == by_key[headers["X-Hotline-Key"]] for headers, body in program.got)
    assert len(program.got) >= 3 + 3 + 2


async def test_a_slow_program_holds_up_neither_facts_nor_houses(
    settings: Settings, store: CallStore, profile: Profile
) -> None:
    """Facts are written at once while it sleeps; the houses' lane claims none of its messages."""
    program = Slow()
    async with program.serving() as url:
        platform = telling(profile, url)
        houses = HousePost(settings, store.database, lambda: platform)
        async with posting(settings, store, platform), asyncio.TaskGroup() as group:
            carrying = group.create_task(houses.run())
            async with asyncio.timeout(SOON_S):
                await store.write_facts(call())
                await program.times(3)
                await store.write_facts([WriteCall(record=arrived("node1-2.2"))])
            assert houses.figures()["house_messages_owed"] == 0
            assert len(program.got) == 3
            carrying.cancel()


async def test_nobody_is_told_where_nobody_asked_for_it(
    settings: Settings, store: CallStore, profile: Profile, program: House
) -> None:
    """Off unless the profile names an address, which is what stands in it now."""
    async with posting(settings, store, telling(profile, "")) as post:
        await store.write_facts(call())
        assert not post.hears_events(CHIFENG)
        assert not post.hears_events(None)
    async with store.database.reading() as connection:
        assert await messages.count(connection) == {"owed": 0, "failed": 0}


async def test_what_was_given_up_is_kept_to_be_sent_again(
    settings: Settings, store: CallStore, profile: Profile, program: House
) -> None:
    """Under the same key; and old ones are let go of in the end."""
    async with posting(settings, store, telling(profile, program.url)):
        pass
    store.hears_events = lambda _centre: True
    await store.write_facts(call())
    now = datetime.now(UTC)
    late = now + GIVE_UP_AFTER + timedelta(hours=1)
    async with store.database.writing() as connection:
        for one in await messages.claim(connection, now, timedelta(), kinds=EVENT_KINDS):
            await messages.not_sent(connection, one, "http-500", late)
        lost = await messages.failed(connection, CHIFENG, EVENT_KINDS, 10)
        assert [why for _, why in lost] == ["http-500"] * 3
        assert await messages.owe_again(connection, CHIFENG, EVENT_KINDS, now) == 3
    async with posting(settings, store, telling(profile, program.url)):
        await program.times(3)
        await owed(store, 0)
    assert {headers["X-Hotline-Key"] for headers, _ in program.got} == {one.key for one, _ in lost}
    async with store.database.writing() as connection:
        await messages.forget(connection, EVENT_KINDS, now + timedelta(days=8))
        left = await connection.scalar(select(func.count()).select_from(rows))
    assert left == 0


@dataclass
class Slow(House):
    """A program that sleeps over everything it is sent, until it is woken."""

    is_slow: bool = True

    async def take(self, request: web.Request) -> web.Response:
        answer = await super().take(request)
        if self.is_slow:
            await asyncio.sleep(2)
        return answer

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_post("/told", self.take)
        async with TestServer(app, access_log=None) as server:
            yield str(server.make_url("/told"))

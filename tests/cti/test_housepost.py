"""Other houses are told what they are owed: signed, once, and again until they have it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from sqlalchemy import select

from config.linkage import Handling, Linkage, LinkageKind
from config.platform import Platform
from config.profile import Profile
from config.render import secret
from config.settings import Settings
from cti.effects import WriteCall, WriteJournal
from cti.housepost import HousePost
from cti.ids import CentreId
from records.handing import signature
from records.store import CallStore
from records.tables import messages
from tests.cti.web.conftest import profile  # noqa: F401 - a fixture
from tests.cti.web.fakes import CHIFENG
from tests.records.samples import CALL, NOON, arrived

SOON_S = 15.0


@dataclass
class House:
    """The emergency line's platform: it answers what ``says`` tells it to, then 200."""

    says: list[int] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        self.came.set()
        return web.Response(status=self.says.pop(0) if self.says else 200)

    async def times(self, count: int) -> None:
        """Wait until it was told so often."""
        async with asyncio.timeout(SOON_S):
            while len(self.got) < count:
                self.came.clear()
                await self.came.wait()


@pytest.fixture
async def house() -> AsyncIterator[House]:
    made = House()
    app = web.Application()
    app.router.add_post("/told", made.take)
    async with TestServer(app, access_log=None) as server:
        made.url = str(server.make_url("/told"))
        yield made


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
async def store(settings: Settings) -> AsyncIterator[CallStore]:
    kept = await CallStore.open(settings.sql_url)
    yield kept
    await kept.close()


@pytest.fixture
def platform(profile: Profile, house: House) -> Platform:  # noqa: F811 - pytest's way of asking
    police = Linkage(
        number="110",
        name="公安报警",
        kind=LinkageKind.EMERGENCY,
        handling=Handling.THREE_WAY,
        interface=house.url,
    )
    return Platform(centres=(profile.model_copy(update={"linkage": (police,)}),))


@asynccontextmanager
async def posting(
    settings: Settings, store: CallStore, platform: Platform
) -> AsyncIterator[HousePost]:
    """A post that runs inside the block."""
    post = HousePost(settings, store.database, lambda: platform)
    store.has_interface, store.on_owed = post.has_interface, post.want
    async with asyncio.TaskGroup() as group:
        task = group.create_task(post.run())
        yield post
        task.cancel()


def begun(target: str = "emergency:110") -> tuple[WriteCall, WriteJournal]:
    data = (("kind", "emergency"), ("move", "m1"), ("target", target))
    return WriteCall(record=arrived()), WriteJournal(
        call=CALL, at=NOON, what="move-begun", data=data
    )


async def owed(post: HousePost, count: int) -> None:
    """Wait until so many messages are owed."""
    async with asyncio.timeout(SOON_S):
        while post.figures()["house_messages_owed"] != count:
            post.want()
            await asyncio.sleep(0.02)


async def why(store: CallStore, expected: str) -> bool:
    """Wait until the one message was not sent for that reason."""
    async with asyncio.timeout(SOON_S):
        while True:
            async with store.database.reading() as connection:
                if await connection.scalar(select(messages.c.error)) == expected:
                    return True
            await asyncio.sleep(0.05)


async def test_the_emergency_line_is_told_ahead_and_can_check_who_tells_it(
    settings: Settings, store: CallStore, platform: Platform, house: House
) -> None:
    """Who calls, from where, why; with the key by which it knows the message again."""
    async with posting(settings, store, platform) as post:
        await store.write_facts(begun())
        await house.times(1)
        await owed(post, 0)
        await store.write_facts(begun())  # the same fact again, as after a crash
        await owed(post, 0)
    [(headers, body)] = house.got
    told = json.loads(body)
    assert (told["key"], told["caller"]["number"]) == ("ahead-m1", "13847652301")
    assert headers["X-Hotline-Key"] == "ahead-m1"
    key = secret(settings, "house-chifeng-110")
    expected = signature(key, headers["X-Hotline-Timestamp"], body)
    assert headers["X-Hotline-Signature"] == f"sha256={expected}"


async def test_it_is_told_again_until_it_has_it(
    settings: Settings, store: CallStore, platform: Platform, house: House
) -> None:
    """The same message each time. 409 says that it had it already."""
    house.says = [503, 409]
    async with posting(settings, store, platform) as post:
        await store.write_facts(begun())
        await house.times(2)
        await owed(post, 0)
    assert len({body for _, body in house.got}) == 1


async def test_what_could_not_be_told_stays_owed_to_the_next_brain(
    settings: Settings, store: CallStore, platform: Platform, house: House
) -> None:
    """A brain that dies takes nothing with it."""
    house.says = [500]
    async with posting(settings, store, platform) as post:
        await store.write_facts(begun())
        await house.times(1)
        await owed(post, 1)
    async with posting(settings, store, platform) as post:
        await house.times(2)
        await owed(post, 0)


async def test_a_house_that_cannot_be_reached_holds_nothing_up(
    settings: Settings, store: CallStore, platform: Platform, house: House
) -> None:
    """A refused connection is one attempt in vain, and so is a house that was taken out."""
    [centre] = platform.centres
    gone = centre.linkage[0].model_copy(update={"interface": "http://127.0.0.1:1/told"})
    away = Platform(centres=(centre.model_copy(update={"linkage": (gone,)}),))
    async with posting(settings, store, away) as post:
        await store.write_facts(begun())
        await owed(post, 1)
        assert await why(store, "ClientConnectorError")
    without = Platform(centres=(centre.model_copy(update={"linkage": ()}),))
    async with posting(settings, store, without) as post:
        assert await why(store, "no-interface")
        assert not post.has_interface(CHIFENG, "110")
        assert not post.has_interface(CentreId("elsewhere"), "110")
    assert house.got == []

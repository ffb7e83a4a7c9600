"""The city's order platform is given orders: signed, in turn, until it says that it has them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from config.platform import Platform
from config.profile import Profile
from config.render import secret
from config.settings import Settings
from cti.effects import WriteCall
from cti.housepost import ORDERS, HousePost, Lane
from cti.webstore import WebStore
from records import messages
from records.draft import WorkOrderDraft
from records.handing import ORDER_KINDS, Patience, signature
from records.store import CallStore
from tests.cti.test_housepost import SOON_S, settings, store
from tests.cti.web.conftest import profile
from tests.cti.web.fakes import CHIFENG
from tests.records.samples import CALL, arrived

__all__ = ["profile", "settings", "store"]
QUICK = replace(
    ORDERS,
    answers_within_s=0.3,
    patience=Patience(longest_pause=timedelta(seconds=0.05)),
    holds=timedelta(seconds=1),
)


@dataclass
class Works:
    """An order platform: it answers as ``says`` tells it, status and body, then as it should."""

    says: list[tuple[int, str]] = field(default_factory=list)
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""

    async def take(self, request: web.Request) -> web.Response:
        self.got.append((dict(request.headers), await request.read()))
        status, text = self.says.pop(0) if self.says else (200, "")
        if status == 0:
            await asyncio.sleep(1)
        return web.Response(status=status or 200, text=text)

    @property
    def versions(self) -> list[int]:
        return [json.loads(body)["version"] for _, body in self.got]


@pytest.fixture
async def works() -> AsyncIterator[Works]:
    made = Works()
    app = web.Application()
    app.router.add_post("/orders", made.take)
    async with TestServer(app, access_log=None) as server:
        made.url = str(server.make_url("/orders"))
        yield made


@asynccontextmanager
async def posting(
    settings: Settings, store: CallStore, profile: Profile, url: str, lane: Lane = QUICK
) -> AsyncIterator[HousePost]:
    platform = Platform(centres=(profile.model_copy(update={"orders_url": url}),))
    post = HousePost(settings, store.database, lambda: platform, lane)
    store.takes_orders, store.on_owed = post.takes_orders, post.want
    async with asyncio.TaskGroup() as group:
        task = group.create_task(post.run())
        yield post
        task.cancel()


async def handed_in(store: CallStore, title: str) -> str:
    """Write a title into the call's order and hand it in; its id."""
    kept = await store.order_of(CALL)
    assert kept is not None

    def change(draft: WorkOrderDraft) -> WorkOrderDraft:
        return draft.model_copy(update={"title": title, "status": "submitted"})

    await WebStore(store).change_order(kept.draft.id, change)
    return kept.draft.id


async def counted(store: CallStore, **expected: int) -> None:
    """Wait until so many are owed and failed."""
    wanted = {"owed": 0, "failed": 0, **expected}
    async with asyncio.timeout(SOON_S):
        while True:
            async with store.database.reading() as connection:
                if await messages.count(connection, ORDER_KINDS) == wanted:
                    return
            store.on_owed()
            await asyncio.sleep(0.02)


async def test_an_order_handed_in_is_given_to_the_platform(
    settings: Settings, store: CallStore, profile: Profile, works: Works
) -> None:
    """Signed with a secret of its own, once; it is delivered then."""
    async with posting(settings, store, profile, works.url) as post:
        await store.write_facts([WriteCall(record=arrived())])
        order = await handed_in(store, "路灯不亮")
        await counted(store)
        assert post.takes_orders(CHIFENG)
        assert post.figures()["order_messages_failed"] == 0
    [(headers, body)] = works.got
    key = secret(settings, "orders-chifeng")
    stamp = headers["X-Hotline-Timestamp"]
    assert headers["X-Hotline-Signature"] == f"sha256={signature(key, stamp, body)}"
    assert headers["X-Hotline-Key"] == json.loads(body)["key"] == f"order-{order}-000001"
    kept = await store.order(order)
    assert kept is not None
    assert kept.draft.status == "delivered"


async def test_a_platform_that_answers_wrongly_or_slowly_gets_it_again(
    settings: Settings, store: CallStore, profile: Profile, works: Works
) -> None:
    """A portal's page, another message's key, a redirect, an error, silence: none is a receipt."""
    works.says = [
        (200, "<html>登录</html>"),
        (200, '{"key": "order-x-000001"}'),
        (200, '["key"]'),
        (302, ""),
        (500, ""),
        (429, ""),
        (0, ""),
        (409, "known"),
    ]
    async with posting(settings, store, profile, works.url):
        await store.write_facts([WriteCall(record=arrived())])
        await handed_in(store, "路灯不亮")
        await counted(store)
    assert works.says == []
    assert len({headers["X-Hotline-Key"] for headers, _ in works.got}) == 1


async def test_versions_arrive_in_turn_and_a_refused_one_holds_nobody_up(
    settings: Settings, store: CallStore, profile: Profile, works: Works
) -> None:
    """The second waits while the first is in trouble; a refusal that repeats itself is final."""
    works.says = [(500, ""), (503, ""), (422, '{"error": "no such office"}')]
    async with posting(settings, store, profile, works.url):
        await store.write_facts([WriteCall(record=arrived())])
        for title in ("一", "二"):
            order = await handed_in(store, title)
        await counted(store, failed=1)
        assert works.versions == [1, 1, 1, 2]
        async with store.database.writing() as connection:
            [(lost, why)] = await messages.failed(connection, CHIFENG, ORDER_KINDS, 10)
    assert (lost.key, why) == (f"order-{order}-000001", "http-422")


async def test_the_receipt_may_name_the_key(
    settings: Settings, store: CallStore, profile: Profile, works: Works
) -> None:
    """An answer in JSON with the message's own key, whatever else it says."""
    await store.write_facts([WriteCall(record=arrived())])
    kept = await store.order_of(CALL)
    assert kept is not None
    works.says = [(201, json.dumps({"key": f"order-{kept.draft.id}-000001", "number": "GD-7"}))]
    async with posting(settings, store, profile, works.url):
        await handed_in(store, "路灯不亮")
        await counted(store)
    assert works.versions == [1]


async def test_no_platform_is_off(settings: Settings, store: CallStore, profile: Profile) -> None:
    """Nothing is owed, and the order stays handed in."""
    async with posting(settings, store, profile, "") as post:
        await store.write_facts([WriteCall(record=arrived())])
        order = await handed_in(store, "路灯不亮")
        assert not post.takes_orders(CHIFENG)
        await counted(store)
    kept = await store.order(order)
    assert kept is not None
    assert kept.draft.status == "submitted"

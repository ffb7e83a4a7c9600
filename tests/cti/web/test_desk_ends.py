"""A desk is open only as long as the session, or the token, that opened it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import ClientWebSocketResponse, WSMsgType
from aiohttp.test_utils import TestClient, TestServer

from config.settings import Settings
from cti.web.app import make_app
from cti.web.desk import DeskHub
from cti.web.session import COOKIE, Sessions, read_key
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakeledger import FakeLedger
from tests.cti.web.fakes import HASHER, PASSWORD, FakeBrain, FakeStore

RECHECK_S = 0.2
SOON_S = 3.0


@pytest.fixture
async def client(
    settings: Settings, brain: FakeBrain, store: FakeStore, hub: DeskHub
) -> AsyncIterator[Client]:
    """A client of an application that looks accounts up every fifth of a second."""
    app = make_app(settings, brain, store, hub, FakeLedger(), RECHECK_S)
    async with TestClient(TestServer(app, access_log=None)) as client:
        yield client


def origin(client: Client) -> dict[str, str]:
    return {"Origin": str(client.make_url("/")).rstrip("/")}


@asynccontextmanager
async def desk_by_cookie(client: Client) -> AsyncIterator[ClientWebSocketResponse]:
    await client.post("/api/v1/session", json={"user": "anna", "password": PASSWORD})
    async with client.ws_connect("/api/v1/desk", headers=origin(client)) as ws:
        assert (await ws.receive_json())["seq"] == 0
        yield ws


async def close_code(ws: ClientWebSocketResponse) -> int | None:
    """Wait for the server to close, and say with which code."""
    async with asyncio.timeout(SOON_S):
        while (await ws.receive()).type not in (WSMsgType.CLOSE, WSMsgType.CLOSED):
            pass
    return ws.close_code


def block(store: FakeStore) -> None:
    del store.accounts["anna"]


def change_password(store: FakeStore) -> None:
    changed = replace(store.accounts["anna"], password_hash=HASHER.hash("another password"))
    store.accounts["anna"] = changed


def give_another_role(store: FakeStore) -> None:
    store.accounts["anna"] = replace(store.accounts["anna"], role="expert")


@pytest.mark.parametrize("change", [block, change_password, give_another_role])
async def test_a_changed_account_closes_its_open_desk(
    client: Client, store: FakeStore, change: Callable[[FakeStore], None]
) -> None:
    """Whoever was blocked does not read on until the page is reloaded."""
    async with desk_by_cookie(client) as ws:
        change(store)
        assert await close_code(ws) == 1008


async def test_a_withdrawn_token_closes_its_open_desk(client: Client, store: FakeStore) -> None:
    """As with people."""
    async with client.ws_connect("/api/v1/desk", headers=bearer("anna")) as ws:
        assert (await ws.receive_json())["seq"] == 0
        store.tokens.clear()
        assert await close_code(ws) == 1008


async def test_signing_out_closes_the_desks_of_that_session(client: Client) -> None:
    """The other tab does not stay open."""
    async with desk_by_cookie(client) as ws:
        await client.delete("/api/v1/session", headers=origin(client))
        assert await close_code(ws) == 1008


async def test_a_session_that_is_over_closes_its_desk(
    settings: Settings, brain: FakeBrain, store: FakeStore, hub: DeskHub
) -> None:
    """At its last second, not at the next look at the account."""
    sessions = Sessions(read_key(settings.home / "secrets" / "session"), store)
    session = sessions.begin(store.accounts["anna"], datetime.now(UTC))
    ends = int((datetime.now(UTC) + timedelta(seconds=2)).timestamp())
    cookie = sessions.seal(session.model_copy(update={"until": ends}))
    server = TestServer(make_app(settings, brain, store, hub, FakeLedger()), access_log=None)
    async with TestClient(server) as client:
        headers = {**origin(client), "Cookie": f"{COOKIE}={cookie}"}
        async with client.ws_connect("/api/v1/desk", headers=headers) as ws:
            assert await close_code(ws) == 1008
    assert 0 <= datetime.now(UTC).timestamp() - ends < 1


async def test_desks_outlive_a_database_that_is_away(client: Client, store: FakeStore) -> None:
    """Agents go on working; what was changed meanwhile is seen once it is back."""
    async with desk_by_cookie(client) as ws:
        store.is_away = True
        block(store)
        await asyncio.sleep(3 * RECHECK_S)
        await ws.send_json({"id": 1, "do": "ping"})
        assert await ws.receive_json() == {"re": 1, "ok": True}
        store.is_away = False
        assert await close_code(ws) == 1008

"""What holds for every request: the log, the headers, the health, the figures, the document."""

import asyncio
from typing import Any

import pytest
import structlog
from aiohttp import ClientSession
from aiohttp.test_utils import TestClient, TestServer
from structlog.testing import capture_logs

from config.platform import Platform
from config.profile import Profile
from config.settings import Settings
from cti.effects import PopScreen
from cti.ids import AgentId, CallId, LineId, OfferId, SeatId
from cti.web.app import make_app
from cti.web.desk import DeskHub
from cti.web.ports import OrdersWanted
from cti.web.serving import serving
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakeledger import FakeLedger
from tests.cti.web.fakes import CHIFENG, NOON, FakeBrain, FakeOrder, FakeStore
from tests.cti.web.sample import ANI, CALL, fill
from tests.cti.web.test_roles import EXPECTED

PAGE = ("GET /", "GET /assets/{name}", "GET /embed.js")
"""What is served and not described: nobody's program asks for it."""


def pop_for(agent: AgentId, dnis: str = "8337772") -> PopScreen:
    return PopScreen(
        seat=SeatId("chifeng-1001"),
        agent=agent,
        call=CallId("node1-1.1"),
        offer=OfferId("o"),
        centre=CHIFENG,
        line=LineId("8337772"),
        dnis=dnis,
        ani=ANI,
        since=NOON,
        at=NOON,
        arrived_at=NOON,
    )


@pytest.fixture(autouse=True)
def _fresh_logging() -> Any:
    structlog.reset_defaults()
    yield
    structlog.reset_defaults()


async def test_the_log_holds_templates_only(client: Client, store: FakeStore) -> None:
    """Method, template, status and time; never an address, a query, a token or a password."""
    with capture_logs() as lines:
        await client.get(f"/api/v1/work-orders?from={ANI}", headers=bearer("anna"))
        await client.get(f"/api/v1/calls/{ANI}", headers=bearer("anna"))
        await client.get(f"/{ANI}", headers=bearer("anna"))
        await client.post("/api/v1/session", json={"user": "anna", "password": ANI})
        await client.request("PROPFIND", f"/{ANI}", headers=bearer("anna"))
    seen = [(line["method"], line["route"], line["status"]) for line in lines]
    assert seen == [
        ("GET", "/api/v1/work-orders", 200),
        ("GET", "/api/v1/calls/{call}", 404),
        ("GET", "(none)", 404),
        ("POST", "/api/v1/session", 401),
        ("OTHER", "(none)", 404),
    ]
    assert ANI not in str(lines)
    assert "token-of" not in str(lines)


async def test_machines_that_ask_all_day_are_not_logged(client: Client, brain: FakeBrain) -> None:
    """Health and figures are logged only when something is wrong."""
    with capture_logs() as lines:
        for path in ("/healthz", "/readyz", "/metrics"):
            assert (await client.get(path)).status == 200
        brain.ready = False
        assert (await client.get("/readyz")).status == 503
    assert [(line["route"], line["status"]) for line in lines] == [("/readyz", 503)]


async def test_every_answer_tells_browsers_to_be_careful(client: Client) -> None:
    """No inline script, no other site, no sniffing, nothing kept; on errors, too."""
    for path in ("/", "/assets/nothing.js", "/api/v1/session", "/nowhere"):
        answer = await client.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] in ("no-store", "no-cache")


async def test_a_fault_of_ours_is_answered(
    settings: Settings, brain: FakeBrain, hub: DeskHub, store: FakeStore
) -> None:
    """500 in the one shape, nothing of the fault in it; the log has the traceback."""

    class Broken(FakeStore):
        async def orders(self, wanted: OrdersWanted) -> list[FakeOrder]:
            raise ZeroDivisionError(ANI)

    broken = Broken(tokens=store.tokens)
    app = make_app(settings, brain, broken, hub, FakeLedger())
    async with TestClient(TestServer(app, access_log=None)) as client:
        with capture_logs() as lines:
            answer = await client.get("/api/v1/work-orders", headers=bearer("anna"))
        body = await answer.json()
    assert (answer.status, body["error"]["id"]) == (500, "internal-error")
    assert "Zero" not in str(body)
    assert [line["log_level"] for line in lines] == ["error", "info"]


async def test_health_is_told_part_by_part(
    client: Client, brain: FakeBrain, store: FakeStore
) -> None:
    """Alive is not ready; ready says what is missing."""
    assert await (await client.get("/healthz")).json() == {"alive": True}
    assert await (await client.get("/readyz")).json() == {
        "ready": True,
        "switch": True,
        "database": True,
    }
    store.is_away = True
    brain.ready = False
    answer = await client.get("/readyz")
    assert (answer.status, await answer.json()) == (
        503,
        {"ready": False, "switch": False, "database": False},
    )
    assert (await client.get("/healthz")).status == 200


async def test_figures_hold_no_number_and_no_name(client: Client, hub: DeskHub) -> None:
    """Prometheus learns how many and how fast, never who."""
    async with client.ws_connect("/api/v1/desk", headers=bearer("anna")) as ws:
        await ws.receive()
        hub.pop(pop_for(AgentId("anna")))
        await ws.receive()
        await client.get(f"/api/v1/calls/{CALL}", headers=bearer("anna"))
        text = await (await client.get("/metrics")).text()
    for line in (
        "hotline_ready 1.0",
        "hotline_calls_waiting 2.0",
        "hotline_desks_open 1.0",
        "hotline_pops_total 1.0",
        "hotline_pop_seconds_count 1.0",
        'route="/api/v1/calls/{call}"',
    ):
        assert line in text
    for secret in (ANI, "8337772", "anna", "node1"):
        assert secret not in text


async def test_the_centre_shows_its_seats(client: Client, brain: FakeBrain) -> None:
    """Each seat with who sits there; another centre's agent sees none of them."""
    mine = await (await client.get("/api/v1/centre", headers=bearer("anna"))).json()
    theirs = await (await client.get("/api/v1/centre", headers=bearer("xia"))).json()
    assert [(seat["extension"], seat["taken_by"]) for seat in mine["seats"]] == [
        ("1001", None),
        ("1002", None),
    ]
    assert theirs["seats"] == []


async def test_the_document_says_what_is_served(client: Client) -> None:
    """Every documented endpoint is in it, with its roles, and nothing else."""
    document = await (await client.get("/api/v1/openapi.json")).json()
    said = sorted(f"{m.upper()} {path}" for path, item in document["paths"].items() for m in item)
    assert said == sorted(route for route in EXPECTED if route not in PAGE)
    roles = document["paths"]["/api/v1/desk"]["get"]["x-roles"]
    assert roles == ["agent", "expert", "supervisor"]


async def test_stopping_the_server_closes_the_desks(
    settings: Settings, brain: FakeBrain, store: FakeStore, hub: DeskHub
) -> None:
    """A stop does not wait for people to close their tabs."""
    fill(store, settings.recordings)
    app = make_app(settings, brain, store, hub, FakeLedger())
    client = TestClient(TestServer(app, access_log=None))
    await client.start_server()
    ws = await client.ws_connect("/api/v1/desk", headers=bearer("anna"))
    await ws.receive()
    await client.server.close()
    assert (await ws.receive()).data == 1013
    await client.close()


async def test_bytes_that_are_no_http_are_not_quoted(
    settings: Settings, brain: FakeBrain, store: FakeStore, hub: DeskHub
) -> None:
    """A port scan is one quiet line without its bytes, and everybody else is served."""
    app = make_app(settings, brain, store, hub, FakeLedger())
    async with serving(app, "127.0.0.1", 0) as port, asyncio.timeout(10):
        with capture_logs() as lines:
            for stranger in (b"\x16\x03\x01" + ANI.encode(), f"X{ANI} / HTTP/1.1\r\n\r\n".encode()):
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(stranger + b"\r\n\r\n")
                assert b"400" in await reader.read()
                writer.close()
        assert {"not http"} == {line["event"] for line in lines}
        assert {"info"} == {line["log_level"] for line in lines}
        assert ANI not in str(lines)
        async with ClientSession() as client:
            assert (await client.get(f"http://127.0.0.1:{port}/healthz")).status == 200


async def test_a_desk_whose_computer_froze_is_given_up(
    settings: Settings,
    brain: FakeBrain,
    store: FakeStore,
    hub: DeskHub,
) -> None:
    """A socket that takes no bytes costs the others nothing and is closed after its deadline."""
    app = make_app(settings, brain, store, hub, FakeLedger())
    async with serving(app, "127.0.0.1", 0) as port, asyncio.timeout(20):
        _, frozen = await asyncio.open_connection("127.0.0.1", port, limit=1)
        frozen.write(
            b"GET /api/v1/desk HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\n"
            b"Authorization: Bearer token-of-anna\r\n\r\n"
        )
        while hub.desks == 0:  # noqa: ASYNC110 - the hub has no bell for it, and needs none
            await asyncio.sleep(0.01)
        wish = pop_for(AgentId("anna"), dnis="8" * 20_000)
        while hub.desks:
            hub.pop(wish)
            await asyncio.sleep(0.002)
        assert hub.pops > 10
        frozen.transport.abort()


async def test_a_profile_read_again_shows_its_seats(
    client: Client, hub: DeskHub, profile: Profile
) -> None:
    """After ``know`` the page offers the new profile's seats."""
    smaller = profile.model_copy(update={"seats": profile.seats[:1]})
    hub.know(Platform(centres=(smaller,)))
    body = await (await client.get("/api/v1/centre", headers=bearer("anna"))).json()
    assert [seat["extension"] for seat in body["seats"]] == ["1001"]

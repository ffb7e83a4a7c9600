"""Who may do what: every route is walked, none can be forgotten."""

import re
from pathlib import Path

import pytest
from aiohttp import hdrs

from config.settings import Settings
from cti.errors import DomainError
from cti.web.app import ENDPOINTS, make_app
from cti.web.desk import DeskHub
from cti.web.endpoint import Endpoint, Role
from cti.web.errors import SAYINGS
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakeledger import FakeLedger
from tests.cti.web.fakes import FakeBrain, FakeStore

ALL = "agent expert supervisor admin system screen"
DOERS = "agent expert supervisor admin system"
SEATED = "agent expert supervisor"
READ = "agent expert supervisor system"
LEDGER = "supervisor admin"
FIGURES = "supervisor admin system"
WALL = "supervisor admin system screen"
LIST = "agent expert supervisor admin system"
EXPECTED = {
    "POST /api/v1/session": "",
    "GET /api/v1/session": ALL,
    "DELETE /api/v1/session": ALL,
    "POST /api/v1/session/password": "agent expert supervisor admin",
    "GET /api/v1/centre": SEATED,
    "GET /api/v1/desk": SEATED,
    "GET /api/v1/desk/phone": SEATED,
    "POST /api/v1/desk/phone/keys": SEATED,
    "GET /api/v1/intake": SEATED,
    "GET /api/v1/work-orders": LIST,
    "GET /api/v1/work-orders/{order}": LIST,
    "GET /api/v1/work-orders/{order}/score": "supervisor",
    "GET /api/v1/work-orders/{order}/checks": LIST,
    "PATCH /api/v1/work-orders/{order}": SEATED,
    "POST /api/v1/work-orders/{order}/reveal": SEATED,
    "GET /api/v1/reveals": LEDGER,
    "POST /api/v1/work-orders/{order}/submit": SEATED,
    "POST /api/v1/knowledge/search": "agent expert supervisor admin",
    "POST /api/v1/knowledge/{article}/outdated": "agent expert supervisor",
    "GET /api/v1/knowledge/reports": "supervisor admin",
    "POST /api/v1/knowledge/reports/{report}/close": "supervisor admin",
    "POST /api/v1/work-orders/{order}/call-out": SEATED,
    "GET /api/v1/work-orders/{order}/calls": LIST,
    "POST /api/v1/work-orders/{order}/handled": "system",
    "GET /api/v1/follow-ups": LIST,
    "POST /api/v1/follow-ups/{order}/claim": SEATED,
    "POST /api/v1/follow-ups/{order}/release": SEATED,
    "POST /api/v1/follow-ups/{order}/dial": SEATED,
    "POST /api/v1/follow-ups/{order}/answer": SEATED,
    "GET /api/v1/calls": LIST,
    "GET /api/v1/calls/{call}": LIST,
    "GET /api/v1/calls/{call}/clip": READ,
    "GET /api/v1/calls/{call}/recording": READ,
    "GET /api/v1/calls/{call}/transcript": READ,
    "POST /api/v1/calls/{call}/moves": DOERS,
    "POST /api/v1/calls/{call}/moves/{move}/{key}": DOERS,
    "POST /api/v1/calls/{call}/supervise": "supervisor",
    "POST /api/v1/calls/{call}/take-over": "supervisor",
    "GET /api/v1/targets": SEATED,
    "GET /api/v1/other-pages": SEATED,
    "POST /api/v1/pops": SEATED,
    "POST /api/v1/pops/exchange": "system",
    "GET /api/v1/skills": "supervisor",
    "PUT /api/v1/seats/{extension}/skills": "supervisor",
    "POST /api/v1/seats/{extension}/state": "supervisor",
    "DELETE /api/v1/seats/{extension}/hand": "supervisor",
    "GET /api/v1/notes": "supervisor",
    "POST /api/v1/notes": "supervisor",
    "GET /api/v1/notes/unread": SEATED,
    "POST /api/v1/notes/{note}/read": SEATED,
    "GET /api/v1/callbacks": LIST,
    "GET /api/v1/callbacks/count": LIST,
    "POST /api/v1/callbacks/{call}/claim": SEATED,
    "POST /api/v1/callbacks/{call}/release": SEATED,
    "POST /api/v1/callbacks/{call}/attempt": SEATED,
    "POST /api/v1/callbacks/{call}/decline": SEATED,
    "POST /api/v1/callbacks/{call}/dial": SEATED,
    "POST /api/v1/linkage/{line}/cases": "system",
    "GET /api/v1/linkage/{line}/cases/{case}": "system",
    "POST /api/v1/linkage/{line}/calls": "system",
    "POST /api/v1/linkage/{line}/answers": "system",
    "GET /api/v1/nuisance": LEDGER,
    "POST /api/v1/nuisance": LEDGER,
    "DELETE /api/v1/nuisance/{listing}": LEDGER,
    "POST /api/v1/nuisance/{listing}/reveal": LEDGER,
    "GET /api/v1/nuisance/calls": LEDGER,
    "GET /api/v1/topics": "supervisor admin system",
    "GET /api/v1/people": "admin",
    "POST /api/v1/people": "admin",
    "POST /api/v1/people/change": "admin",
    "GET /api/v1/stats": WALL,
    "GET /api/v1/live": WALL,
    "GET /api/v1/stats/workbook": FIGURES,
    "GET /api/v1/numbers": LEDGER,
    "PUT /api/v1/numbers": "admin",
    "POST /api/v1/numbers/import": "admin",
    "GET /api/v1/numbers/centres": LEDGER,
    "GET /api/v1/numbers/check": LEDGER,
    "POST /api/v1/numbers/plan": LEDGER,
    "POST /api/v1/numbers/explain": LEDGER,
    "GET /api/v1/numbers/history": LEDGER,
    "POST /api/v1/numbers/apply": "admin",
    "POST /api/v1/numbers/rollback": "admin",
    "GET /api/v1/numbers/operations/{operation}": LEDGER,
    "GET /api/v1/prompts": LEDGER,
    "GET /api/v1/prompts/{prompt}/audio": LEDGER,
    "PUT /api/v1/prompts/{prompt}/recording": "admin",
    "DELETE /api/v1/prompts/{prompt}/recording": "admin",
    "GET /api/v1/tables": "admin",
    "GET /api/v1/tables/{table}": "admin",
    "PUT /api/v1/tables/{table}": "admin",
    "GET /api/v1/openapi.json": "",
    "GET /healthz": "",
    "GET /readyz": "",
    "GET /metrics": "",
    "GET /": "",
    "GET /embed.js": "",
    "GET /assets/{name}": "",
}
USER_OF = {
    Role.AGENT: "anna",
    Role.EXPERT: "expert",
    Role.SUPERVISOR: "chief",
    Role.ADMIN: "admin",
    Role.SYSTEM: "robot",
    Role.SCREEN: "wall",
}


def plain(endpoint: Endpoint) -> str:
    return f"{endpoint.method} " + re.sub(r"\{(\w+):.*?\}(?=/|$)", r"{\1}", endpoint.path)


def address(endpoint: Endpoint) -> str:
    """An address of that route that leads nowhere."""
    return re.sub(r"\{(\w+):.*?\}(?=/|$)", "nothing-here", endpoint.path)


@pytest.fixture
def endpoints(
    settings: Settings, brain: FakeBrain, store: FakeStore, hub: DeskHub
) -> tuple[Endpoint, ...]:
    return make_app(settings, brain, store, hub, FakeLedger())[ENDPOINTS]


def test_every_route_has_its_roles(endpoints: tuple[Endpoint, ...]) -> None:
    """The table of routes and roles is exactly the one written here: a new route must be added."""
    served = {plain(e): " ".join(sorted(role.value for role in e.roles)) for e in endpoints}
    assert {route: " ".join(sorted(roles.split())) for route, roles in EXPECTED.items()} == served


def test_nothing_is_served_beside_the_endpoints(
    settings: Settings, brain: FakeBrain, store: FakeStore, hub: DeskHub
) -> None:
    """Every route of the router is one of the endpoints, so that none passes the gate by."""
    app = make_app(settings, brain, store, hub, FakeLedger())
    routes = sorted(
        (r.method, r.resource.canonical if r.resource else "") for r in app.router.routes()
    )
    known = sorted((e.method, app_path(e)) for e in app[ENDPOINTS])
    assert known == routes


def app_path(endpoint: Endpoint) -> str:
    """The path as aiohttp writes a resource's canonical form."""
    return re.sub(r"\{(\w+):.*?\}(?=/|$)", r"{\1}", endpoint.path)


async def test_every_closed_route_refuses_strangers(
    client: Client, endpoints: tuple[Endpoint, ...]
) -> None:
    """Without credentials, with a wrong token or a forged cookie: 401, whatever is asked."""
    closed = [e for e in endpoints if not e.is_public]
    assert len(closed) >= 11
    for endpoint in closed:
        for headers in (
            {},
            {"Authorization": "Bearer wrong"},
            {"Authorization": "Basic YW5uYTp4"},
            {"Authorization": ""},
            {"Cookie": "hotline_session=e30.00"},
        ):
            answer = await client.request(endpoint.method, address(endpoint), headers=headers)
            assert (endpoint.path, answer.status) == (endpoint.path, 401)
            assert (await answer.json())["error"]["id"] == "not-authenticated"


async def test_every_route_refuses_the_roles_it_does_not_name(
    client: Client, endpoints: tuple[Endpoint, ...]
) -> None:
    """A role that is not named is answered 403; one that is, anything but 401 and 403."""
    for endpoint in endpoints:
        for role in () if endpoint.is_public else Role:
            answer = await client.request(
                endpoint.method, address(endpoint), headers=bearer(USER_OF[role])
            )
            is_refused = answer.status in (401, 403)
            assert (endpoint.path, role, is_refused) == (
                endpoint.path,
                role,
                role not in endpoint.roles,
            )


def test_every_error_has_a_sentence(endpoints: tuple[Endpoint, ...]) -> None:
    """Each domain error and each refusal a route names has a status and Chinese words."""

    def all_below(kind: type[DomainError]) -> set[type[DomainError]]:
        return {kind}.union(*(all_below(sub) for sub in kind.__subclasses__()))

    named = {kind.id for kind in all_below(DomainError) if kind is not DomainError}
    named |= {id for endpoint in endpoints for id in endpoint.refusals}
    ours = {id for id in named if id in SAYINGS}
    assert {"seat-unknown", "seat-taken", "not-signed-in"} <= ours
    assert {"callback-not-open", "callback-taken", "callback-not-claimed"} <= named & ours
    assert {id for e in endpoints for id in e.refusals} <= ours
    assert [id for id, (status, words) in SAYINGS.items() if status < 400 or words.isascii()] == []


def test_the_session_key_is_for_its_owner_only(
    settings: Settings, endpoints: tuple[Endpoint, ...], tmp_path: Path
) -> None:
    """The key that signs cookies is made once, mode 0600."""
    key = settings.home / "secrets" / "session"
    assert (key.stat().st_mode & 0o777, len(key.read_bytes())) == (0o600, 64)
    assert [key.name] == [path.name for path in key.parent.iterdir()]


async def test_methods_beside_the_named_ones_are_refused(client: Client) -> None:
    """405 with ``Allow``, in the one shape of errors."""
    answer = await client.request("DELETE", "/api/v1/work-orders", headers=bearer("anna"))
    assert answer.status == 405
    assert answer.headers[hdrs.ALLOW] == "GET"
    assert (await answer.json())["error"]["id"] == "method-not-allowed"

"""An application on a real socket, with fakes behind its ports."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from config.ledger import Line, Mode
from config.platform import Platform
from config.profile import Profile, SeatPlan
from config.settings import Settings
from cti.ids import LineId
from cti.web.app import make_app
from cti.web.desk import DeskHub
from tests.cti.web.fakeledger import FakeLedger
from tests.cti.web.fakes import CHIFENG, FakeBrain, FakeStore

SCRIPT = "console.log('一二三四五');\n" * 50
Client = TestClient[web.Request, web.Application]


@pytest.fixture
def profile() -> Profile:
    """Two seats and one line."""
    return Profile.model_validate(
        {
            "centre": CHIFENG,
            "name": "赤峰市12345政务服务便民热线",
            "city": "赤峰市",
            "area_code": "0476",
            "trunks": ("127.0.0.1",),
            "skills": ("通用",),
            "dial_out": "127.0.0.1:5070",
            "lines": (
                Line(
                    number=LineId("8337772"),
                    name="市长热线",
                    department="市政府办公室",
                    mode=Mode.WHOLE,
                    row=1,
                ),
            ),
            "seats": (
                SeatPlan(extension="1001", name="一号座席", skills=frozenset({"通用"})),
                SeatPlan(extension="1002", name="二号座席", skills=frozenset({"通用"})),
            ),
        }
    )


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A home of its own."""
    return Settings(home=tmp_path)


@pytest.fixture
def brain() -> FakeBrain:
    return FakeBrain()


@pytest.fixture
def hub(profile: Profile) -> DeskHub:
    return DeskHub(Platform(centres=(profile,)))


@pytest.fixture
def store() -> FakeStore:
    """Anna and Bao are agents, others have a role each; Xia is of another centre."""
    kept = FakeStore()
    for user, role in (
        ("anna", "agent"),
        ("bao", "agent"),
        ("expert", "expert"),
        ("chief", "supervisor"),
        ("admin", "admin"),
        ("robot", "system"),
        ("wall", "screen"),
    ):
        kept.add(user, role)
    kept.add("xia", "agent", type(CHIFENG)("hulunbuir"))
    return kept


@pytest.fixture
def ledger() -> FakeLedger:
    """One table of one centre."""
    return FakeLedger()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """What a build of the page leaves, in small."""
    page = tmp_path / "page"
    (page / "assets").mkdir(parents=True)
    script = "/assets/index-Ab_d-123.js"
    (page / "index.html").write_text(f'<!doctype html><script src="{script}"></script>')
    (page / f".{script}").write_text(SCRIPT, encoding="utf-8")
    return page


@pytest.fixture
async def client(
    settings: Settings,
    brain: FakeBrain,
    store: FakeStore,
    hub: DeskHub,
    ledger: FakeLedger,
    page: Path,
) -> AsyncIterator[Client]:
    """A client of the application on a free port."""
    app = make_app(settings, brain, store, hub, ledger, page=page)
    server = TestServer(app, access_log=None)
    async with TestClient(server) as client:
        yield client


def bearer(user: str) -> dict[str, str]:
    """The headers of a program of that name."""
    return {"Authorization": f"Bearer token-of-{user}"}

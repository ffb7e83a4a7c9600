"""A city, a browser, and people's pages in it. A module shares the first two.

A module that wants another city redefines ``plan`` (what ``City`` is made with) or ``voice``
(what the microphones say). Tests and fixtures of a module run in one event loop.
"""

import asyncio
import fcntl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect
from pytest_asyncio import is_async_test

from bench.phone import Softphone
from bench.wavetools import chirp, write_wav
from config.settings import CHECKOUT
from install.command import Shell
from install.desk import Desk
from install.place import place
from records.accounts import Accounts, Role
from tests.desk.browser import LARGE, SMALL, WITHIN_MS, Desks, chromium
from tests.system.city import City
from tests.system.conftest import _as_in_service, watch

__all__ = ["_as_in_service", "watch"]

HERE = Path(__file__).parent
SHOTS = CHECKOUT / "docs" / "desk"
OTHERS: tuple[tuple[str, Role], ...] = (
    ("chief", "supervisor"),
    ("wall", "screen"),
    ("admin", "admin"),
    ("admin2", "admin"),
    ("expert", "expert"),
)
"""People beside ``City.accounts``, an agent for each seat (``agent1001`` …)."""
PASSWORD = "a long word for desks"
Shot = Callable[[Page, str], Awaitable[None]]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take pictures on request only."""
    parser.addoption("--shots", action="store_true", help="write docs/desk/*.png")


def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """One event loop a module, and the real Asterisk, for every test here."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.asterisk)
            if is_async_test(item):
                item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)


@pytest.fixture(scope="session")
def page_built() -> None:
    """The page of these very sources, built by whoever comes first."""
    here = place()
    desk = Desk(Shell(here.log), here)
    lock = CHECKOUT / "build" / "desk.lock"
    lock.parent.mkdir(exist_ok=True)
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        desk.fetch_packages()  # also what judges the page (axe)
        if not desk.is_built():
            desk.build()


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    """What the module's ``City`` is made with."""
    return {"seats": 4}


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What every microphone says: something like speech."""
    return write_wav(tmp_path_factory.mktemp("voice") / "voice.wav", chirp(3.0, seed=3))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(
    page_built: None, plan: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[City]:
    """Asterisk, Redis and the brain, with an agent for each seat and ``OTHERS``."""
    async with City(tmp_path_factory.mktemp("d"), **plan) as city:
        accounts = Accounts(city.store().database)
        for user, role in OTHERS:
            await accounts.add_person(user, city.profile.centre, role, PASSWORD)
        yield city


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser(voice: Path) -> AsyncIterator[Browser]:
    """One Chromium."""
    expect.set_options(timeout=WITHIN_MS)
    async with chromium(voice) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def phones() -> AsyncIterator[Softphone]:
    """Scriptable softphones with ports of their own, in the loop of the test."""
    async with Softphone() as phones:
        yield phones


@pytest_asyncio.fixture(loop_scope="module")
async def desks(browser: Browser, city: City) -> AsyncIterator[Desks]:
    """The test's pages. What they complain of, unexpected, fails it."""
    desks = Desks(browser, city, PASSWORD)
    yield desks
    await desks.close()
    assert desks.complaints() == [], "what the pages complained of"


@pytest.fixture
def shot(request: pytest.FixtureRequest) -> Shot:
    """With ``--shots``: a picture of the page at both sizes, as ``docs/desk/NAME-WIDTH.png``."""

    async def take(page: Page, name: str) -> None:
        if not request.config.getoption("--shots", default=False):
            return
        SHOTS.mkdir(exist_ok=True)
        before = page.viewport_size
        for width, height in (SMALL, LARGE):
            await page.set_viewport_size({"width": width, "height": height})
            await asyncio.sleep(0.3)  # transitions
            await page.screenshot(path=SHOTS / f"{name}-{width}.png")
        if before is not None:
            await page.set_viewport_size(before)

    return take

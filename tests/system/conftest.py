"""The whole hotline, for tests that take it apart: see ``tests.system.city.City``."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.phone import Softphone
from tests.conftest import Undecided
from tests.standstill import Watch


@pytest.fixture(autouse=True, scope="session")
def _as_in_service() -> None:
    """The hotline's processes run as they do in service: asyncio's debug mode slows them threefold
    and calls every step of their start slow, in a log that these tests read.
    """
    os.environ.pop("PYTHONASYNCIODEBUG", None)


@pytest.fixture
async def phones() -> AsyncIterator[Softphone]:
    """Scriptable softphones with ports of their own; for loads there is SIPp."""
    async with Softphone() as phones:
        yield phones


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the city's home and its phones' files go."""
    return tmp_path


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Watch:
    """Of every stop of the machine while tests run: a telephone without a processor is silent."""
    plugin: Undecided | None = request.config.pluginmanager.get_plugin("undecided")
    assert plugin is not None
    return plugin.watch

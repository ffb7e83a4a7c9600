"""The whole hotline, for tests that take it apart: see ``tests.system.city.City``."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.phone import Softphone
from tests.asterisk.world import free_rtp_range


@pytest.fixture
async def phones() -> AsyncIterator[Softphone]:
    """Scriptable softphones with ports of their own; for loads there is SIPp."""
    async with Softphone(rtp_first=free_rtp_range()) as phones:
        yield phones


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the city's home and its phones' files go; kept when the test fails."""
    return tmp_path

"""The running Asterisk of the tests in this directory."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bench.phone import Softphone
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import AsteriskWorld, free_rtp_range


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskWorld]:
    """One Asterisk for a module's tests; a test that kills it leaves it running again."""
    with AsteriskWorld(tmp_path_factory.mktemp("asterisk")) as world:
        yield world


@pytest.fixture
async def tap(world: AsteriskWorld) -> AsyncIterator[AmiTap]:
    """An AMI session that hears everything the brain may hear."""
    async with AmiTap(world) as tap:
        yield tap


@pytest.fixture
async def phones() -> AsyncIterator[Softphone]:
    """Softphones with ports of their own."""
    async with Softphone(rtp_first=free_rtp_range()) as phones:
        yield phones

"""The running Asterisk of the tests in this directory."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bench.phone import Softphone
from tests.asterisk.moving import Scene, scene
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import AsteriskWorld


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
    async with Softphone() as phones:
        yield phones


@pytest.fixture
async def here(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, tmp_path: Path
) -> AsyncIterator[Scene]:
    """A talk to be moved by hand; Asterisk believes in a brain until the test lets it die."""
    async with scene(world, tap, phones, tmp_path) as here:
        yield here

"""The running Asterisk of the tests in this directory."""

from collections.abc import Iterator

import pytest

from tests.asterisk.world import AsteriskWorld


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskWorld]:
    """One Asterisk for a module's tests; a test that kills it leaves it running again."""
    with AsteriskWorld(tmp_path_factory.mktemp("asterisk")) as world:
        yield world

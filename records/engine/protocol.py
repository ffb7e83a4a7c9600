"""What a speech engine is, and what a transcript is made of. Words only: no model is loaded here.

Ring 1: everybody may import this. Engines are edges and stand behind ``Engine``; one contract
suite (``tests/records/test_engine_contract.py``) runs them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]
"""Mono audio between -1 and 1. Engines take it at ``ENGINE_RATE``."""

Channel: TypeAlias = Literal["caller", "agent", "expert", "office"]
"""Who is heard: ``caller`` is the recording's rx file, ``agent`` its tx file.

There, and in a recording of their own, ``expert`` and ``office`` are whom a move brought: an
expert, or anybody else who is no agent of ours.
"""

ENGINE_RATE = 16_000
"""Samples per second an engine is given. Telephone audio (8000) is resampled before."""

LONGEST_UTTERANCE_S = 15.0
"""No engine is given more than this at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an engine can do, so that callers need not know its name."""

    streaming: bool
    """It also is a ``StreamingEngine``."""
    interim: bool
    """Its streams tell what they have so far before the utterance ends."""
    hotwords: bool
    """It listens for the words it is given; others ignore them."""
    language: str
    """BCP 47: ``zh``, ``ko``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Some words of one utterance. Seconds count from the utterance's first sample."""

    start_s: float
    end_s: float
    text: str
    confidence: float
    """0 to 1; comparable within one engine only."""
    sure: tuple[float, ...] = ()
    """The same for each Chinese character of ``text``; empty: the engine cannot tell."""
    raw: str = ""
    """As the engine heard it, where ``text`` was mended; '': it was not."""
    is_foreign: bool = False
    """Somebody spoke another language than the engine's: the text is not what was said."""


class Engine(Protocol):
    """A loaded speech model. Not thread-safe: one per worker."""

    @property
    def name(self) -> str:
        """Stable short name, kept with every transcript: ``whisper-base``."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    def transcribe(self, samples: Samples, hotwords: Sequence[str]) -> list[Piece]:
        """Write down one utterance of at most ``LONGEST_UTTERANCE_S`` at ``ENGINE_RATE``.

        The pieces are in order, none is empty, none lies outside the utterance. Nothing heard
        (silence, music, noise) is an empty list, never invented words. Blocks for as long as
        decoding takes: keep it off the event loop.
        """
        ...


class Stream(Protocol):
    """One utterance as it is spoken."""

    def feed(self, samples: Samples) -> str:
        """Take the next samples; return all words understood so far, perhaps none."""
        ...

    def finish(self) -> list[Piece]:
        """End the utterance and return what ``Engine.transcribe`` would. Use the stream no more."""
        ...


@runtime_checkable
class StreamingEngine(Engine, Protocol):
    """An engine that can follow an utterance while it is spoken."""

    def stream(self, hotwords: Sequence[str]) -> Stream:
        """Begin one utterance."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """One stretch of speech of one party. Seconds count from the start of its recording."""

    channel: Channel
    start_s: float
    end_s: float
    text: str
    confidence: float
    part: str = ""
    """Of which consult's own recording, by the end of its leg's name; '': of the call's."""
    raw: str = ""
    """As the engine heard it, where ``text`` was mended; '': it was not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Somebody was heard here and nothing could be written down."""

    channel: Channel
    start_s: float
    end_s: float
    is_foreign: bool = False
    """Because it was said in another language than the engine's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A whole call in spoken order."""

    engine: str
    segments: tuple[Segment, ...] = field(default=())
    gaps: tuple[Gap, ...] = field(default=())

    @property
    def confidence(self) -> float | None:
        """The segments' confidence weighted by their length; None when there are none."""
        heard = sum(s.end_s - s.start_s for s in self.segments)
        if not heard:
            return None
        return sum(s.confidence * (s.end_s - s.start_s) for s in self.segments) / heard

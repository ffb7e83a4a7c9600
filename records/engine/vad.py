"""Where somebody speaks: a telephone channel cut into utterances an engine can take.

WebRTC's detector says which 30 ms hold a voice; here that becomes utterances: short gaps are
bridged, clicks dropped, a margin is left on both sides, and what is longer than an engine takes
is cut where it is quietest. Deterministic, no model, about 0.0001 of the audio's time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import webrtcvad
from numpy.typing import NDArray

from records.engine.protocol import LONGEST_UTTERANCE_S

RATE = 8_000
"""Samples per second taken here: what the telephone gives."""

_FRAME_S = 0.03
_FRAME = int(RATE * _FRAME_S)
_BRIDGE_S = 0.9
"""Shorter silence does not end an utterance: people breathe and think within a sentence."""
_SHORTEST_S = 0.18
"""Less voice than this is a click."""
_MARGIN_S = 0.24
"""Left on both sides: weak consonants at the edges are not seen by the detector."""
_QUIETEST_PEAK = 80
"""Of 32768 (-52 dBFS). Below it there is nothing to understand, whatever the detector says."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """Seconds from the start of the channel; never longer than an engine takes."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """How long it lasts, margins included."""
        return self.end_s - self.start_s


def utterances(pcm: NDArray[np.int16], longest_s: float = LONGEST_UTTERANCE_S) -> list[Utterance]:
    """Find the utterances of one channel at ``RATE``, in order, none overlapping another."""
    total_s = len(pcm) / RATE
    bridged = _bridge(_voiced_runs(pcm))
    spans = [
        (max(0.0, first * _FRAME_S - _MARGIN_S), min(total_s, last * _FRAME_S + _MARGIN_S))
        for first, last, voiced in bridged
        if voiced * _FRAME_S >= _SHORTEST_S
    ]
    found: list[Utterance] = []
    for start_s, end_s in spans:
        found.extend(_cut(pcm, start_s, end_s, longest_s))
    return found


def _voiced_runs(pcm: NDArray[np.int16]) -> Iterator[tuple[int, int]]:
    """Runs of frames the detector calls voice, as (first, one past last)."""
    detector = webrtcvad.Vad(2)
    first: int | None = None
    frames = len(pcm) // _FRAME
    for index in range(frames):
        frame = pcm[index * _FRAME : (index + 1) * _FRAME]
        is_voice = int(np.abs(frame.astype(np.int32)).max()) >= _QUIETEST_PEAK and bool(
            detector.is_speech(frame.tobytes(), RATE)
        )
        if is_voice and first is None:
            first = index
        elif not is_voice and first is not None:
            yield first, index
            first = None
    if first is not None:
        yield first, frames


def _bridge(runs: Iterator[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Join runs with a short silence between them: (first, one past last, voiced frames)."""
    joined: list[tuple[int, int, int]] = []
    for first, last in runs:
        if joined and (first - joined[-1][1]) * _FRAME_S < _BRIDGE_S:
            joined[-1] = (joined[-1][0], last, joined[-1][2] + last - first)
        else:
            joined.append((first, last, last - first))
    return joined


def _cut(pcm: NDArray[np.int16], start_s: float, end_s: float, longest_s: float) -> list[Utterance]:
    """Cut a span into parts of at most ``longest_s``, each cut at its quietest place."""
    cuts = [start_s]
    while end_s - cuts[-1] > longest_s:
        earliest = cuts[-1] + longest_s / 2
        cuts.append(quietest(pcm, earliest, cuts[-1] + longest_s))
    return [Utterance(a, b) for a, b in pairwise([*cuts, end_s])]


def quietest(pcm: NDArray[np.int16], from_s: float, to_s: float) -> float:
    """The middle of the quietest 0.3 s between two times."""
    part = pcm[int(from_s * RATE) : int(to_s * RATE)].astype(np.float64)
    window = int(0.3 * RATE)
    energy = np.convolve(part * part, np.ones(window), mode="valid")[:: RATE // 100]
    return from_s + int(energy.argmin()) / 100 + 0.15

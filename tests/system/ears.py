"""Who is heard at a telephone just now: everybody in a test speaks in a tone of their own.

Read from the file that the telephone records, while it records; such a file is about a quarter of
a second behind.
"""

import math
import os
from collections.abc import Collection
from pathlib import Path

import numpy as np

from bench.wavetools import RATE, Samples

WINDOW_S = 0.5
"""What is listened to: tones that are 9 Hz apart are told apart."""
LOUD = 0.05
"""Of a sine's amplitude; people speak with about 0.14. One that was interrupted within the window
has up to a seventh of that 9 Hz beside it."""
HEADER = 44
FRAME = 160
"""Samples of one packet: 20 ms."""
HUSH = 0.003
"""What is no louder than that is silence: line noise; people speak with 0.1 (of all, squared)."""


def heard_now(path: Path, tones: Collection[int]) -> frozenset[int]:
    """Which of these tones sound at the end of a recording."""
    if not path.exists():
        return frozenset()
    wanted = 2 * round(WINDOW_S * RATE)
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        first = HEADER + (end - HEADER) // 2 * 2 - wanted
        if first < HEADER:
            return frozenset()
        file.seek(first)  # it is asked for many times a second, and calls may be long
        samples = np.frombuffer(file.read(wanted), dtype="<i2")
    return frozenset(tones_in(samples.astype(np.float64) / 32768, tones))


def tones_in(samples: Samples, tones: Collection[int]) -> set[int]:
    """Which of these tones are in the samples, if they are at least ``WINDOW_S`` long."""
    shape = np.hanning(len(samples))
    padded = -(-len(samples) // RATE) * RATE  # so that each hertz has a place of its own
    levels = 2 * np.abs(np.fft.rfft(samples * shape, padded)) / shape.sum()
    return {hertz for hertz in tones if levels[hertz * padded // RATE] > LOUD}


def longest_silence_s(path: Path) -> float:
    """For how long a finished recording has nothing to be heard, at most; all of one that is empty.

    From its first moment to its last; 20 ms at a time.
    """
    samples = np.frombuffer(path.read_bytes()[HEADER:], dtype="<i2").astype(np.float64) / 32768
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    if not len(frames):
        return math.inf
    loud = np.flatnonzero(np.sqrt(np.mean(frames**2, axis=1)) > HUSH)
    edges = np.concatenate(([-1], loud, [len(frames)]))
    return float(np.diff(edges).max() - 1) * FRAME / RATE

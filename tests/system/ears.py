"""Who is heard at a telephone just now: everybody in a test speaks in a tone of their own.

Read from the file that the telephone records, while it records; such a file is about a quarter of
a second behind.
"""

from collections.abc import Collection
from pathlib import Path

import numpy as np

from bench.wavetools import RATE, Samples

WINDOW_S = 0.5
"""What is listened to: tones that are 7 Hz apart are told apart."""
LOUD = 0.02
"""Of a sine's amplitude; people speak with about 0.14."""
HEADER = 44


def heard_now(path: Path, tones: Collection[int]) -> frozenset[int]:
    """Which of these tones sound at the end of a recording."""
    if not path.exists():
        return frozenset()
    raw = path.read_bytes()[HEADER:]
    samples = np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2")
    first = len(samples) - round(WINDOW_S * RATE)
    if first < 0:
        return frozenset()
    return frozenset(tones_in(samples[first:].astype(np.float64) / 32768, tones))


def tones_in(samples: Samples, tones: Collection[int]) -> set[int]:
    """Which of these tones are in the samples, if they are at least ``WINDOW_S`` long."""
    shape = np.hanning(len(samples))
    padded = -(-len(samples) // RATE) * RATE  # so that each hertz has a place of its own
    levels = 2 * np.abs(np.fft.rfft(samples * shape, padded)) / shape.sum()
    return {hertz for hertz in tones if levels[hertz * padded // RATE] > LOUD}

"""Which of known sounds are in a recording, where, and whether it can be told from the others."""

from collections.abc import Mapping
from itertools import combinations
from typing import NamedTuple

import numpy as np

from bench.wavetools import RATE, Samples, correlation, level_db, likeness

PIECE_S = 0.3
PIECES = 10
SLACK_S = 0.8
SILENT_DB = -45.0
SURE = 0.95
"""So much alike is what crossed a wire in A-law; another sentence has half of it at most."""
MOSTLY = 0.5
"""So much alike, on average, are the pieces of a sound that was recorded in a busy minute, when the
switch puts silence where a packet was late. Another sentence's are half as much."""
USUALLY = 0.85
"""And so much over many calls."""


PACKET = 160
"""The last samples of a file, when they do not fill one, are never sent."""


class Found(NamedTuple):
    """How much of a sound is in a recording, at the place where it is most."""

    r: float
    """Correlation: 1 is the same sound."""
    begins_s: float


def find(sound: Samples, recorded: Samples, from_s: float, to_s: float) -> Found:
    """Where a whole sound begins between those seconds, without a gap in it."""
    size = min(len(sound), round(PIECE_S * RATE))
    starts = range(0, len(sound) - size + 1, size)
    loud = max(starts, key=lambda start: level_db(sound[start : start + size]))
    first, last = (round(at * RATE) + loud for at in (max(0.0, from_s), to_s))
    near = recorded[first : last + size]
    if len(near) < size:
        return Found(0.0, from_s)
    begin = first - loud + round(likeness(sound[loud : loud + size], near).lag_s * RATE)
    there = recorded[max(0, begin) : begin + len(sound)]
    if begin < 0 or len(there) < len(sound) - PACKET:
        return Found(0.0, begin / RATE)
    return Found(correlation(sound[: len(there)], there), begin / RATE)


def pieces_found(sound: Samples, recorded: Samples, about_s: float) -> float:
    """How much the pieces of a sound are like what is near their places in a recording."""
    size, slack = round(PIECE_S * RATE), round(SLACK_S * RATE)
    step = max(1, (len(sound) - size) // (PIECES - 1))
    likenesses = []
    for start in range(0, len(sound) - size + 1, step):
        piece = sound[start : start + size]
        if level_db(piece) > SILENT_DB:
            at = start + round(about_s * RATE)
            near = recorded[max(0, at - slack) : at + size + slack]
            likenesses.append(likeness(piece, near).r if len(near) > size else 0.0)
    return float(np.mean(likenesses)) if likenesses else 0.0


def alike(sounds: Mapping[str, Samples], limit: float) -> list[tuple[str, str, float]]:
    """The pairs that are not the same and yet as much alike as that, from their beginnings."""
    names = list(sounds)
    longest = max(map(len, sounds.values()))
    matrix = np.zeros((len(names), longest), dtype=np.float32)
    for row, sound in zip(matrix, sounds.values(), strict=True):
        row[: len(sound)] = sound / np.sqrt((sound * sound).sum())
    products = matrix @ matrix.T
    return [
        (names[a], names[b], float(products[a, b]))
        for a, b in combinations(range(len(names)), 2)
        if products[a, b] > limit and not np.array_equal(sounds[names[a]], sounds[names[b]])
    ]

"""A call of the live bench: two people talk in turn, and both are recorded in blocks."""

import asyncio
import time
from collections.abc import Sequence
from math import ceil
from pathlib import Path
from typing import Final

import numpy as np

from cti.ids import CallId
from records import wav
from records.live.ear import MARGIN_S, Ear
from records.live.spoken import Pcm, Spoken

BETWEEN_S: Final = 1.0
"""Silence before somebody answers."""
_NEAR_S: Final = 0.5


class Talking:
    """``utterances``: what the listener should find, in the order it becomes known."""

    def __init__(self, call: CallId, clips: Sequence[Pcm], seconds: float) -> None:
        self.call = call
        self.sides = _in_turn(clips, seconds)
        self.length_s = len(self.sides[0]) / wav.RATE
        self.utterances = sorted(
            (spoken for side in self.sides for spoken in _cut(side)), key=lambda one: one.known_s
        )
        self.began_at = 0.0
        """When its first sample was recorded, in seconds since 1970; 0: not yet."""

    def waits(self, block_s: float) -> list[float]:
        """From each utterance's end until the recorder has written that it is over.

        No engine is faster than this.
        """
        return [
            ceil(one.known_s / block_s) * block_s - (one.end_s - MARGIN_S)
            for one in self.utterances
            if not one.is_cut
        ]

    def is_cut(self, end_s: float) -> bool:
        """Whether the speaker went on there: the piece was too long, and its end is no end."""
        return any(one.is_cut and abs(one.end_s - end_s) < _NEAR_S for one in self.utterances)

    async def record(self, folder: Path, block_s: float, wait_s: float) -> None:
        """Grow the two files in real time, after ``wait_s``."""
        await asyncio.sleep(wait_s)
        paths = [folder / f"{self.call}-{side}.wav" for side in ("rx", "tx")]
        for path in paths:
            path.write_bytes(wav.header(0))
        self.began_at = time.time()  # noqa: TID251 - compared with times of files
        block, total = round(block_s * wav.RATE), len(self.sides[0])
        for at in range(0, total, block):
            due = self.began_at + min(at + block, total) / wav.RATE
            await asyncio.sleep(max(0.0, due - time.time()))  # noqa: TID251 - as above
            for path, side in zip(paths, self.sides, strict=True):
                with path.open("ab") as file:
                    file.write(side[at : at + block].astype("<i2").tobytes())


def _in_turn(clips: Sequence[Pcm], seconds: float) -> tuple[Pcm, Pcm]:
    """The caller and the agent say one clip each in turn until the time is over, then nothing."""
    pause = np.zeros(round(BETWEEN_S * wav.RATE), dtype=np.int16)
    parts: tuple[list[Pcm], list[Pcm]] = ([pause], [pause])
    said = len(pause)
    for turn, clip in enumerate(clips):
        if said >= seconds * wav.RATE:
            break
        parts[turn % 2].extend((clip, pause))
        parts[1 - turn % 2].append(np.zeros(len(clip) + len(pause), dtype=np.int16))
        said += len(clip) + len(pause)
    end = np.zeros(4 * wav.RATE, dtype=np.int16)
    one, other = (np.concatenate([*side, end]) for side in parts)
    return one, other


def _cut(side: Pcm) -> list[Spoken]:
    return Ear().feed(side)

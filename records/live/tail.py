"""A recording while Asterisk still writes it. An edge: reads files, holds no rules.

Asterisk writes in blocks of 32 kB: what it has recorded is here up to 2 s later. The file's size
says how far it is, its header never does.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from cti.ids import CallId
from records import wav
from records.live.spoken import Pcm

MOST_S = 30.0
"""Read at once at most: a listener that was away catches up in steps."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The part of a call's recording that is being written: two files that begin together."""

    rx: Path
    tx: Path
    offset_s: float
    """Seconds of the parts before it: where this one stands in the whole recording."""


def parts(recordings: Path, call: CallId) -> list[Part]:
    """The parts of a call's recording in the order they were made, also the growing one. Blocks."""
    name = re.compile(rf"{re.escape(call)}(?:-(\d+))?-rx\.wav")
    found = sorted(
        (int(match[1] or 0), path)
        for path in recordings.glob(f"{call}*-rx.wav")
        if (match := name.fullmatch(path.name))
    )
    made: list[Part] = []
    offset_s = 0.0
    for _, rx in found:
        tx = rx.with_name(rx.name.removesuffix("-rx.wav") + "-tx.wav")
        made.append(Part(rx=rx, tx=tx, offset_s=offset_s))
        offset_s += max(wav.seconds(rx), wav.seconds(tx))
    return made


def newest_part(recordings: Path, call: CallId) -> Part | None:
    """The part that is being written now; None when nothing was recorded yet. Blocks."""
    found = parts(recordings, call)
    return found[-1] if found else None


def written(path: Path) -> tuple[float, float]:
    """How many seconds stand in the file, and when (in seconds since 1970) it was written last.

    Raises OSError when there is no such file.
    """
    stat = path.stat()
    return wav.sound_bytes(stat.st_size) / (wav.RATE * 2), stat.st_mtime


class Tail:
    """Reads one file on from where it stood. ``from_s``: where to begin, perhaps in the future."""

    def __init__(self, path: Path, from_s: float) -> None:
        self._path = path
        self._at = round(max(0.0, from_s) * wav.RATE)
        """The next sample to read."""

    @property
    def at_s(self) -> float:
        """Up to where it was read."""
        return self._at / wav.RATE

    def read(self) -> Pcm:
        """What has been written since; empty when nothing was. Blocks; raises OSError."""
        with self._path.open("rb") as file:
            size = wav.sound_bytes(file.seek(0, 2)) // 2
            count = min(size - self._at, round(MOST_S * wav.RATE))
            if count <= 0:
                return np.zeros(0, dtype=np.int16)
            file.seek(wav.HEADER + 2 * self._at)
            data = file.read(2 * count)
        pcm = np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2").astype(np.int16)
        self._at += len(pcm)
        return pcm

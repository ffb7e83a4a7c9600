"""Recordings as Asterisk writes them: 8 kHz, 16 bit, one channel, a header written at the end.

A file whose call was cut, or is still going on, says it is empty: here the file's size counts,
never its header.
"""

import os
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt

RATE: Final = 8000
HEADER: Final = 44
_SAMPLE: Final = 2
_BLOCK: Final = 60 * RATE
"""Samples read at once: an hour's call takes no more memory than a minute's."""


class NotARecording(ValueError):  # noqa: N818 - an error is named for what is wrong
    """The file is not one that Asterisk recorded: not WAV, or of another kind."""


def header(data_bytes: int, channels: int = 1) -> bytes:
    """Make the header of a file with that much sound."""
    frame = channels * _SAMPLE
    return struct.pack(
        "<4sI8sIHHIIHH4sI",
        *(b"RIFF", HEADER - 8 + data_bytes, b"WAVEfmt ", 16),
        *(1, channels, RATE, RATE * frame, frame, 8 * _SAMPLE),
        *(b"data", data_bytes),
    )


def sound_bytes(size: int) -> int:
    """Say how much of a file of that size is whole samples."""
    return max(0, size - HEADER) // _SAMPLE * _SAMPLE


def check(head: bytes) -> None:
    """Raise ``NotARecording`` unless these first bytes are a header of ours. Sizes don't matter."""
    ours = header(0)
    # 4-8 and 40-44 are the sizes; an empty file is one that Asterisk has just opened
    if head and (head[:4], head[8:40]) != (ours[:4], ours[8:40]):
        raise NotARecording("not a recording of 8 kHz, 16 bit, one channel")


def seconds(path: Path) -> float:
    """Say how long a recording is by its size, also while it grows. 0 when there is none."""
    try:
        return sound_bytes(path.stat().st_size) / (RATE * _SAMPLE)
    except FileNotFoundError:
        return 0.0


def mend(path: Path) -> bool:
    """Write the sizes a killed Asterisk could not. True when something had to be mended.

    Idempotent. Not for a recording still being made. Raises ``NotARecording`` and OSError.
    """
    with path.open("r+b") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(HEADER)
        check(head)
        data = sound_bytes(size)
        whole = header(data)
        if head == whole and size == HEADER + data:
            return False
        file.seek(0)
        file.write(whole)
        file.truncate(HEADER + data)
    return True


def stereo(rx: Path, tx: Path, out: Path) -> float:
    """Join both sides into ``out``: left the caller, right what the caller hears.

    Gives its length in seconds. The shorter side is filled with silence; a side that is missing
    or still being written is taken as far as it goes. ``out`` is there whole or not at all; made
    again, it is the same. Raises ``NotARecording`` and OSError. Blocks: call it in a thread.
    """
    part = out.with_name(f"{out.name}.part")
    frames = 0
    try:
        with part.open("wb") as file:
            file.write(header(0, channels=2))
            for left, right in _pairs(_blocks(rx), _blocks(tx)):
                length = max(len(left), len(right))
                both = np.zeros((length, 2), dtype="<i2")
                both[: len(left), 0] = left
                both[: len(right), 1] = right
                file.write(both.tobytes())
                frames += length
            file.seek(0)
            file.write(header(frames * 2 * _SAMPLE, channels=2))
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return frames / RATE


def join(parts: Iterable[tuple[Path, Path]], rx: Path, tx: Path) -> tuple[float, ...]:
    """Put recordings one behind the other, each side into a file of its own.

    Gives the length of each part in seconds. The shorter side of a part is filled with silence, so
    that what was said at one time stands at one time. Raises and blocks as ``stereo`` does.
    """
    lengths = []
    with rx.open("wb") as left_file, tx.open("wb") as right_file:
        files = (left_file, right_file)
        for file in files:
            file.write(header(0))
        for left_part, right_part in parts:
            frames = 0
            for sides in _pairs(_blocks(left_part), _blocks(right_part)):
                length = max(map(len, sides))
                for side, file in zip(sides, files, strict=True):
                    file.write(side.astype("<i2").tobytes() + bytes((length - len(side)) * _SAMPLE))
                frames += length
            lengths.append(frames / RATE)
        for file in files:
            data = file.tell() - HEADER
            file.seek(0)
            file.write(header(data))
    return tuple(lengths)


_Block = npt.NDArray[np.int16]


def _blocks(path: Path) -> Iterator[_Block]:
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        check(file.read(HEADER))
        while len(block := _read(file)):
            yield block


def _read(file: BinaryIO) -> _Block:
    data = file.read(_BLOCK * _SAMPLE)
    return np.frombuffer(data[: len(data) // _SAMPLE * _SAMPLE], dtype="<i2")


def _pairs(left: Iterator[_Block], right: Iterator[_Block]) -> Iterator[tuple[_Block, _Block]]:
    silence: _Block = np.zeros(0, dtype="<i2")
    while True:
        one, other = next(left, silence), next(right, silence)
        if not len(one) and not len(other):
            return
        yield one, other

"""A call's files on disk: mended after a crash, measured, joined into one to listen to."""

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray
from pydub import AudioSegment

from records import wav

_BLOCK = 60 * wav.RATE
"""A minute at a time: an hour's call must not take an hour's memory."""


def mend(path: Path) -> bool:
    """Put a killed Asterisk's header right, in place; True when it was wrong. Idempotent.

    Only for calls that have ended: a living one's header is zero, and Asterisk writes it.
    Raises ``ValueError`` for a file that is not Asterisk's, ``OSError`` as the disk does.
    """
    with path.open("r+b") as file:
        size = os.fstat(file.fileno()).st_size
        right = wav.mended(file.read(wav.HEADER), size)
        if right is None:
            return False
        file.seek(0)
        file.write(right)
        file.truncate(wav.HEADER + wav.data_size(size))
    return True


def seconds_of(*paths: Path) -> float | None:
    """How long the longest of these recordings is; None when there is none."""
    sizes = [path.stat().st_size for path in paths if path.is_file()]
    return max(map(wav.seconds, sizes)) if sizes else None


def write_stereo(rx: Path, tx: Path, stereo: Path) -> None:
    """Join what the caller says (left) and hears (right). Either may be missing or shorter.

    The file appears whole or not at all. Raises ``OSError`` when the disk is full, and
    ``ValueError`` when a part is no audio.
    """
    being_made = stereo.with_suffix(".part")
    try:
        with soundfile.SoundFile(
            being_made, "w", samplerate=wav.RATE, channels=2, format="WAV", subtype="PCM_16"
        ) as out:
            left, right = _blocks(rx), _blocks(tx)
            while True:
                a, b = next(left), next(right)
                length = max(len(a), len(b))
                if not length:
                    break
                out.write(np.column_stack([_padded(a, length), _padded(b, length)]))
        being_made.replace(stereo)
    except soundfile.LibsndfileError as error:
        raise OSError(f"{stereo.name} could not be written: {error}") from error
    finally:
        with suppress(FileNotFoundError):
            being_made.unlink()


def as_wav(path: Path, scratch: Path) -> Path:
    """Return a file soundfile can read: the same, or a copy in ``scratch`` made by ffmpeg.

    People send what their telephones record (m4a, amr). Raises ``ValueError`` when it is no audio
    that ffmpeg knows, or ffmpeg is missing.
    """
    with suppress(soundfile.LibsndfileError):
        soundfile.info(path)
        return path
    try:
        copy = scratch / f"{path.stem}.wav"
        AudioSegment.from_file(path).export(copy, format="wav").close()
    except (OSError, IndexError, RuntimeError) as error:
        raise ValueError(f"{path.name} is no audio that can be read") from error
    return copy


def _blocks(path: Path) -> Iterator[NDArray[np.int16]]:
    """A recording a minute at a time, then silence of no length for ever."""
    if path.is_file() and path.stat().st_size > wav.HEADER:
        try:
            yield from soundfile.blocks(path, blocksize=_BLOCK, dtype="int16")
        except soundfile.LibsndfileError as error:
            raise ValueError(f"{path.name} is no audio") from error
    while True:
        yield np.zeros(0, dtype=np.int16)


def _padded(block: NDArray[np.int16], length: int) -> NDArray[np.int16]:
    return np.pad(block, (0, length - len(block)))

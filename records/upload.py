"""Recordings that people send, whatever their telephones make of them."""

from contextlib import suppress
from pathlib import Path

import soundfile
from pydub import AudioSegment
from pydub.exceptions import PydubException


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
    except (OSError, IndexError, PydubException) as error:
        raise ValueError(f"{path.name} is no audio that can be read") from error
    return copy

"""Sound as callers get it: telephone band, one loudness, no clipping, 16-bit mono WAV.

Everything callers hear goes through ``prepare``, so that a recorded sentence is as loud as a
made one. Files are written beside their place and renamed into it: Asterisk never plays half.
"""

import os
import tempfile
import wave
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soxr

from cti.errors import DomainError

Samples = npt.NDArray[np.float32]

TELEPHONE_RATE = 8_000
ACTIVE_DBFS = -20.0
"""Loudness of speech while it lasts (pauses not counted), as RMS below full scale."""

PEAK_DBFS = -3.0
"""No sample is louder: what a G.711 trunk passes without clipping, with room to spare."""

LEAD_S = 0.06
TAIL_S = 0.12
"""Silence left before and after speech: none clipped, none waited for."""

SHORTEST_RECORDING_S = 0.3
LONGEST_RECORDING_S = 12.0
_DECODED_S = 60

_FRAME_S = 0.02
_SPEECH_BELOW_LOUDEST_DB = 35.0
_ACTIVE_BELOW_LOUDEST_DB = 26.0
_LOWEST_HZ = (120.0, 240.0)
"""Below the first nothing, above the second everything: no telephone carries what is cut."""


class RecordingUnusable(DomainError):  # noqa: N818 - an error is named for what is wrong
    """A recorded prompt can't be played to callers; the message says why, in Chinese."""

    id = "recording-unusable"


def prepare(samples: Samples, rate: int, to_rate: int = TELEPHONE_RATE) -> Samples:
    """Turn speech at any rate into what is played: band, rate, trimmed, levelled.

    Silence is a ``ValueError``.
    """
    resampled = np.asarray(soxr.resample(samples, rate, to_rate, quality="VHQ"), np.float32)
    return level(trim(_without_rumble(resampled, to_rate), to_rate), to_rate)


def trim(samples: Samples, rate: int) -> Samples:
    """Cut the silence before and after speech, but for ``LEAD_S`` and ``TAIL_S``."""
    loudness = _frames_db(samples, rate)
    speech = np.flatnonzero(loudness > loudness.max(initial=-100.0) - _SPEECH_BELOW_LOUDEST_DB)
    if not len(speech) or loudness.max() < -70.0:
        raise ValueError("no speech in the sound")
    frame = round(_FRAME_S * rate)
    first = max(0, int(speech[0]) * frame - round(LEAD_S * rate))
    last = min(len(samples), (int(speech[-1]) + 1) * frame + round(TAIL_S * rate))
    cut = samples[first:last].copy()
    fade = min(frame // 2, len(cut) // 2)
    ramp = np.linspace(0.0, 1.0, fade, dtype=np.float32)
    cut[:fade] *= ramp
    cut[len(cut) - fade :] *= ramp[::-1]
    return cut


def active_dbfs(samples: Samples, rate: int) -> float:
    """Loudness of the speech, pauses not counted: RMS of its loud frames in dB full scale."""
    loudness = _frames_db(samples, rate)
    if not len(loudness):
        return -100.0
    active = loudness[loudness > loudness.max() - _ACTIVE_BELOW_LOUDEST_DB]
    return float(10 * np.log10(np.mean(10 ** (active / 10))))


def level(samples: Samples, rate: int) -> Samples:
    """Bring speech to ``ACTIVE_DBFS``; peaks above ``PEAK_DBFS`` are eased down, not cut off."""
    ceiling = 10 ** (PEAK_DBFS / 20)
    levelled = samples
    # easing peaks takes a little loudness away: put it back and ease again
    for _ in range(3):
        gain = 10 ** ((ACTIVE_DBFS - active_dbfs(levelled, rate)) / 20)
        levelled = _eased(np.asarray(levelled * gain, np.float32), ceiling, rate)
    return levelled


def _eased(samples: Samples, ceiling: float, rate: int) -> Samples:
    """Limit with gains that move over 8 ms, which nobody hears, where clipping would crackle."""
    half = max(1, round(0.004 * rate))
    over = np.maximum(np.abs(samples) / ceiling, 1.0)
    if over.max(initial=1.0) <= 1.0:
        return samples
    width = 2 * half + 1
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(over, 2 * half, mode="edge"), width)
    needed = 1.0 / windows.max(axis=1)
    bell = np.hanning(width + 2)[1:-1]
    gains = np.convolve(needed, bell / bell.sum(), mode="valid")
    return np.asarray(samples * gains, np.float32)


def _without_rumble(samples: Samples, rate: int) -> Samples:
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / rate)
    nothing, everything = _LOWEST_HZ
    rise = np.clip((hertz - nothing) / (everything - nothing), 0.0, 1.0)
    kept = spectrum * np.sin(rise * np.pi / 2) ** 2
    return np.asarray(np.fft.irfft(kept, len(samples)), np.float32)


def _frames_db(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    frame = round(_FRAME_S * rate)
    whole = samples[: len(samples) // frame * frame].reshape(-1, frame).astype(np.float64)
    return np.asarray(10 * np.log10(np.mean(whole**2, axis=1) + 1e-10), np.float64)


def join(parts: list[Samples], rate: int, pause_s: float) -> Samples:
    """Put sounds one after another with a pause between."""
    pause = np.zeros(round(pause_s * rate), np.float32)
    joined: list[Samples] = []
    for part in parts:
        joined += [pause] * bool(joined) + [part]
    return np.concatenate(joined)


def write_wav(path: Path, samples: Samples, rate: int) -> None:
    """Write 16-bit mono, atomically: ``path`` is the old file or the whole new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = np.clip(np.round(samples * 32767.0), -32768, 32767).astype("<i2")
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".part")
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream, wave.open(stream, "wb") as out:
            out.setnchannels(1)
            out.setsampwidth(2)
            out.setframerate(rate)
            out.writeframes(whole.tobytes())
        unfinished.chmod(0o644)
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise


def read_wav(path: Path) -> tuple[Samples, int]:
    """Read a 16-bit mono WAV of ours: samples between -1 and 1, and their rate."""
    with wave.open(str(path), "rb") as file:
        if (file.getnchannels(), file.getsampwidth()) != (1, 2):
            raise ValueError(f"{path} is not 16-bit mono")
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return np.asarray(raw / 32767.0, np.float32), file.getframerate()


def read_recording(path: Path, longest_s: float = LONGEST_RECORDING_S) -> Samples:
    """Read a prompt somebody recorded, in any format ffmpeg knows, ready to be played.

    WAV, FLAC, OGG and MP3 need no ffmpeg. Raises ``RecordingUnusable`` when it is no sound,
    silent, or longer than ``longest_s`` once its silence is cut off.
    """
    samples, rate = _decoded(path)
    seconds = len(samples) / rate
    if seconds < SHORTEST_RECORDING_S:
        raise _unusable(path, "录音太短，听不到内容，请重新录制")
    try:
        ready = prepare(samples, rate)
    except ValueError as error:
        raise _unusable(path, "录音里没有声音，请重新录制") from error
    length = len(ready) / TELEPHONE_RATE
    if length > longest_s:
        told = f"录音有{length:.1f}秒，超过{longest_s:.0f}秒，群众要等太久"
        raise _unusable(path, f"{told}，请缩短到{longest_s:.0f}秒以内")
    return ready


def _decoded(path: Path) -> tuple[Samples, int]:
    """Decode any format to one channel; no more of it than is needed to see that it is too long."""
    import soundfile

    try:
        with soundfile.SoundFile(path) as file:
            rate: int = file.samplerate
            wide = file.read(round(_DECODED_S * rate), dtype="float32", always_2d=True)
            return np.asarray(wide.mean(axis=1), np.float32), rate
    except (soundfile.LibsndfileError, OSError):
        return _decoded_by_ffmpeg(path)


def _decoded_by_ffmpeg(path: Path) -> tuple[Samples, int]:
    from pydub import AudioSegment  # looks for ffmpeg when imported
    from pydub.exceptions import CouldntDecodeError

    try:
        segment = AudioSegment.from_file(path, duration=_DECODED_S)
        segment = segment.set_channels(1).set_sample_width(2)
    except FileNotFoundError as error:
        raise _unusable(path, "读取这种格式需要安装ffmpeg，或请导出为wav") from error
    except (CouldntDecodeError, OSError, IndexError, KeyError) as error:
        raise _unusable(path, "无法读取，不是录音文件或已损坏，请重新导出为wav或mp3") from error
    samples = np.array(segment.get_array_of_samples()) / 32768.0
    return np.asarray(samples, np.float32), segment.frame_rate


def _unusable(path: Path, why: str) -> RecordingUnusable:
    return RecordingUnusable(f"{path.name}：{why}", file=path.name)

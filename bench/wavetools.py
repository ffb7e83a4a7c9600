"""Telephone audio in numbers: tones, A-law for SIPp, how alike two recordings are, how loud one is.

Everything is 8 kHz mono. Samples are float64 in -1..1.
"""

import wave
from pathlib import Path
from typing import NamedTuple

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE = 8000
Samples = NDArray[np.float64]


class Likeness(NamedTuple):
    """How much of one sound is in another, at the lag where it is most."""

    r: float
    """Correlation over the overlap: 1 is the same sound, 0 has nothing of it."""
    lag_s: float
    """How much later it stands in the recording."""
    overlap_s: float


def load(path: Path) -> Samples:
    """Read a WAV of any encoding, or a headerless ``.alaw``. Raises ``ValueError`` if not 8 kHz.

    A WAV that is still being written is read to its present end, whatever its header says.
    """
    if path.suffix == ".alaw":
        samples, rate = soundfile.read(
            path, channels=1, samplerate=RATE, format="RAW", subtype="ALAW", dtype="float64"
        )
    else:
        samples, rate = soundfile.read(path, dtype="float64")
    if rate != RATE:
        raise ValueError(f"{path.name} has {rate} samples a second, not {RATE}")
    mono: Samples = samples if samples.ndim == 1 else samples.mean(axis=1)
    return mono


def likeness(sent: Samples, recorded: Samples) -> Likeness:
    """Find ``sent`` in ``recorded``. Either may be the longer one.

    Only lags are tried where at least half of the shorter one overlaps: two samples that meet at
    the ends are alike by chance.
    """
    if not sent.any() or not recorded.any():
        return Likeness(0.0, 0.0, 0.0)
    size = 1 << (len(sent) + len(recorded) - 1).bit_length()
    spectrum = np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(sent, size))
    products = np.fft.irfft(spectrum, size)
    least = min(len(sent), len(recorded)) // 2
    lags = np.arange(least - len(sent), len(recorded) - least + 1)
    lag = int(lags[np.argmax(products[lags % size])])
    first, last = max(lag, 0), min(len(recorded), lag + len(sent))
    theirs, ours = recorded[first:last], sent[first - lag : last - lag]
    return Likeness(correlation(ours, theirs), lag / RATE, (last - first) / RATE)


def correlation(ours: Samples, theirs: Samples) -> float:
    """How alike two sounds of one length are as they lie: 1 is the same, 0 has nothing of it."""
    # np.dot would start threads that wait for each other: on a busy machine fifty times as long
    power = float(np.sqrt((ours * ours).sum() * (theirs * theirs).sum()))
    return float((ours * theirs).sum()) / power if power > 0 else 0.0


def pieces(sent: Samples, recorded: Samples, seconds: float = 0.5) -> list[Likeness]:
    """Find each piece of ``sent`` by itself.

    For sound that crossed a busy machine: a packet lost or made up in the middle shifts all that
    follows, which spoils the likeness of the whole though every word is there.
    """
    size = round(seconds * RATE)
    starts = range(0, len(sent) - size + 1, size)
    return [likeness(sent[start : start + size], recorded) for start in starts]


def level_db(samples: Samples) -> float:
    """Loudness against full scale, in dB; digital silence is -120."""
    mean = float(np.mean(np.square(samples))) if len(samples) else 0.0
    return max(-120.0, 10 * float(np.log10(mean + 1e-12)))


def tone(hertz: float, seconds: float, level_dbfs: float = -12.0) -> Samples:
    """A sine of that loudness, with 5 ms slopes so that it does not click."""
    at = np.arange(round(seconds * RATE)) / RATE
    slope = np.clip(np.minimum(at, seconds - at) / 0.005, 0, 1)
    amplitude = np.sqrt(2) * 10 ** (level_dbfs / 20)
    return np.asarray(amplitude * slope * np.sin(2 * np.pi * hertz * at), dtype=np.float64)


def chirp(seconds: float, seed: int = 1, level_dbfs: float = -18.0) -> Samples:
    """Speech-like noise: no two seeds and no two places in one are alike, so lags are certain."""
    noise = np.random.default_rng(seed).standard_normal(round(seconds * RATE))
    spectrum = np.fft.rfft(noise)
    hertz = np.fft.rfftfreq(len(noise), 1 / RATE)
    spectrum[(hertz < 300) | (hertz > 3400)] = 0
    band = np.fft.irfft(spectrum, len(noise))
    syllables = 0.55 + 0.45 * np.sin(2 * np.pi * 4 * np.arange(len(noise)) / RATE)
    sound = band * syllables
    return np.asarray(sound / np.sqrt(np.mean(sound**2)) * 10 ** (level_dbfs / 20), np.float64)


def write_wav(path: Path, samples: Samples) -> Path:
    """Write 16-bit WAV as phones and Asterisk take it; returns the path."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return path


def write_alaw(path: Path, samples: Samples) -> Path:
    """Write headerless A-law as SIPp's ``rtp_stream`` takes it; returns the path."""
    soundfile.write(path, samples, RATE, format="RAW", subtype="ALAW")
    return path

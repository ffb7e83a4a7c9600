"""Fifty clips of a telephone line on which nobody says a word of Chinese, the same at each run.

Each is a few seconds at the telephone's rate. The last of them are speech that is none: played
backwards or cut up, so that it has a voice's pitch and rhythm and no words.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from records.wav import RATE
from tests.records import sounds
from tests.records.sounds import Pcm

Wave = NDArray[np.float64]

_S = 4.0


def _at(seconds: float = _S) -> Wave:
    return np.arange(int(seconds * RATE)) / RATE


def _pcm(wave: Wave, level: float) -> Pcm:
    """The wave with that RMS, clipped where a telephone would."""
    rms = float(np.sqrt(np.mean(wave * wave))) or 1.0
    return (np.clip(wave * (level / rms), -1, 1) * 32767).astype(np.int16)


def _hiss(slope: float, seed: int) -> Wave:
    """Noise whose power falls with frequency: 0 white, 1 pink, 2 brown."""
    count = len(_at())
    spectrum = np.fft.rfft(np.random.default_rng(seed).normal(size=count))
    hertz = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[hertz < 60] = 0
    return np.fft.irfft(spectrum / np.maximum(hertz, 60) ** (slope / 2), count)


def _hummed(hertz: float, overtones: int) -> Wave:
    return sum(
        (np.sin(2 * np.pi * hertz * k * _at()) / k for k in range(1, overtones + 1)), 0 * _at()
    )


def _gated(wave: Wave, rate: float, share: float = 0.5) -> Wave:
    """Let through ``rate`` times a second, softly, for a share of the time."""
    phase = (_at() * rate) % 1
    return wave * np.where(phase < share, np.sin(np.pi * np.minimum(phase / share, 1)), 0)


def _struck(times: Wave, hertz: float, decay: float, seed: int = 0) -> Wave:
    """Short blows at those times: noise, or a tone where ``hertz`` is given."""
    wave = np.zeros(len(_at()))
    ring = _at(0.3)
    noise = np.random.default_rng(seed).normal(size=len(ring))
    blow = (np.sin(2 * np.pi * hertz * ring) if hertz else noise) * np.exp(-decay * ring)
    for start in (times * RATE).astype(int):
        part = wave[start : start + len(blow)]
        part += blow[: len(part)]
    return wave


def _random_times(count: int, seed: int) -> Wave:
    return np.sort(np.random.default_rng(seed).uniform(0, _S - 0.1, count))


def _tune(notes: tuple[float, ...], beat_s: float, overtones: int, decay: float) -> Wave:
    wave = np.zeros(len(_at()))
    for index, start in enumerate(np.arange(0, _S - beat_s, beat_s)):
        at = _at(beat_s)
        hertz = notes[index % len(notes)]
        note = sum(
            (np.sin(2 * np.pi * hertz * k * at) / k for k in range(1, overtones + 1)), 0 * at
        )
        first = int(start * RATE)
        wave[first : first + len(at)] = note * np.exp(-decay * at)
    return wave


def _chords(*chords: tuple[float, ...]) -> Wave:
    """A chord a second, as an organ holds them."""
    held = [
        sum((np.sin(2 * np.pi * f * _at(1.0)) for f in chord), 0 * _at(1.0)) for chord in chords
    ]
    return np.concatenate(held)


def _swept(from_hertz: float, to_hertz: float, times: float) -> Wave:
    phase = (_at() * times) % 1
    return np.sin(2 * np.pi * np.cumsum(from_hertz + (to_hertz - from_hertz) * phase) / RATE)


def _swayed(middle: float, by: float, rate: float, overtones: int = 1) -> Wave:
    """A tone that goes up and down: a siren, a singing saw, a child's cry."""
    phase = 2 * np.pi * np.cumsum(middle + by * np.sin(2 * np.pi * rate * _at())) / RATE
    return sum((np.sin(phase * k) / k for k in range(1, overtones + 1)), 0 * _at())


def _keyed(low: float, high: float, rate: float, seed: int) -> Wave:
    """Bits as a modem sends them."""
    bits = np.random.default_rng(seed).integers(0, 2, int(_S * rate) + 1)
    hertz = np.where(bits[(_at() * rate).astype(int)] == 1, high, low)
    return np.sin(2 * np.pi * np.cumsum(hertz) / RATE)


def _murmur(pitch: float) -> Wave:
    """A closed mouth's hum: pulses through a low formant, at a steady pitch."""
    return sum(
        (
            np.sin(2 * np.pi * pitch * k * _at()) / (1 + ((pitch * k - 280) / 120) ** 2)
            for k in range(1, 12)
        ),
        0 * _at(),
    )


def _silent_but(offset: int, step: int = 0, dither: int = 0) -> Pcm:
    pcm = np.full(len(_at()), offset, dtype=np.int16)
    pcm[len(pcm) // 2 :] += step
    return pcm + np.random.default_rng(7).integers(-dither, dither + 1, len(pcm)).astype(np.int16)


def _spoken(path: Path) -> Pcm:
    return sounds.speech(path)[RATE : RATE + int(_S * RATE)]


def _backwards(path: Path) -> Pcm:
    return np.ascontiguousarray(_spoken(path)[::-1])


def _cut_up(path: Path, piece_s: float, seed: int) -> Pcm:
    """Pieces of speech shorter than a syllable, each backwards, in another order."""
    spoken, length = _spoken(path), int(piece_s * RATE)
    pieces = spoken[: len(spoken) // length * length].reshape(-1, length)[:, ::-1]
    return np.random.default_rng(seed).permutation(pieces).reshape(-1)


def _made(level: float, make: Callable[..., Wave], *how: object) -> Callable[[], Pcm]:
    return lambda: _pcm(make(*how), level)


def _together(level: float, *waves: Callable[[], Wave]) -> Callable[[], Pcm]:
    return lambda: _pcm(sum((wave() for wave in waves), 0 * _at()), level)


_TRAFFIC = sounds.AUDIO / "traffic-light.wav"
_SCALE = (262.0, 294.0, 330.0, 349.0, 392.0, 440.0)
_MAJOR, _MINOR, _FIFTH = (262.0, 330.0, 392.0), (220.0, 262.0, 330.0), (196.0, 247.0, 294.0)

CLIPS: dict[str, Callable[[], Pcm]] = {
    "white noise, faint": _made(0.003, _hiss, 0, 1),
    "white noise": _made(0.03, _hiss, 0, 2),
    "white noise, loud": _made(0.2, _hiss, 0, 3),
    "white noise, clipped": _made(1.5, _hiss, 0, 4),
    "pink noise": _made(0.03, _hiss, 1, 5),
    "pink noise, loud": _made(0.2, _hiss, 1, 6),
    "brown noise": _made(0.05, _hiss, 2, 7),
    "brown noise, clipped": _made(1.2, _hiss, 2, 8),
    "noise at the rate of syllables": lambda: _pcm(_gated(_hiss(1, 9), 4.5), 0.1),
    "noise in long gusts": lambda: _pcm(_gated(_hiss(1.5, 10), 0.7, 0.8), 0.1),
    "mains hum": _made(0.05, _hummed, 50, 8),
    "mains buzz": _made(0.1, _hummed, 100, 30),
    "hum under noise": _together(0.05, partial(_hummed, 50, 12), partial(_hiss, 0, 11)),
    "mobile telephone's buzz": lambda: _pcm(_gated(_hummed(217, 14), 8, 0.4), 0.1),
    "a whine": _made(0.02, _hummed, 1000, 1),
    "clicks": lambda: _pcm(_struck(_random_times(30, 12), 0, 400), 0.03),
    "a clock": lambda: _pcm(_struck(np.arange(0.1, _S, 0.5), 1800, 120), 0.03),
    "typing": lambda: _pcm(_struck(_random_times(36, 13), 0, 90, 14), 0.05),
    "knocking": lambda: _pcm(_struck(np.arange(0.3, _S, 0.35), 160, 40), 0.1),
    "touch tones": partial(sounds.digits, "12345#6789*0"),
    "one key held": partial(sounds.tone, _S, 770, 1336),
    "dial tone": partial(sounds.tone, _S, 450),
    "ringback": partial(sounds.ringback, 1),
    "busy tone": partial(sounds.busy, 6),
    "unobtainable tone": lambda: _pcm(_gated(_hummed(450, 1), 5, 0.5), 0.2),
    "three rising tones": lambda: _pcm(_tune((950.0, 1400.0, 1800.0), 0.33, 1, 0), 0.2),
    "fax calling": lambda: _pcm(_gated(_hummed(1100, 1), 0.3, 0.6), 0.2),
    "modem": _made(0.2, _keyed, 980, 1180, 300, 15),
    "modem, fast": _made(0.2, _keyed, 1300, 2100, 1200, 16),
    "hold music, plucked": partial(sounds.music, _S),
    "hold music, a tune": _made(0.1, _tune, _SCALE, 0.3, 6, 4.0),
    "hold music, a slow tune": _made(0.1, _tune, _SCALE[::-1], 0.8, 3, 1.0),
    "hold music, faint": _made(0.005, _tune, _SCALE, 0.25, 8, 6.0),
    "hold music, clipped": _made(0.9, _tune, _SCALE, 0.4, 5, 2.0),
    "organ chords": _made(0.1, _chords, _MAJOR, _MINOR, _FIFTH, _MAJOR),
    "drums": lambda: _pcm(_struck(np.arange(0, _S, 0.25), 0, 25, 17), 0.1),
    "tune over noise": _together(0.1, partial(_tune, _SCALE, 0.3, 6, 4.0), partial(_hiss, 1, 18)),
    "chirps": _made(0.1, _swept, 800, 2800, 5.0),
    "a fall": _made(0.1, _swept, 3000, 300, 1.0),
    "siren": _made(0.2, _swayed, 900, 400, 0.6, 3),
    "a child's cry": lambda: _pcm(_gated(_swayed(420, 60, 1.1, 8), 0.9, 0.75), 0.1),
    "breathing": lambda: _pcm(_gated(_hiss(0.6, 19), 0.5, 0.6), 0.02),
    "panting": lambda: _pcm(_gated(_hiss(0.6, 20), 2.2, 0.6), 0.05),
    "humming": _made(0.05, _murmur, 130.0),
    "digital silence": partial(_silent_but, 0),
    "silence beside zero": partial(_silent_but, 900, -1800, 2),
    "speech backwards": partial(_backwards, sounds.WATER_CUT),
    "speech backwards, another": partial(_backwards, sounds.LOST_CARD),
    "speech cut up": partial(_cut_up, _TRAFFIC, 0.06, 21),
    "speech cut up, finely": partial(_cut_up, sounds.WATER_CUT, 0.03, 22),
}

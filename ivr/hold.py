"""Music for callers who wait: composed here, so nobody's licence is needed.

Plucked strings over soft chords in the Chinese pentatonic scale, 64 beats a minute, 16 bars: one
minute. Every sound wraps round the end into the beginning, so the loop has no seam to hear.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from config.settings import Settings
from ivr.sound import TELEPHONE_RATE, active_dbfs, write_wav

Wave = npt.NDArray[np.float64]

SECONDS = 60
LEVEL_DBFS = -28.0
"""8 dB below speech: it says that the line lives and tires nobody."""

PEAK = 10 ** (-9 / 20)
TONE = 10 ** (-20 / 20)
"""As loud as an exchange's own."""

_BEAT_S = 60 / 64
_BAR = 4
_MADE = "hold-1.wav"
"""Change the number when the music changes."""

_CHORDS = (
    (50, 57, 62, 66),  # D
    (47, 54, 59, 62),  # B minor
    (43, 50, 59, 62),  # G
    (45, 52, 57, 61),  # A
    (50, 57, 62, 66),  # D
    (54, 57, 61, 66),  # F sharp minor
    (43, 55, 59, 62),  # G
    (45, 52, 57, 64),  # A
)
"""Eight bars, played twice; MIDI notes, bass first."""

_MELODY = (
    # (bar, beat, note, length in beats); D E F# A B, the mode called 宫
    (0, 0.0, 78, 2.0), (0, 2.0, 76, 1.0), (0, 3.0, 74, 1.0),
    (1, 0.0, 71, 3.0), (1, 3.0, 74, 1.0),
    (2, 0.0, 76, 2.0), (2, 2.0, 74, 1.0), (2, 3.0, 71, 1.0),
    (3, 0.0, 69, 4.0),
    (4, 0.0, 74, 1.5), (4, 1.5, 76, 0.5), (4, 2.0, 78, 2.0),
    (5, 0.0, 81, 2.0), (5, 2.0, 78, 2.0),
    (6, 0.0, 76, 1.5), (6, 1.5, 74, 0.5), (6, 2.0, 71, 2.0),
    (7, 0.0, 76, 4.0),
    (8, 0.0, 81, 2.0), (8, 2.0, 83, 1.0), (8, 3.0, 81, 1.0),
    (9, 0.0, 78, 3.0), (9, 3.0, 76, 1.0),
    (10, 0.0, 74, 2.0), (10, 2.0, 76, 1.0), (10, 3.0, 78, 1.0),
    (11, 0.0, 76, 4.0),
    (12, 0.0, 78, 1.5), (12, 1.5, 76, 0.5), (12, 2.0, 74, 2.0),
    (13, 0.0, 73, 2.0), (13, 2.0, 69, 2.0),
    (14, 0.0, 71, 2.0), (14, 2.0, 74, 1.0), (14, 3.0, 76, 1.0),
    (15, 0.0, 74, 4.0),
)  # fmt: skip
_ARPEGGIO = (0, 2, 1, 3, 2, 1, 3, 2)


def place_hold_music(settings: Settings) -> Path:
    """Put ``home/sounds/moh/hold.wav`` in place and return it; composed once, in about 1 s.

    And the tones beside it: ``place_tones``.
    """
    place_tones(settings)
    played = settings.home / "sounds" / "moh" / "hold.wav"
    kept = settings.cache / "prompts" / _MADE
    if not _is_whole(kept):
        write_wav(kept, compose().astype(np.float32), TELEPHONE_RATE)
    if not played.is_file() or played.read_bytes() != kept.read_bytes():
        played.parent.mkdir(parents=True, exist_ok=True)
        unfinished = played.with_suffix(".part")
        unfinished.write_bytes(kept.read_bytes())
        unfinished.replace(played)
    return played


def place_tones(settings: Settings) -> None:
    """Put the two tones in place: that it rings elsewhere, and that a supervisor listens.

    ``home/sounds/ringback/ringback.wav`` is 450 Hz for 1 s in 5, ``home/sounds/listened.wav`` is
    short and high.
    """
    sounds = settings.home / "sounds"
    ring = np.concatenate([_tone(450, 1.0), np.zeros(4 * TELEPHONE_RATE)])
    write_wav(sounds / "ringback" / "ringback.wav", ring.astype(np.float32), TELEPHONE_RATE)
    write_wav(sounds / "listened.wav", _tone(1400, 0.3).astype(np.float32), TELEPHONE_RATE)


def _tone(hertz: int, seconds: float) -> Wave:
    time = np.arange(round(seconds * TELEPHONE_RATE)) / TELEPHONE_RATE
    return np.asarray(TONE * np.sin(2 * np.pi * hertz * time))


def _is_whole(file: Path) -> bool:
    header = 44
    return file.is_file() and file.stat().st_size == header + 2 * SECONDS * TELEPHONE_RATE


def compose() -> Wave:
    """One minute at ``TELEPHONE_RATE`` that follows on itself without a seam. Always the same."""
    loop = np.zeros(SECONDS * TELEPHONE_RATE)
    for bar in range(2 * len(_CHORDS)):
        chord = _CHORDS[bar % len(_CHORDS)]
        start = bar * _BAR * _BEAT_S
        for note in chord[1:]:
            _lay(loop, start, 0.10 * _pad(_hertz(note), _BAR * _BEAT_S))
        _lay(loop, start, 0.5 * _pluck(_hertz(chord[0]), 5.0, bar))
        for step, which in enumerate(_ARPEGGIO):
            note = chord[which] + (12 if which else 0)
            loudness = 0.20 if step % 2 else 0.26
            _lay(loop, start + step * _BEAT_S / 2, loudness * _pluck(_hertz(note), 2.5, step))
    for bar, beat, note, beats in _MELODY:
        sound = _pluck(_hertz(note), beats * _BEAT_S + 1.5, note)
        _lay(loop, (bar * _BAR + beat) * _BEAT_S, 0.55 * sound)
    loop = _in_band(loop)
    loop *= 10 ** ((LEVEL_DBFS - active_dbfs(loop.astype(np.float32), TELEPHONE_RATE)) / 20)
    # plucks are short and peak: bend what is above, gently, rather than lower it all
    return PEAK * np.tanh(loop / PEAK)


def _hertz(note: int) -> float:
    return float(440.0 * 2 ** ((note - 69) / 12))


def _lay(loop: Wave, start_s: float, sound: Wave) -> None:
    """Add a sound to the loop; what is over the end goes on at the beginning."""
    first = round(start_s * TELEPHONE_RATE)
    np.add.at(loop, (first + np.arange(len(sound))) % len(loop), sound)


def _pluck(hertz: float, seconds: float, seed: int) -> Wave:
    """Play a string: harmonics that fade, the high ones first, in a hand's uneven strengths."""
    time = np.arange(round(seconds * TELEPHONE_RATE)) / TELEPHONE_RATE
    hand = np.random.default_rng(seed)
    sound = np.zeros_like(time)
    for harmonic in range(1, 9):
        # a stiff string's overtones are a little sharp: without this it sounds like an organ
        overtone = harmonic * hertz * np.sqrt(1 + 0.0002 * harmonic**2)
        if overtone > 3400:
            break
        strength = hand.uniform(0.8, 1.2) / harmonic**1.3
        fading = np.exp(-time * (0.9 + 0.55 * harmonic))
        sound += strength * fading * np.sin(2 * np.pi * overtone * time)
    attack = np.minimum(time / 0.004, 1.0)
    release = np.minimum((seconds - time) / 0.3, 1.0)
    return np.asarray(sound * attack * release)


def _pad(hertz: float, seconds: float) -> Wave:
    """Hold a soft tone of three voices a little apart, rising and falling over the bar."""
    overlap = 1.0
    time = np.arange(round((seconds + overlap) * TELEPHONE_RATE)) / TELEPHONE_RATE
    rise = np.minimum(time / overlap, 1.0)
    fall = np.minimum((seconds + overlap - time) / overlap, 1.0)
    swell = np.sin(np.pi / 2 * np.minimum(rise, fall)) ** 2
    sound = np.zeros_like(time)
    for apart in (0.998, 1.0, 1.002):
        phase = 2 * np.pi * hertz * apart * time
        sound += np.sin(phase) + 0.3 * np.sin(2 * phase)
    return np.asarray(sound * swell)


def _in_band(loop: Wave) -> Wave:
    # on the whole loop at once, a filter by spectrum wraps round as the loop does
    spectrum = np.fft.rfft(loop)
    hertz = np.fft.rfftfreq(len(loop), 1 / TELEPHONE_RATE)
    rise = np.clip((hertz - 90) / 80, 0.0, 1.0)
    fall = np.clip((3700 - hertz) / 400, 0.0, 1.0)
    return np.asarray(np.fft.irfft(spectrum * rise * fall, len(loop)))

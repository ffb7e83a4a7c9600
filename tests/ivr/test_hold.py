"""The music callers wait with."""

import wave
from pathlib import Path

import numpy as np

from config.settings import Settings
from ivr.hold import LEVEL_DBFS, SECONDS, compose, place_hold_music
from ivr.sound import active_dbfs, read_wav


def test_the_loop_has_no_seam() -> None:
    """From the last sample to the first is a step like any other, in size and in sound."""
    loop = compose()
    steps = np.abs(np.diff(loop))
    assert abs(loop[0] - loop[-1]) <= np.percentile(steps, 99)
    around = np.concatenate([loop[-800:], loop[:800]])
    # a click is energy above what the music ever has: look at the highest kilohertz
    frames = np.concatenate([loop, loop[:1600]]).reshape(-1, 1600)
    high = np.abs(np.fft.rfft(frames * np.hanning(1600), axis=1))[:, 700:].max(axis=1)
    at_seam = np.abs(np.fft.rfft(around * np.hanning(1600)))[700:].max()
    assert at_seam <= high.max()


def test_it_is_quieter_than_speech_and_never_silent_or_clipped() -> None:
    loop = compose().astype(np.float32)
    assert abs(active_dbfs(loop, 8000) - LEVEL_DBFS) < 1.0
    assert np.abs(loop).max() < 0.4
    seconds = loop.reshape(SECONDS, -1)
    loudness = 20 * np.log10(np.sqrt(np.mean(seconds**2, axis=1)))
    assert loudness.min() > LEVEL_DBFS - 9
    assert loudness.max() < LEVEL_DBFS + 6


def test_it_is_music_and_not_a_tone() -> None:
    """Many notes, all of a key: most of the energy lies on D major's notes."""
    spectrum = np.abs(np.fft.rfft(compose())) ** 2
    hertz = np.fft.rfftfreq(SECONDS * 8000, 1 / 8000)
    heard = (hertz > 100) & (hertz < 1200)
    notes = 69 + 12 * np.log2(hertz[heard] / 440)
    energy = np.bincount(np.round(notes).astype(int) % 12, spectrum[heard], minlength=12)
    d_major = [2, 4, 6, 7, 9, 11, 1]
    assert energy[d_major].sum() > 0.97 * energy.sum()
    assert (energy > 0.02 * energy.sum()).sum() >= 5


def test_it_is_put_in_place_and_mended(settings: Settings) -> None:
    """A cut file in the cache or in use is made whole; a whole one is left alone."""
    played = place_hold_music(settings)
    assert settings.home / "sounds" / "moh" / "hold.wav" == played
    with wave.open(str(played)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
    samples, _ = read_wav(played)
    assert len(samples) == SECONDS * 8000
    whole, made_at = played.read_bytes(), played.stat().st_mtime_ns
    assert made_at == place_hold_music(settings).stat().st_mtime_ns
    played.write_bytes(whole[:1000])
    _cut(next((settings.cache / "prompts").glob("hold-*.wav")))
    assert whole == place_hold_music(settings).read_bytes()


def test_the_tones_are_put_in_place(settings: Settings) -> None:
    """A second of 450 Hz in five, as exchanges here do it; 0.3 s of 1400 Hz."""
    place_hold_music(settings)
    ring, _ = read_wav(settings.home / "sounds" / "ringback" / "ringback.wav")
    heard, _ = read_wav(settings.home / "sounds" / "listened.wav")
    assert (len(ring), len(heard)) == (40_000, 2_400)
    assert not ring[8_000:].any()
    assert [np.abs(np.fft.rfft(tone)).argmax() for tone in (ring[:8_000], heard)] == [450, 420]


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])

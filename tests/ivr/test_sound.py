"""Sound as callers get it."""

import subprocess
import time
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.sound import (
    ACTIVE_DBFS,
    PEAK_DBFS,
    TELEPHONE_RATE,
    RecordingUnusable,
    Samples,
    active_dbfs,
    join,
    level,
    prepare,
    read_recording,
    read_wav,
    trim,
    write_wav,
)


def babble(rate: int, seconds: float, loudness: float = 0.1, seed: int = 1) -> Samples:
    """Something with a voice's ups and downs: noise in syllables, in the telephone band."""
    time = np.arange(round(rate * seconds)) / rate
    noise = np.random.default_rng(seed).normal(size=len(time))
    spectrum = np.fft.rfft(noise)
    hertz = np.fft.rfftfreq(len(time), 1 / rate)
    spectrum[(hertz < 300) | (hertz > 3400)] = 0
    voice = np.fft.irfft(spectrum, len(time))
    syllables = 0.15 + np.abs(np.sin(2 * np.pi * 2.2 * time))
    return np.asarray(loudness * syllables * voice / np.abs(voice).max(), np.float32)


def peak_db(samples: Samples) -> float:
    return float(20 * np.log10(np.abs(samples).max()))


@settings(max_examples=30, deadline=None)
@given(
    st.integers(3, 1000).map(lambda n: n / 1000),
    st.sampled_from([8000, 16000, 24000, 44100]),
    st.integers(0, 50),
)
def test_however_loud_it_was_it_comes_out_as_loud_as_everything(
    loudness: float, rate: int, seed: int
) -> None:
    """Within 1 dB of the level and never above the peak."""
    ready = prepare(babble(rate, 2.0, loudness, seed), rate)
    assert abs(active_dbfs(ready, TELEPHONE_RATE) - ACTIVE_DBFS) < 1.0
    assert peak_db(ready) <= PEAK_DBFS + 0.01


def test_a_voice_of_sharp_peaks_is_eased_not_clipped() -> None:
    """Peaks 30 dB above the rest come under the limit without a flat top."""
    sharp = babble(8000, 2.0, 0.05)
    sharp[4000::1600] = 0.95
    eased = level(sharp, 8000)
    assert peak_db(eased) <= PEAK_DBFS + 0.01
    top = np.abs(eased) > 0.999 * np.abs(eased).max()
    assert not np.any(top[1:] & top[:-1])


def test_silence_before_and_after_is_cut_to_a_breath() -> None:
    quiet = np.zeros(8000, np.float32)
    speech = babble(8000, 1.0)
    cut = trim(np.concatenate([quiet, speech, quiet, quiet]), 8000)
    assert abs(len(cut) / 8000 - (1.0 + 0.06 + 0.12)) < 0.06


def test_pauses_inside_stay() -> None:
    quiet = np.zeros(4000, np.float32)
    speech = babble(8000, 1.0)
    assert len(trim(np.concatenate([speech, quiet, speech]), 8000)) > 2.4 * 8000


@pytest.mark.parametrize("nothing", [np.zeros(8000), np.zeros(0), np.full(8000, 1e-5)])
def test_silence_is_refused(nothing: Samples) -> None:
    with pytest.raises(ValueError, match="no speech"):
        trim(np.asarray(nothing, np.float32), 8000)


def test_what_no_telephone_carries_is_cut() -> None:
    """Mains hum under a recording would take loudness from the voice."""
    time = np.arange(48_000) / 24_000
    hum = np.asarray(0.5 * np.sin(2 * np.pi * 50 * time), np.float32)
    ready = prepare(babble(24_000, 2.0) + hum, 24_000)
    spectrum = np.abs(np.fft.rfft(ready))
    hertz = np.fft.rfftfreq(len(ready), 1 / 8000)
    assert spectrum[hertz < 100].max() < 0.01 * spectrum.max()


def test_a_written_file_reads_back_as_16_bit_mono(tmp_path: Path) -> None:
    samples = babble(8000, 0.5)
    write_wav(tmp_path / "deep" / "a.wav", samples, 8000)
    with wave.open(str(tmp_path / "deep" / "a.wav")) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
    back, rate = read_wav(tmp_path / "deep" / "a.wav")
    assert rate == 8000
    assert np.abs(back - samples).max() < 1e-4


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    write_wav(path, babble(8000, 0.2), 8000)
    before = path.read_bytes()
    with pytest.raises(wave.Error):
        write_wav(path, babble(8000, 0.2), 0)
    assert before == path.read_bytes()
    assert [path] == list(tmp_path.iterdir())


def test_joined_sounds_have_a_pause_between_and_none_around() -> None:
    one = np.ones(10, np.float32)
    joined = join([one, one], 100, 0.05)
    assert joined.tolist() == [1.0] * 10 + [0.0] * 5 + [1.0] * 10


def ffmpeg(source: Path, target: Path, *options: str) -> Path:
    command = ["ffmpeg", "-y", "-loglevel", "error", "-i", str(source), *options, str(target)]
    subprocess.run(command, check=True, timeout=30)
    return target


FORMATS = {
    "wav": (),
    "flac": (),
    "ogg": (),
    "mp3": ("-b:a", "96k"),
    "m4a": (),
    "wma": (),
}
"""What telephones, recorders and office programs write."""


@pytest.mark.parametrize("ending", FORMATS)
def test_a_recording_in_any_format_is_as_loud_as_a_made_prompt(tmp_path: Path, ending: str) -> None:
    """A quiet stereo recording at 44.1 kHz, as a telephone's recorder makes them."""
    write_wav(tmp_path / "source.wav", babble(44_100, 3.0, 0.02), 44_100)
    target = tmp_path / f"a.{ending}"
    recorded = ffmpeg(tmp_path / "source.wav", target, "-ac", "2", *FORMATS[ending])
    ready = read_recording(recorded)
    assert abs(active_dbfs(ready, TELEPHONE_RATE) - ACTIVE_DBFS) < 1.0
    assert peak_db(ready) <= PEAK_DBFS + 0.01
    assert 2.8 < len(ready) / TELEPHONE_RATE < 3.2


def test_a_telephones_own_format_is_read(tmp_path: Path) -> None:
    """AMR at 12.2 kbit/s: 20 ms a frame. No encoder is installed, so its bits are random."""
    bits = np.random.default_rng(1).integers(0, 256, (150, 31), np.uint8)
    frames = b"".join(b"\x3c" + frame.tobytes() for frame in bits)
    (tmp_path / "a.amr").write_bytes(b"#!AMR\n" + frames)
    ready = read_recording(tmp_path / "a.amr")
    assert abs(active_dbfs(ready, TELEPHONE_RATE) - ACTIVE_DBFS) < 1.0
    assert 2.5 < len(ready) / TELEPHONE_RATE < 3.2


def test_a_recording_may_be_shorter_where_callers_wait_for_it(tmp_path: Path) -> None:
    """A line's prompt stands before a human; its limit is given."""
    write_wav(tmp_path / "a.wav", babble(8000, 9.0), 8000)
    assert len(read_recording(tmp_path / "a.wav")) / TELEPHONE_RATE > 8.0
    with pytest.raises(RecordingUnusable, match="有9.0秒，超过8秒.*缩短到8秒以内"):
        read_recording(tmp_path / "a.wav", 8.0)


def test_of_an_hour_only_as_much_is_read_as_shows_that_it_is_too_long(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", np.tile(babble(8000, 60.0), 60), 8000)
    began = time.process_time()
    with pytest.raises(RecordingUnusable, match="超过12秒"):
        read_recording(tmp_path / "a.wav")
    assert time.process_time() - began < 2.0


@pytest.mark.parametrize(
    ("seconds", "loudness", "why"),
    [(0.1, 0.1, "太短"), (13.0, 0.1, "超过12秒"), (1.0, 0.0, "没有声音")],
)
def test_a_recording_nobody_should_hear_is_refused_and_says_why(
    tmp_path: Path, seconds: float, loudness: float, why: str
) -> None:
    write_wav(tmp_path / "bye.wav", babble(8000, seconds, loudness), 8000)
    with pytest.raises(RecordingUnusable, match=why) as refused:
        read_recording(tmp_path / "bye.wav")
    assert refused.value.details == {"file": "bye.wav"}


@pytest.mark.parametrize("content", [b"", b"not a sound at all" * 100, b"RIFF\xff\xff\xff\xffWAVE"])
@pytest.mark.parametrize("name", ["bye.wav", "bye.mp3", "bye.txt"])
def test_a_file_that_is_no_sound_is_refused(tmp_path: Path, content: bytes, name: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RecordingUnusable, match="无法读取"):
        read_recording(tmp_path / name)

"""Recordings: mended by their size, joined whatever state they are in."""

import struct
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.wav import HEADER, NotARecording, header, mend, seconds, sound_bytes, stereo


def recording(path: Path, samples: list[int], *, is_open: bool = False, tail: bytes = b"") -> Path:
    """Write a recording as Asterisk does; ``is_open``: as it stands before it is closed."""
    sound = struct.pack(f"<{len(samples)}h", *samples)
    path.write_bytes(header(0 if is_open else len(sound)) + sound + tail)
    return path


def heard(path: Path) -> list[list[int]]:
    """Read a file as any player does: one list of samples a channel."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth()) == (8000, 2)
        frames = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return [list(map(int, side)) for side in frames.reshape(-1, file.getnchannels()).T]


def test_the_header_is_the_one_players_know(tmp_path: Path) -> None:
    """Python's own reader agrees with the header."""
    assert heard(recording(tmp_path / "a.wav", [1, -2, 3])) == [[1, -2, 3]]


def test_a_cut_recording_is_mended_once(tmp_path: Path) -> None:
    """A killed Asterisk leaves sizes of 0 and maybe half a sample; mending once is enough."""
    path = recording(tmp_path / "a.wav", [1, 2, 3], is_open=True, tail=b"x")
    assert mend(path)
    assert heard(path) == [[1, 2, 3]]
    assert not mend(path)


def test_a_recording_that_was_cut_after_it_had_gone_on_is_mended(tmp_path: Path) -> None:
    """Its header tells of what was recorded before that: all of it is kept."""
    path = recording(tmp_path / "a.wav", [1, 2, 3])
    with path.open("ab") as file:
        file.write(b"\x04\0\x05\0")
    assert mend(path)
    assert heard(path) == [[1, 2, 3, 4, 5]]


@given(size=st.integers(0, 10**6))
def test_mending_is_arithmetic(size: int) -> None:
    """Whole samples only, never more than there is."""
    data = sound_bytes(size)
    assert data % 2 == 0
    assert 0 <= data <= max(0, size - HEADER) < data + 2 or size < HEADER


@pytest.mark.parametrize("content", [b"", header(0)[:20], header(0)])
def test_a_recording_just_opened_is_silence(tmp_path: Path, content: bytes) -> None:
    """Nothing, half a header or a header alone: mended to an empty recording, or left alone."""
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    if len(content) in (0, HEADER):
        mend(path)
        assert heard(path) == [[]]
    else:
        with pytest.raises(NotARecording):
            mend(path)


@pytest.mark.parametrize("content", [b"ID3" + b"\0" * 100, header(8, channels=2) + b"\0" * 8])
def test_a_file_of_another_kind_is_left_alone(tmp_path: Path, content: bytes) -> None:
    """Never write a header over somebody else's bytes."""
    path = tmp_path / "a.wav"
    path.write_bytes(content)
    with pytest.raises(NotARecording):
        mend(path)
    assert path.read_bytes() == content


def test_both_sides_stand_in_one_file(tmp_path: Path) -> None:
    """Left the caller, right what the caller hears; the shorter side ends in silence."""
    rx = recording(tmp_path / "c-rx.wav", [1, 2, 3, 4])
    tx = recording(tmp_path / "c-tx.wav", [-1, -2], is_open=True)
    assert stereo(rx, tx, tmp_path / "c.wav") == 4 / 8000
    assert heard(tmp_path / "c.wav") == [[1, 2, 3, 4], [-1, -2, 0, 0]]
    before = (tmp_path / "c.wav").read_bytes()
    stereo(rx, tx, tmp_path / "c.wav")
    assert (tmp_path / "c.wav").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["c-rx.wav", "c-tx.wav", "c.wav"]


def test_a_missing_side_is_silence(tmp_path: Path) -> None:
    """One file lost does not lose the other."""
    rx = recording(tmp_path / "c-rx.wav", [5, 6])
    stereo(rx, tmp_path / "none.wav", tmp_path / "c.wav")
    assert heard(tmp_path / "c.wav") == [[5, 6], [0, 0]]
    assert seconds(tmp_path / "none.wav") == 0


def test_a_long_call_is_joined_block_by_block(tmp_path: Path) -> None:
    """Longer than a block, both sides stay in step."""
    n = 8000 * 60 + 7
    rx = recording(tmp_path / "c-rx.wav", [k % 1000 for k in range(n)])
    tx = recording(tmp_path / "c-tx.wav", [-(k % 1000) for k in range(n - 100)])
    assert stereo(rx, tx, tmp_path / "c.wav") == pytest.approx(n / 8000)
    left, right = heard(tmp_path / "c.wav")
    assert left[-1] == (n - 1) % 1000
    assert right[n - 101] == -((n - 101) % 1000)
    assert right[-100:] == [0] * 100


def test_a_join_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """No half file that looks whole."""
    rx = recording(tmp_path / "c-rx.wav", [5, 6])
    (tmp_path / "c-tx.wav").write_bytes(b"not sound at all")
    with pytest.raises(NotARecording):
        stereo(rx, tmp_path / "c-tx.wav", tmp_path / "c.wav")
    assert not (tmp_path / "c.wav").exists()
    assert not (tmp_path / "c.wav.part").exists()

"""A recording is read while it is written."""

from pathlib import Path

import numpy as np
import pytest

from cti.ids import CallId
from records.live.tail import Tail, newest_part, written
from records.wav import RATE
from tests.records import sounds
from tests.records.live.growing import Recording

CALL = CallId("node1-7.0")


def test_it_gives_what_was_written_since(tmp_path: Path) -> None:
    """Each sample once, in order, from where listening begins."""
    recording = Recording(tmp_path, CALL, 1000.0)
    whole = sounds.tone(3, 440)
    tail = Tail(recording.rx, 0.5)
    assert len(tail.read()) == 0
    recording.grow(whole[:RATE], sounds.silence(1))
    first = tail.read()
    recording.grow(whole[RATE:], sounds.silence(2))
    assert np.array_equal(np.concatenate([first, tail.read()]), whole[RATE // 2 :])
    assert len(tail.read()) == 0
    assert tail.at_s == pytest.approx(3.0)


def test_a_beginning_in_the_future_is_waited_for(tmp_path: Path) -> None:
    """The talk began, and what was recorded of it is still in Asterisk's hands."""
    recording = Recording(tmp_path, CALL, 1000.0)
    recording.grow(sounds.silence(1), sounds.silence(1))
    tail = Tail(recording.rx, 1.5)
    assert len(tail.read()) == 0
    recording.grow(sounds.silence(1), sounds.silence(1))
    assert len(tail.read()) == RATE // 2


def test_the_newest_part_is_the_one_that_grows(tmp_path: Path) -> None:
    """A call that was called back is recorded again; its seconds go on from the parts before."""
    assert newest_part(tmp_path, CALL) is None
    Recording(tmp_path, CALL, 1000.0).grow(sounds.silence(4), sounds.silence(3))
    Recording(tmp_path, CallId("node1-7.01"), 1000.0)  # another call's
    later = Recording(tmp_path, CALL, 2000.0, "-3")
    part = newest_part(tmp_path, CALL)
    assert part is not None
    assert (part.rx, part.tx, part.offset_s) == (later.rx, later.tx, 4.0)


def test_how_far_a_file_is_and_since_when(tmp_path: Path) -> None:
    """By its size and its time: the header of a growing file says nothing."""
    recording = Recording(tmp_path, CALL, 1000.0)
    recording.grow(sounds.silence(2), sounds.silence(2))
    assert written(recording.rx) == (2.0, 1002.0)
    with pytest.raises(FileNotFoundError):
        written(tmp_path / "none.wav")

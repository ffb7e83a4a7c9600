"""A few seconds of a recording that still grows."""

from pathlib import Path

import numpy as np
import pytest

from cti.ids import CallId
from records import wav
from records.live.clip import LONGEST_S, clip
from records.wav import RATE
from tests.records import sounds
from tests.records.live.growing import Recording

CALL = CallId("node1-7.0")


def heard(folder: Path, from_s: float, to_s: float, *, is_callers: bool = True) -> bytes | None:
    return clip(folder, CALL, is_callers=is_callers, from_s=from_s, to_s=to_s)


def test_the_seconds_asked_for_are_given(tmp_path: Path) -> None:
    """Of the side that is asked for, also in a later part, as far as they are written."""
    first, later = sounds.tone(3, 440), sounds.tone(2, 660)
    Recording(tmp_path, CALL, 1000.0).grow(first, sounds.silence(3))
    Recording(tmp_path, CALL, 2000.0, "-1").grow(later, sounds.silence(2))
    one = heard(tmp_path, 1.0, 2.0)
    assert one is not None
    assert np.array_equal(np.frombuffer(one[wav.HEADER :], "<i2"), first[RATE : 2 * RATE])
    other = heard(tmp_path, 3.5, 9.0)
    assert other is not None
    assert np.array_equal(np.frombuffer(other[wav.HEADER :], "<i2"), later[RATE // 2 :])
    silent = heard(tmp_path, 1.0, 2.0, is_callers=False)
    assert silent is not None
    assert not np.frombuffer(silent[wav.HEADER :], "<i2").any()


@pytest.mark.parametrize(("from_s", "to_s"), [(3.0, 4.0), (2.0, 2.0), (2.0, 1.0)])
def test_what_is_not_there_is_nothing(tmp_path: Path, from_s: float, to_s: float) -> None:
    """Seconds that are not written yet, and none at all."""
    assert heard(tmp_path, from_s, to_s) is None
    Recording(tmp_path, CALL, 1000.0).grow(sounds.tone(3, 440), sounds.silence(3))
    assert heard(tmp_path, from_s, to_s) is None


def test_nobody_takes_the_whole_recording_so(tmp_path: Path) -> None:
    """At most half a minute at once."""
    Recording(tmp_path, CALL, 1000.0).grow(sounds.silence(60), sounds.silence(60))
    found = heard(tmp_path, 0.0, 60.0)
    assert found is not None
    assert len(found) == wav.HEADER + int(LONGEST_S * RATE) * 2

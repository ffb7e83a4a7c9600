"""Where somebody speaks."""

from itertools import pairwise

import numpy as np

from records.engine.vad import RATE, utterances
from tests.records import sounds


def test_silence_has_no_utterance() -> None:
    """Nothing, silence, and the hiss of a line."""
    assert utterances(sounds.silence(0)) == []
    assert utterances(sounds.silence(10)) == []
    assert utterances(sounds.noise(10, 0.0005)) == []


def test_speech_is_found_where_it_is() -> None:
    """A clip after three seconds of silence begins there, with a little margin."""
    clip = sounds.speech(sounds.LOST_CARD)
    found = utterances(np.concatenate([sounds.silence(3), clip, sounds.silence(3)]))
    assert 2.5 <= found[0].start_s <= 3.5
    assert found[-1].end_s <= 3 + len(clip) / RATE + 0.5
    assert sum(u.length_s for u in found) > 0.7 * len(clip) / RATE


def test_a_pause_between_turns_parts_them() -> None:
    """Two seconds of silence are two utterances; words within a sentence are not."""
    clip = sounds.speech(sounds.LOST_CARD)[: 3 * RATE]
    assert len(utterances(clip)) == 1
    assert len(utterances(np.concatenate([clip, sounds.silence(2), clip]))) == 2


def test_no_utterance_is_longer_than_an_engine_takes() -> None:
    """A monologue is cut, nothing of it is lost, and no piece overlaps another."""
    clip = sounds.speech(sounds.WATER_CUT)
    long = np.tile(clip, 4)
    found = utterances(long, longest_s=6)
    assert max(u.length_s for u in found) <= 6
    assert all(a.end_s <= b.start_s for a, b in pairwise(found))
    assert sum(u.length_s for u in found) > 0.8 * sum(u.length_s for u in utterances(long))


def test_a_click_is_no_speech() -> None:
    """A single crack of the line is not an utterance."""
    crack = sounds.silence(5)
    crack[2 * RATE : 2 * RATE + 40] = 20000
    assert utterances(crack) == []

"""One growing channel becomes utterances as they end."""

from itertools import pairwise

import numpy as np
import pytest

from records.engine.protocol import LONGEST_UTTERANCE_S
from records.engine.vad import utterances
from records.live.ear import ENDS_S, PAUSE_S, Ear
from records.live.spoken import Pcm, Spoken
from records.wav import RATE
from tests.records import sounds

CLIP = sounds.speech(sounds.LOST_CARD)


def fed(ear: Ear, pcm: Pcm, block: int) -> list[Spoken]:
    return [spoken for at in range(0, len(pcm), block) for spoken in ear.feed(pcm[at : at + block])]


def test_silence_is_no_utterance() -> None:
    """Nothing, silence, the hiss of a line and a click are nobody's words."""
    ear = Ear()
    click = sounds.silence(3)
    click[RATE : RATE + 40] = 20000
    assert fed(ear, sounds.silence(20), 1600) == []
    assert fed(ear, sounds.noise(10, 0.0005), 1600) == []
    assert fed(ear, click, 1600) == []
    assert ear.so_far() is None
    assert ear.finish() is None


def test_an_utterance_is_given_once_it_ended_and_not_before() -> None:
    """The moment its silence is long enough, with the samples that stand there."""
    ear = Ear()
    assert ear.feed(CLIP[: 2 * RATE]) == []
    under_way = ear.so_far()
    assert under_way is not None
    assert under_way.end_s == pytest.approx(2.0, abs=0.05)
    assert ear.feed(sounds.silence(ENDS_S / 2)) == []
    (spoken,) = ear.feed(sounds.silence(ENDS_S))
    assert spoken.end_s <= 2.3
    whole = np.concatenate([CLIP[: 2 * RATE], sounds.silence(1)])
    begin = round(spoken.start_s * RATE)
    assert np.array_equal(spoken.pcm[:RATE], whole[begin : begin + RATE])
    assert ear.so_far() is None


@pytest.mark.parametrize("block", [80, 1601, 16384])
def test_how_the_samples_come_makes_no_difference(block: int) -> None:
    """Twenty milliseconds at a time or two seconds, the utterances are the same."""
    whole = np.concatenate([CLIP, sounds.silence(2), CLIP, sounds.silence(2)])
    one = [(s.start_s, s.end_s) for s in fed(Ear(), whole, block)]
    other = [(s.start_s, s.end_s) for s in fed(Ear(), whole, len(whole))]
    assert one == other
    assert len(one) >= 2


def test_a_monologue_is_cut_and_nothing_of_it_is_lost() -> None:
    """No utterance is longer than an engine takes, none overlaps, and voice stays in them."""
    long = np.tile(sounds.speech(sounds.WATER_CUT), 4)
    found = [*fed(ear := Ear(longest_s=6), long, 1600)]
    rest = ear.finish()
    found += [rest] if rest else []
    assert max(s.end_s - s.start_s for s in found) <= 6
    assert all(a.end_s <= b.start_s + 0.01 for a, b in pairwise(found))
    heard = sum(u.length_s for u in utterances(long))
    assert sum(s.end_s - s.start_s for s in found) > 0.8 * heard


def test_a_listener_that_begins_late_counts_from_there() -> None:
    """Seconds are those of the recording, wherever listening began."""
    ear = Ear(start_s=100.0)
    ear.feed(np.concatenate([CLIP[: 2 * RATE]]))
    spoken = ear.finish()
    assert spoken is not None
    assert 100.0 <= spoken.start_s < 101
    assert ear.heard_s == pytest.approx(102.0)


def test_it_holds_no_more_than_an_utterance() -> None:
    """A call of an hour takes no more memory than one of a minute."""
    ear = Ear()
    for _ in range(60):
        fed(ear, np.concatenate([CLIP, sounds.silence(2)]), 16000)
    assert len(ear._held) < (LONGEST_UTTERANCE_S + 3) * RATE


def test_a_pause_is_told_before_the_utterance_is_over() -> None:
    """And no longer once the speaker goes on, or nobody speaks."""
    ear = Ear()
    assert ear.paused_s == 0
    ear.feed(CLIP[: 2 * RATE])
    assert ear.paused_s == 0
    ear.feed(sounds.silence(ENDS_S / 2))
    assert PAUSE_S <= ear.paused_s < ENDS_S
    ear.feed(CLIP[RATE : 2 * RATE])
    assert ear.paused_s == 0
    ear.feed(sounds.silence(1))
    assert ear.paused_s == 0

"""The live bench counts from where an utterance ended, and a gap is no text."""

import numpy as np
import pytest

from bench.live import Came, lags, quantiles
from bench.livefeed import Talking
from cti.ids import CallId
from records.live.ear import MARGIN_S
from records.live.told import Heard
from records.wav import RATE
from tests.records import sounds

CALL, OTHER = CallId("bench-0.0"), CallId("bench-1.0")


def told(at: float, kind: str, key: str, end_s: float, call: CallId = CALL) -> Came:
    text = "" if kind == "gap" else "停水"
    body = {"call": call, "kind": kind, "key": key, "end_s": end_s, "text": text}
    return Came(at, Heard.model_validate(body))


def test_an_interim_counts_only_when_it_reached_the_end() -> None:
    """Its final text may come later; what was read half counts for nothing, nor do other calls."""
    talk = Talking(CALL, [sounds.speech(sounds.LOST_CARD)], 5.0)
    talk.began_at = 1000.0
    end_s = 4.0 + MARGIN_S
    came = [
        told(1003.5, "interim", "caller-100", 3.0),
        told(1005.0, "interim", "caller-100", 4.2),
        told(1005.0, "final", "caller-100", end_s, OTHER),
        told(1006.5, "final", "caller-100", end_s),
        told(1009.0, "gap", "caller-500", 7.0),
    ]
    final, read, gaps = lags(talk, came)
    assert final == [pytest.approx(2.5)]
    assert read == [pytest.approx(1.0)]
    assert gaps == 1


def test_of_few_the_longest_is_the_ninety_fifth() -> None:
    """No lag is made small by there being few."""
    assert quantiles([3.0, 1.0, 2.0]) == {"p50": 2.0, "p95": 3.0, "most": 3.0}
    assert quantiles([]) == {"p50": 0.0, "p95": 0.0, "most": 0.0}


def test_two_people_talk_in_turn() -> None:
    """While one says a clip the other is silent, and every clip gives utterances."""
    clip = sounds.speech(sounds.LOST_CARD)
    talk = Talking(CALL, [clip, clip], 60.0)
    caller, agent = talk.sides
    assert not np.any((caller != 0) & (agent != 0))
    assert len(caller) == len(agent)
    assert talk.length_s > 2 * len(clip) / RATE
    assert len(talk.utterances) >= 2

"""What is said of a call without words: what is known, and nothing more."""

from dataclasses import replace
from datetime import timedelta

import pytest

from records.callrecord import Disposition
from records.engine.protocol import Channel, Gap, Segment, Transcript
from records.wordless import DOUBTFUL, wordless
from tests.records.samples import NOON, arrived, ended


def gap(start_s: float, end_s: float, *, is_foreign: bool = False, by: Channel = "caller") -> Gap:
    return Gap(channel=by, start_s=start_s, end_s=end_s, is_foreign=is_foreign)


def said(start_s: float, end_s: float, confidence: float = 0.8, by: Channel = "caller") -> Segment:
    return Segment(
        channel=by, start_s=start_s, end_s=end_s, text="我要投诉停水", confidence=confidence
    )


def told(segments: tuple[Segment, ...] = (), gaps: tuple[Gap, ...] = ()) -> str | None:
    """The title it gives an answered call."""
    found = wordless(ended(), Transcript(engine="e", segments=segments, gaps=gaps))
    return found.title if found else None


def test_silence_is_told_from_a_voice_that_could_not_be_understood() -> None:
    """The agent alone, or an agent whose words are lost, is a call in which no caller spoke."""
    assert told() == "无人说话的来电"
    assert told((said(0, 5, by="agent"),), (gap(5, 9, by="agent"),)) == "无人说话的来电"
    assert told(gaps=(gap(3, 9),)) == "没有听清的来电"
    assert told((said(0, 5),), (gap(6, 9),)) is None


def test_another_language_is_said_and_not_drafted_from() -> None:
    """Whether the engine told it by the language, or believed nothing it wrote."""
    assert told(gaps=(gap(3, 9, is_foreign=True),)) == "来电人说的不像普通话"
    assert told((said(0, 9, DOUBTFUL),)) == "来电人说的不像普通话"
    assert told((said(0, 2),), (gap(3, 9, is_foreign=True),)) == "来电人说的不像普通话"


def test_english_stands_in_the_transcript_and_fills_no_field() -> None:
    """Its words were understood, but by rules of Chinese nothing can be drafted from them."""
    english = replace(said(0, 9), text="I want to make a complaint about my landlord")
    assert told((english,)) == "来电人说的不像普通话"
    assert told((english, said(10, 30))) is None


def test_some_strange_words_in_a_clear_call_are_no_other_language() -> None:
    """A name, an accent, a child in the room: the call is drafted from the rest."""
    assert told((said(0, 9),), (gap(10, 15, is_foreign=True),)) is None
    assert told((said(0, 9), said(10, 15, 0.3))) is None
    assert told((said(0, 3, 0.3),)) is None, "too little to tell"
    assert told((said(0, 5),), (gap(6, 30, is_foreign=True, by="agent"),)) is None


def test_the_seconds_heard_are_the_evidence() -> None:
    """Title and summary point to the first of them, to listen to."""
    gaps = (gap(20, 26, is_foreign=True), gap(3, 9, is_foreign=True))
    found = wordless(ended(), Transcript(engine="e", gaps=gaps))
    assert found is not None
    assert [(one.field, one.kind, one.start_s, one.end_s) for one in found.evidence] == [
        ("title", "speech", 3, 9),
        ("summary", "speech", 3, 9),
    ]
    assert "人工听取录音" in found.summary


def test_a_voice_on_a_call_nobody_answered_is_a_call_to_return() -> None:
    """What matters is that nobody answered."""
    record = arrived(ended_at=NOON + timedelta(seconds=42), disposition=Disposition.ABANDONED)
    found = wordless(record, Transcript(engine="e", gaps=(gap(3, 9),)))
    assert found is not None
    assert found.summary == "来电未接通，等待42秒后来电人挂断，未留下话语。"
    assert {one.kind for one in found.evidence} == {"signalling"}


@pytest.mark.parametrize(
    ("disposition", "title"),
    [
        (Disposition.TOLD, "已告知改拨12345的来电"),
        (Disposition.BLOCKED, "已谢绝的骚扰来电"),
        (Disposition.UNREACHED, "未接通的回拨"),
        (Disposition.CUT, "未接通来电，需要回拨"),
    ],
)
def test_how_the_call_ended_is_said(disposition: Disposition, title: str) -> None:
    """Each ending has its own words."""
    record = replace(ended(), talks=(), disposition=disposition)
    found = wordless(record, Transcript(engine=""))
    assert found is not None
    assert found.title == title


def test_a_call_of_which_no_end_is_known_is_described_all_the_same() -> None:
    """How long it waited is left out, not guessed."""
    found = wordless(arrived(), Transcript(engine=""))
    assert found is not None
    assert "等待" not in found.summary
    assert "结束时间未知" in found.evidence[0].text

"""A draft as a person reads it."""

from records.draft import Caller, Evidence, opening
from records.engine.protocol import Segment
from records.reading import read_evidence, read_facts, read_order
from tests.records.samples import ended
from tests.records.test_extract import FULL, drafted, said

NUMBERS = ("13847652301", "13847652319", "一三八四七六五二三一九")


def test_no_number_of_a_person_is_readable() -> None:
    """Not in the fields, not in the transcript, not in the evidence."""
    draft = drafted(*FULL)
    page = "\n".join([*read_order(draft, said(*FULL).segments), *read_evidence(draft.evidence)])
    assert "*********01" in page
    assert "*********19" in page
    for number in NUMBERS:
        assert number not in page


def test_an_anonymous_caller_has_no_name() -> None:
    """Who asked not to be named is not; who did not is shown by surname only."""
    draft = drafted(*FULL)
    assert "要求匿名" in "\n".join(read_order(draft, []))
    named = draft.model_copy(update={"caller": Caller(number="13847652301", name="王小明")})
    page = "\n".join(read_order(named, []))
    assert "王*" in page
    assert "王小明" not in page


def test_every_field_is_named_and_an_unknown_one_is_said_to_be_unknown() -> None:
    """A reader sees what is missing, not a shorter page."""
    page = read_order(opening(ended()), [])
    assert len(page) == len(read_order(drafted(*FULL), []))
    assert "地点：（未识别）" in page
    assert "录音：（没有录音）" in page
    assert "  （没有可读的语音）" in page


def test_speakers_and_times_stand_before_the_words() -> None:
    """Minutes and seconds of the recording, who, what."""
    segment = Segment(channel="agent", start_s=61.4, end_s=65.9, text="您好", confidence=0.9)
    assert "  [01:01–01:05] 话务员：您好" in read_order(opening(ended()), [segment])


def test_our_own_lines_stay_readable() -> None:
    """A ledger's number in the transcript is no secret."""
    segment = Segment(channel="agent", start_s=0, end_s=1, text="请打8337772", confidence=0.9)
    assert read_order(opening(ended()), [segment], {"8337772"})[-1].endswith("8337772")


def test_evidence_says_who_said_it_when() -> None:
    """Kind, speaker, seconds and words."""
    piece = Evidence(
        field="when.text", kind="speech", channel="caller", start_s=3, end_s=9, text="昨天"
    )
    assert read_evidence([piece]) == ["  when.text ← 通话 来电人 00:03–00:09：昨天"]


def test_the_recordings_file_is_named_to_who_may_open_it() -> None:
    """The demo on the same machine shows the file; others get the address only."""
    assert "录音文件：/recordings/a.wav" in read_order(drafted(*FULL), [], file="/recordings/a.wav")
    assert not any("录音文件" in line for line in read_order(drafted(*FULL), []))


def test_what_the_caller_said_of_the_talk_is_read_in_words() -> None:
    """Only where something was said."""
    order = opening(ended())
    assert "市民评价：非常不满意" in read_facts(order.model_copy(update={"satisfaction": 1}))
    assert not any("评价" in line for line in read_facts(order))

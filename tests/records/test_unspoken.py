"""Where nobody says a word, none is written: fifty clips through the product's own ears."""

import pytest

from config.files import load_platform
from config.settings import Settings
from records.complete import hotwords
from records.engine.vad import utterances
from records.extract import extract
from records.transcribe import Heard, listen
from tests.records import engines, unspoken
from tests.records.samples import ended

HOME = load_platform(Settings(profile="chifeng")).home
WORDS = hotwords(HOME)


@pytest.mark.speech
@pytest.mark.parametrize("clip", unspoken.CLIPS)
def test_nothing_is_written_where_nobody_says_a_word(clip: str) -> None:
    """Detector, Whisper and guard together, told the city's words, write nothing down."""
    transcript = listen([Heard("caller", unspoken.CLIPS[clip]())], engines.whisper(), WORDS)
    invented = [segment.text for segment in transcript.segments]
    assert not invented, f"{clip}: {invented}"


def test_the_clips_are_fifty_and_most_of_them_sound_like_a_voice_to_the_detector() -> None:
    """What the detector drops never reaches the model, and would prove nothing of it."""
    assert len(unspoken.CLIPS) == 50
    assert sum(bool(utterances(make())) for make in unspoken.CLIPS.values()) >= 40


@pytest.mark.speech
def test_a_call_of_noise_has_a_draft_that_says_what_was_heard() -> None:
    """Nothing is filled in but that, and the seconds to listen to."""
    pcm = unspoken.CLIPS["speech backwards"]()
    transcript = listen([Heard("caller", pcm)], engines.whisper(), WORDS)
    draft = extract(ended(), transcript, HOME, len(pcm) / 8000)
    assert draft.title in ("没有听清的来电", "来电人说的不像普通话")
    assert (draft.demand_type, draft.content, draft.decision) == (None, None, None)
    spoken = [one for one in draft.evidence if one.kind == "speech"]
    assert {one.field for one in spoken} == {"title", "summary"}
    assert all(one.end_s == transcript.gaps[0].end_s for one in spoken)

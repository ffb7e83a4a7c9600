"""Whisper: what it must never invent, and what it must understand on a telephone."""

from difflib import SequenceMatcher

import numpy as np
import pytest

from records.engine.guard import bare
from records.engine.whisper import as_written
from records.transcribe import Heard, for_engine, listen
from tests.records import engines, sounds

SAID = "您好我要投诉红山区钢铁街天王国际小区三号楼从昨天晚上开始停水到现在都没来"
HOTWORDS = [
    "投诉",
    "举报",
    "咨询",
    "赤峰市",
    "红山区",
    "松山区",
    "元宝山区",
    "停水",
    "物业",
    "自来水",
]
NO_SPEECH = {
    "silence": sounds.silence(12),
    "hiss": sounds.noise(12, 0.003),
    "noise": sounds.noise(12, 0.05),
    "loud noise": sounds.noise(12, 0.3),
    "hold music": sounds.music(16),
    "a chord": sounds.tone(10, 262, 330, 392),
    "touch tones": sounds.digits("12345#6789*0"),
    "ringing": sounds.ringback(3),
    "busy": sounds.busy(12),
}


@pytest.mark.speech
@pytest.mark.parametrize("sound", NO_SPEECH, ids=list(NO_SPEECH))
def test_no_word_is_invented(sound: str) -> None:
    """Whatever a telephone line carries that nobody said gives no text, hotwords or not."""
    for hotwords in (HOTWORDS, []):
        transcript = listen([Heard("caller", NO_SPEECH[sound])], engines.whisper(), hotwords)
        assert [segment.text for segment in transcript.segments] == []


@pytest.mark.speech
def test_an_engine_given_music_itself_says_nothing() -> None:
    """The guard does not rely on the detector in front of it."""
    assert engines.whisper().transcribe(for_engine(sounds.music(10)), HOTWORDS) == []


@pytest.mark.speech
def test_a_complaint_over_the_telephone_is_understood() -> None:
    """Most characters are right, and the hotwords are."""
    transcript = listen(
        [Heard("caller", sounds.speech(sounds.WATER_CUT))], engines.whisper(), HOTWORDS
    )
    text = bare("".join(segment.text for segment in transcript.segments))
    assert SequenceMatcher(None, SAID, text[: len(SAID)]).ratio() > 0.75
    assert "红山区" in text
    assert "停水" in text


@pytest.mark.speech
def test_the_same_sound_gives_the_same_text() -> None:
    """A job that runs twice writes the same transcript."""
    samples = for_engine(sounds.speech(sounds.LOST_CARD)[: 8 * 8000])
    engine = engines.whisper()
    assert engine.transcribe(samples, HOTWORDS) == engine.transcribe(samples, HOTWORDS)


@pytest.mark.speech
def test_an_utterance_longer_than_whispers_window_does_not_fail() -> None:
    """Nobody should send one; if somebody does, the first 30 s are understood."""
    long = np.tile(for_engine(sounds.speech(sounds.LOST_CARD)), 3)
    assert engines.whisper().transcribe(long, [])


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (" 您好 我要投诉", "您好，我要投诉"),
        ("我要投诉,没人管.", "我要投诉，没人管。"),
        ("多少钱?", "多少钱？"),
        ("交了2,300块", "交了2,300块"),
        ("电话是1387-652319,", "电话是1387-652319。"),
        ("使用iPhone手机", "使用iPhone手机"),
        ("停水\ufffd了", "停水了"),
        ("整棟樓裡都沒水", "整栋楼里都没水"),
    ],
)
def test_chinese_is_written_as_it_is_here(written: str, read: str) -> None:
    """Simplified, with Chinese marks between Chinese characters; numbers are left."""
    assert read == as_written(written)

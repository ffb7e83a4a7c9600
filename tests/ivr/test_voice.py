"""The voice itself, with the real model."""

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from ivr import voice
from ivr.quicken import has_vnni, quicken
from ivr.voice import (
    DEFECTIVE,
    LONGEST_TOKENS,
    RATE,
    Kokoro,
    VoiceModelMissing,
    VoiceUnknown,
    voices,
)

pytestmark = pytest.mark.speech

VOICE = "zf_xiaoxiao"


@pytest.fixture(scope="module")
def kokoro(models: Path) -> Kokoro:
    return Kokoro(models)


def test_defective_voices_are_not_offered(models: Path) -> None:
    offered = voices(models)
    assert {VOICE, "zm_yunxi"} <= set(offered)
    assert not DEFECTIVE & set(offered)


@pytest.mark.parametrize("voice", ["zf_xiaoni", "nobody", "../zf_xiaoxiao", ""])
def test_an_unknown_voice_is_refused_by_name(kokoro: Kokoro, voice: str) -> None:
    with pytest.raises(VoiceUnknown) as refused:
        kokoro.speak("您好", voice)
    assert voice == refused.value.details["voice"]


def test_a_missing_model_names_its_file(tmp_path: Path, models: Path) -> None:
    (tmp_path / "kokoro").mkdir()
    (tmp_path / "kokoro" / "voices").symlink_to(models / "kokoro" / "voices")
    with pytest.raises(VoiceModelMissing, match=r"vocab\.json"):
        Kokoro(tmp_path).speak("您好", VOICE)


@pytest.mark.parametrize("nothing", ["", "。", "，，。！", "  \n"])
def test_a_text_with_nothing_to_say_is_refused(kokoro: Kokoro, nothing: str) -> None:
    with pytest.raises(ValueError, match="nothing to say"):
        kokoro.speak(nothing, VOICE)


@pytest.mark.parametrize(
    ("text", "word", "sounds"),
    [
        ("市长热线", "市长", "ꭧa↓ŋ"),
        ("正在为您重新接通", "重新", "ꭧʰʊ↗ŋ"),
        ("会计信息咨询", "会计", "kʰwai↘"),
        ("本次通话将会录音", "将会", "xwei↘"),
        ("在银行办理", "银行", "xa↗ŋ"),
        ("政务服务便民热线", "便民", "pjɛ↘n"),
        ("违法处理服务电话", "处理", "ꭧʰu↓"),
        ("幺二三四五", "幺", "jau→"),
    ],
)
def test_a_character_of_several_readings_is_read_by_its_word(
    kokoro: Kokoro, text: str, word: str, sounds: str
) -> None:
    assert sounds in kokoro.phonemes(word)
    assert sounds in kokoro.phonemes(text)


def test_every_sound_is_one_the_model_knows(kokoro: Kokoro) -> None:
    phonemes = kokoro.phonemes("您拨打的一类易制毒化学品运输许可办理咨询电话，已并入。旅游女儿云？")
    assert not [symbol for symbol in phonemes if symbol not in kokoro._vocabulary]


@pytest.mark.parametrize(
    "text", ["请" * 900, "请稍候，" * 200, "请稍候。" * 200, "请稍候" * 100 + "。您好。"]
)
def test_however_long_the_text_each_piece_fits_the_model_and_no_word_is_lost(
    kokoro: Kokoro, text: str
) -> None:
    pieces = kokoro._pieces(text)
    assert all(0 < len(piece) <= LONGEST_TOKENS for piece in pieces)
    of_qing = kokoro._vocabulary["ʨ"]
    spoken = sum(piece.count(of_qing) for piece in pieces)
    assert sum(kokoro._tokens(clause).count(of_qing) for clause in text.split("，")) <= spoken


def test_a_faster_speed_is_shorter(kokoro: Kokoro) -> None:
    usual = kokoro.speak("感谢您的来电", VOICE)
    faster = kokoro.speak("感谢您的来电", VOICE, 1.3)
    assert RATE < len(faster) < 0.92 * len(usual)


def test_without_vnni_the_model_runs_as_it_came(
    models: Path, kokoro: Kokoro, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever processor is here, one without VNNI gets the same sound from the unchanged model."""
    monkeypatch.setattr(voice, "has_vnni", lambda: False)
    monkeypatch.delattr(voice, "quicken")  # whoever reached for it would fail
    plain = Kokoro(models).speak("您好。", VOICE)
    assert np.array_equal(plain, kokoro.speak("您好。", VOICE))


def test_the_quickened_model_says_the_same_to_the_bit(models: Path, kokoro: Kokoro) -> None:
    """Where it is used; elsewhere the signed kernel saturates, and another test sees it unused."""
    model = (models / "kokoro" / "kokoro.onnx").read_bytes()
    inputs = {
        "tokens": np.array([[0, *kokoro._tokens("您好。"), 0]]),
        "style": kokoro._style(VOICE)[5:6],
        "speed": np.array([1.0], np.float32),
    }

    def heard(model: bytes) -> np.ndarray:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        return np.asarray(session.run(["audio"], inputs)[0])

    quick = quicken(model)
    assert model != quick
    if has_vnni():
        assert np.array_equal(heard(model), heard(quick))


def test_a_model_without_integer_convolutions_is_left_alone() -> None:
    assert quicken(b"") == b""


@pytest.mark.parametrize(
    ("cpuinfo", "known"),
    [
        ("flags\t: fpu avx512_vnni avx2\n", True),
        ("flags\t: fpu avx_vnni\n", True),
        ("flags\t: fpu avx2 avx512f\n", False),
        ("", False),
        (None, False),
    ],
)
def test_vnni_is_believed_only_when_the_processor_says_so(
    tmp_path: Path, cpuinfo: str | None, known: bool
) -> None:
    file = tmp_path / "cpuinfo"
    if cpuinfo is not None:
        file.write_text(cpuinfo)
    assert known is has_vnni(file)

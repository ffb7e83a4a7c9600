"""Prompts as Asterisk finds them: spoken by the real voice, or recorded."""

import os
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import pytest
import soxr
from pypinyin import lazy_pinyin

from config.files import load_profile
from config.settings import CHECKOUT, Settings
from ivr.cache import Clip, clip_cache, make_clips
from ivr.digits import spell
from ivr.prompts import PACE, Utterance, build, prompt_file, say, say_all
from ivr.sound import ACTIVE_DBFS, PEAK_DBFS, active_dbfs, read_wav, write_wav
from ivr.text import (
    LONGEST_LINE_S,
    PromptText,
    line_prompts,
    spoken_seconds,
    standing_prompts,
)
from ivr.voice import VoiceUnknown
from tests.ivr.test_sound import babble, ffmpeg

pytestmark = pytest.mark.speech

VOICE = "zf_xiaoxiao"
SHORT = [PromptText("a", "您好。"), PromptText("b", "再见。"), PromptText("c", "您好。再见。")]


@pytest.fixture(scope="module")
def sample() -> list[PromptText]:
    """The demo's line, the hotline's own, and the two that take longest by estimate."""
    prompts = line_prompts(load_profile(Settings(profile="chifeng")))
    longest = sorted(prompts[2:], key=lambda p: spoken_seconds(p.text))[-2:]
    return [*prompts[:2], *longest]


def seconds(file: Path) -> float:
    with wave.open(str(file)) as wav:
        return float(wav.getnframes() / wav.getframerate())


@pytest.mark.parametrize("voice", [VOICE, *PACE])
def test_a_line_is_said_in_its_time_at_its_level(
    settings: Settings, sample: list[PromptText], voice: str
) -> None:
    """8 s at most, within 1 dB of the level, unclipped, 8 kHz mono; the slowest voices too."""
    built = build(settings, sample, voice=voice, recordings=settings.home)
    assert built.refused == ()
    for prompt in sample:
        file = prompt_file(settings, prompt.id)
        with wave.open(str(file)) as wav:
            assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) == (1, 2, 8000)
        samples, rate = read_wav(file)
        assert 3.0 < len(samples) / rate <= LONGEST_LINE_S
        assert abs(active_dbfs(samples, rate) - ACTIVE_DBFS) < 1.0
        assert 20 * np.log10(np.abs(samples).max()) <= PEAK_DBFS + 0.1


def test_what_is_said_is_understood(settings: Settings, sample: list[PromptText]) -> None:
    """Whisper hears the demo's line and the farewell as they were meant, by their pinyin."""
    from faster_whisper import WhisperModel

    prompts = [sample[0], next(p for p in standing_prompts(True) if p.id == "bye")]
    build(settings, prompts, voice=VOICE, recordings=settings.home)
    ears = WhisperModel(
        str(settings.cache / "models" / "whisper-base"), compute_type="int8", cpu_threads=1
    )
    for prompt in prompts:
        samples, rate = read_wav(prompt_file(settings, prompt.id))
        heard, _ = ears.transcribe(soxr.resample(samples, rate, 16_000), language="zh")
        assert _likeness(prompt.text, "".join(piece.text for piece in heard)) > 0.8


def _likeness(meant: str, heard: str) -> float:
    """1 − the syllables that differ ÷ those that were meant."""
    one, other = (
        [s for s in lazy_pinyin(spell(t).replace("幺", "一")) if s.isalpha()]
        for t in (meant, heard)
    )
    row = list(range(len(other) + 1))
    for i, syllable in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, sound in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (syllable != sound))
    return 1 - row[-1] / len(one)


def test_what_is_there_is_not_made_again(settings: Settings) -> None:
    """A sentence two prompts share is made once, and a second build makes nothing."""
    texts = [PromptText("x", "请稍候。谢谢。"), PromptText("y", "谢谢。请稍候。")]
    first = build(settings, texts, voice=VOICE, recordings=settings.home)
    assert first.sentences_made == 2
    files = [prompt_file(settings, p.id) for p in texts]
    before = [file.read_bytes() for file in files]
    files[0].unlink()
    second = build(settings, texts, voice=VOICE, recordings=settings.home)
    assert second.sentences_made == 0
    assert before == [file.read_bytes() for file in files]


@pytest.mark.parametrize("harm", ["cut", "garbled", "gone", "sum gone", "sum cut", "sum binary"])
def test_a_harmed_clip_is_noticed_and_made_again(settings: Settings, harm: str) -> None:
    build(settings, SHORT[:1], voice=VOICE, recordings=settings.home)
    whole = prompt_file(settings, "a").read_bytes()
    clip = Clip(said="您好。", voice=VOICE)
    file = clip_cache(settings).file(clip)
    checksum = file.with_suffix(".sha256")
    match harm:
        case "cut":
            file.write_bytes(file.read_bytes()[:-100])
        case "garbled":
            content = bytearray(file.read_bytes())
            content[len(content) // 2] ^= 0xFF
            file.write_bytes(content)
        case "gone":
            file.unlink()
        case "sum gone":
            checksum.unlink()
        case "sum cut":
            checksum.write_text("")
        case _:
            checksum.write_bytes(b"\xff\xfe\x00")
    assert not clip_cache(settings).holds(clip)
    built = build(settings, SHORT[:1], voice=VOICE, recordings=settings.home, workers=0)
    assert built.sentences_made == 1
    assert clip_cache(settings).holds(clip)
    assert abs(len(whole) - len(prompt_file(settings, "a").read_bytes())) < 100


def test_another_word_voice_speed_or_rate_is_another_clip() -> None:
    clip = Clip(said="您好。", voice=VOICE)
    others = [
        Clip(said="您好！", voice=VOICE),
        Clip(said="您好。", voice="zm_yunxi"),
        Clip(said="您好。", voice=VOICE, speed=1.1),
        Clip(said="您好。", voice=VOICE, rate=16_000),
    ]
    assert len({clip.key, *(other.key for other in others)}) == 5
    assert clip.key == Clip(said="您好。", voice=VOICE).key


def test_prompts_come_into_place_in_order_and_progress_says_so(fresh: Settings) -> None:
    told: list[tuple[int, int, str, bool]] = []

    def progress(done: int, of: int, prompt: PromptText) -> None:
        told.append((done, of, prompt.id, prompt_file(fresh, prompt.id).is_file()))

    build(fresh, SHORT, voice=VOICE, progress=progress, recordings=fresh.home, workers=1)
    assert told == [(1, 3, "a", True), (2, 3, "b", True), (3, 3, "c", True)]


def test_an_unknown_voice_is_named_even_from_a_worker(settings: Settings) -> None:
    with pytest.raises(VoiceUnknown, match="zf_001") as refused:
        build(settings, SHORT, voice="zf_001", recordings=settings.home)
    assert VOICE in refused.value.details["known"]


def test_a_recorded_file_is_played_instead_of_the_text(settings: Settings, tmp_path: Path) -> None:
    """A quiet mp3 made by ffmpeg is taken at the prompts' level; removed, the text speaks again."""
    write_wav(tmp_path / "a.wav", babble(44_100, 2.0, 0.02), 44_100)
    folder = tmp_path / "prompts"
    folder.mkdir()
    mp3 = ffmpeg(tmp_path / "a.wav", folder / "a.mp3", "-ac", "2")
    built = build(settings, SHORT, voice=VOICE, recordings=folder)
    assert built.recorded == ("a",)
    samples, rate = read_wav(prompt_file(settings, "a"))
    assert rate == 8000
    assert abs(active_dbfs(samples, rate) - ACTIVE_DBFS) < 1.0
    assert abs(len(samples) / rate - 2.0) < 0.2
    mp3.unlink()
    build(settings, SHORT, voice=VOICE, recordings=folder)
    assert seconds(prompt_file(settings, "a")) < 1.5


def test_an_unusable_recording_is_refused_and_the_text_spoken(
    settings: Settings, tmp_path: Path
) -> None:
    """A caller hears a sentence, never silence, whatever was put into the folder."""
    folder = tmp_path / "prompts"
    folder.mkdir()
    (folder / "a.mp3").write_bytes(b"no music")
    (folder / "ab.wav").write_bytes(b"of another prompt")
    built = build(settings, SHORT, voice=VOICE, recordings=folder)
    assert built.recorded == ()
    assert [error.details["file"] for error in built.refused] == ["a.mp3"]
    assert seconds(prompt_file(settings, "a")) > 0.4


@pytest.mark.parametrize("rate", [8000, 16_000])
def test_any_sentence_can_be_said_into_a_file(
    settings: Settings, tmp_path: Path, rate: int
) -> None:
    out = tmp_path / "out" / "say.wav"
    length = say(settings, "我住红山区15号楼，电话13847652301。", "zm_yunxi", out, rate)
    assert abs(length - seconds(out)) < 0.01
    assert length > 3.0
    with wave.open(str(out)) as wav:
        assert rate == wav.getframerate()
    samples, _ = read_wav(out)
    assert abs(active_dbfs(samples, rate) - ACTIVE_DBFS) < 1.0


def test_nothing_to_say_is_refused(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="nothing to say"):
        say(settings, "。。。", VOICE, tmp_path / "x.wav")
    assert not (tmp_path / "x.wav").exists()


def test_two_voices_speak_apart(settings: Settings, tmp_path: Path) -> None:
    """Caller and agent of a demo: the same words, different sound."""
    files = [tmp_path / "caller.wav", tmp_path / "agent.wav"]
    voices = [VOICE, "zm_yunyang"]
    say_all(
        settings,
        [Utterance(text="您好。", voice=v, path=f) for v, f in zip(voices, files, strict=True)],
    )
    assert files[0].read_bytes() != files[1].read_bytes()


def test_nothing_missing_starts_no_worker(settings: Settings) -> None:
    clips = [Clip(said="您好。", voice=VOICE)]
    make_clips(settings, clips, lambda _: None)
    began = time.monotonic()
    assert make_clips(settings, clips, lambda _: None) == 0
    assert time.monotonic() - began < 0.2


def _syllables(text: str) -> list[str]:
    return [s for s in lazy_pinyin(spell(text).replace("幺", "一")) if s.isalpha()]


BUILDER = """
import sys
from pathlib import Path
from config.settings import Settings
from ivr.prompts import build
from ivr.text import PromptText
if __name__ == "__main__":
    settings = Settings(home=Path(sys.argv[1]), cache=Path(sys.argv[2]))
    prompts = [PromptText(f"p-{n}", "请您稍候，" * 4 + str(n) + "。") for n in range(60)]
    build(settings, prompts, voice="zf_xiaoxiao", recordings=settings.home,
          progress=lambda *_: print("placed", flush=True))
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_workers_do_not_outlive_a_build_that_is_ended(
    fresh: Settings, tmp_path: Path, how: signal.Signals
) -> None:
    """Kill -9 and Ctrl-C alike; what was made until then stays and is whole."""
    script = tmp_path / "builder.py"
    script.write_text(BUILDER)
    command = [sys.executable, str(script), str(fresh.home), str(fresh.cache)]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT)},
        text=True,
    ) as builder:
        assert builder.stdout is not None
        assert builder.stdout.readline() == "placed\n"
        children = Path(f"/proc/{builder.pid}/task/{builder.pid}/children").read_text().split()
        builder.send_signal(how)
        builder.wait(timeout=30)
    assert len(children) >= 2
    deadline = time.monotonic() + 10
    while any(_is_alive(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [child for child in children if _is_alive(child)]
    assert seconds(next((fresh.home / "sounds" / "zh").glob("p-*.wav"))) > 2


def _is_alive(pid: str) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"

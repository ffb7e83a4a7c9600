"""Prompts as Asterisk finds them: spoken by the real voice, or recorded."""

import os
import signal
import subprocess
import sys
import time
import wave
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soxr
from pypinyin import lazy_pinyin

from config.files import load_profile
from config.profile import Profile
from config.settings import CHECKOUT, Settings
from ivr.cache import Clip, clip_cache, make_clips
from ivr.digits import spell
from ivr.linetext import LONGEST_LINE_S, spoken_seconds
from ivr.prompts import (
    PACE,
    Utterance,
    build,
    link,
    prompt_file,
    recording_digest,
    say,
    say_all,
    seconds_of,
    sounds,
)
from ivr.sound import ACTIVE_DBFS, PEAK_DBFS, active_dbfs, read_wav, write_wav
from ivr.text import PromptText, line_prompts
from ivr.text import prompt as prompt_of
from ivr.voice import VoiceUnknown
from tests.ivr.test_sound import babble, ffmpeg

pytestmark = pytest.mark.speech

VOICE = "zm_yunxi"


def short(key: str, text: str, recording: str = "") -> PromptText:
    return PromptText(key, text, VOICE, 1.0, recording)


SHORT = [short("a", "您好。"), short("b", "再见。"), short("c", "您好。再见。")]


@pytest.fixture(scope="module")
def chifeng() -> Profile:
    return load_profile(Settings(profile="chifeng"))


@pytest.fixture(scope="module")
def sample(chifeng: Profile) -> list[PromptText]:
    """The demo's line, the hotline's own, and the two that take longest by estimate."""
    prompts = line_prompts(chifeng)
    longest = sorted(prompts[2:], key=lambda p: spoken_seconds(p.text))[-2:]
    return [*prompts[:2], *longest]


def seconds(file: Path) -> float:
    with wave.open(str(file)) as wav:
        return float(wav.getnframes() / wav.getframerate())


@pytest.mark.parametrize("voice", [VOICE, "zf_xiaoxiao", *PACE])
def test_a_line_is_said_in_its_time_at_its_level(
    settings: Settings, sample: list[PromptText], voice: str
) -> None:
    """8 s at most, within 1 dB of the level, unclipped, 8 kHz mono; the slowest voices too.

    Of the voices that a city may choose, the prompt that takes longest.
    """
    said = sample if voice == VOICE else [replace(sample[-1], voice=voice)]
    built = build(settings, said)
    assert built.refused == ()
    for prompt in said:
        file = prompt_file(settings, prompt)
        with wave.open(str(file)) as wav:
            assert (wav.getnchannels(), wav.getsampwidth(), wav.getframerate()) == (1, 2, 8000)
        samples, rate = read_wav(file)
        assert 3.0 < len(samples) / rate <= LONGEST_LINE_S
        assert abs(active_dbfs(samples, rate) - ACTIVE_DBFS) < 1.0
        assert 20 * np.log10(np.abs(samples).max()) <= PEAK_DBFS + 0.1


def test_what_is_said_is_understood(settings: Settings, chifeng: Profile) -> None:
    """Whisper hears the demo's line and the farewell as they were meant, by their pinyin."""
    from faster_whisper import WhisperModel

    prompts = [prompt_of(chifeng, key) for key in ("chifeng-8337772-transition", "bye")]
    build(settings, prompts)
    ears = WhisperModel(
        str(settings.cache / "models" / "whisper-base"), compute_type="int8", cpu_threads=1
    )
    for said in prompts:
        samples, rate = read_wav(prompt_file(settings, said))
        heard, _ = ears.transcribe(soxr.resample(samples, rate, 16_000), language="zh")
        assert _likeness(said.text, "".join(piece.text for piece in heard)) > 0.8


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
    texts = [short("x", "请稍候。谢谢。"), short("y", "谢谢。请稍候。")]
    first = build(settings, texts)
    assert first.sentences_made == 2
    files = [prompt_file(settings, p) for p in texts]
    before = [file.stat().st_mtime_ns for file in files]
    content = files[0].read_bytes()
    assert build(settings, texts).sentences_made == 0
    assert before == [file.stat().st_mtime_ns for file in files]
    files[0].unlink()
    assert build(settings, texts).sentences_made == 0
    assert content == files[0].read_bytes()


def test_another_wording_lies_beside_the_one_that_is_being_played(settings: Settings) -> None:
    before, after = short("p", "您好。"), short("p", "再见。")
    build(settings, [before])
    sound = prompt_file(settings, before).read_bytes()
    build(settings, [after])
    assert prompt_file(settings, before).read_bytes() == sound
    assert prompt_file(settings, after).read_bytes() != sound


def test_ten_thousand_prompts_that_are_there_are_seen_in_a_second(settings: Settings) -> None:
    """Three states of each line: an apply without new prompts must not be slow."""
    prompts = [short(f"line-{n}", f"第{n}条。") for n in range(30_000)]
    sounds(settings).mkdir(parents=True)
    for prompt in prompts:
        prompt_file(settings, prompt).touch()
    began = time.process_time()
    assert build(settings, prompts).sentences_made == 0
    assert time.process_time() - began < 1.0


def test_a_fixed_name_plays_the_wording_it_was_last_given(settings: Settings) -> None:
    first, second = short("bye", "您好。"), short("bye", "再见。")
    build(settings, [first, second])
    for wording in (first, first, second):
        link(settings, "bye", wording)
        played = sounds(settings) / "bye.wav"
        assert played.read_bytes() == prompt_file(settings, wording).read_bytes()
    assert not list(sounds(settings).glob(".*"))


def test_what_is_not_made_yet_has_no_length(settings: Settings) -> None:
    assert seconds_of(settings, SHORT[0]) is None
    build(settings, SHORT[:1])
    assert seconds_of(settings, SHORT[0]) == pytest.approx(
        seconds(prompt_file(settings, SHORT[0])), abs=0.01
    )


@pytest.mark.parametrize("harm", ["cut", "garbled", "gone", "sum gone", "sum cut", "sum binary"])
def test_a_harmed_clip_is_noticed_and_made_again(settings: Settings, harm: str) -> None:
    build(settings, SHORT[:1])
    whole = prompt_file(settings, SHORT[0]).read_bytes()
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
    prompt_file(settings, SHORT[0]).unlink()
    built = build(settings, SHORT[:1], workers=0)
    assert built.sentences_made == 1
    assert clip_cache(settings).holds(clip)
    assert abs(len(whole) - len(prompt_file(settings, SHORT[0]).read_bytes())) < 100


def test_another_word_voice_speed_or_rate_is_another_clip() -> None:
    clip = Clip(said="您好。", voice=VOICE)
    others = [
        Clip(said="您好！", voice=VOICE),
        Clip(said="您好。", voice="zf_xiaoxiao"),
        Clip(said="您好。", voice=VOICE, speed=1.1),
        Clip(said="您好。", voice=VOICE, rate=16_000),
    ]
    assert len({clip.key, *(other.key for other in others)}) == 5
    assert clip.key == Clip(said="您好。", voice=VOICE).key


def test_prompts_come_into_place_in_order_and_progress_says_so(fresh: Settings) -> None:
    told: list[tuple[int, int, str, bool]] = []

    def progress(done: int, of: int, prompt: PromptText) -> None:
        told.append((done, of, prompt.id, prompt_file(fresh, prompt).is_file()))

    build(fresh, SHORT, progress=progress, workers=1)
    assert told == [(1, 3, "a", True), (2, 3, "b", True), (3, 3, "c", True)]
    told.clear()
    build(fresh, SHORT, progress=progress, workers=1)
    assert told == [(3, 3, "a", True)]


def test_an_unknown_voice_is_named_even_from_a_worker(settings: Settings) -> None:
    with pytest.raises(VoiceUnknown, match="zf_001") as refused:
        build(settings, [replace(prompt, voice="zf_001") for prompt in SHORT])
    assert VOICE in refused.value.details["known"]


def test_a_recorded_file_is_played_instead_of_the_text(settings: Settings, tmp_path: Path) -> None:
    """A quiet mp3 made by ffmpeg is taken at the prompts' level; removed, the text speaks again."""
    write_wav(tmp_path / "a.wav", babble(44_100, 2.0, 0.02), 44_100)
    folder = tmp_path / "prompts"
    folder.mkdir()
    mp3 = ffmpeg(tmp_path / "a.wav", folder / "a.mp3", "-ac", "2")
    recorded = short("a", "您好。", recording_digest(mp3.read_bytes())[:16])
    built = build(settings, [recorded, *SHORT[1:]], recordings=[tmp_path / "none", folder])
    assert built.recorded == ("a",)
    samples, rate = read_wav(prompt_file(settings, recorded))
    assert rate == 8000
    assert abs(active_dbfs(samples, rate) - ACTIVE_DBFS) < 1.0
    assert abs(len(samples) / rate - 2.0) < 0.2
    build(settings, SHORT)
    assert seconds(prompt_file(settings, SHORT[0])) < 1.5


def test_an_unusable_recording_is_refused_and_the_text_spoken(
    settings: Settings, tmp_path: Path
) -> None:
    """A caller hears a sentence, never silence, whatever was put into the folder."""
    folder = tmp_path / "prompts"
    folder.mkdir()
    (folder / "a.mp3").write_bytes(b"no music")
    (folder / "ab.wav").write_bytes(b"of another prompt")
    broken = short("a", "您好。", recording_digest(b"no music"))
    gone = short("b", "再见。", recording_digest(b"nobody has it"))
    built = build(settings, [broken, gone], recordings=[folder])
    assert built.recorded == ()
    assert [error.details["file"] for error in built.refused] == ["a.mp3", "b.*"]
    assert seconds(prompt_file(settings, broken)) > 0.4
    assert seconds(prompt_file(settings, gone)) > 0.4


@pytest.mark.parametrize("rate", [8000, 16_000])
def test_any_sentence_can_be_said_into_a_file(
    settings: Settings, tmp_path: Path, rate: int
) -> None:
    out = tmp_path / "out" / "say.wav"
    length = say(settings, "我住红山区15号楼，电话13847652301。", VOICE, out, rate)
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


BUILDER = """
import sys
from pathlib import Path
from config.settings import Settings
from ivr.prompts import build
from ivr.text import PromptText
if __name__ == "__main__":
    settings = Settings(home=Path(sys.argv[1]), cache=Path(sys.argv[2]))
    words = "请您稍候，" * 4
    prompts = [PromptText(f"p-{n}", f"{words}{n}。", "zm_yunxi") for n in range(60)]
    build(settings, prompts, progress=lambda *_: print("placed", flush=True))
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
        builder.wait(timeout=120)
    assert len(children) >= 2
    deadline = time.monotonic() + 60
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

"""From two files to one transcript."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile

from records.engine.protocol import ENGINE_RATE, Capabilities, Piece, Samples
from records.transcribe import (
    Heard,
    Stopped,
    for_engine,
    listen,
    listen_call,
    read_channels,
    transcribe_call,
)
from records.wav import RATE
from tests.records import engines, sounds


class LengthEngine:
    """Stands at the engine's port: writes down how long each utterance is, if it is long enough."""

    name = "length"
    capabilities = Capabilities(streaming=False, interim=False, hotwords=False, language="zh")

    def __init__(self, least_s: float = 0.0) -> None:
        self.least_s = least_s

    def transcribe(self, samples: Samples, hotwords: Sequence[str]) -> list[Piece]:
        length = len(samples) / ENGINE_RATE
        if length < self.least_s:
            return []
        return [Piece(start_s=0.0, end_s=length, text=f"{length:.0f}秒", confidence=0.9)]


WORDS = sounds.speech(sounds.LOST_CARD)[: 3 * RATE]


def test_turns_stand_in_spoken_order(tmp_path: Path) -> None:
    """Caller, agent, caller: as they spoke, with times from the start of the recording."""
    rx = np.concatenate([WORDS, sounds.silence(6), WORDS])
    tx = np.concatenate([sounds.silence(4.5), WORDS])
    found = transcribe_call(
        sounds.write(tmp_path / "rx.wav", rx), sounds.write(tmp_path / "tx.wav", tx), LengthEngine()
    )
    assert [s.channel for s in found] == ["caller", "agent", "caller"]
    assert [round(s.start_s) for s in found] == pytest.approx([0, 4.5, 9], abs=0.6)


def test_prompts_and_music_before_the_talk_are_not_listened_to(tmp_path: Path) -> None:
    """The agent's channel counts only while a seat is on the line; the caller's always."""
    rx = sounds.write(tmp_path / "rx.wav", WORDS)
    tx = sounds.write(tmp_path / "tx.wav", np.concatenate([WORDS, sounds.silence(2), WORDS]))
    during = transcribe_call(rx, tx, LengthEngine(), talks=[(4.5, 8.0)])
    assert [(s.channel, round(s.start_s)) for s in during] == [("caller", 0), ("agent", 5)]
    assert [s.channel for s in transcribe_call(rx, tx, LengthEngine(), talks=[])] == ["caller"]
    assert len(transcribe_call(rx, tx, LengthEngine(), talks=None)) == 3


def test_a_missing_or_empty_channel_is_no_fault(tmp_path: Path) -> None:
    """A call cut at once may have one file, or an empty one."""
    rx = sounds.write(tmp_path / "rx.wav", WORDS)
    empty = sounds.write(tmp_path / "empty.wav", sounds.silence(0))
    assert len(transcribe_call(rx, tmp_path / "none.wav", LengthEngine())) == 1
    assert len(transcribe_call(empty, rx, LengthEngine())) == 1
    assert transcribe_call(empty, tmp_path / "none.wav", LengthEngine()) == []


def test_speech_that_gives_no_words_is_a_gap() -> None:
    """A reader must know that somebody spoke there."""
    transcript = listen([Heard("caller", WORDS)], LengthEngine(least_s=60), [])
    assert transcript.segments == ()
    (gap,) = transcript.gaps
    assert gap.channel == "caller"
    assert 2 < gap.end_s - gap.start_s <= 3
    assert transcript.confidence is None


def test_stereo_is_caller_left_agent_right_at_any_rate(tmp_path: Path) -> None:
    """What people upload: 44.1 kHz stereo. It is read at the telephone's rate."""
    left = np.sin(np.arange(44100) * 2 * np.pi * 440 / 44100)
    path = tmp_path / "upload.flac"
    soundfile.write(path, np.column_stack([left, left * 0]), 44100)
    caller, agent = read_channels(path)
    assert (caller.channel, agent.channel) == ("caller", "agent")
    assert caller.length_s == pytest.approx(1.0, abs=0.01)
    assert np.abs(caller.pcm).max() > 30000
    assert np.abs(agent.pcm).max() <= 1  # the resampler dithers


def test_quiet_and_loud_voices_reach_the_engine_alike() -> None:
    """Level is matched; nothing is clipped out of range, silence stays silence."""
    quiet, loud = for_engine(WORDS // 20), for_engine(WORDS)
    assert float(np.std(quiet)) == pytest.approx(float(np.std(loud)), rel=0.1)
    assert np.abs(loud).max() <= 1.3  # the resampler may overshoot a little
    assert np.abs(for_engine(sounds.silence(1))).max() == 0
    assert len(for_engine(WORDS)) == 2 * len(WORDS)


def test_nobody_waits_for_a_transcript_nobody_wants() -> None:
    """A worker told to stop does so at the next utterance."""
    with pytest.raises(Stopped):
        listen([Heard("caller", WORDS)], LengthEngine(), [], is_stopped=lambda: True)


def test_words_of_another_language_are_a_gap_that_says_so() -> None:
    """An engine's guess at what it does not understand is nobody's words."""

    class Foreign(LengthEngine):
        def transcribe(self, samples: Samples, hotwords: Sequence[str]) -> list[Piece]:
            return [
                replace(piece, is_foreign=True) for piece in super().transcribe(samples, hotwords)
            ]

    transcript = listen([Heard("caller", WORDS)], Foreign(), [])
    assert transcript.segments == ()
    assert [gap.is_foreign for gap in transcript.gaps] == [True]


@pytest.mark.speech
def test_a_real_call_gives_both_speakers(tmp_path: Path) -> None:
    """Music, then an agent, then a caller: only what people said is written, by whom."""
    talk = sounds.speech(sounds.WATER_CUT)
    answer = sounds.speech(sounds.AUDIO / "traffic-light.wav")
    music = sounds.music(6)
    rx = np.concatenate([sounds.silence(6), talk])
    tx = np.concatenate([music, sounds.silence(len(talk) / RATE + 1), answer])
    length = len(tx) / RATE
    transcript = listen_call(
        sounds.write(tmp_path / "rx.wav", rx),
        sounds.write(tmp_path / "tx.wav", tx),
        engines.whisper(),
        ["投诉", "红山区", "停水", "建议", "红绿灯"],
        [(6.0, length)],
    )
    caller = "".join(s.text for s in transcript.segments if s.channel == "caller")
    agent = "".join(s.text for s in transcript.segments if s.channel == "agent")
    assert "红山区" in caller
    assert "停水" in caller
    assert "建议" in agent
    assert all(s.start_s >= 5.5 for s in transcript.segments)

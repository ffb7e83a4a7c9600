"""What a draft costs: CPU seconds per minute of call, peak memory, and how many words are wrong.

Ours: from the two files of a call to the finished draft (voice detection on both channels, one
decode per utterance, extraction). Peer: stock faster-whisper, beam 5, the same model, the same two
files, one thread as well, as it comes and with its own voice filter; it makes a transcript and no
draft. We are held against the library as it comes; the filter's figures stand beside (it is cheap
and loses words at the edges of turns). Each runs in a process of its own, one after the other.
The call is put together from spoken clips and hold music.
"""

import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from bench.cer import distance
from bench.result import Result
from config.files import load_profile
from config.settings import CHECKOUT, Settings
from cti.ids import AgentId, CallId, CentreId, LineId, SeatId
from records.callrecord import CallRecord, Disposition, Talk
from records.wav import RATE

AUDIO = CHECKOUT / "tests" / "records" / "audio"
MUSIC_S = 12.0
ROUNDS = 2
REACH_CPU = 0.7
"""Of the peer's CPU."""
REACH_ERRORS = 1.0
"""Of the peer's errors: being cheap by dropping words does not count."""
LONGEST_RUN_S = 240
PEERS = ("stock", "stock_vad")

Pcm = NDArray[np.int16]
Side = dict[str, float]
Texts = dict[str, str]
"""What was said on each file: ``rx`` and ``tx``."""


def run(folder: Path) -> Result:
    """Make the call, run both sides on it, compare."""
    said = make_call(folder)
    minutes = soundfile.info(folder / "tx.wav").duration / 60
    sides: dict[str, Side] = {}
    for name in ("ours", *PEERS):
        done = subprocess.run(
            [sys.executable, "-m", "bench.draft", name, str(folder)],
            cwd=CHECKOUT,
            capture_output=True,
            timeout=LONGEST_RUN_S,
            check=True,
        )
        found = json.loads(done.stdout)
        sides[name] = {
            "cpu_s_per_minute": round(found["cpu_s"] / minutes, 2),
            "load_cpu_s": round(found["load_cpu_s"], 2),
            "peak_mb": round(found["peak_mb"]),
            "error_percent": round(error_percent(said, found["texts"]), 1),
        }

    def against(peer: str, figure: str) -> float:
        return round(sides["ours"][figure] / max(0.1, sides[peer][figure]), 2)

    ratios = {
        f"{name}_of_{peer}": against(peer, figure)
        for peer in PEERS
        for name, figure in (("cpu", "cpu_s_per_minute"), ("errors", "error_percent"))
    }
    return Result(
        bench="draft",
        figures={
            **sides,
            "call_minutes": round(minutes, 2),
            **ratios,
        },
        reach={"cpu_of_stock": REACH_CPU, "errors_of_stock": REACH_ERRORS},
        holds=ratios["cpu_of_stock"] <= REACH_CPU and ratios["errors_of_stock"] <= REACH_ERRORS,
    )


def make_call(folder: Path) -> Texts:
    """Write ``rx.wav`` and ``tx.wav``: music, then turns of caller and agent. Give the words."""
    texts: dict[str, str] = json.loads((AUDIO / "texts.json").read_text(encoding="utf-8"))
    clips = {name: soundfile.read(AUDIO / name, dtype="int16")[0] for name in texts}
    turns = [("rx", "water-cut.wav"), ("tx", "traffic-light.wav"), ("rx", "lost-card.wav")]
    rx, tx = [silence(MUSIC_S)], [hold_music(MUSIC_S)]
    said = {"rx": "", "tx": ""}
    for side, name in turns * ROUNDS:
        rest = silence(len(clips[name]) / RATE)
        rx += [clips[name] if side == "rx" else rest, silence(1.2)]
        tx += [clips[name] if side == "tx" else rest, silence(1.2)]
        said[side] += texts[name]
    for side, parts in (("rx", rx), ("tx", tx)):
        soundfile.write(folder / f"{side}.wav", np.concatenate(parts), RATE, subtype="PCM_16")
    return said


def silence(seconds: float) -> Pcm:
    """Digital silence."""
    return np.zeros(int(seconds * RATE), dtype=np.int16)


def hold_music(seconds: float) -> Pcm:
    """A chord that swells: what a waiting caller hears, nothing anybody says."""
    at = np.arange(int(seconds * RATE)) / RATE
    chord = sum(np.sin(2 * np.pi * hertz * at) for hertz in (262, 330, 392)) / 3
    return np.asarray(chord * (0.2 + 0.1 * np.sin(2 * np.pi * at / 4)) * 32767, dtype=np.int16)


def ours(folder: Path) -> tuple[float, Callable[[], Texts]]:
    """Load our side; give when loading was done, and what is to be weighed."""
    from records.complete import hotwords, talk_windows
    from records.engine.registry import load
    from records.extract import extract
    from records.transcribe import listen_call
    from records.weights import kept

    settings = Settings()
    profile, engine = load_profile(settings), load(settings)
    seconds = soundfile.info(folder / "tx.wav").duration
    arrived = datetime(2026, 11, 20, 4, tzinfo=UTC)
    since, until = arrived + timedelta(seconds=MUSIC_S), arrived + timedelta(seconds=seconds)
    record = CallRecord(
        call=CallId("bench-1.1"),
        centre=CentreId("chifeng"),
        line=LineId("8337772"),
        dnis="8337772",
        ani="",
        arrived_at=arrived,
        ended_at=until,
        disposition=Disposition.ANSWERED,
        talks=(Talk(seat=SeatId("chifeng-1001"), agent=AgentId("a"), since=since, until=until),),
    )

    def weighed() -> Texts:
        transcript = listen_call(
            folder / "rx.wav",
            folder / "tx.wav",
            engine,
            hotwords(profile),
            talk_windows(record, seconds),
        )
        extract(record, transcript, profile, seconds, learned=kept())
        return {
            side: "".join(s.text for s in transcript.segments if s.channel == channel)
            for side, channel in (("rx", "caller"), ("tx", "agent"))
        }

    return time.process_time(), weighed


def stock(folder: Path, has_vad: bool) -> tuple[float, Callable[[], Texts]]:
    """The peer: the library as its README uses it."""
    from faster_whisper import WhisperModel

    directory = Settings().cache / "models" / "whisper-base"
    model = WhisperModel(str(directory), device="cpu", compute_type="int8", cpu_threads=1)

    def heard(side: str) -> str:
        segments, _ = model.transcribe(
            str(folder / f"{side}.wav"), beam_size=5, language="zh", vad_filter=has_vad
        )
        return "".join(segment.text for segment in segments)

    return time.process_time(), lambda: {side: heard(side) for side in ("rx", "tx")}


def error_percent(said: Texts, heard: Texts) -> float:
    """Wrong, missing and invented characters in a hundred, both sides together."""
    wrong = sum(distance(plain(said[side]), plain(heard[side])) for side in said)
    return 100 * wrong / sum(len(plain(text)) for text in said.values())


def plain(text: str) -> str:
    """Characters only, digits as spoken one by one."""
    digits = str.maketrans("0123456789幺两", "零一二三四五六七八九一二")
    return re.sub(r"[^\u4e00-\u9fff]", "", text.translate(digits))


def main(side: str, folder: Path) -> None:
    """One side in its own process: print what it cost as JSON."""
    loaded_at, weighed = ours(folder) if side == "ours" else stock(folder, side == "stock_vad")
    texts = weighed()
    cpu = time.process_time() - loaded_at
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"texts": texts, "cpu_s": cpu, "load_cpu_s": loaded_at, "peak_mb": peak_mb}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

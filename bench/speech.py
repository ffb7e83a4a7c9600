"""How many characters are wrong, as heard and as mended, and what a second of speech costs.

Ours: voice detection, one decode an utterance with the city's words, mending. Peer: stock
faster-whisper, beam 5, the same model, the same clips, one thread as well. The corpus is a folder
with ``manifest.json``, ``texts.json``, ``texts_second.json``, ``wav`` and ``wav_second``; without
one, the three spoken clips of the tests, which are too few to judge by.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import soundfile

from bench.cer import errors
from bench.result import Result
from config.files import load_platform
from config.profile import Profile
from config.settings import CHECKOUT, Settings
from records.complete import hotwords
from records.correction.mended import favoured
from records.engine.protocol import Segment
from records.engine.registry import load_mended, load_mender, trade_words
from records.transcribe import listen, read_channels

OWN = CHECKOUT / "tests" / "records" / "audio"
CITIES = {
    "赤峰市": ("chifeng", "chifeng"),
    "邵阳市": ("shaoyang", "shaoyang"),
    "西宁市": ("qinghai", "xining"),
    "南昌市": ("jiangxi", "jiangxi"),
    "长沙市": ("hunan", "hunan"),
}
"""Profile and centre of each city of the corpus."""
REACH = {
    "first_percent": 11.0,
    "second_percent": 13.0,
    "cpu_per_s": 0.10,
    "errors_of_stock": 0.5,
    "cpu_of_stock": 0.7,
    "harm_percent": 0.5,
}


@dataclass(frozen=True, slots=True)
class Clip:
    """One spoken text."""

    part: str
    path: Path
    city: str
    text: str


@dataclass(slots=True)
class Sum:
    """Errors and cost of some clips."""

    wrong: int = 0
    raw_wrong: int = 0
    length: int = 0
    cpu_s: float = 0.0
    audio_s: float = 0.0

    def figures(self) -> dict[str, float]:
        """As the table shows them."""
        return {
            "raw_percent": _percent(self.raw_wrong, self.length),
            "percent": _percent(self.wrong, self.length),
            "cpu_per_s": round(self.cpu_s / max(1.0, self.audio_s), 3),
        }


def run(folder: Path, arguments: Sequence[str] = ()) -> Result:
    """Decode every clip on both sides, and mend the right texts too."""
    parser = argparse.ArgumentParser(prog="python -m bench speech")
    parser.add_argument("--corpus", type=Path, help="a folder with spoken texts")
    corpus: Path | None = parser.parse_args(arguments).corpus
    clips = list(_clips(corpus) if corpus else _own())
    profiles = {city: _profile(city) for city in {clip.city for clip in clips}}
    ours, stock = _weigh(clips, _ours(profiles), folder), _weigh(clips, _stock(), folder)
    harm = _harm(clips, profiles)
    total, peer = _total(ours), _total(stock)
    figures: dict[str, Any] = {
        "ours": {part: one.figures() for part, one in ours.items()},
        "stock": {part: one.figures() for part, one in stock.items()},
        "clips": len(clips),
        "errors_of_stock": round(total.wrong / max(1, peer.wrong), 2),
        "cpu_of_stock": round(total.cpu_s / max(0.1, peer.cpu_s), 2),
        "harm_percent": harm,
    }
    holds = (
        all(one.figures()["percent"] <= REACH[f"{part}_percent"] for part, one in ours.items())
        and total.figures()["cpu_per_s"] <= REACH["cpu_per_s"]
        and all(figures[name] <= REACH[name] for name in ("errors_of_stock", "cpu_of_stock"))
        and harm < REACH["harm_percent"]
    )
    return Result(bench="speech", figures=figures, reach=REACH, holds=holds)


def _weigh(
    clips: list[Clip], hear: Callable[[Clip], tuple[str, str]], folder: Path
) -> dict[str, Sum]:
    """Each part's errors and cost. What was heard is kept in ``folder`` to be looked at."""
    sums: dict[str, Sum] = {}
    with (folder / f"{hear.__name__}.txt").open("w", encoding="utf-8") as told:
        for clip in clips:
            begun = time.process_time()
            raw, text = hear(clip)
            one = sums.setdefault(clip.part, Sum())
            one.cpu_s += time.process_time() - begun
            one.audio_s += soundfile.info(clip.path).duration
            wrong, length = errors(clip.text, text)
            one.wrong, one.length = one.wrong + wrong, one.length + length
            one.raw_wrong += errors(clip.text, raw)[0]
            told.write(f"{clip.path.name} {wrong}\n  {clip.text}\n  {raw}\n  {text}\n")
    return sums


def _ours(profiles: dict[str, Profile]) -> Callable[[Clip], tuple[str, str]]:
    engine = load_mended(Settings())

    def ours(clip: Clip) -> tuple[str, str]:
        words = hotwords(profiles[clip.city])
        segments = listen(read_channels(clip.path), engine, words).segments
        return "".join(map(_raw, segments)), "".join(one.text for one in segments)

    return ours


def _raw(segment: Segment) -> str:
    return segment.raw or segment.text


def _stock() -> Callable[[Clip], tuple[str, str]]:
    from faster_whisper import WhisperModel

    directory = Settings().cache / "models" / "whisper-base"
    model = WhisperModel(str(directory), device="cpu", compute_type="int8", cpu_threads=1)

    def stock(clip: Clip) -> tuple[str, str]:
        segments, _ = model.transcribe(str(clip.path), beam_size=5, language="zh")
        text = "".join(segment.text for segment in segments)
        return text, text

    return stock


def _harm(clips: list[Clip], profiles: dict[str, Profile]) -> float:
    """What mending breaks in texts in which nothing is wrong, in characters of a hundred."""
    mender = load_mender(Settings())
    if mender is None:
        return 0.0
    wrong = length = 0
    for city, text in dict.fromkeys((clip.city, clip.text) for clip in clips):
        words = favoured(hotwords(profiles[city]), trade_words())
        broken, signs = errors(text, mender.mend(text, words))
        wrong, length = wrong + broken, length + signs
    return _percent(wrong, length)


def _clips(corpus: Path) -> Iterator[Clip]:
    def read(name: str) -> Any:
        return json.loads((corpus / name).read_text(encoding="utf-8"))

    texts = {one["id"]: one for one in read("texts.json")}
    for one in read("manifest.json"):
        text = texts[one["id"]]
        yield Clip("first", corpus / "wav" / one["file"], text["city"], text["text"])
    second = read("texts_second.json")
    for path in sorted((corpus / "wav_second").glob("*.wav")):
        text = second[int(path.name[1:3])]
        yield Clip("second", path, text["city"], text["text"])


def _own() -> Iterator[Clip]:
    texts: dict[str, str] = json.loads((OWN / "texts.json").read_text(encoding="utf-8"))
    for name, text in texts.items():
        yield Clip("first", OWN / name, "邵阳市" if "双清区" in text else "赤峰市", text)


def _profile(city: str) -> Profile:
    home, centre = CITIES[city]
    platform = load_platform(Settings(profile=home))
    return next(each for each in platform if each.centre == centre)


def _total(sums: dict[str, Sum]) -> Sum:
    parts = list(sums.values())
    return Sum(
        wrong=sum(one.wrong for one in parts),
        cpu_s=sum(one.cpu_s for one in parts),
        audio_s=sum(one.audio_s for one in parts),
    )


def _percent(part: int, whole: int) -> float:
    return round(100 * part / max(1, whole), 2)

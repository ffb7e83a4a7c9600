"""A crowd of callers: several matters, each with a sentence, a voice and a line of its own.

SIPp plays one file per process, so a matter is a process: its callers all say its sentence.
Together they call at the whole rate, one matter after the other in even steps.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from bench.sippload import Tally, Traffic, call_in, invented_numbers
from bench.wavetools import RATE, Samples, load, write_alaw
from config.settings import Settings
from ivr.prompts import Utterance, say_all
from records.pinyin import syllables
from tests.system.city import City

MEDIA_PORTS = 100
LONGEST_S = 60.0
"""Nobody waits longer for the seat to hang up: such a call shows as one that was not cut."""

GREETING = "您好，请讲。"
AGENT_VOICE = "zf_xiaoxiao"
SENTENCES = (
    ("8337772", "zm_yunxi", "钢铁街道从昨天晚上就停水了。"),
    ("12333", "zf_xiaobei", "我想咨询养老保险怎么办理。"),
    ("12345", "zm_yunxia", "红山区的路灯坏了三天没人修。"),
    ("12369", "zf_xiaobei", "楼下的饭店油烟味道特别大。"),
    ("12315", "zm_yunxi", "我要投诉超市卖过期的牛奶。"),
    ("8821821", "zm_yunxia", "请问医保卡丢了怎么补办。"),
    ("12319", "zf_xiaobei", "我们小区的垃圾一直没人清理。"),
    ("12328", "zm_yunxi", "出租车司机不打表还多收钱。"),
    ("12345", "zf_xiaobei", "松山区的暖气一点都不热。"),
    ("12350", "zm_yunxia", "工地晚上施工声音太大了。"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Matter:
    """What some callers call about. ``sound`` is what each of them sends, from the answer on."""

    number: str
    sentence: str
    sound: Samples
    anis: tuple[str, ...]
    hangs_up: bool
    """The caller ends the call, else the seat does."""


def speak(settings: Settings, folder: Path, *, calls: int, before_s: float) -> list[Matter]:
    """Divide ``calls`` evenly among the matters and speak their sentences (cached). Blocks.

    Each sentence is sent ``before_s`` after the answer.
    """
    share, rest = divmod(calls, len(SENTENCES))
    assert rest == 0, f"give a multiple of {len(SENTENCES)}"
    anis = iter(invented_numbers(calls))
    sounds = _spoken(settings, folder, [(text, voice) for _, voice, text in SENTENCES])
    silence = np.zeros(round(before_s * RATE))
    return [
        Matter(
            number=number,
            sentence=text,
            sound=np.concatenate([silence, sound]),
            anis=tuple(next(anis) for _ in range(share)),
            hangs_up=bool(n % 2),
        )
        for n, ((number, _, text), sound) in enumerate(zip(SENTENCES, sounds, strict=True))
    ]


def greeting(settings: Settings, folder: Path, *, before_s: float, lasts_s: float) -> Samples:
    """What an agent says, once in ``lasts_s``."""
    [sound] = _spoken(settings, folder, [(GREETING, AGENT_VOICE)])
    whole = np.zeros(round(lasts_s * RATE))
    start = round(before_s * RATE)
    whole[start : start + len(sound)] = sound
    return whole


def _spoken(settings: Settings, folder: Path, said: Sequence[tuple[str, str]]) -> Iterator[Samples]:
    folder.mkdir(parents=True, exist_ok=True)
    made = [
        Utterance(text=text, voice=voice, path=folder / f"{voice}-{n}.wav")
        for n, (text, voice) in enumerate(said)
    ]
    say_all(settings, made)
    return (load(utterance.path) for utterance in made)


async def call_all(
    matters: Sequence[Matter],
    city: City,
    folder: Path,
    *,
    rate: float,
    at_once: int,
    stay_s: float,
) -> list[Tally]:
    """Everybody calls: ``rate`` a second, ``at_once`` together. Returns when all is over.

    Those who hang up themselves do so ``stay_s`` after the answer; the others stay for the seat.
    """
    one_at_once, rest = divmod(at_once, len(matters))
    assert rest == 0, f"give a multiple of {len(matters)}"

    async def call(n: int, matter: Matter) -> Tally:
        await asyncio.sleep(n / rate)
        place = folder / f"callers-{n}"
        place.mkdir(parents=True)
        traffic = Traffic(
            number=matter.number,
            rate=rate / len(matters),
            count=len(matter.anis),
            at_once=one_at_once,
            stay_s=stay_s if matter.hangs_up else LONGEST_S,
            audio=write_alaw(place / "sentence.alaw", matter.sound),
            anis=matter.anis,
            times=1,
        )
        return await call_in(traffic, city.target, city.source(MEDIA_PORTS), place)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(call(n, matter)) for n, matter in enumerate(matters)]
    return [task.result() for task in tasks]


def resemblance(said: str, heard: str) -> float:
    """How much of a sentence's sound stands in a text: 1 is all of it in order, 0 nothing."""
    wanted = [sound for sound in syllables(said) if sound.isalpha()]
    found = [sound for sound in syllables(heard) if sound.isalpha()]
    matches = SequenceMatcher(None, wanted, found, autojunk=False).get_matching_blocks()
    return sum(match.size for match in matches) / max(len(wanted), len(found), 1)

"""Prompts listened to as a caller hears them, written down again and compared. Ring 3.

Each prompt goes through A-law at 8 kHz, as on a trunk, to the speech engine, which is given the
line's own words as hotwords; ``ivr.understood`` judges. What is not understood is said in another
way, until it is, or is named for a person to record.
"""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import soundfile

from config.city import decode
from config.durable import replace_files
from config.overrides import PROMPTS, PromptOverride, with_override
from config.platform import Platform
from config.profile import Profile
from config.settings import Settings
from cti.prompting import make_prompts
from cti.workingcopy import WorkingCopy
from ivr.linetext import LONGEST_LINE_S, spoken_seconds
from ivr.prompts import prompt_file
from ivr.text import PromptText, line_prompts
from ivr.understood import Said, Understood, said, understood
from records.engine.protocol import Engine
from records.transcribe import Heard, listen

OTHER_VOICES = ("zm_yunyang", "zf_xiaoxiao", "zm_yunjian", "zf_xiaoyi")
REPORT = ("文件", "名称", "号码", "秒", "应说", "听到")
OTHER_PACES = (0.92, 1.06)


@dataclass(frozen=True, slots=True)
class Proof:
    """One prompt, what it should have said, and what was heard."""

    centre: str
    prompt: PromptText
    said: Said
    heard: str
    understood: Understood
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether the name and every number came through, in time."""
        return self.understood.is_right and self.seconds <= LONGEST_LINE_S


@dataclass(frozen=True, slots=True)
class Figures:
    """How much came through: names and numbers, right and in all."""

    names: int
    names_right: int
    numbers: int
    numbers_right: int
    longest_s: float


def figures(proofs: Iterable[Proof]) -> Figures:
    """Count. A number is one number of one prompt."""
    found = list(proofs)
    named = [proof for proof in found if proof.said.name]
    numbers = sum(len(proof.said.numbers) for proof in found)
    wrong = sum(len(proof.understood.wrong_numbers) for proof in found)
    return Figures(
        len(named),
        sum(proof.understood.is_name_right for proof in named),
        numbers,
        numbers - wrong,
        max((proof.seconds for proof in found), default=0.0),
    )


def telephone_sound(file: Path) -> Heard:
    """The file as it sounds at the other end of a trunk: through A-law and back."""
    samples, rate = soundfile.read(file, dtype="int16")
    wire = io.BytesIO()
    soundfile.write(wire, samples, rate, format="WAV", subtype="ALAW")
    wire.seek(0)
    heard, _ = soundfile.read(wire, dtype="int16")
    return Heard("caller", heard)


def to_prove(platform: Platform) -> list[tuple[Profile, PromptText]]:
    """Every prompt in which a name or a number must come through."""
    return [
        (profile, prompt)
        for profile in platform
        for prompt in line_prompts(profile)
        if said(profile, prompt).name or said(profile, prompt).numbers
    ]


def prove(engine: Engine, settings: Settings, profile: Profile, prompt: PromptText) -> Proof:
    """Listen to a prompt that is in place. Blocks: about 0.7 s of CPU."""
    sound = telephone_sound(prompt_file(settings, prompt))
    meant = said(profile, prompt)
    heard = "".join(piece.text for piece in listen([sound], engine, meant.own_words).segments)
    judged = understood(heard, meant.name, meant.numbers)
    return Proof(profile.centre, prompt, meant, heard, judged, sound.length_s)


def mend(engine: Engine, settings: Settings, platform: Platform, failed: Proof) -> Proof | None:
    """Find another way to say it that is understood. None: a person has to record it.

    Blocks for some seconds a try.
    """
    profile = next(profile for profile in platform if profile.centre == failed.centre)
    for other in _other_ways(failed.prompt, failed.said):
        make_prompts(settings, platform, [other], workers=0)
        proof = prove(engine, settings, profile, other)
        if proof.is_right:
            return proof
    return None


def keep_override(
    settings: Settings, profile: Profile, said_so: tuple[str, PromptOverride], *, who: str
) -> None:
    """Have a prompt said that way from the next apply on, by its row of ``prompts.csv``."""
    copy = WorkingCopy(settings)
    with copy.writing(who):
        content = copy.read().content.get(profile.file(PROMPTS), b"")
        text = with_override(decode(content), *said_so)
        replace_files(copy.directory / profile.folder, {PROMPTS: text.encode()})


def _other_ways(prompt: PromptText, meant: Said) -> Iterator[PromptText]:
    """The same words first: whoever changes the line's name later need not think of these."""
    for pace in OTHER_PACES:
        slower = replace(prompt, speed=round(prompt.speed * pace, 2))
        # ``config.checks`` would refuse it
        if spoken_seconds(slower.text, slower.speed) <= LONGEST_LINE_S:
            yield slower
    for voice in OTHER_VOICES:
        if voice != prompt.voice:
            yield replace(prompt, voice=voice)
    if meant.name:
        apart = prompt.text.replace(meant.name, f"，{meant.name}，").removeprefix("，")
        yield replace(prompt, text=apart.replace("，，", "，"))


def difference(before: Proof, after: Proof) -> tuple[str, PromptOverride]:
    """The prompt's id, and what to write down for it to be said as ``after``."""
    one, other = before.prompt, after.prompt
    override = PromptOverride(
        voice=other.voice if other.voice != one.voice else "",
        speed=other.speed,
        text=other.text if other.text != one.text else "",
    )
    return one.id, override


def report_text(engine: Engine, proofs: Iterable[Proof]) -> str:
    """What was heard of each prompt, as CSV; a prompt stands under its file's name."""
    out = io.StringIO()
    out.write(f"# 按电话音质 (G.711 A律) 用 {engine.name} 听写, 热词是本线路的名称和号码\n")
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(REPORT)
    for proof in proofs:
        name, wrong = proof.said.name, proof.understood.wrong_numbers
        rows.writerow(
            [
                proof.prompt.name,
                _verdict(proof.understood.is_name_right) if name else "",
                " ".join(f"{n}{_verdict(n not in wrong)}" for n in proof.said.numbers),
                f"{proof.seconds:.2f}",
                proof.prompt.text,
                proof.heard,
            ]
        )
    return out.getvalue()


def _verdict(is_right: bool) -> str:
    return "对" if is_right else "错"

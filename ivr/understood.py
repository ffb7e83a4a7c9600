"""Whether a listener understood a prompt: the line's name and the numbers in it. Pure.

A prompt is played over a telephone, an engine writes down what it heard, and this compares. What
counts as right, strictly:

- a *name* is right when all of it was heard in one stretch, syllable by syllable, nothing between,
  nothing missing; a syllable is right when the same character was written, or another character
  of the same sound. Sound, because that is what a listener is given: 违法 written as 维法 was said
  as it should be, and whoever hears it knows what is meant. Tones are not compared: an engine
  that knows a word takes them from the word, and one that doesn't guesses a character;
- a *number* is right when exactly its digits were heard, in their order, with no digit before or
  after them; pauses between them do not matter, and 幺 is 一.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pypinyin import lazy_pinyin

from config.ledger import HOTLINE
from config.profile import Profile
from ivr.digits import grouped, spell
from ivr.linetext import full_name, hotline_prompt_id
from ivr.text import PromptText

_DIGITS = {d: str(n) for n, d in enumerate("零一二三四五六七八九")} | {
    "幺": "1",
    "〇": "0",
    "两": "2",
}
_DIGIT_SOUNDS = {"yao": "1", "ling": "0", "yi": "1"}
_NUMBER = re.compile(r"\d{2,}(?:-\d{2,})+|\d{3,}")
_HAN = re.compile(r"[一-鿿]+|[0-9]|[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Said:
    """What a prompt says that must come through."""

    name: str
    """The line's or the hotline's; '' where the prompt says none."""
    numbers: tuple[str, ...]
    own_words: tuple[str, ...]
    """What a caller of that line expects to hear: its name and its number, which the caller has
    just dialled. An engine is given these as hotwords; one digit off, and it does not follow."""


def said(profile: Profile, prompt: PromptText) -> Said:
    """Pick what counts out of a prompt of that centre."""
    line = profile.by_number.get(prompt.id.removeprefix(f"{profile.centre}-").partition("-")[0])
    if line is not None:
        name, dialled = full_name(line), [line.number]
    elif prompt.id == hotline_prompt_id(profile.centre):
        name, dialled = profile.name, []
    else:
        name, dialled = "", []
    is_said = bool(name) and name in prompt.text
    rest = prompt.text.replace(name, "，") if is_said else prompt.text
    numbers = dict.fromkeys(found.replace("-", "") for found in _NUMBER.findall(rest))
    words = [name, *map(grouped, dialled), f"{HOTLINE}热线"]
    return Said(name if is_said else "", tuple(numbers), tuple(filter(None, words)))


@dataclass(frozen=True, slots=True)
class Understood:
    """What of a prompt came through."""

    is_name_right: bool
    """True as well where the prompt holds no name."""
    wrong_numbers: tuple[str, ...]
    """Those numbers of the prompt that were not heard."""

    @property
    def is_right(self) -> bool:
        """Whether all of it came through."""
        return self.is_name_right and not self.wrong_numbers


@dataclass(frozen=True, slots=True)
class _Syllable:
    written: str
    sound: str

    def is_like(self, other: "_Syllable") -> bool:
        return self.written == other.written or self.sound == other.sound


def understood(heard: str, name: str, numbers: Sequence[str]) -> Understood:
    """Compare what was heard with the name and the numbers that were said; '' for no name."""
    stream = _syllables(heard)
    wrong = tuple(number for number in numbers if not _has_number(stream, number))
    return Understood(not name or _has_name(stream, name), wrong)


def _has_name(heard: list[_Syllable], name: str) -> bool:
    wanted = _syllables(spell(name))
    return any(
        all(w.is_like(h) for w, h in zip(wanted, heard[start:], strict=False))
        for start in range(len(heard) - len(wanted) + 1)
    )


def _has_number(heard: list[_Syllable], number: str) -> bool:
    digits = "".join(h.sound if h.sound.isdigit() else _other(h) for h in heard)
    return re.search(rf"(?<!\d){number}(?!\d)", digits) is not None


def _other(syllable: _Syllable) -> str:
    # 幺 is a rare character: an engine writes 要 or 腰 for it
    return _DIGIT_SOUNDS["yao"] if syllable.sound == "yao" else "-"


def _syllables(text: str) -> list[_Syllable]:
    """One for each character, digit or Latin word; marks are nothing to hear."""
    found: list[_Syllable] = []
    for run in _HAN.findall(text):
        if run.isascii():
            found.append(_Syllable(run, run.lower()))
            continue
        # a whole run at once: 银行 and 行走 are told apart by their words
        sounds = lazy_pinyin(run)
        found += [
            _Syllable(written, _DIGITS.get(written, sound))
            for written, sound in zip(run, sounds, strict=True)
        ]
    return found

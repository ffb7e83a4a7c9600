"""The words that may have been meant, found by how they sound. Pure.

Two kinds: what the language has, and what a city has of its own (places, offices, terms). The
latter are *favoured*: likelier here than in the language at large, and of the longer ones one
syllable may be quite another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from records.correction.sounds import code
from records.pinyin import syllables

LONGEST: Final = 8
LONGEST_OF_LANGUAGE: Final = 6
_ANY: Final = "*"
_SHORTEST_WITH_ANY: Final = 3


@dataclass(frozen=True, slots=True)
class Word:
    """A word, how it sounds, and how likely it is by itself (a power of ten)."""

    text: str
    sounds: tuple[str, ...]
    likely: float


def is_chinese(text: str) -> bool:
    """Whether it is Chinese characters only."""
    return all("\u4e00" <= sign <= "\u9fff" for sign in text)


def key(sounds: Sequence[str]) -> str:
    """What words are looked up by: the same for all that may be heard for one another."""
    return " ".join(map(code, sounds))


def line_of(words: Iterable[Word]) -> str:
    """Words of one key as a line of the dictionary's file.

    >>> line_of([Word("供热", ("gong", "re"), -5.5)])
    "供热/gong're/-5.50"
    """
    return " ".join(f"{one.text}/{chr(39).join(one.sounds)}/{one.likely:.2f}" for one in words)


def words_of(line: str) -> tuple[Word, ...]:
    """What ``line_of`` wrote."""
    found = []
    for entry in line.split(" ") if line else ():
        text, sounds, likely = entry.split("/")
        found.append(Word(text, tuple(sounds.split("'")), float(likely)))
    return tuple(found)


class Language:
    """The language's words. ``by_key``: lines as ``line_of`` writes them, read when asked for."""

    def __init__(self, by_key: Mapping[str, str]) -> None:
        self._by_key = by_key
        self.find = lru_cache(maxsize=20_000)(self._find)

    def _find(self, sought: str) -> tuple[Word, ...]:
        return words_of(self._by_key.get(sought, ""))


class Favoured:
    """Words that are likelier here than in the language at large, each with how likely, at least.

    A word given twice is as likely as it was given first; what is no Chinese word is left out.
    """

    def __init__(self, words: Iterable[tuple[str, float]]) -> None:
        self._by_key: dict[str, list[Word]] = {}
        self._with_any: dict[str, list[Word]] = {}
        seen = set[str]()
        for text, likely in words:
            if text in seen or not 2 <= len(text) <= LONGEST or not is_chinese(text):
                continue
            seen.add(text)
            word = Word(text, syllables(text), likely)
            self._by_key.setdefault(key(word.sounds), []).append(word)
            if len(text) >= _SHORTEST_WITH_ANY:
                for masked in _masked(key(word.sounds)):
                    self._with_any.setdefault(masked, []).append(word)

    def find(self, sought: str) -> list[Word]:
        """The words that sound like it, one syllable of the longer ones aside."""
        exact = self._by_key.get(sought, [])
        if not self._with_any or sought.count(" ") + 1 < _SHORTEST_WITH_ANY:
            return exact
        near = [word for masked in _masked(sought) for word in self._with_any.get(masked, ())]
        return [*exact, *(word for word in near if word not in exact)]


def _masked(sought: str) -> list[str]:
    codes = sought.split(" ")
    return [" ".join([*codes[:at], _ANY, *codes[at + 1 :]]) for at in range(len(codes))]

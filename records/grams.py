"""What a text is made of, for the learnt classifiers: its characters and its sounds. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from records.pinyin import syllables

_LONGEST = 3
_NUMBER = re.compile(r"\d+|[零〇一二三四五六七八九幺两十百千万]{3,}")
_WORDS = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Gram:
    """Up to three characters or syllables, and where they stand. Sounds are told by a space."""

    said: str
    start: int
    end: int


def grams(text: str) -> Iterator[Gram]:
    """Every run of one to three characters of a clause, as written and as it sounds.

    Numbers say nothing about a matter and are left out; no run crosses a number or a mark.
    """
    covered = _NUMBER.sub(lambda number: "0" * len(number[0]), text)
    for run in _WORDS.finditer(covered):
        words, sounds = run[0], syllables(run[0])
        for size in range(1, _LONGEST + 1):
            for at in range(len(words) - size + 1):
                start, end = run.start() + at, run.start() + at + size
                yield Gram(words[at : at + size], start, end)
                yield Gram(" ".join(["", *sounds[at : at + size]]), start, end)

"""Callers made of the domain's words: every matter said in several ways. The same each time."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from records.learning.frames import (
    ABOUT,
    DECLARED,
    ENDINGS,
    FRAMES,
    OPENINGS,
    PLACES,
    SPEAKERS,
    TROUBLES,
)

MATTERS: Final = Path(__file__).with_name("matters.txt")
SEED: Final = 12345
PER_MATTER: Final = 4
WORD: Final = "词"
"""A line of words that belong to the office, whatever is wanted."""
_OUTRIGHT: Final = 0.2
"""How often a caller names the call otherwise than the matter would."""


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing callers ring about: whose it is, and what such a caller usually wants."""

    trade: str
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Made:
    """One caller's words with what they should become."""

    text: str
    kind: str
    trade: str


def read_matters(text: str) -> list[Matter]:
    """Every matter of the list. Raises ``ValueError`` naming the line that is none."""
    trade, found = "", []
    for row, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        if line.startswith("["):
            trade = line.strip("[]")
            continue
        kind, _, said = line.partition(" ")
        if not trade or kind not in {*FRAMES, WORD} or not said:
            raise ValueError(f"matters.txt:{row}: {line[:20]}")
        found += [Matter(trade, kind, each) for each in said.split("|")]
    return found


def make(matters: Sequence[Matter], each: int = PER_MATTER) -> list[Made]:
    """Say every matter ``each`` times, always in the same ways."""
    chance = random.Random(SEED)
    return [made for matter in matters for made in _said(matter, each, chance)]


def _said(matter: Matter, times: int, chance: random.Random) -> Iterator[Made]:
    for _ in range(times):
        kind, said = matter.kind, matter.said
        if kind == WORD:
            kind = chance.choice(sorted(ABOUT))
            said = chance.choice(ABOUT[kind]).format(w=matter.said)
        frames = FRAMES[kind]
        if kind in DECLARED and chance.random() < _OUTRIGHT:
            kind = chance.choice(sorted(DECLARED))
            frames = DECLARED[kind]
        words = chance.choice(frames).format(
            x=said,
            p=chance.choice(PLACES),
            t=chance.choice(TROUBLES),
            b=chance.choice(SPEAKERS),
        )
        text = chance.choice(OPENINGS) + words + chance.choice(ENDINGS)
        yield Made(text, kind, matter.trade)

"""Text by its sound: an engine mishears characters far more often than syllables. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import lazy_pinyin

_SPLIT = re.compile(r"(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.*)")
_PARTS = re.compile(r"[\u3400-\u9fff]+|.", re.DOTALL)
_INITIALS = {"zh": "z", "ch": "c", "sh": "s", "l": "n", "f": "h"}
"""Pairs that a telephone and a northern or southern mouth do not keep apart."""

SAME_SOUND = 0.0
LIKE_SOUND = 0.2
"""What one syllable costs that differs only by such a pair, or by -n and -ng."""
HALF_SOUND = 0.5
"""One syllable that shares only its beginning or its end."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a word was heard in a text, and how far its sound was off: 0 is exact."""

    start: int
    end: int
    cost: float


@lru_cache(maxsize=4096)
def syllables(text: str) -> tuple[str, ...]:
    """Return one toneless syllable for each character; other characters stand for themselves."""
    return tuple(sound for part in _PARTS.findall(text) for sound in _sounds(part))


def _sounds(part: str) -> list[str]:
    heard = lazy_pinyin(part)  # a whole run at once: 银行 and 行走 are told apart by their words
    if len(heard) == len(part):
        return heard
    return [(lazy_pinyin(sign) or [sign])[0] for sign in part]


@lru_cache(maxsize=8192)
def distance(a: str, b: str) -> float:
    """How unlike two syllables are, 0 to 1."""
    if a == b:
        return SAME_SOUND
    if not (a.isascii() and a.isalpha() and b.isascii() and b.isalpha()):
        return 1.0
    (head_a, tail_a), (head_b, tail_b) = _parts(a), _parts(b)
    if head_a == head_b and tail_a == tail_b:
        return LIKE_SOUND
    if head_a == head_b and {tail_a, tail_b} == {"i", "u"} and head_a in "jqxy":
        return LIKE_SOUND
    return HALF_SOUND if head_a == head_b or tail_a == tail_b else 1.0


def _parts(syllable: str) -> tuple[str, str]:
    found = _SPLIT.fullmatch(syllable)
    assert found is not None, "letters only, and none are too many"
    return _INITIALS.get(found[1], found[1]), found[2].removesuffix("g")


def find_sound(word: str, text: str, most: float, ending: float = 1.0) -> Found | None:
    """Find where ``word`` sounds best in ``text``, off by at most ``most`` in all.

    ``ending`` bounds the last syllable alone: a place that ends like a road is a road.
    """
    wanted, heard = syllables(word), syllables(text)
    last = len(wanted) - 1
    best: Found | None = None
    for start in range(len(heard) - len(wanted) + 1):
        cost = 0.0
        for offset, syllable in enumerate(wanted):
            cost += distance(syllable, heard[start + offset])
            if cost > most or (
                offset == last and distance(syllable, heard[start + offset]) > ending
            ):
                break
        else:
            if best is None or cost < best.cost:
                best = Found(start, start + len(wanted), cost)
    return best

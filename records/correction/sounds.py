"""How alike two syllables are to a telephone, and which ones are looked up together. Pure.

Prices are in powers of ten: a syllable that costs 1 more must make the sentence ten times likelier.
"""

from functools import lru_cache

_INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")
_LIKE_INITIALS = ("zh z j", "ch c q", "sh s x", "n l r m", "f h", "b p", "d t", "g k")
_LIKE_FINALS = (
    *("an ang", "en eng", "in ing i", "ian iang", "uan uang", "un ong"),
    *("o uo e", "ue uo", "ie ian"),
)
_TWIN_INITIALS = frozenset(map(frozenset, [("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l")]))
_TWIN_FINALS = frozenset(
    map(
        frozenset,
        [("an", "ang"), ("en", "eng"), ("in", "ing"), ("ian", "iang"), ("uan", "uang")],
    )
)
"""Pairs that many speakers do not keep apart at all."""

TWIN, LIKE, UNLIKE = 0.5, 1.0, 2.0


def _leaders(groups: tuple[str, ...]) -> dict[str, str]:
    leaders: dict[str, str] = {}
    for group in groups:
        first, *others = group.split()
        for sound in (first, *others):
            leaders.setdefault(sound, first)
    return leaders


_INITIAL_CODE = _leaders(_LIKE_INITIALS)
_FINAL_CODE = _leaders(_LIKE_FINALS)


@lru_cache(maxsize=4096)
def split(syllable: str) -> tuple[str, str]:
    """Initial and final.

    >>> split("zhong")
    ('zh', 'ong')
    """
    for initial in _INITIALS:
        if syllable.startswith(initial):
            return initial, syllable[len(initial) :]
    return "", syllable


@lru_cache(maxsize=4096)
def code(syllable: str) -> str:
    """The same for all syllables that may be heard for one another.

    >>> code("sheng") == code("sen")
    True
    """
    initial, final = split(syllable)
    return f"{_INITIAL_CODE.get(initial, initial)}{_FINAL_CODE.get(final, final)}"


@lru_cache(maxsize=65536)
def price(heard: str, meant: str) -> float:
    """What it costs to have heard the one for the other; nothing for the same."""
    if heard == meant:
        return 0.0
    (initial_a, final_a), (initial_b, final_b) = split(heard), split(meant)
    return _part(initial_a, initial_b, _TWIN_INITIALS, _INITIAL_CODE) + _part(
        final_a, final_b, _TWIN_FINALS, _FINAL_CODE
    )


def _part(a: str, b: str, twins: frozenset[frozenset[str]], codes: dict[str, str]) -> float:
    if a == b:
        return 0.0
    if frozenset((a, b)) in twins:
        return TWIN
    return LIKE if codes.get(a, a) == codes.get(b, b) else UNLIKE

"""Matters that many call about: hot, concentrated, lasting, sudden, budding. Pure.

A topic is a word of a trade (停水, 供暖) at a place. Callers are counted, not calls: one who calls
ten times is one. A kind is said with the figures that make it one, and with its calls.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from records.office import topics

LOOKED_AT: Final = timedelta(days=10)
"""How far back orders are looked at."""
_DAY: Final = timedelta(days=1)
_SUDDEN: Final = timedelta(hours=2)
_USUAL: Final = timedelta(days=7)
HOT, CONCENTRATED, SUDDEN = 5, 4, 4
"""Callers in a day, in a day from one place, in two hours: fewer are no such topic."""
TIMES_USUAL: Final = 4.0
LASTING_DAYS, LASTING_OF = 5, 7
BUDDING_DAYS, BUDDING = 3, 3
"""So many days in a row each with more callers than the one before, and so many on the last."""


class Kind(Enum):
    """What a topic is; several at once."""

    SUDDEN = "sudden"
    HOT = "hot"
    CONCENTRATED = "concentrated"
    LASTING = "lasting"
    BUDDING = "budding"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One order: what it is about, where, whose, when."""

    order: str
    at: datetime
    caller: str
    """Whatever tells callers apart; '' of one who is nobody's: each then counts for one."""
    words: tuple[str, ...]
    """Of trades (``records.office.topics``), the most telling first."""
    region: str = ""
    township: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A matter that many call about."""

    word: str
    place: str
    """'': all over the centre."""
    kinds: tuple[Kind, ...]
    why: tuple[str, ...]
    """For each kind, the figures that make it one, in Chinese."""
    callers: int
    """In the last day."""
    orders: tuple[str, ...]
    """All of them that were looked at, the newest first."""
    first_at: datetime


def with_words(said: Iterable[tuple[Said, str]]) -> list[Said]:
    """Find the words of trades in each order's text. Takes some 20 µs an order."""
    return [replace(one, words=tuple(topics(text))) for one, text in said]


def hot_topics(said: Iterable[Said], now: datetime) -> list[Topic]:
    """Find them, the most kinds and the most callers first. ``said``: in any order."""
    by_topic: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for one in said:
        if not now - LOOKED_AT <= one.at <= now:
            continue
        for word in one.words:
            for place in dict.fromkeys(("", one.region, one.township)):
                by_topic[word, place].append(one)
    found = [
        topic
        for (word, place), orders in by_topic.items()
        if (topic := _topic(word, place, sorted(orders, key=lambda one: one.at), now))
    ]
    return list(_apart(sorted(found, key=_rank)))


def _rank(topic: Topic) -> tuple[int, int, bool, str, str]:
    """The most kinds, the most callers, a place rather than none."""
    return -len(topic.kinds), -topic.callers, not topic.place, topic.word, topic.place


def _topic(word: str, place: str, orders: Sequence[Said], now: datetime) -> Topic | None:
    told = dict(_kinds(orders, now, is_placed=place != ""))
    if not told:
        return None
    return Topic(
        word=word,
        place=place,
        kinds=tuple(told),
        why=tuple(told.values()),
        callers=_callers(orders, now - _DAY, now),
        orders=tuple(one.order for one in reversed(orders)),
        first_at=orders[0].at,
    )


def _kinds(orders: Sequence[Said], now: datetime, *, is_placed: bool) -> Iterator[tuple[Kind, str]]:
    lately = _callers(orders, now - _SUDDEN, now)
    before = _callers(orders, now - _SUDDEN - _USUAL, now - _SUDDEN) * (_SUDDEN / _USUAL)
    if lately >= SUDDEN and lately >= TIMES_USUAL * before:
        yield Kind.SUDDEN, f"2小时内{lately}人反映，平时2小时{before:.1f}人"
    today = _callers(orders, now - _DAY, now)
    if not is_placed and today >= HOT:
        yield Kind.HOT, f"24小时内{today}人反映"
    if is_placed and today >= CONCENTRATED:
        yield Kind.CONCENTRATED, f"24小时内同一地方{today}人反映"
    days = [_callers(orders, now - (n + 1) * _DAY, now - n * _DAY) for n in range(LASTING_OF)]
    if sum(count > 0 for count in days) >= LASTING_DAYS:
        yield Kind.LASTING, f"近{LASTING_OF}天有{sum(count > 0 for count in days)}天有人反映"
    grown = days[:BUDDING_DAYS][::-1]
    is_growing = all(one < other for one, other in zip(grown, grown[1:], strict=False))
    earlier = _callers(orders, now - LOOKED_AT, now - BUDDING_DAYS * _DAY)
    if grown[0] > 0 and is_growing and grown[-1] >= BUDDING and not earlier:
        yield Kind.BUDDING, f"近{BUDDING_DAYS}天{'、'.join(map(str, grown))}人，此前没有"


def _callers(orders: Sequence[Said], since: datetime, until: datetime) -> int:
    """How many different people, after ``since`` and up to ``until``."""
    return len({one.caller or one.order for one in orders if since < one.at <= until})


def _apart(ranked: Sequence[Topic]) -> Iterator[Topic]:
    """Leave out what says no more of the same orders than one before it did."""
    told: dict[frozenset[str], set[Kind]] = defaultdict(set)
    for topic in ranked:
        known = told[frozenset(topic.orders)]
        if not known.issuperset(topic.kinds):
            known.update(topic.kinds)
            yield topic

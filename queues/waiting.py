"""What a waiting caller is told, and when: the place, about how long, and then music again. Pure.

A caller wants to know where it stands, not to be talked at: the first word comes soon, the next
only when something changed enough to matter, and the telling ends by itself.
"""

from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

FIRST_AFTER: Final = timedelta(seconds=10)
"""Most callers are served before; they hear music only."""
QUIET: Final = timedelta(seconds=30)
"""The least time from one telling to the next."""
STILL_AFTER: Final = timedelta(seconds=120)
"""When nothing changed for so long, the caller hears once more that the line is alive."""
MOST_TELLINGS: Final = 12
"""Then music only, however long it takes."""
LONG: Final = timedelta(minutes=2)
"""Whoever waits less, as far as anybody knows, is not asked at once whether to be called back."""
MOST_ASKED: Final = 2
"""How often a caller is asked that; after it, whoever wants to knows."""
NEAR: Final = 3
"""So near the head of the queue every step counts; further back, a quarter of the way does."""

FEWEST_TAKEN: Final = 3
"""Callers that must have been taken lately before a waiting time is told at all."""
RECENT: Final = timedelta(minutes=30)
REMEMBERED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a caller was told last."""

    at: datetime
    ahead: int
    """Callers that stood before it."""
    wait: timedelta | None
    """About how long it would take; None: not told."""
    tellings: int = 1
    asked: int = 0
    """How often it was asked whether to be called back."""


class Pace:
    """How quickly a centre's queue moves, from when its last callers were taken."""

    def __init__(self) -> None:
        self._taken: deque[datetime] = deque(maxlen=REMEMBERED)

    def take(self, at: datetime) -> None:
        """Note that a waiting caller was taken to a seat."""
        self._taken.append(at)

    def expected_wait(self, ahead: int, now: datetime) -> timedelta | None:
        """About how long somebody with so many before it will wait; None: too little is known.

        The mean gap between callers taken lately, once for each who stands before and once for
        the caller itself. A queue that stands still longer than that makes the gap longer.
        """
        recent = [at for at in self._taken if now - at <= RECENT]
        if len(recent) < FEWEST_TAKEN:
            return None
        gap = (recent[-1] - recent[0]) / (len(recent) - 1)
        gap = max(gap, (now - recent[-1]) / 2)
        return gap * (ahead + 1)


def tell(
    told: Told | None,
    *,
    since: datetime,
    now: datetime,
    ahead: int,
    wait: timedelta | None,
    may_ask: bool = False,
) -> Told | None:
    """Decide whether to tell a caller now, and what; None: let the music play.

    ``since`` is when it began to wait. ``told.wait`` is what to say of the time, ``told.ahead``
    of the place. ``may_ask``: the caller could be called back; it is asked when ``asked`` has
    grown, with the first word only if the wait is long or unknown.
    """
    next_word = _next_word(told, since=since, now=now, ahead=ahead, wait=wait)
    if next_word is None or not may_ask or next_word.asked >= MOST_ASKED:
        return next_word
    if told is None and wait is not None and wait <= LONG:
        return next_word
    return replace(next_word, asked=next_word.asked + 1)


def _next_word(
    told: Told | None, *, since: datetime, now: datetime, ahead: int, wait: timedelta | None
) -> Told | None:
    if told is None:
        if now - since < FIRST_AFTER:
            return None
        return Told(at=now, ahead=ahead, wait=wait)
    if told.tellings >= MOST_TELLINGS or now - told.at < QUIET:
        return None
    moved = told.ahead - ahead
    matters = moved >= 1 if told.ahead <= NEAR else moved >= max(1, told.ahead // 4)
    if not matters and now - told.at < STILL_AFTER:
        return None
    return replace(told, at=now, ahead=ahead, wait=wait, tellings=told.tellings + 1)


def ask_again_at(told: Told | None, *, since: datetime, now: datetime) -> datetime | None:
    """When ``tell`` may next have something to say; None: never again."""
    if told is None:
        return max(since + FIRST_AFTER, now)
    if told.tellings >= MOST_TELLINGS:
        return None
    return max(told.at + QUIET, now)

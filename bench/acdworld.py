"""What a simulated hotline is made of: its seats, its callers, and what became of them."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from cti.ids import CallId, CentreId, SeatId
from queues.acd import AT_ONCE, GENERAL

EPOCH = datetime(2026, 11, 20, tzinfo=UTC)
CENTRE = CentreId("simulated")

Seconds = float
Draw = Callable[[random.Random], Seconds]

Way = Literal["served", "abandoned", "called-back", "unreached", "came-again"]
"""How a caller left. ``came-again``: called in while its place was kept, and stands there now."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who calls."""

    at: Seconds
    skill: str = GENERAL
    head_start: timedelta = AT_ONCE
    last_seat: int | None = None
    """The seat that knows its open demand."""
    duty: str = ""
    """Whose seats it wants before anything else."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", round(self.at, 6))  # the clock knows microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """Places kept for callers who press 1: agent first, then the caller, a few times."""

    share: float
    """Of those who hear the offer, how many press."""
    after: Draw
    """How long they wait before they do."""
    dial: Draw
    """How long a seat is taken by an attempt in vain."""
    reached: float = 0.7
    attempts: int = 2
    pause: timedelta = timedelta(minutes=5)
    again: float = 0.0
    """How many of them call in themselves, and meet their kept place."""
    again_after: Draw = lambda drawn: drawn.uniform(10, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A hotline to be played. Draws are in seconds."""

    seats: Sequence[frozenset[str]]
    """Each seat's skills."""
    talk: Draw
    levels: Sequence[Mapping[str, int]] = ()
    """Each seat's levels, or nothing."""
    duties: Sequence[frozenset[str]] = ()
    """The duties each seat does, or nothing."""
    patience: Draw | None = None
    wrap_up: Draw | None = None
    head_starts: tuple[timedelta, ...] = ()
    """What the callers' classes are worth."""
    widens_after: timedelta = AT_ONCE
    last_seat_for: timedelta = AT_ONCE
    overflows: tuple[tuple[str, timedelta], ...] = ()
    """Further skills, each with the waiting after which its seats will do."""
    keeping: Keeping | None = None
    misses: float = 0.0
    """Share of offers that are not answered: the caller goes back to its place."""
    ring: Draw = lambda _: 15.0
    """How long a seat rings that does not answer."""
    away: Draw = lambda _: 60.0
    """How long it is not ready then."""


@dataclass(slots=True)
class Outcome:
    """What became of one caller. ``left`` is set exactly once, or the simulation stops."""

    caller: Caller
    came: Seconds
    since: Seconds
    """Its place: when it came, or when the one came whose kept place it met."""
    left: Way | None = None
    wait: Seconds = 0.0
    """On the line: to the answer, to giving up, or to the keeping of its place."""
    talk: Seconds = 0.0
    seat: SeatId | None = None
    kept_at: Seconds | None = None
    attempts: int = 0
    """Times a seat was taken to call it back."""


@dataclass(slots=True)
class Played:
    """The whole run."""

    outcomes: list[Outcome] = field(default_factory=list)
    busy: Seconds = 0.0
    """Talk, wrap-up and dialling of all seats together."""
    lasted: Seconds = 0.0
    missed: int = 0
    """Offers that were not answered."""
    longest_overtaking: timedelta = AT_ONCE
    """The most by which somebody who came later was served before another."""
    checked: int = 0
    """Steps after which every promise was looked at."""


class Impossible(AssertionError):  # noqa: N818 - what happened
    """The ACD broke a promise."""


def instant(seconds: Seconds) -> datetime:
    """That second of the simulation, to the microsecond, for the ACD."""
    return EPOCH + timedelta(seconds=seconds)


def seat_named(number: int) -> SeatId:
    """The id of the n-th seat."""
    return SeatId(f"seat-{number}")


def call_named(number: int) -> CallId:
    """The id of the n-th call."""
    return CallId(f"1.{number}")


def poisson(
    calls_per_s: float, count: int, seed: int, skills: Sequence[str] = (GENERAL,)
) -> Iterator[Caller]:
    """``count`` callers who know nothing of each other."""
    drawn = random.Random(seed)  # noqa: S311 - people, not secrets
    at = 0.0
    for _ in range(count):
        at += drawn.expovariate(calls_per_s)
        yield Caller(at, drawn.choice(skills))


def exponential(mean_s: Seconds) -> Draw:
    """Draws with that mean and no memory."""
    return lambda drawn: drawn.expovariate(1 / mean_s)

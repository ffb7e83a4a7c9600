"""Days of a hotline played through the very ACD of the product, as fast as it decides.

Nothing is imitated but people: when they call, how long they wait, talk and write.
"""

import heapq
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from cti.ids import CallId, CentreId, SeatId
from queues.acd import AT_ONCE, GENERAL, Acd, FreeSeat, Waiter

EPOCH = datetime(2026, 11, 20, tzinfo=UTC)
CENTRE = CentreId("simulated")

Seconds = float
Draw = Callable[[random.Random], Seconds]


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who calls."""

    at: Seconds
    skill: str = GENERAL
    head_start: timedelta = AT_ONCE


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A hotline to be played. Draws are in seconds."""

    seats: Sequence[frozenset[str]]
    """Each seat's skills."""
    talk: Draw
    patience: Draw | None = None
    wrap_up: Draw | None = None
    widens_after: timedelta = AT_ONCE


@dataclass(slots=True)
class Outcome:
    """What became of one caller. ``left`` is set exactly once, or the simulation stops."""

    caller: Caller
    left: Literal["served", "abandoned"] | None = None
    wait: Seconds = 0.0
    talk: Seconds = 0.0
    seat: SeatId | None = None


@dataclass(slots=True)
class Played:
    """The whole run."""

    outcomes: list[Outcome] = field(default_factory=list)
    busy: Seconds = 0.0
    """Talk and wrap-up of all seats together."""
    lasted: Seconds = 0.0


class Impossible(AssertionError):  # noqa: N818 - what happened
    """The ACD broke a promise."""


def play(
    world: World, callers: Iterator[Caller], seed: int, make_acd: Callable[[], Acd] = Acd
) -> Played:
    """Play until the last caller is gone. Raises ``Impossible`` where a promise is broken.

    Held at every step: a seat has one call at most, a call rings one seat, a seat is only given
    what it can do, and every caller leaves exactly one way.
    """
    return _Simulation(world, callers, seed, make_acd()).run()


class _Simulation:
    def __init__(self, world: World, callers: Iterator[Caller], seed: int, acd: Acd) -> None:
        self._world = world
        self._callers = callers
        self._random = random.Random(seed)  # noqa: S311 - people, not secrets
        self._acd = acd
        self._played = Played()
        self._waiting: dict[CallId, Outcome] = {}
        self._seats = {SeatId(f"seat-{n}"): skills for n, skills in enumerate(world.seats)}
        self._busy: set[SeatId] = set()
        self._due: list[tuple[Seconds, int, str, str]] = []
        self._counted = 0

    def run(self) -> Played:
        for seat in self._seats:
            self._free(seat, 0.0)
        self._next_caller()
        while self._due:
            now, _, what, who = heapq.heappop(self._due)
            self._played.lasted = now
            match what:
                case "call":
                    self._arrive(now, CallId(who))
                    self._next_caller()
                case "patience":
                    self._give_up(now, CallId(who))
                case "free":
                    self._busy.remove(SeatId(who))
                    self._free(SeatId(who), now)
            self._hunt(now)
        if self._waiting and not self._nobody_can_serve():
            raise Impossible("callers are left over")
        return self._played

    def _next_caller(self) -> None:
        caller = next(self._callers, None)
        if caller is not None:
            self._played.outcomes.append(Outcome(caller))
            self._after(caller.at, "call", f"1.{len(self._played.outcomes) - 1}")

    def _after(self, at: Seconds, what: str, who: str) -> None:
        self._counted += 1
        heapq.heappush(self._due, (at, self._counted, what, who))

    def _arrive(self, now: Seconds, call: CallId) -> None:
        outcome = self._played.outcomes[int(call[2:])]
        self._waiting[call] = outcome
        waiter = Waiter(
            since=EPOCH + timedelta(seconds=now),
            call=call,
            centre=CENTRE,
            skill=outcome.caller.skill,
            head_start=outcome.caller.head_start,
            widens_after=self._world.widens_after,
        )
        self._acd.join(waiter)
        if self._world.widens_after and waiter.skill != GENERAL:
            self._after(now + self._world.widens_after.total_seconds(), "widen", call)
        if self._world.patience is not None:
            self._after(now + self._world.patience(self._random), "patience", call)

    def _give_up(self, now: Seconds, call: CallId) -> None:
        outcome = self._waiting.pop(call, None)
        if outcome is not None:
            self._acd.leave(call)
            self._leave(outcome, "abandoned", now - outcome.caller.at)

    def _leave(self, outcome: Outcome, way: Literal["served", "abandoned"], wait: Seconds) -> None:
        if outcome.left is not None:
            raise Impossible(f"{outcome} leaves again")
        outcome.left, outcome.wait = way, wait

    def _free(self, seat: SeatId, now: Seconds) -> None:
        since = EPOCH + timedelta(seconds=now)
        self._acd.free(FreeSeat(seat, CENTRE, self._seats[seat], since))

    def _hunt(self, now: Seconds) -> None:
        for match in self._acd.hunt(EPOCH + timedelta(seconds=now)):
            outcome = self._waiting.pop(match.call, None)
            skills = self._seats[match.seat]
            if outcome is None or match.seat in self._busy:
                raise Impossible(f"{match}: the caller is gone or the seat is taken")
            if not {outcome.caller.skill, GENERAL} & skills:
                raise Impossible(f"{match}: the seat cannot do that")
            self._leave(outcome, "served", now - outcome.caller.at)
            self._busy.add(match.seat)
            outcome.seat, outcome.talk = match.seat, self._world.talk(self._random)
            taken = outcome.talk
            if self._world.wrap_up is not None:
                taken += self._world.wrap_up(self._random)
            self._played.busy += taken
            self._after(now + taken, "free", match.seat)

    def _nobody_can_serve(self) -> bool:
        has = frozenset().union(*self._seats.values())
        return GENERAL not in has and all(
            outcome.caller.skill not in has for outcome in self._waiting.values()
        )


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

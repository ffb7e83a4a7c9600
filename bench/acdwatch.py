"""The promises of the ACD, held against what it does. It is never asked itself.

Told who waits and which seat is free, ``Watch`` knows by the rules alone, read from the world and
not from ``queues.acd``, which seat may ring for whom and when.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.acdworld import Caller, Impossible, World, instant, seat_named
from cti.ids import CallId, SeatId
from queues.acd import AT_ONCE, GENERAL, Match, longest_overtaking

Thing = tuple[str, str]
"""What a caller may want and a seat may give."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A caller in the queue."""

    call: CallId
    place: tuple[datetime, int]
    since: datetime
    head_start: timedelta
    opens: Mapping[Thing, datetime]
    """From when on which seats will do."""
    is_kept: bool

    def may_take(self, gives: Collection[Thing], now: datetime) -> bool:
        """Whether a seat that gives those things may ring for it."""
        return any(thing in gives and opens <= now for thing, opens in self.opens.items())


class Watch:
    """Raises ``Impossible`` where a promise is broken:

    a seat rings for one call, a call at one seat; a seat is given only what it can do and may do
    by then; who may take the same seat goes in the order of places, so nobody is overtaken by more
    than ``longest_overtaking``, and no call-back comes before somebody who holds and came earlier;
    after a hunt no free seat stands idle while a caller it may take waits.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._head_starts = {AT_ONCE, *world.head_starts}
        self._gives = {
            seat_named(n): _gives(world, n, skills) for n, skills in enumerate(world.seats)
        }
        self._wants: dict[tuple[str, int | None, str, bool], dict[Thing, timedelta]] = {}
        """By the facts of a caller on which they depend."""
        self._waiting: dict[CallId, Standing] = {}
        self._free: set[SeatId] = set()
        self._calls_touched: set[CallId] = set()
        self._seats_touched: set[SeatId] = set()
        self.longest_overtaking = AT_ONCE
        self.checked = 0

    def joins(
        self,
        call: CallId,
        caller: Caller,
        since: float,
        now: float,
        *,
        is_kept: bool,
        pause: float,
        here: Collection[SeatId] | None = None,
    ) -> None:
        """A caller stands in the queue, and is not offered for ``pause`` seconds.

        ``here``: the seats at work, of which somebody must have what the caller wants most, or it
        is not waited for alone; None: it is in any case.
        """
        gives = self._gives
        is_there = here is None or any(_most(caller) in gives[seat] for seat in here)
        facts = caller.skill, caller.last_seat, caller.duty, is_there
        wants = self._wants.get(facts)
        if wants is None:
            wants = self._wants[facts] = _wants(self._world, caller, is_there=is_there)
        began, not_before = instant(since), instant(now + pause)
        opens = {thing: max(began + after, not_before) for thing, after in wants.items()}
        place = (began - caller.head_start, int(call.rpartition(".")[2]))
        self._waiting[call] = Standing(call, place, began, caller.head_start, opens, is_kept)
        self._calls_touched.add(call)

    def leaves(self, call: CallId) -> None:
        """A caller is gone from the queue by itself."""
        del self._waiting[call]

    def looks(self, call: CallId) -> None:
        """A time has come at which more seats may ring for that caller."""
        self._calls_touched.add(call)

    def frees(self, seat: SeatId) -> None:
        """A seat could take a call."""
        self._free.add(seat)
        self._seats_touched.add(seat)

    def openings(self, call: CallId) -> list[datetime]:
        """From when on which seats may ring for that caller."""
        return sorted(set(self._waiting[call].opens.values()))

    def matched(self, match: Match, now: datetime) -> None:
        """A caller rings at a seat."""
        standing = self._waiting.pop(match.call, None)
        if standing is None or match.seat not in self._free:
            raise Impossible(f"{match}: the caller is gone or the seat is taken")
        self._free.remove(match.seat)
        gives = self._gives[match.seat]
        if not standing.may_take(gives, now):
            raise Impossible(f"{match}: the seat cannot do that, or not yet")
        for other in self._waiting.values():
            if other.place[0] <= standing.since and other.may_take(gives, now):
                self._goes_before(standing, other)

    def _goes_before(self, served: Standing, other: Standing) -> None:
        """Somebody is served while another waits whom the same seat might take."""
        by = served.since - other.since
        self.longest_overtaking = max(self.longest_overtaking, by)
        if by > longest_overtaking(other.head_start, self._head_starts):
            raise Impossible(f"{served.call} overtakes {other.call} by {by}")
        is_same_class = served.head_start == other.head_start
        if served.is_kept and not other.is_kept and is_same_class and by > AT_ONCE:
            raise Impossible(f"the call-back {served.call} overtakes {other.call}, who holds")
        if other.place < served.place:
            raise Impossible(f"{served.call} is served out of turn: {other.call} was before it")

    def settled(self, now: datetime) -> None:
        """The hunt is over: nobody idles whom a waiting caller might have.

        Only who changed since the last look can be in such a pair.
        """
        self.checked += 1
        seats, self._seats_touched = self._seats_touched & self._free, set()
        calls, self._calls_touched = self._calls_touched & self._waiting.keys(), set()
        idle = [(seat, one) for seat in seats for one in self._waiting.values()]
        idle += [(seat, self._waiting[call]) for call in calls for seat in self._free]
        for seat, one in idle:
            if one.may_take(self._gives[seat], now):
                raise Impossible(f"{seat} stands idle while {one.call} waits")

    def is_hopeless(self, call: CallId) -> bool:
        """Whether no seat of the world may ever ring for that caller."""
        wanted = self._waiting[call].opens.keys()
        return not any(wanted & gives for gives in self._gives.values())


def _gives(world: World, number: int, skills: frozenset[str]) -> frozenset[Thing]:
    duties = world.duties[number] if world.duties else frozenset()
    return frozenset(
        {("seat", seat_named(number))}
        | {("skill", skill) for skill in skills}
        | {("duty", duty) for duty in duties}
    )


def _most(caller: Caller) -> Thing:
    return ("duty", caller.duty) if caller.duty else ("skill", caller.skill)


def _wants(world: World, caller: Caller, *, is_there: bool) -> dict[Thing, timedelta]:
    """The last seat at once; then what it wants most; then the rest; then where it overflows to."""
    alone = AT_ONCE if caller.last_seat is None else world.last_seat_for
    later = max(alone, world.widens_after) if is_there else alone
    rest = (("skill", caller.skill), ("skill", GENERAL))
    found: dict[Thing, timedelta] = {**dict.fromkeys(rest, later), _most(caller): alone}
    for skill, after in world.overflows:
        opens = max(alone, after)
        found["skill", skill] = min(opens, found.get(("skill", skill), opens))
    if caller.last_seat is not None:
        found["seat", seat_named(caller.last_seat)] = AT_ONCE
    return found

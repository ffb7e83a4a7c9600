"""Automatic call distribution: which waiting caller rings at which free seat. Pure.

**Order.** A caller's place is the instant of arrival less the head start of its class. That *is*
ageing: a class is worth so many seconds of waiting and no more, so nobody starves, and the
longest overtaking can be computed by anyone (``longest_overtaking``).

**Wants.** A caller wants one thing first and takes more as it waits (``Waiter.wants``): the last
seat while a demand is open, then what it or the day has first, then the line's own skill, then
the general seats, then where it overflows to. Each want is a pool (``queues.pool``) that the
caller enters at its time; a seat stands free in the pool of each of its skills. A seat rings for
the earliest caller of all its pools; a caller rings at the best seat of the first of its pools
that has one: the lowest level, then the one free longest. A caller no free seat may take does not
hold up those behind.

**Cost.** Only pools in which something changed are looked at. A decision costs a few binary
searches for each of the seat's skills or the caller's wants, however many wait.
"""

import heapq
import re
from bisect import bisect_left
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count

from cti.ids import CallId, CentreId, SeatId
from queues.pool import (
    Place,
    Pool,
    PoolName,
    Rank,
    be_busy,
    be_free,
    leave_place,
    seat_pool,
    skill_pool,
    stands,
    take_place,
)

_DIGITS = re.compile(r"\d+")

GENERAL = "通用"
"""The skill of a seat that takes any line."""

AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiter:
    """A caller in the queue, and what it may be given when."""

    since: datetime
    """When it began to wait. Kept through missed offers, so the place is kept too."""
    call: CallId
    centre: CentreId
    skill: str
    head_start: timedelta = AT_ONCE
    """What its class is worth, in waiting time."""
    first: tuple[PoolName, ...] = ()
    """What it wants before the line's skill, best first: a duty's seats, a language, a skill."""
    widens_after: timedelta = AT_ONCE
    """How long it waits for what it wants most before anything else will do."""
    last_seat: SeatId | None = None
    """The seat that knows its open demand."""
    last_seat_for: timedelta = AT_ONCE
    """How long that seat alone is waited for."""
    overflows: tuple[tuple[PoolName, timedelta], ...] = ()
    """Further pools, best first, each with the waiting after which it will do. They come behind
    all the others, and none opens while the last seat alone is waited for."""
    not_before: datetime | None = None
    """An order that was refused because the channel was busy is not given again earlier."""
    place: Place = field(init=False)
    """Where it stands. Of two in the same instant, who has the lower counter came earlier."""
    wants: tuple[tuple[PoolName, timedelta], ...] = field(init=False)
    """The pools it enters, best first, each once, with the waiting after which it does."""

    def __post_init__(self) -> None:
        tie = tuple(int(digits) for digits in _DIGITS.findall(self.call))
        object.__setattr__(self, "place", (self.since - self.head_start, tie, self.call))
        object.__setattr__(self, "wants", self._wants())

    def _wants(self) -> tuple[tuple[PoolName, timedelta], ...]:
        found: dict[PoolName, timedelta] = {}
        alone = AT_ONCE
        if self.last_seat is not None:
            found[seat_pool(self.last_seat)] = AT_ONCE
            alone = self.last_seat_for
        skills = (skill_pool(self.centre, skill) for skill in (self.skill, GENERAL))
        later = max(alone, self.widens_after)
        for name in (*self.first, *skills):
            found.setdefault(name, alone if len(found) == (self.last_seat is not None) else later)
        for name, after in self.overflows:
            opens = max(alone, after)
            found[name] = min(found.get(name, opens), opens)
        return tuple(found.items())


@dataclass(frozen=True, slots=True)
class FreeSeat:
    """A seat that could take a call now."""

    seat: SeatId
    centre: CentreId
    skills: Collection[str]
    since: datetime
    levels: Mapping[str, int] = field(default_factory=dict)
    """How far behind the seat stands in a skill: 0 where nothing is said, higher rings later."""
    pools: Collection[PoolName] = ()
    """Further pools it stands free in, such as the duties of the hour. None is of a skill."""

    @property
    def ranks(self) -> tuple[tuple[PoolName, Rank], ...]:
        """The pools it stands free in, with its turn in each."""
        skilled = tuple(
            (skill_pool(self.centre, skill), (self.levels.get(skill, 0), self.since, self.seat))
            for skill in self.skills
        )
        further = ((name, (0, self.since, self.seat)) for name in self.pools)
        return ((seat_pool(self.seat), (0, self.since, self.seat)), *skilled, *further)


@dataclass(frozen=True, slots=True)
class Match:
    """A caller, and the seat where it should ring."""

    call: CallId
    seat: SeatId


def longest_overtaking(own: timedelta, head_starts: Collection[timedelta]) -> timedelta:
    """How much later than a caller somebody may come and still be served before it.

    ``own`` is the caller's head start, ``head_starts`` those of all classes. Holds for callers
    whom the same free seat may take.
    """
    return max((*head_starts, own)) - own


class Acd:
    """The waiting callers and the free seats. ``hunt`` pairs them; nothing else decides."""

    def __init__(self) -> None:
        self._waiters: dict[CallId, Waiter] = {}
        self._free: dict[SeatId, FreeSeat] = {}
        self._pools: dict[PoolName, Pool] = {}
        self._changed: set[PoolName] = set()
        """The only pools in which a match is possible: the last hunt left none in any other."""
        self._lines: dict[CentreId, list[Place]] = {}
        self._openings: list[tuple[datetime, int, CallId, PoolName]] = []
        """A heap of who may enter which pool when. Those of an earlier joining are skipped."""
        self._unscheduled: list[tuple[CallId, int]] = []
        """Who joined since the last hunt: only the next one knows what time it is."""
        self._joinings = count()
        self._joined: dict[CallId, int] = {}

    # --- callers --------------------------------------------------------------------------

    def join(self, waiter: Waiter) -> None:
        """Put a caller into the queue at the place its waiting time gives it, or move it there."""
        self.leave(waiter.call)
        self._waiters[waiter.call] = waiter
        self._joined[waiter.call] = joining = next(self._joinings)
        take_place(self._lines.setdefault(waiter.centre, []), waiter.place)
        self._unscheduled.append((waiter.call, joining))
        for name, after in waiter.wants:
            if waiter.not_before is None and not after:
                self._enter(name, waiter)

    def leave(self, call: CallId) -> None:
        """Take a caller out of the queue, if it is there."""
        waiter = self._waiters.pop(call, None)
        if waiter is None:
            return
        del self._joined[call]
        leave_place(self._lines[waiter.centre], waiter.place)
        for name, _ in waiter.wants:
            pool = self._pools.get(name)
            if pool is not None:
                leave_place(pool.waiting, waiter.place)
                self._tidy(name, pool)

    def waiter(self, call: CallId) -> Waiter | None:
        """The caller as it joined; None when it is not waiting."""
        return self._waiters.get(call)

    def place(self, call: CallId) -> int:
        """How many stand before that caller in its centre, plus one; 0 when it is not waiting."""
        waiter = self._waiters.get(call)
        if waiter is None:
            return 0
        return 1 + bisect_left(self._lines[waiter.centre], waiter.place)

    def waiting_at(self, centre: CentreId) -> int:
        """How many of that centre's callers wait."""
        return len(self._lines.get(centre, ()))

    def __len__(self) -> int:
        return len(self._waiters)

    @property
    def callers(self) -> list[CallId]:
        """Those who wait, in order."""
        return [place[2] for place in sorted(p for line in self._lines.values() for p in line)]

    # --- seats ----------------------------------------------------------------------------

    def free(self, seat: FreeSeat) -> None:
        """Say that a seat could take a call, or that what it can do has changed."""
        if self._free.get(seat.seat) == seat:
            return
        self.occupy(seat.seat)
        self._free[seat.seat] = seat
        for name, rank in seat.ranks:
            be_free(self._pool(name).free, rank)
            self._changed.add(name)

    def occupy(self, seat: SeatId) -> None:
        """Say that a seat can take no call."""
        known = self._free.pop(seat, None)
        if known is None:
            return
        for name, rank in known.ranks:
            pool = self._pools[name]
            be_busy(pool.free, rank)
            self._tidy(name, pool)

    def free_in(self, name: PoolName) -> tuple[SeatId, ...]:
        """The seats that stand free in a pool, in the order in which they would ring."""
        pool = self._pools.get(name)
        return tuple(rank[2] for rank in pool.free) if pool is not None else ()

    # --- deciding -------------------------------------------------------------------------

    def hunt(self, now: datetime) -> list[Match]:
        """Pair callers with seats. Each matched caller and seat is taken out on both sides."""
        self._schedule(now)
        self._open(now)
        matches: list[Match] = []
        while self._changed:
            ready = [
                (pool.waiting[0], name)
                for name in self._changed
                if (pool := self._pools.get(name)) is not None and pool.can_match
            ]
            if not ready:
                self._changed.clear()
                break
            call = min(ready)[0][2]
            seat = self._best(self._waiters[call])
            self.leave(call)
            self.occupy(seat)
            matches.append(Match(call, seat))
        return matches

    def next_opening(self) -> datetime | None:
        """When ``hunt`` should be asked again though nothing happens; None: not needed.

        Who joined since the last hunt is not looked at: ask after a hunt.
        """
        while self._openings and self._joined.get(self._openings[0][2]) != self._openings[0][1]:
            heapq.heappop(self._openings)
        return self._openings[0][0] if self._openings else None

    def shift_clock(self, by: timedelta) -> None:
        """Keep every pause as long as it was, now that the clock was set. Places stay."""
        self._openings = [
            (o + by, joining, call, name) for o, joining, call, name in self._openings
        ]
        for call, waiter in self._waiters.items():
            if waiter.not_before is not None:
                self._waiters[call] = replace(waiter, not_before=waiter.not_before + by)

    def _open(self, now: datetime) -> None:
        """Let everybody into the pools whose time has come."""
        while self._openings and self._openings[0][0] <= now:
            _, joining, call, name = heapq.heappop(self._openings)
            if self._joined.get(call) == joining:
                self._enter(name, self._waiters[call])

    def _schedule(self, now: datetime) -> None:
        """Note when those who joined may enter the pools that did not take them at once.

        Nobody waits longer than a want's time from now: a clock that was set back since the
        caller came must not hold it.
        """
        for call, joining in self._unscheduled:
            if self._joined.get(call) != joining:
                continue
            waiter = self._waiters[call]
            began = min(waiter.since, now)
            for name, after in waiter.wants:
                if after or waiter.not_before is not None:
                    opens = max(began + after, waiter.not_before or began)
                    heapq.heappush(self._openings, (opens, joining, call, name))
        self._unscheduled.clear()

    def _enter(self, name: PoolName, waiter: Waiter) -> None:
        take_place(self._pool(name).waiting, waiter.place)
        self._changed.add(name)

    def _best(self, waiter: Waiter) -> SeatId:
        """The seat for a caller who stands in some pool with a free one."""
        pools = (self._pools.get(name) for name, _ in waiter.wants)
        return next(
            pool.free[0][2]
            for pool in pools
            if pool is not None and pool.free and stands(pool.waiting, waiter.place)
        )

    def _pool(self, name: PoolName) -> Pool:
        return self._pools.setdefault(name, Pool())

    def _tidy(self, name: PoolName, pool: Pool) -> None:
        """A pool of one seat's callers must not outlive them."""
        if pool.is_empty:
            del self._pools[name]
            self._changed.discard(name)

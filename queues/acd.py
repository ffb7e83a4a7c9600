"""Automatic call distribution: which waiting caller rings at which free seat.

Callers are served in the order in which they began to wait, across all lines of a centre. A
caller wants the skill of the dialled line; a seat has the skill, or is a general seat, which
takes any line. Seats with the very skill come first, then general ones; among equals the one
free longest. A caller no free seat may take does not hold up those behind (Q2, Q3).
"""

import re
from bisect import insort
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cti.ids import CallId, CentreId, SeatId

_DIGITS = re.compile(r"\d+")

GENERAL = "通用"
"""The skill of a seat that takes any line."""


@dataclass(frozen=True, slots=True, order=True)
class Waiter:
    """A caller in the queue; sorts by place."""

    since: datetime
    tie: tuple[int, ...] = field(init=False)
    """Who came earlier of two who began to wait in the same instant: the call's own counter."""
    call: CallId
    centre: CentreId = field(compare=False)
    skill: str = field(compare=False)
    not_before: datetime | None = field(compare=False, default=None)
    """An order that was refused because the channel was busy is not given again earlier."""

    def __post_init__(self) -> None:
        numbers = tuple(int(digits) for digits in _DIGITS.findall(self.call))
        object.__setattr__(self, "tie", numbers)


@dataclass(frozen=True, slots=True)
class FreeSeat:
    """A seat that could take a call now."""

    seat: SeatId
    centre: CentreId
    skills: frozenset[str]
    since: datetime


@dataclass(frozen=True, slots=True)
class Match:
    """A caller, and the seat where it should ring."""

    call: CallId
    seat: SeatId


class Acd:
    """The waiting callers and the free seats. ``hunt`` pairs them; nothing else decides."""

    def __init__(self) -> None:
        self._queue: list[Waiter] = []
        self._waiters: dict[CallId, Waiter] = {}
        self._free: dict[SeatId, FreeSeat] = {}

    def join(self, waiter: Waiter) -> None:
        """Put a caller into the queue at the place its waiting time gives it, or move it there."""
        self.leave(waiter.call)
        self._waiters[waiter.call] = waiter
        insort(self._queue, waiter)

    def leave(self, call: CallId) -> None:
        """Take a caller out of the queue, if it is there."""
        waiter = self._waiters.pop(call, None)
        if waiter is not None:
            self._queue.remove(waiter)

    def free(self, seat: FreeSeat) -> None:
        """Say that a seat could take a call. Saying it again changes nothing but its skills."""
        self._free[seat.seat] = seat

    def occupy(self, seat: SeatId) -> None:
        """Say that a seat can take no call."""
        self._free.pop(seat, None)

    def shift_clock(self, by: timedelta) -> None:
        """Keep every pause as long as it was, now that the clock was set. Places stay."""
        for call, waiter in self._waiters.items():
            if waiter.not_before is not None:
                moved = replace(waiter, not_before=waiter.not_before + by)
                self._waiters[call] = self._queue[self._queue.index(waiter)] = moved

    def place(self, call: CallId) -> int:
        """How many stand before that caller in its centre, plus one; 0 when it is not waiting."""
        waiter = self._waiters.get(call)
        if waiter is None:
            return 0
        return 1 + sum(w.centre == waiter.centre for w in self._queue[: self._queue.index(waiter)])

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def callers(self) -> list[CallId]:
        """Those who wait, in order."""
        return [waiter.call for waiter in self._queue]

    def hunt(self, now: datetime) -> list[Match]:
        """Pair callers with seats. Each matched caller and seat is taken out on both sides."""
        matches: list[Match] = []
        if not self._free:
            return matches
        for waiter in list(self._queue):
            if waiter.not_before is not None and waiter.not_before > now:
                continue
            seat = self._best(waiter)
            if seat is None:
                continue
            self.leave(waiter.call)
            self.occupy(seat.seat)
            matches.append(Match(waiter.call, seat.seat))
            if not self._free:
                break
        return matches

    def _best(self, waiter: Waiter) -> FreeSeat | None:
        best: FreeSeat | None = None
        rank: tuple[bool, datetime, SeatId] | None = None
        for seat in self._free.values():
            has_skill = waiter.skill in seat.skills
            if seat.centre != waiter.centre or not (has_skill or GENERAL in seat.skills):
                continue
            mine = (not has_skill, seat.since, seat.seat)
            if rank is None or mine < rank:
                best, rank = seat, mine
        return best

"""Callers and seats that want the same thing of each other, each side in its order. Pure.

A pool is what a caller may want and a seat may give: a skill of a centre, one seat by name, or
whatever else both name alike.
"""

from bisect import bisect_left, insort
from dataclasses import dataclass, field
from datetime import datetime

from cti.ids import CallId, CentreId, SeatId

PoolName = tuple[str, ...]
"""What a pool is of. Only compared."""

Place = tuple[datetime, tuple[int, ...], CallId]
"""A caller's place, smaller is earlier: the instant that counts, the call's counter, its id."""

Rank = tuple[int, datetime, SeatId]
"""A free seat's turn, smaller rings earlier: its level in the pool, free since when, its id."""


@dataclass(slots=True)
class Pool:
    """Who waits and who is free. Both lists are sorted, and nobody stands in one twice.

    Lists, not trees: at the size of a hotline moving a list's tail costs less than a comparison.
    """

    waiting: list[Place] = field(default_factory=list)
    free: list[Rank] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nobody waits and nobody is free."""
        return not self.waiting and not self.free

    @property
    def can_match(self) -> bool:
        """Whether somebody waits and somebody is free."""
        return bool(self.waiting and self.free)


def skill_pool(centre: CentreId, skill: str) -> PoolName:
    """The seats of a centre that have a skill, and who wants it."""
    return "skill", centre, skill


def seat_pool(seat: SeatId) -> PoolName:
    """One seat, and who wants that very one."""
    return "seat", seat


def stands(standing: list[Place], place: Place) -> bool:
    """Whether that place is in the list."""
    at = bisect_left(standing, place)
    return at < len(standing) and standing[at] == place


def take_place(standing: list[Place], place: Place) -> None:
    """Stand in the list; the caller must not stand there."""
    insort(standing, place)


def leave_place(standing: list[Place], place: Place) -> None:
    """Go out of the list, if there."""
    if stands(standing, place):
        del standing[bisect_left(standing, place)]


def be_free(standing: list[Rank], rank: Rank) -> None:
    """Stand in the list; the seat must not stand there with another rank."""
    insort(standing, rank)


def be_busy(standing: list[Rank], rank: Rank) -> None:
    """Go out of the list; the seat must stand there with that rank."""
    del standing[bisect_left(standing, rank)]

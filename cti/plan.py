"""What the switch must know of the city: seats, skills and times. Ring 0, made from the profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from cti.ids import CentreId, LineId, SeatId


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSeat:
    """A seat of the profile."""

    centre: CentreId
    extension: str
    skills: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPlan:
    """The city as the switch sees it. Replaced whole when the profile changes."""

    seats: Mapping[SeatId, PlannedSeat]
    skill_of: Mapping[LineId, str]
    """The skill a line's callers want. A line not named wants the general one."""
    ring: timedelta = timedelta(seconds=15)
    """How long a seat rings: the bound of a caller's wait if the brain dies meanwhile."""
    wrap_up: timedelta = timedelta(seconds=30)

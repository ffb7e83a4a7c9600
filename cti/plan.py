"""What the switch must know of the city: seats, skills, times. Ring 0, made from the platform."""

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
class CentreTimes:
    """How long things take in one centre."""

    ring: timedelta = timedelta(seconds=15)
    """How long a seat rings: the bound of a caller's wait if the brain dies meanwhile."""
    wrap_up: timedelta = timedelta(seconds=30)


USUAL = CentreTimes()
"""For a centre that the plan does not name: a seat that was taken out may still be in use."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPlan:
    """All centres as the switch sees them. Replaced whole when the city changes."""

    seats: Mapping[SeatId, PlannedSeat]
    skill_of: Mapping[tuple[CentreId, LineId], str]
    """The skill a line's callers want; one number may be a line of several centres. A line not
    named wants the general one."""
    times: Mapping[CentreId, CentreTimes]

    def ring_of(self, centre: CentreId) -> timedelta:
        """How long that centre's seats ring."""
        return self.times.get(centre, USUAL).ring

    def wrap_up_of(self, centre: CentreId) -> timedelta:
        """How long that centre's agents have after a talk."""
        return self.times.get(centre, USUAL).wrap_up

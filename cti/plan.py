"""What the switch must know of the city: seats, skills, times. Ring 0, made from the platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cti.ids import CentreId, LineId, PeerId, SeatId
from transfer.target import Route, Target


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedSeat:
    """A seat of the profile."""

    centre: CentreId
    extension: str
    skills: frozenset[str]
    levels: Mapping[str, int] = field(default_factory=dict)
    """How far behind the seat stands in a skill: 0 where nothing is said, higher rings later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCaller:
    """Somebody the profile's list of callers names by number."""

    name: str
    """As the card shows it, such as an enterprise's name or 人大代表."""
    kind: str
    """企业, 人大代表, 政协委员 …, as the list has it."""
    skill: str = ""
    """Wanted before the line's own; '': none."""
    head_start: timedelta = timedelta(0)
    """What its class is worth, in waiting time."""
    until: datetime | None = None
    """From when the entry holds no more; None: it holds for good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Seats that take some calls first for some hours: a leader's day, a department's."""

    name: str
    since: datetime
    until: datetime
    seats: frozenset[SeatId]
    lines: frozenset[LineId]
    """Whose callers; empty: everybody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow:
    """Where callers may go who wait too long, or with too many. One step of the plan."""

    after: timedelta
    """How long a caller must have waited."""
    per_seat: float = 0.0
    """Only while more than so many wait for each signed-in seat of the centre; 0: always."""
    lines: frozenset[LineId] = frozenset()
    """Whose callers; empty: everybody's."""
    skill: str = ""
    """To seats of the caller's own centre with this skill; '': see the others."""
    centre: CentreId | None = None
    """To another centre's general seats on this platform."""
    peer: PeerId | None = None
    """To another exchange, by its trunk."""
    number: str = ""
    """What to dial there."""
    host: str = ""
    port: int = 0
    """Where that exchange is: a call that came from there is not sent back."""
    ring: timedelta = timedelta(seconds=20)
    """How long it rings there."""
    is_fallback: bool = False
    """To Asterisk's own queue."""
    is_night: bool = False
    """Outside working hours only: the night plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CentreTimes:
    """How long things take in one centre."""

    ring: timedelta = timedelta(seconds=15)
    """How long a seat rings: the bound of a caller's wait if the brain dies meanwhile."""
    wrap_up: timedelta = timedelta(seconds=30)
    widens_after: timedelta = timedelta(0)
    """How long callers wait for what they want most before anything else will do."""
    last_seat_for: timedelta = timedelta(0)
    """How long a caller with an open demand waits for the seat that knows it."""
    emergency_head_start: timedelta = timedelta(seconds=300)
    """What being handed over by an emergency line is worth, in waiting time: before all who came
    up to so much earlier, and nobody starves."""
    dials_out: bool = False
    """Whether agents may call citizens back: there is a trunk to dial over."""
    out_prefix: str = ""
    """Dialled before a citizen's number over that trunk, whichever centre's seat calls."""
    keeps_places: bool = False
    """Whether waiting callers may be called back instead."""
    supervise_tone: bool = False
    """Whether a talk is to hear a tone when a supervisor begins to listen."""
    callback_attempts: int = 2
    callback_pause: timedelta = timedelta(minutes=5)
    """From one attempt in vain to the next."""


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
    language_of: Mapping[tuple[CentreId, LineId], str] = field(default_factory=dict)
    """The language a line's callers want, as the skill that seats have who speak it."""
    known: Mapping[tuple[CentreId, str], KnownCaller] = field(default_factory=dict)
    """By the caller's number in the one form of ``config.dialled``."""
    duties: Mapping[CentreId, tuple[Duty, ...]] = field(default_factory=dict)
    overflows: Mapping[CentreId, tuple[Overflow, ...]] = field(default_factory=dict)
    """In the order in which callers go through them."""
    targets: Mapping[CentreId, Mapping[str, Target]] = field(default_factory=dict)
    """Where each centre's callers can be taken, by ``Target.id``, in the order desks show them."""
    typed: Mapping[CentreId, Route] = field(default_factory=dict)
    """How each centre dials a number that somebody typed, but for the number."""
    nights: Mapping[CentreId, tuple[tuple[datetime, datetime], ...]] = field(default_factory=dict)
    """When it is outside working hours, as far ahead as the plan reaches."""

    def times_of(self, centre: CentreId) -> CentreTimes:
        """How long things take in that centre."""
        return self.times.get(centre, USUAL)

    def ring_of(self, centre: CentreId) -> timedelta:
        """How long that centre's seats ring."""
        return self.times.get(centre, USUAL).ring

    def wrap_up_of(self, centre: CentreId) -> timedelta:
        """How long that centre's agents have after a talk."""
        return self.times.get(centre, USUAL).wrap_up

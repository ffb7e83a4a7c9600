"""A seat: who sits there and whether a call may ring there now. Ring 0: words only.

How a seat lives is ``queues.seatlife``.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cti.ids import AgentId, CallId, CentreId, SeatId

Skills = tuple[tuple[str, int], ...]
"""What a seat takes: each skill with how far behind the seat stands in it (0: rings first)."""


class AgentState(Enum):
    """What an agent is doing, in the field's words."""

    LOGGED_OUT = "logged-out"
    AVAILABLE = "available"
    OFFERED = "offered"
    TALKING = "talking"
    WRAP_UP = "wrap-up"
    NOT_READY = "not-ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatView:
    """A seat as desks, wallboard and mirror see it. Plain data, safe to serialise."""

    seat: SeatId
    centre: CentreId
    extension: str
    agent: AgentId | None
    state: AgentState
    reason: str
    """Why not ready; '' otherwise."""
    since: datetime
    """When the state began."""
    until: datetime | None
    """When wrap-up ends by itself."""
    call: CallId | None
    has_phone: bool
    wraps_up: CallId | None = None
    """In wrap-up: the call that is being finished. Submitting its order ends the wrap-up."""
    skills: Skills = ()
    """What it takes now, by name."""
    is_reskilled: bool = False
    """A supervisor has said so for this sitting; else the plan does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatStretch:
    """One stretch of a seat's time: who sat there and in which one state, from when to when.

    Keyed by seat and ``since``. Nobody signed in has no stretches.
    """

    seat: SeatId
    centre: CentreId
    agent: AgentId
    state: AgentState
    reason: str
    """Why not ready; '' otherwise."""
    call: CallId | None
    """Whose offer, talk or wrap-up it was, as far as known."""
    since: datetime
    until: datetime | None = None
    """When the next stretch began; None while it lasts."""

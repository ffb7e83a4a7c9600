"""A seat: who sits there and whether a call may ring there now. Ring 0: words only.

How a seat lives is ``queues.seatlife``.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from cti.ids import AgentId, CallId, CentreId, SeatId


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

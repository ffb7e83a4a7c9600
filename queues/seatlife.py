"""How a seat lives.

The life of a seat is one table, ``TABLE``, from (state, what happened) to the next state. It is
total: whatever happens in whatever state has an answer. What an agent asks for during an offer
or a talk (a break, signing out) is kept and takes effect when the call is over.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from itertools import product

from cti.happened import Phone
from cti.ids import AgentId, CallId, CentreId, SeatId
from queues.seat import AgentState, SeatView


class SeatInput(Enum):
    """What can happen to a seat."""

    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    READY = "ready"
    NOT_READY = "not-ready"
    OFFER = "offer"
    DIAL = "dial"
    """The agent calls out: the own phone rings first."""
    WITHDRAWN = "withdrawn"
    """The offer ended and it was not the agent's doing."""
    MISSED = "missed"
    """The offer ended unanswered, refused, or rang nowhere: the agent is away."""
    TALK = "talk"
    TALK_OVER = "talk-over"
    WRAP_UP_OVER = "wrap-up-over"
    PHONE_LOST = "phone-lost"
    """The phone vanished in mid-talk."""


_S, _I = AgentState, SeatInput
_MOVES: dict[tuple[AgentState, SeatInput], AgentState] = {
    (_S.LOGGED_OUT, _I.SIGN_IN): _S.NOT_READY,
    (_S.NOT_READY, _I.SIGN_OUT): _S.LOGGED_OUT,
    (_S.NOT_READY, _I.READY): _S.AVAILABLE,
    (_S.NOT_READY, _I.TALK): _S.TALKING,
    (_S.AVAILABLE, _I.SIGN_OUT): _S.LOGGED_OUT,
    (_S.AVAILABLE, _I.NOT_READY): _S.NOT_READY,
    (_S.AVAILABLE, _I.OFFER): _S.OFFERED,
    (_S.AVAILABLE, _I.DIAL): _S.OFFERED,
    (_S.NOT_READY, _I.DIAL): _S.OFFERED,
    (_S.WRAP_UP, _I.DIAL): _S.OFFERED,
    (_S.AVAILABLE, _I.MISSED): _S.NOT_READY,  # missed in the fall-back queue
    (_S.AVAILABLE, _I.TALK): _S.TALKING,
    (_S.OFFERED, _I.WITHDRAWN): _S.AVAILABLE,
    (_S.OFFERED, _I.MISSED): _S.NOT_READY,
    (_S.OFFERED, _I.PHONE_LOST): _S.NOT_READY,
    (_S.OFFERED, _I.TALK): _S.TALKING,
    (_S.TALKING, _I.TALK_OVER): _S.WRAP_UP,
    (_S.TALKING, _I.PHONE_LOST): _S.NOT_READY,
    (_S.WRAP_UP, _I.SIGN_OUT): _S.LOGGED_OUT,
    (_S.WRAP_UP, _I.READY): _S.AVAILABLE,
    (_S.WRAP_UP, _I.NOT_READY): _S.NOT_READY,
    (_S.WRAP_UP, _I.WRAP_UP_OVER): _S.AVAILABLE,
    (_S.WRAP_UP, _I.TALK): _S.TALKING,
}
TABLE: dict[tuple[AgentState, SeatInput], AgentState] = {
    (state, what): _MOVES.get((state, what), state) for state, what in product(_S, _I)
}
"""The seat's life. A pair that moves nowhere stays where it is."""

BUSY = frozenset({_S.OFFERED, _S.TALKING})
"""States in which an agent's wish to leave waits for the end of the call."""


@dataclass(slots=True, kw_only=True)
class Seat:
    """One seat's state. Only ``Switch`` holds and changes these."""

    id: SeatId
    centre: CentreId
    extension: str
    skills: frozenset[str]
    """As planned."""
    levels: Mapping[str, int] = field(default_factory=dict)
    """As planned: how far behind the seat stands in a skill, 0 where nothing is said."""
    since: datetime
    agent: AgentId | None = None
    state: AgentState = AgentState.LOGGED_OUT
    reason: str = ""
    until: datetime | None = None
    call: CallId | None = None
    wraps_up: CallId | None = None
    """In wrap-up: the call that was talked with."""
    phone: Phone = Phone.GONE
    is_on_page: bool = False
    """The telephone that rang last is the one in the seat's page."""
    wish: tuple[SeatInput, str] | None = None
    """What the agent asked for during a call, and its reason."""
    lent: Mapping[str, int] | None = None
    """Skills and levels that a supervisor has set for this sitting, in place of the planned."""

    def take(
        self,
        what: SeatInput,
        at: datetime,
        *,
        reason: str = "",
        call: CallId | None = None,
        wrap_up: timedelta = timedelta(0),
    ) -> bool:
        """Let something happen to the seat; true when anything a desk shows has changed.

        ``call`` goes with OFFER, DIAL and TALK, ``reason`` with NOT_READY and MISSED, ``wrap_up``
        with TALK_OVER (zero: none).
        """
        if self.state in BUSY and what in (_I.NOT_READY, _I.SIGN_OUT, _I.READY):
            self.wish = None if what is _I.READY else (what, reason)
            return False
        before = (self.state, self.reason, self.call, self.agent)
        talked = self.call or self.wraps_up
        self.state = TABLE[self.state, what]
        self.wraps_up = talked if self.state is _S.WRAP_UP else None
        if self.state in BUSY:
            self.call = call if what in (_I.OFFER, _I.DIAL, _I.TALK) else self.call
        else:
            self.call = None
        self.reason = self._reason(what, reason)
        self.until = at + wrap_up if self.state is _S.WRAP_UP else None
        if self.state is _S.LOGGED_OUT:
            self.agent = self.lent = None
        changed = before != (self.state, self.reason, self.call, self.agent)
        if changed:
            self.since = at
        if self.state not in BUSY and self.wish is not None:
            wished, why = self.wish
            self.wish = None
            return self.take(wished, at, reason=why) or changed
        if self.state is _S.WRAP_UP and wrap_up <= timedelta(0):
            return self.take(_I.WRAP_UP_OVER, at) or changed
        return changed

    def _reason(self, what: SeatInput, reason: str) -> str:
        if self.state is not _S.NOT_READY:
            return ""
        return reason or self.reason or what.value

    @property
    def takes(self) -> Mapping[str, int]:
        """The skills it has now, each with how far behind it stands."""
        if self.lent is not None:
            return self.lent
        return {skill: self.levels.get(skill, 0) for skill in self.skills}

    @property
    def is_free(self) -> bool:
        """Whether a call may be put to the seat this instant."""
        return self.state is _S.AVAILABLE and self.phone is Phone.FREE

    def view(self) -> SeatView:
        """Return the seat as others see it."""
        return SeatView(
            seat=self.id,
            centre=self.centre,
            extension=self.extension,
            agent=self.agent,
            state=self.state,
            reason=self.reason,
            since=self.since,
            until=self.until,
            call=self.call,
            has_phone=self.phone is not Phone.GONE,
            wraps_up=self.wraps_up,
            skills=tuple(sorted(self.takes.items())),
            is_reskilled=self.lent is not None,
        )

"""What every key that calls a citizen out does: who may, from which seat, and the wish itself.

The seat's own phone rings first, then the citizen's, who sees the hotline's number.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from pydantic import BaseModel

from cti.errors import NotSignedIn
from cti.ids import CALLED_OUT, CallId, LineId
from cti.outevents import AgentDials
from cti.ports import Brain
from cti.web.desk import DeskHub
from cti.web.endpoint import Identity
from cti.web.errors import Refused
from queues.seat import SeatView
from queues.seatlife import BUSY

REFUSALS: Final = ("not-signed-in", "seat-busy", "phone-missing", "no-way-out", "citizen-on-call")


class CallOutShown(BaseModel):
    """The call that is being made."""

    call_id: str
    """Its recording, text and work order are under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dials:
    """A seat that may call out at this moment, and the call that it will be."""

    who: Identity
    seat: SeatView
    call: CallId
    at: datetime
    brain: Brain

    @classmethod
    def of(cls, who: Identity, hub: DeskHub, brain: Brain, now: datetime) -> Self:
        """The asker's own seat. Refused: no trunk, no seat, a busy one, one without a phone."""
        here = next((one for one in hub.platform if one.centre == who.centre), None)
        if here is None or not here.dial_out:
            raise Refused("no-way-out")
        seat = brain.seat_of(who.user)
        if seat is None:
            raise NotSignedIn(f"{who.user} is not signed in")
        if seat.state in BUSY:
            raise Refused("seat-busy")
        if not seat.has_phone:
            raise Refused("phone-missing")
        return cls(who=who, seat=seat, call=call_out_id(seat, now), at=now, brain=brain)

    def check(self, *, about: CallId, line: LineId, number: str) -> None:
        """Refuse what the switch would not carry out now."""
        if why := self.brain.why_not_dial(self._wish(about, line, number)):
            raise Refused(why)

    def submit(self, *, about: CallId, line: LineId, number: str) -> None:
        """Have the phone rung. The switch looks again when it does."""
        self.brain.submit(self._wish(about, line, number))

    def _wish(self, about: CallId, line: LineId, number: str) -> AgentDials:
        return AgentDials(
            at=self.at,
            seat=self.seat.seat,
            agent=self.who.user,
            call=self.call,
            about=about,
            centre=self.who.centre,
            line=line,
            number=number,
        )


def call_out_id(seat: SeatView, now: datetime) -> CallId:
    """Name a call out: one seat makes no two in a millisecond."""
    seconds, ms = divmod(int(now.timestamp() * 1000), 1000)
    return CallId(f"{CALLED_OUT}{seconds}.{ms:03}{seat.extension}")

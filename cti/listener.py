"""A supervisor in a talk of somebody else's. Part of the switch's rules; data only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cti.ids import AgentId, CallId, ChannelId, SeatId
from cti.movewishes import ShowSupervised
from transfer.step import Mode, Phase

SUPERVISING: Final = "supervising"
"""Why a seat that would be free is not ready: its phone is in somebody else's talk."""
_GATHERS: Final = frozenset({Phase.GATHERING, Phase.BRINGING})
_TAKES: Final = frozenset({Phase.TAKING, Phase.ON_WAY})


def rung_as(call: CallId, seat: SeatId) -> ChannelId:
    """The Uniqueid under which a supervisor's phone is rung; orders know it by that from then on.

    >>> rung_as(CallId("node1-1795310090.4"), SeatId("chifeng-1009"))
    'node1-1795310090.4-s-chifeng-1009'
    """
    return ChannelId(f"{call}-s-{seat}")


@dataclass(slots=True, kw_only=True)
class Listener:
    """A supervisor's own phone that rings to hear a talk, hears it, or takes it over."""

    seat: SeatId
    """The supervisor's."""
    agent: AgentId
    """Who is told what comes of it; '': not known."""
    call: CallId
    mode: Mode
    """In which it hears, as the phone told last."""
    wanted: Mode
    """In which it is to hear, as the supervisor said last."""
    ordered: Mode
    """Into which its phone was ordered last."""
    phase: Phase = Phase.RINGING
    spied: ChannelId = ChannelId("")
    """The agent's, which is listened to; '': ordered by a brain before us."""
    channel: ChannelId = ChannelId("")
    """The phone's; '' until it has answered."""
    until: datetime | None = None
    """When what was ordered must have shown."""
    has_looked: bool = False
    """It had not, and Asterisk was looked at."""

    @property
    def is_armed_for(self) -> bool:
        """Whether the caller is armed to follow somebody to the room on its account."""
        return self.phase in _GATHERS | _TAKES

    @property
    def is_gathering(self) -> bool:
        """Whether agent and caller are being brought to the room on its account."""
        return self.phase in _GATHERS

    def show(self, at: datetime, why: str = "") -> ShowSupervised:
        """How the supervisor's desks are told of it."""
        return ShowSupervised(
            call=self.call,
            seat=self.seat,
            agent=self.agent,
            mode=self.mode,
            wanted=self.wanted,
            phase=self.phase,
            at=at,
            why=why,
        )

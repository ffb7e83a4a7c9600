"""A supervisor in a talk of somebody else's. Part of the switch's rules; data only."""

from dataclasses import dataclass
from typing import Final

from cti.ids import CallId, ChannelId, SeatId
from transfer.step import Mode

SUPERVISING: Final = "supervising"
"""Why a seat that would be free is not ready: its phone is in somebody else's talk."""


def rung_as(call: CallId, seat: SeatId) -> ChannelId:
    """The Uniqueid under which a supervisor's phone is rung; orders know it by that from then on.

    >>> rung_as(CallId("node1-1795310090.4"), SeatId("chifeng-1009"))
    'node1-1795310090.4-s-chifeng-1009'
    """
    return ChannelId(f"{call}-s-{seat}")


@dataclass(slots=True, kw_only=True)
class Listener:
    """A supervisor's own phone that rings to hear a talk, or hears it."""

    seat: SeatId
    """The supervisor's."""
    call: CallId
    mode: Mode
    spied: ChannelId = ChannelId("")
    """The agent's, which is listened to; '': ordered by a brain before us."""
    channel: ChannelId = ChannelId("")
    """The phone's; '' until it has answered."""
    takes: bool = False
    """Ordered to take the talk over, and not in the call's room yet."""
    is_over: bool = False
    """It has stopped listening since: on its way to the room, or gone."""

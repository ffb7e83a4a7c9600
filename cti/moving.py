"""Moves: a caller is taken to somebody else, or somebody else to the caller. Rules of the switch.

What follows from what stands in ``transfer.table``; this module tells the table what happened and
turns what it says into orders.
"""

from cti.events import (
    AgentMoves,
    AgentSteers,
    AwayEnded,
    AwayStarted,
    CallerHeld,
    MonitorEnded,
    MonitorStarted,
    PartyLost,
    RecipientUnanswered,
    RoomEntered,
    SupervisorJoins,
    SupervisorTakes,
)
from cti.picture import Picture

MoveEvent = (
    AgentMoves
    | AgentSteers
    | AwayEnded
    | AwayStarted
    | CallerHeld
    | MonitorEnded
    | MonitorStarted
    | PartyLost
    | RecipientUnanswered
    | RoomEntered
    | SupervisorJoins
    | SupervisorTakes
)


def read(picture: Picture, event: MoveEvent) -> None:
    """Take in what happened to a move."""

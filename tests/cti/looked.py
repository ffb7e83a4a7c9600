"""What a look at Asterisk shows of one call: its caller, a seat, a recipient, who is signed in."""

from typing import Any

from cti.happened import Phone
from cti.ids import CallId, LegId, SeatId
from cti.seen import SeenChannel, SeenMember
from tests.cti.moved import M1, ROOM, recipient
from tests.cti.playbook import (
    ANI,
    ANNA,
    BEN,
    CALL,
    CENTRE,
    CHANNEL,
    DNIS,
    LINE,
    NOON,
    OTHER,
    SEAT,
    leg,
)


def members(*seats: SeatId) -> tuple[SeenMember, ...]:
    """Who sits at these seats, and is ready."""
    return tuple(
        SeenMember(
            seat=seat,
            agent=ANNA if seat == SEAT else BEN,
            is_paused=False,
            reason="",
            phone=Phone.FREE,
        )
        for seat in seats
    )


MEMBERS = members(SEAT, OTHER)


def caller(context: str, move: str = "", bridge: str = "", **more: Any) -> SeenChannel:
    """The caller, who came at noon, in that part of the dialplan."""
    return SeenChannel(
        channel=CHANNEL,
        call=CALL,
        seat=None,
        context=context,
        bridge=bridge,
        ani=ANI,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        arrived_at=NOON,
        since=NOON,
        move=move,
        **more,
    )


def phone(
    seat: SeatId = SEAT, call: CallId = CALL, *, context: str = "connect", bridge: str = ""
) -> SeenChannel:
    """A seat's phone, rung for a caller or talking with one."""
    return SeenChannel(channel=leg(seat), call=call, seat=seat, context=context, bridge=bridge)


def agent(context: str = "seat-room", bridge: str = ROOM) -> SeenChannel:
    """The agent of a call that is moved."""
    return phone(context=context, bridge=bridge)


def expert(of: LegId = M1, context: str = "joins", bridge: str = ROOM) -> SeenChannel:
    """A recipient who was rung over the trunk."""
    return SeenChannel(
        channel=recipient(of), call=CALL, seat=None, context=context, bridge=bridge, leg=of
    )


def colleague(of: LegId = M1, context: str = "joins", bridge: str = ROOM) -> SeenChannel:
    """A recipient who sits at the other seat."""
    return SeenChannel(
        channel=leg(OTHER, 9), call=CALL, seat=OTHER, context=context, bridge=bridge, leg=of
    )

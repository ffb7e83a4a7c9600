"""Legs come, meet in bridges and go; a talk is a seat and the caller in one bridge.

Part of the switch's rules.
"""

from datetime import datetime
from typing import assert_never

from cti.call import Call, CallState
from cti.events import LegBridged, LegHungUp, LegStarted, LegUnbridged
from cti.ids import AgentId, ChannelId, SeatId
from cti.picture import ADOPT_AFTER, LEGS_END_WITHIN, Picture
from queues.seatlife import SeatInput

NORMAL_CLEARING = 16
"""Q.850. Asterisk says 0 when a waiting caller hangs up; 0 means "still live" with us."""

LegEvent = LegStarted | LegBridged | LegUnbridged | LegHungUp


def moved(picture: Picture, event: LegEvent) -> None:
    """Follow one leg. The call is over when its last leg is, not before."""
    call = picture.calls.get(event.call)
    if call is None:
        return
    before = call.talking_seat
    match event:
        case LegStarted():
            call.legs[event.channel] = _seat(call, event)
        case LegBridged():
            call.legs[event.channel] = _seat(call, event)
            call.bridges[event.channel] = event.bridge
        case LegUnbridged():
            if call.bridges.get(event.channel) == event.bridge:
                del call.bridges[event.channel]
        case LegHungUp():
            _gone(picture, call, event.channel, event.cause, event.at)
        case _:
            assert_never(event)
    after = call.talking_seat
    if after != before:
        talk_changed(picture, call, after, event.at)
    if isinstance(event, LegHungUp) and call.left_at is not None and not call.legs:
        picture.finish(call, event.at)


def _seat(call: Call, event: LegStarted | LegBridged) -> SeatId | None:
    """The seat whose leg it is. A seat that dials 12345 is a caller, not who answers."""
    return None if event.channel == call.channel else event.seat


def talk_changed(picture: Picture, call: Call, seat_id: SeatId | None, at: datetime) -> None:
    """Close the talk that was, and open the one with ``seat_id``, if any."""
    picture.end_talk(call, at, SeatInput.TALK_OVER)
    if seat_id is None:
        return
    seat = picture.seats.get(seat_id)
    agent = seat.agent if seat is not None and seat.agent is not None else AgentId("")
    call.state = CallState.TALKING
    picture.acd.leave(call.id)
    call.begin_talk(seat_id, agent, at)
    picture.journal(call, at, "talking", seat=seat_id)
    if seat is not None and call.offer_seat != seat_id:
        # Not by our order: Asterisk's own queue rang, or a brain before us. No card stands there.
        picture.pop(call, seat, call.offer or call.next_offer(), at)
    if seat is not None:
        picture.move_seat(seat, SeatInput.TALK, at, call=call.id)


def _gone(picture: Picture, call: Call, channel: ChannelId, cause: int, at: datetime) -> None:
    seat = call.legs.pop(channel, None)
    call.bridges.pop(channel, None)
    if channel == call.channel:
        call.left_at, call.cause = at, cause or NORMAL_CLEARING
        picture.acd.leave(call.id)
        picture.alarm(at + LEGS_END_WITHIN, "over", call.id)
    elif seat is not None and call.state is CallState.FALLEN_BACK:
        picture.alarm(at + ADOPT_AFTER, "adopt", call.id)

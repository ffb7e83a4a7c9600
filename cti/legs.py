"""Legs come, meet in bridges and go; a talk is the caller and somebody else in one bridge.

Part of the switch's rules.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import assert_never

from cti import keeping, meeting, outside
from cti.call import Call, CallState, Party
from cti.events import LegBridged, LegHungUp, LegStarted, LegUnbridged
from cti.ids import AgentId, ChannelId
from cti.picture import ADOPT_AFTER, LEGS_END_WITHIN, Picture
from cti.seen import SeenChannel
from queues.seatlife import SeatInput
from records.callrecord import NORMAL_CLEARING, Direction

LegEvent = LegStarted | LegBridged | LegUnbridged | LegHungUp


def moved(picture: Picture, event: LegEvent) -> None:
    """Follow one leg. The call is over when its last leg is, not before."""
    call = picture.calls.get(event.call)
    if call is None:
        return
    before = call.partner
    match event:
        case LegStarted():
            keeping.leg_came(picture, call, event)
            if call.direction is Direction.OUT and event.seat is None and event.peer is None:
                call.channel = event.channel  # the citizen's
            call.legs[event.channel] = _party(call, event)
        case LegBridged():
            keeping.leg_came(picture, call, event)
            call.legs[event.channel] = _party(call, event)
            call.bridges[event.channel] = event.bridge
        case LegUnbridged():
            if call.bridges.get(event.channel) == event.bridge:
                del call.bridges[event.channel]
        case LegHungUp():
            _gone(picture, call, event.channel, event.cause, event.at)
        case _:
            assert_never(event)
    after = call.partner
    if after != before:
        talk_changed(picture, call, after, event.at)
    is_over = call.left_at is not None or call.direction is Direction.OUT
    is_known = call.id in picture.calls  # else a kept place has just been given up
    if isinstance(event, LegHungUp) and is_over and not call.legs and is_known:
        picture.finish(call, event.at)


def _party(call: Call, event: LegStarted | LegBridged) -> Party:
    """Whose leg it is. A seat or a peer that dials 12345 is a caller, not who answers."""
    return Party() if event.channel == call.channel else Party(event.seat, event.peer)


def seen(picture: Picture, call: Call, channels: Iterable[SeenChannel], at: datetime) -> None:
    """Take over which legs stand, and who hears whom, from a look at Asterisk."""
    call.legs = {one.channel: Party(one.seat, one.peer) for one in channels}
    call.bridges = {one.channel: one.bridge for one in channels if one.bridge}
    if call.partner != call.talk_partner:
        talk_changed(picture, call, call.partner, at)


def talk_changed(picture: Picture, call: Call, party: Party | None, at: datetime) -> None:
    """Close the talk that was, and open the one with ``party``, if any."""
    picture.end_talk(call, at, SeatInput.TALK_OVER)
    if party is None:
        return
    keeping.talks(picture, call)
    meeting.talks(picture, call, at)
    if party.seat is None:
        outside.stands(picture, call, at)
        call.begin_talk(party, AgentId(""), at)
        picture.journal(call, at, "talking", peer=party.peer or "")
        return
    seat = picture.seats.get(party.seat)
    agent = seat.agent if seat is not None and seat.agent is not None else AgentId("")
    call.state = CallState.TALKING
    picture.acd.leave(call.id)
    call.begin_talk(party, agent, at)
    if call.direction is Direction.IN:
        picture.pace(call.centre).take(at)
    picture.journal(call, at, "talking", seat=party.seat)
    if seat is not None and call.offer_seat != party.seat:
        # Not by our order: Asterisk's own queue rang, or a brain before us. No card stands there.
        picture.pop(call, seat, call.offer or call.next_offer(), at)
    if seat is not None:
        picture.move_seat(seat, SeatInput.TALK, at, call=call.id)


def _gone(picture: Picture, call: Call, channel: ChannelId, cause: int, at: datetime) -> None:
    party = call.legs.pop(channel, None)
    call.bridges.pop(channel, None)
    if channel == call.channel:
        if keeping.hung_up(picture, call, at):
            meeting.meet_all(picture, call, at)
            return
        call.left_at, call.cause = at, cause or NORMAL_CLEARING  # 0 means "still live" with us
        picture.acd.leave(call.id)
        picture.alarm(at + LEGS_END_WITHIN, "over", call.id)
    elif party is not None and party.seat is not None and call.state is CallState.FALLEN_BACK:
        picture.alarm(at + ADOPT_AFTER, "adopt", call.id)
    elif party is not None and party.seat is not None and party.seat == call.offer_seat:
        keeping.seat_left(picture, call, at)

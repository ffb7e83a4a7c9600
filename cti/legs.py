"""Legs come, meet in bridges and go; a talk is the caller and somebody else in one bridge.

Part of the switch's rules.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import assert_never

from cti import keeping, meeting, moving, outside, recipients
from cti.call import Call, CallState, Party
from cti.effects import HangUp, TakeSnapshot
from cti.events import LegBridged, LegHungUp, LegStarted, LegUnbridged
from cti.ids import AgentId, ChannelId, LegId
from cti.picture import ADOPT_AFTER, LEGS_END_WITHIN, Picture
from cti.seen import SeenChannel
from queues.seat import AgentState
from queues.seatlife import SeatInput
from records.callrecord import NORMAL_CLEARING, Direction

LegEvent = LegStarted | LegBridged | LegUnbridged | LegHungUp


def moved(picture: Picture, event: LegEvent) -> None:
    """Follow one leg. The call is over when its last leg is, not before."""
    call = picture.calls.get(event.call)
    if call is None:
        if isinstance(event, LegStarted) and event.leg:  # of a caller who has gone meanwhile
            picture.out.append(HangUp(call=event.call, channel=event.channel))
        return
    before, ended = call.partners, call.legs.get(event.channel)
    match event:
        case LegStarted():
            _note_phone(picture, event)
            keeping.leg_came(picture, call, event)
            party = _party(call, event)
            if call.direction is Direction.OUT and not party.is_other_side:
                call.channel = event.channel  # the citizen's
            call.legs[event.channel] = party
            if party.leg:
                recipients.came(picture, call, party, event.channel, event.at)
        case LegBridged():
            _note_phone(picture, event)
            keeping.leg_came(picture, call, event)
            call.legs[event.channel] = _party(call, event)
            if call.bridges.get(event.channel) == event.bridge:
                call.talked_since(event.channel, event.at)
            call.bridges[event.channel] = event.bridge
        case LegUnbridged():
            if call.bridges.get(event.channel) == event.bridge:
                del call.bridges[event.channel]
            moving.left_bridge(call, event.channel)
        case LegHungUp():
            _gone(picture, call, event.channel, event.cause, event.at)
        case _:
            assert_never(event)
    is_news = isinstance(event, LegBridged) and set(call.partners) != set(call.talk_partners)
    if call.partners != before or is_news:  # a look may have shown it before it was told
        talks_changed(picture, call, event.at)
    if isinstance(event, LegHungUp) and event.call in picture.calls:
        moving.leg_ended(picture, call, event.channel, ended or Party(), event.cause, event.at)
    is_over = call.left_at is not None or call.direction is Direction.OUT
    is_known = call.id in picture.calls  # else a kept place has just been given up
    if isinstance(event, LegHungUp) and is_over and not call.legs and is_known:
        picture.finish(call, event.at)


def _party(call: Call, event: LegStarted | LegBridged) -> Party:
    """Whose leg it is. A seat or a peer that dials 12345 is a caller, not who answers.

    Whom the caller's own dialplan dials for a move has a name of its own choice: it is known by
    the time at which it comes.
    """
    if event.channel == call.channel:
        return Party()
    known = call.legs.get(event.channel)
    leg = event.leg or (known.leg if known is not None else call.stand.away)
    return Party(event.seat, event.peer, leg)


def seen(picture: Picture, call: Call, channels: Iterable[SeenChannel], at: datetime) -> None:
    """Take over which legs stand, and who hears whom, from a look at Asterisk."""
    before = call.legs
    call.legs = {
        one.channel: Party(one.seat, one.peer, one.leg or _leg_of(call, one, before))
        for one in channels
    }
    call.bridges = {one.channel: one.bridge for one in channels if one.bridge}
    if set(call.partners) != set(call.talk_partners):
        talks_changed(picture, call, at)


def _leg_of(call: Call, one: SeenChannel, before: Mapping[ChannelId, Party]) -> LegId:
    """Whom the caller's own dialplan dials is known by nothing else than that it does."""
    known = before.get(one.channel)
    if known is not None:
        return known.leg
    others = (call.channel, call.move.channel if call.move is not None else None)
    is_away = one.channel not in others and one.channel not in call.stand.room
    return call.stand.away if is_away else LegId("")


def unheard(picture: Picture, call: Call) -> None:
    """Look, if the caller is said to have left and its channel's end was not told."""
    is_on_the_line = call.left_at is None and call.ringing_seat is None
    if is_on_the_line and call.state is CallState.LEAVING:
        picture.out.append(TakeSnapshot(why="a channel is gone and nobody hung up"))


def talks_changed(picture: Picture, call: Call, at: datetime) -> None:
    """Close the talks that were, and open those with whoever hears the caller now."""
    now = call.partners
    for party in call.talk_partners:
        if party not in now:
            picture.close_talk(call, party, at, SeatInput.TALK_OVER)
    for party in now:
        if party not in call.talk_partners:
            _talks(picture, call, party, at)
            channel = next(one for one, mine in call.legs.items() if mine == party)
            moving.talks(picture, call, party, channel, at)


def _talks(picture: Picture, call: Call, party: Party, at: datetime) -> None:
    """Open the talk with one who hears the caller now."""
    keeping.talks(picture, call)
    meeting.talks(picture, call, at)
    is_from_queue = call.state not in (CallState.TALKING, CallState.HELD) and not party.leg
    if party.seat is None and not party.leg:
        outside.stands(picture, call, at)
        call.begin_talk(party, AgentId(""), at)
        picture.journal(call, at, "talking", peer=party.peer or "")
        return
    seat = picture.seats.get(party.seat) if party.seat is not None else None
    agent = seat.agent if seat is not None and seat.agent is not None else AgentId("")
    is_new = seat is not None and (seat.state, seat.call) != (AgentState.TALKING, call.id)
    call.state = CallState.TALKING
    picture.acd.leave(call.id)
    call.begin_talk(party, agent, at)
    if call.direction is Direction.IN and is_from_queue:
        picture.pace(call.centre).take(at)
    who = {"seat": party.seat} if party.seat else {"peer": party.peer} if party.peer else {}
    picture.journal(call, at, "talking", **who, **({"leg": party.leg} if party.leg else {}))
    if seat is None:
        return
    if is_new and call.offer_seat != party.seat and not party.leg:
        # Not by our order: Asterisk's own queue rang, or a brain before us. No card stands there.
        picture.pop(call, seat, call.offer or call.next_offer(), at)
    picture.move_seat(seat, SeatInput.TALK, at, call=call.id)


def _note_phone(picture: Picture, event: LegStarted | LegBridged) -> None:
    """Which of its two telephones the seat uses."""
    seat = picture.seats.get(event.seat) if event.seat is not None else None
    if seat is not None:
        seat.is_on_page = f"{seat.id}-web-" in event.channel


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

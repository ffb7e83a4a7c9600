"""Moves: a caller is taken to somebody else, or somebody else to the caller. Rules of the switch.

What follows from what stands in ``transfer.table``. This module says what each event means to the
table; ``cti.movesteps`` does what it answers, ``cti.asking`` takes in what agents want, and
``cti.movelate`` what was refused or is late.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, assert_never

from cti import absent, leaving, movesteps, recipients, returning
from cti.call import Call, CallState, Party
from cti.effects import TakeSnapshot
from cti.happened import OfferOutcome
from cti.ids import ChannelId, LegId, SeatId
from cti.move import Move, Where
from cti.moveevents import (
    AwayEnded,
    AwayStarted,
    CallerHeld,
    PartyLost,
    RecipientUnanswered,
    RoomEntered,
)
from cti.movewishes import SayNumber, SendAway
from cti.offers import AFTER_OFFER, ORDER_AGAIN_AFTER
from cti.picture import Picture
from queues.seat import AgentState
from queues.seatlife import SeatInput
from transfer.step import Kind, Step, What

MoveEvent = AwayEnded | AwayStarted | CallerHeld | PartyLost | RecipientUnanswered | RoomEntered
KICKED_WITHIN: Final = timedelta(seconds=1)
"""A dying caller has taken everybody out of the room by then."""
HELD_WITHIN: Final = timedelta(milliseconds=300)
"""A caller whose talk is over has said by then that it holds, if it was armed to."""
THREE: Final = frozenset({Kind.THREE_WAY, Kind.EMERGENCY})
"""Kinds in which initiator and caller talk on while it rings."""
RINGS: Final = frozenset({Step.RINGING, Step.PASSING, Step.SENDING})
_CAUSES: Final = {
    16: OfferOutcome.CALLER_LEFT,
    17: OfferOutcome.REJECTED,
    21: OfferOutcome.REJECTED,
}
_MISSED: Final = frozenset({18, 19, 102, 127})


def read(picture: Picture, event: MoveEvent) -> None:
    """Take in what happened to a moved call."""
    call = picture.calls.get(event.call)
    if call is None:
        picture.out.append(TakeSnapshot(why="a call that is moved is not known"))
        return
    match event:
        case CallerHeld():
            _held(picture, call, event.at)
        case RoomEntered():
            _entered(picture, call, event)
        case PartyLost():
            if event.channel not in call.stand.let_go and call.left_at is None:
                call.stand.lost.add(event.channel)
        case AwayStarted():
            _away(picture, call, event)
        case AwayEnded():
            _not_away(picture, call, event)
        case RecipientUnanswered():
            _not_rung(picture, call, event)
        case _:
            assert_never(event)


def _not_rung(picture: Picture, call: Call, event: RecipientUnanswered) -> None:
    """Of a phone that was busy, Asterisk says no more than of one that is not there.

    While its leg stands, what it ends with will tell them apart, a moment later.
    """
    has_rung = call.leg_channel(event.leg) is not None
    if event.outcome is not OfferOutcome.UNREACHABLE or not has_rung:
        unanswered(picture, call, event.leg, event.outcome, event.at)


# --- the caller -------------------------------------------------------------------------------


def _arrived(picture: Picture, call: Call, where: Where) -> None:
    call.stand.caller, call.stand.away = where, LegId("")
    is_there(call, where.value)
    picture.acd.leave(call.id)
    if not call.talk_partners:
        call.state = CallState.HELD


def is_there(call: Call, where: str) -> None:
    """It has come where it was ordered last; another place is on the way to that one."""
    going = call.stand.going.get(call.channel)
    if going is not None and going.to == where:
        del call.stand.going[call.channel]


def _held(picture: Picture, call: Call, at: datetime) -> None:
    _arrived(picture, call, Where.HOLD)
    call.stand.is_armed = False
    picture.end_talk(call, at, SeatInput.TALK_OVER)
    call.state = CallState.HELD
    move = call.move
    if call.channel in call.stand.going:
        return
    if move is None or move.step is Step.JOINED:
        movesteps.bring(picture, call, at)
    elif move.kind in recipients.ALONE and move.route >= 0 and move.routes[move.route].skill:
        recipients.to_queue(picture, call, at)
    elif _is_expected(call, move):
        movesteps.send(picture, call, call.channel, Where.ROOM.value, at)
    elif isinstance(move.order, SendAway) and move.order.seat_channel is not None:
        # Its talk had ended just before, and another order's word still stood: from hold, then.
        move.order = replace(move.order, seat_channel=None)
        recipients.send_away(picture, call, move.order, at)
    else:
        movesteps.settle(picture, call, at)


def _is_expected(call: Call, move: Move) -> bool:
    """Whether one who was to hold until somebody answers is better off with whoever is in the room.

    A supervisor who took the talk over, or whom it brought there, waits for nobody else.
    """
    others = [one for one, party in call.legs.items() if not party.leg or party.leg != move.leg]
    is_rung = move.step is Step.PASSING or (move.step is Step.RINGING and move.kind in THREE)
    is_there = any(one in call.stand.room and one not in call.stand.let_go for one in others)
    return is_rung and move.kind not in recipients.ALONE and is_there


def _entered(picture: Picture, call: Call, event: RoomEntered) -> None:
    if event.channel == call.channel:
        _arrived(picture, call, Where.ROOM)
        call.stand.is_armed = False  # whoever enters is armed for nothing
        if call.move is not None and movesteps.is_armed_in(call, call.move):
            movesteps.arm(picture, call, "hold")
        movesteps.settle(picture, call, event.at)
        movesteps.together(picture, call, event.at)
        leaving.met(picture, call, event.channel)
        return
    call.stand.going.pop(event.channel, None)
    call.stand.room.add(event.channel)
    call.legs.setdefault(event.channel, Party(event.seat, None, event.leg))
    returning.came(picture, call, event.leg, event.channel, event.at)
    if event.leg:
        _answered(picture, call, event)
    is_joined = call.move is not None and call.move.step is Step.JOINED
    if call.move is None or (is_joined and call.stand.absent is None):
        movesteps.arm(picture, call, "")  # now somebody stays if the other goes
    movesteps.settle(picture, call, event.at)
    leaving.met(picture, call, event.channel)


def _away(picture: Picture, call: Call, event: AwayStarted) -> None:
    _arrived(picture, call, Where.AWAY)
    call.stand.away, call.stand.is_armed = event.leg, False
    call.state = CallState.HELD
    movesteps.empty(picture, call)
    move = call.move
    if move is None or move.leg != event.leg:
        return
    route = move.routes[move.route]
    recipients.rings(call, event.leg, move.seat, route.peer, event.at)
    move.order = None
    movesteps.happened(picture, call, What.SET, event.at)


def _not_away(picture: Picture, call: Call, event: AwayEnded) -> None:
    call.stand.away = LegId("")
    if event.outcome is not OfferOutcome.ANSWERED:
        unanswered(picture, call, event.leg, event.outcome, event.at)
    call.close_offer(event.outcome, event.leg)
    picture.end_dial(call, event.at, event.leg)


def pause(call: Call) -> timedelta:
    """How long one that we ordered to the queue is not offered.

    It may have gone there by itself just before, and then the order brings it there again.
    """
    return ORDER_AGAIN_AFTER if is_fetched(call) else timedelta(0)


def is_fetched(call: Call) -> bool:
    """Whether the caller was ordered somewhere, and has not come there."""
    return call.channel in call.stand.going


def waits(picture: Picture, call: Call, at: datetime) -> None:
    """The caller is in the queue, by our order or because its own dialplan brought it there."""
    stand = call.stand
    stand.caller, stand.away, stand.is_armed = Where.ELSEWHERE, LegId(""), False
    is_there(call, "wait")
    if call.channel in stand.going:  # it will be fetched in a moment
        picture.acd.leave(call.id)
        call.state = CallState.HELD
        return
    if call.move is not None and call.move.kind in recipients.ALONE:
        call.move.why = call.move.why or "queued"
    movesteps.happened(picture, call, What.WAITING, at)
    if stand.unsaid:
        picture.out.append(SayNumber(call=call.id, channel=call.channel, number=stand.unsaid))
        stand.unsaid = ""
    if call.move is None:
        movesteps.bring(picture, call, at)


# --- the others -------------------------------------------------------------------------------


def _answered(picture: Picture, call: Call, event: RoomEntered) -> None:
    """A recipient is in the room: by answering, or back from hold. One too late is let go."""
    call.close_offer(OfferOutcome.ANSWERED, event.leg)
    move = call.move
    if move is not None and move.leg == event.leg and move.step in RINGS:
        if event.seat is not None and (seat := picture.seats.get(event.seat)) is not None:
            picture.move_seat(seat, SeatInput.TALK, event.at, call=call.id)
        call.stand.kept.add(event.leg)
        movesteps.happened(picture, call, What.ANSWERED, event.at)
        movesteps.together(picture, call, event.at)
    elif event.leg not in call.stand.kept:
        recipients.let_go(picture, call, event.channel)


def unanswered(
    picture: Picture, call: Call, leg: LegId, outcome: OfferOutcome, at: datetime
) -> None:
    """A route came to nothing: the next is tried, or there is none. Told twice, it is one."""
    call.close_offer(outcome, leg)
    absent.unanswered(picture, call, leg, outcome, at)
    move = call.move
    if move is None or move.leg != leg or move.step not in RINGS:
        return
    recipients.withdraw(picture, call, move, AFTER_OFFER[outcome], at, outcome.value)
    has_next = recipients.next_route(picture, call, move) is not None
    what = What.UNANSWERED if has_next else What.EXHAUSTED
    movesteps.happened(picture, call, what, at, why=outcome.value)


def talks(picture: Picture, call: Call, party: Party, channel: ChannelId, at: datetime) -> None:
    """Somebody and the caller hear each other now: no number is read out to it after that."""
    call.stand.unsaid = ""
    move = call.move
    if move is None:
        return
    if move.kind in recipients.ALONE:
        if party.leg == move.leg and move.leg:
            call.close_offer(OfferOutcome.ANSWERED, party.leg)
            movesteps.happened(picture, call, What.ANSWERED, at)
    elif move.step is Step.PASSING and not party.leg:
        if party.seat is None:  # the line's own seats elsewhere: they may go while it rings
            movesteps.arm(picture, call, "hold")
            return
        move.initiator, move.channel = party.seat, channel
        movesteps.happened(picture, call, What.INITIATOR_CAME, at)


def leg_ended(
    picture: Picture, call: Call, channel: ChannelId, party: Party, cause: int, at: datetime
) -> None:
    """A leg has hung up or vanished, and is in the call no more."""
    stand = call.stand
    is_lost = channel in stand.lost
    stand.lost.discard(channel)
    stand.let_go.discard(channel)
    stand.room.discard(channel)
    stand.going.pop(channel, None)
    _left_alone(picture, call, channel, party, at)
    if channel == call.channel:
        stand.lost.clear()  # who goes with the caller has not vanished
        movesteps.happened(picture, call, What.CALLER_GONE, at)
        picture.alarm(at + KICKED_WITHIN, "left", call.id)
        return
    seat = picture.seats.get(party.seat) if party.seat is not None else None
    if seat is not None and _is_left(call, seat.state, seat.call == call.id, seat.id):
        what = SeatInput.PHONE_LOST if is_lost else SeatInput.TALK_OVER
        picture.move_seat(seat, what, at, reason=what.value)
    move = call.move
    if move is None:
        return
    picture.alarm(at + HELD_WITHIN, "unheard", call.id)
    if party.leg and party.leg == move.leg:
        if move.kind in recipients.ALONE:
            return  # its dialplan knows how that ended, and says so
        if move.step in RINGS:
            outcome = OfferOutcome.MISSED if cause in _MISSED else OfferOutcome.UNREACHABLE
            unanswered(picture, call, move.leg, _CAUSES.get(cause, outcome), at)
        else:
            what_happened = What.RECIPIENT_LOST if is_lost else What.RECIPIENT_GONE
            movesteps.happened(picture, call, what_happened, at)
    elif channel == move.channel:
        move.channel = None
        what_happened = What.INITIATOR_LOST if is_lost else What.INITIATOR_GONE
        if not is_lost or not returning.left(picture, call, move, at):
            movesteps.happened(picture, call, what_happened, at)
    else:
        absent.unanswered(picture, call, party.leg, OfferOutcome.UNREACHABLE, at)


def _left_alone(
    picture: Picture, call: Call, channel: ChannelId, party: Party, at: datetime
) -> None:
    """Whoever was to come is gone: who was to leave, and has the caller, stays."""
    leaver = call.stand.leaver
    if leaver is None:
        return
    if channel in (leaver.channel, call.channel):
        call.stand.leaver = None
    elif channel == leaver.comes or (party.leg and party.leg == leaver.move.leg):
        leaving.stays(picture, call, "gone", at)


def unheard(picture: Picture, call: Call, at: datetime) -> None:
    """Hold a caller whose talk had ended before it was armed: it hears goodbye, and somebody rings.

    If it is on its way to hold, another order brings it there.
    """
    move = call.move
    if move is None or move.step is not Step.PASSING or move.kind in recipients.ALONE:
        return
    is_elsewhere = call.state is CallState.HELD and call.stand.caller is Where.ELSEWHERE
    if is_elsewhere and not is_fetched(call) and not call.partners:
        movesteps.keep(picture, call, at)


def _is_left(call: Call, state: AgentState, is_ours: bool, seat: SeatId) -> bool:
    talks_now = any(party.seat == seat for party in call.talk_partners)
    is_here = any(party.seat == seat for party in call.legs.values())
    return state is AgentState.TALKING and is_ours and not talks_now and not is_here


def left_bridge(call: Call, channel: ChannelId) -> None:
    """Of anybody but the caller, no more than this tells that it is on hold."""
    one = call.stand.going.get(channel)
    if channel != call.channel and one is not None and one.to == Where.HOLD.value:
        del call.stand.going[channel]

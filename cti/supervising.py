"""A supervisor hears a talk, is heard in it, or takes it over. Part of the switch's rules.

The supervisor's phone is no leg of the call while it listens: its end changes nothing for the
caller. To take over, it goes to the call's room first and the caller is armed to follow there;
only when it is there is the agent let go, so the caller is with one of them at every moment.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, assert_never

from cti.call import Call
from cti.effects import HangUp, TakeSnapshot
from cti.events import OrderRefused
from cti.happened import Phone, Refusal
from cti.ids import ChannelId, SeatId
from cti.listener import SUPERVISING, Listener
from cti.move import Where
from cti.moveevents import (
    MonitorEnded,
    MonitorStarted,
    RoomEntered,
    SupervisorJoins,
    SupervisorTakes,
)
from cti.movewishes import ArmCaller, Monitor, SendTo
from cti.picture import Picture
from cti.seen import SeenChannel
from queues.seatlife import BUSY, SeatInput
from transfer.step import Mode

UNSEEN_AFTER: Final = timedelta(seconds=5)
"""A phone that rang its whole time was given up this long ago, or nobody told us."""
TAKEN_WITHIN: Final = timedelta(seconds=2)
"""Whoever takes a talk over is in the room by then, or all stays as it was."""

LISTENS, TAKES = "monitor", "take-over"
ALARMS: Final = frozenset({LISTENS, TAKES})
"""What the clock rings for, each with the supervisor's seat."""

SuperviseEvent = SupervisorJoins | SupervisorTakes | MonitorStarted | MonitorEnded


def read(picture: Picture, event: SuperviseEvent) -> None:
    """Take in what a supervisor wants, or what came of it."""
    match event:
        case SupervisorJoins():
            _joins(picture, event)
        case SupervisorTakes():
            _takes(picture, event)
        case MonitorStarted():
            _started(picture, event)
        case MonitorEnded():
            listener = picture.listeners.get(event.seat)
            if listener is not None and listener.call == event.call:
                _ended(picture, listener, event.at)
        case _:
            assert_never(event)


def _joins(picture: Picture, event: SupervisorJoins) -> None:
    """Ring the supervisor's own phone, or change how it is in the talk."""
    seat, call = picture.seats.get(event.seat), picture.calls.get(event.call)
    if seat is None or seat.agent != event.agent or call is None or call.left_at is not None:
        return
    talks = _agents_leg(call, event.seat)
    listener = picture.listeners.get(event.seat)
    if talks is None or listener is not None:
        if listener is not None and listener.call == call.id and listener.channel:
            _order(picture, call, listener, event.mode)
        return
    if seat.state in BUSY or seat.phone is not Phone.FREE:
        return
    listener = Listener(seat=seat.id, call=call.id, mode=event.mode, spied=talks)
    picture.listens(listener, event.at)
    _order(picture, call, listener, event.mode)
    picture.alarm(event.at + picture.plan.ring_of(seat.centre) + UNSEEN_AFTER, LISTENS, seat.id)


def _order(picture: Picture, call: Call, listener: Listener, mode: Mode) -> None:
    if listener.takes:
        return
    centre = picture.seats[listener.seat].centre
    picture.out.append(
        Monitor(
            call=call.id,
            caller=call.channel,
            centre=call.centre,
            seat=listener.seat,
            channel=listener.spied,
            mode=mode,
            ring=picture.plan.ring_of(centre),
            has_tone=picture.plan.times_of(call.centre).supervise_tone,
            own=listener.channel,
        )
    )


def _agents_leg(call: Call, supervisor: SeatId) -> ChannelId | None:
    """The leg of the seat that talks: with the caller, or while the caller holds."""
    legs = [
        channel
        for channel, party in call.legs.items()
        if party.seat not in (None, supervisor) and channel in call.bridges
    ]
    callers = call.bridges.get(call.channel)
    with_caller = (channel for channel in legs if call.bridges[channel] == callers)
    return next(with_caller, next(iter(legs), None))


def _started(picture: Picture, event: MonitorStarted) -> None:
    listener = picture.listeners.get(event.seat)
    if listener is None or listener.call != event.call:  # a brain before us rang it
        listener = Listener(seat=event.seat, call=event.call, mode=event.mode)
        picture.listens(listener, event.at)
    listener.channel, listener.mode = event.channel, event.mode
    call = picture.calls.get(event.call)
    if call is not None:
        picture.journal(call, event.at, "supervised", seat=event.seat, mode=event.mode.value)


def _ended(picture: Picture, listener: Listener, at: datetime) -> None:
    """Its phone listens no more. Whoever takes the talk over says the same on the way."""
    if listener.takes:
        listener.is_over = True
    else:
        _end(picture, listener, at)


def _end(picture: Picture, listener: Listener, at: datetime) -> None:
    """Its phone is in the talk no more: whoever would be free is so again."""
    del picture.listeners[listener.seat]
    call = picture.calls.get(listener.call)
    if call is not None and listener.channel:
        picture.journal(call, at, "supervised-no-more", seat=listener.seat)
    _free(picture, listener.seat, at)


def _free(picture: Picture, seat_id: SeatId, at: datetime) -> None:
    seat = picture.seats.get(seat_id)
    if seat is not None and seat.reason == SUPERVISING:
        picture.move_seat(seat, SeatInput.READY, at)


# --- taking over ------------------------------------------------------------------------------


def _takes(picture: Picture, event: SupervisorTakes) -> None:
    """Bring the supervisor to the call's room; whoever moves the caller already goes first."""
    listener, call = picture.listeners.get(event.seat), picture.calls.get(event.call)
    if listener is None or call is None or listener.call != call.id or call.left_at is not None:
        return
    seat = picture.seats.get(event.seat)
    if seat is None or seat.agent != event.agent or not listener.channel or listener.takes:
        return
    spied = _agents_leg(call, event.seat)
    if spied is None or call.partner is None or call.move is not None:
        return
    if listener.spied not in call.legs:
        listener.spied = spied
    listener.takes = True
    if call.stand.caller is not Where.ROOM:
        call.stand.is_armed = True
        picture.out.append(ArmCaller(call=call.id, channel=call.channel, to="room"))
    picture.out.append(SendTo(call=call.id, channel=listener.channel, to="seat-room"))
    picture.alarm(event.at + TAKEN_WITHIN, TAKES, event.seat)
    picture.journal(call, event.at, "take-over-ordered", seat=event.seat)


def entered(picture: Picture, event: RoomEntered) -> None:
    """The supervisor is in the call's room: a leg of the call now, and the agent is let go.

    Or the agent is: whoever is heard by both comes after it, for in the plain talk the supervisor's
    voice was laid into the caller's ear, and would stay there while the caller holds.
    """
    call = picture.calls.get(event.call)
    for one in picture.listeners.values():
        is_heard = one.mode is Mode.BARGE and one.channel != ""
        if call is not None and is_heard and one.spied == event.channel:
            _order(picture, call, one, Mode.BARGE)
    found = (one for one in picture.listeners.values() if one.channel == event.channel)
    listener = next(found, None)
    if call is None or listener is None or not listener.takes:
        return
    _has_taken(picture, call, listener, event.at)


def _has_taken(picture: Picture, call: Call, listener: Listener, at: datetime) -> None:
    del picture.listeners[listener.seat]
    if listener.spied in call.legs:
        picture.out.append(HangUp(call=call.id, channel=listener.spied))
    picture.journal(call, at, "taken-over", seat=listener.seat)


def _stays(picture: Picture, call: Call, listener: Listener, at: datetime) -> None:
    """It came to nothing: the caller stays with the agent, and goes nowhere when the talk ends."""
    listener.takes = False
    if call.stand.caller is not Where.ROOM:
        call.stand.is_armed = False
        picture.out.append(ArmCaller(call=call.id, channel=call.channel, to=""))
    seat = picture.seats.get(listener.seat)
    if listener.is_over:
        _end(picture, listener, at)
    elif seat is not None and seat.agent is None:  # signed out meanwhile, and hears it still
        picture.out.append(HangUp(call=call.id, channel=listener.channel))


def refused(picture: Picture, event: OrderRefused) -> None:
    """An order was not carried out. One that was not answered may still be: its alarm looks."""
    call = picture.calls.get(event.call)
    if event.why is Refusal.TIMED_OUT or call is None:
        return
    for listener in [one for one in picture.listeners.values() if one.call == event.call]:
        if event.order == Monitor.__name__ and not listener.channel:
            _end(picture, listener, event.at)
        elif event.channel == listener.channel and listener.takes:
            _stays(picture, call, listener, event.at)


def rang(picture: Picture, kind: str, seat: SeatId, at: datetime) -> None:
    """Look again whether what was ordered has come to something."""
    listener = picture.listeners.get(seat)
    if listener is None:
        return
    call = picture.calls.get(listener.call)
    if kind == LISTENS and not listener.channel:
        _end(picture, listener, at)
    elif kind == TAKES and listener.takes and call is not None:
        _stays(picture, call, listener, at)
        picture.out.append(TakeSnapshot(why="a talk was to be taken over and was not"))


def seen(picture: Picture, channels: Sequence[SeenChannel], at: datetime) -> None:
    """Know again who hears which talk, from a look at Asterisk."""
    hearing = {one.seat: one for one in channels if one.seat and one.hears}
    here = {one.channel for one in channels}
    for listener in list(picture.listeners.values()):
        if not listener.channel or listener.seat in hearing:
            continue
        call = picture.calls.get(listener.call)
        if call is not None and listener.takes and listener.channel in here:
            _has_taken(picture, call, listener, at)
        elif call is not None and listener.takes:
            listener.is_over = True
            _stays(picture, call, listener, at)
        else:
            _end(picture, listener, at)
    for one in hearing.values():
        assert one.seat is not None, "left out above"
        assert one.hears is not None, "left out above"
        known = picture.listeners.get(one.seat)
        if known is None or known.call != one.call:
            known = Listener(seat=one.seat, call=one.call, mode=one.hears)
        known.channel, known.mode = one.channel, one.hears
        picture.listens(known, at)
    for seat in picture.seats:
        if seat not in picture.listeners:
            _free(picture, seat, at)

"""A supervisor hears a talk, is heard in it, or takes it over. Part of the switch's rules.

What follows from what stands in ``transfer.supervised``; this module says what each event means to
that table, ``cti.superviseasks`` takes in what is asked for, and ``cti.supervisesteps`` does what
the table answers. The supervisor's phone is no leg of the call while it listens: its end changes
nothing for the caller. To be heard by both it joins agent and caller in the call's room, where its
voice is on the recording as everybody's is. To take the talk over it goes there first, and only
then is the agent let go.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from cti import superviseasks
from cti import supervisesteps as steps
from cti.events import LegHungUp, OrderRefused
from cti.happened import Refusal
from cti.ids import AgentId, CallId, SeatId
from cti.listener import SUPERVISING, Listener
from cti.moveevents import (
    MonitorEnded,
    MonitorStarted,
    RoomEntered,
)
from cti.movewishes import Monitor, SendTo, SetAside
from cti.picture import Picture
from cti.seen import SeenChannel
from transfer.step import Mode, Phase
from transfer.supervised import Input

SuperviseEvent = MonitorStarted | MonitorEnded


def read(picture: Picture, event: SuperviseEvent) -> None:
    """Take in what a supervisor's phone tells."""
    match event:
        case MonitorStarted():
            _started(picture, event)
        case MonitorEnded():
            listener = picture.listeners.get(event.seat)
            if listener is not None and listener.call == event.call:
                steps.happened(picture, listener, Input.ENDED, event.at)
        case _:
            assert_never(event)


def _started(picture: Picture, event: MonitorStarted) -> None:
    """The phone hears. One that tells another mode than was ordered could not have that one."""
    listener = picture.listeners.get(event.seat)
    if listener is None or listener.call != event.call:  # a brain before us rang it
        listener = _found(picture, event.seat, event.call, event.mode, event.at)
    listener.channel, listener.mode = event.channel, event.mode
    is_as_ordered = event.mode is listener.ordered
    if not is_as_ordered or listener.phase is Phase.HEARING:
        listener.wanted = event.mode
    call = picture.calls.get(event.call)
    if call is not None:
        picture.journal(call, event.at, "supervised", seat=event.seat, mode=event.mode.value)
        superviseasks.follow(call, listener)
    why = "" if is_as_ordered else "refused"
    steps.happened(picture, listener, Input.STARTED, event.at, why=why)


def _found(picture: Picture, seat: SeatId, call: CallId, mode: Mode, at: datetime) -> Listener:
    known = picture.seats.get(seat)
    agent = known.agent if known is not None else None
    listener = Listener(
        seat=seat, agent=agent or AgentId(""), call=call, mode=mode, wanted=mode, ordered=mode
    )
    picture.listens(listener, at)
    return listener


def entered(picture: Picture, event: RoomEntered) -> None:
    """Somebody is in the call's room: the agent, whom a supervisor follows, or that one itself."""
    for listener in [one for one in picture.listeners.values() if one.call == event.call]:
        if listener.channel == event.channel:
            steps.happened(picture, listener, Input.CAME, event.at)
        elif listener.spied == event.channel:
            steps.happened(picture, listener, Input.AGENT_CAME, event.at)


def leg_ended(picture: Picture, event: LegHungUp) -> None:
    """Who took a caller over, and hangs up without ever having met it, is free again.

    An agent who hangs up is on its way to the room no more.
    """
    ended_in = picture.calls.get(event.call)
    if ended_in is not None:
        ended_in.stand.brought.discard(event.channel)
    seat = picture.seats.get(event.seat) if event.seat is not None else None
    if seat is None or seat.reason != SUPERVISING or seat.id in picture.listeners:
        return
    if not any(call.channel_of(seat.id) for call in picture.calls.values()):
        steps.free(picture, seat.id, event.at)


def signed_out(picture: Picture, seat: SeatId, at: datetime) -> None:
    """A talk is heard by nobody whose name is not known. Who is taking it over goes on to it."""
    listener = picture.listeners.get(seat)
    if listener is not None:
        steps.happened(picture, listener, Input.SIGNED_OUT, at)


def refused(picture: Picture, event: OrderRefused) -> None:
    """An order was not carried out. One that was not answered may still be: its alarm looks."""
    if event.why is Refusal.TIMED_OUT:
        return
    for listener in [one for one in picture.listeners.values() if one.call == event.call]:
        if _is_mine(listener, event):
            steps.happened(picture, listener, Input.REFUSED, event.at)


def _is_mine(listener: Listener, event: OrderRefused) -> bool:
    """Whether that order was given on the supervisor's account; two may hear one talk."""
    match event.order:
        case Monitor.__name__:
            return event.channel == (listener.channel or None)
        case SendTo.__name__:
            return event.channel == listener.channel
        case SetAside.__name__:
            return event.channel in (None, listener.spied)
        case _:
            return False


def rang(picture: Picture, seat: SeatId, at: datetime, *, is_live: bool) -> None:
    """Look whether what was ordered has come to something.

    Out of sight nothing is called late: it may have come, and the look of the next link says so.
    """
    if not is_live:
        picture.alarm(at + steps.WITHIN, steps.ALARM, seat)
        return
    listener = picture.listeners.get(seat)
    if listener is None or listener.until is None or at < listener.until:
        return
    what = Input.TOO_LATE if listener.has_looked else Input.LATE
    steps.happened(picture, listener, what, at)


def seen(picture: Picture, channels: Sequence[SeenChannel], at: datetime, *, has_gap: bool) -> None:
    """Know again who hears which talk, from a look at Asterisk.

    After a gap nobody is on the way any more who is not there: the order went with its link.
    """
    hearing = {one.seat: one for one in channels if one.seat and one.hears}
    here = {one.channel for one in channels}
    for listener in list(picture.listeners.values()):
        one = hearing.get(listener.seat)
        if one is None and listener.channel:
            what = Input.CAME if listener.channel in here else Input.GONE
            steps.happened(picture, listener, what, at)
        if steps.is_gathered(picture.calls.get(listener.call), listener.spied):
            steps.happened(picture, listener, Input.AGENT_CAME, at)
        if has_gap and listener.is_armed_for:
            steps.happened(picture, listener, Input.TOO_LATE, at)
    for one in hearing.values():
        _hears(picture, one, at)
    for seat in picture.seats:
        if seat not in picture.listeners:
            steps.free(picture, seat, at)


def _hears(picture: Picture, one: SeenChannel, at: datetime) -> None:
    """What a phone hears is what Asterisk shows; an order of a moment ago may not show yet."""
    assert one.seat is not None, "left out above"
    assert one.hears is not None, "left out above"
    known = picture.listeners.get(one.seat)
    if known is None or known.call != one.call:
        known = _found(picture, one.seat, one.call, one.hears, at)
    known.channel, known.mode = one.channel, one.hears
    picture.listens(known, at)
    is_done = known.phase is Phase.CHANGING and one.hears is known.ordered
    if steps.is_nameless(picture, one.seat):  # who signed out out of sight hangs up only now
        steps.happened(picture, known, Input.SIGNED_OUT, at)
    elif is_done or known.phase is Phase.RINGING:
        steps.happened(picture, known, Input.STARTED, at)

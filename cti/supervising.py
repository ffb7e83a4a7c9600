"""A supervisor hears a talk, is heard in it, or takes it over. Part of the switch's rules.

What follows from what stands in ``transfer.supervised``; this module says what each event means to
that table, and ``cti.supervisesteps`` does what it answers. The supervisor's phone is no leg of the
call while it listens: its end changes nothing for the caller. To be heard by both it joins agent
and caller in the call's room, where its voice is on the recording as everybody's is. To take the
talk over it goes there first, and only then is the agent let go.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from cti import supervisesteps as steps
from cti.call import Call
from cti.events import OrderRefused
from cti.happened import Phone, Refusal
from cti.ids import AgentId, CallId, ChannelId, SeatId
from cti.listener import Listener
from cti.moveevents import (
    MonitorEnded,
    MonitorStarted,
    RoomEntered,
    SupervisorJoins,
    SupervisorTakes,
)
from cti.movewishes import Monitor, SendTo, SetAside, ShowSupervised
from cti.picture import Picture
from cti.seen import SeenChannel
from queues.seatlife import BUSY
from transfer.step import Mode, Phase
from transfer.supervised import Act, Input, advance

SuperviseKey = SupervisorJoins | SupervisorTakes
SuperviseEvent = SuperviseKey | MonitorStarted | MonitorEnded


def read(picture: Picture, event: SuperviseEvent) -> None:
    """Take in what a supervisor wants, or what came of it. Whatever is wanted is answered."""
    match event:
        case SupervisorJoins() | SupervisorTakes():
            _pressed(picture, event)
        case MonitorStarted():
            _started(picture, event)
        case MonitorEnded():
            listener = picture.listeners.get(event.seat)
            if listener is not None and listener.call == event.call:
                steps.happened(picture, listener, Input.ENDED, event.at)
        case _:
            assert_never(event)


# --- what is wanted ---------------------------------------------------------------------------


def why_not(picture: Picture, event: SuperviseKey) -> str:
    """Why a wish would not be carried out now; '' when it would. Changes nothing."""
    hinders = _hinders(picture, event)
    listener = picture.listeners.get(event.seat)
    if hinders or listener is None:
        return hinders
    return _busy(listener) if Act.REFUSE in advance(listener.phase, _key(event))[1] else ""


def away(picture: Picture, event: SuperviseKey) -> None:
    """Asterisk is out of sight: nothing is begun, and the supervisor is told."""
    _refuse(picture, event, "switch-away")


def _key(event: SuperviseKey) -> Input:
    return Input.TAKE if isinstance(event, SupervisorTakes) else Input.MODE


def _busy(listener: Listener) -> str:
    return "not-hearing" if listener.phase is Phase.RINGING else "supervise-under-way"


def _pressed(picture: Picture, event: SuperviseKey) -> None:
    why, listener = _hinders(picture, event), picture.listeners.get(event.seat)
    if why:
        _refuse(picture, event, why)
    elif isinstance(event, SupervisorTakes):
        assert listener is not None, "else it hinders"
        _takes(picture, listener, event)
    elif listener is None:
        _rings(picture, event)
    elif Act.REFUSE in advance(listener.phase, Input.MODE)[1]:
        steps.happened(picture, listener, Input.MODE, event.at, why=_busy(listener))
    else:
        steps.wants(picture, listener, event.mode, event.at)


def _hinders(picture: Picture, event: SuperviseKey) -> str:
    """What stands in the way, besides the phase in which the supervisor is already."""
    seat, call = picture.seats.get(event.seat), picture.calls.get(event.call)
    if seat is None or seat.agent != event.agent:
        return "not-signed-in"
    if call is None or call.left_at is not None:
        return "call-unknown"
    listener = picture.listeners.get(event.seat)
    talks = _agents_leg(call, event.seat)
    if listener is not None and listener.call != call.id:
        return "hears-another"
    if isinstance(event, SupervisorTakes):
        if listener is None:
            return "not-hearing"
        if call.move is not None:
            return "move-under-way"
        return "not-talking" if talks is None or call.partner is None else ""
    if listener is not None:
        spied = _spied(call, listener)
        is_set = listener.phase is Phase.HEARING
        return steps.hindered(call, spied, event.mode) if is_set else ""
    if talks is None:
        return "not-talking"
    if seat.state in BUSY or seat.phone in (Phone.RINGING, Phone.IN_USE):
        return "seat-busy"
    if seat.phone is Phone.GONE:
        return "phone-missing"
    return steps.hindered(call, talks, event.mode)


def _refuse(picture: Picture, event: SuperviseKey, why: str) -> None:
    """Tell the supervisor. What it has to do with already stands as it was."""
    listener, call = picture.listeners.get(event.seat), picture.calls.get(event.call)
    if listener is not None and listener.call == event.call:
        steps.tell(picture, listener, event.at, why)
        return
    mode = event.mode if isinstance(event, SupervisorJoins) else Mode.LISTEN
    told = ShowSupervised(
        call=event.call,
        seat=event.seat,
        agent=event.agent,
        mode=mode,
        wanted=mode,
        phase=Phase.OVER,
        at=event.at,
        why=why,
    )
    picture.out.append(told)
    if call is not None:
        picture.journal(call, event.at, "supervise-failed", seat=event.seat, why=why)


def _rings(picture: Picture, event: SupervisorJoins) -> None:
    """Ring the own phone. It is brought to where both hear it only once it has answered."""
    call = picture.calls[event.call]
    talks = _agents_leg(call, event.seat)
    assert talks is not None, "else it hinders"
    waits = event.mode is Mode.BARGE and not steps.is_gathered(call, talks)
    first = Mode.LISTEN if waits else event.mode
    listener = Listener(
        seat=event.seat,
        agent=event.agent,
        call=call.id,
        mode=first,
        wanted=event.mode,
        ordered=first,
        spied=talks,
    )
    picture.listens(listener, event.at)
    steps.order(picture, call, listener, first)
    steps.watch(picture, listener, event.at)
    steps.tell(picture, listener, event.at)


def _takes(picture: Picture, listener: Listener, event: SupervisorTakes) -> None:
    _spied(picture.calls[event.call], listener)
    is_refused = Act.REFUSE in advance(listener.phase, Input.TAKE)[1]
    why = _busy(listener) if is_refused else ""
    steps.happened(picture, listener, Input.TAKE, event.at, why=why)


def _spied(call: Call, listener: Listener) -> ChannelId:
    """The agent's leg; another one's if a brain before us chose it, or it has hung up since."""
    if listener.spied not in call.legs:
        listener.spied = _agents_leg(call, listener.seat) or listener.spied
    return listener.spied


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


# --- what came of it --------------------------------------------------------------------------


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
        _spied(call, listener)
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


def rang(picture: Picture, seat: SeatId, at: datetime) -> None:
    """Look whether what was ordered has come to something."""
    listener = picture.listeners.get(seat)
    if listener is None or listener.until is None or at < listener.until:
        return
    what = Input.TOO_LATE if listener.has_looked else Input.LATE
    steps.happened(picture, listener, what, at)


def seen(picture: Picture, channels: Sequence[SeenChannel], at: datetime) -> None:
    """Know again who hears which talk, from a look at Asterisk."""
    hearing = {one.seat: one for one in channels if one.seat and one.hears}
    here = {one.channel for one in channels}
    for listener in list(picture.listeners.values()):
        one = hearing.get(listener.seat)
        if one is None and listener.channel:
            what = Input.CAME if listener.channel in here else Input.GONE
            steps.happened(picture, listener, what, at)
        if steps.is_gathered(picture.calls.get(listener.call), listener.spied):
            steps.happened(picture, listener, Input.AGENT_CAME, at)
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
    if is_done or known.phase is Phase.RINGING:
        steps.happened(picture, known, Input.STARTED, at)

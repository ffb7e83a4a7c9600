"""What a supervisor asks of a talk: to hear it in a mode, and to take it over. Rules of the switch.

Every wish is answered: it is begun, or its desk is told why not. ``why_not`` is the same rule for
whoever wants to know before.
"""

from cti import supervisesteps as steps
from cti.call import Call
from cti.happened import Phone
from cti.ids import ChannelId, SeatId
from cti.listener import Listener
from cti.moveevents import SupervisorJoins, SupervisorTakes
from cti.movewishes import ShowSupervised
from cti.picture import Picture
from queues.seatlife import BUSY
from transfer.step import Mode, Phase
from transfer.supervised import Act, Input, advance

SuperviseKey = SupervisorJoins | SupervisorTakes


def why_not(picture: Picture, event: SuperviseKey) -> str:
    """Why a wish would not be carried out now; '' when it would. Changes nothing."""
    hinders = _hinders(picture, event)
    listener = picture.listeners.get(event.seat)
    if hinders or listener is None:
        return hinders
    return _busy(listener) if Act.REFUSE in advance(listener.phase, _key(event))[1] else ""


def _key(event: SuperviseKey) -> Input:
    return Input.TAKE if isinstance(event, SupervisorTakes) else Input.MODE


def _busy(listener: Listener) -> str:
    return "not-hearing" if listener.phase is Phase.RINGING else "supervise-under-way"


def wished(picture: Picture, event: SuperviseKey, *, is_live: bool) -> None:
    """Begin what is wished, or tell the supervisor why not. Out of sight nothing is begun."""
    why = _hinders(picture, event) if is_live else "switch-away"
    listener = picture.listeners.get(event.seat)
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
        follow(picture.calls[event.call], listener)
        steps.wants(picture, listener, event.mode, event.at)


def _hinders(picture: Picture, event: SuperviseKey) -> str:
    """What stands in the way, besides the phase in which the supervisor is already."""
    seat, call = picture.seats.get(event.seat), picture.calls.get(event.call)
    if seat is None or seat.agent != event.agent:
        return "not-signed-in"
    if call is None or call.left_at is not None:
        return "call-unknown"
    listener = picture.listeners.get(event.seat)
    talks = agents_leg(call, event.seat)
    if listener is not None and listener.call != call.id:
        return "hears-another"
    if isinstance(event, SupervisorTakes):
        if listener is None:
            return "not-hearing"
        if call.move is not None:
            return "move-under-way"
        return "not-talking" if talks is None or call.partner is None else ""
    if listener is not None:
        is_set = listener.phase is Phase.HEARING
        return steps.hindered(call, _heard(call, listener), event.mode) if is_set else ""
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
    talks = agents_leg(call, event.seat)
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
    follow(picture.calls[event.call], listener)
    is_refused = Act.REFUSE in advance(listener.phase, Input.TAKE)[1]
    why = _busy(listener) if is_refused else ""
    steps.happened(picture, listener, Input.TAKE, event.at, why=why)


def follow(call: Call, listener: Listener) -> None:
    """Take it that the agent's leg that is there now is listened to."""
    listener.spied = _heard(call, listener)


def _heard(call: Call, listener: Listener) -> ChannelId:
    """The agent's leg; another one's if a brain before us chose it, or it has hung up since."""
    if listener.spied in call.legs:
        return listener.spied
    return agents_leg(call, listener.seat) or listener.spied


def agents_leg(call: Call, supervisor: SeatId) -> ChannelId | None:
    """The leg of the seat that talks: with the caller, or while the caller holds."""
    legs = [
        channel
        for channel, party in call.legs.items()
        if party.seat not in (None, supervisor) and channel in call.bridges
    ]
    callers = call.bridges.get(call.channel)
    with_caller = (channel for channel in legs if call.bridges[channel] == callers)
    return next(with_caller, next(iter(legs), None))

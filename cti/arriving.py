"""A caller arrives: from here on it is a live call. Part of the switch's rules."""

from cti import meeting
from cti.call import Call, Party
from cti.effects import AnswerAsk, AskLastSeat, WriteCall
from cti.events import CallArrived, LastSeatKnown
from cti.picture import Picture


def arrived(picture: Picture, event: CallArrived) -> None:
    """Note the call, and answer what the dialplan asks. A call that is known is only answered."""
    if event.call not in picture.calls:
        call = Call(
            id=event.call,
            channel=event.channel,
            centre=event.centre,
            line=event.line,
            dnis=event.dnis,
            ani=event.ani,
            arrived_at=event.at,
            revision=event.revision,
            line_state=event.line_state,
            prompt=event.prompt,
            is_farewell=event.is_farewell,
            is_blocked=event.is_blocked,
            is_handed_over=event.is_handed_over,
            is_emergency=event.is_emergency,
        )
        call.legs[event.channel] = Party()
        call.stand.path, call.stand.case = event.path, event.case
        picture.calls[event.call] = call
        meeting.meet(picture, call)
        picture.out.append(WriteCall(record=call.record()))
        _recognise(picture, call, event)
        if event.is_blocked:
            picture.block(call, event.at)
    picture.out.append(AnswerAsk(call=event.call, channel=event.channel, answer="plan"))


def _recognise(picture: Picture, call: Call, event: CallArrived) -> None:
    """Say who brought it or knows it, and ask who knows an open demand of a shown number."""
    known = picture.wanting.known(call.centre, call.ani, event.at)
    told = {
        "known": known.kind if known else "",
        "handed": _handed(event),
        "case": event.case,
        "path": "/".join(event.path),
    }
    told = {name: value for name, value in told.items() if value}
    picture.journal(call, event.at, "arrived", line=call.line, **told)
    is_shown = call.ani.lstrip("+").isdecimal()
    if is_shown and picture.plan.times_of(call.centre).last_seat_for:
        picture.out.append(AskLastSeat(call=call.id, centre=call.centre, ani=call.ani))


def _handed(event: CallArrived) -> str:
    if event.is_emergency:
        return "emergency"
    return "hotline" if event.is_handed_over else ""


def knows_last_seat(picture: Picture, event: LastSeatKnown) -> None:
    """The records answered: whoever still waits wants that agent first."""
    call = picture.calls.get(event.call)
    if call is not None:
        call.last_seat, call.last_agent = event.seat, event.agent
        picture.want_again(call, event.at)

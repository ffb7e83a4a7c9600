"""A caller arrives and waits: from here on it is a live call. Part of the switch's rules."""

from datetime import datetime, timedelta

from cti import meeting, moving, offers, rejoining
from cti.call import Call, CallState, Party
from cti.effects import AnswerAsk, AskLastSeat, ShowBlocked, TakeSnapshot, WriteCall
from cti.events import CallArrived, CallFellBack, CallWaiting, LastSeatKnown
from cti.picture import ADOPT_AFTER, Picture
from queues.seatlife import SeatInput


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
            _block(picture, call, event.at)
    picture.out.append(AnswerAsk(call=event.call, channel=event.channel, answer="plan"))


def _block(picture: Picture, call: Call, at: datetime) -> None:
    """Show whoever supervises that a nuisance caller is being refused."""
    picture.journal(call, at, "blocked")
    picture.out.append(
        ShowBlocked(call=call.id, centre=call.centre, line=call.line, ani=call.ani, at=at)
    )


def _recognise(picture: Picture, call: Call, event: CallArrived) -> None:
    """Say who brought it or knows it, and ask who knows an open demand of a shown number."""
    known = picture.wanting.known(call.centre, call.ani, event.at)
    told = {
        "known": known.kind if known else "",
        "handed": _handed(event),
        "case": event.case,
        "from": event.came_from if event.case else "",
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


# --- the queue ----------------------------------------------------------------------------------


def waits(picture: Picture, event: CallWaiting) -> None:
    """The caller stands in the queue, for the first time or again; its place is by its waiting."""
    call = picture.calls.get(event.call) or _unseen(picture, event)
    if call.since is None:
        call.since = _first_waiting(call, event)
        picture.journal(call, event.at, "waiting")
    meeting.take_place(picture, call, event.at)
    picture.end_talk(call, event.at, SeatInput.TALK_OVER)
    if offers.is_to_come(call, event.offer) and not moving.is_fetched(call):
        call.state = CallState.OFFERED  # a seat rings for it in a moment
    else:
        picture.end_offer(call, event.at, SeatInput.WITHDRAWN)
        picture.enqueue(call, event.at, pause=max(call.pause, moving.pause(call)))
    call.pause = timedelta(0)
    moving.waits(picture, call, event.at)
    rejoining.come_back(picture, call, event.at)


def _unseen(picture: Picture, event: CallWaiting) -> Call:
    """A caller who came out of sight."""
    call = Call(
        id=event.call,
        channel=event.channel,
        centre=event.centre,
        line=event.line,
        dnis=event.dnis,
        ani=event.ani,
        arrived_at=event.since,
        is_handed_over=event.is_handed_over,
        is_emergency=event.is_emergency,
        is_partial=True,
    )
    call.legs[event.channel] = Party()
    picture.calls[event.call] = call
    meeting.meet(picture, call)
    picture.out.append(WriteCall(record=call.record()))
    return call


def falls_back(picture: Picture, event: CallFellBack) -> None:
    """The caller is in Asterisk's own queue."""
    call = picture.calls.get(event.call)
    if call is None:
        picture.out.append(TakeSnapshot(why="a call in the fall-back queue is not known"))
        return
    picture.end_offer(call, event.at, SeatInput.WITHDRAWN)
    picture.acd.leave(call.id)
    call.since = call.since or event.since
    call.state = CallState.FALLEN_BACK
    call.has_fallen_back = True
    call.is_sent, call.is_sent_back = False, call.is_sent
    # Whom that queue rings, it does not say: the log knows by the seats' legs.
    call.is_partial = call.is_partial or call.is_sent_back
    picture.journal(call, event.at, "fell-back")
    picture.alarm(event.at + ADOPT_AFTER, "adopt", call.id)
    moving.waits(picture, call, event.at)


def _first_waiting(call: Call, event: CallWaiting) -> datetime:
    """Whom another exchange did not serve has waited since it was asked, or since before that."""
    outside = call.went_outside_at
    if outside is None:
        return _precise(event)
    return event.since if outside - event.since >= timedelta(seconds=2) else outside


def _precise(event: CallWaiting) -> datetime:
    """When a caller began to wait. The dialplan knows whole seconds; a fresh event knows more."""
    is_fresh = timedelta(0) <= event.at - event.since < timedelta(seconds=2)
    return event.at if is_fresh else event.since

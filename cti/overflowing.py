"""Callers who overflow: let into further pools, or moved out of the queue. Part of the rules.

Who is put through to another exchange comes back to ``[wait]`` at its place when nobody answers;
who is in Asterisk's own queue by our order is left there until it comes back or is served.
"""

from datetime import datetime, timedelta

from cti.call import Call, CallState
from cti.effects import FallBack, SendOutside, TakeSnapshot
from cti.events import OrderRefused
from cti.happened import Refusal
from cti.ids import CentreId
from cti.overflow import due
from cti.picture import OFFER_SEEN_WITHIN, Picture
from cti.plan import Overflow

ORDER_AGAIN_AFTER = timedelta(milliseconds=50)
"""A channel that was not up is busy with an earlier order."""


def look(picture: Picture, call: Call, at: datetime) -> None:
    """Take the steps whose time has come for a waiting caller, and look again later."""
    is_stale = call.overflows_at is None or at < call.overflows_at
    if is_stale or call.state is not CallState.WAITING:
        return
    if call.move is not None:  # somebody is rung for it, and it is fetched from where it is
        picture.overflow_later(call, at)
        return
    signed_in = sum(
        seat.agent is not None for seat in picture.seats.values() if seat.centre == call.centre
    )
    waiting = picture.acd.waiting_at(call.centre) - _at_home(picture, call.centre)
    for step in due(picture.plan, call, at, waiting=waiting, seats=signed_in):
        call.overflowed.add(step)
        if step.peer is not None or step.is_fallback:
            _out(picture, call, step, at)
            return
        picture.journal(call, at, "overflowed", skill=step.skill, centre=step.centre or "")
        picture.want_again(call, at)
    picture.overflow_later(call, at)


def _at_home(picture: Picture, centre: CentreId) -> int:
    """How many of the centre's queue hold no line: a kept place is no load, it can wait."""
    kept = (one for (at, _), same in picture.promised.items() if at == centre for one in same)
    calls = (picture.calls.get(one) for one in kept if picture.acd.waiter(one) is not None)
    return sum(call is not None and call.state is CallState.KEPT for call in calls)


def _out(picture: Picture, call: Call, step: Overflow, at: datetime) -> None:
    picture.acd.leave(call.id)
    call.state, call.is_sent = CallState.LEAVING, True
    if step.peer is None:
        picture.journal(call, at, "overflowed", queue="fallback")
        picture.out.append(FallBack(call=call.id, channel=call.channel))
    else:
        picture.journal(call, at, "overflowed", peer=step.peer)
        picture.out.append(
            SendOutside(
                call=call.id,
                channel=call.channel,
                peer=step.peer,
                host=step.host,
                port=step.port,
                number=step.number,
                ring=step.ring,
            )
        )
    picture.alarm(at + OFFER_SEEN_WITHIN, "sent-unseen", call.id)


def unseen(picture: Picture, call: Call) -> None:
    """A second has gone by since the order; a caller that is still under way is looked for."""
    if call.is_sent:
        picture.out.append(TakeSnapshot(why="a caller was sent away and did not leave"))


def refused(picture: Picture, event: OrderRefused) -> None:
    """The order was answered no, or not in time; then it may still have been carried out."""
    call = picture.calls.get(event.call)
    if call is None or event.offer is not None or not call.is_sent:
        return
    if event.why is Refusal.TIMED_OUT:
        picture.out.append(TakeSnapshot(why="an order was not answered"))
        return
    call.is_sent = False
    if event.why is Refusal.GONE:
        picture.alarm(event.at + OFFER_SEEN_WITHIN, "gone", call.id)
    elif call.promise is None:  # else its goodbye has won
        picture.enqueue(call, event.at, pause=ORDER_AGAIN_AFTER)

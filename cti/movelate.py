"""Orders of moves that were not carried out, and steps that are late. Rules of the switch.

An order is given again only when Asterisk has said that it was not carried out; what nobody
answered, and what does not show in time, is looked for.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from cti import absent, leaving, movesteps, moving, recipients, rejoining, returning
from cti.call import Call
from cti.effects import TakeSnapshot
from cti.events import OrderRefused
from cti.happened import OfferOutcome, Refusal
from cti.move import Where
from cti.offers import ORDER_AGAIN_AFTER
from cti.picture import Picture
from transfer.step import Step, What

TRIES: Final = 20
"""So often is an order given again that found its channel busy with an earlier one."""

ARMING: Final = frozenset({"SetAside", "SendAway"})
"""Orders that tell the caller where to go before they take a seat out of its talk."""


def refused(picture: Picture, event: OrderRefused) -> None:
    """An order was answered no, or not in time; then it may still have been carried out.

    One whose channel was busy is given again soon; one whose channel is gone waits for its end.
    Who rings though its ringing is refused was rung under that name by a brain before us.
    """
    call = picture.calls.get(event.call)
    if call is None or not event.order:
        return
    if event.why is Refusal.TIMED_OUT:
        picture.out.append(TakeSnapshot(why="an order of a move was not answered"))
    elif event.order == "RingRecipient":
        rings = call.move is not None and call.leg_channel(call.move.leg) is not None
        absent.unanswered(picture, call, event.leg, OfferOutcome.UNREACHABLE, event.at)
        if call.move is not None and event.leg in ("", call.move.leg) and not rings:
            moving.unanswered(picture, call, call.move.leg, OfferOutcome.UNREACHABLE, event.at)
    elif call.move is None and event.order in ARMING:
        movesteps.arm(picture, call, "")  # its move is over: nobody is to follow any more
    elif event.why is Refusal.GONE:
        return
    elif event.order == "SendTo":
        for channel, going in call.stand.going.items():
            if going.to != Where.AWAY.value and event.channel in (None, channel):
                going.is_refused = True
        picture.alarm(event.at + ORDER_AGAIN_AFTER, "going", call.id)
    elif call.move is not None and event.order == type(call.move.order).__name__:
        if event.why is Refusal.NOT_UP and call.move.order_tries < TRIES:
            call.move.order_tries += 1
            picture.alarm(event.at + ORDER_AGAIN_AFTER, "order", call.id)
        else:
            moving.is_there(call, Where.AWAY.value)  # or never will be
            movesteps.happened(picture, call, What.REFUSED, event.at, why=event.why.value)


def left(picture: Picture, call: Call, at: datetime) -> None:
    """A caller's going takes everybody out of its room. Let go of whoever is there still."""
    if call.left_at is not None:
        for channel in call.legs:
            recipients.let_go(picture, call, channel)


def again(picture: Picture, call: Call, at: datetime) -> None:
    """Give the order that begins, gathers or sends away again: its channel was busy."""
    if call.move is not None and call.move.order is not None:
        picture.out.append(call.move.order)


def going(picture: Picture, call: Call, at: datetime) -> None:
    """Look after those who were ordered somewhere: again if it was refused, else by a look."""
    for channel, one in list(call.stand.going.items()):
        if one.is_refused and one.tries < TRIES:
            one.is_refused, one.tries = False, one.tries + 1
            tries = one.tries
            movesteps.send(picture, call, channel, one.to, at)
            call.stand.going[channel].tries = tries
        elif at >= one.at + movesteps.SETTLES_WITHIN:
            one.at, one.is_refused, one.is_late = at, False, True
            if channel != call.channel and one.to == Where.HOLD.value:
                del call.stand.going[channel]  # it may be there: nothing but the look tells
            picture.alarm(at + movesteps.SETTLES_WITHIN, "going", call.id)
            picture.out.append(TakeSnapshot(why="a channel was moved and did not arrive"))


def overdue(picture: Picture, call: Call, at: datetime) -> None:
    """A step's deadline: look first; if that changes nothing, take it as having failed."""
    move = call.move
    if move is None or move.until is None or at < move.until:
        return
    move.overdue += 1
    if move.overdue == 1:
        move.until = at + movesteps.SETTLES_WITHIN
        picture.alarm(move.until, "move", call.id)
        picture.out.append(TakeSnapshot(why="a move has come to nothing in its time"))
    elif move.step in (Step.RINGING, Step.PASSING):
        recipients.stop(picture, call, move, at)
        moving.unanswered(picture, call, move.leg, OfferOutcome.MISSED, at)
    else:
        movesteps.happened(picture, call, What.REFUSED, at, why="timed-out")


LATER: Final[Mapping[str, Callable[[Picture, Call, datetime], None]]] = {
    absent.ALARM: returning.look,
    "going": going,
    "leaves": leaving.late,
    "left": left,
    "move": overdue,
    "order": again,
    rejoining.ALARM: rejoining.come_back,
    "unheard": moving.unheard,
}
"""What the clock may ring for a call that is moved."""

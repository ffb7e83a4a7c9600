"""A place in the queue whose holder hung up to be called back. Part of the switch's rules.

The place goes on in the ACD as if its holder held the line: never ahead of an earlier holder of
its class, and never behind. When its turn comes a seat is rung first; once that answers, the
dialplan dials the citizen. An attempt in vain waits, and the place is kept; after the last one
the call is over, and leaves a missed-call task like any other that nobody answered.

What is owed stands in Asterisk's database, where the dialplan writes it before the caller is off
the line, counts an attempt before the citizen is dialled, and takes it out when the citizen
answers. ``Call.promise`` is our copy. Whoever presses 1 at the instant an offer was ordered
either talks with that seat, or leaves the line; the promise holds until the talk begins, so it
is never both and never none.
"""

from datetime import datetime, timedelta

from cti.call import Call, CallState, Promise
from cti.effects import CallBack, ForgetKept, TakeSnapshot, WriteCall
from cti.events import LegBridged, LegStarted
from cti.happened import OfferOutcome
from cti.ids import OfferId
from cti.outevents import CallbackEnded, CallbackStarted, PlaceKept
from cti.picture import OFFER_SEEN_WITHIN, Picture
from cti.seen import KeptPlace
from queues.seatlife import Seat, SeatInput
from records.callrecord import NORMAL_CLEARING, Offered

CALL_BACK_AGAIN_AFTER = timedelta(seconds=10)
"""A seat that could not even be rung for a call-back: it is no caller who waits in music."""
KEPT_AT_MOST = timedelta(hours=2)
"""A place is no older: nobody expects the call any more, and in the night it would wake people."""


# --- the caller keeps the place ---------------------------------------------------------------


def kept(picture: Picture, event: PlaceKept) -> None:
    """The caller chose to be called back, and hears goodbye: nobody rings for it meanwhile."""
    call = picture.calls.get(event.call)
    if call is None:
        picture.out.append(TakeSnapshot(why="a call that keeps its place is not known"))
        return
    if call.talk_partner is not None:
        picture.out.append(ForgetKept(call=call.id))
        return
    if call.promise is not None:
        return  # the snapshot has shown it
    promise(picture, call, event.kept)
    picture.journal(call, event.at, "place-kept")
    picture.out.append(WriteCall(record=call.record()))
    if call.offer is None:  # else the order has won, or will be refused
        picture.acd.leave(call.id)
        call.state = CallState.KEPT


def promise(picture: Picture, call: Call, place: KeptPlace) -> Promise:
    """Owe the call its call-back, as Asterisk's database has it."""
    if call.id in picture.forgotten:
        picture.forgotten.remove(call.id)
    call.kept_at = place.kept_at
    call.promise = call.promise or Promise()
    call.promise.attempts, call.promise.tried_at = place.attempts, place.tried_at
    return call.promise


def hung_up(picture: Picture, call: Call, at: datetime) -> bool:
    """A leg of the caller's own has ended; true when the call goes on all the same."""
    if call.promise is None:
        return False
    if not call.promise.is_off_line:
        call.close_offer(OfferOutcome.CALLER_LEFT)
        picture.end_offer(call, at, SeatInput.WITHDRAWN)
        off_the_line(picture, call)
        line_up(picture, call, at)
    return True  # else it was the citizen's leg, and the dialplan says how the attempt ended


def off_the_line(picture: Picture, call: Call) -> None:
    """The caller has hung up, and its place is kept."""
    assert call.promise is not None, "only a place that is owed is kept"
    call.promise.is_off_line = True
    call.state = CallState.KEPT
    same = picture.promised.setdefault(call.party_line, [])
    if call.id not in same:
        same.append(call.id)


def line_up(picture: Picture, call: Call, at: datetime, *, pause: timedelta = timedelta(0)) -> None:
    """Put a kept place into the queue, where it always stood.

    Or end it: it was tried enough, or is too old. Then it is people's, as a missed-call task.
    """
    assert call.promise is not None, "only a place that is owed is kept"
    assert call.kept_at is not None, "what is kept is kept since some time"
    times = picture.plan.times_of(call.centre)
    if call.promise.met_by:
        return  # its holder is on the line again
    ends_at = call.kept_at + KEPT_AT_MOST
    if call.promise.attempts >= times.callback_attempts or at >= ends_at:
        picture.journal(call, at, "callback-given-up")
        over(picture, call, at)
        return
    picture.alarm(ends_at, "kept-alone", call.id)
    waits_until = at + pause
    if call.promise.tried_at is not None:
        waits_until = max(waits_until, call.promise.tried_at + times.callback_pause)
    picture.stand(call, at, not_before=waits_until if waits_until > at else None)


# --- its turn has come ------------------------------------------------------------------------


def next_attempt(call: Call) -> int:
    """Which attempt at a kept caller comes next; 0: the caller is on the line."""
    if call.promise is None or call.state is not CallState.KEPT:
        return 0
    return call.promise.attempts + 1


def order(picture: Picture, call: Call, seat: Seat, offer: OfferId, ring: timedelta) -> None:
    """Have the seat's phone ring for a kept place."""
    assert call.promise is not None, "only a place that is owed is kept"
    assert call.since is not None, "who keeps a place has waited"
    call.promise.is_dialled = False
    picture.out.append(
        CallBack(
            call=call.id,
            seat=seat.id,
            offer=offer,
            centre=call.centre,
            line=call.line,
            dnis=call.dnis,
            ani=call.ani,
            since=call.since,
            arrived_at=call.arrived_at,
            revision=call.revision,
            ring=ring,
            attempt=next_attempt(call),
            prefix=picture.plan.times_of(call.centre).out_prefix,
        )
    )


def leg_came(picture: Picture, call: Call, event: LegStarted | LegBridged) -> None:
    """The seat's phone rings for a call-back, or the citizen's: that leg is the caller's then."""
    if call.state is not CallState.KEPT or call.offer is None:
        return
    if event.seat is not None and event.seat == call.offer_seat:
        rings(picture, call, event.at)
    elif event.seat is None and event.peer is None and not event.leg:
        call.channel = event.channel


def rings(picture: Picture, call: Call, at: datetime) -> None:
    """Note that the seat is rung, once."""
    if call.is_offer_seen or call.offer_seat is None:
        return
    call.is_offer_seen = True
    call.offers.append(Offered(seat=call.offer_seat, at=at, outcome="live"))
    picture.journal(call, at, "offered", seat=call.offer_seat)


def seat_left(picture: Picture, call: Call, at: datetime) -> None:
    """The seat's leg of an attempt has ended: soon somebody must say how the attempt did."""
    if call.state is CallState.KEPT and call.offer is not None:
        picture.alarm(at + OFFER_SEEN_WITHIN, "callback-unsaid", call.offer)


def unsaid(picture: Picture, call: Call) -> None:
    """Nobody said how an attempt ended whose seat is gone."""
    if call.state is CallState.KEPT and call.ringing_seat is None:
        picture.out.append(TakeSnapshot(why="a call-back's seat is gone and nobody said why"))


def started(picture: Picture, event: CallbackStarted) -> None:
    """The seat has answered, and the citizen is being dialled."""
    call = picture.calls.get(event.call)
    if call is None or call.offer != event.offer or call.promise is None:
        return
    rings(picture, call, event.at)
    call.close_offer(OfferOutcome.ANSWERED)
    call.promise.attempts, call.promise.tried_at = event.attempt, event.at
    call.promise.is_dialled = True
    picture.journal(call, event.at, "callback-started", attempt=str(event.attempt))


def ended(picture: Picture, event: CallbackEnded) -> None:
    """The citizen did not answer, or the talk is over."""
    call = picture.calls.get(event.call)
    if call is None or call.offer != event.offer:
        return
    if event.outcome is OfferOutcome.ANSWERED:
        if not call.is_in_room:  # else only the seat leaves
            picture.end_talk(call, event.at, SeatInput.TALK_OVER)
        picture.end_offer(call, event.at, SeatInput.WITHDRAWN)
        if call.promise is not None:
            picture.out.append(TakeSnapshot(why="a call-back's talk was not seen"))
        return
    picture.end_offer(call, event.at, SeatInput.WITHDRAWN)
    if call.talk_partner is not None:
        return  # another order reached the citizen
    if call.promise is None or event.outcome is OfferOutcome.TAKEN:
        over(picture, call, event.at)
        return
    if not call.promise.is_dialled:
        # The seat hung up at once, or Asterisk has counted this attempt before: it knows.
        line_up(picture, call, event.at, pause=CALL_BACK_AGAIN_AFTER)
        picture.out.append(TakeSnapshot(why="a call-back ended before anybody was dialled"))
        return
    picture.journal(
        call,
        event.at,
        "callback-ended",
        attempt=str(call.promise.attempts),
        outcome=event.outcome.value,
    )
    line_up(picture, call, event.at)


def talks(picture: Picture, call: Call) -> None:
    """A talk with the caller begins: nothing is owed any more."""
    if call.promise is not None:
        if not call.promise.is_off_line:
            call.kept_at = None  # an order had won: the caller held the line all the time
        _forget(picture, call)


def over(picture: Picture, call: Call, at: datetime) -> None:
    """The request is over, and nobody was reached: as with any caller whom nobody answered."""
    _forget(picture, call)
    call.left_at, call.cause = at, NORMAL_CLEARING
    picture.finish(call, at)


def _forget(picture: Picture, call: Call) -> None:
    picture.out.append(ForgetKept(call=call.id))
    picture.forgotten.append(call.id)
    call.promise = None
    same = [one for one in picture.promised.pop(call.party_line, ()) if one != call.id]
    if same:
        picture.promised[call.party_line] = same

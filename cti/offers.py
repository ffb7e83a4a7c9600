"""Offers: a seat rings for a caller by our order, and how that ends. Part of the switch's rules."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from cti import keeping, rejoining
from cti.call import Call, CallState
from cti.effects import OfferCall, TakeSnapshot
from cti.events import OfferEnded, OfferStarted, OrderRefused
from cti.happened import OfferOutcome, Refusal
from cti.ids import CallId, OfferId
from cti.picture import OFFER_SEEN_WITHIN, Picture
from queues.acd import Match
from queues.seatlife import SeatInput
from records.callrecord import Direction, Offered

ORDER_AGAIN_AFTER = timedelta(milliseconds=50)
"""A channel that was not up is busy with an earlier order; this is when to offer again."""
TAKEN_AGAIN_AFTER = timedelta(milliseconds=500)
"""Two calls met at one seat and both stepped back."""

AFTER_OFFER: Mapping[OfferOutcome, SeatInput] = {
    OfferOutcome.ANSWERED: SeatInput.TALK_OVER,
    OfferOutcome.MISSED: SeatInput.MISSED,
    OfferOutcome.REJECTED: SeatInput.MISSED,
    OfferOutcome.UNREACHABLE: SeatInput.MISSED,
    OfferOutcome.CALLER_LEFT: SeatInput.WITHDRAWN,
    OfferOutcome.TAKEN: SeatInput.WITHDRAWN,
}
"""What an offer's end means for the seat."""


def make(picture: Picture, match: Match, at: datetime) -> None:
    """Show the card and order the caller to the seat."""
    call, seat = picture.calls[match.call], picture.seats[match.seat]
    assert seat.agent is not None, "a free seat has somebody sitting there, by its table"
    offer = call.next_offer()
    call.offer, call.offer_seat, call.kept_for = offer, seat.id, None
    call.is_offer_seen, call.ordered_at = False, at
    picture.move_seat(seat, SeatInput.OFFER, at, call=call.id)
    picture.pop(call, seat, offer, at, attempt=keeping.next_attempt(call))
    ring = picture.plan.ring_of(seat.centre)
    if call.state is CallState.KEPT:
        keeping.order(picture, call, seat, offer, ring)
    else:
        call.state = CallState.OFFERED
        picture.out.append(
            OfferCall(call=call.id, channel=call.channel, seat=seat.id, offer=offer, ring=ring)
        )
    picture.alarm(at + OFFER_SEEN_WITHIN, "offer-unseen", offer)


def unseen(picture: Picture, call: Call) -> None:
    """Look, if the last ringing that was ordered has not begun."""
    if not call.is_offer_seen:
        picture.out.append(TakeSnapshot(why="an offer was ordered and did not begin"))


def call_of(picture: Picture, offer: str) -> Call | None:
    """The call for which that offer stands; None once it does not."""
    call = picture.calls.get(CallId(offer.rpartition("/")[0]))
    return call if call is not None and call.offer == offer else None


def is_wanted(picture: Picture, call: CallId, offer: OfferId) -> bool:
    """Whether that ringing of a seat is still wanted: the call's offer, or a leg of its move."""
    one = picture.calls.get(call)
    if one is None:
        return False
    absent = one.stand.absent
    legs = [one.move.leg] if one.move is not None else []
    legs += [absent.leg] if absent is not None else []
    return offer in (one.offer, *(OfferId(leg) for leg in legs))


def is_to_come(call: Call, last: OfferId | None) -> bool:
    """Whether the caller, of whom ``last`` is the offer it was taken to last, is yet to be taken.

    A caller who came to the wait twice may say so after it was offered: the order that takes it to
    the seat stands, and another would take it out of that one.
    """
    is_ordered = call.state in (CallState.OFFERED, CallState.HELD) and call.offer is not None
    return is_ordered and not call.is_offer_seen and call.offer != last


def started(picture: Picture, event: OfferStarted) -> None:
    """The seat is being dialled: only now does the offer exist."""
    call = call_of(picture, event.offer)
    if call is None:
        return
    call.is_offer_seen = True
    call.offers.append(Offered(seat=event.seat, at=event.at, outcome="live"))
    picture.journal(call, event.at, "offered", seat=event.seat)


def ended(picture: Picture, event: OfferEnded) -> None:
    """The seat did not answer, or its talk is over."""
    call = picture.calls.get(event.call)
    if call is None:
        return
    outcome = event.outcome
    is_seen = call.state is CallState.KEPT and call.is_offer_seen
    if is_seen and outcome is OfferOutcome.UNREACHABLE:
        outcome = OfferOutcome.REJECTED  # it rang: Asterisk tells no more of a phone that refuses
    call.close_offer(outcome)
    if outcome is OfferOutcome.ANSWERED:
        # Whether the caller goes on to the end or back to the wait, the dialplan will say.
        picture.end_dial(call, event.at)
        picture.end_offer(call, event.at, SeatInput.WITHDRAWN)
        return
    if call.offer != event.offer:
        return
    picture.journal(call, event.at, "offer-ended", outcome=outcome.value)
    picture.end_offer(call, event.at, AFTER_OFFER[outcome], outcome.value)
    if outcome is OfferOutcome.UNREACHABLE:
        rejoining.unreached(picture, call, picture.seats.get(event.seat), event.at)
    pause = TAKEN_AGAIN_AFTER if outcome is OfferOutcome.TAKEN else timedelta(0)
    if call.state is CallState.KEPT:
        keeping.line_up(picture, call, event.at, pause=pause)
        return
    call.state, call.pause = CallState.LEAVING, pause


def refused(picture: Picture, event: OrderRefused) -> None:
    """The order was answered no, or not in time; then it may still have been carried out."""
    call = picture.calls.get(event.call)
    if call is None or event.offer is None or call.offer != event.offer:
        return
    if event.why is Refusal.TIMED_OUT:
        picture.out.append(TakeSnapshot(why="an order was not answered"))
        return
    picture.end_offer(call, event.at, SeatInput.WITHDRAWN)
    if call.direction is Direction.OUT:
        picture.finish(call, event.at)
    elif call.state is CallState.KEPT:
        keeping.line_up(picture, call, event.at, pause=keeping.CALL_BACK_AGAIN_AFTER)
    elif call.promise is not None:
        call.state = CallState.KEPT  # its goodbye has won; the end of its channel will come
    elif event.why is Refusal.GONE:
        call.state = CallState.LEAVING
        picture.alarm(event.at + OFFER_SEEN_WITHIN, "gone", call.id)
    else:
        picture.enqueue(call, event.at, pause=ORDER_AGAIN_AFTER)

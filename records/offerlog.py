"""Every ringing of a call, from Asterisk's event log. Pure.

Our own marks tell of the queue's ringings and of those at other exchanges; Asterisk's own queue
makes none, so its are told by the seats' legs.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from cti.happened import OfferOutcome
from cti.ids import PeerId, SeatId
from cti.wire import DIAL_STATUS, seat_of
from records import keptlog, movelog
from records.callrecord import Offered, Talk
from records.cel import CelEvent

_MARKS: Final = frozenset(
    {"OFFER", "MISSED", "OUTSIDE", "OUTSIDEEND", "WAIT", "FALLBACK", "SEATLOST", "BYE"}
    | movelog.TAKEN
)


def offers(
    ordered: Sequence[CelEvent],
    callers: Collection[str],
    talks: Sequence[Talk],
    *,
    is_over: bool,
) -> tuple[Offered, ...]:
    """All of a call's offers. ``callers``: the channels on which the caller itself was."""
    recipients = movelog.legs(ordered)
    others = [event for event in ordered if event.uniqueid not in recipients]
    found = _marked(ordered, callers, talks, is_over=is_over)
    ours = [offer.at for offer in found if offer.seat]
    found += _queue_offers(others, ours, talks, is_over=is_over)
    found += keptlog.callback_offers(others, is_over=is_over)
    found += movelog.offers(ordered, talks, is_over=is_over)
    return tuple(sorted(found, key=lambda offer: (offer.at, offer.seat, offer.peer, offer.leg)))


def _marked(
    ordered: Sequence[CelEvent], callers: Collection[str], talks: Sequence[Talk], *, is_over: bool
) -> list[Offered]:
    """Offers by our marks on the caller's own channels."""
    found: list[Offered] = []
    ours = [e for e in ordered if e.uniqueid in callers and e.type in _MARKS]
    for index, event in enumerate(ours):
        previous = ours[index - 1] if index else None
        following = ours[index + 1] if index + 1 < len(ours) else None
        if event.type == "OFFER":
            seat = SeatId(event.extra.get("seat", ""))
            rung = Offered(seat=seat, at=event.time, outcome="live")
        elif event.type == "OUTSIDE" or _is_unrung(event, previous):
            peer = PeerId(event.extra.get("peer", ""))
            rung = Offered(seat=SeatId(""), at=event.time, outcome="live", peer=peer)
        else:
            continue
        ended_by = event if event.type == "OUTSIDEEND" else following
        found.append(replace(rung, outcome=_outcome(rung, ended_by, talks, is_over=is_over)))
    return found


def _is_unrung(event: CelEvent, previous: CelEvent | None) -> bool:
    """A peer that was known to be away is not dialled: only its end is marked."""
    is_begun = previous is not None and previous.type == "OUTSIDE"
    return event.type == "OUTSIDEEND" and not is_begun


def _outcome(
    rung: Offered, following: CelEvent | None, talks: Sequence[Talk], *, is_over: bool
) -> str:
    """How a marked ringing ended, by the caller's next mark."""
    until = following.time if following else None
    if any(
        (t.seat, t.peer) == (rung.seat, rung.peer) and t.since >= rung.at and _before(t, until)
        for t in talks
        if not t.leg
    ):
        return OfferOutcome.ANSWERED.value
    if following is None and not is_over:
        return "live"
    if following is None or following.type in movelog.TAKEN:
        return OfferOutcome.CALLER_LEFT.value
    status = following.extra.get("status", "")
    if following.type == "OUTSIDEEND":
        return DIAL_STATUS.get(status, OfferOutcome.UNREACHABLE).value
    if following.type == "MISSED":
        return DIAL_STATUS.get(status, OfferOutcome.MISSED).value
    return OfferOutcome.MISSED.value


def _before(talk: Talk, until: datetime | None) -> bool:
    return until is None or talk.since <= until


def _queue_offers(
    ordered: Sequence[CelEvent],
    marked: Sequence[datetime],
    talks: Sequence[Talk],
    *,
    is_over: bool,
) -> list[Offered]:
    fell = [event for event in ordered if event.type == "FALLBACK"]
    found: list[Offered] = []
    for leg in ordered:
        seat = seat_of(leg.channel) if leg.type == "CHAN_START" else None
        # the newest mark before the leg says who rang it: our offer, or Asterisk's queue
        queued = next((event for event in reversed(fell) if event.at <= leg.at), None)
        if seat is None or keptlog.is_for_callback(leg):
            continue
        # a root of its own was rung by somebody else, as a supervisor's phone
        if queued is None or leg.linkedid != queued.linkedid:
            continue
        if any(queued.time < at <= leg.time for at in marked):
            continue
        end = next((e for e in ordered if e.uniqueid == leg.uniqueid and e.type == "HANGUP"), None)
        heard = (t for t in talks if t.seat == seat and not t.leg)
        if any(t.since >= leg.time and _within(t, end) for t in heard):
            outcome = OfferOutcome.ANSWERED.value
        elif end is None:
            outcome = OfferOutcome.CALLER_LEFT.value if is_over else "live"
        elif end.extra.get("hangupcause") in keptlog.REFUSED:
            outcome = OfferOutcome.REJECTED.value
        else:
            outcome = OfferOutcome.MISSED.value
        found.append(Offered(seat=seat, at=leg.time, outcome=outcome))
    return found


def _within(talk: Talk, end: CelEvent | None) -> bool:
    return end is None or talk.since <= end.time

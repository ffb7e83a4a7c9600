"""Kept places and call-backs in Asterisk's event log, for ``rebuild``. Pure.

The caller has two channels then: its own, which ended with the key, and the one on which it was
called back and answered (our mark ``REACHED``). A seat that is rung for a call-back is no leg of
either: its channel is a root of its own, named after the call.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from cti.happened import OfferOutcome
from cti.wire import call_of, leg_of, seat_of
from records.callrecord import Offered
from records.cel import CelEvent

KEPT: Final = "KEPT"
REACHED: Final = "REACHED"
REFUSED: Final = frozenset({"17", "21"})
"""Q.850 causes of a phone that was busy or refused."""


def callers(ordered: Sequence[CelEvent], caller: str) -> frozenset[str]:
    """Every channel on which the caller itself was."""
    return frozenset({caller} | {event.uniqueid for event in ordered if event.type == REACHED})


def kept_at(ordered: Sequence[CelEvent], caller: str) -> datetime | None:
    """When the caller chose to be called back; None when it talked on its own line after all."""
    kept = [event for event in ordered if event.type == KEPT]
    if not kept or any(
        event.uniqueid == caller and event.type == "BRIDGE_ENTER" and event.at > kept[-1].at
        for event in ordered
    ):
        return None
    told = kept[-1].extra.get("at", "")
    return datetime.fromtimestamp(int(told), UTC) if told.isdecimal() else kept[-1].time


def is_for_callback(event: CelEvent) -> bool:
    """Whether the channel belongs to an attempt at a call-back."""
    return call_of(event.linkedid) != event.linkedid and not leg_of(event.linkedid)


def callback_offers(ordered: Sequence[CelEvent], *, is_over: bool) -> list[Offered]:
    """Every ringing of a seat for a call-back; answered means by the agent, not the citizen."""
    offers = []
    for leg in ordered:
        seat = seat_of(leg.channel)
        if leg.type == "CHAN_START" and seat is not None and is_for_callback(leg):
            outcome = _outcome(ordered, leg, is_over=is_over)
            offers.append(Offered(seat=seat, at=leg.time, outcome=outcome))
    return offers


def _outcome(ordered: Sequence[CelEvent], leg: CelEvent, *, is_over: bool) -> str:
    later = [e for e in ordered if e.uniqueid == leg.uniqueid and e.channel == leg.channel]
    if any(event.type == "ANSWER" for event in later):
        return OfferOutcome.ANSWERED.value
    end = next((event for event in later if event.type == "HANGUP"), None)
    if end is None:
        return OfferOutcome.CALLER_LEFT.value if is_over else "live"
    if end.extra.get("hangupcause") in REFUSED:
        return OfferOutcome.REJECTED.value
    return OfferOutcome.MISSED.value

"""A call out, rebuilt from the channel event log: a seat that called a citizen back. Pure.

The seat's channel comes first and carries our mark DIALOUT once the seat has answered; the
citizen's is the one that is neither a seat's nor a peer's. A seat that never answered has no mark,
and so there was no call.
"""

from collections.abc import Sequence
from typing import Final

from config.ledger import HOTLINE
from cti.happened import OfferOutcome
from cti.ids import CallId, CentreId, LineId, SeatId
from cti.wire import DIAL_STATUS, peer_of, seat_of
from records import marklog, movelog, offerlog, talklog
from records.callrecord import (
    NORMAL_CLEARING,
    CallRecord,
    Direction,
    Disposition,
    Offered,
    Source,
    Talk,
)
from records.cel import CelEvent

DIALLED: Final = "DIALOUT"
"""The mark of a seat that has answered and now dials the citizen."""
_OVER: Final = "DIALOUTEND"


def rebuild_out(
    ordered: Sequence[CelEvent], call: CallId, *, is_over: bool, cause: int
) -> CallRecord | None:
    """Write the record of a call out from all its events in order; None: it is none.

    A citizen whom a move took away from the seat may come to wait, as any caller.
    ``cause`` is that of a call which ended before the citizen's channel did.
    """
    mark = next((event for event in ordered if event.type == DIALLED), None)
    if mark is None:
        return None
    recipients = movelog.legs(ordered)
    citizens = [e for e in ordered if _is_citizens(e) and e.uniqueid not in recipients]
    ends = [event for event in citizens if event.type == "HANGUP"]
    last = next((e.time for e in reversed(ordered) if e.type == "HANGUP"), ordered[-1].time)
    ended_at = (ends[0].time if ends else last) if is_over else None
    channels = {event.uniqueid for event in citizens}
    talks = talklog.talks(ordered, channels, ended_at)
    told = mark.extra
    moved = offerlog.offers(ordered, channels, talks, is_over=is_over)
    marks = [event for event in ordered if event.uniqueid in channels]
    return CallRecord(
        call=call,
        centre=CentreId(told.get("centre", "")),
        line=LineId(told.get("line", "")),
        dnis=HOTLINE,
        ani=told.get("ani", ""),
        arrived_at=ordered[0].time,
        waited_since=marklog.waited_since(marks),
        ended_at=ended_at,
        disposition=_disposition(talks, is_over=is_over),
        cause=_cause(ends[0]) if ends else cause,
        has_fallen_back=any(event.type == "FALLBACK" for event in marks),
        offers=(_citizens_ringing(ordered, mark, talks, is_over=is_over), *moved),
        talks=talks,
        source=Source.LOG,
        satisfaction=marklog.satisfaction(ordered),
        direction=Direction.OUT,
        about=CallId(told["about"]) if told.get("about") else None,
    )


def _is_citizens(event: CelEvent) -> bool:
    is_channels = event.type != "LINKEDID_END"
    return is_channels and seat_of(event.channel) is None and peer_of(event.channel) is None


def _cause(end: CelEvent) -> int:
    told = end.extra.get("hangupcause", "")
    return int(told) if told.isdecimal() and int(told) else NORMAL_CLEARING


def _disposition(talks: Sequence[Talk], *, is_over: bool) -> Disposition:
    if not is_over:
        return Disposition.LIVE
    return Disposition.ANSWERED if talks else Disposition.UNREACHED


def _citizens_ringing(
    ordered: Sequence[CelEvent], mark: CelEvent, talks: Sequence[Talk], *, is_over: bool
) -> Offered:
    """The ringing at the citizen's, which is at no seat."""
    said = next((event for event in ordered if event.type == _OVER), None)
    outcome = _outcome(said, talks, is_over=is_over)
    return Offered(seat=SeatId(""), at=mark.time, outcome=outcome)


def _outcome(said: CelEvent | None, talks: Sequence[Talk], *, is_over: bool) -> str:
    """How the citizen's ringing ended: as the dialplan said, if it still could."""
    if talks:
        return OfferOutcome.ANSWERED.value
    if said is not None:
        status = said.extra.get("status", "")
        return DIAL_STATUS.get(status, OfferOutcome.UNREACHABLE).value
    return OfferOutcome.CALLER_LEFT.value if is_over else "live"

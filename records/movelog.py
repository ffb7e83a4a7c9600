"""Recipients of moves in Asterisk's event log, for ``rebuild``. Pure.

A recipient that the brain rang has a channel named for it (``LegId``), a root of its own, which is
in the room once it has answered (our mark ``ROOM``). One that the caller's own dialplan dialled
(``AWAY`` to ``AWAYEND``) has a channel like any other: it is known by when it was born.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from cti.happened import OfferOutcome
from cti.ids import LegId, PeerId, SeatId
from cti.wire import DIAL_STATUS, leg_of, peer_of, seat_of
from records.callrecord import Offered, Talk
from records.cel import CelEvent

HELD: Final = "HELD"
ROOM: Final = "ROOM"
AWAY: Final = "AWAY"
AWAY_END: Final = "AWAYEND"
TAKEN: Final = frozenset({HELD, ROOM, AWAY})
"""Marks of a caller whom a move has taken out of where it was."""
_ELSEWHERE: Final = frozenset({AWAY_END, HELD, ROOM, "WAIT", "FALLBACK", "SEATLOST", "BYE"})
"""Marks of a caller who dials nobody any more; whom an order takes away leaves no ``AWAYEND``."""
_CAUSES: Final[Mapping[str, OfferOutcome]] = {
    "17": OfferOutcome.REJECTED,  # busy
    "21": OfferOutcome.REJECTED,
    "18": OfferOutcome.MISSED,
    "19": OfferOutcome.MISSED,
    "102": OfferOutcome.MISSED,  # timed out
    "127": OfferOutcome.MISSED,
    "16": OfferOutcome.CALLER_LEFT,  # we hung up: nobody wants it to ring any more
    "26": OfferOutcome.CALLER_LEFT,
}
"""What the Q.850 cause of a leg that never answered says; any other: nobody was reached."""


def legs(ordered: Sequence[CelEvent]) -> dict[str, LegId]:
    """The recipients' channels, by their uniqueid."""
    found: dict[str, LegId] = {}
    known: set[str] = set()
    away: CelEvent | None = None
    for event in ordered:
        if event.type == AWAY:
            away = event
        elif away is not None and event.uniqueid == away.uniqueid and event.type in _ELSEWHERE:
            away = None
        elif event.type != "LINKEDID_END" and event.uniqueid not in known:
            leg = leg_of(event.uniqueid)
            if not leg and away is not None and event.linkedid == away.linkedid:
                leg = LegId(away.extra.get("leg", ""))
            if leg:
                found[event.uniqueid] = leg
        known.add(event.uniqueid)
    return found


def targets(ordered: Sequence[CelEvent]) -> dict[LegId, str]:
    """Whom the recipients were to be, as far as the log knows: of those who answered."""
    told = (event.extra for event in ordered if event.type in (ROOM, AWAY))
    return {
        LegId(extra["leg"]): extra["target"]
        for extra in told
        if extra.get("leg") and extra.get("target")
    }


def is_moved(ordered: Sequence[CelEvent], callers: Collection[str]) -> bool:
    """Whether a move took the caller anywhere."""
    return any(event.type in TAKEN and event.uniqueid in callers for event in ordered)


def offers(ordered: Sequence[CelEvent], talks: Sequence[Talk], *, is_over: bool) -> list[Offered]:
    """Every ringing of a recipient, those the caller's own dialplan dialled too."""
    reached = {talk.leg for talk in talks if talk.leg}
    whom = targets(ordered)
    found: list[Offered] = []
    for event in ordered:
        if event.type == AWAY:
            leg = LegId(event.extra.get("leg", ""))
            seat, peer = event.extra.get("seat", ""), event.extra.get("peer", "")
            outcome = _away(ordered, event)
        elif event.type == "CHAN_START" and leg_of(event.uniqueid):
            leg = leg_of(event.uniqueid)
            seat, peer = seat_of(event.channel) or "", peer_of(event.channel) or ""
            outcome = _rung(ordered, event)
        else:
            continue
        if leg in reached:
            outcome = OfferOutcome.ANSWERED
        elif outcome is None and is_over:
            outcome = OfferOutcome.CALLER_LEFT
        found.append(
            Offered(
                seat=SeatId(seat),
                at=event.time,
                outcome=outcome.value if outcome is not None else "live",
                peer=PeerId(peer),
                leg=leg,
                target=whom.get(leg, ""),
            )
        )
    return found


def _away(ordered: Sequence[CelEvent], away: CelEvent) -> OfferOutcome | None:
    later = (e for e in ordered if e.uniqueid == away.uniqueid and e.at >= away.at)
    ended = next((event for event in later if event.type in _ELSEWHERE), None)
    if ended is None:
        return None
    if ended.type != AWAY_END:
        return OfferOutcome.CALLER_LEFT
    return DIAL_STATUS.get(ended.extra.get("status", ""), OfferOutcome.UNREACHABLE)


def _rung(ordered: Sequence[CelEvent], birth: CelEvent) -> OfferOutcome | None:
    of = [event for event in ordered if event.uniqueid == birth.uniqueid]
    if any(event.type in ("ANSWER", ROOM) for event in of):
        return OfferOutcome.ANSWERED
    end = next((event for event in of if event.type == "HANGUP"), None)
    if end is None:
        return None
    return _CAUSES.get(end.extra.get("hangupcause", ""), OfferOutcome.UNREACHABLE)

"""Who talked with the caller, from Asterisk's event log. Pure.

A talk is the time a seat's, a peer's or a recipient's leg and the caller's were in one bridge, be
it a ``Dial``'s or the call's conference; each other side has its own, so talks may overlap.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from cti.ids import AgentId, LegId, PeerId, SeatId
from cti.wire import peer_of, seat_of
from records import movelog
from records.callrecord import Talk
from records.cel import CelEvent

_Stay = tuple[str, str, datetime, datetime | None]
"""Channel, bridge, from, to: one stay of one leg in one bridge."""


def talks(
    ordered: Sequence[CelEvent], callers: Collection[str], ended_at: datetime | None
) -> tuple[Talk, ...]:
    """All of a call's talks. ``callers``: the channels on which the caller itself was."""
    recipients, whom = movelog.legs(ordered), movelog.targets(ordered)
    stays = _stays(ordered)
    found: set[Talk] = set()
    for _, (channel, bridge, since, until) in stays:
        if channel not in callers:
            continue
        for enter, (other, other_bridge, other_since, other_until) in stays:
            seat, peer = seat_of(enter.channel), peer_of(enter.channel)
            leg = recipients.get(other, LegId(""))
            is_other_side = seat is not None or peer is not None or bool(leg)
            if other in callers or other_bridge != bridge or not is_other_side:
                continue
            first = max(since, other_since)
            ends = [end for end in (until, other_until, ended_at) if end is not None]
            last = min(ends, default=None)
            is_cut_short = until is None and other_until is None
            if last is None or first < last or is_cut_short:
                found.add(
                    Talk(
                        seat=seat or SeatId(""),
                        agent=AgentId(""),
                        since=first,
                        until=last,
                        peer=peer or PeerId(""),
                        leg=leg,
                        target=whom.get(leg, ""),
                    )
                )
    return tuple(sorted(found, key=lambda talk: (talk.since, talk.seat, talk.peer, talk.leg)))


def _stays(ordered: Iterable[CelEvent]) -> list[tuple[CelEvent, _Stay]]:
    inside: dict[tuple[str, str], CelEvent] = {}
    stays: list[tuple[CelEvent, _Stay]] = []
    for event in ordered:
        key = (event.uniqueid, event.extra.get("bridge_id", ""))
        if event.type == "BRIDGE_ENTER":
            inside.setdefault(key, event)
            continue
        ended = [key] if event.type == "BRIDGE_EXIT" else []
        if event.type == "HANGUP":  # where its leaving was not logged
            ended = [one for one in inside if one[0] == event.uniqueid]
        for one in ended:
            if enter := inside.pop(one, None):
                stays.append((enter, (*one, enter.time, event.time)))
    stays += [(enter, (*key, enter.time, None)) for key, enter in inside.items()]
    return stays

"""Whose voice is heard on the caller's line, and when. Pure.

What the caller hears is one recording, whoever speaks in it. While an agent is on the line it is
the agent's; while only somebody else is whom a move brought, it is theirs.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from records.callrecord import CallRecord, Offered, Talk
from records.engine.protocol import Channel
from transfer.target import TargetKind

Window = tuple[float, float]
"""From, to, in seconds of a recording."""

_OURS: Final = frozenset({TargetKind.SEAT.value, TargetKind.GROUP.value})


def speaker(one: Offered | Talk) -> Channel:
    """The channel of a transcript that the other side of a talk or a ringing is."""
    kind = one.target.partition(":")[0]
    if kind == TargetKind.EXPERT.value:
        return "expert"
    is_ours = kind in _OURS or (not kind and one.seat)
    return "agent" if is_ours or not one.leg else "office"


def by_speaker(record: CallRecord, windows: Sequence[Window]) -> dict[Channel, list[Window]]:
    """Who speaks when. ``windows``: where each of the record's talks stands in the recording."""
    found: dict[Channel, list[Window]] = {"agent": []}
    for talk, window in zip(record.talks, windows, strict=True):
        found.setdefault(speaker(talk), []).append(window)
    agents = found.pop("agent")
    alone = {channel: without(of, agents) for channel, of in found.items()}
    return {"agent": agents, **{channel: of for channel, of in alone.items() if of}}


def together(record: CallRecord, leg: str) -> list[tuple[float, float | None]]:
    """When that recipient and the caller heard each other, in seconds since 1970."""
    return [
        (talk.since.timestamp(), None if talk.until is None else talk.until.timestamp())
        for talk in record.talks
        if talk.leg == leg
    ]


def without(windows: Iterable[Window], others: Iterable[Window]) -> list[Window]:
    """What is left of windows where none of the others is."""
    left = list(windows)
    for from_s, to_s in others:
        left = [
            piece
            for since, until in left
            for piece in ((since, min(until, from_s)), (max(since, to_s), until))
            if piece[0] < piece[1]
        ]
    return left

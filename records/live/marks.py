"""What stands out in a sentence while it is heard: place, time, office, danger. Pure.

The same rules as the draft's, so that what is marked is what the draft will say.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from config.profile import Profile
from records.moment import find_moment
from records.urgency import find_urgency
from records.whereabouts import find_place

MarkKind = Literal["place", "time", "office", "danger", "soon"]


class Mark(BaseModel):
    """Some words of a text, from ``start`` up to ``end``."""

    model_config = ConfigDict(frozen=True)

    start: int
    end: int
    kind: MarkKind
    """``danger``: somebody must act at once; ``soon``: within the hour or the day."""


def marks(text: str, profile: Profile, now: datetime) -> tuple[Mark, ...]:
    """Everything to be marked, in the order of the text, none overlapping another."""
    found = sorted(_all(text, profile, now), key=lambda one: one.kind != "danger")
    kept: list[Mark] = []
    for one in found:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: one.start))


def _all(text: str, profile: Profile, now: datetime) -> Iterator[Mark]:
    alarm = find_urgency(text)
    if alarm is not None:
        kind: MarkKind = "danger" if alarm.urgency == "urgent" else "soon"
        yield Mark(start=alarm.start, end=alarm.end, kind=kind)
    spot = find_place(text, profile.gazetteer)
    if spot is not None:
        yield Mark(start=spot.start, end=spot.end, kind="place")
    moment = find_moment(text, now)
    if moment is not None:
        yield Mark(start=moment.start, end=moment.end, kind="time")
    names = {name for office in profile.offices for name in (office.name, *office.aliases)}
    for name in sorted(names, key=lambda one: (-len(one), one)):  # the longest name is the office
        at = text.find(name) if len(name) > 1 else -1
        if at >= 0:
            yield Mark(start=at, end=at + len(name), kind="office")

"""What the caller's own marks in Asterisk's event log say of its way. Pure."""

from collections.abc import Iterable
from datetime import datetime

from cti.wire import mark_of
from records.cel import CelEvent


def satisfaction(ordered: Iterable[CelEvent]) -> int | None:
    """The caller's mark, whichever of the call's channels it was pressed on; the last one holds."""
    rated = [event.extra.get("mark", "") for event in ordered if event.type == "RATED"]
    return mark_of(rated[-1]) if rated else None


def waited_since(marks: Iterable[CelEvent]) -> datetime | None:
    """When the waiting began; whom another exchange did not serve has waited since it was asked."""
    outside: datetime | None = None
    for event in marks:
        if event.type in ("WAIT", "FALLBACK"):
            return outside or event.time
        if event.type in ("OUTSIDE", "OUTSIDEEND"):
            outside = outside or event.time
    return None

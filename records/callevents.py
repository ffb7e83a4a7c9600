"""What a program beside us (a CRM, a work-order platform) is told of calls. Pure.

Each event has a key made of the call and of what happened, so that whoever is told twice knows it.
A number is told masked: the whole one is asked for with a token, where that is audited.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from cti.effects import WriteJournal
from cti.ids import mask
from records.callrecord import CallRecord, Direction
from records.handing import GIVE_UP_AFTER, Message, MessageKind

PROGRAM: Final = "@events"
"""To whom these go, where a house's messages name the house. No house can be called so."""
TOLD: Final[Mapping[str, MessageKind]] = {
    "offered": MessageKind.ANNOUNCE,
    "talking": MessageKind.ANSWER,
}
"""By what the journal calls it."""


def seat_told(line: WriteJournal) -> str:
    """At which seat of ours something happened that is told; '': it is not."""
    return dict(line.data).get("seat", "") if line.what in TOLD else ""


def of_line(line: WriteJournal, record: CallRecord, order: str, agent: str) -> Message:
    """What a line of a call's journal tells, one with a ``seat_told``."""
    kind = TOLD[line.what]
    key = f"{kind.value}-{record.call}-{line.at.timestamp():.3f}"  # a call may ring many seats
    seat = {"seat": seat_told(line), "agent": agent}
    return _message(kind, key, record, order, line.at, seat)


def is_over(record: CallRecord, now: datetime) -> bool:
    """Whether the end of that call is to be told: it was a call of ours, and it is news."""
    at = record.ended_at
    return at is not None and record.direction is not Direction.TOLD and now - at < GIVE_UP_AFTER


def of_end(record: CallRecord, order: str) -> Message:
    """The end of a call that ``is_over``."""
    at, last = record.ended_at or record.arrived_at, record.last_talk
    more = {
        "seat": last.seat if last is not None else "",
        "agent": last.agent if last is not None else "",
        "disposition": record.disposition.value,
        "answered_at": record.answered_at.isoformat() if record.answered_at else None,
        "satisfaction": record.satisfaction,
    }
    return _message(MessageKind.END, f"end-{record.call}", record, order, at, more)


def _message(
    kind: MessageKind,
    key: str,
    record: CallRecord,
    order: str,
    at: datetime,
    more: Mapping[str, Any],
) -> Message:
    body = {
        "at": at.isoformat(),
        "call_id": record.call,
        "order": order or None,
        "direction": record.direction.value,
        "line": record.line,
        "caller": {"number": mask(record.ani) if record.ani else None},
        "arrived_at": record.arrived_at.isoformat(),
        **more,
    }
    return Message(
        key=key, kind=kind, centre=record.centre, line=PROGRAM, call=record.call, body=body
    )

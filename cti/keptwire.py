"""Kept places and call-backs on AMI: messages to events, entries to places, orders. Pure.

The names are those of ``[keep]`` and ``[callback]`` in ``asterisk-conf/``. Whatever is about
neither is left to ``wire``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from config.dialled import key
from cti import wire
from cti.ami.message import need
from cti.effects import CallBack
from cti.events import Event, OfferEnded
from cti.happened import OfferOutcome
from cti.ids import CallId, CentreId, LineId, OfferId, SeatId
from cti.originate import headers, whole_seconds
from cti.outevents import CallbackEnded, CallbackStarted, PlaceKept
from cti.ports import Message
from cti.seen import KeptPlace

FAMILY: Final = "kept"
"""Where kept places stand in Asterisk's database, each under its call's id."""
CONTEXT: Final = "callback"
CITIZEN_RINGS: Final = timedelta(seconds=30)
"""How long a citizen who is called back is rung."""
_PHONE: Final = re.compile(r"PJSIP/([a-z][a-z0-9]*-\d+)(?:-web)?(-[0-9a-f]{8})?")
_FIELDS: Final = 10


def read(message: Message, now: datetime) -> Event | None:
    """Return the event a message means; None when it means nothing to us.

    Raises as ``wire.read`` does.
    """
    name = message.get("UserEvent" if message.get("Event") == "UserEvent" else "Event")
    reader = _EVENTS.get(name) if isinstance(name, str) else None
    if reader is None or (name in _SHARED and message.get("Context") != CONTEXT):
        return wire.read(message, now)
    return reader(message, wire.told_at(message, now))


def places(entries: Sequence[Message]) -> tuple[KeptPlace, ...]:
    """The kept places among the answers to ``DBGetTree``. One that cannot be read is left out."""
    found = (_place(need(entry, "Key"), need(entry, "Val")) for entry in entries)
    return tuple(place for place in found if place is not None)


def originate(wish: CallBack) -> dict[str, str]:
    """The headers of the ``Originate`` that rings the seat.

    Its channel carries what a caller's own does, so that a brain that comes back knows it.
    """
    count = wish.offer.rpartition("/")[2]
    carried = {
        "__CALL": wish.call,
        "__CENTRE": wish.centre,
        "__LINE": wish.line,
        "__DNIS": wish.dnis,
        "__ANI": wish.ani,
        "__SINCE": str(int(wish.since.timestamp())),
        "__ARRIVED": str(int(wish.arrived_at.timestamp())),
        "__REVISION": str(wish.revision),
        "OFFER": f'"{wish.offer},{wish.seat},{whole_seconds(wish.ring)}"',
        "ATTEMPT": str(wish.attempt),
        "NUMBER": key(wish.ani),
        "OUT_PREFIX": wish.prefix,  # the seat's endpoint may say another centre's
        "OUT_RING": str(int(CITIZEN_RINGS.total_seconds())),
    }
    phone, name = f"PJSIP/{wish.seat}", f"{wish.call}-{count}"
    return headers(phone, name, CONTEXT, wish.ring, carried, shown=wish.ani, call=wish.call)


def _kept(message: Message, at: datetime) -> Event:
    call = CallId(need(message, "Call"))
    kept = KeptPlace(
        call=call,
        centre=CentreId(need(message, "Centre")),
        line=LineId(need(message, "Line")),
        dnis=need(message, "Dnis"),
        ani=need(message, "Ani"),
        since=wire.moment(need(message, "Since")),
        arrived_at=wire.moment(need(message, "Arrived")),
        kept_at=wire.moment(need(message, "Kept")),
        revision=wire.revision(need(message, "Revision")),
    )
    return PlaceKept(at=at, call=call, kept=kept)


def _started(message: Message, at: datetime) -> Event:
    return CallbackStarted(
        at=at,
        call=CallId(need(message, "Call")),
        offer=OfferId(need(message, "Offer")),
        seat=SeatId(need(message, "Seat")),
        attempt=int(need(message, "Attempt")),
    )


def _ended(message: Message, at: datetime) -> Event:
    status = need(message, "Status")
    return CallbackEnded(
        at=at,
        call=CallId(need(message, "Call")),
        offer=OfferId(need(message, "Offer")),
        seat=SeatId(need(message, "Seat")),
        outcome=wire.DIAL_STATUS.get(status, OfferOutcome.UNREACHABLE),
    )


def _seat_rung(message: Message, at: datetime) -> Event | None:
    """How the seat's phone took it. That it answered, ``[callback]`` will say itself."""
    phone = _PHONE.fullmatch(need(message, "Channel"))
    call, _, count = need(message, "Uniqueid").rpartition("-")
    if need(message, "Response") == "Success" or phone is None or not count.isdecimal():
        return None
    return OfferEnded(
        at=at,
        call=CallId(call),
        offer=OfferId(f"{call}/{count}"),
        seat=SeatId(phone[1]),
        outcome=wire.rung_in_vain(message),
    )


_EVENTS: Final[Mapping[str, Callable[[Message, datetime], Event | None]]] = {
    "Kept": _kept,
    "Callback": _started,
    "CallbackEnd": _ended,
    "OriginateResponse": _seat_rung,
}
_SHARED: Final = frozenset({"OriginateResponse"})
"""Events that others' orders end in, too."""


def _place(path: str, value: str) -> KeptPlace | None:
    call = path.removeprefix(f"/{FAMILY}/")
    fields = value.split(",")
    if call == path or len(fields) != _FIELDS:
        return None
    centre, line, dnis, ani, since, arrived, kept, revision, attempts, tried = fields
    try:
        return KeptPlace(
            call=CallId(call),
            centre=CentreId(centre),
            line=LineId(line),
            dnis=dnis,
            ani=ani,
            since=wire.moment(since),
            arrived_at=wire.moment(arrived),
            kept_at=wire.moment(kept),
            revision=wire.revision(revision),
            attempts=int(attempts),
            tried_at=None if tried == "0" else wire.moment(tried),
        )
    except ValueError:
        return None

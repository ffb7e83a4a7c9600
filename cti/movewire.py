"""Moves and supervising on AMI: messages to events, and how somebody is rung. Pure.

The names are those of ``[hold]``, ``[room]``, ``[joins]``, ``[away]`` and ``[monitor]`` in
``asterisk-conf/``. Whatever is about none of them is left to ``dialwire``, ``keptwire``, ``wire``.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from cti import dialwire, wire
from cti.ami.message import need
from cti.events import Event
from cti.happened import OfferOutcome
from cti.ids import CallId, ChannelId, LegId, SeatId
from cti.listener import rung_as
from cti.moveevents import (
    AwayEnded,
    AwayStarted,
    CallerHeld,
    MonitorEnded,
    MonitorStarted,
    PartyLost,
    RecipientUnanswered,
    RoomEntered,
)
from cti.movewishes import Monitor, RingRecipient, SendAway
from cti.originate import headers, whole_seconds
from cti.ports import Message
from transfer.step import Mode

JOINS: Final = "joins"
"""Where a recipient goes who was rung and has answered."""
MONITOR: Final = "monitor"
"""Where a supervisor's own channel stands while it hears a talk. It is no leg of the call."""
TOLD: Final = ("Path", "Case", "Reason", "Order")
"""What another exchange is told beside the call's id, as ``X-Hotline-<name>``."""
_HEADER: Final = "X-Hotline-"
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9 ._:/+-]")


def read(message: Message, now: datetime) -> Event | None:
    """Return the event a message means; None when it means nothing to us.

    Raises as ``wire.read`` does.
    """
    name = message.get("UserEvent" if message.get("Event") == "UserEvent" else "Event")
    reader = _EVENTS.get(name) if isinstance(name, str) else None
    if reader is None or (name == _RUNG and message.get("Context") not in (JOINS, MONITOR)):
        return dialwire.read(message, now)
    return reader(message, wire.told_at(message, now))


def _call(message: Message) -> CallId:
    return CallId(need(message, "Call"))


def _held(message: Message, at: datetime) -> Event:
    return CallerHeld(at=at, call=_call(message))


def _entered(message: Message, at: datetime) -> Event:
    channel = ChannelId(need(message, "Channel"))
    return RoomEntered(
        at=at,
        call=_call(message),
        channel=channel,
        seat=wire.seat_of(channel),
        leg=LegId(wire.told(message, "Leg")),
    )


def _lost(message: Message, at: datetime) -> Event:
    return PartyLost(at=at, call=_call(message), channel=ChannelId(need(message, "Channel")))


def _away(message: Message, at: datetime) -> Event:
    return AwayStarted(at=at, call=_call(message), leg=LegId(need(message, "Leg")))


def _away_ended(message: Message, at: datetime) -> Event:
    return AwayEnded(
        at=at,
        call=_call(message),
        leg=LegId(need(message, "Leg")),
        outcome=wire.DIAL_STATUS.get(wire.told(message, "Status"), OfferOutcome.UNREACHABLE),
    )


def _monitor(message: Message, at: datetime) -> Event:
    return MonitorStarted(
        at=at,
        seat=SeatId(need(message, "Seat")),
        call=_call(message),
        channel=ChannelId(need(message, "Channel")),
        mode=Mode(need(message, "Mode")),
    )


def _monitor_ended(message: Message, at: datetime) -> Event:
    return MonitorEnded(at=at, seat=SeatId(need(message, "Seat")), call=_call(message))


def _rung(message: Message, at: datetime) -> Event | None:
    """How a phone took it. That it answered, the dialplan will say itself."""
    if need(message, "Response") == "Success":
        return None
    uniqueid = need(message, "Uniqueid")
    heard = wire.listener_of(uniqueid)
    if heard is not None:
        return MonitorEnded(at=at, seat=heard[1], call=heard[0])
    leg = wire.leg_of(uniqueid)
    if not leg:
        return None
    outcome = wire.rung_in_vain(message)
    return RecipientUnanswered(at=at, call=wire.call_of(leg), leg=leg, outcome=outcome)


_RUNG: Final = "OriginateResponse"
_EVENTS: Final[Mapping[str, Callable[[Message, datetime], Event | None]]] = {
    "Held": _held,
    "Room": _entered,
    "Lost": _lost,
    "Away": _away,
    "AwayEnd": _away_ended,
    "Monitor": _monitor,
    "MonitorEnd": _monitor_ended,
    _RUNG: _rung,
}


# --- what is ordered ---------------------------------------------------------------------------


def recipient(wish: RingRecipient) -> dict[str, str]:
    """The headers of the ``Originate`` that rings a recipient into the call's room."""
    carried = {
        "CALL": wish.call,
        "CALLER": wish.channel,
        "LEG": wish.leg,
        "CENTRE": wish.centre,
        "SEAT": wish.seat or "",
        "RECORDS": "yes" if wish.records else "",
        **({"IS_BACK": "yes"} if wish.is_back else {}),
    }
    if wish.seat is None:
        told = {f"{_HEADER}Call": wish.call} | dict(wish.headers)
        carried |= {f"PJSIP_HEADER(add,{name})": plain(text) for name, text in told.items()}
    return headers(
        _phone(wish), wish.leg, JOINS, wish.ring, carried, shown=wish.shown, call=wish.call
    )


def _phone(wish: RingRecipient) -> str:
    if wish.seat is not None:
        return f"PJSIP/{wish.seat}"
    trunk = f"peer-{wish.peer}" if wish.peer is not None else f"out-{wish.centre}"
    return f"PJSIP/{wish.number}@{trunk}"


def plain(text: str) -> str:
    """A header's text with nothing in it that means something on the way there.

    Neither Asterisk's lists of variables nor its dialplan may be parted or ended by what
    somebody wrote; a number, a path of centres and a few words need no more than is left.
    """
    return _NOT_PLAIN.sub("", text)


def away(wish: SendAway) -> dict[str, str]:
    """The variables of the caller's channel by which ``[away]`` dials, all of them each time."""
    told = dict(wish.headers)
    facts = {
        "AWAY_LEG": wish.leg,
        "AWAY_PEER": wish.peer or "",
        "AWAY_SEAT": wish.seat or "",
        "AWAY_NUMBER": wish.number,
        "AWAY_RING": str(whole_seconds(wish.ring)),
        "AWAY_SHOWN": wish.shown,
    }
    return facts | {f"AWAY_{name.upper()}": plain(told.get(_HEADER + name, "")) for name in TOLD}


def listener(wish: Monitor) -> dict[str, str]:
    """The headers of the ``Originate`` that rings a supervisor's own phone.

    While a channel of that seat hears that call, Asterisk refuses another.
    """
    carried = {
        "CALL": wish.call,
        "CALLER": wish.caller,
        "CENTRE": wish.centre,
        "SEAT": wish.seat,
        "SPIED": wish.channel,
        "MODE": wish.mode.value,
        "TONE": "yes" if wish.has_tone else "",
    }
    return headers(f"PJSIP/{wish.seat}", rung_as(wish.call, wish.seat), MONITOR, wish.ring, carried)

"""AMI messages to events. Pure: parse at the edge, and a missing header is an error with a name.

``read`` gives the event a message means, or None when it means nothing to us. The names of user
events and variables are those of ``asterisk-conf/``; both sides are listed in its README.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from cti.ami.message import need
from cti.events import (
    CallArrived,
    CallerRated,
    CallFellBack,
    CallWaiting,
    Event,
    LegBridged,
    LegHungUp,
    LegStarted,
    LegUnbridged,
    OfferEnded,
    OfferStarted,
    OutsideEnded,
    OutsideStarted,
    PhoneChanged,
    SeatLost,
)
from cti.happened import OfferOutcome, Phone
from cti.ids import CallId, CentreId, ChannelId, LegId, LineId, OfferId, PeerId, SeatId
from cti.ports import Message

_SEAT_CHANNEL = re.compile(r"PJSIP/([a-z][a-z0-9]*-\d+)(?:-web)?-[0-9a-f]{8}")
_PEER_CHANNEL = re.compile(r"PJSIP/peer-([a-z][a-z0-9]*)-[0-9a-f]{8}")
_COUNTED = re.compile(r"(.*\.\d+)-m?\d+")
_RECIPIENT = re.compile(r".*\.\d+-m\d+")
_LISTENER = re.compile(r"(.+)-s-([a-z][a-z0-9]*-\d+)")
_INTERFACE = re.compile(r"PJSIP/([a-z][a-z0-9]*-\d+)(?:-web)?")

DIAL_STATUS: Mapping[str, OfferOutcome] = {
    "ANSWER": OfferOutcome.ANSWERED,
    "NOANSWER": OfferOutcome.MISSED,
    "BUSY": OfferOutcome.REJECTED,
    "CHANUNAVAIL": OfferOutcome.UNREACHABLE,
    "CONGESTION": OfferOutcome.UNREACHABLE,
    "INVALIDARGS": OfferOutcome.UNREACHABLE,
    "CANCEL": OfferOutcome.CALLER_LEFT,
    "TAKEN": OfferOutcome.TAKEN,
}
"""``Dial``'s ``DIALSTATUS``, and our own ``TAKEN``."""

_REASONS: Mapping[str, OfferOutcome] = {"3": OfferOutcome.MISSED, "5": OfferOutcome.REJECTED}

MEMBER_STATUS: Mapping[str, Phone] = {
    "1": Phone.FREE,
    "2": Phone.IN_USE,
    "3": Phone.IN_USE,
    "6": Phone.RINGING,
    "7": Phone.IN_USE,
    "8": Phone.IN_USE,
}
"""``Status`` of a queue member is Asterisk's device state. Unknown, invalid and unavailable
phones (0, 4, 5) are gone: nobody would hear them ring."""


def seat_of(channel: str) -> SeatId | None:
    """The seat whose phone the channel is; None for callers' and other channels."""
    match = _SEAT_CHANNEL.fullmatch(channel)
    return SeatId(match[1]) if match else None


def seat_at(interface: str) -> SeatId | None:
    """The seat whose phone a queue calls by that name; None for what is no seat's."""
    match = _INTERFACE.fullmatch(interface)
    return SeatId(match[1]) if match else None


def phone_of(message: Message) -> Phone:
    """How the phone of a queue's member stands, by the member's ``Status``."""
    return MEMBER_STATUS.get(need(message, "Status"), Phone.GONE)


def peer_of(channel: str) -> PeerId | None:
    """The peer whose exchange the channel leads to; None for callers' and seats' channels."""
    match = _PEER_CHANNEL.fullmatch(channel)
    return PeerId(match[1]) if match else None


def moment(epoch: str) -> datetime:
    """Read Asterisk's seconds since 1970, with or without a fraction. Raises ``ValueError``."""
    return datetime.fromtimestamp(float(epoch), UTC)


def told_at(message: Message, now: datetime) -> datetime:
    """When an event happened; ``now`` where it does not say so."""
    stamp = message.get("Timestamp")
    return moment(stamp) if isinstance(stamp, str) else now


def call_of(linkedid: str) -> CallId:
    """The call that channels with this Linkedid belong to.

    The Linkedid itself, but for a seat that was rung for a call-back and for whom a move rang
    (``ChannelId``): there it is the call's with a count behind it, ``node1-1795344314.0-2`` and
    ``node1-1795344314.0-m2``.
    """
    match = _COUNTED.fullmatch(linkedid)
    return CallId(match[1] if match else linkedid)


def leg_of(uniqueid: str) -> LegId:
    """The leg of a move that the channel with this Uniqueid is; '' for any other channel."""
    return LegId(uniqueid if _RECIPIENT.fullmatch(uniqueid) else "")


def listener_of(uniqueid: str) -> tuple[CallId, SeatId] | None:
    """Whose talk the phone with this Uniqueid was rung to hear, and at which supervisor's seat."""
    match = _LISTENER.fullmatch(uniqueid)
    return (CallId(match[1]), SeatId(match[2])) if match else None


def account_of(message: Message) -> CallId:
    """The call a channel's event belongs to: our own id where it rides, else the Linkedid."""
    return CallId(need(message, "AccountCode") or call_of(need(message, "Linkedid")))


def path_of(centres: str) -> tuple[CentreId, ...]:
    """The centres a call has been at, as another exchange tells them: ``chifeng/neimenggu``."""
    return tuple(CentreId(centre) for centre in centres.split("/") if centre)


def rung_in_vain(message: Message) -> OfferOutcome:
    """Why an ``Originate`` came to nothing. Asterisk says 0 of a phone that refused, too."""
    return _REASONS.get(need(message, "Reason"), OfferOutcome.UNREACHABLE)


def _arrived(message: Message, at: datetime) -> Event:
    return CallArrived(
        at=at,
        call=CallId(need(message, "Call")),
        channel=ChannelId(need(message, "Channel")),
        centre=CentreId(need(message, "Centre")),
        line=LineId(need(message, "Line")),
        dnis=need(message, "Dnis"),
        ani=need(message, "Ani"),
        revision=revision(told(message, "Revision")),
        line_state=told(message, "State"),
        prompt=told(message, "Prompt"),
        is_farewell=told(message, "Route") == FAREWELL,
        is_handed_over=told(message, "Handed") != "",
        is_emergency=told(message, "Handed") == EMERGENCY,
        is_blocked=told(message, "Route") == BLOCKED,
        path=path_of(told(message, "Path")),
        case=told(message, "Case"),
        handed_because=told(message, "Reason"),
        came_from=told(message, "From"),
    )


FAREWELL = "hangup"
"""The dialplan's ``ROUTE`` of a call that ends with its sentence."""
EMERGENCY = "emergency"
"""The dialplan's ``HANDED`` of a caller whom an emergency line hands over, or who asks for one."""
BLOCKED = "blocked"
"""The dialplan's ``ROUTE`` of a call whose caller is on the list of nuisance callers."""


def revision(digits: str) -> int:
    """The number of the applied city; 0 where none is told, as by an older dialplan."""
    return int(digits) if digits.isdecimal() else 0


def told(message: Message, name: str) -> str:
    """A header that may be missing: '' then. Asterisk leaves out a last one that is empty."""
    value = message.get(name)
    return value if isinstance(value, str) else ""


def _waiting(message: Message, at: datetime) -> Event:
    return CallWaiting(
        at=at,
        call=CallId(need(message, "Call")),
        channel=ChannelId(need(message, "Channel")),
        centre=CentreId(need(message, "Centre")),
        line=LineId(need(message, "Line")),
        dnis=need(message, "Dnis"),
        ani=need(message, "Ani"),
        since=moment(need(message, "Since")),
        is_handed_over=told(message, "Handed") != "",
        is_emergency=told(message, "Handed") == EMERGENCY,
        offer=OfferId(told(message, "Offer")) or None,
    )


def _fell_back(message: Message, at: datetime) -> Event:
    return CallFellBack(
        at=at,
        call=CallId(need(message, "Call")),
        channel=ChannelId(need(message, "Channel")),
        centre=CentreId(need(message, "Centre")),
        since=moment(need(message, "Since")),
    )


def _offer_started(message: Message, at: datetime) -> Event:
    return OfferStarted(
        at=at,
        call=CallId(need(message, "Call")),
        offer=OfferId(need(message, "Offer")),
        seat=SeatId(need(message, "Seat")),
    )


def _offer_ended(message: Message, at: datetime) -> Event:
    return OfferEnded(
        at=at,
        call=CallId(need(message, "Call")),
        offer=OfferId(need(message, "Offer")),
        seat=SeatId(need(message, "Seat")),
        outcome=DIAL_STATUS.get(need(message, "Status"), OfferOutcome.UNREACHABLE),
    )


def _outside_started(message: Message, at: datetime) -> Event:
    return OutsideStarted(
        at=at,
        call=CallId(need(message, "Call")),
        peer=PeerId(need(message, "Peer")),
        line=LineId(need(message, "Line")),
    )


def _outside_ended(message: Message, at: datetime) -> Event:
    return OutsideEnded(
        at=at,
        call=CallId(need(message, "Call")),
        peer=PeerId(need(message, "Peer")),
        outcome=DIAL_STATUS.get(need(message, "Status"), OfferOutcome.UNREACHABLE),
    )


def _seat_lost(message: Message, at: datetime) -> Event:
    return SeatLost(at=at, call=CallId(need(message, "Call")))


def _rated(message: Message, at: datetime) -> Event:
    mark = mark_of(need(message, "Mark"))
    if mark is None:
        raise ValueError("no mark from 1 to 5")
    return CallerRated(at=at, call=CallId(need(message, "Call")), mark=mark)


def mark_of(digits: str) -> int | None:
    """The caller's mark, 5 (very satisfied) to 1; None for anything else."""
    return int(digits) if digits in ("1", "2", "3", "4", "5") else None


def _leg_started(message: Message, at: datetime) -> Event:
    channel = ChannelId(need(message, "Channel"))
    return LegStarted(
        at=at,
        call=account_of(message),
        channel=channel,
        seat=seat_of(channel),
        peer=peer_of(channel),
        leg=leg_of(need(message, "Uniqueid")),
    )


def _leg_bridged(message: Message, at: datetime) -> Event:
    channel = ChannelId(need(message, "Channel"))
    bridge = need(message, "BridgeUniqueid")
    return LegBridged(
        at=at,
        call=account_of(message),
        channel=channel,
        seat=seat_of(channel),
        bridge=bridge,
        peer=peer_of(channel),
        leg=leg_of(need(message, "Uniqueid")),
    )


def _leg_unbridged(message: Message, at: datetime) -> Event:
    channel = ChannelId(need(message, "Channel"))
    bridge = need(message, "BridgeUniqueid")
    return LegUnbridged(
        at=at, call=account_of(message), channel=channel, seat=seat_of(channel), bridge=bridge
    )


def _leg_hung_up(message: Message, at: datetime) -> Event:
    channel = ChannelId(need(message, "Channel"))
    cause = int(need(message, "Cause"))
    return LegHungUp(
        at=at, call=account_of(message), channel=channel, seat=seat_of(channel), cause=cause
    )


def _phone_changed(message: Message, at: datetime) -> Event | None:
    seat = seat_at(need(message, "Interface"))
    if seat is None:
        return None
    return PhoneChanged(at=at, seat=seat, phone=phone_of(message))


_Reader = Callable[[Message, datetime], Event | None]
_USER_EVENTS: Mapping[str, _Reader] = {
    "Arrived": _arrived,
    "Wait": _waiting,
    "Fallback": _fell_back,
    "Offer": _offer_started,
    "OfferEnd": _offer_ended,
    "Outside": _outside_started,
    "OutsideEnd": _outside_ended,
    "SeatLost": _seat_lost,
    "Rated": _rated,
}
_EVENTS: Mapping[str, _Reader] = {
    "Newchannel": _leg_started,
    "BridgeEnter": _leg_bridged,
    "BridgeLeave": _leg_unbridged,
    "Hangup": _leg_hung_up,
    "QueueMemberStatus": _phone_changed,
    "QueueMemberAdded": _phone_changed,
}


def read(message: Message, now: datetime) -> Event | None:
    """Return the event a message means; None when it means nothing to us.

    ``now`` stands in where the message carries no ``Timestamp``. Raises ``MalformedMessage`` for
    a missing header and ``ValueError`` for one that is no number.
    """
    name = message.get("Event")
    if name == "UserEvent":
        reader = _USER_EVENTS.get(need(message, "UserEvent"))
    else:
        reader = _EVENTS.get(name) if isinstance(name, str) else None
    return reader(message, told_at(message, now)) if reader is not None else None

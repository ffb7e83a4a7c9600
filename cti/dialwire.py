"""Calls out on AMI: messages to events, and the order. Pure.

The names are those of ``[dial-out]`` in ``asterisk-conf/``. Whatever is about no call out is left
to ``keptwire`` and ``wire``.
"""

from datetime import datetime

from cti import keptwire, wire
from cti.ami.message import need
from cti.calling import CONTEXT
from cti.effects import DialOut
from cti.events import Event
from cti.happened import OfferOutcome
from cti.ids import CALLED_OUT, CallId, SeatId
from cti.originate import headers
from cti.outevents import DialOutEnded, DialOutRefused, DialOutStarted
from cti.ports import Message


def read(message: Message, now: datetime) -> Event | None:
    """Return the event a message means; None when it means nothing to us.

    Raises as ``wire.read`` does.
    """
    name = message.get("UserEvent" if message.get("Event") == "UserEvent" else "Event")
    at = wire.told_at(message, now)
    if name == "DialOut":
        seat = SeatId(need(message, "Seat"))
        return DialOutStarted(at=at, call=CallId(need(message, "Call")), seat=seat)
    if name == "DialOutEnd":
        outcome = wire.DIAL_STATUS.get(need(message, "Status"), OfferOutcome.UNREACHABLE)
        return DialOutEnded(at=at, call=CallId(need(message, "Call")), outcome=outcome)
    if name == "OriginateResponse" and need(message, "Uniqueid").startswith(CALLED_OUT):
        return _seat_rung(message, at)
    return keptwire.read(message, now)


def _seat_rung(message: Message, at: datetime) -> Event | None:
    """How the agent's own phone took it. That it answered, ``[dial-out]`` will say itself."""
    if need(message, "Response") == "Success":
        return None
    return DialOutRefused(at=at, call=CallId(need(message, "Uniqueid")))


def originate(wish: DialOut) -> dict[str, str]:
    """The headers of the ``Originate`` that rings the seat.

    The call's id names its channel, so that Asterisk refuses it a second time. The channel carries
    what a brain that comes back must know.
    """
    carried = {
        "CALL": wish.call,
        "ABOUT": wish.about,
        "CENTRE": wish.centre,
        "LINE": wish.line,
        "ANI": wish.ani,
        "NUMBER": wish.number,
        "ARRIVED": str(int(wish.arrived_at.timestamp())),
    }
    phone, name = f"PJSIP/{wish.seat}", wish.call
    return headers(phone, name, CONTEXT, wish.ring, carried, shown=wish.number, call=wish.call)

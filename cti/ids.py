"""One type per identifier, so that a function that wants a call cannot be given a channel.

Ring 0: words only. Every other module may import this one; it imports nothing of ours.
"""

from typing import NewType

CallId = NewType("CallId", str)
"""The caller's whole visit. The Uniqueid of the caller's channel, which carries the node's
name (``node1-1795310090.4``), set as ``CALL`` in ``[arrive]`` and inherited by every leg.
Safe as a file name. Asterisk's Linkedid equals it until a conference; we never rely on that.
A call out is named by the brain (``out-1795310090.1231001``), and so is its first channel."""

ChannelId = NewType("ChannelId", str)
"""One party's connection: Asterisk's channel *name* (``PJSIP/chifeng-1001-0000002a``), which
is what AMI orders take. It does not change, because nothing here masquerades."""

CentreId = NewType("CentreId", str)
"""One hotline organisation on the platform (tenant): ``chifeng``. ``[a-z][a-z0-9]*``."""

SeatId = NewType("SeatId", str)
"""A place with a phone: ``chifeng-1001``, which is also its PJSIP endpoint's name; the phone in
the seat's page is ``chifeng-1001-web``."""

PeerId = NewType("PeerId", str)
"""Another exchange that we dial out to: a department's, a sub-centre's, another centre's. Its
PJSIP endpoint is ``peer-<id>``. ``[a-z][a-z0-9]*``."""

AgentId = NewType("AgentId", str)
"""The person signed in at a seat: the user name."""

LineId = NewType("LineId", str)
"""An entry of the merger ledger, by its digits as dialled: ``8337772``."""

OfferId = NewType("OfferId", str)
"""One ringing of one seat for one call. Unique for the life of the installation."""


MoveId = NewType("MoveId", str)
"""One move of a call, made by whoever asks for it: asked twice, it is made once."""

LegId = NewType("LegId", str)
"""A leg that a move rings: the Uniqueid we give its channel, the call's id and a count
(``node1-1795310090.4-m1``). '' for every other leg."""

CALLED_OUT = "out-"
"""How the id of a call out begins."""


def seat_id(centre: CentreId, extension: str) -> SeatId:
    """Name the seat with that extension in that centre."""
    return SeatId(f"{centre}-{extension}")


def mask(number: str) -> str:
    """Keep the last two digits of a telephone number, for logs, labels and lists.

    >>> mask("13847652301")
    '*********01'
    """
    if len(number) <= 2:
        return "*" * len(number)
    return "*" * (len(number) - 2) + number[-2:]

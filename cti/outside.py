"""The caller at another exchange: the line's own seats, dialled by the dialplan itself.

Part of the switch's rules. ``[outside]`` needs no brain, so nothing is ordered here: the switch
follows, offers nobody who is there, and takes the caller as waiting only when told so.
"""

from dataclasses import replace
from datetime import datetime

from cti.call import Call, CallState
from cti.effects import TakeSnapshot
from cti.events import OutsideEnded, OutsideStarted
from cti.ids import PeerId, SeatId
from cti.picture import Picture
from queues.seatlife import SeatInput
from records.callrecord import Offered


def started(picture: Picture, event: OutsideStarted) -> None:
    """The dialplan dials the line's own seats."""
    call = picture.calls.get(event.call)
    if call is None:
        picture.out.append(TakeSnapshot(why="a call put through outside is not known"))
        return
    stands(picture, call, event.at)
    note(call, event.peer, event.at)
    picture.journal(call, event.at, "outside", peer=event.peer, line=event.line)


def ended(picture: Picture, event: OutsideEnded) -> None:
    """Nobody answered there, or the talk is over. Where the caller goes, the dialplan will say."""
    call = picture.calls.get(event.call)
    if call is None:
        return
    if not _is_rung(call, event.peer):  # known to be away, so nobody was dialled
        note(call, event.peer, event.at)
    call.close_offer(event.outcome)
    outcome = event.outcome.value
    picture.journal(call, event.at, "outside-ended", peer=event.peer, outcome=outcome)
    picture.end_talk(call, event.at, SeatInput.TALK_OVER)
    if call.state is CallState.OUTSIDE:
        call.state = CallState.LEAVING


def stands(picture: Picture, call: Call, at: datetime) -> None:
    """Put the call outside: in no queue, and no seat is to ring for it."""
    picture.end_offer(call, at, SeatInput.WITHDRAWN)
    picture.acd.leave(call.id)
    call.state, call.is_sent = CallState.OUTSIDE, False


def note(call: Call, peer: PeerId, at: datetime) -> None:
    """Note that the peer is dialled, once: a snapshot may have shown it before it was told."""
    place = _last(call)
    if place is not None and _is_rung(call, peer):
        last = call.offers[place]
        call.offers[place] = replace(last, at=min(last.at, at))
    else:
        call.offers.append(Offered(seat=SeatId(""), peer=peer, at=at, outcome="live"))


def _is_rung(call: Call, peer: PeerId) -> bool:
    place = _last(call)
    if place is None:
        return False
    return (call.offers[place].peer, call.offers[place].outcome) == (peer, "live")


def _last(call: Call) -> int | None:
    """Where the last ringing stands that no move ordered."""
    return next((n for n in reversed(range(len(call.offers))) if not call.offers[n].leg), None)

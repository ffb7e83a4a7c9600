"""An agent whose page went away in the midst of a move is rung back into the call's room.

Part of the switch's rules. Who is waited for stands in ``Stand.absent``; here is how it is rung.
The page answers by itself, for it knows the call. What its going and coming mean to the move is
said by ``cti.returning``. Whoever is not back in time has left: caller and recipient have each
other, or the caller is back in the queue, kept for the seat as after any talk.
"""

from datetime import datetime, timedelta
from typing import Final

from cti import recipients, rejoining
from cti.call import Call
from cti.effects import WithdrawPop
from cti.happened import OfferOutcome, Phone
from cti.ids import ChannelId, LegId, OfferId
from cti.move import Absent
from cti.movewishes import RingRecipient
from cti.picture import Picture
from queues.seat import AgentState
from queues.seatlife import Seat, SeatInput

ALARM: Final = "absent"
RINGS_FOR: Final = timedelta(seconds=10)


def phone_came(picture: Picture, seat: Seat, at: datetime) -> None:
    """The seat's telephone is free: somebody's move may wait for it."""
    for call in list(picture.calls.values()):
        if call.stand.absent is not None and call.stand.absent.seat == seat.id:
            ring(picture, call, at)


def ring(picture: Picture, call: Call, at: datetime) -> None:
    """Ring the seat into the room, if it is there and wants to be."""
    absent = call.stand.absent
    seat = picture.seats.get(absent.seat) if absent is not None else None
    if absent is None or seat is None or absent.leg or at < absent.since:
        return
    is_there = seat.phone is Phone.FREE and seat.state is AgentState.NOT_READY
    if not is_there or seat.reason not in rejoining.AWAY:
        return
    absent.leg = recipients.next_leg(call)
    call.stand.kept.add(absent.leg)
    picture.move_seat(seat, SeatInput.READY, at)
    picture.move_seat(seat, SeatInput.OFFER, at, call=call.id)
    picture.pop(call, seat, OfferId(absent.leg), at)
    picture.out.append(
        RingRecipient(
            call=call.id,
            channel=call.channel,
            leg=absent.leg,
            centre=call.centre,
            peer=None,
            seat=seat.id,
            number="",
            ring=RINGS_FOR,
            shown=call.ani,
            is_back=True,
        )
    )


def unanswered(
    picture: Picture, call: Call, leg: LegId, outcome: OfferOutcome, at: datetime
) -> None:
    """The page was gone again, or nobody answered: it is rung once more when it comes back."""
    absent = call.stand.absent
    if absent is None or not leg or leg != absent.leg:
        return
    _stop_ringing(picture, call, absent, at, outcome.value)
    absent.leg = LegId("")


def forget(picture: Picture, call: Call, at: datetime) -> None:
    """Wait for it no longer; what rings is stopped."""
    absent, call.stand.absent = call.stand.absent, None
    if absent is None or not absent.leg:
        return
    call.stand.kept.discard(absent.leg)
    recipients.let_go(picture, call, call.leg_channel(absent.leg) or ChannelId(absent.leg))
    _stop_ringing(picture, call, absent, at, SeatInput.PHONE_LOST.value)


def _stop_ringing(picture: Picture, call: Call, absent: Absent, at: datetime, why: str) -> None:
    seat = picture.seats.get(absent.seat)
    if seat is not None and seat.state is AgentState.OFFERED and seat.call == call.id:
        picture.out.append(WithdrawPop(seat=seat.id, call=call.id, offer=OfferId(absent.leg)))
        picture.move_seat(seat, SeatInput.MISSED, at, reason=why)

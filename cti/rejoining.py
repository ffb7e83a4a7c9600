"""A seat whose telephone is in its page, and a page that went away in a talk. The caller is kept
for it. Part of the switch's rules.

A page is refreshed, a lid closed, a browser dies: nobody hung up, and mostly the agent is back in
seconds. The caller hears music meanwhile, at the head of the queue, and only that seat is rung, as
soon as its telephone is there again; the page answers by itself, for it knows the call. After
``HELD_FOR`` anybody's seat will do.
"""

from datetime import datetime, timedelta
from typing import Final

from cti.call import Call, CallState
from cti.happened import OfferOutcome, Phone
from cti.ids import SeatId
from cti.picture import Picture
from queues.seat import AgentState
from queues.seatlife import Seat, SeatInput

ALARM: Final = "rejoin"
HELD_FOR: Final = timedelta(seconds=30)
RUNG_FOR: Final = timedelta(seconds=6)
"""The same for a caller whom nobody has greeted yet: another seat may as well."""
SETTLES: Final = timedelta(seconds=1)
"""For so long a telephone that has just gone may still look as if it were there."""
AWAY: Final = frozenset({SeatInput.PHONE_LOST.value, OfferOutcome.UNREACHABLE.value})
"""Why a seat is not ready whose page went away, and nothing else hinders it."""


def lost(picture: Picture, call: Call, seat: Seat | None, at: datetime) -> None:
    """The telephone vanished in a talk. ``seat`` None: it was none of ours."""
    if seat is not None and seat.is_on_page:
        _keep(picture, call, seat, at, HELD_FOR)


def unreached(picture: Picture, call: Call, seat: Seat | None, at: datetime) -> None:
    """The telephone vanished while it rang, or was not there. Once a call: it may be broken."""
    if seat is not None and seat.is_on_page and not call.was_lost:
        _keep(picture, call, seat, at, RUNG_FOR)


def phone_came(picture: Picture, seat: Seat, at: datetime) -> None:
    """The seat's telephone is free: somebody may be kept for it."""
    for call in picture.calls.values():
        if call.kept_for == seat.id:
            come_back(picture, call, at)


def come_back(picture: Picture, call: Call, at: datetime) -> None:
    """Have the seat ring for the caller who is kept for it, if it is there."""
    seat = picture.seats.get(call.kept_for or SeatId(""))
    if seat is None or call.kept_until is None or call.kept_from is None:
        return
    is_time = call.kept_from <= at < call.kept_until
    is_there = seat.phone is Phone.FREE and seat.state is AgentState.NOT_READY
    if is_time and is_there and seat.reason in AWAY and call.state is CallState.WAITING:
        picture.move_seat(seat, SeatInput.READY, at)


def _keep(picture: Picture, call: Call, seat: Seat, at: datetime, long: timedelta) -> None:
    call.was_lost, call.kept_for = True, seat.id
    call.kept_from, call.kept_until = at + SETTLES, at + long
    picture.alarm(call.kept_from, ALARM, call.id)
    picture.journal(call, at, "kept-for-page", seat=seat.id)

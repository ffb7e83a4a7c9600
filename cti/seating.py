"""What agents do at their seats, and what their phones do. Part of the switch's rules."""

from typing import assert_never

from cti import absent, rejoining, supervising
from cti.effects import ShowSeat
from cti.events import (
    AgentEvent,
    AgentNotReady,
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    DraftSubmitted,
    PhoneChanged,
    Reskilled,
    SeatLost,
)
from cti.happened import Phone
from cti.ids import SeatId
from cti.picture import Picture
from queues.seat import AgentState
from queues.seatlife import SeatInput


def agent_said(picture: Picture, event: AgentEvent) -> None:
    """Let an agent sign in or out, be ready or not. An unknown seat changes nothing."""
    seat = picture.seats.get(event.seat)
    if seat is None:
        return
    match event:
        case AgentSignedIn():
            if seat.agent is None:  # the desk refuses a second agent; the same one is there
                seat.agent = event.agent
                picture.move_seat(seat, SeatInput.SIGN_IN, event.at)
        case AgentReady():
            picture.move_seat(seat, SeatInput.READY, event.at)
        case AgentNotReady():
            picture.move_seat(seat, SeatInput.NOT_READY, event.at, reason=event.reason)
        case AgentSignedOut():
            picture.move_seat(seat, SeatInput.SIGN_OUT, event.at)
            supervising.signed_out(picture, seat.id, event.at)
        case Reskilled():
            if seat.agent == event.agent:
                seat.lent = event.skills
                picture.out.append(ShowSeat(view=seat.view()))
                picture.change_duties(event.at)  # others may be worth waiting for now
        case _:
            assert_never(event)


def phone_changed(picture: Picture, event: PhoneChanged) -> None:
    """Take Asterisk's device state over; desks hear only whether there is a phone at all."""
    seat = picture.seats.get(event.seat)
    if seat is None or seat.phone is event.phone:
        return
    had_phone = seat.view().has_phone
    seat.phone = event.phone
    if seat.view().has_phone != had_phone:
        picture.out.append(ShowSeat(view=seat.view()))
    picture.refresh(seat)
    if seat.phone is Phone.FREE:
        rejoining.phone_came(picture, seat, event.at)
        absent.phone_came(picture, seat, event.at)


def seat_lost(picture: Picture, event: SeatLost) -> None:
    """The phone vanished in mid-talk: nobody is there to wrap up, so the seat is out at once."""
    call = picture.calls.get(event.call)
    last = call.record().last_talk if call is not None else None
    if call is None or last is None:
        return
    lost = last.seat
    picture.end_talk(call, event.at, SeatInput.PHONE_LOST)
    seat = picture.seats.get(SeatId(lost))
    if seat is not None and seat.state in (AgentState.WRAP_UP, AgentState.AVAILABLE):
        # The talk's end was seen before the reason for it, and the wrap-up may be over: the draft
        # was handed in, or there is none.
        reason = SeatInput.PHONE_LOST.value
        picture.move_seat(seat, SeatInput.NOT_READY, event.at, reason=reason)
    rejoining.lost(picture, call, seat, event.at)


def draft_submitted(picture: Picture, event: DraftSubmitted) -> None:
    """End the wrap-up of whoever finishes that call. Handed in during the talk, there is none."""
    call = picture.calls.get(event.call)
    if call is not None and not call.is_submitted:
        call.is_submitted = True
        picture.journal(call, event.at, "draft-submitted")
    for seat in picture.seats.values():
        if seat.wraps_up == event.call:
            picture.move_seat(seat, SeatInput.WRAP_UP_OVER, event.at)

"""A seat calls a citizen back, from a task: the agent's phone rings first, then the citizen's.

Part of the switch's rules. ``DialOut`` rings the seat; once it answers, ``[dial-out]`` dials the
citizen by itself. The call is one of ours as any other, with ``Direction.OUT``; it never stands in
the queue, and it has no row before the citizen is dialled.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from config.dialled import key
from config.ledger import HOTLINE
from cti import legs, moveresume
from cti.call import Call, CallState
from cti.effects import DialOut, TakeSnapshot, WriteCall, WriteJournal
from cti.happened import Phone
from cti.ids import CallId, ChannelId, OfferId, SeatId
from cti.outevents import AgentDials, DialOutEnded, DialOutRefused, DialOutStarted
from cti.picture import Picture
from cti.seen import SeenChannel
from queues.seat import AgentState
from queues.seatlife import BUSY, Seat, SeatInput
from records.callrecord import Direction, Offered

CONTEXT: Final = "dial-out"
"""Where the seat's channel stands once the seat has answered."""
UNSEEN_AFTER: Final = timedelta(seconds=5)
"""A seat that rang its whole time was given up this long ago, or nobody told us."""


def dial(picture: Picture, event: AgentDials) -> None:
    """Ring the agent's own phone for a call out, if the seat is the agent's and free to talk.

    An agent who is not ready may call out, and is not ready again afterwards. Nobody is called who
    is calling us just now, or whose kept place is owed a call-back anyhow.
    """
    seat = picture.seats.get(event.seat)
    if seat is None or why_not(picture, event):
        return
    call = Call(
        id=event.call,
        channel=ChannelId(""),
        centre=event.centre,
        line=event.line,
        dnis=HOTLINE,
        ani=event.number,
        arrived_at=event.at,
        direction=Direction.OUT,
        about=event.about,
    )
    picture.calls[call.id] = call
    offer = _take_seat(picture, call, seat, event.at)
    ring = picture.plan.ring_of(seat.centre)
    picture.out.append(
        DialOut(
            call=call.id,
            about=event.about,
            seat=seat.id,
            offer=offer,
            centre=call.centre,
            line=call.line,
            ani=call.ani,
            number=key(call.ani),
            arrived_at=event.at,
            ring=ring,
        )
    )
    picture.alarm(event.at + ring + UNSEEN_AFTER, "dial-out", call.id)


def why_not(picture: Picture, event: AgentDials) -> str:
    """Why the citizen would not be called now, as an error's id; '' when they would."""
    seat = picture.seats.get(event.seat)
    citizen = (event.centre, key(event.number))
    if not picture.plan.times_of(event.centre).dials_out:
        return "no-way-out"
    if seat is None or seat.agent != event.agent:
        return "not-signed-in"
    if seat.phone is Phone.GONE:
        return "phone-missing"
    if seat.state in BUSY or seat.phone is not Phone.FREE:
        return "seat-busy"
    is_done = any(
        event.about == call.about or citizen == call.party_line for call in picture.calls.values()
    )
    return "citizen-on-call" if is_done else ""


def _take_seat(picture: Picture, call: Call, seat: Seat, at: datetime) -> OfferId:
    """Show the card, and keep the seat for the call; whoever was not ready is so again after it."""
    was_away = seat.reason if seat.state is AgentState.NOT_READY else ""
    offer = call.next_offer()
    call.state, call.offer, call.offer_seat = CallState.OFFERED, offer, seat.id
    picture.move_seat(seat, SeatInput.DIAL, at, call=call.id)
    if was_away:
        picture.move_seat(seat, SeatInput.NOT_READY, at, reason=was_away)
    picture.pop(call, seat, offer, at)
    return offer


def started(picture: Picture, event: DialOutStarted) -> None:
    """The seat has answered; the citizen is being dialled."""
    call = picture.calls.get(event.call)
    if call is None:
        picture.out.append(TakeSnapshot(why="a call out is not known"))
        return
    rings(picture, call, event.seat, event.at)


def rings(picture: Picture, call: Call, seat: SeatId, at: datetime) -> None:
    """Note once that the citizen is dialled: from now on it is a call with a row and a draft."""
    if call.is_offer_seen:
        return
    call.is_offer_seen = True
    call.offers.append(Offered(seat=SeatId(""), at=at, outcome="live"))
    picture.out.append(WriteCall(record=call.record()))
    about = call.about or ""
    picture.journal(call, at, "dialled-out", seat=seat, about=about)
    note = WriteJournal(call=CallId(about), at=at, what="called-back", data=(("call", call.id),))
    picture.out.append(note)


def ended(picture: Picture, event: DialOutEnded) -> None:
    """The citizen did not answer, or the talk is over, or the agent gave up."""
    call = picture.calls.get(event.call)
    if call is None:
        return
    call.close_offer(event.outcome)
    picture.journal(call, event.at, "dial-out-ended", outcome=event.outcome.value)
    picture.end_offer(call, event.at, SeatInput.WITHDRAWN)
    if call.is_in_room:
        return  # only the seat leaves
    picture.end_talk(call, event.at, SeatInput.TALK_OVER)
    call.state = CallState.LEAVING


def refused(picture: Picture, event: DialOutRefused) -> None:
    """The agent's own phone was not answered, or was not there."""
    call = picture.calls.get(event.call)
    if call is not None and not call.is_offer_seen:
        picture.finish(call, event.at)


def unseen(picture: Picture, call: Call, at: datetime) -> None:
    """Look again at a call out that should have come to something by now."""
    if not call.is_offer_seen:
        picture.out.append(TakeSnapshot(why="a call out was ordered and did not begin"))


# --- after a blackout ------------------------------------------------------------------------


def resume(
    picture: Picture, channels: Sequence[SeenChannel], at: datetime, *, has_gap: bool
) -> bool:
    """Go on with the call that a snapshot shows, if it is a call out; say whether it is."""
    seen = next((channel for channel in channels if channel.about is not None), None)
    if seen is None:
        return False
    call = _found(picture, seen, at)
    call.is_partial = call.is_partial or has_gap
    citizen = moveresume.citizen(channels)
    if citizen is not None:
        call.channel = citizen.channel
        moveresume.recall(picture, call, citizen, channels, at, has_gap=has_gap)
    legs.seen(picture, call, channels, at)
    _stands(picture, call, seen, at)
    if citizen is not None:
        moveresume.go_on_called(picture, call, citizen, channels, at, has_gap=has_gap)
    return True


def _found(picture: Picture, seen: SeenChannel, at: datetime) -> Call:
    """The call whose seat's channel that is, known or not."""
    call = picture.calls.get(seen.call)
    if call is None:
        call = Call(
            id=seen.call,
            channel=ChannelId(""),
            centre=seen.centre,
            line=seen.line,
            dnis=HOTLINE,
            ani=seen.ani,
            arrived_at=seen.arrived_at or at,
            direction=Direction.OUT,
            about=seen.about,
            is_partial=True,
        )
        picture.calls[call.id] = call
    return call


def _stands(picture: Picture, call: Call, seen: SeenChannel, at: datetime) -> None:
    """Put the call and its seat where the snapshot shows the seat's channel to be."""
    seat = picture.seats.get(seen.seat) if seen.seat is not None else None
    if seen.context == CONTEXT and seat is not None:
        rings(picture, call, seat.id, at)
    if call.partner is None and call.offer is None and seat is not None and seat.agent is not None:
        _take_seat(picture, call, seat, at)

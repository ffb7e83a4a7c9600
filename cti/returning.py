"""A page that goes away in the midst of a move, and comes back: what it means to the move.

Part of the switch's rules. The table is ``transfer.absence``; ``cti.absent`` rings the page.
"""

from datetime import datetime, timedelta
from typing import Final

from cti import absent, movesteps, rejoining
from cti.call import Call
from cti.ids import ChannelId, LegId
from cti.move import Absent, Move
from cti.picture import Picture
from queues.seatlife import SeatInput
from transfer import absence
from transfer.step import Step, What

HOLDS_FOR: Final = timedelta(seconds=15)
"""So long does a caller listen to music for a page, though somebody else is there or rings."""


def left(picture: Picture, call: Call, move: Move, at: datetime) -> bool:
    """The initiator's telephone vanished: whether it is waited for. Else its move goes on alone."""
    seat = picture.seats.get(move.initiator) if move.initiator is not None else None
    if seat is None or not seat.is_on_page:
        return False
    rejoining.lost(picture, call, seat, at)  # should the caller come back to the queue
    answer = absence.leave(move.kind, move.step)
    if answer is None:
        return False
    is_joined = answer[0] is Step.JOINED
    until = at + (rejoining.HELD_FOR if is_joined else HOLDS_FOR)
    call.stand.absent = Absent(seat=seat.id, since=at + rejoining.SETTLES, until=until)
    picture.journal(call, at, "initiator-away", move=move.id, seat=seat.id)
    for when in (call.stand.absent.since, until):
        picture.alarm(when, absent.ALARM, call.id)
    movesteps.goes_on(picture, call, move, answer, at)
    return True


def look(picture: Picture, call: Call, at: datetime) -> None:
    """The page may be rung now, or is waited for no longer."""
    awaited = call.stand.absent
    if awaited is None:
        return
    if at < awaited.until:
        absent.ring(picture, call, at)
        return
    movesteps.happened(picture, call, What.INITIATOR_LOST, at)
    absent.forget(picture, call, at)


def came(picture: Picture, call: Call, leg: LegId, channel: ChannelId, at: datetime) -> None:
    """Somebody is in the room: the initiator again, if it is that leg."""
    awaited, move = call.stand.absent, call.move
    if awaited is None or move is None or not leg or leg != awaited.leg:
        return
    picture.move_seat(picture.seats[awaited.seat], SeatInput.TALK, at, call=call.id)
    move.channel, call.kept_for = channel, None
    picture.journal(call, at, "initiator-back", move=move.id, seat=awaited.seat)
    movesteps.happened(picture, call, What.INITIATOR_CAME, at)
    call.stand.absent = None

"""Who leaves the caller to somebody else goes once that one is in the room. Rules of the switch.

``cti.movesteps`` says who leaves for whom (``Stand.leaver``). What comes of it is told here; if
nobody comes, who has the caller keeps it, and what it had completed is taken back.
"""

from collections.abc import Set
from datetime import datetime

from cti import movesteps, recipients
from cti.call import Call
from cti.effects import TakeSnapshot
from cti.ids import ChannelId
from cti.move import Leaver, Where
from cti.picture import Picture
from transfer.step import Step


def met(picture: Picture, call: Call, channel: ChannelId) -> None:
    """Somebody is in the room: let go of whoever stayed with the caller until then."""
    leaver = call.stand.leaver
    if leaver is not None and leaver.comes == channel:
        call.stand.leaver = None
        recipients.let_go(picture, call, leaver.channel)


def late(picture: Picture, call: Call, at: datetime) -> None:
    """Who was to come is late. A caller follows by itself when its talk ends, so that is ended.

    Of anybody else only a look says where it stands; who has the caller never goes by the clock.
    """
    leaver = call.stand.leaver
    if leaver is None or at < leaver.until:
        return
    if leaver.comes == call.channel:
        movesteps.arm(picture, call, "room")
        met(picture, call, call.channel)
    elif not leaver.has_looked:
        leaver.has_looked = True
        _await(picture, call, leaver, at)
        picture.out.append(TakeSnapshot(why="who has the caller cannot leave it yet"))
    else:
        stays(picture, call, "timed-out", at)
        recipients.let_go(picture, call, leaver.comes)


def again(picture: Picture, call: Call, leaver: Leaver, at: datetime) -> None:
    """The order for who was to come was lost: it is given once more, and waited for."""
    leaver.has_looked = True
    _await(picture, call, leaver, at)
    movesteps.send(
        picture, call, leaver.comes, "room" if leaver.comes == call.channel else "seat-room", at
    )


def stays(picture: Picture, call: Call, why: str, at: datetime) -> None:
    """Nobody takes the leaver's place: it keeps the caller, and what it had completed is undone."""
    leaver, call.stand.leaver = call.stand.leaver, None
    assert leaver is not None, "asked only while somebody is to leave"
    if call.move is None and leaver.comes != call.channel:
        movesteps.arm(picture, call, "")
    leaver.move.step, leaver.move.why = Step.RETURNED, why
    movesteps.tell_end(picture, call, leaver.move, at)


def seen(
    picture: Picture, call: Call, in_room: Set[ChannelId], at: datetime, *, has_gap: bool
) -> None:
    """A look: who was to come has come out of sight, has gone, or its order was lost: then again.

    ``in_room``: who stands there, the caller among them. After a gap, orders to hang up were lost.
    """
    if has_gap:
        _not_let_go(picture, call, in_room - {call.channel})
    leaver = call.stand.leaver
    if leaver is None:
        return
    if leaver.channel not in call.legs:
        call.stand.leaver = None
    elif leaver.comes not in call.legs:
        stays(picture, call, "gone", at)
    elif leaver.comes in in_room:
        met(picture, call, leaver.comes)
    elif has_gap or leaver.comes not in call.stand.going:
        again(picture, call, leaver, at)


def _not_let_go(picture: Picture, call: Call, in_room: Set[ChannelId]) -> None:
    """Who was to be hung up as the link was lost, and is there still, is hung up now.

    Not whom a move has taken back meanwhile; and nobody who alone is left with the caller.
    """
    ordered, call.stand.let_go = call.stand.let_go & call.stand.room & call.legs.keys(), set()
    is_with_caller = call.stand.caller is not Where.ELSEWHERE
    if call.move is not None or (is_with_caller and not in_room - ordered):
        return
    for channel in sorted(ordered):
        recipients.let_go(picture, call, channel)


def _await(picture: Picture, call: Call, leaver: Leaver, at: datetime) -> None:
    leaver.until = at + movesteps.SETTLES_WITHIN
    picture.alarm(leaver.until, "leaves", call.id)

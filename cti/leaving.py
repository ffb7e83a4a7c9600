"""Who leaves the caller to somebody else goes once that one is in the room. Rules of the switch.

``cti.movesteps`` says who leaves for whom (``Stand.leaver``). What comes of it is told here; if
nobody comes, who has the caller keeps it, and what it had completed is taken back.
"""

from datetime import datetime

from cti import movesteps, recipients
from cti.call import Call
from cti.effects import TakeSnapshot
from cti.ids import ChannelId
from cti.move import Leaver
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


def _await(picture: Picture, call: Call, leaver: Leaver, at: datetime) -> None:
    leaver.until = at + movesteps.SETTLES_WITHIN
    picture.alarm(leaver.until, "leaves", call.id)

"""What a look at Asterisk shows of one call: its caller, a seat, a recipient, who is signed in."""

from typing import Any

from cti.events import SnapshotTaken
from cti.happened import Phone
from cti.ids import CallId, LegId, SeatId
from cti.seen import SeenChannel, SeenMember
from queues.seat import AgentState
from tests.cti.moved import M1, MOVE, MOVE_PLAN, ROOM, recipient
from tests.cti.playbook import (
    ANI,
    ANNA,
    BEN,
    CALL,
    CENTRE,
    CHANNEL,
    DNIS,
    LINE,
    NOON,
    OTHER,
    SEAT,
    Playbook,
    leg,
)
from transfer.step import Kind, Step
from transfer.target import Target


def members(*seats: SeatId) -> tuple[SeenMember, ...]:
    """Who sits at these seats, and is ready."""
    return tuple(
        SeenMember(
            seat=seat,
            agent=ANNA if seat == SEAT else BEN,
            is_paused=False,
            reason="",
            phone=Phone.FREE,
        )
        for seat in seats
    )


MEMBERS = members(SEAT, OTHER)


def caller(context: str, move: str = "", bridge: str = "", **more: Any) -> SeenChannel:
    """The caller, who came at noon, in that part of the dialplan."""
    return SeenChannel(
        channel=CHANNEL,
        call=CALL,
        seat=None,
        context=context,
        bridge=bridge,
        ani=ANI,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        arrived_at=NOON,
        since=NOON,
        move=move,
        **more,
    )


def phone(
    seat: SeatId = SEAT, call: CallId = CALL, *, context: str = "connect", bridge: str = ""
) -> SeenChannel:
    """A seat's phone, rung for a caller or talking with one."""
    return SeenChannel(channel=leg(seat), call=call, seat=seat, context=context, bridge=bridge)


def agent(context: str = "seat-room", bridge: str = ROOM) -> SeenChannel:
    """The agent of a call that is moved."""
    return phone(context=context, bridge=bridge)


def expert(of: LegId = M1, context: str = "joins", bridge: str = ROOM) -> SeenChannel:
    """A recipient who was rung over the trunk."""
    return SeenChannel(
        channel=recipient(of), call=CALL, seat=None, context=context, bridge=bridge, leg=of
    )


def colleague(of: LegId = M1, context: str = "joins", bridge: str = ROOM) -> SeenChannel:
    """A recipient who sits at the other seat."""
    return SeenChannel(
        channel=leg(OTHER, 9), call=CALL, seat=OTHER, context=context, bridge=bridge, leg=of
    )


def written(kind: Kind, step: Step, whom: Target, made: int = 1, seat: str = SEAT) -> str:
    """What a brain before us wrote on the caller's channel."""
    return f"{MOVE}|{kind.value}/{step.value}/{SEAT}/{ANNA}|{whom.id}|{seat}|{made}"


def found(*channels: SeenChannel) -> Playbook:
    """A brain that has just come, and finds these."""
    seen = SnapshotTaken(at=NOON, channels=channels, members=MEMBERS)
    return Playbook(MOVE_PLAN, snapshot=seen)


def effects(book: Playbook) -> Playbook:
    """What the first look led to."""
    book.effects = list(book.all)
    return book


def step_of(book: Playbook) -> Step | None:
    move = book.switch._picture.calls[CALL].move
    return move.step if move is not None else None


def state(book: Playbook, seat: SeatId = SEAT) -> AgentState:
    view = book.switch.seat(seat)
    assert view is not None
    return view.state

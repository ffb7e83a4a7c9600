"""Takes a supervisor in a talk from phase to phase, and does what its table says. Rules.

``happened`` is the one door, as ``cti.movesteps`` is for moves: whatever happened is told to
``transfer.supervised``, and its answer is carried out in order.
"""

from datetime import datetime, timedelta
from typing import Final, Literal, assert_never

from cti import movesteps, recipients
from cti.call import Call
from cti.effects import HangUp, TakeSnapshot
from cti.ids import ChannelId, SeatId
from cti.listener import SUPERVISING, Listener, rung_as
from cti.move import Where
from cti.movewishes import ArmCaller, Monitor, SendTo, SetAside
from cti.picture import Picture
from queues.seatlife import SeatInput
from transfer.step import Mode, Phase, Step
from transfer.supervised import Act, Input, advance

ALARM: Final = "supervise"
"""What the clock rings for, with the supervisor's seat."""
UNSEEN_AFTER: Final = timedelta(seconds=5)
"""A phone that rang its whole time was given up this long ago, or nobody told us."""
WITHIN: Final = timedelta(seconds=2)
"""Whoever is brought to the room is there by then."""
CHANGES_WITHIN: Final = timedelta(seconds=4)
"""Another mode is in force by then: to be heard by both, the phone waits for who is to hear it."""
WHY: Final = {
    Input.ENDED: "unanswered",
    Input.REFUSED: "refused",
    Input.LATE: "late",
    Input.TOO_LATE: "late",
    Input.CAME: "late",
}
"""Why it did not come to what was wanted, by what happened last."""
_FAILS: Final = frozenset({Input.REFUSED, Input.LATE, Input.TOO_LATE})


def happened(
    picture: Picture,
    listener: Listener,
    what: Input,
    at: datetime,
    *,
    mode: Mode | None = None,
    why: str = "",
) -> None:
    """Let something happen to a supervisor in a talk. ``mode``: the one wanted, with its key."""
    before = listener.phase
    phase, todo = advance(before, what)
    listener.phase = phase
    call = picture.calls.get(listener.call)
    if call is not None and not _brings(picture, call):
        call.stand.brought.clear()
    if Act.WANT in todo:
        listener.wanted = mode or listener.wanted
    for act in todo:
        _do(picture, call, listener, act, at)
    if phase is not before:
        listener.has_looked = False
        watch(picture, listener, at)
    elif Act.LOOK in todo:
        listener.has_looked = True
        watch(picture, listener, at)
    if phase is Phase.HEARING and what in _FAILS:
        listener.wanted = listener.mode
    if phase is Phase.OVER and before is not Phase.OVER:
        _end(picture, call, listener, before, what, at)
    elif phase is not before or todo or what is Input.STARTED:
        tell(picture, listener, at, why or _why(before, phase, what))
    if Act.NEXT in todo and listener.wanted is not listener.mode:
        wants(picture, listener, listener.wanted, at)


def _why(before: Phase, phase: Phase, what: Input) -> str:
    """Of what did not come to what was wanted; what is still under way has not failed."""
    is_in_time = what is Input.CAME and before is not Phase.HEARING
    is_left = what is Input.ENDED and before is not Phase.RINGING
    return "" if phase is before or is_in_time or is_left else WHY.get(what, "")


def tell(picture: Picture, listener: Listener, at: datetime, why: str = "") -> None:
    """Tell the supervisor's desks how it stands."""
    picture.out.append(listener.show(at, why))
    call = picture.calls.get(listener.call)
    if why and call is not None:
        picture.journal(call, at, "supervise-failed", seat=listener.seat, why=why)


def wants(picture: Picture, listener: Listener, mode: Mode, at: datetime) -> None:
    """Another mode is wanted: its own channel alone is moved, or both come to the room first."""
    call = picture.calls.get(listener.call)
    why = hindered(call, listener.spied, mode) if listener.phase is Phase.HEARING else ""
    if why:
        listener.wanted = listener.mode
        tell(picture, listener, at, why)
        return
    gathers = mode is Mode.BARGE and not is_gathered(call, listener.spied)
    happened(picture, listener, Input.BARGE if gathers else Input.MODE, at, mode=mode)


def is_gathered(call: Call | None, spied: ChannelId) -> bool:
    """Whether the agent is in the call's room: whoever is to hear both, and be heard, is there."""
    return call is not None and spied in call.stand.room


def is_nameless(picture: Picture, seat_id: SeatId) -> bool:
    """Whether nobody is signed in at the supervisor's seat any more."""
    seat = picture.seats.get(seat_id)
    return seat is None or seat.agent is None


def hindered(call: Call | None, spied: ChannelId, mode: Mode) -> str:
    """Why agent and caller cannot be brought to the room now; '' when they can, or need not."""
    if mode is not Mode.BARGE or is_gathered(call, spied):
        return ""
    if call is None or call.partner is None:
        return "not-talking"
    is_moving = call.move is not None and call.move.step not in (Step.RINGING, Step.PASSING)
    return "move-under-way" if is_moving else ""


def watch(picture: Picture, listener: Listener, at: datetime) -> None:
    """Look again when what was ordered must have shown."""
    seat = picture.seats.get(listener.seat)
    if listener.phase in (Phase.HEARING, Phase.OVER):
        listener.until = None
        return
    lasts = CHANGES_WITHIN if listener.phase is Phase.CHANGING else WITHIN
    if listener.phase is Phase.RINGING and seat is not None:
        lasts = picture.plan.ring_of(seat.centre) + UNSEEN_AFTER
    listener.until = at + lasts
    picture.alarm(listener.until, ALARM, listener.seat)


def _do(picture: Picture, call: Call | None, listener: Listener, act: Act, at: datetime) -> None:
    """Do one thing. Where the call is over, there is nobody to bring, to arm or to let go."""
    match act:
        case Act.WANT | Act.NEXT | Act.REFUSE:
            pass  # ``happened`` has done it, does it in the end, or tells it
        case Act.NAMELESS:
            if is_nameless(picture, listener.seat):
                _hang_up(picture, listener)
        case Act.HANG_UP:
            _hang_up(picture, listener)
        case Act.LOOK:
            picture.out.append(TakeSnapshot(why="what a supervisor ordered did not show"))
        case Act.CHANGE | Act.GATHER | Act.TAKE | Act.RELEASE | Act.DISARM:
            if call is not None:
                _do_in_call(picture, call, listener, act, at)
        case _:
            assert_never(act)


CallAct = Literal[Act.CHANGE, Act.GATHER, Act.TAKE, Act.RELEASE, Act.DISARM]


def _do_in_call(
    picture: Picture, call: Call, listener: Listener, act: CallAct, at: datetime
) -> None:
    match act:
        case Act.CHANGE:
            order(picture, call, listener, listener.wanted)
        case Act.GATHER:
            _gather(picture, call, listener)
        case Act.TAKE:
            _take(picture, call, listener, at)
        case Act.RELEASE:
            if listener.spied in call.legs:
                recipients.let_go(picture, call, listener.spied)
        case Act.DISARM:  # but for one for whom somebody is being rung: that one holds
            holds = call.move is not None and movesteps.is_armed_in(call, call.move)
            movesteps.arm(picture, call, "hold" if holds else "")
        case _:
            assert_never(act)


def order(picture: Picture, call: Call, listener: Listener, mode: Mode) -> None:
    """Ring the own phone, or put it into another mode."""
    seat = picture.seats.get(listener.seat)
    centre = seat.centre if seat is not None else call.centre
    listener.ordered = mode
    picture.out.append(
        Monitor(
            call=call.id,
            caller=call.channel,
            centre=call.centre,
            seat=listener.seat,
            channel=listener.spied,
            mode=mode,
            ring=picture.plan.ring_of(centre),
            has_tone=picture.plan.times_of(call.centre).supervise_tone,
            own=listener.channel,
        )
    )


def _brings(picture: Picture, call: Call) -> list[Listener]:
    """On whose account agent and caller are on their way to the room."""
    here = (one for one in picture.listeners.values() if one.call == call.id)
    return [one for one in here if one.is_gathering]


def _gather(picture: Picture, call: Call, listener: Listener) -> None:
    if any(one is not listener for one in _brings(picture, call)):
        return  # they are on their way; moved twice, the agent would leave the room again
    call.stand.is_armed = True
    call.stand.brought.add(listener.spied)
    aside = SetAside(call=call.id, channel=call.channel, seat_channel=listener.spied, to="room")
    picture.out.append(aside)


def _take(picture: Picture, call: Call, listener: Listener, at: datetime) -> None:
    if call.stand.caller is not Where.ROOM:
        call.stand.is_armed = True
        picture.out.append(ArmCaller(call=call.id, channel=call.channel, to="room"))
    picture.out.append(SendTo(call=call.id, channel=listener.channel, to="seat-room"))
    picture.journal(call, at, "take-over-ordered", seat=listener.seat)


def _hang_up(picture: Picture, listener: Listener) -> None:
    channel = listener.channel or rung_as(listener.call, listener.seat)  # it may still ring
    picture.out.append(HangUp(call=listener.call, channel=channel))


def _end(
    picture: Picture,
    call: Call | None,
    listener: Listener,
    before: Phase,
    what: Input,
    at: datetime,
) -> None:
    """It is in the talk no more: the seat that would be free is so again, if it has no caller."""
    del picture.listeners[listener.seat]
    tell(picture, listener, at, _why(before, Phase.OVER, what))
    has_taken = what is Input.CAME and before is not Phase.HEARING
    if call is not None and listener.channel:
        said = "taken-over" if has_taken else "supervised-no-more"
        picture.journal(call, at, said, seat=listener.seat)
    if not has_taken:
        free(picture, listener.seat, at)


def free(picture: Picture, seat_id: SeatId, at: datetime) -> None:
    """Nothing keeps the seat from being ready any more."""
    seat = picture.seats.get(seat_id)
    if seat is not None and seat.reason == SUPERVISING:
        picture.move_seat(seat, SeatInput.READY, at)

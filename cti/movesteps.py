"""Takes a call's move from step to step, and does what its table says. Part of the switch's rules.

``happened`` is the one door: whatever happened is told to ``transfer.table``, and its answer is
carried out in order. Each thing to be done is one order at most, and moves one channel by it.
"""

from datetime import datetime, timedelta
from typing import Final, assert_never

from cti import absent, recipients
from cti.call import Call, CallState
from cti.ids import AgentId, ChannelId
from cti.move import Going, Leaver, Move, Where, over
from cti.movewishes import ArmCaller, SayNumber, SendTo, SetAside, SetMove
from cti.picture import Picture
from queues.seatlife import SeatInput
from transfer import absence
from transfer.firstanswer import settled
from transfer.step import FINAL, Do, Kind, Step, What
from transfer.table import Answer, advance

RINGING: Final = frozenset({Step.RINGING, Step.PASSING})
SETTLES_WITHIN: Final = timedelta(seconds=2)
"""An order that begins or gathers, or brings somebody somewhere, has shown by then."""
ANSWERED: Final = frozenset({Step.CONSULTING, Step.SWAPPED, Step.JOINING, Step.JOINED})
RINGS_BEYOND: Final = timedelta(seconds=5)
"""A ringing that was given up this long ago, or nobody told us."""


def happened(picture: Picture, call: Call, what: What, at: datetime, *, why: str = "") -> None:
    """Let something happen to the move under way. Without one, or without an answer: nothing."""
    move = call.move
    if move is None:
        return
    follows = advance if call.stand.absent is None else absence.advance
    answer = follows(move.kind, move.step, what)
    if answer != (move.step, ()):
        goes_on(picture, call, move, answer, at, why=why)


def goes_on(
    picture: Picture, call: Call, move: Move, answer: Answer, at: datetime, *, why: str = ""
) -> None:
    """Carry out what a table answered."""
    before, (step, todo) = move.step, answer
    move.step_before, move.step = before, step
    move.overdue, move.order_tries, move.order = 0, 0, None
    move.was_joined = move.was_joined or Step.JOINED in (before, step)
    move.was_answered = move.was_answered or not ANSWERED.isdisjoint((before, step))
    move.why = why or move.why
    start(picture, call, move, todo, at, is_news=step is not before)
    if call.stand.asked:
        picture.alarm(at, "asked", call.id)


def start(
    picture: Picture,
    call: Call,
    move: Move,
    todo: tuple[Do, ...],
    at: datetime,
    *,
    is_news: bool = True,
) -> None:
    """Do what belongs to the step in which the move is now, and tell that it is there."""
    is_dry = not all([_do(picture, call, move, do, at) for do in todo])
    if move.step in FINAL:
        end(picture, call, move, at)
        return
    tell(picture, call, move, at, is_news=is_news)
    watch(picture, call, move, at)
    if is_dry:  # whoever was free a moment ago is not any more
        happened(picture, call, What.EXHAUSTED, at)
    else:
        settle(picture, call, at)


def tell(picture: Picture, call: Call, move: Move, at: datetime, *, is_news: bool) -> None:
    """Tell desks and the caller's channel how the move stands."""
    if is_news:
        picture.journal(call, at, "move-step", move=move.id, step=move.step.value)
    picture.out.append(move.show(call.id, call.centre, at, move.step))
    note(picture, call)


def end(picture: Picture, call: Call, move: Move, at: datetime) -> None:
    """The move is over, in its final step."""
    call.move = None
    absent.forget(picture, call, at)
    if move.step is Step.COMPLETED:
        call.stand.to_dial = ""
    else:
        recipients.withdraw(picture, call, move, SeatInput.WITHDRAWN, at)
    tell_end(picture, call, move, at)
    if call.left_at is None:
        note(picture, call)
        bring(picture, call, at)
    if call.stand.asked:
        picture.alarm(at, "asked", call.id)


def tell_end(picture: Picture, call: Call, move: Move, at: datetime) -> None:
    """Tell journal and desks how it ended. Told twice, the last counts."""
    data = {"move": move.id, "step": move.step.value, "why": move.why}
    rule = settled(move.kind, move.step, was_joined=move.was_joined)
    if rule is not None:
        data["rule"] = rule.value
    picture.journal(call, at, "move-over", **data)
    picture.out.append(move.show(call.id, call.centre, at, move.step))


def settle(picture: Picture, call: Call, at: datetime) -> None:
    """See whether everybody is where the order that began or gathered was to put them."""
    move, stand = call.move, call.stand
    if move is None:
        return
    is_set = move.channel in stand.room
    if move.step is Step.SETTING_ASIDE:
        is_set = is_set and stand.caller is Where.HOLD
    elif move.step is Step.JOINING:
        is_set = is_set and stand.caller is Where.ROOM
    else:
        return
    if is_set:
        happened(picture, call, What.SET, at)


def together(picture: Picture, call: Call, at: datetime) -> None:
    """Say so if the caller hears who are believed to consult, and is not on its way out again."""
    if bound_for(call) == Where.ROOM.value and call.stand.caller is Where.ROOM:
        happened(picture, call, What.CALLER_CAME, at)


def watch(picture: Picture, call: Call, move: Move, at: datetime) -> None:
    """Look again when the step must have come to something, if it must."""
    if move.step in (Step.SETTING_ASIDE, Step.SENDING, Step.JOINING):
        move.until = at + SETTLES_WITHIN
    elif move.step in RINGING:
        ring = move.routes[move.route].ring if move.route >= 0 else timedelta(0)
        move.until = at + recipients.ring_of(move, ring) + RINGS_BEYOND
    else:
        move.until = None
        return
    picture.alarm(move.until, "move", call.id)


# --- where channels are brought ---------------------------------------------------------------


def bound_for(call: Call) -> str:
    """Where the caller is, or was ordered to: as ``Where`` has it, or ``wait``."""
    going = call.stand.going.get(call.channel)
    return going.to if going is not None else call.stand.caller.value


def send(picture: Picture, call: Call, channel: ChannelId, to: str, at: datetime) -> None:
    """Order a channel somewhere, and look again when it must be there."""
    call.stand.going[channel] = Going(to=to, at=at)
    picture.out.append(SendTo(call=call.id, channel=channel, to=to))
    picture.alarm(at + SETTLES_WITHIN, "going", call.id)


def bring(picture: Picture, call: Call, at: datetime) -> None:
    """Nobody is left where no move will fetch it.

    A caller on hold goes to whoever is in the room, else to the queue. Whoever is in the room of
    a caller who waits is let go.
    """
    bound = bound_for(call)
    if bound == Where.HOLD.value:
        to = "room" if call.stand.room & call.legs.keys() else "wait"
        if to == "room":
            arm(picture, call, "")
        send(picture, call, call.channel, to, at)
    elif bound == Where.ELSEWHERE.value and call.state is CallState.HELD and not call.partners:
        send(picture, call, call.channel, "wait", at)  # it waits, and was to be fetched
    elif bound == "wait" or call.state in (CallState.WAITING, CallState.OFFERED):
        empty(picture, call)


def empty(picture: Picture, call: Call) -> None:
    """Let go of everybody in the room: the caller has left it, and comes to them no more."""
    for channel in sorted(call.stand.room & call.legs.keys()):
        recipients.let_go(picture, call, channel)


def arm(picture: Picture, call: Call, to: str) -> None:
    """Say where the caller goes by itself when its talk ends; '' only if something else stands.

    One whom somebody awaits in the room was told already; whatever begins or ends meanwhile, it
    follows. Told again, it might have come there before, and be armed for the end of that talk.
    """
    if (to or call.stand.is_armed) and not is_awaited(picture, call):
        picture.out.append(ArmCaller(call=call.id, channel=call.channel, to=to))
        call.stand.is_armed = bool(to)


def is_awaited(picture: Picture, call: Call) -> bool:
    """Whether the caller is to follow somebody out of its plain talk to the room.

    A supervisor takes it over, or brings both; or who had it is there already, or goes.
    """
    stand = call.stand
    if stand.caller in (Where.ROOM, Where.HOLD):
        return False
    if any(one.is_armed_for for one in picture.listeners.values() if one.call == call.id):
        return True
    stays = call.legs.keys() - stand.let_go
    return bool(stays & stand.room) and not any(call.is_heard_by(one) for one in stays)


def is_armed_in(call: Call, move: Move) -> bool:
    """Whether the caller, while it talks, must go on hold when whoever it talks with goes.

    In a consult that rings it talks with nobody, unless its own dialplan took it into the room. One
    whose agent's page is away talks with the recipient meanwhile.
    """
    is_there = move.kind is Kind.CONSULT and call.stand.caller is Where.ROOM
    is_rung = move.step in RINGING and (is_there or move.kind in (Kind.THREE_WAY, Kind.EMERGENCY))
    is_missed = move.step is Step.JOINED and call.stand.absent is not None
    return is_rung or is_missed or move.step is Step.SWAPPED


def keep(picture: Picture, call: Call, at: datetime) -> None:
    """Hold a caller whose talk is over and for whom somebody rings: goodbye would be wrong."""
    call.state = CallState.HELD
    send(picture, call, call.channel, Where.HOLD.value, at)


def note(picture: Picture, call: Call) -> None:
    """Write down on the caller's channel what is under way and what waits."""
    made, waits = call.stand.legs_made, call.stand.waits
    if call.move is None:
        state = over(made, waits)
    else:  # by its count the recipient is known again; who was rung back has one, too
        state = call.move.written(recipients.count_of(call.move.leg) or made, waits)
    picture.out.append(SetMove(call=call.id, channel=call.channel, state=state))


# --- what is to be done -----------------------------------------------------------------------


def _do(picture: Picture, call: Call, move: Move, do: Do, at: datetime) -> bool:
    """Do one thing; false when there was nobody to ring."""
    match do:
        case Do.SET_ASIDE:
            _aside(picture, call, move, "hold", at)
        case Do.GATHER:
            _aside(picture, call, move, "room", at)
        case Do.SEND:
            recipients.send(picture, call, move, at)
        case Do.RING:
            return recipients.ring(picture, call, move, at)
        case Do.STOP:
            recipients.stop(picture, call, move, at)
        case Do.HOLD:
            send(picture, call, call.channel, "hold", at)
        case Do.JOIN:
            _join(picture, call, at)
        case Do.HOLD_RECIPIENT | Do.JOIN_RECIPIENT:
            channel = call.leg_channel(move.leg) or ChannelId(move.leg)
            to = "hold" if do is Do.HOLD_RECIPIENT else "seat-room"
            send(picture, call, channel, to, at)
        case Do.ARM:
            if call.channel in call.stand.going:  # it arms itself for nothing as it enters
                return True
            arm(picture, call, "hold")
        case Do.DISARM:
            arm(picture, call, "")
        case Do.RELEASE:
            _release(picture, call, move, at)
        case Do.QUEUE:
            _queue(picture, call, at)
        case Do.TELL_NUMBER:
            _tell_number(picture, call, move, at)
        case Do.END:
            _end(picture, call, move, at)
        case _:
            assert_never(do)
    return True


def _release(picture: Picture, call: Call, move: Move, at: datetime) -> None:
    """Let the initiator go; from the caller's side only when whoever is to meet has met.

    A room that its last party leaves is taken down, and whoever comes in that moment hears nobody;
    a caller who is to be fetched from a plain talk must not have it end before.
    """
    going, rung = call.stand.going, call.leg_channel(move.leg)
    is_fetched = call.channel in going and call.stand.caller is Where.ELSEWHERE
    comes = call.channel if is_fetched else rung if rung in going else None
    if comes is None or move.channel is None:
        recipients.let_go(picture, call, move.channel)
        return
    until = at + SETTLES_WITHIN
    call.stand.leaver = Leaver(channel=move.channel, comes=comes, move=move, until=until)
    picture.alarm(until, "leaves", call.id)


def _end(picture: Picture, call: Call, move: Move, at: datetime) -> None:
    """End who rings, holds, or waits in the room; whoever was with the caller goes with it."""
    recipient = call.leg_channel(move.leg)
    is_with_caller = call.stand.caller is Where.ROOM and recipient in call.stand.room
    if not is_with_caller or move.step_before is Step.SWAPPED:
        recipients.stop(picture, call, move, at)
    if call.stand.caller is not Where.ROOM:
        empty(picture, call)


def _aside(picture: Picture, call: Call, move: Move, to: str, at: datetime) -> None:
    """Out of a plain talk by the initiator's leg; from the room each by an order of its own."""
    assert move.channel is not None, "what needs an initiator is begun with one, by its table"
    if to == "room" and move.channel in call.stand.brought:
        return  # a supervisor has both come there: moved twice, the seat would leave it again
    if move.channel not in call.stand.room:
        call.stand.is_armed = True
        move.order = SetAside(call=call.id, channel=call.channel, seat_channel=move.channel, to=to)
        picture.out.append(move.order)
        return
    if to == "room":
        arm(picture, call, "")
    if bound_for(call) != to:
        send(picture, call, call.channel, to, at)


def _join(picture: Picture, call: Call, at: datetime) -> None:
    arm(picture, call, "")
    if bound_for(call) == Where.ROOM.value:
        return
    picture.acd.leave(call.id)
    if call.state is CallState.OFFERED:
        recipients.leaves_queue(picture, call, at)
    call.state = CallState.HELD
    send(picture, call, call.channel, "room", at)


def _queue(picture: Picture, call: Call, at: datetime) -> None:
    """Back to the queue, but for one who talks: as with the recipient of a move before."""
    if any(call.is_heard_by(one) for one in call.legs if one not in call.stand.let_go):
        arm(picture, call, "")
        return
    call.stand.is_sent_back = True
    if call.move is not None and call.move.initiator is not None:
        call.last_seat, call.last_agent = call.move.initiator, AgentId("")
    if call.state in (CallState.HELD, CallState.TALKING, CallState.LEAVING):
        send(picture, call, call.channel, "wait", at)


def _tell_number(picture: Picture, call: Call, move: Move, at: datetime) -> None:
    """By the initiator's desk, or a sentence when nobody is with the caller.

    One for whom a seat rings hears it if that does not answer. Without an initiator, whoever has
    the caller next reads it on the card.
    """
    number = move.tells_number
    move.tells = bool(number)
    if not number or (move.channel is not None and move.channel in call.legs):
        return
    call.stand.to_dial = number
    seat = picture.seats.get(call.offer_seat) if call.offer_seat is not None else None
    if call.state is CallState.OFFERED and call.offer is not None and seat is not None:
        picture.pop(call, seat, call.offer, at)
    if call.partner is not None:
        return
    if call.state in (CallState.WAITING, CallState.OFFERED):
        picture.out.append(SayNumber(call=call.id, channel=call.channel, number=number))
    else:
        call.stand.unsaid = number

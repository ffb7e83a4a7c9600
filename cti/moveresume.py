"""Moves found again when Asterisk is looked at: each goes on in the step that its channels show.

Part of the switch's rules, for ``resync``. ``recall`` comes before the legs are taken over, because
it knows whose they are; ``go_on`` after that, once the caller is in the queue if it waits.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from cti import absent, asking, leaving, movesteps, moving, recipients
from cti.call import Call, CallState
from cti.effects import HangUp
from cti.happened import OfferOutcome
from cti.ids import ChannelId, LegId, OfferId
from cti.move import Move, Where, Written, read
from cti.picture import Picture
from cti.seen import SeenChannel
from queues.seat import AgentState
from queues.seatlife import SeatInput
from transfer.shown import ALONE, Place, shown
from transfer.step import Step, What
from transfer.target import Route, Target, TargetKind

WHERE: Final = {"hold": Where.HOLD, "room": Where.ROOM, "away": Where.AWAY}
"""The contexts in which a moved caller stands, none of them in the queue or at a seat's."""
ROOMS: Final = frozenset({"seat-room", "joins"})
"""Where everybody else stands who is in the room, or about to be."""
ENDS: Final = frozenset({"survey", "bye"})
"""Where a caller stands whose talk is over, and who goes."""
HOLD: Final = "hold"
STANDS: Final = frozenset({*WHERE, *ENDS, "wait", "fallback", "arrive"})
"""Where a caller stands who does not follow anybody, whatever it was armed for before."""
SAYS: Final = "tell"
"""Where a caller on hold, or one who waits, hears a number read out."""
WITH_RECIPIENT: Final = frozenset({Step.CONSULTING, Step.SWAPPED, Step.JOINING, Step.JOINED})
"""Steps in which the recipient has answered, and has a leg."""
JUST_ORDERED: Final = timedelta(seconds=1)
"""An order this young may be about to be carried out: it is not given again."""


def moved(channels: Sequence[SeenChannel]) -> SeenChannel | None:
    """The caller, if a move has put it somewhere, whoever called whom; None: it has not."""
    stands = (one for one in channels if one.context in WHERE and one.centre and not one.leg)
    return next((one for one in stands if one.seat is None and one.peer is None), None)


def citizen(channels: Sequence[SeenChannel]) -> SeenChannel | None:
    """Whom a seat has called; a move of it may be under way while the two talk."""
    others = (one for one in channels if one.seat is None and one.peer is None)
    return next((one for one in others if not one.leg), None)


def where(call: Call, caller: SeenChannel) -> SeenChannel:
    """The caller as it stands: who hears a number read out holds, or waits."""
    if caller.context != SAYS:
        return caller
    last = read(caller.move).id
    has_move = call.move is not None or last not in ("", *call.stand.made)
    return replace(caller, context=HOLD if has_move else "wait")


def follows(call: Call, caller: SeenChannel) -> bool:
    """Whether the caller, between its talk and where it is to go, is on its way by itself."""
    is_between = caller.context not in STANDS and not caller.bridge
    return is_between and caller.goes in WHERE and bool(call.stand.room & call.legs.keys())


def forsaken(picture: Picture, channels: Sequence[SeenChannel]) -> None:
    """Let go of whoever is rung for, or waits in the room of, a caller who is not there."""
    for one in channels:
        if one.leg or one.context in ROOMS:
            picture.out.append(HangUp(call=one.call, channel=one.channel))


def recall(
    picture: Picture,
    call: Call,
    caller: SeenChannel,
    channels: Sequence[SeenChannel],
    at: datetime,
    *,
    has_gap: bool,
) -> None:
    """Know again who is who: the move under way, its legs, and who is in the room."""
    stand, written = call.stand, read(caller.move)
    others = [one for one in channels if one.channel != call.channel]
    stand.caller = WHERE.get(caller.context, Where.ELSEWHERE)
    stand.room = {one.channel for one in others if one.context in ROOMS or one.context == HOLD}
    rung = [int(leg.rpartition("m")[2]) for leg in (caller.away, *(o.leg for o in others)) if leg]
    stand.legs_made = max(stand.legs_made, written.legs_made, *rung)
    stand.path, stand.case = stand.path or caller.path, stand.case or caller.case
    for channel, going in list(stand.going.items()):
        if has_gap or going.is_late or at - going.at >= JUST_ORDERED:
            del stand.going[channel]
    if call.move is None and written.id and written.id not in stand.made:
        call.move = _remembered(picture, call, written, others, at)
        stand.made.add(written.id)
        _noted(picture, call, call.move, at)
    asking.recall(picture, call, written.waits, at)
    if has_gap:
        stand.is_armed = caller.goes != ""
        absent.forget(picture, call, at)
    for one in others:
        if one.leg:
            stand.recipients.setdefault(one.leg, "")
        if one.leg and one.channel in stand.room:
            stand.kept.add(one.leg)
    stand.away = caller.away if stand.caller is Where.AWAY else LegId("")


def _noted(picture: Picture, call: Call, move: Move, at: datetime) -> None:
    """Tell the journal again of the move: what was told last may have died with the brain."""
    recipients.note_begun(picture, call, move, at)
    if move.leg:
        recipients.note_rung(picture, call, move, at)


def _leg(call: Call, written: Written) -> LegId:
    """The recipient's. A caller is sent away before that is written: its channel may know more."""
    made = call.stand.legs_made if written.kind in ALONE else written.legs_made
    return LegId(f"{call.id}-m{made}" if made else "")


def _remembered(
    picture: Picture, call: Call, written: Written, others: Sequence[SeenChannel], at: datetime
) -> Move:
    """The move as a brain before us wrote it down. Of a typed number only its leg is known."""
    nobody = Target(id=written.target, name="", kind=TargetKind.NUMBER, routes=())
    target = picture.plan.targets.get(call.centre, {}).get(written.target, nobody)
    is_begun = written.step not in (Step.SETTING_ASIDE, Step.SENDING)
    leg = _leg(call, written) if is_begun or written.kind in ALONE else LegId("")
    rung = next((one for one in others if leg and one.leg == leg), None)
    routes = target.routes_at(at)
    if leg:
        call.stand.recipients[leg] = target.id
    return Move(
        id=written.id,
        kind=written.kind,
        target=target,
        asker=written.asker,
        agent=written.agent,
        routes=routes,
        step=written.step,
        begun_at=at,
        initiator=written.initiator,
        channel=next((one.channel for one in others if _is_initiators(one, written, leg)), None),
        route=next((n for n, route in enumerate(routes) if _is_route(route, rung)), -1),
        leg=leg,
        seat=rung.seat if rung is not None else None,
    )


def _is_initiators(one: SeenChannel, written: Written, leg: LegId) -> bool:
    is_recipients = leg != "" and one.leg == leg
    return written.initiator is not None and one.seat == written.initiator and not is_recipients


def _is_route(route: Route, rung: SeenChannel | None) -> bool:
    """Whether the leg that is seen was rung by that route, as far as a channel tells."""
    if rung is None or (rung.seat, rung.peer) != (route.seat or rung.seat, route.peer):
        return False
    return rung.seat is None or route.seat is not None or route.skill != ""


# --- going on ---------------------------------------------------------------------------------


def go_on(
    picture: Picture,
    call: Call,
    caller: SeenChannel,
    channels: Sequence[SeenChannel],
    at: datetime,
    *,
    has_gap: bool,
) -> None:
    """Put a moved call where it stands, and let its move go on from there."""
    is_on_way = follows(call, caller)
    if caller.context in WHERE or is_on_way:
        _leave_queue(picture, call, caller, at)
    if call.stand.caller is Where.AWAY:
        movesteps.empty(picture, call)
    _others(picture, call, caller, channels, at, has_gap=has_gap)
    move = call.move
    if move is None:
        if not is_on_way:
            movesteps.bring(picture, call, at)
        return
    rung = call.leg_channel(move.leg)
    is_gone = move.channel is not None and move.channel not in call.legs
    move.channel = None if is_gone else move.channel
    is_coming = call.channel in call.stand.going or rung in call.stand.going
    is_coming = is_coming or call.stand.absent is not None  # nothing of it shows
    if not has_gap and (is_coming or _is_under_way(move, at)):
        if is_gone:
            movesteps.happened(picture, call, What.INITIATOR_GONE, at)
        if rung is None and move.step in WITH_RECIPIENT:
            movesteps.happened(picture, call, What.RECIPIENT_GONE, at)
    elif call.stand.caller is Where.HOLD and _is_to_skill(move):
        recipients.to_queue(picture, call, at)
    else:
        _stands_as_shown(picture, call, move, caller, channels, at)
    if call.move is not move:
        return
    _goes_next(picture, call, caller, channels, at, has_gap=has_gap)
    movesteps.tell(picture, call, move, at, is_news=False)


def _leave_queue(picture: Picture, call: Call, caller: SeenChannel, at: datetime) -> None:
    """Its caller was taken out of it: no seat rings for the call any more."""
    picture.acd.leave(call.id)
    picture.end_offer(call, at, SeatInput.WITHDRAWN)
    call.since = call.since or caller.since
    if not call.talk_partners:
        call.state = CallState.HELD


def _stands_as_shown(
    picture: Picture,
    call: Call,
    move: Move,
    caller: SeenChannel,
    channels: Sequence[SeenChannel],
    at: datetime,
) -> None:
    """Let the move be in the step in which its three parties stand."""
    initiator = _place(call, move.channel, channels)
    recipient = _place(call, call.leg_channel(move.leg), channels)
    recipient = Place.RINGS if recipient is Place.TALK else recipient
    stands = _callers(call, caller, move, initiator)
    _shows(picture, call, move, shown(move.kind, move.step, stands, initiator, recipient), at)


def go_on_called(
    picture: Picture,
    call: Call,
    citizen: SeenChannel,
    channels: Sequence[SeenChannel],
    at: datetime,
    *,
    has_gap: bool,
) -> None:
    """As ``go_on``, of a citizen whom a seat called: without a move it is brought nowhere."""
    if call.move is not None:
        go_on(picture, call, citizen, channels, at, has_gap=has_gap)
    else:
        _others(picture, call, citizen, channels, at, has_gap=has_gap)


def _others(
    picture: Picture,
    call: Call,
    caller: SeenChannel,
    channels: Sequence[SeenChannel],
    at: datetime,
    *,
    has_gap: bool,
) -> None:
    """What a look says of everybody but the caller, and of who leaves it to whom."""
    _seats(picture, call, channels, at)
    _nobodys(picture, call, channels)
    in_room = {one.channel for one in channels if one.context in ROOMS}
    in_room |= {call.channel} if call.stand.caller is Where.ROOM else set()
    leaving.seen(picture, call, in_room, at, has_gap=has_gap)
    if has_gap and call.move is None and call.stand.is_armed:
        _unarmed(picture, call, caller)


def _goes_next(
    picture: Picture,
    call: Call,
    caller: SeenChannel,
    channels: Sequence[SeenChannel],
    at: datetime,
    *,
    has_gap: bool,
) -> None:
    """Say where the caller goes when its talk ends; one whose talk has ended already is held."""
    move = call.move
    assert move is not None, "asked only while one is under way"
    is_fetched = call.channel in call.stand.going
    talks = _callers(call, caller, move, _place(call, move.channel, channels))
    is_to_arm = talks in (Place.TALK, Place.ROOM) and movesteps.is_armed_in(call, move)
    if caller.context in ENDS:
        if move.step is Step.PASSING and move.kind not in ALONE and not is_fetched:
            movesteps.keep(picture, call, at)
    elif has_gap and move.step is Step.JOINED:
        movesteps.arm(picture, call, "")
    elif is_to_arm and not call.stand.is_armed and not is_fetched:
        movesteps.arm(picture, call, "hold")


def _seats(picture: Picture, call: Call, channels: Sequence[SeenChannel], at: datetime) -> None:
    """Seats in the room talk, also while the caller holds; the recipient's rings or talks."""
    move = call.move
    for one in channels:
        seat = picture.seats.get(one.seat) if one.seat is not None else None
        if seat is None or one.channel == call.channel or seat.call == call.id:
            continue
        if one.channel in call.stand.room:
            picture.move_seat(seat, SeatInput.TALK, at, call=call.id)
        elif move is not None and move.leg and one.leg == move.leg:
            move.seat = seat.id
            if seat.state is AgentState.AVAILABLE:
                picture.move_seat(seat, SeatInput.OFFER, at, call=call.id)
                picture.pop(call, seat, OfferId(move.leg), at, move=move.id)


def _unarmed(picture: Picture, call: Call, caller: SeenChannel) -> None:
    """No move wants the caller elsewhere; a supervisor who takes its talk over does."""
    here = call.stand.room & call.legs.keys()
    talks = [party.seat for party in call.partners if party.seat is not None]
    agent = call.channel_of(talks[0]) if talks else None
    if caller.goes == "room" and here and agent is not None and agent not in here:
        recipients.let_go(picture, call, agent)
    else:
        movesteps.arm(picture, call, "")


def _nobodys(picture: Picture, call: Call, channels: Sequence[SeenChannel]) -> None:
    """Let go of legs that ring for no move: its brain died before it had written it down."""
    mine = call.move.leg if call.move is not None else ""
    for one in channels:
        is_nobodys = one.leg not in ("", mine, *call.stand.kept)
        if is_nobodys and one.channel not in call.stand.room:
            picture.out.append(HangUp(call=call.id, channel=one.channel))


def _is_under_way(move: Move, at: datetime) -> bool:
    """Its step was ordered a moment ago, and may not show yet: its deadline looks again."""
    if move.until is None or move.overdue:
        return False
    lasts = movesteps.SETTLES_WITHIN
    if move.step in (Step.RINGING, Step.PASSING):
        ring = move.routes[move.route].ring if move.route >= 0 else timedelta(0)
        lasts = recipients.ring_of(move, ring) + movesteps.RINGS_BEYOND
    return at - (move.until - lasts) < JUST_ORDERED


def _is_to_skill(move: Move) -> bool:
    """Whether the caller is on its way to the queue, for whoever of a skill is free."""
    return move.kind in ALONE and move.route >= 0 and move.routes[move.route].skill != ""


def _place(call: Call, channel: ChannelId | None, channels: Sequence[SeenChannel]) -> Place:
    """Where somebody beside the caller stands."""
    context = next((one.context for one in channels if one.channel == channel), None)
    if channel is None or context is None:
        return Place.NOWHERE
    if context == HOLD:
        return Place.HOLD
    return Place.ROOM if context in ROOMS else Place.TALK


def _callers(call: Call, caller: SeenChannel, move: Move, initiator: Place) -> Place:
    if caller.context in WHERE:
        is_alone = caller.context != "away" or move.kind in ALONE
        return Place(caller.context) if is_alone else Place.TALK
    if call.partner is not None:
        return Place.TALK
    waits = caller.context == "wait" or (
        caller.context in ("fallback", "connect", "arrive") and initiator is Place.NOWHERE
    )
    return Place.WAIT if waits else Place.TALK


def _shows(
    picture: Picture,
    call: Call,
    move: Move,
    answer: tuple[Step, tuple[What, ...]] | None,
    at: datetime,
) -> None:
    """Take the step that the channels show, and tell the table what happened besides."""
    if answer is None:
        recipients.stop(picture, call, move, at)
        movesteps.arm(picture, call, "")
        move.step = Step.RETURNED
        movesteps.end(picture, call, move, at)
        return
    step, whats = answer
    if step is not move.step:
        move.step, move.order = step, None
        picture.journal(call, at, "move-step", move=move.id, step=step.value)
    movesteps.watch(picture, call, move, at)
    for what in whats:
        if what is What.UNANSWERED and move.leg:
            moving.unanswered(picture, call, move.leg, OfferOutcome.UNREACHABLE, at)
        elif what is What.UNANSWERED:
            movesteps.happened(picture, call, What.EXHAUSTED, at)
        else:
            movesteps.happened(picture, call, what, at)

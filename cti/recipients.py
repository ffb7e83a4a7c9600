"""Recipients of moves: whom the next route means, and how they are rung. Rules of the switch.

A recipient at a seat of ours is offered the call as any seat is, with its card, but its ringing
is none of the queue's.
"""

from datetime import datetime, timedelta
from typing import Final

from config.dialled import key
from config.ledger import HOTLINE
from cti.call import Call, Party
from cti.effects import HangUp, WithdrawPop
from cti.happened import OfferOutcome
from cti.ids import ChannelId, LegId, OfferId, PeerId, SeatId, mask
from cti.move import Going, Move, Where
from cti.movewishes import ArmCaller, RingRecipient, SendAway, SendTo
from cti.picture import Picture
from queues.pool import skill_pool
from queues.seat import AgentState
from queues.seatlife import SeatInput
from records.callrecord import Offered
from records.draft import order_id
from transfer.step import Kind
from transfer.target import Route, TargetKind

EMERGENCY_RINGS: Final = timedelta(seconds=10)
"""A route to an emergency line that did not answer by then is given up for the next."""
ALONE: Final = frozenset({Kind.BLIND, Kind.HAND_OVER})
"""Kinds in which the caller's own dialplan rings the recipient."""
SEES_CALLERS: Final = frozenset({TargetKind.EMERGENCY, TargetKind.CENTRE, TargetKind.SUB_CENTRE})
"""Other houses that serve callers as we do: their telephones show who calls."""


def ring_of(move: Move, ring: timedelta) -> timedelta:
    """How long a route rings."""
    return min(ring, EMERGENCY_RINGS) if move.target.kind is TargetKind.EMERGENCY else ring


def next_route(picture: Picture, call: Call, move: Move) -> tuple[int, SeatId | None] | None:
    """Which route is tried next, and at which seat of ours; None: there is none any more.

    A skill's route is tried at one free seat after another, each once. A caller moved blind to a
    skill is put into the queue for it instead, so its route is tried once, whoever is free.
    """
    for index, route in enumerate(move.routes):
        is_tried_again = route.skill != "" and move.kind not in ALONE
        if index < move.route or (index == move.route and not is_tried_again):
            continue
        if not route.skill:
            if _can_be_rung(picture, call, move, route):
                return index, route.seat
        elif move.kind in ALONE:
            return index, None
        elif (seat := _free_of(picture, call, move, route)) is not None:
            return index, seat
    return None


def _can_be_rung(picture: Picture, call: Call, move: Move, route: Route) -> bool:
    if route.seat is not None:
        seat = picture.seats.get(route.seat)
        return seat is not None and seat.is_free and route.seat not in move.tried
    is_reached = route.peer is not None or picture.plan.times_of(call.centre).dials_out
    return is_reached and bool(route.number)


def _free_of(picture: Picture, call: Call, move: Move, route: Route) -> SeatId | None:
    pool = skill_pool(route.centre or call.centre, route.skill)
    return next((one for one in picture.acd.free_in(pool) if one not in move.tried), None)


# --- ringing ----------------------------------------------------------------------------------


def ring(picture: Picture, call: Call, move: Move, at: datetime) -> bool:
    """Ring the next route into the room; false when there is none."""
    chosen = next_route(picture, call, move)
    if chosen is None:
        return False
    route = _choose(picture, call, move, chosen, at)
    picture.out.append(
        RingRecipient(
            call=call.id,
            channel=call.channel,
            leg=move.leg,
            centre=call.centre,
            peer=route.peer,
            seat=move.seat,
            number=_number(picture, call, route),
            ring=ring_of(move, route.ring),
            shown=_shown(call, move),
            headers=_headers(call, move, route),
            records=move.target.is_consult_recorded,
        )
    )
    return True


def send(picture: Picture, call: Call, move: Move, at: datetime) -> None:
    """Have the caller's own dialplan ring the next route."""
    chosen = next_route(picture, call, move)
    assert chosen is not None, "looked for before the table was told that there is one"
    is_in_talk = (
        move.channel is not None
        and move.channel in call.legs
        and move.channel not in call.stand.room
    )
    if move.routes[chosen[0]].skill:
        move.route = chosen[0]
        _send_to_skill(picture, call, move, at)
        return
    route = _choose(picture, call, move, chosen, at)
    call.stand.is_armed = call.stand.is_armed or is_in_talk
    move.order = SendAway(
        call=call.id,
        channel=call.channel,
        seat_channel=move.channel if is_in_talk else None,
        leg=move.leg,
        centre=call.centre,
        peer=route.peer,
        seat=move.seat,
        number=_number(picture, call, route),
        ring=ring_of(move, route.ring),
        shown=_shown(call, move),
        headers=_headers(call, move, route),
    )
    send_away(picture, call, move.order, at)


def send_away(picture: Picture, call: Call, order: SendAway, at: datetime) -> None:
    """Give the order. Out of a talk its end takes the caller there, else a redirect does."""
    picture.out.append(order)
    if order.seat_channel is None:
        call.stand.going[call.channel] = Going(to=Where.AWAY.value, at=at)
        picture.alarm(at + timedelta(seconds=2), "going", call.id)


def _send_to_skill(picture: Picture, call: Call, move: Move, at: datetime) -> None:
    """By way of hold to the queue, where that skill is wanted first: nobody is rung in vain.

    From the room at once: somebody else in it would keep the caller there when the agent goes.
    """
    route = move.routes[move.route]
    call.stand.skill, call.stand.skill_centre = route.skill, route.centre
    call.stand.skill_at = at
    if call.stand.caller in (Where.HOLD, Where.ROOM) or move.channel is None:
        to_queue(picture, call, at)
        return
    call.stand.is_armed = True
    picture.out.append(ArmCaller(call=call.id, channel=call.channel, to="hold"))
    let_go(picture, call, move.channel)


def to_queue(picture: Picture, call: Call, at: datetime) -> None:
    """Bring a caller who was moved to a skill from hold to the queue."""
    call.stand.going[call.channel] = Going(to="wait", at=at)
    picture.out.append(SendTo(call=call.id, channel=call.channel, to="wait"))
    picture.alarm(at + timedelta(seconds=2), "going", call.id)


def _choose(
    picture: Picture, call: Call, move: Move, chosen: tuple[int, SeatId | None], at: datetime
) -> Route:
    """Make a leg of the route, and offer it to its seat, if it is one of ours."""
    move.route, move.seat = chosen
    route = move.routes[move.route]
    move.leg = next_leg(call)
    call.stand.recipients[move.leg] = move.target_id
    note_rung(picture, call, move, at)
    if move.seat is not None:
        seat = picture.seats[move.seat]
        move.tried.add(seat.id)
        picture.move_seat(seat, SeatInput.OFFER, at, call=call.id)
        picture.pop(call, seat, OfferId(move.leg), at, move=move.id)
    return route


def next_leg(call: Call) -> LegId:
    """A leg that is rung into the call's room. None has its name twice."""
    call.stand.legs_made += 1
    return LegId(f"{call.id}-m{call.stand.legs_made}")


def count_of(leg: LegId) -> int:
    """The count in such a name; 0: it is none."""
    return int(leg.rpartition("-m")[2]) if leg else 0


def note_begun(picture: Picture, call: Call, move: Move, at: datetime) -> None:
    """Tell the journal of a move. Told twice, the first counts."""
    picture.journal(
        call,
        at,
        "move-begun",
        move=move.id,
        kind=move.kind.value,
        target=move.target_id,
        name=move.target.name,
        target_kind=move.target.kind.value,
        seat=move.initiator or "",
        agent=move.agent,
        number=mask(key(move.number)) if move.number else "",
    )


def note_rung(picture: Picture, call: Call, move: Move, at: datetime) -> None:
    """Tell the journal who is rung. Told twice, it is the same leg."""
    peer = move.routes[move.route].peer if move.route >= 0 else None
    who = {"seat": move.seat} if move.seat else {"peer": peer} if peer else {}
    whom = {"leg": move.leg, "target": move.target_id, "name": move.target.name}
    picture.journal(call, at, "move-rung", move=move.id, **whom, **who)


def _number(picture: Picture, call: Call, route: Route) -> str:
    """As it is dialled: with what the trunk of the call's centre wants before it."""
    if route.peer is not None or not route.number:
        return route.number
    return picture.plan.times_of(call.centre).out_prefix + key(route.number)


def _shown(call: Call, move: Move) -> str:
    """The number that the recipient sees: the caller's only where callers are served by it.

    To an office or an expert outside it would say who calls before a word was said, and a carrier
    may refuse to show a number that is not ours.
    """
    return call.ani if move.seat is not None or move.target.kind in SEES_CALLERS else HOTLINE


def _headers(call: Call, move: Move, route: Route) -> tuple[tuple[str, str], ...]:
    """What another exchange is told; a seat of ours knows."""
    if route.seat is not None or route.skill:
        return ()
    path = "/".join((*call.stand.path, call.centre))
    told = {"X-Hotline-Call": call.id, "X-Hotline-Path": path, "X-Hotline-Case": call.stand.case}
    told["X-Hotline-Reason"] = f"{move.kind.value}/{key(call.line)}"
    told["X-Hotline-Order"] = order_id(call.id, call.arrived_at)
    return tuple((name, value) for name, value in told.items() if value)


# --- what becomes of it -----------------------------------------------------------------------


def came(picture: Picture, call: Call, party: Party, channel: ChannelId, at: datetime) -> None:
    """A recipient's leg has come to be. One that was to be stopped before it came is so now."""
    rings(call, party.leg, party.seat, party.peer, at)
    is_wanted = call.move is not None and call.move.leg == party.leg
    if not is_wanted and party.leg not in call.stand.kept and party.leg != call.stand.away:
        let_go(picture, call, channel)


def rings(call: Call, leg: LegId, seat: SeatId | None, peer: PeerId | None, at: datetime) -> None:
    """A leg that a move rang has come to be: that is its ringing, in the record. Once."""
    if leg not in call.stand.recipients or any(one.leg == leg for one in call.offers):
        return
    call.offers.append(
        Offered(
            seat=seat or SeatId(""),
            peer=peer or PeerId(""),
            leg=leg,
            target=call.stand.recipients[leg],
            at=at,
            outcome="live",
        )
    )


def let_go(picture: Picture, call: Call, channel: ChannelId | None) -> None:
    """End a leg of the call: whose it is has not vanished, though Asterisk names nobody."""
    if channel is None or channel in call.stand.let_go:
        return
    call.stand.let_go.add(channel)
    picture.out.append(HangUp(call=call.id, channel=channel))


def stop(picture: Picture, call: Call, move: Move, at: datetime) -> None:
    """End the recipient's leg, ringing or talking."""
    if not move.leg:
        return
    call.close_offer(OfferOutcome.CALLER_LEFT, move.leg)
    channel = call.leg_channel(move.leg) or ChannelId(move.leg)
    let_go(picture, call, channel)
    withdraw(picture, call, move, SeatInput.WITHDRAWN, at)


def withdraw(
    picture: Picture, call: Call, move: Move, what: SeatInput, at: datetime, reason: str = ""
) -> None:
    """Take the offer from the recipient's seat, if it rings there still."""
    seat = picture.seats.get(move.seat) if move.seat is not None else None
    if seat is None or seat.state is not AgentState.OFFERED or seat.call != call.id:
        return
    picture.out.append(WithdrawPop(seat=seat.id, call=call.id, offer=OfferId(move.leg)))
    picture.move_seat(seat, what, at, reason=reason)


def leaves_queue(picture: Picture, call: Call, at: datetime) -> None:
    """A move takes the caller away from a seat that rings for it."""
    call.close_offer(OfferOutcome.CALLER_LEFT)
    picture.end_offer(call, at, SeatInput.WITHDRAWN)

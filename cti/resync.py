"""Rebuild the live picture from a snapshot of Asterisk. Part of the switch's rules.

What Asterisk shows wins over what we believed; what it cannot show (who wraps up, why somebody
is away after Asterisk itself restarted) comes from our own memory, or from the mirror when this
process has none yet. Callers whom nobody rings are taken back from the fall-back queue in order;
those being served there are left alone.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from cti import calling, legs, moveresume, outside, restoring, supervising
from cti.call import Call, CallState
from cti.effects import ShowSeat, WriteCall
from cti.events import LegHungUp, SnapshotTaken
from cti.ids import CALLED_OUT, CallId, OfferId, SeatId
from cti.picture import ADOPT_AFTER, OFFER_SEEN_WITHIN, Picture
from cti.seen import KeptPlace, SeenChannel
from queues.seat import AgentState
from queues.seatlife import Seat, SeatInput
from records.callrecord import Direction, Offered

RESTORED = "restored"
"""Reason of a seat that only the mirror knew to be signed in."""
WAITED = frozenset({"wait", "fallback", "connect"})
"""Contexts whose callers have a place in the queue. ``SINCE`` of any other is no waiting yet."""
CUT_OUT_OF_SIGHT = 27
"""Q.850 "destination out of order": provisional, until CEL says how the call really ended."""


def resync(
    picture: Picture, snapshot: SnapshotTaken, *, has_history: bool, has_gap: bool
) -> set[CallId]:
    """Make the picture what the snapshot shows; return the calls to be taken back.

    ``has_gap``: events may have been missed before it, so what is known of the calls is partial.

    They are taken back by an alarm that rings at once, but after all that happened while the
    snapshot was taken has been told: a seat may have begun to ring for one of them meanwhile.
    """
    by_call: dict[CallId, list[SeenChannel]] = defaultdict(list)
    for seen in (one for one in snapshot.channels if one.hears is None):
        by_call[seen.call].append(seen)
    _people(picture, snapshot, has_history=has_history)
    places = restoring.owed(picture, snapshot)
    for call in [c for c in picture.calls.values() if c.id not in by_call and c.id not in places]:
        call.cause = call.cause or CUT_OUT_OF_SIGHT
        call.is_partial = True
        picture.finish(call, snapshot.at)
    adopting: list[tuple[int, CallId]] = []
    for call_id, channels in by_call.items():
        stands = _stands(picture, channels, places.get(call_id), snapshot.at, has_gap=has_gap)
        if stands:
            adopting.append((stands, call_id))
    restoring.restore(picture, snapshot, places, has_gap=has_gap)
    supervising.seen(picture, snapshot.channels, snapshot.at, has_gap=has_gap)
    _idle_seats(picture, snapshot)
    for _, call_id in sorted(adopting, key=lambda each: each[0]):
        picture.alarm(snapshot.at, "adopt", call_id)
    return {call_id for _, call_id in adopting}


def _stands(
    picture: Picture,
    channels: Sequence[SeenChannel],
    place: KeptPlace | None,
    at: datetime,
    *,
    has_gap: bool,
) -> int:
    """Make a call what its channels show; its place in the fall-back queue if it is taken back."""
    moved = moveresume.moved(channels)
    if moved is None and (
        restoring.resume(picture, channels, place, at, has_gap=has_gap)
        or calling.resume(picture, channels, at, has_gap=has_gap)
    ):
        return 0
    own = (c for c in channels if c.seat is None and c.peer is None and c.centre)
    caller = moved or next(own, None)
    if caller is None:
        moveresume.forsaken(picture, channels)
        _caller_left(picture, channels, at, has_gap=has_gap)
        return 0  # a seat calling a seat, or a leg whose caller has just gone
    known = picture.calls.get(caller.call) or _found(picture, caller, channels, at)
    known.channel = moved.channel if moved is not None else known.channel
    known.is_partial = known.is_partial or has_gap
    if place is None:
        restoring.reached(picture, known, caller)
    caller = moveresume.where(known, caller)
    moveresume.recall(picture, known, caller, channels, at, has_gap=has_gap)
    legs.seen(picture, known, channels, at)
    is_moved = caller.context in moveresume.WHERE or moveresume.follows(known, caller)
    is_ours = not is_moved and _place(picture, known, caller, at)
    moveresume.go_on(picture, known, caller, channels, at, has_gap=has_gap)
    return caller.queue_position if is_ours else 0


def _caller_left(
    picture: Picture,
    channels: Sequence[SeenChannel],
    at: datetime,
    *,
    has_gap: bool,
) -> None:
    """The caller of a known call hung up out of sight, and somebody's leg is still there."""
    call = picture.calls.get(channels[0].call)
    if call is None or call.channel not in call.legs:
        return
    call.is_partial = call.is_partial or has_gap
    here = {one.channel for one in channels} | {call.channel}
    for channel in [one for one in call.legs if one not in here]:
        del call.legs[channel]
        call.bridges.pop(channel, None)
    cause = call.cause or CUT_OUT_OF_SIGHT
    left = LegHungUp(at=at, call=call.id, channel=call.channel, seat=None, cause=cause)
    legs.moved(picture, left)


def _people(picture: Picture, snapshot: SnapshotTaken, *, has_history: bool) -> None:
    picture.members = {m.seat: (m.agent, m.is_paused, m.reason) for m in snapshot.members}
    for member in snapshot.members:
        seat = picture.seats.get(member.seat)
        if seat is None:
            continue
        seat.phone = member.phone
        if not has_history:
            seat.agent = member.agent
            seat.state = AgentState.NOT_READY if member.is_paused else AgentState.AVAILABLE
            seat.reason = (member.reason or "not-ready") if member.is_paused else ""
            seat.since = snapshot.at
    if has_history:
        return
    # Asterisk that remembers others has most likely heard this one sign out: let nobody ring there
    # before somebody says so.
    doubt = RESTORED if snapshot.members else ""
    for seat_id, agent, reason in snapshot.not_ready:
        seat = picture.seats.get(seat_id)
        if seat is not None and seat.agent is None:
            seat.agent, seat.reason, seat.since = agent, reason or doubt, snapshot.at
            seat.state = AgentState.NOT_READY if seat.reason else AgentState.AVAILABLE
    for seat_id, agent, skills in snapshot.reskilled:
        seat = picture.seats.get(seat_id)
        if seat is not None and seat.agent == agent:
            seat.lent = dict(skills)
    for seat_id, until, call in snapshot.wrapping_up:
        seat = picture.seats.get(seat_id)
        if seat is not None and seat.state is AgentState.AVAILABLE and until > snapshot.at:
            seat.state, seat.until, seat.wraps_up = AgentState.WRAP_UP, until, call
            picture.alarm(until, "wrap-up", seat_id)


def _found(
    picture: Picture, seen: SeenChannel, channels: Sequence[SeenChannel], at: datetime
) -> Call:
    is_ours = seen.call.startswith(CALLED_OUT)  # a citizen whom a seat called, and who was moved
    call = Call(
        id=seen.call,
        channel=seen.channel,
        centre=seen.centre,
        line=seen.line,
        dnis=seen.dnis,
        ani=seen.ani,
        arrived_at=seen.arrived_at or at,
        since=seen.since,
        revision=seen.revision,
        line_state=seen.line_state,
        prompt=seen.prompt,
        is_farewell=seen.is_farewell,
        is_blocked=seen.is_blocked,
        is_handed_over=seen.is_handed_over,
        is_emergency=seen.is_emergency,
        tried=frozenset({seen.tried} if seen.tried else ()),
        direction=Direction.OUT if is_ours else Direction.IN,
        about=next((one.about for one in channels if one.about), None),
    )
    picture.calls[call.id] = call
    call.is_partial = True
    picture.out.append(WriteCall(record=call.record()))
    return call


def _place(picture: Picture, call: Call, caller: SeenChannel, at: datetime) -> bool:
    """Put the call where its caller stands; true when it must be taken back."""
    call.recall_offers(caller.offer)
    if caller.context == "fallback":
        call.has_fallen_back = True
    if caller.context in WAITED:
        call.since = call.since or caller.since
    if _is_outside(call, caller):
        outside.stands(picture, call, at)
        if call.ringing_peer is not None:
            outside.note(call, call.ringing_peer, at)
        return False
    if call.partner is not None:
        if call.offer_seat != call.partner.seat:
            picture.end_offer(call, at, SeatInput.WITHDRAWN)
        call.state = CallState.TALKING
        picture.acd.leave(call.id)
        return False
    if _is_order_under_way(call, caller, at):
        return False
    if caller.context == "wait":
        picture.end_offer(call, at, SeatInput.WITHDRAWN)
        call.since = call.since or at
        picture.enqueue(call, at)
        return False
    picture.acd.leave(call.id)
    if caller.context == "fallback":
        picture.end_offer(call, at, SeatInput.WITHDRAWN)
        call.state = CallState.FALLEN_BACK
        call.is_sent, call.is_sent_back = False, call.is_sent or call.is_sent_back
        if not caller.queue_position:  # on its way into the queue, or out of it
            picture.alarm(at + ADOPT_AFTER, "adopt", call.id)
        is_ours = call.ringing_seat is None and not call.is_sent_back
        return is_ours and bool(caller.queue_position)
    if call.ringing_seat is None:
        picture.end_offer(call, at, SeatInput.WITHDRAWN)
        call.state = CallState.ARRIVED if caller.context == "arrive" else CallState.LEAVING
        return False
    _rings(picture, call, call.ringing_seat, caller.offer, at)
    return False


def _rings(picture: Picture, call: Call, ringing: SeatId, offer: OfferId, at: datetime) -> None:
    """A seat rings for the caller."""
    seat = picture.seats.get(ringing)
    if call.offer is None or call.offer_seat != ringing:
        call.offers.append(Offered(seat=ringing, at=at, outcome="live"))
        if seat is not None:  # a brain before us showed the card, and its desks are gone
            picture.pop(call, seat, offer, at)
    call.state, call.offer, call.offer_seat = CallState.OFFERED, offer, ringing
    call.is_offer_seen = True
    if seat is not None:
        picture.move_seat(seat, SeatInput.OFFER, at, call=call.id)


def _is_outside(call: Call, caller: SeenChannel) -> bool:
    """Put through to another exchange. A peer's leg alone does not say so: it may be dying."""
    return caller.context == "outside" or (
        call.partner is not None and call.partner.peer is not None
    )


def _is_order_under_way(call: Call, caller: SeenChannel, at: datetime) -> bool:
    """An offer ordered just now; Asterisk was about to carry it out when it was looked at."""
    if call.offer is None or call.ordered_at is None or call.ringing_seat:
        return False
    is_on_its_way = caller.context == "connect" or (
        caller.context == "wait" and not call.is_offer_seen
    )
    return is_on_its_way and at - call.ordered_at < OFFER_SEEN_WITHIN


def _idle_seats(picture: Picture, snapshot: SnapshotTaken) -> None:
    """Let go of seats that believed in a call which is not there, then tell how all stand."""
    for seat in picture.seats.values():
        if seat.call is not None and not _is_busy(picture, seat):
            what = {
                AgentState.TALKING: SeatInput.TALK_OVER,
                AgentState.OFFERED: SeatInput.WITHDRAWN,
            }[seat.state]
            picture.move_seat(seat, what, snapshot.at)
        picture.refresh(seat)
        if seat.agent is not None:
            picture.out.append(ShowSeat(view=seat.view()))


def _is_busy(picture: Picture, seat: Seat) -> bool:
    call = picture.calls.get(seat.call) if seat.call is not None else None
    return call is not None and (
        seat.id == call.offer_seat or seat.id in {party.seat for party in call.legs.values()}
    )

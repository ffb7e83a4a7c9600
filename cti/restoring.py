"""Kept places and attempts at a call-back, found when Asterisk is looked at again.

Part of the switch's rules, for ``resync``. What Asterisk's database has is owed, and what it has
not is not; an attempt whose seat's leg stands goes on, whoever ordered it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from cti import keeping, legs, meeting, moveresume
from cti.call import Call, CallState
from cti.effects import ForgetKept, WriteCall
from cti.events import SnapshotTaken
from cti.ids import CallId, ChannelId
from cti.picture import OFFER_SEEN_WITHIN, Picture
from cti.seen import KeptPlace, SeenChannel
from queues.seatlife import SeatInput


def resume(
    picture: Picture,
    channels: Sequence[SeenChannel],
    place: KeptPlace | None,
    at: datetime,
    *,
    has_gap: bool,
) -> bool:
    """Go on with the attempt to which a call's channels belong; false when they are none's.

    ``place`` is gone once the citizen has answered.
    """
    leg = next((seen for seen in channels if seen.seat is not None and seen.attempt), None)
    if leg is None or leg.seat is None:
        return False
    call = picture.calls.get(leg.call) or _found(picture, place or leg, at)
    call.is_partial = call.is_partial or has_gap
    citizen = moveresume.citizen(channels)
    call.channel = citizen.channel if citizen is not None else ChannelId("")
    picture.acd.leave(call.id)
    if place is not None:
        keeping.promise(picture, call, place).is_dialled = place.attempts >= leg.attempt
        keeping.off_the_line(picture, call)
    if call.offer != leg.offer:  # a brain before us ordered it, and its desks are gone
        picture.end_offer(call, at, SeatInput.WITHDRAWN)
        call.recall_offers(leg.offer)
        call.state, call.offer, call.offer_seat = CallState.KEPT, leg.offer, leg.seat
        call.is_offer_seen = False
        if leg.seat in picture.seats:
            seat = picture.seats[leg.seat]
            picture.pop(call, seat, leg.offer, at, attempt=leg.attempt)
            picture.move_seat(seat, SeatInput.OFFER, at, call=call.id)
    keeping.rings(picture, call, at)
    if citizen is not None:
        moveresume.recall(picture, call, citizen, channels, at, has_gap=has_gap)
    legs.seen(picture, call, channels, at)
    if citizen is not None:
        moveresume.go_on_called(picture, call, citizen, channels, at, has_gap=has_gap)
    return True


def reached(picture: Picture, call: Call, citizen: SeenChannel) -> None:
    """Asterisk owes the call nothing more: the citizen answered out of sight, and is on the line.

    No seat's leg stands any more, so that leg is the caller's now, wherever it waits or listens.
    """
    if call.promise is not None and call.promise.is_off_line:
        call.channel = citizen.channel
        keeping.talks(picture, call)


def owed(picture: Picture, snapshot: SnapshotTaken) -> dict[CallId, KeptPlace]:
    """The places that are owed. Of one that was over before, the order to forget it was lost."""
    over = {place.call for place in snapshot.kept} & set(picture.forgotten)
    picture.out += [ForgetKept(call=call) for call in sorted(over)]
    return {place.call: place for place in snapshot.kept if place.call not in over}


def restore(
    picture: Picture,
    snapshot: SnapshotTaken,
    places: Mapping[CallId, KeptPlace],
    *,
    has_gap: bool,
) -> None:
    """Owe the places that are owed; after all calls on the line were put in place."""
    contexts = {seen.channel: seen.context for seen in snapshot.channels}
    ringing = {seen.call for seen in snapshot.channels if seen.seat is not None and seen.attempt}
    for place in places.values():
        is_over = place.call in picture.forgotten  # its holder was just seen to talk
        if place.call not in ringing and not is_over:
            _restore(picture, place, contexts, snapshot.at, has_gap=has_gap)
    for kept in [call for call in picture.calls.values() if call.promise is not None]:
        if kept.promise is not None and kept.promise.is_off_line:
            meeting.meet_all(picture, kept, snapshot.at)


def _restore(
    picture: Picture,
    place: KeptPlace,
    contexts: dict[ChannelId, str],
    at: datetime,
    *,
    has_gap: bool,
) -> None:
    call = picture.calls.get(place.call) or _found(picture, place, at)
    call.is_partial = call.is_partial or has_gap
    if call.talk_partner is not None:
        picture.out.append(ForgetKept(call=call.id))
        return
    is_news = call.kept_at is None
    keeping.promise(picture, call, place)
    if is_news:
        picture.out.append(WriteCall(record=call.record()))
    if call.channel in contexts:  # it has pressed 1, and is still on the line
        if contexts[call.channel] == "keep":
            call.state = CallState.KEPT
        return
    call.legs.clear()
    call.bridges.clear()
    if not _is_order_under_way(call, at):
        picture.end_offer(call, at, SeatInput.WITHDRAWN)
        keeping.off_the_line(picture, call)
        keeping.line_up(picture, call, at)
    else:
        keeping.off_the_line(picture, call)


def _is_order_under_way(call: Call, at: datetime) -> bool:
    """A seat was ordered to ring just now, and Asterisk shows no leg of it yet."""
    is_fresh = call.ordered_at is not None and at - call.ordered_at < OFFER_SEEN_WITHIN
    return (
        call.state is CallState.KEPT
        and call.offer is not None
        and (is_fresh and not call.is_offer_seen)
    )


def _found(picture: Picture, known: KeptPlace | SeenChannel, at: datetime) -> Call:
    call = Call(
        id=known.call,
        channel=ChannelId(""),
        centre=known.centre,
        line=known.line,
        dnis=known.dnis,
        ani=known.ani,
        arrived_at=known.arrived_at or at,
        since=known.since or at,
        revision=known.revision,
        state=CallState.KEPT,
        is_partial=True,  # it came out of sight
    )
    # Offers of a brain before us were counted from there too, and fewer than one a second.
    call.offers_made = int((at - call.arrived_at).total_seconds())
    picture.calls[call.id] = call
    picture.out.append(WriteCall(record=call.record()))
    return call

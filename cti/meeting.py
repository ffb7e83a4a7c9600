"""The same caller calls in while its place is kept: it gets that place. Part of the switch's rules.

The same caller is the same number at the same centre. From its first sentence on nobody calls it
back; when it waits, or talks, its earlier request is over.
"""

from datetime import datetime

from cti.call import Call, CallState
from cti.effects import HandPlace, HangUp
from cti.keeping import line_up, over
from cti.picture import Picture
from queues.seatlife import SeatInput


def meet(picture: Picture, call: Call) -> None:
    """A caller came: whose place is kept is not called back while it is on the line.

    Of two places of one number, as of a company's exchange, it is the earlier; the other stays.
    """
    if call.meets is not None:
        return
    same = (picture.calls.get(one) for one in picture.promised.get(call.party_line, ()))
    owed = [one for one in same if one is not None and one.promise is not None]
    earlier = min(owed, key=lambda one: one.since or one.arrived_at, default=None)
    if earlier is None or earlier.promise is None:
        return
    earlier.promise.met_by.add(call.id)
    call.meets = earlier.id
    picture.acd.leave(earlier.id)


def meet_all(picture: Picture, kept: Call, at: datetime) -> None:
    """A place is kept: who called in again while the caller was still hearing goodbye meets it."""
    for call in list(picture.calls.values()):
        is_same = call.ani == kept.ani and call.centre == kept.centre and call.id != kept.id
        may_meet = is_same and call.promise is None and not call.has_met
        if may_meet and kept.kept_at and call.arrived_at >= kept.kept_at:
            meet(picture, call)
            if call.state is CallState.WAITING:
                take_place(picture, call, at)
                return
            if call.talks:  # by Asterisk's own queue while no brain lived, or during the goodbye
                talks(picture, call, at)
                return


def talks(picture: Picture, call: Call, at: datetime) -> None:
    """The caller talks: that is what the earlier place was kept for."""
    earlier = _met(picture, call)
    if earlier is not None:
        _hand_on(picture, earlier, call, at)


def take_place(picture: Picture, call: Call, at: datetime) -> None:
    """The caller waits now: with the place it kept before, and that request is over."""
    earlier = _met(picture, call)
    if earlier is None:
        return
    if call.since is not None and earlier.since is not None and earlier.since < call.since:
        call.queued_at, call.since = call.since, earlier.since
        picture.out.append(HandPlace(call=call.id, channel=call.channel, since=call.since))
        if call.state is CallState.WAITING:
            picture.stand(call, at, not_before=None)
    _hand_on(picture, earlier, call, at)


def alone(picture: Picture, call: Call, at: datetime) -> None:
    """Who called in again has gone without waiting or talking: the place is kept as it was."""
    if call.promise is None:
        return
    call.promise.met_by &= picture.calls.keys()
    if call.state is CallState.KEPT and call.offer is None:
        line_up(picture, call, at)


def _met(picture: Picture, call: Call) -> Call | None:
    """The request of the same caller that is still open; nobody meets it a second time."""
    earlier = picture.calls.get(call.meets) if call.meets is not None else None
    call.meets = None
    return earlier if earlier is not None and earlier.promise is not None else None


def _hand_on(picture: Picture, earlier: Call, to: Call, at: datetime) -> None:
    """End the kept request. It was over when its holder called in again, before any task of it."""
    to.has_met = True
    picture.journal(earlier, at, "place-handed-on", to=to.id)
    for channel, party in earlier.legs.items():
        if earlier.offer is not None and party.seat == earlier.offer_seat:
            picture.out.append(HangUp(call=earlier.id, channel=channel))
    picture.end_offer(earlier, at, SeatInput.WITHDRAWN)
    over(picture, earlier, to.arrived_at)

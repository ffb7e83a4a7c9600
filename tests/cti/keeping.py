"""What a caller does who keeps its place, and what Asterisk tells of the call-back."""

from dataclasses import replace

from cti.effects import WriteCall, WriteJournal
from cti.events import LegBridged, LegStarted, OfferEnded
from cti.happened import OfferOutcome
from cti.ids import CallId, ChannelId, OfferId, SeatId
from cti.outevents import CallbackEnded, CallbackStarted, PlaceKept
from cti.plan import SwitchPlan
from cti.seen import KeptPlace, SeenChannel
from records.callrecord import CallRecord
from tests.cti.playbook import (
    ANI,
    CALL,
    CENTRE,
    CHANNEL,
    DNIS,
    LINE,
    PLAN,
    SEAT,
    Playbook,
    after,
    hung_up,
    leg,
)

KEEPING = replace(
    PLAN,
    times={CENTRE: replace(PLAN.times[CENTRE], keeps_places=True)},
)
"""A centre whose callers may be called back: twice at most, five minutes apart."""
CITIZEN = ChannelId("PJSIP/out-chifeng-000000c1")
"""The leg on which the citizen is called back."""
AGAIN, AGAIN_CHANNEL = CallId("node1-1795310190.7"), ChannelId("PJSIP/trunk-00000007")
"""The same caller's next call."""
ANOTHER, ANOTHER_CHANNEL = CallId("node1-1795310120.6"), ChannelId("PJSIP/trunk-00000006")
"""Somebody else's call."""


def place(
    call: CallId = CALL, *, since: float = 0, kept: float = 40, attempts: int = 0
) -> KeptPlace:
    return KeptPlace(
        call=call,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        ani=ANI,
        since=after(since),
        arrived_at=after(since),
        kept_at=after(kept),
        attempts=attempts,
        tried_at=after(kept + 60) if attempts else None,
    )


def pressed(at: float = 40, call: CallId = CALL) -> PlaceKept:
    return PlaceKept(at=after(at), call=call, kept=place(call, kept=at))


def offer(number: int = 1, call: CallId = CALL) -> OfferId:
    return OfferId(f"{call}/{number}")


def rings(at: float, seat: SeatId = SEAT, call: CallId = CALL) -> LegStarted:
    return LegStarted(at=after(at), call=call, channel=leg(seat), seat=seat)


def missed(at: float, number: int = 1, outcome: OfferOutcome = OfferOutcome.MISSED) -> OfferEnded:
    return OfferEnded(at=after(at), call=CALL, offer=offer(number), seat=SEAT, outcome=outcome)


def dials(at: float, number: int = 1, attempt: int = 1) -> CallbackStarted:
    return CallbackStarted(at=after(at), call=CALL, offer=offer(number), seat=SEAT, attempt=attempt)


def dialled(at: float, channel: ChannelId = CITIZEN) -> LegStarted:
    return LegStarted(at=after(at), call=CALL, channel=channel, seat=None)


def came_to(outcome: OfferOutcome, at: float, number: int = 1) -> CallbackEnded:
    return CallbackEnded(at=after(at), call=CALL, offer=offer(number), seat=SEAT, outcome=outcome)


def bridged(channel: ChannelId, at: float, seat: SeatId | None = None) -> LegBridged:
    return LegBridged(at=after(at), call=CALL, channel=channel, seat=seat, bridge="b7")


def keeping(plan: SwitchPlan = KEEPING) -> Playbook:
    """A caller who waited forty seconds, pressed 1 and hung up; nobody is signed in."""
    return Playbook(plan).call_in() >> pressed() >> hung_up(CHANNEL, 43)


def rung(plan: SwitchPlan = KEEPING) -> Playbook:
    """The same; a seat signs in at a hundred seconds, and its phone rings."""
    return keeping(plan).sign_in(at=after(100)) >> rings(100.1)


def answered(at: float = 110, plan: SwitchPlan = KEEPING) -> Playbook:
    """The same; the seat answers, the citizen is dialled and answers too."""
    return (
        rung(plan)
        >> dials(102)
        >> dialled(102.1)
        >> bridged(leg(SEAT), at, SEAT)
        >> bridged(CITIZEN, at)
    )


def in_vain(p: Playbook, at: float, number: int = 1, attempt: int = 1) -> Playbook:
    """The seat answers, the citizen does not."""
    return (
        p
        >> dials(at, number, attempt)
        >> dialled(at + 0.1)
        >> hung_up(CITIZEN, at + 30, cause=19)
        >> came_to(OfferOutcome.MISSED, at + 30, number)
        >> hung_up(leg(SEAT), at + 30.1, SEAT)
    )


def record_of(p: Playbook, call: CallId = CALL) -> CallRecord:
    return [e.record for e in p.all if isinstance(e, WriteCall) and e.record.call == call][-1]


def journal(p: Playbook, call: CallId = CALL) -> list[str]:
    return [e.what for e in p.all if isinstance(e, WriteJournal) and e.call == call]


def seen_attempt(number: int = 1, attempt: int = 1, *, bridge: str = "") -> SeenChannel:
    """A seat's leg that rings, or talks, for a call-back."""
    return SeenChannel(
        channel=leg(SEAT),
        call=CALL,
        seat=SEAT,
        context="callback",
        bridge=bridge,
        ani=ANI,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        offer=offer(number),
        arrived_at=after(0),
        since=after(0),
        revision=12,
        attempt=attempt,
    )


def seen_citizen(*, bridge: str = "") -> SeenChannel:
    return SeenChannel(channel=CITIZEN, call=CALL, seat=None, context="", bridge=bridge)


def seen_caller(context: str, call: CallId = CALL, channel: ChannelId | None = None) -> SeenChannel:
    """A caller on the line."""
    return SeenChannel(
        channel=channel or CHANNEL,
        call=call,
        seat=None,
        context=context,
        bridge="",
        ani=ANI,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        arrived_at=after(0),
        since=after(0),
    )

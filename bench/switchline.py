"""A call as a simulated Asterisk has it, and what that tells of it."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from bench.acdworld import CENTRE, Impossible, Outcome, Played, Seconds, Way, instant
from bench.switchplan import ani_of, line_of
from cti.events import CallArrived, CallWaiting, LegHungUp, OfferEnded
from cti.happened import OfferOutcome
from cti.ids import CallId, ChannelId, OfferId, SeatId
from cti.outevents import CallbackEnded, CallbackStarted, PlaceKept
from cti.seen import KeptPlace
from records.callrecord import CallRecord

DNIS = "12345"


@dataclass(slots=True)
class Day(Played):
    """The whole run, and what the switch wrote of it."""

    records: dict[CallId, CallRecord] = field(default_factory=dict)
    drafts: Counter[CallId] = field(default_factory=Counter)


@dataclass(slots=True)
class OnLine:
    """A call in the simulated Asterisk."""

    call: CallId
    outcome: Outcome
    number: int
    where: str = "arrive"
    """arrive, wait, connect, talk, keep; kept: off the line; back: being called back; gone."""
    seat: SeatId | None = None
    offer: OfferId = OfferId("")
    is_rung: bool = False
    """Whether the seat's phone rings already for the offer."""
    attempt: int = 0
    tried_at: Seconds = 0.0
    meets: CallId | None = None
    """The call whose kept place this one takes over."""

    @property
    def channel(self) -> ChannelId:
        """The caller's own leg."""
        return ChannelId(f"PJSIP/trunk-{self.number:08x}")

    @property
    def citizen(self) -> ChannelId:
        """The leg on which it is called back."""
        return ChannelId(f"PJSIP/out-{self.number:08x}-{self.attempt}")

    def leaves(self, way: Way, wait: Seconds) -> None:
        """The call is over that way. Raises ``Impossible`` when it was over before."""
        if self.outcome.left is not None:
            raise Impossible(f"{self.outcome} leaves again")
        self.outcome.left, self.outcome.wait = way, wait

    @property
    def kept_wait(self) -> Seconds:
        """How long the caller was on the line before its place was kept."""
        assert self.outcome.kept_at is not None, "its place is kept"
        return self.outcome.kept_at - self.outcome.came

    @property
    def whose(self) -> SeatId:
        """The seat that rings or talks."""
        assert self.seat is not None, "a seat rings or talks"
        return self.seat

    def arrived(self, at: datetime) -> CallArrived:
        """The caller hears its line's sentence."""
        return CallArrived(
            at=at,
            call=self.call,
            channel=self.channel,
            centre=CENTRE,
            line=line_of(self.outcome.caller),
            dnis=DNIS,
            ani=ani_of(self.number),
        )

    def waiting(self, at: datetime, since: Seconds) -> CallWaiting:
        """The caller stands in the wait."""
        return CallWaiting(
            at=at,
            call=self.call,
            channel=self.channel,
            centre=CENTRE,
            line=line_of(self.outcome.caller),
            dnis=DNIS,
            ani=ani_of(self.number),
            since=instant(since),
        )

    def kept(self, at: datetime) -> PlaceKept:
        """The caller has pressed 1."""
        place = KeptPlace(
            call=self.call,
            centre=CENTRE,
            line=line_of(self.outcome.caller),
            dnis=DNIS,
            ani=ani_of(self.number),
            since=instant(self.outcome.since),
            arrived_at=instant(self.outcome.came),
            kept_at=at,
        )
        return PlaceKept(at=at, call=self.call, kept=place)

    def offer_ended(self, at: datetime, outcome: OfferOutcome) -> OfferEnded:
        """``Dial`` of the seat has returned."""
        return OfferEnded(at=at, call=self.call, offer=self.offer, seat=self.whose, outcome=outcome)

    def attempt_started(self, at: datetime) -> CallbackStarted:
        """The seat has answered, and the citizen is dialled."""
        return CallbackStarted(
            at=at, call=self.call, offer=self.offer, seat=self.whose, attempt=self.attempt
        )

    def attempt_ended(self, at: datetime, outcome: OfferOutcome) -> CallbackEnded:
        """``Dial`` of the citizen has returned."""
        return CallbackEnded(
            at=at, call=self.call, offer=self.offer, seat=self.whose, outcome=outcome
        )

    def seat_gone(self, at: datetime, seat: SeatId) -> LegHungUp:
        """The leg of a seat has ended; another may be ringing already."""
        return LegHungUp(at=at, call=self.call, channel=leg(seat), seat=seat, cause=16)

    def gone(self, at: datetime, channel: ChannelId) -> LegHungUp:
        """A leg that is no seat's has ended."""
        return LegHungUp(at=at, call=self.call, channel=channel, seat=None, cause=16)


def leg(seat: SeatId) -> ChannelId:
    """The channel of that seat's phone."""
    return ChannelId(f"PJSIP/{seat}-00000001")

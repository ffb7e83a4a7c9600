"""One call as the switch sees it, from arrival to the end of its last leg."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from cti.events import OfferOutcome
from cti.ids import AgentId, CallId, CentreId, ChannelId, LineId, OfferId, SeatId
from records.callrecord import CallRecord, Disposition, Offered, Source, Talk


class CallState(Enum):
    """Where the caller is."""

    ARRIVED = "arrived"
    WAITING = "waiting"
    OFFERED = "offered"
    """Ordered to a seat; the offer exists once its ``OfferStarted`` came."""
    TALKING = "talking"
    FALLEN_BACK = "fallen-back"
    """In Asterisk's own queue, because the brain was away."""
    LEAVING = "leaving"
    """Between a talk and either the end or the wait again."""


@dataclass(slots=True, kw_only=True)
class Call:
    """A live call. Only ``Switch`` holds and changes these."""

    id: CallId
    channel: ChannelId
    centre: CentreId
    line: LineId
    dnis: str
    ani: str
    arrived_at: datetime
    state: CallState = CallState.ARRIVED
    since: datetime | None = None
    has_fallen_back: bool = False
    offer: OfferId | None = None
    offer_seat: SeatId | None = None
    is_offer_seen: bool = False
    ordered_at: datetime | None = None
    """When the last offer was ordered."""
    offers_made: int = 0
    legs: dict[ChannelId, SeatId | None] = field(default_factory=dict)
    bridges: dict[ChannelId, str] = field(default_factory=dict)
    offers: list[Offered] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    pause: timedelta = timedelta(0)
    """How long the next waiting is not offered: two calls met at one seat."""
    is_partial: bool = False
    """Part of it went unseen, so the replay of CEL writes its row in the end."""
    left_at: datetime | None = None
    cause: int = 0

    def next_offer(self) -> OfferId:
        """Name the next offer: the call's id and a count, so it is never used twice."""
        self.offers_made += 1
        return OfferId(f"{self.id}/{self.offers_made}")

    def recall_offers(self, offer: OfferId) -> None:
        """Go on counting after the offer found on the caller's channel, made by a brain before."""
        count = offer.rpartition("/")[2]
        if count.isdecimal():
            self.offers_made = max(self.offers_made, int(count))

    @property
    def talking_seat(self) -> SeatId | None:
        """The seat that hears the caller now."""
        mine = self.bridges.get(self.channel)
        if mine is None:
            return None
        for channel, bridge in self.bridges.items():
            seat = self.legs.get(channel)
            if bridge == mine and seat is not None:
                return seat
        return None

    @property
    def has_seat_leg(self) -> bool:
        """Whether any seat's phone rings or talks for this call."""
        return any(seat is not None for seat in self.legs.values())

    def begin_talk(self, seat: SeatId, agent: AgentId, at: datetime) -> None:
        """Note that the seat and the caller hear each other."""
        self.talks.append(Talk(seat=seat, agent=agent, since=at, until=None))

    def end_talk(self, at: datetime) -> Talk | None:
        """Close the open talk, if there is one, and return it closed."""
        if not self.talks or self.talks[-1].until is not None:
            return None
        last = self.talks[-1]
        self.talks[-1] = Talk(seat=last.seat, agent=last.agent, since=last.since, until=at)
        return self.talks[-1]

    def end_offers(self) -> None:
        """Say how the last ringing ended, when the call is over and nobody has said so.

        Whoever hangs up in mid-ring or mid-talk leaves the dialplan before it can tell.
        """
        if not self.offers or self.offers[-1].outcome != "live":
            return
        last = self.offers[-1]
        is_answered = any(t.seat == last.seat and t.since >= last.at for t in self.talks)
        outcome = OfferOutcome.ANSWERED if is_answered else OfferOutcome.CALLER_LEFT
        self.offers[-1] = replace(last, outcome=outcome.value)

    def record(self) -> CallRecord:
        """Return the call's row as it stands; ended once ``left_at`` is set."""
        return CallRecord(
            call=self.id,
            centre=self.centre,
            line=self.line,
            dnis=self.dnis,
            ani=self.ani,
            arrived_at=self.arrived_at,
            waited_since=self.since,
            ended_at=self.left_at,
            disposition=self._disposition(),
            cause=self.cause,
            has_fallen_back=self.has_fallen_back,
            offers=tuple(self.offers),
            talks=tuple(self.talks),
            source=Source.GLIMPSED if self.is_partial else Source.LIVE,
        )

    def _disposition(self) -> Disposition:
        if self.left_at is None:
            return Disposition.LIVE
        if self.talks:
            return Disposition.ANSWERED
        return Disposition.CUT if self.cause in NETWORK_FAILED else Disposition.ABANDONED


NETWORK_FAILED = frozenset({27, 34, 38, 41, 42, 44, 47})
"""Q.850 causes that say the network, not the caller, ended it."""

"""Whom a played day has: seats, callers as they truly are, and the plan they meet."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from cti.happened import OfferOutcome, Phone
from cti.ids import AgentId, CallId, CentreId, ChannelId, LineId, OfferId, SeatId
from cti.plan import CentreTimes, PlannedSeat, SwitchPlan
from cti.seen import KeptPlace, SeenChannel
from queues.seat import SeatView
from records.callrecord import CallRecord, Disposition, Offered, Source, Talk

CENTRE, LINE = CentreId("chifeng"), LineId("12345")
SEATS = 8
ANSWERED, MISSED = OfferOutcome.ANSWERED, OfferOutcome.MISSED
PLAN = SwitchPlan(
    seats={
        SeatId(f"chifeng-{1001 + n}"): PlannedSeat(
            centre=CENTRE, extension=str(1001 + n), skills=frozenset({"通用"})
        )
        for n in range(SEATS)
    },
    skill_of={},
    times={CENTRE: CentreTimes(keeps_places=True, callback_pause=timedelta(minutes=1))},
)


@dataclass(eq=False)
class Seat:
    """A place with a phone."""

    id: SeatId
    agent: AgentId
    phone: Phone = Phone.FREE
    member: tuple[bool, str] | None = None
    """Whether the fall-back queue has it paused, and why; None: not a member."""
    view: SeatView | None = None
    """What the mirror has of it."""


@dataclass(eq=False)
class Caller:
    """One call, as it truly is."""

    id: CallId
    ani: str
    arrived: datetime
    channel: ChannelId
    context: str = "arrive"
    since: datetime | None = None
    offer: OfferId = OfferId("")
    seat: Seat | None = None
    attempt: int = 0
    bridge: str = ""
    place: KeptPlace | None = None
    kept_at: datetime | None = None
    offers: list[Offered] = field(default_factory=list)
    talks: list[Talk] = field(default_factory=list)
    ended: datetime | None = None
    lost: int = 0
    """How often a seat vanished in mid-talk."""
    has_fallen_back: bool = False

    @property
    def leg(self) -> ChannelId:
        """The seat's channel."""
        assert self.seat is not None
        return ChannelId(f"PJSIP/{self.seat.id}-{self.id[-8:]}")

    def record(self) -> CallRecord:
        """What Asterisk's log knows of it."""
        return CallRecord(
            call=self.id,
            centre=CENTRE,
            line=LINE,
            dnis="12345",
            ani=self.ani,
            arrived_at=self.arrived,
            waited_since=self.since,
            ended_at=self.ended,
            disposition=Disposition.ANSWERED if self.talks else Disposition.ABANDONED,
            cause=16,
            has_fallen_back=self.has_fallen_back,
            offers=tuple(self.offers),
            talks=tuple(self.talks),
            source=Source.LOG,
            kept_at=self.kept_at,
        )

    def seen(self) -> list[SeenChannel]:
        """The call's channels."""
        if self.ended is not None:
            return []
        about = SeenChannel(
            channel=self.channel,
            call=self.id,
            seat=None,
            context="connect" if self.context == "talk" else self.context,
            bridge=self.bridge,
            ani=self.ani,
            centre=CENTRE,
            line=LINE,
            dnis="12345",
            offer=self.offer,
            arrived_at=self.arrived,
            since=self.since,
            queue_position=1 if self.context == "fallback" and self.seat is None else 0,
        )
        found = [about] if not self.attempt and self.context != "kept" else []
        if self.seat is None:
            return found
        if not self.attempt:
            leg = SeenChannel(
                channel=self.leg,
                call=self.id,
                seat=self.seat.id,
                context="",
                bridge=self.bridge,
            )
            return [*found, leg]
        ours = replace(
            about,
            channel=self.leg,
            seat=self.seat.id,
            context="callback",
            attempt=self.attempt,
        )
        if self.bridge:
            found.append(replace(about, context="", centre=CentreId(""), offer=OfferId("")))
        return [ours, *found]

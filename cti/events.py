"""What happened. Facts are past, frozen, and complete: whoever reads one asks nobody else.

Every event carries ``at``, an aware datetime read at the edge that saw it. AMI messages become
events in ``wire.read``; the desk and the driver make the rest. ``Switch.feed`` takes them all.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cti.happened import CallEvent, Happened, OfferOutcome, Phone, Refusal, SeatEvent
from cti.ids import (
    AgentId,
    CallId,
    CentreId,
    ChannelId,
    LegId,
    LineId,
    OfferId,
    PeerId,
    SeatId,
)
from cti.moveevents import MoveEvent
from cti.outevents import OutEvent
from cti.seen import KeptPlace, SeenChannel, SeenMember
from queues.seat import Skills

# --- the caller's way through the dialplan ---------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CallArrived(CallEvent):
    """A caller reached ``[arrive]``; the dialplan waits 2 s at most for an ``AnswerAsk``."""

    channel: ChannelId
    centre: CentreId
    line: LineId
    dnis: str
    ani: str
    revision: int = 0
    """The applied city that routed the call; 0: not known."""
    line_state: str = ""
    """Where the line stands in its life, a ``LineState`` value; '' when the dialplan is silent."""
    prompt: str = ""
    """The id of the sentence the caller hears; '' when the dialplan is silent."""
    is_farewell: bool = False
    """The sentence ends the call: the number is given up, and the caller is told where to call."""
    is_handed_over: bool = False
    """An emergency line or another hotline handed the caller over, or it asks for an emergency
    line: never told to hang up, nor sent on to another exchange."""
    is_emergency: bool = False
    """Of these, an emergency line did, or it asks for one: it goes to the front of the queue."""
    is_blocked: bool = False
    """The caller is on the list of nuisance callers: told so politely, and the call ends."""
    path: tuple[CentreId, ...] = ()
    """The centres that it has been at, in order, as the exchange it came from told."""
    case: str = ""
    """Its number there, as that exchange told."""
    handed_because: str = ""
    """Why it was handed over, as that exchange told."""
    came_from: str = ""
    """That exchange's address; '' of a caller whom nobody handed over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWaiting(CallEvent):
    """The caller stands in ``[wait]`` and may be redirected from now on.

    Also after a missed offer, a lost seat, or an adoption: ``since`` is then the first waiting,
    so the place is kept.
    """

    channel: ChannelId
    centre: CentreId
    line: LineId
    dnis: str
    ani: str
    since: datetime
    is_handed_over: bool = False
    is_emergency: bool = False
    """These two as in ``CallArrived``."""
    offer: OfferId | None = None
    """By which it was brought to a seat last; None: by none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFellBack(CallEvent):
    """The caller is in Asterisk's own queue: no heartbeat was seen, or our ``FallBack`` sent it."""

    channel: ChannelId
    centre: CentreId
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferStarted(CallEvent):
    """``[connect]`` took the caller and is dialling the seat. Only now does the offer exist."""

    offer: OfferId
    seat: SeatId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferEnded(CallEvent):
    """``Dial`` of an offer returned: unanswered, or the talk is over."""

    offer: OfferId
    seat: SeatId
    outcome: OfferOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideStarted(CallEvent):
    """``[outside]`` took the caller and is dialling the line's own seats, at another exchange.

    The dialplan does this alone: nobody there is offered or moved by us.
    """

    peer: PeerId
    line: LineId


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideEnded(CallEvent):
    """The peer did not answer (``CallWaiting`` follows), or the talk with it is over.

    Without an ``OutsideStarted`` before it: the peer was known to be away and was not dialled.
    """

    peer: PeerId
    outcome: OfferOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSeatKnown(CallEvent):
    """The records say where the caller talked last about a demand that is still open."""

    seat: SeatId
    agent: AgentId
    """Who sat there; '' when nobody noted it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatLost(CallEvent):
    """The seat vanished in mid-talk (nobody hung up). The caller goes back to ``[wait]``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerRated(CallEvent):
    """The caller pressed a key after the talk: 5 (very satisfied) to 1."""

    mark: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftSubmitted(CallEvent):
    """Somebody handed the call's work order in: whoever wraps it up has finished.

    May come twice, during the talk, or long after the call; true whenever it comes.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class LegStarted(CallEvent):
    """A channel belonging to the call came to be."""

    channel: ChannelId
    seat: SeatId | None
    peer: PeerId | None = None
    leg: LegId = LegId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegBridged(CallEvent):
    """A leg hears whoever else is in that bridge."""

    channel: ChannelId
    seat: SeatId | None
    bridge: str
    peer: PeerId | None = None
    leg: LegId = LegId("")


@dataclass(frozen=True, slots=True, kw_only=True)
class LegUnbridged(CallEvent):
    """A leg left a bridge."""

    channel: ChannelId
    seat: SeatId | None
    bridge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LegHungUp(CallEvent):
    """A channel is gone. ``cause`` is a Q.850 number."""

    channel: ChannelId
    seat: SeatId | None
    cause: int


# --- seats and the people in them ------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneChanged(SeatEvent):
    """Asterisk's device state of the seat's phone changed."""

    phone: Phone


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSignedIn(SeatEvent):
    """A person took the seat. Signed in is not-ready until ``AgentReady``."""

    agent: AgentId


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentReady(SeatEvent):
    """The agent will take calls. Ends wrap-up and any not-ready reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentNotReady(SeatEvent):
    """The agent will take no calls; from a talk it holds from the end of the talk on."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSignedOut(SeatEvent):
    """The person left the seat. A talk goes on to its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reskilled(SeatEvent):
    """A supervisor says what the agent who sits there takes, until that agent leaves the seat."""

    agent: AgentId
    """Whoever sits there by now instead is not meant."""
    skills: Mapping[str, int] | None
    """How far behind the seat stands in each, as ``PlannedSeat.levels``; None: as planned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberUnknown(SeatEvent):
    """Whether the fall-back queue took an order about the seat is not known, or it refused."""

    why: Refusal


# --- the link, the clock, the orders ----------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockTicked(Happened):
    """Time passed. The driver feeds one at ``Switch.due()`` at the latest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockSet(Happened):
    """Somebody set the machine's clock; ``at`` is by the new one. A ``LinkLost`` goes before."""

    by: timedelta
    """How far; negative when it was set back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkLost(Happened):
    """Asterisk cannot be reached. No orders until ``SnapshotTaken``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRefused(CallEvent):
    """An order that moves or rings somebody was answered no, or not answered in time.

    ``offer`` is that of an ``OfferCall``, ``CallBack`` or ``DialOut``; None of an ``AdoptCaller``,
    ``SendOutside`` or ``FallBack``, and of what a move orders.
    """

    offer: OfferId | None
    why: Refusal
    order: str = ""
    """The name of the effect, if a move ordered it."""
    channel: ChannelId | None = None
    """Whose channel a ``SendTo`` meant; None: not told."""
    leg: LegId = LegId("")
    """Whom a ``RingRecipient`` was to ring; '': not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotTaken(Happened):
    """All that stands in Asterisk. Replaces the picture; ``meanwhile`` follows it."""

    channels: tuple[SeenChannel, ...] = field(default=())
    members: tuple[SeenMember, ...] = field(default=())
    wrapping_up: tuple[tuple[SeatId, datetime, CallId | None], ...] = field(default=())
    """From the mirror: seats in wrap-up, until when, and whose call they finish."""
    not_ready: tuple[tuple[SeatId, AgentId, str], ...] = field(default=())
    """From the mirror: who is signed in, and why not ready ('' if ready). Asterisk's own
    members win; this only adds those Asterisk forgot at its restart."""
    kept: tuple[KeptPlace, ...] = field(default=())
    """Every kept place in Asterisk's database: those are owed a call-back, and no others."""
    reskilled: tuple[tuple[SeatId, AgentId, Skills], ...] = field(default=())
    """From the mirror: whose skills a supervisor has set, and to what."""
    meanwhile: tuple["Event", ...] = field(default=())
    """What was told while the snapshot was being taken, in order. Part of it shows already."""


AgentEvent = AgentSignedIn | AgentReady | AgentNotReady | AgentSignedOut | Reskilled
"""What agents ask for. True whenever it comes, unlike what Asterisk shows."""

MachineEvent = ClockTicked | ClockSet | LinkLost | MemberUnknown | OrderRefused | SnapshotTaken
"""Of the clock, of the link, and of what Asterisk did not carry out."""

Event = (
    CallArrived
    | CallWaiting
    | CallFellBack
    | OfferStarted
    | OfferEnded
    | OutsideStarted
    | OutsideEnded
    | LastSeatKnown
    | SeatLost
    | CallerRated
    | DraftSubmitted
    | LegStarted
    | LegBridged
    | LegUnbridged
    | LegHungUp
    | PhoneChanged
    | AgentSignedIn
    | AgentReady
    | AgentNotReady
    | AgentSignedOut
    | Reskilled
    | MoveEvent
    | OutEvent
    | MachineEvent
)

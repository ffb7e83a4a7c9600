"""What happened to a call that is moved, or listened to. Ring 0; the union is ``cti.events``."""

from dataclasses import dataclass

from cti.happened import CallEvent, OfferOutcome, PhoneKey, SeatEvent
from cti.ids import AgentId, CallId, ChannelId, LegId, MoveId, SeatId
from transfer.step import Kind, Mode, What


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerHeld(CallEvent):
    """The caller is on hold (``[hold]``): music, and nobody to talk with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomEntered(CallEvent):
    """A party is about to be in the call's conference (``[room]``)."""

    channel: ChannelId
    seat: SeatId | None
    leg: LegId = LegId("")
    """Of a recipient; its answering is this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLost(CallEvent):
    """A party in the room or on hold vanished: nobody hung up. Its ``LegHungUp`` follows."""

    channel: ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayStarted(CallEvent):
    """``[away]`` has taken the caller and dials a recipient by itself."""

    leg: LegId


@dataclass(frozen=True, slots=True, kw_only=True)
class AwayEnded(CallEvent):
    """That dialling has ended: unanswered (the caller is on hold then), or the talk is over."""

    leg: LegId
    outcome: OfferOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientUnanswered(CallEvent):
    """A recipient that was rung into the room did not answer, or could not be rung."""

    leg: LegId
    outcome: OfferOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentMoves(SeatEvent):
    """An agent wants a call moved: the one its seat talks with; for an emergency any that waits.

    Not carried out when the call is not there, another move of it is under way, or the target is
    not known; the desk that asked is told.
    """

    agent: AgentId
    call: CallId
    move: MoveId
    kind: Kind
    target: str
    """A ``Target.id`` of the call's centre; '' with a ``number`` that was typed."""
    number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSteers(SeatEvent):
    """Whoever began a move, or has its caller, pressed one of its keys.

    Not heeded when that move is over, or another is under way by now. An emergency that still waits
    to begin knows CANCEL: it is not begun then.
    """

    agent: AgentId
    call: CallId
    move: MoveId
    key: What
    """One of ``KEYS``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorJoins(SeatEvent):
    """A supervisor, at an own seat, wants to hear a talk, or to be heard in it."""

    agent: AgentId
    call: CallId
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorTakes(SeatEvent):
    """A supervisor who hears a talk takes it over: the agent is let go, the caller stays."""

    agent: AgentId
    call: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorStarted(SeatEvent):
    """The supervisor's phone has answered, and hears the talk of that call."""

    call: CallId
    channel: ChannelId
    """The supervisor's."""
    mode: Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitorEnded(SeatEvent):
    """The supervisor's phone hears it no more, or did not answer."""

    call: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPresses(SeatEvent):
    """The page steers the telephone beside it. Nothing happens when that has no such call."""

    agent: AgentId
    call: CallId
    key: PhoneKey


MoveEvent = (
    AgentMoves
    | AgentPresses
    | AgentSteers
    | AwayEnded
    | AwayStarted
    | CallerHeld
    | MonitorEnded
    | MonitorStarted
    | PartyLost
    | RecipientUnanswered
    | RoomEntered
    | SupervisorJoins
    | SupervisorTakes
)

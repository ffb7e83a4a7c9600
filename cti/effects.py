"""What should be done. Wishes are imperative and frozen; the driver carries them out in order.

A failed order comes back as an ``OrderRefused`` event; a fact that cannot be written now waits
in the outbox. No effect is ever performed twice by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cti.happened import PhoneKey
from cti.ids import (
    AgentId,
    CallId,
    CentreId,
    ChannelId,
    LineId,
    MoveId,
    OfferId,
    PeerId,
    SeatId,
)
from cti.movewishes import (
    ArmCaller,
    Monitor,
    RingRecipient,
    SayNumber,
    SendAway,
    SendTo,
    SetAside,
    SetMove,
    ShowMove,
    ShowSupervised,
)
from queues.seat import SeatStretch, SeatView
from records.callrecord import CallRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAsk:
    """Answer the dialplan's one bounded question (``Setvar ANSWER`` on the channel)."""

    call: CallId
    channel: ChannelId
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PopScreen:
    """Show the caller card at the seat, before its phone rings."""

    seat: SeatId
    agent: AgentId
    call: CallId
    offer: OfferId
    centre: CentreId
    line: LineId
    dnis: str
    ani: str
    since: datetime
    at: datetime
    arrived_at: datetime
    line_state: str = ""
    """Where the line stood when the call arrived, a ``LineState`` value; '' if it is not known."""
    prompt: str = ""
    """The id of the sentence the caller heard; '' if it is not known."""
    known_as: str = ""
    """The name the list of known callers has for the number; '' for anybody else's."""
    known_kind: str = ""
    """What kind that list says it is: 企业, 人大代表 …"""
    duty: str = ""
    """For which duty of the day the call rings at this seat; '': for none."""
    attempt: int = 0
    """Which attempt at a call-back this is; 0: the caller is on the line."""
    kept_at: datetime | None = None
    """When the caller chose to be called back and hung up."""
    about: CallId | None = None
    """The missed call about which the seat calls the citizen; None: the citizen called."""
    move: MoveId | None = None
    """The move that rings the seat as its recipient; None: no move does."""
    answered_at: datetime | None = None
    """When the caller's first wait was answered; None: it still waits, or never did."""
    is_emergency: bool = False
    """An emergency line hands the caller over, or it asks for one."""
    path: tuple[CentreId, ...] = ()
    case: str = ""
    """These two as in ``CallArrived``."""
    to_dial: str = ""
    """A number that the caller has to dial itself, as nobody there could be reached: it was read
    out, or nobody has told the caller yet; '': none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawPop:
    """The card announced a call that will not come."""

    seat: SeatId
    call: CallId
    offer: OfferId


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCall:
    """Move the waiting caller to ``[connect]``, which dials the seat for ``ring``."""

    call: CallId
    channel: ChannelId
    seat: SeatId
    offer: OfferId
    ring: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class TellCaller:
    """Have a waiting caller hear these prompts between two laps of the music."""

    call: CallId
    channel: ChannelId
    prompts: tuple[str, ...]
    """Names of standing prompts, one or two."""
    keeps: bool = False
    """After them the caller is asked whether to be called back, and key 1 does it from then on
    (``KEEP=yes`` on its channel)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack:
    """Ring the seat for a kept place; once it answers, the dialplan dials the citizen.

    The seat's channel carries all of this and the call's id as its account code. The citizen is
    dialled only while Asterisk's database still has the place.
    """

    call: CallId
    seat: SeatId
    offer: OfferId
    centre: CentreId
    line: LineId
    dnis: str
    ani: str
    since: datetime
    arrived_at: datetime
    revision: int
    ring: timedelta
    """How long the seat rings."""
    attempt: int
    """Which attempt at the citizen this will be, from 1."""
    prefix: str
    """What the trunk of the call's centre wants before the number: the seat may be another's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ForgetKept:
    """The place is not owed any more: take it out of Asterisk's database. Harmless twice."""

    call: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLastSeat:
    """Look up who talked with the caller last about a demand that is still open.

    Comes back as ``LastSeatKnown`` when there is such a demand, and not at all when there is
    none, or the records do not answer in time: nobody waits for it.
    """

    call: CallId
    centre: CentreId
    ani: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandPlace:
    """The caller called in while its place was kept: let its channel remember that place."""

    call: CallId
    channel: ChannelId
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp:
    """End a leg of ours: a seat's that rings for a call-back nobody is owed any more, or one that
    a move lets go. A leg that rings may be named by its ``LegId`` instead.
    """

    call: CallId
    channel: ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class PressPhone:
    """Do at a seat's own telephone what its page asks for."""

    call: CallId
    channel: ChannelId
    key: PhoneKey
    rings: bool
    """It has not been answered yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialOut:
    """Ring the seat, under the call's own id; once it answers, ``[dial-out]`` dials the citizen."""

    call: CallId
    about: CallId
    seat: SeatId
    offer: OfferId
    centre: CentreId
    line: LineId
    ani: str
    """The citizen's number as it called."""
    number: str
    """The same in the form in which it is dialled."""
    arrived_at: datetime
    ring: timedelta
    """How long the seat rings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendOutside:
    """Put a waiting caller through to another exchange (``[outside]``), its place kept."""

    call: CallId
    channel: ChannelId
    peer: PeerId
    host: str
    port: int
    number: str
    ring: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class FallBack:
    """Put a waiting caller into Asterisk's own queue, though the brain lives: the last overflow."""

    call: CallId
    channel: ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class AdoptCaller:
    """Take a caller nobody is ringing for out of the fall-back queue, back to ``[wait]``."""

    call: CallId
    channel: ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMember:
    """Make Asterisk's fall-back queue know the seat as it is: the net under the ACD."""

    centre: CentreId
    seat: SeatId
    agent: AgentId
    is_paused: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveMember:
    """The seat is signed out: the fall-back queue must not ring it."""

    centre: CentreId
    seat: SeatId


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSeat:
    """Tell desks and the mirror how the seat stands now."""

    view: SeatView


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowBlocked:
    """Tell the centre's supervisors that a nuisance caller was refused."""

    call: CallId
    centre: CentreId
    line: LineId
    ani: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteCall:
    """Write the call's row, keyed by the call: opened when it arrives, again when it ends."""

    record: CallRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteJournal:
    """Append one line to the call's journal. ``what`` is the event's name, ``data`` plain."""

    call: CallId
    at: datetime
    what: str
    data: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteSeatTime:
    """Write one stretch of a seat's time, keyed by seat and beginning: open, and again closed."""

    stretch: SeatStretch


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseSeatTimes:
    """A brain begins: close what the one before it left open, as of when that was last seen."""

    centres: tuple[CentreId, ...]
    begun_before: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CompleteDraft:
    """The call is over: transcribe it and complete its one draft."""

    call: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayCel:
    """The call is over and part of it went unseen: rebuild it from Asterisk's own log."""

    call: CallId


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeSnapshot:
    """The picture may be wrong: read all of Asterisk again and feed ``SnapshotTaken``."""

    why: str


Effect = (
    AnswerAsk
    | PopScreen
    | WithdrawPop
    | OfferCall
    | TellCaller
    | CallBack
    | ForgetKept
    | HandPlace
    | HangUp
    | AskLastSeat
    | DialOut
    | PressPhone
    | SendOutside
    | FallBack
    | SetMove
    | ArmCaller
    | SetAside
    | SendTo
    | SendAway
    | RingRecipient
    | SayNumber
    | Monitor
    | ShowMove
    | ShowSupervised
    | AdoptCaller
    | SetMember
    | RemoveMember
    | ShowSeat
    | ShowBlocked
    | WriteCall
    | WriteJournal
    | WriteSeatTime
    | CompleteDraft
    | ReplayCel
    | TakeSnapshot
)
Fact = WriteCall | WriteJournal | WriteSeatTime | CloseSeatTimes | CompleteDraft
"""Effects that end in SQL: the driver hands them to the outbox and never waits for it."""

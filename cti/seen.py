"""What stands in Asterisk when somebody looks: channels, fall-back members, kept places. Ring 0."""

from dataclasses import dataclass
from datetime import datetime

from cti.happened import Phone
from cti.ids import AgentId, CallId, CentreId, ChannelId, LegId, LineId, OfferId, PeerId, SeatId
from transfer.step import Mode


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenChannel:
    """A channel standing in Asterisk when the snapshot was taken."""

    channel: ChannelId
    call: CallId
    seat: SeatId | None
    context: str
    bridge: str
    ani: str = ""
    centre: CentreId = CentreId("")
    line: LineId = LineId("")
    dnis: str = ""
    offer: OfferId = OfferId("")
    arrived_at: datetime | None = None
    since: datetime | None = None
    """When the caller began to wait, if ever."""
    queue_position: int = 0
    """Place in the fall-back queue, from 1; 0: not in it."""
    peer: PeerId | None = None
    """Whose exchange the leg was dialled to; a caller who comes from a peer has none."""
    revision: int = 0
    line_state: str = ""
    prompt: str = ""
    is_farewell: bool = False
    is_blocked: bool = False
    about: CallId | None = None
    """On a seat's channel: the missed call about which it calls a citizen; its ``centre``,
    ``line`` and ``ani`` are then the citizen's. None: it does not."""
    attempt: int = 0
    """On a seat's channel: the attempt at a call-back it was rung for; its ``centre``, ``ani``,
    ``since`` … are then the kept caller's. 0: it is none."""
    is_handed_over: bool = False
    is_emergency: bool = False
    """Of a caller: these two as in ``CallArrived``."""
    tried: PeerId | None = None
    """To whose exchange a caller was put through last."""
    leg: LegId = LegId("")
    """Of a recipient whom a move rang."""
    path: tuple[CentreId, ...] = ()
    case: str = ""
    handed_because: str = ""
    """Of a caller: these three as in ``CallArrived``."""
    away: LegId = LegId("")
    """Of a caller: whom its own dialplan dialled last, by order of a move."""
    goes: str = ""
    """Of a caller: where it goes by itself when its talk ends, as ``ArmCaller`` has it."""
    hears: Mode | None = None
    """Of a supervisor's phone that is in the call's talk, or rings for it: it is no leg of it."""
    move: str = ""
    """On the caller's channel: the move under way, as ``SetMove`` wrote it; '': none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMember:
    """A member of a fall-back queue when the snapshot was taken: who is signed in."""

    seat: SeatId
    agent: AgentId
    is_paused: bool
    reason: str
    phone: Phone


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlace:
    """A place in the queue whose holder hung up to be called back, as Asterisk's database has it.

    Written by the dialplan before the caller is off the line, so no death loses it. Times are
    whole seconds there.
    """

    call: CallId
    centre: CentreId
    line: LineId
    dnis: str
    ani: str
    since: datetime
    """When the caller began to wait: the place itself."""
    arrived_at: datetime
    kept_at: datetime
    """When the caller chose to be called back."""
    revision: int = 0
    attempts: int = 0
    """How often the caller was dialled. Counted before it rings, never twice."""
    tried_at: datetime | None = None
    """When it was dialled last."""

"""What should be done to move a call, or to let a supervisor hear it. Ring 0.

As every wish of ``cti.effects``, where the union is: carried out in order, never again by itself.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cti.ids import AgentId, CallId, CentreId, ChannelId, LegId, MoveId, PeerId, SeatId
from transfer.step import Kind, Mode, Phase, Step
from transfer.target import TargetKind


@dataclass(frozen=True, slots=True, kw_only=True)
class SetMove:
    """Write on the caller's channel what is under way, for a brain that comes back.

    ``state`` is '' when nothing is any more.
    """

    call: CallId
    channel: ChannelId
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArmCaller:
    """Say where the caller goes by itself when its talk ends: ``GO`` on its channel."""

    call: CallId
    channel: ChannelId
    to: str
    """``hold``, ``room``, or '' for the usual end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """Out of a plain talk: ``GO=to`` on the caller, then redirect the seat into the room.

    The caller's own ``Dial`` ends with that, and its dialplan takes it there. Refused, both talk
    on.
    """

    call: CallId
    channel: ChannelId
    """The caller's."""
    seat_channel: ChannelId
    to: str
    """``hold`` or ``room``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendTo:
    """Redirect a channel that stands in no plain talk."""

    call: CallId
    channel: ChannelId
    to: str
    """The caller's: ``room``, ``hold`` or ``wait``. Any other's: ``seat-room`` or ``hold``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendAway:
    """Have the caller's own dialplan dial a recipient (``[away]``), brain or none.

    Out of a plain talk by ``GO=away`` and the end of the seat's leg; else by a redirect.
    """

    call: CallId
    channel: ChannelId
    seat_channel: ChannelId | None
    """The initiator's in a plain talk; None: the caller is redirected."""
    leg: LegId
    centre: CentreId
    peer: PeerId | None
    seat: SeatId | None
    number: str
    ring: timedelta
    shown: str
    """The number that the recipient's telephone shows."""
    headers: tuple[tuple[str, str], ...] = ()
    """What the other exchange is told (``X-Hotline-…``): printable ASCII, nothing secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingRecipient:
    """Ring somebody under that leg's id; who answers is in the call's room at once."""

    call: CallId
    channel: ChannelId
    """The caller's."""
    leg: LegId
    centre: CentreId
    """Whose trunk is used when there is no ``peer``."""
    peer: PeerId | None
    seat: SeatId | None
    number: str
    """As it is dialled there, with whatever the trunk wants before it."""
    ring: timedelta
    shown: str
    """The number that the recipient's telephone shows."""
    headers: tuple[tuple[str, str], ...] = ()
    records: bool = False
    """Keep what is said in the room without the caller as a file of its own."""
    is_back: bool = False
    """An agent who was there before: it waits in the room for whoever comes, however long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayNumber:
    """Let a caller who holds or waits hear which number to dial."""

    call: CallId
    channel: ChannelId
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    """Ring the supervisor's own phone; once it answers it hears the seat's talk."""

    call: CallId
    caller: ChannelId
    """The caller's."""
    centre: CentreId
    seat: SeatId
    """The supervisor's."""
    channel: ChannelId
    """The agent's, which is listened to."""
    mode: Mode
    ring: timedelta
    has_tone: bool = False
    """Whether the talk is to hear a tone when somebody begins to listen."""
    own: ChannelId = ChannelId("")
    """The supervisor's channel, when it hears the talk already and only the mode changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSupervised:
    """Tell a supervisor's desks how it stands with the talk that it wants to hear."""

    call: CallId
    seat: SeatId
    """The supervisor's."""
    agent: AgentId
    """Who is told; '': not known."""
    mode: Mode
    """In which the phone hears, as it told last."""
    wanted: Mode
    """In which it is to hear."""
    phase: Phase
    at: datetime
    why: str = ""
    """Why what was wanted last did not come to be; '': it did, or is under way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowMove:
    """Tell the desks of a call how its move stands. ``step`` final: it is over."""

    call: CallId
    centre: CentreId
    move: MoveId
    seat: SeatId | None
    """The initiator's."""
    kind: Kind
    target: str
    name: str
    target_kind: TargetKind
    step: Step
    at: datetime
    why: str = ""
    """Of a move that came to nothing: an ``OfferOutcome`` value, or why it was not begun."""
    number: str = ""
    """What the caller must be told to dial; '': nothing."""
    was_answered: bool = False
    """Of one that ended: the recipient was there, and left."""

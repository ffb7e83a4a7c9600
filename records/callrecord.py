"""One row per call, whoever wrote it: the switch while it lived, or the replay of CEL afterwards.

Ring 0: data only. Both writers fill the same shape, so the store can merge them by call id.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from cti.ids import AgentId, CallId, CentreId, LegId, LineId, PeerId, SeatId

NORMAL_CLEARING = 16
"""Q.850 cause of a call that somebody hung up."""
SWITCH_STOPPED = 41
"""Q.850 cause of a call that Asterisk itself hung up when it was stopped: temporary failure."""


class Disposition(Enum):
    """How the call ended for the business. For the network see ``cause`` (Q.850)."""

    ANSWERED = "answered"
    """A person talked with the caller, however it ended."""
    ABANDONED = "abandoned"
    """The caller gave up before anybody answered."""
    TOLD = "told"
    """The number is given up and the line's sentence said so and ended the call, as it should."""
    BLOCKED = "blocked"
    """The caller is on the list of nuisance callers, was told so politely, and the call ended."""
    CUT = "cut"
    """The switch died or the network failed before anybody answered."""
    UNREACHED = "unreached"
    """We called out, and nobody answered there."""
    LIVE = "live"
    """Not ended yet."""

    @property
    def chinese(self) -> str:
        """The words people read."""
        return {
            Disposition.ANSWERED: "已接听",
            Disposition.ABANDONED: "来电人放弃",
            Disposition.TOLD: "已告知改拨",
            Disposition.BLOCKED: "骚扰来电，已谢绝",
            Disposition.UNREACHED: "呼出未接通",
            Disposition.CUT: "线路中断",
            Disposition.LIVE: "进行中",
        }[self]


class Direction(Enum):
    """Who called whom."""

    IN = "in"
    OUT = "out"
    """An agent called a citizen. Never in the figures of those who call us."""
    TOLD = "told"
    """Another house told us of it (``records.told``): it was no call of ours. In no figure."""


class Source(Enum):
    """Where a record's facts come from, the best first."""

    LIVE = "live"
    """The switch saw the whole call."""
    LOG = "log"
    """Replayed from Asterisk's event log (CEL)."""
    GLIMPSED = "glimpsed"
    """The switch saw a part of the call, or closed one that nobody saw end."""
    FILES = "files"
    """Nothing but the recording is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One ringing: of one seat, of the line's own seats at another exchange, or of a recipient.

    Of a call out: of the citizen's telephone.
    """

    seat: SeatId
    """'' when a peer or a citizen was dialled."""
    at: datetime
    outcome: str
    """An ``OfferOutcome`` value, or ``live``."""
    peer: PeerId = PeerId("")
    """Whose exchange was dialled; '' for a seat of ours."""
    leg: LegId = LegId("")
    """Of a recipient whom a move rang: no ringing of the queue, and in none of its figures."""
    target: str = ""
    """Whom the move was to reach, a ``Target.id``; '' if nobody knows, or a number was typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """A seat, a peer's or a recipient and the caller heard each other, ``since`` to ``until``.

    One for each other side, so several may go on at the same time.
    """

    seat: SeatId
    """'' when the caller talked with a peer's."""
    agent: AgentId
    since: datetime
    until: datetime | None
    peer: PeerId = PeerId("")
    """Whose exchange the other side was at; '' for a seat of ours."""
    leg: LegId = LegId("")
    """Of a recipient whom a move rang; its seat or peer is named, too, if it is one."""
    target: str = ""
    """As in ``Offered``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """Everything the hotline owes an answer about one call."""

    call: CallId
    centre: CentreId
    line: LineId
    dnis: str
    ani: str
    arrived_at: datetime
    waited_since: datetime | None = None
    ended_at: datetime | None = None
    disposition: Disposition = Disposition.LIVE
    cause: int = 0
    """Q.850 cause of the caller's leg; 0 while it lives."""
    has_fallen_back: bool = False
    """Asterisk's own queue served part of it, because the brain was away."""
    offers: tuple[Offered, ...] = field(default=())
    talks: tuple[Talk, ...] = field(default=())
    source: Source = Source.LIVE
    """Who knows this; of two records of a call the better source prevails."""
    revision: int = 0
    """The applied city that routed the call; 0: not known."""
    satisfaction: int | None = None
    """The caller's key after the talk, 5 (very satisfied) to 1; None: not said."""
    kept_at: datetime | None = None
    """When the caller chose to be called back and hung up, its place being kept."""
    direction: Direction = Direction.IN
    """Called out, ``ani`` is the citizen's number all the same, and ``dnis`` what it was shown."""
    about: CallId | None = None
    """The missed call that a call out answers."""

    @property
    def answered_at(self) -> datetime | None:
        """When a person first talked with the caller."""
        return self.talks[0].since if self.talks else None

    @property
    def rung(self) -> tuple[Offered, ...]:
        """The ringings of the queue, and of a citizen called out: all but those of moves."""
        return tuple(offer for offer in self.offers if not offer.leg)

    @property
    def last_talk(self) -> Talk | None:
        """The talk that ended last, or goes on; of two that did at once the one begun later."""
        return max(
            reversed(self.talks),
            key=lambda talk: (talk.until is None, talk.until or talk.since, talk.since),
            default=None,
        )

"""A call's move under way, and where everybody of a moved call stands. Part of the switch's rules.

Data only: what follows from what is in ``transfer.table``, and ``cti.movesteps`` does it.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from cti.ids import AgentId, CallId, CentreId, ChannelId, LegId, MoveId, SeatId
from cti.moveevents import AgentMoves
from cti.movewishes import SendAway, SetAside, ShowMove
from transfer.step import Kind, Step
from transfer.target import Route, Target


class Where(Enum):
    """Where the caller is, as far as moves need it."""

    ELSEWHERE = "elsewhere"
    """In a plain talk, in the queue, or wherever no move has put it."""
    HOLD = "hold"
    ROOM = "room"
    AWAY = "away"
    """Its own dialplan dials a recipient, or it talks with that one."""


@dataclass(slots=True, kw_only=True)
class Going:
    """A channel that was ordered somewhere and has not said that it is there."""

    to: str
    at: datetime
    """When it was ordered, or looked for last."""
    tries: int = 1
    is_refused: bool = False
    is_late: bool = False
    """It should have been there by now: the next look says where it stands."""


@dataclass(slots=True, kw_only=True)
class Stand:
    """Where everybody of a call stands, beside its legs and bridges."""

    caller: Where = Where.ELSEWHERE
    room: set[ChannelId] = field(default_factory=set)
    """Other channels that came into the call's room; some of them may be on hold since."""
    lost: set[ChannelId] = field(default_factory=set)
    """Channels that vanished: nobody hung up."""
    let_go: set[ChannelId] = field(default_factory=set)
    """Channels that we ordered to be hung up: they do not vanish, though nobody's name is on it."""
    going: dict[ChannelId, Going] = field(default_factory=dict)
    brought: set[ChannelId] = field(default_factory=set)
    """Seats on their way to the room though no move is under way: a supervisor joins them there."""
    leaver: "Leaver | None" = None
    """Who leaves the caller to somebody else, as soon as that one has come."""
    absent: "Absent | None" = None
    """The initiator of the move under way, while its page is away."""
    is_armed: bool = False
    """The caller goes where ``GO`` says when its talk ends."""
    away: LegId = LegId("")
    """Whom the caller's own dialplan dials or has put it through to."""
    kept: set[LegId] = field(default_factory=set)
    """Recipients who answered in time, and belong to the call."""
    recipients: dict[LegId, str] = field(default_factory=dict)
    """Every leg that moves rang, and for which target."""
    legs_made: int = 0
    made: set[MoveId] = field(default_factory=set)
    """Every move that was asked for: none is made twice."""
    asked: list["Waiting"] = field(default_factory=list)
    """Emergencies that wait until the move under way can make room for them, in their order."""
    unsaid: str = ""
    """A number that the caller must be told as soon as it waits."""
    to_dial: str = ""
    """The number that it was told last, or was to be, without an agent: the next one must know."""
    skill: str = ""
    """Whom it was moved to: wanted first while it waits."""
    skill_centre: CentreId | None = None
    """Whose seats those are; None: the call's own centre's."""
    skill_at: datetime | None = None
    """When it was moved there: from then on those seats alone will do for a while."""
    is_sent_back: bool = False
    """It comes back from a move: whoever had it is wanted first."""
    path: tuple[CentreId, ...] = ()
    """The hotlines it has been at before us."""
    case: str = ""
    """Its number where it comes from."""

    @property
    def waits(self) -> str:
        """The emergencies that wait, as they stand in ``MOVE`` beside the move under way."""
        events = (one.event for one in self.asked)
        return ";".join(
            "/".join((one.move, one.target, one.number, one.seat, one.agent)) for one in events
        )

    def shift_clock(self, by: timedelta) -> None:
        """Keep every deadline as far away as it was, now that the clock was set."""
        for going in self.going.values():
            going.at += by
        for waits in self.asked:
            waits.since += by
        if self.leaver is not None:
            self.leaver.until += by
        if self.absent is not None:
            self.absent.since += by
            self.absent.until += by


@dataclass(slots=True, kw_only=True)
class Absent:
    """An initiator whose page went away, and who is expected back."""

    seat: SeatId
    since: datetime
    """When its telephone may be believed to be there."""
    until: datetime
    leg: LegId = LegId("")
    """By which it is rung back; '': it is not, just now."""


@dataclass(slots=True)
class Waiting:
    """An emergency that was asked for, and cannot begin yet."""

    event: AgentMoves
    shown: ShowMove
    """How desks were told of it."""
    since: datetime
    """When it was asked for, or Asterisk went out of sight after that."""


@dataclass(slots=True, kw_only=True)
class Leaver:
    """Who is let go of, once another is in the room in its place."""

    channel: ChannelId
    comes: ChannelId
    """Who has to be in the room before that."""
    move: "Move"
    """What it has completed; taken back if nobody comes."""
    until: datetime
    """When that one must have come."""
    has_looked: bool = False
    """It had not, and Asterisk was looked at."""


@dataclass(slots=True, kw_only=True)
class Move:
    """One move, from the key to its end."""

    id: MoveId
    kind: Kind
    target: Target
    asker: SeatId
    """Whoever pressed the key, and may press the next."""
    agent: AgentId
    routes: tuple[Route, ...]
    """What is tried in turn."""
    step: Step
    begun_at: datetime
    step_before: Step | None = None
    number: str = ""
    """The number that was typed; '': it was a target of the profile."""
    initiator: SeatId | None = None
    channel: ChannelId | None = None
    """The initiator's; None: there is no initiator, or not any more."""
    route: int = -1
    """Which of the routes is tried."""
    tried: set[SeatId] = field(default_factory=set)
    """Seats of ours that did not answer."""
    leg: LegId = LegId("")
    """The recipient's, rung or answered; '': none is."""
    seat: SeatId | None = None
    """The recipient's, if it is one of ours."""
    was_joined: bool = False
    was_answered: bool = False
    """The recipient has spoken with somebody of the call."""
    """All three have talked together."""
    why: str = ""
    """How the last route ended."""
    tells: bool = False
    """The caller has to be told the number."""
    order_tries: int = 0
    until: datetime | None = None
    """When the step must have come to something."""
    overdue: int = 0
    """How often its deadline has passed in this step."""
    order: SetAside | SendAway | None = None
    """The order that begins, gathers or sends away, while nothing shows that it was done."""

    @property
    def tells_number(self) -> str:
        """What the caller dials itself when nobody can be reached."""
        return self.target.number or self.number

    @property
    def target_id(self) -> str:
        """The target's id; '' of a number that was typed, which stands in no record."""
        return "" if self.number else self.target.id

    def show(self, call: CallId, centre: CentreId, at: datetime, step: Step) -> ShowMove:
        """How desks are told of it."""
        return ShowMove(
            call=call,
            centre=centre,
            move=self.id,
            seat=self.initiator or self.asker,
            kind=self.kind,
            target=self.target.id,
            name=self.target.name,
            target_kind=self.target.kind,
            step=step,
            at=at,
            why=self.why,
            number=self.tells_number if self.tells else "",
            was_answered=self.was_answered,
        )

    def written(self, legs_made: int, waits: str = "") -> str:
        """What stands in ``MOVE`` on the caller's channel, for a brain that comes back.

        ``waits``: the emergencies that wait, as ``Stand.waits`` has them.
        """
        target = "" if self.number else self.target.id
        seat = self.initiator or ""
        kind = f"{self.kind.value}/{self.step.value}/{self.asker}/{self.agent}"
        return f"{self.id}|{kind}|{target}|{seat}|{legs_made}" + (f"|{waits}" if waits else "")


@dataclass(frozen=True, slots=True)
class Written:
    """What a brain before us wrote of a move."""

    legs_made: int
    id: MoveId = MoveId("")
    """'' when none was under way."""
    kind: Kind = Kind.CONSULT
    step: Step = Step.PASSING
    asker: SeatId = SeatId("")
    agent: AgentId = AgentId("")
    target: str = ""
    """'' of a number that was typed: nobody knows it any more."""
    initiator: SeatId | None = None
    waits: tuple["Waits", ...] = ()


@dataclass(frozen=True, slots=True)
class Waits:
    """What it wrote of an emergency that waits."""

    move: MoveId
    target: str
    number: str
    """One of the emergency lines; '': it was a target of the profile."""
    seat: SeatId
    agent: AgentId


def over(legs_made: int, waits: str = "") -> str:
    """What stands in ``MOVE`` when none is under way: what was rung, and what waits, if any."""
    told = f"|{waits}" if waits else ""
    return f"||||{legs_made}{told}" if legs_made or waits else ""


def read(state: str) -> Written:
    """Read what ``Move.written`` or ``over`` made; of anything else, that there was no move."""
    parts = state.split("|")
    if len(parts) not in (5, 6) or not parts[4].isdecimal():
        return Written(0)
    move, how, target, seat, made = parts[:5]
    waits = _read_waits(parts[5]) if len(parts) == 6 else ()
    words = how.split("/")
    kinds, steps = {k.value: k for k in Kind}, {s.value: s for s in Step}
    if not move or len(words) != 4 or words[0] not in kinds or words[1] not in steps:
        return Written(int(made), waits=waits)
    return Written(
        int(made),
        MoveId(move),
        kinds[words[0]],
        steps[words[1]],
        SeatId(words[2]),
        AgentId(words[3]),
        target,
        SeatId(seat) if seat else None,
        waits,
    )


def _read_waits(state: str) -> tuple[Waits, ...]:
    each = (one.split("/") for one in state.split(";"))
    return tuple(
        Waits(MoveId(move), target, number, SeatId(seat), AgentId(agent))
        for move, target, number, seat, agent in (one for one in each if len(one) == 5)
    )

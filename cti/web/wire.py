"""What the desk's socket says, message by message: the one description of it.

``desk/src/link/wire.ts`` and the fixtures beside it are made of this by
``python -m tests.cti.web.wirefiles``; a test fails when they drift, and when the hub says
anything that is not here. These are plain dictionaries: a message is made once for all desks.
"""

from typing import Annotated, Any, Literal

from typing_extensions import TypedDict  # typing's own tells pydantic too little before 3.12

from cti.web.at import At
from cti.web.figures import NowShown, OwedShown, SeatNowShown, TodayShown, WaiterShown
from cti.web.past import CardPast
from cti.web.valueof import ValueOf
from cti.web.wirecard import Card
from queues.seat import AgentState
from records.engine.protocol import Channel
from records.live.marks import MarkKind
from transfer.step import KEYS, Kind, Phase, Step, What
from transfer.step import Mode as Hearing
from transfer.target import TargetKind

_KEYS = tuple(what for what in What if what in KEYS)


class Seat(TypedDict):
    """A seat as its agent's desks see it."""

    seat: str
    centre: str
    extension: str
    agent: str | None
    state: Annotated[str, ValueOf(AgentState)]
    reason: str
    since: At
    until: At | None
    call: str | None
    wraps_up: str | None
    has_phone: bool


class Callback(TypedDict):
    """A call-back task as it is offered."""

    call_id: str
    line: str
    number: str
    missed_at: At
    due_at: At
    is_overdue: bool
    attempts: int


class Supervised(TypedDict):
    """How a supervisor stands with a talk."""

    call: str
    mode: Annotated[str, ValueOf(Hearing)]
    wanted: Annotated[str, ValueOf(Hearing)]
    phase: Annotated[str, ValueOf(Phase)]
    at: At
    why: str


class Move(TypedDict):
    """A move of a caller, and which keys it has now."""

    move: str
    call: str
    by: str | None
    asker: str | None
    seat: str | None
    kind: Annotated[str, ValueOf(Kind)]
    target: str
    name: str
    target_kind: Annotated[str, ValueOf(TargetKind)]
    step: Annotated[str, ValueOf(Step)]
    is_over: bool
    at: At
    why: str
    number: str
    was_answered: bool
    keys: list[Annotated[str, ValueOf(_KEYS)]]


class Blocked(TypedDict):
    """A nuisance caller who was refused just now."""

    call: str
    line: str
    number: str
    at: At


class Live(TypedDict, total=False):
    """The centre as its supervisors see it; a group comes when it is first known."""

    now: NowShown
    waiting: dict[str, WaiterShown]
    states: dict[str, int]
    seats: dict[str, SeatNowShown]
    today: TodayShown
    callbacks: OwedShown
    hands: dict[str, At]
    """Agents who ask for help, and since when."""


LiveChanges = dict[str, dict[str, Any]]
"""What has changed of ``Live``: names with their new values; null: a caller or a seat is gone."""


class Mark(TypedDict):
    """Some words of a text that stand out, from ``start`` up to ``end``."""

    start: int
    end: int
    kind: MarkKind


class Said(TypedDict):
    """An utterance of the own talk; a later one of the same key takes its place."""

    call: str
    kind: Literal["interim", "final", "gap"]
    key: str
    channel: Channel
    start_s: float
    end_s: float
    text: str
    marks: list[Mark]


class Grown(TypedDict):
    """A work order that has grown while they talk: read it again."""

    call: str
    order: str


class Note(TypedDict):
    """What a supervisor tells this agent; shown until it is read."""

    id: int
    sender: str
    text: str
    at: At


class Snapshot(TypedDict):
    """All that a desk shows."""

    agent: str
    at: At
    seat: Seat | None
    live: Live | None
    supervised: Supervised | None
    moves: list[Move]
    card: Card | None
    callback: Callback | None
    said: list[Said]
    along: list[Said]
    """What is said in the talk that this supervisor hears."""
    hand: At | None
    """Since when one asks for help."""


class Whole(TypedDict):
    """The first message, or the first one that matters again: begin with this."""

    seq: int
    type: Literal["snapshot"]
    epoch: str
    """Names the numbering. A desk that comes back says it, with the last ``seq`` it heard."""
    desk: Snapshot


class Resumed(TypedDict):
    """The first message when nothing is lost: what was missed since ``seq`` follows."""

    seq: int
    type: Literal["resumed"]
    at: At


class SeatDelta(TypedDict):
    """The own seat has changed, or it is the own one no more."""

    type: Literal["seat"]
    seat: Seat


class PopDelta(TypedDict):
    """A caller comes: show the card."""

    type: Literal["pop"]
    card: Card


class WithdrawDelta(TypedDict):
    """Take that call's card away."""

    type: Literal["withdraw"]
    call: str


class CardPastDelta(TypedDict):
    """The past of the caller on that card is known now."""

    type: Literal["card-past"]
    call: str
    offer: str
    past: CardPast


class CallbackOfferedDelta(TypedDict):
    """Nobody waits: call this caller back?"""

    type: Literal["callback-offered"]
    callback: Callback


class CallbackWithdrawnDelta(TypedDict):
    """That offer stands no more."""

    type: Literal["callback-withdrawn"]
    call: str


class MoveDelta(TypedDict):
    """How a move stands now."""

    type: Literal["move"]
    move: Move


class MoveGoneDelta(TypedDict):
    """A move that is this desk's business no more."""

    type: Literal["move-gone"]
    move: str


class SupervisedDelta(TypedDict):
    """How the talk that one wants to hear stands now."""

    type: Literal["supervised"]
    supervised: Supervised


class BlockedDelta(TypedDict):
    """A nuisance caller was refused."""

    type: Literal["blocked"]
    blocked: Blocked


class NoteDelta(TypedDict):
    """A supervisor tells something."""

    type: Literal["note"]
    note: Note


class NoteReadDelta(TypedDict):
    """It was read at this or another desk of the agent."""

    type: Literal["note-read"]
    note: int


class HandDelta(TypedDict):
    """One asks for help since then, or no more."""

    type: Literal["hand"]
    hand: At | None


class SaidDelta(TypedDict):
    """What has just been said."""

    type: Literal["said"]
    said: Said


class TextDelta(TypedDict):
    """A call came that was talked in before: all that was said in it, in place of what stood."""

    type: Literal["text"]
    text: list[Said]


class SaidAlongDelta(TypedDict):
    """What has just been said in the talk that one hears as its supervisor."""

    type: Literal["said-along"]
    said: Said


class AlongDelta(TypedDict):
    """All that was said in the talk that one begins to hear; nothing when it is over."""

    type: Literal["along"]
    text: list[Said]


class DraftGrownDelta(TypedDict):
    """The draft of the own talk knows more."""

    type: Literal["draft-grown"]
    grown: Grown


class LiveDelta(TypedDict):
    """What has changed of the centre."""

    type: Literal["live"]
    live: LiveChanges


Delta = (
    SeatDelta
    | PopDelta
    | WithdrawDelta
    | CardPastDelta
    | CallbackOfferedDelta
    | CallbackWithdrawnDelta
    | MoveDelta
    | MoveGoneDelta
    | SupervisedDelta
    | BlockedDelta
    | NoteDelta
    | NoteReadDelta
    | HandDelta
    | SaidDelta
    | TextDelta
    | SaidAlongDelta
    | AlongDelta
    | DraftGrownDelta
    | LiveDelta
)
"""What a delta says; on the wire its number stands before it, as ``seq``."""


class Fault(TypedDict):
    """Why something was refused, as everywhere in the API."""

    id: str
    message: str
    details: dict[str, Any]


class Done(TypedDict):
    """The answer to a command that was taken."""

    re: int
    ok: Literal[True]


class Refused(TypedDict):
    """The answer to one that was not. ``re`` null: the frame could not be read."""

    re: int | None
    error: Fault


Answer = Done | Refused

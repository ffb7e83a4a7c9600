"""The work order as the contract writes it in JSON. Every key is always there, null when unknown.

A draft opens with what signalling knows (``opening``) the moment the call does; the worker
completes it. Every filled field is backed by evidence, so a reader can see where it came from.
"""

import hashlib
from datetime import datetime
from typing import Literal, Protocol

from pydantic import AwareDatetime, BaseModel, ConfigDict

from config.workdays import CHINA
from cti.ids import CallId
from records.callrecord import CallRecord

Status = Literal["draft", "submitted", "delivered", "void"]
DemandType = Literal["consult", "help", "complaint", "report", "suggestion", "praise", "other"]
Decision = Literal["accept", "answered", "decline"]
Urgency = Literal["normal", "same_day", "within_1h", "urgent"]
Kind = Literal["speech", "signalling", "agent", "rule"]
Channel = Literal["caller", "agent", "expert", "office"]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Dialled(_Part):
    """The line the caller reached, from the ledger."""

    number: str
    name: str | None = None
    department: str | None = None
    mode: str | None = None


class Caller(_Part):
    """Who called. Whole in the database; masked on the way out unless the reader may see it."""

    number: str | None = None
    name: str | None = None
    anonymous: bool | None = None
    disclosure_consent: bool | None = None
    enterprise: bool | None = None
    deputy: bool | None = None


class Place(_Part):
    """Where it happened: as spoken, and as the gazetteer knows it."""

    text: str | None = None
    region: str | None = None
    township: str | None = None
    detail: str | None = None


class When(_Part):
    """When it happened: as spoken, and as a span of time."""

    text: str | None = None
    start: AwareDatetime | None = None
    end: AwareDatetime | None = None


class Amount(_Part):
    """Money that was named, in yuan; ``about`` where it was said so (四十多块)."""

    text: str
    yuan: float
    about: bool = False


class Office(_Part):
    """An office that may have to act; the lead office comes first."""

    name: str
    score: float
    why: str


class Deadlines(_Part):
    """By when each step is owed. ``provisional``: some count from what has not happened yet, as the
    office's signing.
    """

    dispatch_by: AwareDatetime | None = None
    sign_by: AwareDatetime | None = None
    finish_by: AwareDatetime | None = None
    provisional: bool = True


class MovedTo(_Part):
    """Where the call was moved, or was to be."""

    at: AwareDatetime
    kind: str | None = None
    """How: blind, hand-over, consult, three-way, emergency; None if nobody noted it."""
    target: str | None = None
    """A ``Target.id`` of the call's centre; None if a number was typed."""
    name: str
    """The target's name as it was then."""
    result: str | None = None
    """completed: the other side has the caller; returned: the agent or the queue; abandoned."""
    rule: str | None = None
    """The first-answerer rule by which an emergency was settled: clear, three-way or
    first-accepts; None if by none."""


class CaseOf(_Part):
    """Which case of another house the order is about."""

    line: str | None = None
    """Which house, as ``POST /api/v1/linkage/{line}/cases`` names it; None if only the call's own
    signalling told the number."""
    number: str


class Evidence(_Part):
    """Why a field says what it says. Speech names channel and times."""

    field: str
    kind: Kind
    channel: Channel | None = None
    start_s: float | None = None
    end_s: float | None = None
    text: str


class Gap(_Part):
    """A stretch of the call where somebody was heard and nothing could be written down."""

    channel: Channel | None = None
    start_s: float
    end_s: float


class Transcript(_Part):
    """How the transcript was made and how far it can be trusted."""

    engine: str | None = None
    confidence: float | None = None
    gaps: tuple[Gap, ...] = ()


class RecordedPart(_Part):
    """What was said with a recipient of a move without the caller: a recording of its own."""

    part: str
    channel: Channel
    """Who the recipient is; the left side is theirs, the right what they hear."""
    url: str
    seconds: float


class Recording(_Part):
    """Where the stereo recording is heard (a path of our API) and how long it is."""

    url: str | None = None
    seconds: float | None = None
    parts: tuple[RecordedPart, ...] = ()


class WorkOrderDraft(_Part):
    """A work order. Frozen: the worker makes a fuller one with ``model_copy(update=…)``."""

    id: str
    centre: str
    call_id: str
    status: Status = "draft"
    received_at: AwareDatetime
    channel: Literal["phone"] = "phone"
    dialled: Dialled
    caller: Caller
    demand_type: DemandType | None = None
    title: str | None = None
    content: str | None = None
    summary: str | None = None
    place: Place = Place()
    when: When = When()
    amounts: tuple[Amount, ...] = ()
    offices: tuple[Office, ...] = ()
    decision: Decision | None = None
    decline_reason: str | None = None
    urgency: Urgency | None = None
    urgent_office: str | None = None
    deadlines: Deadlines = Deadlines()
    moves: tuple[MovedTo, ...] = ()
    case: CaseOf | None = None
    duplicates: tuple[str, ...] = ()
    hot_topic: str | None = None
    satisfaction: int | None = None
    """What the caller pressed after the talk, 5 (very satisfied) to 1. The call's row is the truth
    of it; null too for a reader who may not see it."""
    evidence: tuple[Evidence, ...] = ()
    transcript: Transcript = Transcript()
    recording: Recording = Recording()


class Spoken(Protocol):
    """A piece of transcript, as any engine's segments look from here."""

    @property
    def channel(self) -> str: ...  # noqa: D102 - a word of the Protocol above

    @property
    def start_s(self) -> float: ...  # noqa: D102 - a word of the Protocol above

    @property
    def end_s(self) -> float: ...  # noqa: D102 - a word of the Protocol above

    @property
    def text(self) -> str: ...  # noqa: D102 - a word of the Protocol above

    @property
    def part(self) -> str: ...  # noqa: D102 - a word of the Protocol above

    @property
    def confidence(self) -> float | None: ...  # noqa: D102 - a word of the Protocol above

    @property
    def raw(self) -> str: ...  # noqa: D102 - a word of the Protocol above


def order_id(call: CallId, received_at: datetime) -> str:
    """Name the order of a call: China's date, then ten letters that only this call has.

    Two programs that open the same call's order choose the same name.

    >>> from datetime import UTC
    >>> order_id(CallId("node1-1795310090.4"), datetime(2026, 11, 21, 17, tzinfo=UTC))
    '20261122-db6ef7e7d0'
    """
    letters = hashlib.sha256(call.encode("utf-8", "replace")).hexdigest()[:10]
    return f"{received_at.astimezone(CHINA):%Y%m%d}-{letters}"


def opening(record: CallRecord) -> WorkOrderDraft:
    """Open the draft of a call with what signalling knows: number dialled, caller, time."""
    number = record.line or record.dnis
    evidence = [
        Evidence(field="dialled.number", kind="signalling", text=record.dnis or number),
        Evidence(
            field="received_at",
            kind="signalling",
            text=record.arrived_at.astimezone(CHINA).isoformat(timespec="seconds"),
        ),
    ]
    if record.ani:
        evidence.append(Evidence(field="caller.number", kind="signalling", text=record.ani))
    if record.about:
        evidence.append(Evidence(field="about", kind="signalling", text=record.about))
    return WorkOrderDraft(
        id=order_id(record.call, record.arrived_at),
        centre=record.centre,
        call_id=record.call,
        received_at=record.arrived_at,
        dialled=Dialled(number=number),
        caller=Caller(number=record.ani or None),
        evidence=tuple(evidence),
    )

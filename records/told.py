"""What other houses tell us: a case of 110's, a call that a sub-centre took. Pure.

Each becomes one work order, known by its number there. If the caller was handed over to us, or by
us, it is the order of that call; else of a record of its own (``Direction.TOLD``), which stands in
no figure of ours. What they wrote stands in the order as theirs: an agent's words win.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from config.workdays import CHINA
from cti.ids import AgentId, CallId, CentreId, LineId, SeatId
from records.callrecord import NORMAL_CLEARING, CallRecord, Direction, Disposition, Talk
from records.draft import CaseOf, DemandType, Evidence, Place, Urgency, WorkOrderDraft, opening

RECORD: Final = "told-"
"""How the id of a record begins that is no call of ours."""


class ToldKind(Enum):
    """What is told."""

    CASE = "case"
    """A matter that an emergency line or another platform hands to us."""
    CALL = "call"
    """A call that another house answered, with or without our help."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One thing that a house tells, known there by ``number``."""

    kind: ToldKind
    centre: CentreId
    line: str
    """Which house: 110, a sub-centre's number, another hotline's name."""
    house: str
    """What people call it."""
    number: str
    at: datetime
    """When the caller called there."""
    caller: str = ""
    name: str = ""
    title: str = ""
    content: str = ""
    place: str = ""
    demand_type: DemandType | None = None
    urgency: Urgency | None = None
    call: CallId | None = None
    """Our own call, if the caller was handed over."""
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    """These two of a call only; unanswered there, the first is None."""
    others: frozenset[str] = frozenset()
    """Addresses that are other houses' and not this one's: whom they hand over is not meant."""

    @property
    def digest(self) -> str:
        """What was said: told again it is the same."""
        said = asdict(self)
        del said["others"]
        plain = json.dumps(said, default=str, sort_keys=True)
        return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()

    @property
    def told_call(self) -> CallId:
        """The id of its record, when it is no call of ours."""
        plain = f"{self.centre}|{self.kind.value}|{self.line}|{self.number}"
        return CallId(f"{RECORD}{hashlib.sha256(plain.encode()).hexdigest()[:20]}")


def record_of(told: Told) -> CallRecord:
    """The record of what happened there."""
    answered = told.at if told.kind is ToldKind.CASE else told.answered_at
    ended = told.ended_at or answered or told.at
    talks: tuple[Talk, ...] = ()
    if answered is not None and told.kind is ToldKind.CALL:
        talks = (Talk(seat=SeatId(""), agent=AgentId(""), since=answered, until=ended),)
    return CallRecord(
        call=told.told_call,
        centre=told.centre,
        line=LineId(told.line),
        dnis=told.line,
        ani=told.caller,
        arrived_at=told.at,
        ended_at=ended,
        disposition=Disposition.ANSWERED if answered is not None else Disposition.ABANDONED,
        cause=NORMAL_CLEARING,
        talks=talks,
        direction=Direction.TOLD,
    )


def order_of(told: Told) -> WorkOrderDraft:
    """The order of what is no call of ours."""
    draft = opening(record_of(told))
    draft = draft.model_copy(
        update={"dialled": draft.dialled.model_copy(update={"name": told.house or None})}
    )
    return with_told(_written(draft, told), told)


def _written(draft: WorkOrderDraft, told: Told) -> WorkOrderDraft:
    """What they wrote, as the order's own fields."""
    caller = draft.caller.model_copy(update={"name": told.name or None})
    fields = {
        "title": told.title or None,
        "content": told.content or None,
        "demand_type": told.demand_type,
        "urgency": told.urgency,
    }
    said = {name: str(value) for name, value in fields.items() if value is not None}
    said |= {"caller.name": told.name} if told.name else {}
    said |= {"place.text": told.place} if told.place else {}
    evidence = tuple(
        Evidence(field=field, kind="signalling", text=f"{told.house}告知：{words}")
        for field, words in said.items()
    )
    place = Place(text=told.place or None)
    changes = {**fields, "caller": caller, "place": place}
    return draft.model_copy(update={**changes, "evidence": (*draft.evidence, *evidence)})


def with_told(draft: WorkOrderDraft, told: Told) -> WorkOrderDraft:
    """The order with the case's number, and what they said of it. Twice is once."""
    when = f"{told.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
    what = "转来" if told.kind is ToldKind.CASE else "受理的来电"
    words = "，".join(filter(None, (told.title, told.place, told.content)))
    text = f"{told.house}{what}，编号{told.number}，{when}" + (f"：{words}" if words else "")
    return with_case(draft, told.line, told.number, text)


def with_case(draft: WorkOrderDraft, line: str, number: str, text: str) -> WorkOrderDraft:
    """The order with the number it has at another house. Twice is once."""
    said = Evidence(field="case", kind="signalling", text=text)
    evidence = draft.evidence if said in draft.evidence else (*draft.evidence, said)
    case = draft.case
    if number and (case is None or (case.line is None and case.number == number)):
        case = CaseOf(line=line or None, number=number)
    return draft.model_copy(update={"case": case, "evidence": evidence})


def is_record_of_a_case(call: str) -> bool:
    """Whether that id names what was told, and no call of ours."""
    return call.startswith(RECORD)


def is_theirs(order: WorkOrderDraft) -> bool:
    """Whether nobody of ours has written in it or handed it in."""
    return order.status == "draft" and all(piece.kind != "agent" for piece in order.evidence)


def taken_over(draft: WorkOrderDraft, theirs: WorkOrderDraft) -> WorkOrderDraft:
    """The order of a call with the case that was told before it came. Twice is once."""
    if theirs.case is None:
        return draft
    for piece in theirs.evidence:
        if piece.field == "case":
            draft = with_case(draft, theirs.case.line or "", theirs.case.number, piece.text)
    return draft


def given_over(theirs: WorkOrderDraft, order: str) -> WorkOrderDraft:
    """The order of what was told, void since the call of the same matter has ``order``."""
    said = Evidence(field="status", kind="rule", text=f"来电已转来，并入工单{order}")
    return theirs.model_copy(update={"status": "void", "evidence": (*theirs.evidence, said)})


STATES: Final = {"taken": "已受理", "refused": "未受理", "done": "已办结"}
"""What a house may say of what we handed to it."""


def with_answer(
    draft: WorkOrderDraft, line: str, house: str, answer: Mapping[str, str]
) -> WorkOrderDraft:
    """The order with what a house says of the caller we handed to it. Twice is once."""
    number, words = answer.get("case", ""), answer.get("result", "")
    parts = (f"{house}{STATES[answer['state']]}", f"对方编号{number}" if number else "", words)
    return with_case(draft, line, number, "，".join(filter(None, parts)))


def keep_told(kept: WorkOrderDraft, fresh: WorkOrderDraft) -> WorkOrderDraft:
    """A worker's fuller draft, with what other houses told meanwhile."""
    said = tuple(
        piece for piece in kept.evidence if piece.field == "case" and piece not in fresh.evidence
    )
    case = kept.case or fresh.case
    return fresh.model_copy(update={"case": case, "evidence": (*fresh.evidence, *said)})

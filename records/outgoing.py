"""What leaves us of a work order: the one rule of what the city's order platform is told. Pure.

The platform is the hotline's own back office, so it is told who called, unless they asked not to be
named. What it may hand on to offices is said apart (``caller_for_offices``), for name and number
never reach the office complained about, and some matters disclose nothing without the caller's
consent. Numbers and names are covered in every text, whoever reads it.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from cti.ids import CallId, CentreId
from records.covering import masked
from records.draft import Caller, Place, WorkOrderDraft
from records.handing import Message, MessageKind

PLATFORM: Final = "@orders"
"""To whom these go, where a house's messages name the house. No house can be called so."""
FORMAT: Final = 1
"""Of the body. Fields may be added to a format; what changes its meaning raises it."""
SENSITIVE: Final = ("违建", "违章建筑", "违法建", "拆迁", "油烟", "噪声", "噪音", "扰民")
"""Matters of which nothing about the caller is disclosed without consent."""
NAMELESS: Final = "来电人"
_HOME: Final = re.compile(
    r"(?:(?:我们?|本人)?(?:家住|住在|家在)|(?:家庭)?住址(?:是|为)?[::]?)[^,，。;；!！?？\n]+"
)
_HOME_KEPT_BACK: Final = "（来电人住址略）"


def version_of(draft: WorkOrderDraft, version: int, at: datetime) -> Message:
    """One version of an order, as a message with a key of its own.

    Keys of one order sort as its versions do.
    """
    body = {"at": at.isoformat(), "format": FORMAT, "version": version, **told(draft)}
    return Message(
        key=f"order-{draft.id}-{version:06d}",
        kind=MessageKind.ORDER,
        centre=CentreId(draft.centre),
        line=PLATFORM,
        call=CallId(draft.call_id),
        body=body,
    )


def told(draft: WorkOrderDraft) -> Mapping[str, Any]:
    """What is told of an order as it stands: equal for two states that tell the same."""
    hides, shown = is_hidden(draft), masked(draft)
    texts = {"title": shown.title, "content": shown.content, "summary": shown.summary}
    place = shown.place
    if hides:
        texts = {name: _anonymous(text, draft.caller) for name, text in texts.items()}
        place = _without_home(place, draft)
    return {
        "order": draft.id,
        "call_id": draft.call_id,
        "status": "void" if draft.status == "void" else "submitted",
        "received_at": draft.received_at.isoformat(),
        "channel": draft.channel,
        "dialled": draft.dialled.model_dump(mode="json"),
        "demand_type": draft.demand_type,
        **texts,
        "place": place.model_dump(mode="json"),
        "when": draft.when.model_dump(mode="json"),
        "offices": [{"name": one.name, "score": one.score} for one in draft.offices],
        "decision": draft.decision,
        "decline_reason": shown.decline_reason,
        "urgency": draft.urgency,
        "urgent_office": draft.urgent_office,
        "deadlines": draft.deadlines.model_dump(mode="json"),
        "case": draft.case.model_dump(mode="json") if draft.case is not None else None,
        "duplicates": list(draft.duplicates),
        "caller": _caller(draft.caller, is_named=not hides),
        "caller_for_offices": _for_offices(draft),
    }


def is_hidden(draft: WorkOrderDraft) -> bool:
    """Whether nobody outside is told who called.

    They asked for it, or did not consent where the matter needs consent.
    """
    return bool(draft.caller.anonymous) or (
        is_sensitive(draft) and draft.caller.disclosure_consent is not True
    )


def is_sensitive(draft: WorkOrderDraft) -> bool:
    """Whether the matter is one of those that disclose nothing without consent."""
    texts = (draft.title, draft.summary, draft.content)
    return any(word in text for text in texts if text for word in SENSITIVE)


def _caller(caller: Caller, *, is_named: bool) -> Mapping[str, Any]:
    return {
        "number": caller.number if is_named else None,
        "name": caller.name if is_named else None,
        "anonymous": bool(caller.anonymous),
        "disclosure_consent": caller.disclosure_consent,
        "enterprise": caller.enterprise,
        "deputy": caller.deputy,
    }


def _for_offices(draft: WorkOrderDraft) -> Mapping[str, Any] | None:
    """Who called, as the offices may know it; None: they may not."""
    is_against_somebody = draft.demand_type in ("complaint", "report", None)
    if is_hidden(draft) or (is_against_somebody and draft.caller.disclosure_consent is not True):
        return None
    return {"number": draft.caller.number, "name": draft.caller.name}


def _anonymous(text: str | None, caller: Caller) -> str | None:
    """The text of an order whose caller is not to be known: without name and home."""
    if text is None:
        return None
    if caller.name:
        covered = caller.name[0] + "*" * max(1, len(caller.name) - 1)
        text = text.replace(covered, NAMELESS)
    return _HOME.sub(_HOME_KEPT_BACK, text)


def _without_home(place: Place, draft: WorkOrderDraft) -> Place:
    """The place, but for what the caller named as their own home."""
    said = " ".join(text for text in (draft.title, draft.content, draft.summary) if text)
    homes = _HOME.findall(said)
    kept = {
        name: None if value and any(value in home for home in homes) else value
        for name, value in (("text", place.text), ("detail", place.detail))
    }
    return place.model_copy(update=kept)

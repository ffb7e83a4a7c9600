"""What leaves us of a work order: the one rule of what the city's order platform is told. Pure.

The platform is the hotline's own back office, so it is told who called, unless they asked not to be
named or the matter discloses nothing without consent. What it may hand on to offices is said apart,
as ``records.officesheet`` writes it. Names and numbers stand in no text, whoever reads it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from cti.ids import CallId, CentreId
from records.covering import masked
from records.draft import WorkOrderDraft
from records.handing import Message, MessageKind
from records.officesheet import closed_matter, for_office, without_caller

PLATFORM: Final = "@orders"
"""To whom these go, where a house's messages name the house. No house can be called so."""
FORMAT: Final = 1
"""Of the body. Fields may be added to a format; what changes its meaning raises it."""


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
    hides, office = is_hidden(draft), for_office(draft)
    shown = masked(_anonymous(draft) if hides else draft)
    return {
        "order": draft.id,
        "call_id": draft.call_id,
        "status": "void" if draft.status == "void" else "submitted",
        "received_at": draft.received_at.isoformat(),
        "channel": draft.channel,
        "dialled": draft.dialled.model_dump(mode="json"),
        "demand_type": draft.demand_type,
        "title": shown.title,
        "content": shown.content,
        "summary": shown.summary,
        "place": (office if hides else shown).place.model_dump(mode="json"),
        "when": draft.when.model_dump(mode="json"),
        "offices": [{"name": one.name, "score": one.score} for one in draft.offices],
        "decision": draft.decision,
        "decline_reason": shown.decline_reason,
        "urgency": draft.urgency,
        "urgent_office": draft.urgent_office,
        "deadlines": draft.deadlines.model_dump(mode="json"),
        "case": draft.case.model_dump(mode="json") if draft.case is not None else None,
        # another order of the same caller may say who it is
        "duplicates": [] if hides else list(draft.duplicates),
        "caller": _caller(draft, is_named=not hides),
        "for_offices": office.model_dump(mode="json"),
    }


def is_hidden(draft: WorkOrderDraft) -> bool:
    """Whether nobody outside is told who called.

    They asked for it, or did not consent where the matter needs consent.
    """
    caller = draft.caller
    return bool(caller.anonymous) or (
        closed_matter(draft) is not None and caller.disclosure_consent is not True
    )


def _caller(draft: WorkOrderDraft, *, is_named: bool) -> Mapping[str, Any]:
    caller = draft.caller
    return {
        "number": caller.number if is_named else None,
        "name": caller.name if is_named else None,
        "anonymous": bool(caller.anonymous),
        "disclosure_consent": caller.disclosure_consent,
        "enterprise": caller.enterprise,
        "deputy": caller.deputy,
    }


def _anonymous(draft: WorkOrderDraft) -> WorkOrderDraft:
    """The order without what its caller says of themselves in the texts."""
    return draft.model_copy(
        update={
            name: without_caller(draft, getattr(draft, name))
            for name in ("title", "content", "summary")
        }
    )

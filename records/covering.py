"""A work order as those see it who may not know who called. Pure.

The caller's number and name are covered in their own fields, in every text a person may have
written or spoken them into, and in the evidence.
"""

from collections.abc import Collection

from cti.ids import mask
from records.draft import Caller, Evidence, WorkOrderDraft
from records.masking import mask_text


def masked(draft: WorkOrderDraft) -> WorkOrderDraft:
    """The order without the caller's number and name, or any other person's number."""
    caller, ours = draft.caller, {draft.dialled.number}

    def covered(text: str | None) -> str | None:
        return None if text is None else _covered(text, caller, ours)

    number = None if caller.number is None else mask(caller.number)
    place = {"text": covered(draft.place.text), "detail": covered(draft.place.detail)}
    return draft.model_copy(
        update={
            "caller": caller.model_copy(update={"number": number, "name": _name(caller)}),
            "title": covered(draft.title),
            "content": covered(draft.content),
            "summary": covered(draft.summary),
            "decline_reason": covered(draft.decline_reason),
            "place": draft.place.model_copy(update=place),
            "evidence": tuple(_evidence(piece, caller, ours) for piece in draft.evidence),
        }
    )


def _covered(text: str, caller: Caller, ours: Collection[str]) -> str:
    """The text without the caller's name, and without numbers but our own lines'."""
    if caller.number:  # also one too short to be taken for a number wherever it stands
        text = text.replace(caller.number, mask(caller.number))
    return _nameless(mask_text(text, ours), caller)


def _nameless(text: str, caller: Caller) -> str:
    return text.replace(caller.name, _name(caller) or "") if caller.name else text


def _name(caller: Caller) -> str | None:
    return caller.name and caller.name[0] + "*" * max(1, len(caller.name) - 1)


def _evidence(piece: Evidence, caller: Caller, ours: Collection[str]) -> Evidence:
    if piece.field == "received_at":  # a time, which has more digits than a number
        return piece
    return piece.model_copy(update={"text": _covered(piece.text, caller, ours)})

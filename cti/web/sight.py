"""Who may see what of a caller. Pure.

A whole telephone number is for the agent on that call, the supervisor and the system; all others
see its last two digits, also where somebody wrote it into a text.
"""

from typing import Final

from cti.ids import mask
from cti.web.endpoint import Identity, Role
from records.callrecord import CallRecord
from records.draft import Caller, Evidence, WorkOrderDraft
from records.masking import mask_text

SEES_ALL: Final = frozenset({Role.SUPERVISOR, Role.SYSTEM})


def was_on(call: CallRecord | None, who: Identity) -> bool:
    """Whether this agent talked with that caller."""
    return call is not None and any(talk.agent == who.user for talk in call.talks)


def may_see(call: CallRecord | None, who: Identity) -> bool:
    """Whether the caller's number, words and voice may be shown whole."""
    return who.role in SEES_ALL or was_on(call, who)


def may_edit(call: CallRecord | None, who: Identity) -> bool:
    """Whose order it is to edit: the agent's on the call; anyone's at a desk if nobody talked."""
    return who.role is Role.SUPERVISOR or was_on(call, who) or call is None or not call.talks


def masked(draft: WorkOrderDraft) -> WorkOrderDraft:
    """The order as those see it who may not know who called."""
    caller, ours = draft.caller, {draft.dialled.number}
    shown = caller.model_copy(update={"number": _mask(caller.number), "name": _name(caller)})
    return draft.model_copy(
        update={
            "caller": shown,
            "title": _text(draft.title, ours),
            "content": _text(draft.content, ours),
            "summary": _text(draft.summary, ours),
            "evidence": tuple(_evidence(piece, caller, ours) for piece in draft.evidence),
        }
    )


def _text(text: str | None, ours: set[str]) -> str | None:
    return None if text is None else mask_text(text, ours)


def _mask(number: str | None) -> str | None:
    return None if number is None else mask(number)


def _name(caller: Caller) -> str | None:
    return caller.name and caller.name[0] + "*" * max(1, len(caller.name) - 1)


def _evidence(piece: Evidence, caller: Caller, ours: set[str]) -> Evidence:
    text = piece.text
    if piece.field != "received_at":  # a time, which has more digits than a number
        if caller.number:
            text = text.replace(caller.number, mask(caller.number))
        text = mask_text(text, ours)
    if caller.name:
        text = text.replace(caller.name, _name(caller) or "")
    return piece.model_copy(update={"text": text})

"""Whether the citizen of a work order may be called, and about which call that is. Pure."""

import re
from typing import Final

from config.cells import is_emergency
from cti.ids import CallId
from records.callrecord import CallRecord, Direction
from records.draft import WorkOrderDraft

_CALLABLE: Final = re.compile(r"\+?[0-9]{5,20}")
"""Shorter numbers are services' own or a seat's."""


def why_not_call(draft: WorkOrderDraft, *, is_known: bool) -> str:
    """Why the caller of this order is not to be called, as an error's id; '' when they may be.

    Who asked to be anonymous is not called by anybody to whom they did not say it: ``is_known``
    is who talked with them, or watches over the talk.
    """
    number = draft.caller.number or ""
    if not _CALLABLE.fullmatch(number) or is_emergency(number):
        return "number-missing"
    return "order-anonymous" if draft.caller.anonymous and not is_known else ""


def about_of(draft: WorkOrderDraft, call: CallRecord | None) -> CallId:
    """The call that a call to this citizen is about: of a call out's own order, the one before."""
    if call is not None and call.direction is Direction.OUT and call.about is not None:
        return call.about
    return CallId(draft.call_id)

"""What a work order must say before it is handed in. Pure.

The least that whoever gets the order needs: what kind of demand it is, what it is called, what
was said; and, declined, why. Place and time are not among it: many demands have none.
"""

from collections.abc import Iterator

from records.draft import WorkOrderDraft

Lack = tuple[str, str]
"""A field's path, and the Chinese sentence that asks for it."""


def lacking(draft: WorkOrderDraft) -> tuple[Lack, ...]:
    """What is still to be filled in, in the order of the form; nothing: it may be handed in."""
    return tuple(_lacking(draft))


def _lacking(draft: WorkOrderDraft) -> Iterator[Lack]:
    if not _said(draft.title):
        yield "title", "请填写标题。"
    if draft.demand_type is None:
        yield "demand_type", "请选择诉求类型。"
    if not (_said(draft.content) or _said(draft.summary)):
        yield "content", "请填写诉求内容或摘要。"
    if draft.decision == "decline" and not _said(draft.decline_reason):
        yield "decline_reason", "不予受理的，请填写理由。"


def _said(text: str | None) -> bool:
    return bool(text and text.strip())

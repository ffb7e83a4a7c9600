"""The same caller with the same matter is one: to which open orders a new one belongs. Pure."""

from collections.abc import Sequence

from config.workdays import CHINA
from records.callerpast import is_owed
from records.draft import Evidence, WorkOrderDraft
from records.office import topics

MOST = 5


def with_same_demand(draft: WorkOrderDraft, theirs: Sequence[WorkOrderDraft]) -> WorkOrderDraft:
    """Name the caller's earlier open orders of the same matter, the newest first, each with why.

    ``theirs``: orders of the same centre and number. Who wants to stay anonymous, now or then, is
    not shown to have called before.
    """
    found = [
        (other, why)
        for other in sorted(theirs, key=lambda one: one.received_at, reverse=True)
        if _may_be(draft, other) and (why := _common(draft, other))
    ][:MOST]
    evidence = tuple(
        Evidence(field="duplicates", kind="rule", text=f"同一号码{_when(other)}已反映：{why}")
        for other, why in found
    )
    kept = tuple(piece for piece in draft.evidence if piece.field != "duplicates")
    return draft.model_copy(
        update={
            "duplicates": tuple(other.id for other, _ in found),
            "evidence": (*kept, *evidence),
        }
    )


def _may_be(draft: WorkOrderDraft, other: WorkOrderDraft) -> bool:
    """Earlier, still owed, of somebody who may be recognised, and not at another place."""
    is_named = not draft.caller.anonymous and not other.caller.anonymous
    return (
        other.id != draft.id
        and other.received_at < draft.received_at
        and is_owed(other, draft.received_at)
        and is_named
        and _agree(draft.place.region, other.place.region)
        and _agree(draft.place.township, other.place.township)
    )


def _agree(one: str | None, other: str | None) -> bool:
    return not one or not other or one == other


def _common(draft: WorkOrderDraft, other: WorkOrderDraft) -> str:
    """What both say: the word of a trade, else the same office and kind of demand; '' nothing."""
    words, theirs = topics(_said(draft)), set(topics(_said(other)))
    shared = [word for word in words if word in theirs]
    if shared:
        return f"都说到{shared[0]}"
    if words or theirs or not draft.offices or not other.offices:
        return ""
    is_alike = draft.offices[0].name == other.offices[0].name
    is_alike = is_alike and draft.demand_type == other.demand_type is not None
    return f"同是{draft.offices[0].name}的同类诉求" if is_alike else ""


def _said(draft: WorkOrderDraft) -> str:
    return "。".join(filter(None, (draft.title, draft.summary, draft.content)))


def _when(draft: WorkOrderDraft) -> str:
    at = draft.received_at.astimezone(CHINA)
    return f"{at.month}月{at.day}日"

"""The agent's words always win: over the machine's before them, and over the machine's after them.

Pure. A field an agent wrote has evidence of kind ``agent``; that mark is all that is needed to
know, later, that no worker may change it.
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import BaseModel

from records.covering import masked
from records.deadlines import DECIDES
from records.deadlines import FIELD as DEADLINES
from records.draft import Evidence, Office, WorkOrderDraft

CLEARED: Final = "（话务员删去）"
"""Evidence text of a field that the agent emptied: evidence, too, that it must stay empty."""


def with_agents_words(draft: WorkOrderDraft, words: Mapping[str, Any]) -> WorkOrderDraft:
    """Put the agent's values in. ``words``: field path (``place.text``) → value, None to clear."""
    for path, value in words.items():
        draft = _put(draft, path, value)
    kept = tuple(piece for piece in draft.evidence if piece.field not in words)
    said = tuple(
        Evidence(field=path, kind="agent", text=CLEARED if value is None else _plain(value))
        for path, value in words.items()
    )
    return draft.model_copy(update={"evidence": kept + said})


def written_over(
    draft: WorkOrderDraft, words: Mapping[str, Any], was: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Fields that a person wrote since the writer looked: ``field``, and what they say ``now``.

    ``was``: what the writer saw, as JSON, whole or covered; a field that it leaves out is not
    looked at. What a machine wrote meanwhile is nobody's word and may be written over.
    """
    written = {piece.field for piece in draft.evidence if piece.kind == "agent"}
    now, covered = draft.model_dump(mode="json"), masked(draft).model_dump(mode="json")
    return [
        {"field": path, "now": _within(now, path)}
        for path, value in words.items()
        if path in was
        and path in written
        and was[path] not in (_within(now, path), _within(covered, path))
        and value != _get(draft, path)
    ]


def _within(document: Mapping[str, Any], path: str) -> Any:
    value: Any = document
    for name in path.split("."):
        value = value[name]
    return value


def keep_agents_words(kept: WorkOrderDraft, fresh: WorkOrderDraft) -> WorkOrderDraft:
    """A worker's fuller draft, with what an agent wrote meanwhile put back over it.

    What was reckoned from an agent's words stays with them.
    """
    agents = tuple(piece for piece in kept.evidence if piece.kind == "agent")
    fields = {piece.field for piece in agents}
    for path in fields:
        fresh = _put(fresh, path, _get(kept, path))
    machines = tuple(piece for piece in fresh.evidence if piece.field not in fields)
    if fields & DECIDES:
        fresh = fresh.model_copy(update={"deadlines": kept.deadlines})
        agents += tuple(piece for piece in kept.evidence if piece.field.startswith(DEADLINES))
        machines = tuple(piece for piece in machines if not piece.field.startswith(DEADLINES))
    return fresh.model_copy(update={"evidence": machines + agents})


def _put(draft: WorkOrderDraft, path: str, value: Any) -> WorkOrderDraft:
    head, _, tail = path.partition(".")
    if tail:
        part: BaseModel = getattr(draft, head)
        value = part.model_copy(update={tail: value})
    return draft.model_copy(update={head: value})


def _get(draft: WorkOrderDraft, path: str) -> Any:
    value: Any = draft
    for name in path.split("."):
        value = getattr(value, name)
    return value


def _plain(value: Any) -> str:
    if isinstance(value, tuple):
        offices: tuple[Office, ...] = value
        return "、".join(office.name for office in offices) or CLEARED
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

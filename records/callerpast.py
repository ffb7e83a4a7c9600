"""What an agent may know of a caller's earlier calls, and which matter is still open. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from records.covering import masked
from records.draft import DemandType, Status, WorkOrderDraft

OPEN_FOR: Final = timedelta(days=15)
"""The longest a hard matter may take in working days, and a week's end more: so long a call may
be about it."""
SETTLED: Final = frozenset({"answered", "decline"})
"""Decisions after which nothing is owed."""


def is_open(draft: Mapping[str, Any]) -> bool:
    """Whether something is still owed on an order that is not void, by its JSON."""
    return draft.get("decision") not in SETTLED and draft.get("demand_type") != "praise"


def is_owed(draft: WorkOrderDraft, now: datetime) -> bool:
    """Whether a call at that moment may be about it still."""
    return (
        draft.status != "void"
        and is_open(draft.model_dump(include={"decision", "demand_type"}))
        and now - draft.received_at <= OPEN_FOR
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PastOrder:
    """An earlier work order of the caller. Who was anonymous in it stays so: see ``past_order``."""

    id: str
    call: str
    at: datetime
    status: Status
    line: str
    is_open: bool
    is_anonymous: bool
    demand_type: DemandType | None = None
    title: str | None = None
    office: str | None = None
    finish_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCall:
    """An earlier call of the caller, or to it."""

    call: str
    at: datetime
    line: str
    is_out: bool
    is_answered: bool
    agents: tuple[str, ...]
    order: PastOrder | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Nuisance:
    """The caller is, or was, refused as a nuisance."""

    since: datetime
    until: datetime
    stands: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerPast:
    """All that is shown of the past."""

    name: str = ""
    """What the caller was last called in an order that is not anonymous."""
    calls: tuple[PastCall, ...] = ()
    """The last ones, the newest first."""
    count: int = 0
    """How many there were in ``COUNTED``."""
    open: tuple[PastOrder, ...] = ()
    nuisance: Nuisance | None = None


def past_order(draft: WorkOrderDraft, now: datetime) -> PastOrder:
    """An order as the next agent may see it who talks with that caller.

    Numbers and names in its text are covered: this agent was not on that call. Of an order whose
    caller asked to be anonymous only that there is one is told, and how it stands.
    """
    shown = masked(draft)
    is_anonymous = bool(draft.caller.anonymous)
    return PastOrder(
        id=draft.id,
        call=draft.call_id,
        at=draft.received_at,
        status=draft.status,
        line=draft.dialled.number,
        is_open=is_owed(draft, now),
        is_anonymous=is_anonymous,
        demand_type=draft.demand_type,
        title=None if is_anonymous else shown.title or shown.summary,
        office=None if is_anonymous or not draft.offices else draft.offices[0].name,
        finish_by=draft.deadlines.finish_by,
    )


def same_matter(
    orders: Sequence[PastOrder], line: str, hotline: str, offices: Collection[str]
) -> tuple[PastOrder, Literal["line", "office"]] | None:
    """The open order that the caller most likely calls about again, and by what it is known.

    The same line was dialled, other than the hotline itself, or the order is with the office
    whose line it is.
    """
    open_orders = [one for one in orders if one.is_open]
    for one in open_orders:
        if line != hotline and one.line == line:
            return one, "line"
    for one in open_orders:
        if one.office is not None and one.office in offices:
            return one, "office"
    return None

"""A caller's past as the card shows it; a part of ``wire``."""

from typing import Literal

from typing_extensions import TypedDict  # as in wire

from cti.web.at import At
from records.draft import DemandType, Status


class PastOrder(TypedDict):
    """An earlier work order of the caller. Of an anonymous one only how it stands is told."""

    id: str
    at: At
    status: Status
    line: str
    line_name: str
    is_open: bool
    is_anonymous: bool
    demand_type: DemandType | None
    title: str | None
    office: str | None
    finish_by: At | None


class PastCall(TypedDict):
    """An earlier call of the caller, or to it; ``agents``: who talked, by user name."""

    call: str
    at: At
    line: str
    line_name: str
    is_out: bool
    is_answered: bool
    agents: list[str]
    order: PastOrder | None


class PastMatter(TypedDict):
    """Which open order the call is probably about, and by what that is known."""

    order: str
    why: Literal["line", "office"]


class PastNuisance(TypedDict):
    """The caller is, or was, refused as a nuisance."""

    since: At
    until: At
    stands: bool
    reason: str


class CardPast(TypedDict):
    """What the records know of the caller. ``is_known`` false: they could not be read."""

    is_known: bool
    name: str
    count: int
    calls: list[PastCall]
    open: list[PastOrder]
    matter: PastMatter | None
    nuisance: PastNuisance | None

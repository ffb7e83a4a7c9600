"""Where callers can be taken, as the switch knows it. Ring 0, made from the platform.

A target is data of the profile: who it is, how it is reached (several routes are tried in turn),
when somebody is there, and what is done when nobody answers.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from cti.ids import CentreId, LineId, PeerId, SeatId
from transfer.step import Kind

Spans = tuple[tuple[datetime, datetime], ...]
"""From when until when, in their order."""


class TargetKind(Enum):
    """What sort of place it is."""

    SEAT = "seat"
    GROUP = "group"
    """Whoever of a skill is free."""
    EXPERT = "expert"
    OFFICE = "office"
    """A department's consult, duty or emergency-contact number."""
    SUB_CENTRE = "sub-centre"
    CENTRE = "centre"
    """An upper or lower hotline."""
    EMERGENCY = "emergency"
    UTILITY = "utility"
    NUMBER = "number"
    """A number that somebody typed."""

    @property
    def chinese(self) -> str:
        """The words people read."""
        return {
            TargetKind.SEAT: "座席",
            TargetKind.GROUP: "技能组",
            TargetKind.EXPERT: "专家座席",
            TargetKind.OFFICE: "部门",
            TargetKind.SUB_CENTRE: "分中心",
            TargetKind.CENTRE: "上下级热线",
            TargetKind.EMERGENCY: "紧急电话",
            TargetKind.UTILITY: "公共服务",
            TargetKind.NUMBER: "其他号码",
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One way to a target: a seat of ours, a skill's next free seat, or a number."""

    seat: SeatId | None = None
    skill: str = ""
    """Its next free seat, of the call's own centre or of ``centre``."""
    centre: CentreId | None = None
    """With a ``skill``: another centre on this platform; None: the call's own."""
    peer: PeerId | None = None
    """The exchange the number is dialled at; None: over the centre's own trunk."""
    number: str = ""
    ring: timedelta = timedelta(seconds=20)
    host: str = ""
    port: int = 0
    """Where that exchange is: a call that came from there is not sent back."""
    open: Spans | None = None
    """When somebody is there, as far ahead as the plan reaches; None: always."""

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at that time."""
        return self.open is None or any(since <= at < until for since, until in self.open)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Somebody a caller can be taken to."""

    id: str
    """Stable within its centre: the kind and what names it there, ``emergency:110``."""
    name: str
    kind: TargetKind
    routes: tuple[Route, ...]
    """Tried in turn (``routes_at``). Empty: the number is only told."""
    number: str = ""
    """What the caller is told to dial when nobody answers; '': nothing."""
    open: Spans | None = None
    """When somebody is there, as far ahead as the plan reaches; None: always."""
    is_consult_recorded: bool = False
    """Whether what initiator and recipient say without the caller is kept, as a file of its own."""
    ways: tuple[Kind, ...] = ()
    """How callers are taken there, the usual way first; empty: the number is only told."""
    lines: frozenset[LineId] = frozenset()
    """Whose callers desks show it first to; empty: nobody's before others."""
    is_urgent: bool = False
    """For urgent matters only: a department's duty or emergency-contact number."""
    note: str = ""
    """What agents should know of it, as administrators wrote it."""
    hotline: str = ""
    """Of a hotline or a sub-centre: its name in ``X-Hotline-Path``; '' for all others."""

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at that time."""
        return self.open is None or any(since <= at < until for since, until in self.open)

    def opens_at(self, at: datetime) -> datetime | None:
        """When somebody is there next; None: now, or not as far as the plan reaches."""
        if self.open is None or self.is_open(at):
            return None
        return next((since for since, _ in self.open if since > at), None)

    def routes_at(self, at: datetime) -> tuple[Route, ...]:
        """The routes to be tried at that time: those where somebody is, in their order.

        An emergency's are all tried, whatever is written of their hours.
        """
        if self.kind is TargetKind.EMERGENCY:
            return self.routes
        return tuple(route for route in self.routes if route.is_open(at))

"""Where callers can be taken, as the switch knows it. Ring 0, made from the platform.

A target is data of the profile: who it is, how it is reached (several routes are tried in turn),
when somebody is there, and what is done when nobody answers.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from cti.ids import PeerId, SeatId


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
    """Of the call's own centre: its next free seat."""
    peer: PeerId | None = None
    """The exchange the number is dialled at; None: over the centre's own trunk."""
    number: str = ""
    ring: timedelta = timedelta(seconds=20)
    host: str = ""
    port: int = 0
    """Where that exchange is: a call that came from there is not sent back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Somebody a caller can be taken to."""

    id: str
    """Stable within its centre: the kind and what names it there, ``emergency:110``."""
    name: str
    kind: TargetKind
    routes: tuple[Route, ...]
    """Tried in turn. Empty: the number is only told."""
    number: str = ""
    """What the caller is told to dial when nobody answers; '': nothing."""
    open: tuple[tuple[datetime, datetime], ...] | None = field(default=None)
    """When somebody is there, as far ahead as the plan reaches; None: always."""
    is_consult_recorded: bool = False
    """Whether what initiator and recipient say without the caller is kept, as a file of its own."""

    def is_open(self, at: datetime) -> bool:
        """Whether somebody is there at that time."""
        return self.open is None or any(since <= at < until for since, until in self.open)

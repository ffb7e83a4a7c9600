"""The merger ledger: which old number is merged into 12345, whose it is, and how.

Pure: the words. ``config.ledgertable`` reads them from the administrators' own table.
"""

import re
from datetime import date
from enum import Enum

from pydantic import BaseModel, ConfigDict

from config.hours import ALWAYS, Hours
from cti.ids import LineId

HOTLINE = LineId("12345")
EMERGENCY = frozenset({"110", "119", "120", "122"})

NUMBER = re.compile(r"[2-9]\d{6,7}|1\d{3,5}|9\d{4,5}|[48]00\d{7}|1[3-9]\d{9}", re.ASCII)
"""What may stand in the ledger: a local number without area code, a short national one, a mobile
one (public service numbers "含移动电话")."""


class Mode(Enum):
    """How a number is merged (归并方式)."""

    WHOLE = "whole"
    """整体并入: the old number is given up; 12345 serves it wholly."""
    DUAL = "dual"
    """双号并行: the old number stays beside 12345, served by the same seats."""
    SUB_CENTRE = "sub-centre"
    """设分中心: the department keeps number and seats as a sub-centre of 12345."""
    FRONTED = "fronted"
    """完善中心呼叫接转: the caller's city answers first, for the province (Jiangxi)."""
    KEPT_CENTRE = "kept-centre"
    """保留中心在线转办: the department's own centre stays and answers its number (Jiangxi)."""
    FORWARDED = "forwarded"
    """保留号码呼叫转移: the old number stays and is forwarded to 12345's seats (Jiangxi)."""
    OWN = "own"
    """12345 itself. Never written in the ledger."""

    @property
    def chinese(self) -> str:
        """The words the administrators write."""
        return _CHINESE[self.value]


_CHINESE = {
    "whole": "整体并入",
    "dual": "双号并行",
    "sub-centre": "设分中心",
    "fronted": "完善中心呼叫接转",
    "kept-centre": "保留中心在线转办",
    "forwarded": "保留号码呼叫转移",
    "own": "本号",
}

MODES = {mode.chinese: mode for mode in Mode if mode is not Mode.OWN}


class Seating(Enum):
    """Where the line's seats sit (座席安排)."""

    MOVED_IN = "moved-in"
    """并入: calls go straight to 12345's seats, the line's own skill first."""
    KEPT = "kept"
    """保留: calls go to ``destination`` first; unanswered, they come back to 12345."""

    @property
    def chinese(self) -> str:
        """The words the administrators write."""
        return {Seating.MOVED_IN: "并入", Seating.KEPT: "保留"}[self]


SEATINGS = {seating.chinese: seating for seating in Seating}
ALWAYS_KEPT = frozenset({Mode.SUB_CENTRE, Mode.KEPT_CENTRE})
"""Modes whose seats stay where they are."""
NEVER_KEPT = frozenset({Mode.WHOLE, Mode.FORWARDED, Mode.FRONTED})
"""Modes that leave a line no seats of its own."""


class LineState(Enum):
    """Where a line stands in its life on a given day."""

    PLANNED = "planned"
    """Its merger has not begun."""
    TRANSITION = "transition"
    """Merged, and callers are told so."""
    CANCELLED = "cancelled"
    """The transition is over and the number given up (整体并入 only). Never comes back."""
    KEPT = "kept"
    """The transition is over and the number stays."""


class Entry(BaseModel):
    """One row of the ledger. A number that serves two offices has two."""

    model_config = ConfigDict(frozen=True)

    row: int
    name: str
    department: str = ""
    """Whose it is: two departments may share a number."""


class Line(BaseModel):
    """A number of the ledger, with all its rows."""

    model_config = ConfigDict(frozen=True)

    number: LineId
    name: str
    """All its offices' names, joined by 、."""
    department: str
    """All its departments, joined by 、; mostly one."""
    mode: Mode
    row: int
    """The line of the file where it first stands; 0 for 12345 itself."""
    entries: tuple[Entry, ...] = ()
    seating: Seating = Seating.MOVED_IN
    begins: date | None = None
    """First day of the transition (过渡开始); None: it has begun."""
    ends: date | None = None
    """Last day of the transition (过渡结束), included; None: no end is set."""
    peer: str = ""
    """The peer (``config.peers``) over which its own seats are reached; only with ``KEPT``."""
    destination: str = ""
    """The number its own seats have behind that peer; only with ``KEPT``."""
    hours: Hours = ALWAYS
    """When its own seats are there; outside, 12345 answers."""
    language: str = ""
    """The language its callers speak (语言), such as 蒙古语; '': the country's."""
    exception: str = ""
    """Why a rule of the ledger was waived for this line (例外理由); '' mostly."""

    source: str = ""
    """Where the row comes from (来源): 文件, or 示例 where it was invented to show how."""

    @property
    def departments(self) -> tuple[str, ...]:
        """Its departments, in the order of their rows, each once."""
        found = tuple(dict.fromkeys(entry.department for entry in self.entries if entry.department))
        return found or tuple(filter(None, (self.department,)))

    def state(self, day: date) -> LineState:
        """Where the line stands on that day of the city's calendar."""
        if self.begins is not None and day < self.begins:
            return LineState.PLANNED
        if self.ends is None or day <= self.ends:
            return LineState.TRANSITION
        return LineState.CANCELLED if self.mode is Mode.WHOLE else LineState.KEPT

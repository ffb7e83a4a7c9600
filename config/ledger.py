"""The merger ledger: which old number is merged into 12345, whose it is, and how.

Pure. Reads the administrators' own columns (序号,部门,电话名称,电话号码,归并方式); one more,
转接号码, is optional and names where a sub-centre or a parallel number is to be reached.
"""

import re
import unicodedata
from datetime import date
from enum import Enum

from pydantic import BaseModel, ConfigDict

from config.faults import Fault, nearest
from config.hours import ALWAYS, Hours
from config.table import Row, read_table
from cti.ids import LineId

HOTLINE = LineId("12345")
EMERGENCY = frozenset({"110", "119", "120", "122"})
COLUMNS = ("部门", "电话名称", "电话号码", "归并方式")
DESTINATION = "转接号码"

NUMBER = re.compile(r"[2-9]\d{6,7}|1\d{3,5}|9\d{4,5}|[48]00\d{7}", re.ASCII)
"""What may stand in the ledger: a local number without area code, or a short national one."""


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
        return {
            Mode.WHOLE: "整体并入",
            Mode.DUAL: "双号并行",
            Mode.SUB_CENTRE: "设分中心",
            Mode.FRONTED: "完善中心呼叫接转",
            Mode.KEPT_CENTRE: "保留中心在线转办",
            Mode.FORWARDED: "保留号码呼叫转移",
            Mode.OWN: "本号",
        }[self]


MODES = {mode.chinese: mode for mode in Mode if mode is not Mode.OWN}


class Seating(Enum):
    """Where the line's seats sit (座席安排)."""

    MOVED_IN = "moved-in"
    """并入: calls go straight to 12345's seats, the line's own skill first."""
    KEPT = "kept"
    """保留: calls go to ``destination`` first; unanswered, they come back to 12345."""


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


class Line(BaseModel):
    """A number of the ledger, with all its rows."""

    model_config = ConfigDict(frozen=True)

    number: LineId
    name: str
    """All its offices' names, joined by 、."""
    department: str
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
    exception: str = ""
    """Why a rule of the ledger was waived for this line (例外理由); '' mostly."""

    def state(self, day: date) -> LineState:
        """Where the line stands on that day of the city's calendar."""
        if self.begins is not None and day < self.begins:
            return LineState.PLANNED
        if self.ends is None or day <= self.ends:
            return LineState.TRANSITION
        return LineState.CANCELLED if self.mode is Mode.WHOLE else LineState.KEPT


def read_ledger(file: str, text: str, area_code: str = "") -> tuple[tuple[Line, ...], list[Fault]]:
    """Read the whole ledger. Lines are in file order; every fault is named, not just the first.

    The city's area code only helps to say what was meant by a number that has one.
    """
    rows, faults = read_table(file, text, COLUMNS)
    if not rows and not faults:
        faults.append(Fault(file, 0, "", "表中没有号码", "至少一行号码"))
    groups: dict[str, list[Row]] = {}
    for row in rows:
        faults += _row_faults(file, row, area_code)
        groups.setdefault(row["电话号码"], []).append(row)
    groups.pop("", None)
    for group in groups.values():
        faults += _group_faults(file, group)
    faults.sort(key=lambda fault: fault.row)
    return tuple(_line(group) for group in groups.values() if group[0]["归并方式"] in MODES), faults


def _row_faults(file: str, row: Row, area_code: str) -> list[Fault]:
    faults = _number_faults(file, row, area_code)
    mode = row["归并方式"]
    if mode not in MODES:
        message = f"没有「{mode}」这种归并方式" if mode else "归并方式是空的（请逐行填写）"
        faults.append(
            Fault(
                file,
                row.line,
                "归并方式",
                message,
                nearest(mode, list(MODES)),
            )
        )
    for column in ("部门", "电话名称"):
        if not row[column]:
            faults.append(
                Fault(file, row.line, column, f"{column}是空的（请逐行填写）", f"该号码的{column}")
            )
    where = row[DESTINATION]
    if where and not re.fullmatch(r"\d{3,16}", where, re.ASCII):
        faults.append(
            Fault(
                file,
                row.line,
                DESTINATION,
                f"「{where}」不是电话号码",
                _digits(where, "") or "只写数字，或留空",
            )
        )
    return faults


def _number_faults(file: str, row: Row, area_code: str) -> list[Fault]:
    number = row["电话号码"]

    def fault(message: str, instead: str) -> list[Fault]:
        return [Fault(file, row.line, "电话号码", message, instead)]

    if not number:
        return fault("电话号码是空的", "该热线的号码，或删去这一行")
    digits = _digits(number, area_code)
    if digits in EMERGENCY:
        return fault(f"{digits}是紧急电话，不得归并", "删去这一行；紧急电话在转接设置中联动")
    if digits == HOTLINE:
        return fault("12345是热线本号，不列入归并清单", "删去这一行")
    if not NUMBER.fullmatch(number):
        better = (
            digits if NUMBER.fullmatch(digits) else "本地号码不加区号，只写数字，如8337772或12333"
        )
        return fault(f"「{number}」不是可归并的号码", better)
    return []


def _digits(written: str, area_code: str) -> str:
    """What was probably meant: full-width digits, separators, country and area code undone."""
    digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", written))
    national = area_code.removeprefix("0")
    for prefix in (f"0086{national}", f"86{national}", area_code):
        if national and digits.startswith(prefix) and len(digits) > len(prefix) + 2:
            return digits.removeprefix(prefix)
    return digits


def _group_faults(file: str, group: list[Row]) -> list[Fault]:
    """What one number's rows contradict each other in."""
    first, faults = group[0], []
    for row in group[1:]:
        number = row["电话号码"]
        for column in ("归并方式", "部门", DESTINATION):
            is_told = column == "归并方式" and row[column] not in MODES
            if row[column] != first[column] and not is_told:
                faults.append(
                    Fault(
                        file,
                        row.line,
                        column,
                        f"号码{number}在第{first.line}行是"
                        f"「{first[column]}」，这里是「{row[column]}」，一个号码只能有一种",
                        first[column] or "（留空）",
                    )
                )
        if any(row["电话名称"] == other["电话名称"] for other in group if other.line < row.line):
            faults.append(
                Fault(
                    file,
                    row.line,
                    "电话名称",
                    f"号码{number}与前面的行完全重复",
                    "删去这一行，或写明另一个科室的名称",
                )
            )
    return faults


def _line(group: list[Row]) -> Line:
    first = group[0]
    return Line(
        number=LineId(first["电话号码"]),
        name="、".join(dict.fromkeys(row["电话名称"] for row in group)),
        department=first["部门"],
        mode=MODES[first["归并方式"]],
        row=first.line,
        entries=tuple(Entry(row=row.line, name=row["电话名称"]) for row in group),
        destination=first[DESTINATION],
    )

"""Reads the merger ledger (``numbers.csv``): rows in, lines out, and every fault named. Pure.

The administrators' own columns (序号,部门,电话名称,电话号码,归并方式) must be there but the first;
the others say more of a line and may be left out.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import lru_cache, partial

from config.cells import (
    digits,
    is_emergency,
    nearest_date,
    nearest_hours,
    only_digits,
    read_date,
)
from config.faults import Fault, nearest
from config.hours import ALWAYS, Hours, read_hours
from config.ledger import (
    ALWAYS_KEPT,
    HOTLINE,
    MODES,
    NEVER_KEPT,
    NUMBER,
    SEATINGS,
    Entry,
    Line,
    Mode,
    Seating,
)
from config.table import Row, read_table
from cti.ids import LineId

NUMBERS = "numbers.csv"
DEPARTMENT, NAME, PHONE, MODE = "部门", "电话名称", "电话号码", "归并方式"
COLUMNS = (DEPARTMENT, NAME, PHONE, MODE)
SEATING, PEER, DESTINATION, HOURS = "座席安排", "对端", "转接号码", "座席时间"
BEGINS, ENDS, EXCEPTION, SOURCE = "过渡开始", "过渡结束", "例外理由", "来源"
LANGUAGE = "语言"
OPTIONAL_COLUMNS = (SEATING, BEGINS, ENDS, PEER, DESTINATION, HOURS, EXCEPTION, SOURCE, LANGUAGE)
ALL_COLUMNS = ("序号", *COLUMNS, *OPTIONAL_COLUMNS, "备注")
SOURCES = ("文件", "示例")

PEER_ID = re.compile(r"[a-z][a-z0-9]{0,15}", re.ASCII)
DIALLED = re.compile(r"\d{3,16}", re.ASCII)
"""A number that we dial at a peer."""

_Told = Callable[[str, str, str], Fault]


def read_ledger(
    file: str,
    text: str,
    area_code: str = "",
    *,
    begins: date | None = None,
    ends: date | None = None,
) -> tuple[tuple[Line, ...], list[Fault]]:
    """Read the whole ledger. Lines are in file order; every fault is named, not just the first.

    The city's area code only helps to say what was meant by a number that has one. ``begins`` and
    ``ends`` are the transition of lines that have no dates of their own. Lines whose rows have
    faults are returned as far as they can be understood.
    """
    rows, faults = read_table(file, text, COLUMNS)
    if not rows and not faults:
        faults.append(Fault(file, 0, "", "表中没有号码", "至少一行号码"))
    groups: dict[str, list[Row]] = {}
    for row in rows:
        faults += _row_faults(file, row, area_code)
        groups.setdefault(row[PHONE], []).append(row)
    groups.pop("", None)
    lines = []
    for group in groups.values():
        if len(group) > 1:
            faults += _group_faults(file, group)
        if any(row[MODE] in MODES for row in group):
            line = _line(group, begins, ends)
            faults += _line_faults(file, group, line)
            lines.append(line)
    faults.sort(key=lambda fault: fault.row)
    return tuple(lines), faults


def _row_faults(file: str, row: Row, area_code: str) -> list[Fault]:
    """What is wrong with each cell by itself."""
    told = partial(Fault, file, row.line)
    faults = _number_faults(told, row[PHONE], area_code)
    if row[MODE] not in MODES:
        message = (
            f"没有「{row[MODE]}」这种归并方式" if row[MODE] else "归并方式是空的（请逐行填写）"
        )
        faults.append(told(MODE, message, nearest(row[MODE], list(MODES))))
    faults += [
        told(column, f"{column}是空的（请逐行填写）", f"该号码的{column}")
        for column in (DEPARTMENT, NAME)
        if not row[column]
    ]
    for column, valid in ((SEATING, tuple(SEATINGS)), (SOURCE, SOURCES)):
        if row[column] and row[column] not in valid:
            message = f"没有「{row[column]}」这种{column}"
            faults.append(told(column, message, nearest(row[column], valid)))
    faults += [
        told(column, f"「{row[column]}」不是日期", nearest_date(row[column]))
        for column in (BEGINS, ENDS)
        if row[column] and _date(row[column]) is None
    ]
    if _hours(row[HOURS]) is None:
        faults.append(told(HOURS, f"看不懂「{row[HOURS]}」", nearest_hours(row[HOURS])))
    return faults + _way_faults(told, row, area_code)


def _number_faults(told: _Told, number: str, area_code: str) -> list[Fault]:
    if not number:
        return [told(PHONE, "电话号码是空的", "该热线的号码，或删去这一行")]
    if number != HOTLINE and NUMBER.fullmatch(number):
        return []
    meant = digits(number, area_code)
    if is_emergency(number):
        message = f"{meant[-3:]}是紧急电话，不得归并"
        return [told(PHONE, message, "删去这一行；紧急电话在转接设置中联动")]
    if meant == HOTLINE:
        return [told(PHONE, "12345是热线本号，不列入归并清单", "删去这一行")]
    example = "本地号码不加区号，只写数字，如8337772或12333"
    better = meant if NUMBER.fullmatch(meant) else example
    return [told(PHONE, f"「{number}」不是可归并的号码", better)]


def _way_faults(told: _Told, row: Row, area_code: str) -> list[Fault]:
    """What is wrong with where the line's own seats are to be reached."""
    faults = []
    peer, where = row[PEER], row[DESTINATION]
    if peer and not PEER_ID.fullmatch(peer):
        meant = re.sub(r"[^a-z0-9]", "", peer.lower()).lstrip("0123456789")[:16]
        message = f"「{peer}」不是对端的名称"
        faults.append(told(PEER, message, meant or "小写字母开头，只用小写字母和数字，如shuiwu"))
    if is_emergency(where):
        message = f"「{where}」是紧急电话，归并的号码不得转到这里"
        faults.append(told(DESTINATION, message, "该部门座席的号码；紧急电话在linkage.csv中联动"))
    elif where and not DIALLED.fullmatch(where):
        meant = only_digits(where)
        better = meant if DIALLED.fullmatch(meant) else "只写数字，或留空"
        faults.append(told(DESTINATION, f"「{where}」不是电话号码", better))
    return faults


def _group_faults(file: str, group: Sequence[Row]) -> list[Fault]:
    """What one number's rows contradict each other in. Two departments may share a number."""
    faults = []
    seen: dict[tuple[str, str], int] = {}
    holders = {
        column: next((row for row in group if row[column]), group[0])
        for column in (SEATING, BEGINS, ENDS, PEER, DESTINATION, HOURS, LANGUAGE)
    }
    holders[MODE] = next((row for row in group if row[MODE] in MODES), group[0])
    for row in group:
        for column, first in holders.items():
            is_told = column == MODE and row[column] not in MODES
            if row[column] and row[column] != first[column] and not is_told:
                message = (
                    f"号码{row[PHONE]}在第{first.line}行是"
                    f"「{first[column]}」，这里是「{row[column]}」，一个号码只能有一种"
                )
                faults.append(Fault(file, row.line, column, message, first[column]))
        whose = (row[DEPARTMENT], row[NAME])
        if whose in seen:
            message = f"号码{row[PHONE]}与第{seen[whose]}行完全重复"
            better = "删去这一行，或写明另一个科室的名称"
            faults.append(Fault(file, row.line, NAME, message, better))
        seen.setdefault(whose, row.line)
    return faults


def _line(group: Sequence[Row], begins: date | None, ends: date | None) -> Line:
    first = group[0]
    said = {
        column: next((row[column] for row in group if row[column]), "")
        for column in OPTIONAL_COLUMNS
    }
    mode = next(MODES[row[MODE]] for row in group if row[MODE] in MODES)
    return Line(
        number=LineId(first[PHONE]),
        name="、".join(dict.fromkeys(row[NAME] for row in group)),
        department="、".join(dict.fromkeys(row[DEPARTMENT] for row in group)),
        mode=mode,
        row=first.line,
        entries=tuple(
            Entry(row=row.line, name=row[NAME], department=row[DEPARTMENT]) for row in group
        ),
        seating=_seating(mode, said),
        begins=_date(said[BEGINS]) or begins,
        ends=_date(said[ENDS]) or ends,
        peer=said[PEER],
        destination=said[DESTINATION],
        hours=_hours(said[HOURS]) or ALWAYS,
        language=said[LANGUAGE],
        exception=said[EXCEPTION],
        source=said[SOURCE],
    )


def _seating(mode: Mode, said: Mapping[str, str]) -> Seating:
    if said[SEATING] in SEATINGS:
        return SEATINGS[said[SEATING]]
    if mode in ALWAYS_KEPT or (said[DESTINATION] and mode not in NEVER_KEPT):
        return Seating.KEPT
    return Seating.MOVED_IN


@lru_cache(maxsize=4096)
def _date(written: str) -> date | None:
    """The date; None for an empty cell and for what is none. A column holds few different ones."""
    try:
        return read_date(written)
    except ValueError:
        return None


@lru_cache(maxsize=4096)
def _hours(written: str) -> Hours | None:
    """The hours; None for what is none."""
    try:
        return read_hours(written)
    except ValueError:
        return None


def _line_faults(file: str, group: Sequence[Row], line: Line) -> list[Fault]:
    """What a line's columns contradict each other in."""
    faults = []

    def tell(column: str, message: str, instead: str) -> None:
        row = next((row.line for row in group if row[column]), line.row)
        faults.append(Fault(file, row, column, message, instead))

    mode = line.mode.chinese
    if line.seating is Seating.KEPT and line.mode in NEVER_KEPT:
        tell(SEATING, f"{mode}的号码没有自己的座席", Seating.MOVED_IN.chinese)
    elif line.seating is Seating.MOVED_IN and line.mode in ALWAYS_KEPT:
        tell(SEATING, f"{mode}的号码保留自己的座席", Seating.KEPT.chinese)
    elif line.seating is Seating.MOVED_IN:
        for column in (PEER, DESTINATION, HOURS):
            if any(row[column] for row in group):
                message = f"该号码的座席已并入，{column}不起作用"
                better = (
                    "留空" if line.mode in NEVER_KEPT else "留空；座席仍在部门的，座席安排写：保留"
                )
                tell(column, message, better)
    if line.mode is Mode.SUB_CENTRE and not line.hours.is_always:
        tell(HOURS, "分中心7×24小时受理", "全天")
    is_dated = any(row[BEGINS] or row[ENDS] for row in group)
    if is_dated and line.begins and line.ends and line.ends < line.begins:
        column = ENDS if any(row[ENDS] for row in group) else BEGINS
        message = f"过渡期从{line.begins}开始，却在{line.ends}结束"
        better = (
            f"{line.begins}或以后的日期"
            if column == ENDS
            else f"{line.ends}或以前的日期，并写明{ENDS}"
        )
        tell(column, message, better)
    return faults

"""Where callers go who wait too long, or with too many (``overflow.csv``), and when it is night.

Pure. A row is a step: from so many seconds of waiting on (等待秒), while more than so many callers
wait for each signed-in seat (每席等待人数), callers of a line (线路) may go to further seats of the
centre (技能), to another centre's general seats (中心), to another exchange (对端), or at last into
Asterisk's own queue (后备队列). Steps are taken in their order (次序).
"""

import re
from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import partial

from pydantic import BaseModel, ConfigDict

from config.cells import is_emergency, named
from config.faults import Fault, nearest
from config.hours import Hours
from config.peers import number_faults
from config.table import Row, read_table
from config.workdays import CHINA, NATIONAL, Calendar

OVERFLOW = "overflow.csv"
ORDER, LINES, WAIT, LOAD = "次序", "线路", "等待秒", "每席等待人数"
WHERE, TARGET, NUMBER, WHEN = "去向", "目标", "号码", "时段"
LONGEST_WAIT_S = 3600
MOST_LOAD = 100.0
ALL_DAY, NIGHT = "全天", "夜间"


class Where(Enum):
    """What kind of place a step leads to (去向)."""

    SKILL = "技能"
    CENTRE = "中心"
    PEER = "对端"
    FALLBACK = "后备队列"


class OverflowStep(BaseModel):
    """One row."""

    model_config = ConfigDict(frozen=True)

    order: int
    lines: tuple[str, ...] = ()
    """Whose callers; empty: everybody's."""
    wait_s: int = 0
    per_seat: float = 0.0
    """0: however many wait."""
    where: Where
    target: str = ""
    """A skill, a centre or a peer."""
    number: str = ""
    """What to dial at a peer."""
    is_night: bool = False
    """Outside working hours only."""
    row: int = 0

    @property
    def written(self) -> str:
        """As the row says it, in short."""
        load = f"、每席超过{self.per_seat:g}人" if self.per_seat else ""
        night = f"（{NIGHT}）" if self.is_night else ""
        return f"等待{self.wait_s}秒{load}{night} → {self.where.value}{self.target}{self.number}"


def read_overflow(
    text: str, skills: Collection[str] | None, lines: Collection[str] | None
) -> tuple[tuple[OverflowStep, ...], list[Fault]]:
    """Read the steps, in their order. None: which skills or lines there are is not known."""
    rows, faults = read_table(OVERFLOW, text, (ORDER, WAIT, WHERE))
    found: dict[int, OverflowStep] = {}
    for row in rows:
        told = partial(Fault, OVERFLOW, row.line)
        order = _whole(row[ORDER], 999)
        if order is None:
            faults.append(told(ORDER, f"「{row[ORDER]}」不是次序", "1、2、3……，先做的在前"))
        elif order in found:
            message = f"次序{order}在第{found[order].row}行已有"
            faults.append(told(ORDER, message, str(max(found) + 1)))
        faults += _time_faults(row)
        faults += _target_faults(row, skills)
        for line in named(row[LINES]):
            if lines is not None and line not in lines:
                message = f"没有「{line}」这个号码"
                faults.append(told(LINES, message, nearest(line, sorted(lines))))
        step = _step(row, order or 0)
        found.setdefault(step.order, step)
    return tuple(found[order] for order in sorted(found)), faults


def _step(row: Row, order: int) -> OverflowStep:
    where = next((one for one in Where if one.value == row[WHERE]), Where.SKILL)
    return OverflowStep(
        order=order,
        lines=named(row[LINES]),
        wait_s=_whole(row[WAIT], LONGEST_WAIT_S) or 0,
        per_seat=_load(row[LOAD]) or 0.0,
        where=where,
        target=row[TARGET],
        number=row[NUMBER],
        is_night=row[WHEN] == NIGHT,
        row=row.line,
    )


def _time_faults(row: Row) -> Iterator[Fault]:
    told = partial(Fault, OVERFLOW, row.line)
    if _whole(row[WAIT], LONGEST_WAIT_S) is None:
        yield told(WAIT, f"「{row[WAIT]}」不是秒数", f"0到{LONGEST_WAIT_S}的整数，如60")
    if _load(row[LOAD]) is None:
        better = f"0到{MOST_LOAD:g}的数，如1.5；不看人数的留空"
        yield told(LOAD, f"「{row[LOAD]}」不是人数", better)
    if row[WHEN] not in ("", ALL_DAY, NIGHT):
        yield told(WHEN, f"没有「{row[WHEN]}」这种时段", nearest(row[WHEN], (ALL_DAY, NIGHT)))


def _target_faults(row: Row, skills: Collection[str] | None) -> Iterator[Fault]:
    told = partial(Fault, OVERFLOW, row.line)
    kinds = tuple(one.value for one in Where)
    where, target = row[WHERE], row[TARGET]
    if where not in kinds:
        yield told(WHERE, f"没有「{where}」这种去向", nearest(where, kinds))
        return
    if where == Where.FALLBACK.value:
        if target:
            yield told(TARGET, "后备队列是Asterisk自己的，不用写目标", "留空")
    elif not target:
        yield told(TARGET, f"没有写哪个{where}", f"{where}的名称")
    elif where == Where.SKILL.value and skills is not None and target not in skills:
        yield told(TARGET, f"没有「{target}」这种技能", nearest(target, sorted(skills)))
    if where != Where.PEER.value:
        if row[NUMBER]:
            yield told(NUMBER, "只有转到对端的才写号码", "留空，或去向写：对端")
    elif is_emergency(row[NUMBER]):
        yield told(NUMBER, f"「{row[NUMBER]}」是紧急电话", "对端受理来电的号码")
    else:
        yield from number_faults(OVERFLOW, row, NUMBER, is_needed=True)


def _whole(written: str, most: int) -> int | None:
    is_number = re.fullmatch(r"\d{1,6}", written, re.ASCII)
    return int(written) if is_number and int(written) <= most else None


def _load(written: str) -> float | None:
    if not written:
        return 0.0
    is_number = re.fullmatch(r"\d{1,4}(\.\d{1,3})?", written, re.ASCII)
    return float(written) if is_number and float(written) <= MOST_LOAD else None


def nights(
    work: Hours, first: date, days: int, calendar: Calendar = NATIONAL
) -> Iterator[tuple[datetime, datetime]]:
    """When it is outside those hours, from the beginning of ``first`` on for so many days."""
    if work.is_always:
        return
    since = midnight = datetime.combine(first, time(), CHINA)
    for count in range(days):
        day = midnight + timedelta(days=count)
        if work.is_working_days_only and not calendar.is_workday(day.date()):
            continue
        for span in work.spans:
            opens = day + timedelta(minutes=span.opens)
            if since < opens:
                yield since, opens
            since = day + timedelta(minutes=span.closes)
    yield since, midnight + timedelta(days=days)

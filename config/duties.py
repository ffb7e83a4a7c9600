"""Leaders' reception days and departments' duty days (``duties.csv``): who answers when. Pure.

A row says on which days (日期), at which hours (时间) which seats (座席) first answer the callers
of which lines (线路; none: everybody's). Days are read as people write them: 2026-12-01,
2026-12-01至2026-12-03, 每天, 工作日, 每周一、周四, 每月5日、20日, 每月第一个周三.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from pydantic import BaseModel, ConfigDict

from config.cells import APART, named, read_date
from config.faults import Fault, nearest
from config.hours import ALWAYS_WRITTEN, Hours, read_hours
from config.table import Row, read_table
from config.workdays import CHINA, NATIONAL, Calendar

DUTIES = "duties.csv"
DAYS, HOURS, NAME, KIND, LINES, SEATS = "日期", "时间", "名称", "类别", "线路", "座席"
KINDS = ("领导接听日", "部门值班")
DAYS_EXAMPLE = "2026-12-01、2026-12-01至2026-12-03、工作日、每周三、每月5日或每月第一个周三"
HOURS_EXAMPLE = "08:30-12:00,14:30-17:30，或 全天；跨过零点的写成两行"

_WEEK = "一二三四五六日"
_ORDINALS = {"第一个": 1, "第二个": 2, "第三个": 3, "第四个": 4, "最后一个": -1}


@dataclass(frozen=True, slots=True)
class Days:
    """On which days. What is empty or None does not narrow them."""

    first: date | None = None
    last: date | None = None
    is_working_days_only: bool = False
    weekdays: frozenset[int] = frozenset()
    """1 is Monday."""
    days_of_month: frozenset[int] = frozenset()
    which_of_month: int = 0
    """The first, second … of those weekdays in the month; -1: the last; 0: each."""

    def hold(self, day: date, calendar: Calendar = NATIONAL) -> bool:
        """Whether that day is one of them, by the city's calendar."""
        if self.first is not None and day < self.first:
            return False
        if self.last is not None and day > self.last:
            return False
        if self.is_working_days_only and not calendar.is_workday(day):
            return False
        if self.weekdays and day.isoweekday() not in self.weekdays:
            return False
        if self.days_of_month and day.day not in self.days_of_month:
            return False
        if self.which_of_month < 0:
            return (day + timedelta(days=7)).month != day.month
        return not self.which_of_month or (day.day - 1) // 7 + 1 == self.which_of_month


class DutyPlan(BaseModel):
    """One row: who answers first, on which days, at which hours."""

    model_config = ConfigDict(frozen=True)

    name: str
    kind: str
    days: Days
    hours: Hours
    lines: tuple[str, ...] = ()
    """Whose callers; empty: everybody's."""
    seats: tuple[str, ...] = ()
    """Extensions."""
    written: str = ""
    """Days and hours as the row has them."""
    row: int = 0

    def spans(
        self, first: date, days: int, calendar: Calendar = NATIONAL
    ) -> Iterator[tuple[datetime, datetime]]:
        """From when until when the duty lasts, on that day and those after it."""
        return spans(self.days, self.hours, first, days, calendar)


def spans(
    days: Days, hours: Hours, first: date, count: int, calendar: Calendar = NATIONAL
) -> Iterator[tuple[datetime, datetime]]:
    """From when until when those hours of those days last, on that day and those after it."""
    for ahead in range(count):
        day = first + timedelta(days=ahead)
        if not days.hold(day, calendar):
            continue
        if hours.is_working_days_only and not calendar.is_workday(day):
            continue
        midnight = datetime.combine(day, time(), CHINA)
        if hours.is_always:
            yield midnight, midnight + timedelta(days=1)
        for span in hours.spans:
            yield (
                midnight + timedelta(minutes=span.opens),
                midnight + timedelta(minutes=span.closes),
            )


def read_days(written: str) -> Days:
    """Read the days of a row. Raises ``ValueError``."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", written)).replace("星期", "周")
    if text in ("每天", "每日"):
        return Days()
    if text == "工作日":
        return Days(is_working_days_only=True)
    if text.startswith("每周"):
        return Days(weekdays=_weekdays(text.removeprefix("每")))
    if text.startswith("每月"):
        return _of_month(text.removeprefix("每月"))
    ends = [read_date(part) for part in re.split(r"[至到~—–]", text)]
    first, last = ends[0], ends[-1]
    if first is None or last is None or last < first or len(ends) > 2:
        raise ValueError(written)
    return Days(first, last)


def _weekdays(written: str) -> frozenset[int]:
    """周一、周四, 周一四, 周一至周五 … Raises ``ValueError``."""
    found: set[int] = set()
    for part in APART.split(written.replace("周", "").replace("天", "日")):
        first, _, last = re.sub("[到~—–-]", "至", part).partition("至")
        numbers = [_WEEK.index(day) + 1 for day in first + last]
        found |= set(range(numbers[0], numbers[-1] + 1)) if last else set(numbers)
    if not written.startswith("周") or not found:
        raise ValueError(written)
    return frozenset(found)


def _of_month(written: str) -> Days:
    for ordinal, which in _ORDINALS.items():
        if written.startswith(ordinal):
            return Days(weekdays=_weekdays(written.removeprefix(ordinal)), which_of_month=which)
    days = [re.fullmatch(r"(\d{1,2})[日号]", part, re.ASCII) for part in APART.split(written)]
    found = frozenset(int(day[1]) for day in days if day)
    if len(found) < len(days) or not found <= frozenset(range(1, 32)):
        raise ValueError(written)
    return Days(days_of_month=found)


def read_duties(
    text: str, extensions: Collection[str] | None, lines: Collection[str] | None
) -> tuple[tuple[DutyPlan, ...], list[Fault]]:
    """Read the duties. None: which seats or lines there are is unknown, so not checked."""
    rows, faults = read_table(DUTIES, text, (DAYS, NAME, SEATS))
    found: dict[tuple[str, str, tuple[str, ...]], DutyPlan] = {}
    for row in rows:
        told = partial(Fault, DUTIES, row.line)
        days, hours = _days(row[DAYS]), _hours(row[HOURS])
        if days is None:
            faults.append(told(DAYS, f"看不懂「{row[DAYS]}」", f"如{DAYS_EXAMPLE}"))
        if hours is None:
            faults.append(told(HOURS, f"看不懂「{row[HOURS]}」", HOURS_EXAMPLE))
        faults += _row_faults(row, extensions, lines)
        plan = DutyPlan(
            name=row[NAME],
            kind=row[KIND] or KINDS[-1],
            days=days or Days(),
            hours=hours or Hours(),
            lines=named(row[LINES]),
            seats=named(row[SEATS]),
            written=f"{row[DAYS]} {row[HOURS] or ALWAYS_WRITTEN[0]}",
            row=row.line,
        )
        twin = found.setdefault((plan.name, plan.written, plan.lines), plan)
        if twin is not plan:
            faults.append(told(SEATS, f"与第{twin.row}行是同一个值班", "把座席写在同一行"))
    return tuple(found.values()), faults


def _row_faults(
    row: Row, extensions: Collection[str] | None, lines: Collection[str] | None
) -> Iterator[Fault]:
    told = partial(Fault, DUTIES, row.line)
    if not row[NAME]:
        yield told(NAME, "名称是空的", "座席弹屏上要显示的名称，如住建局值班")
    if row[KIND] not in ("", *KINDS):
        yield told(KIND, f"没有「{row[KIND]}」这种类别", nearest(row[KIND], KINDS))
    if not row[SEATS]:
        yield told(SEATS, "没有写哪些座席", "分机号，几个的用顿号隔开，如1001、1002")
    for column, known, called in ((SEATS, extensions, "分机"), (LINES, lines, "号码")):
        for part in named(row[column]):
            if known is not None and part not in known:
                yield told(column, f"没有「{part}」这个{called}", nearest(part, sorted(known)))


def _days(written: str) -> Days | None:
    try:
        return read_days(written)
    except ValueError:
        return None


def _hours(written: str) -> Hours | None:
    try:
        return read_hours(
            written if written in ALWAYS_WRITTEN else f"每天{written.removeprefix('每天')}"
        )
    except ValueError:
        return None

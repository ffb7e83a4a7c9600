"""A city's own days (``days.csv``): holidays that only it has, and weekends that it works. Pure.

Only what differs from the country's own arrangement is written: each row a day, or days from one to
another (日期), whether they are off or worked (类别), and what for (名称).
"""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import Enum
from functools import partial

from pydantic import BaseModel, ConfigDict

from config.cells import DATE_EXAMPLE
from config.duties import read_days
from config.faults import Fault, nearest
from config.table import read_table
from config.workdays import Calendar, is_workday

DAYS = "days.csv"
DATE, KIND, NAME = "日期", "类别", "名称"
LONGEST = 31
"""Days of one row: more is a year that was mistyped."""


class DayKind(Enum):
    """What a day is."""

    OFF = "放假"
    WORKED = "上班"


class OwnDay(BaseModel):
    """One row."""

    model_config = ConfigDict(frozen=True)

    first: date
    last: date
    kind: DayKind
    name: str = ""
    row: int = 0

    @property
    def days(self) -> tuple[date, ...]:
        """Each of them."""
        count = (self.last - self.first).days + 1
        return tuple(self.first + timedelta(days=ahead) for ahead in range(count))

    @property
    def written(self) -> str:
        """As people write them."""
        return f"{self.first}" if self.first == self.last else f"{self.first}至{self.last}"


def calendar_of(rows: Sequence[OwnDay]) -> Calendar:
    """The country's days with these in their place."""
    found = {
        kind: frozenset(day for row in rows if row.kind is kind for day in row.days)
        for kind in DayKind
    }
    return Calendar(off=found[DayKind.OFF], worked=found[DayKind.WORKED])


def read_own_days(text: str) -> tuple[tuple[OwnDay, ...], list[Fault]]:
    """Read the days. A day of two rows, and one that says what holds anyway, is a fault."""
    rows, faults = read_table(DAYS, text, (DATE, KIND))
    taken: dict[date, int] = {}
    found = []
    for row in rows:
        told = partial(Fault, DAYS, row.line)
        kind = next((kind for kind in DayKind if kind.value == row[KIND]), None)
        if kind is None:
            words = [one.value for one in DayKind]
            message = f"没有「{row[KIND]}」这种类别" if row[KIND] else "类别是空的"
            faults.append(told(KIND, message, nearest(row[KIND], words)))
        span = _span(row[DATE])
        if span is None:
            example = f"{DATE_EXAMPLE}，或写首尾两天，最多{LONGEST}天"
            faults.append(told(DATE, f"看不懂「{row[DATE]}」", example))
        if kind is None or span is None:
            continue
        one = OwnDay(first=span[0], last=span[1], kind=kind, name=row[NAME], row=row.line)
        twin = next((taken[day] for day in one.days if day in taken), None)
        if twin is not None:
            faults.append(told(DATE, f"与第{twin}行是同一天", "一天只写一次"))
        elif all(is_workday(day) is (kind is DayKind.WORKED) for day in one.days):
            faults.append(
                told(DATE, f"按国家安排本来就{kind.value}", "删去这一行，只写与国家安排不同的")
            )
        taken |= dict.fromkeys(one.days, row.line)
        found.append(one)
    return tuple(found), faults


def _span(written: str) -> tuple[date, date] | None:
    try:
        days = read_days(written)
    except ValueError:
        return None
    if days.first is None or days.last is None or (days.last - days.first).days >= LONGEST:
        return None
    return days.first, days.last

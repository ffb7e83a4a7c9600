"""When somebody is at a telephone (座席时间): on working days or every day, at which hours. Pure.

A time is looked at as the city's clock shows it; whether a day is a working day is the calendar's
to say (``config.workdays``). The dialplan's condition is made here beside the Python one, so that
what is rendered and what is explained stand on one page.
"""

import re
from dataclasses import dataclass
from datetime import time

_SPAN = re.compile(r"(\d{1,2})[:：](\d{2})[-~—－至到](\d{1,2})[:：](\d{2})", re.ASCII)
_DAYS = {"工作日": True, "每天": False, "每日": False}
ALWAYS_WRITTEN = ("全天", "24小时", "7×24小时", "7*24小时", "")

MOST_SPANS = 6
"""Spans of a day. What a number means must fit into one line of the dialplan."""


@dataclass(frozen=True, slots=True)
class Span:
    """From ``opens`` until just before ``closes``, in minutes of the day; 1440 is midnight."""

    opens: int
    closes: int

    @property
    def written(self) -> str:
        """As people write it: 08:30-12:00."""
        return "-".join(
            f"{minute // 60:02}:{minute % 60:02}" for minute in (self.opens, self.closes)
        )


@dataclass(frozen=True, slots=True)
class Hours:
    """Opening hours. No spans: always open."""

    is_working_days_only: bool = False
    spans: tuple[Span, ...] = ()

    @property
    def is_always(self) -> bool:
        """Whether somebody is there at any hour of any day."""
        return not self.spans

    def hold(self, at: time, *, is_workday: bool) -> bool:
        """Whether somebody is there at that time of a day of that kind."""
        if self.is_always:
            return True
        minute = at.hour * 60 + at.minute
        is_day = is_workday or not self.is_working_days_only
        return is_day and any(span.opens <= minute < span.closes for span in self.spans)

    def expression(self, workday: str = "${WORKDAY}") -> str:
        """The same as a dialplan expression over ``MINUTE`` (of the day) and whether it is a
        working day (0, 1).
        """
        if self.is_always:
            return "1"
        spans = " | ".join(
            f"(${{MINUTE}}>={span.opens} & ${{MINUTE}}<{span.closes})" for span in self.spans
        )
        return f"{workday} & ({spans})" if self.is_working_days_only else f"({spans})"

    @property
    def chinese(self) -> str:
        """As administrators write it."""
        if self.is_always:
            return "全天"
        days = "工作日" if self.is_working_days_only else "每天"
        return f"{days} {','.join(span.written for span in self.spans)}"


ALWAYS = Hours()


def read_hours(written: str) -> Hours:
    """Read 工作日 08:30-12:00,14:30-17:30, 每天 08:00-20:00, or 全天. Raises ``ValueError``."""
    text = written.replace(" ", "").replace("　", "")
    if text in ALWAYS_WRITTEN:
        return ALWAYS
    days = next((word for word in _DAYS if text.startswith(word)), None)
    if days is None:
        raise ValueError(written)
    spans: list[Span] = []
    for part in re.split(r"[,，、;；]", text.removeprefix(days)):
        found = _SPAN.fullmatch(part)
        if found is None:
            raise ValueError(written)
        hour, minute, to_hour, to_minute = map(int, found.groups())
        span = Span(hour * 60 + minute, to_hour * 60 + to_minute)
        if minute > 59 or to_minute > 59 or not span.opens < span.closes <= 1440:
            raise ValueError(written)
        if spans and span.opens < spans[-1].closes:
            raise ValueError(written)
        spans.append(span)
    if len(spans) > MOST_SPANS:
        raise ValueError(written)
    return Hours(_DAYS[days], tuple(spans))

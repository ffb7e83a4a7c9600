"""China's clock and its working days: weekends, holidays, and the days worked for them. Pure.

Days of years that are not published yet follow the weekends.
"""

from dataclasses import dataclass
from datetime import date, timedelta, timezone
from typing import Final

import chinese_calendar

CHINA: Final = timezone(timedelta(hours=8))
"""The whole country's clock; it has had no summer time since 1991."""


def is_workday(day: date) -> bool:
    """Whether offices work on that day."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # the year's holidays are not published yet
        return day.isoweekday() <= 5


@dataclass(frozen=True, slots=True)
class Calendar:
    """The country's working days, but for the days that a city has of its own."""

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def is_workday(self, day: date) -> bool:
        """Whether offices of that city work on that day."""
        return day not in self.off and (day in self.worked or is_workday(day))


NATIONAL: Final = Calendar()
"""Of a city without days of its own."""


def exceptions(first: date, days: int) -> dict[date, bool]:
    """The days on which the week alone would be wrong, with what they are: is it a working day?"""
    found = {}
    for count in range(days):
        day = first + timedelta(days=count)
        if is_workday(day) != (day.isoweekday() <= 5):
            found[day] = is_workday(day)
    return found

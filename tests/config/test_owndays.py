"""A city's own days off and days worked."""

from datetime import date

import pytest

from config.owndays import DayKind, OwnDay, calendar_of, read_own_days
from config.workdays import NATIONAL

HEADER = "日期,类别,名称\n"


def test_own_days_stand_in_the_place_of_the_countrys() -> None:
    """Whatever is not written is as everywhere."""
    rows, faults = read_own_days(
        f"{HEADER}2026-08-18至2026-08-20,放假,那达慕\n2026年8月22日,上班,\n"
    )
    assert not faults
    assert rows[0] == OwnDay(
        first=date(2026, 8, 18), last=date(2026, 8, 20), kind=DayKind.OFF, name="那达慕", row=2
    )
    assert [row.written for row in rows] == ["2026-08-18至2026-08-20", "2026-08-22"]
    calendar = calendar_of(rows)
    august = [calendar.is_workday(date(2026, 8, day)) for day in range(17, 24)]
    assert august == [True, False, False, False, True, True, False]
    assert not calendar.is_workday(date(2026, 10, 1))
    assert calendar_of(()) == NATIONAL


@pytest.mark.parametrize(
    ("row", "column", "fix"),
    [
        ("明天,放假,", "日期", "最多31天"),
        ("工作日,放假,", "日期", "最多31天"),
        ("2026-08-20至2026-08-18,放假,", "日期", "最多31天"),
        ("2026-08-18至2027-08-18,放假,", "日期", "最多31天"),
        ("2026-08-18,休息,", "类别", "放假"),
        ("2026-08-18,,", "类别", "放假"),
        ("2026-10-01,放假,国庆节", "日期", "删去这一行"),
        ("2026-08-18,上班,", "日期", "删去这一行"),
    ],
)
def test_a_row_that_cannot_be_meant_is_a_fault(row: str, column: str, fix: str) -> None:
    """Also one that says what holds anyway: somebody meant another day."""
    _, [fault] = read_own_days(HEADER + row)
    assert (fault.file, fault.row, fault.column) == ("days.csv", 2, column)
    assert fix in fault.instead


def test_a_day_is_written_once() -> None:
    """Off and worked at once is neither."""
    _, [fault] = read_own_days(f"{HEADER}2026-08-18至2026-08-20,放假,\n2026-08-20,上班,\n")
    assert (fault.row, fault.message) == (3, "与第2行是同一天")

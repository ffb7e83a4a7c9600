"""Working days as the State Council publishes them."""

from datetime import date

from config.workdays import exceptions, is_workday


def test_holidays_and_make_up_days_count() -> None:
    """National Day of 2026 is off, the Sunday worked for it is not."""
    assert not is_workday(date(2026, 10, 1))
    assert is_workday(date(2026, 9, 20))


def test_years_not_published_follow_the_week() -> None:
    assert is_workday(date(2090, 1, 2))
    assert not is_workday(date(2090, 1, 1))  # a Sunday


def test_exceptions_are_the_days_on_which_the_week_is_wrong() -> None:
    found = exceptions(date(2026, 9, 18), 14)
    assert found == {date(2026, 9, 20): True, date(2026, 9, 25): False, date(2026, 10, 1): False}

"""Working days as the State Council publishes them."""

from datetime import date

from config.workdays import Calendar, exceptions, is_workday


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


def test_a_citys_days_stand_in_the_place_of_the_countrys() -> None:
    """Off before worked; any other day is as everywhere."""
    thursday, saturday, sunday = (date(2026, 11, day) for day in (19, 21, 22))
    own = Calendar(off=frozenset({thursday, sunday}), worked=frozenset({saturday, sunday}))
    assert [own.is_workday(day) for day in (thursday, saturday, sunday)] == [False, True, False]
    assert own.is_workday(date(2026, 11, 18))
    assert not own.is_workday(date(2026, 10, 1))

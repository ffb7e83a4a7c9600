"""Opening hours: what is read, when they hold, and what the dialplan is told."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.hours import ALWAYS, MOST_SPANS, Hours, Span, read_hours

OFFICE = read_hours("工作日 08:30-12:00,14:30-17:30")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("工作日 08:30-12:00,14:30-17:30", Hours(True, (Span(510, 720), Span(870, 1050)))),
        ("工作日8:30—12:00、14:30至17:30", Hours(True, (Span(510, 720), Span(870, 1050)))),
        ("每天 08:00-24:00", Hours(False, (Span(480, 1440),))),
        ("全天", ALWAYS),
        ("7×24小时", ALWAYS),
        ("", ALWAYS),
    ],
)
def test_hours_are_read_as_people_write_them(written: str, expected: Hours) -> None:
    assert read_hours(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "上班时间",
        "工作日",
        "工作日 8点-12点",
        "每天 12:00-08:00",
        "每天 08:60-09:00",
        "每天 08:00-25:00",
        "每天 08:00-12:00,11:00-13:00",
    ],
)
def test_hours_that_mean_nothing_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match="."):
        read_hours(written)


@pytest.mark.parametrize(
    ("at", "is_workday", "expected"),
    [
        (time(8, 29, 59), True, False),
        (time(8, 30), True, True),
        (time(11, 59, 59), True, True),
        (time(12, 0), True, False),
        (time(17, 29), True, True),
        (time(9, 0), False, False),
    ],
)
def test_hours_hold_from_opening_until_just_before_closing(
    at: time, is_workday: bool, expected: bool
) -> None:
    assert OFFICE.hold(at, is_workday=is_workday) == expected


def test_daily_hours_hold_on_holidays_too() -> None:
    assert read_hours("每天 08:00-20:00").hold(time(9), is_workday=False)


def test_the_expression_names_minutes_and_working_day() -> None:
    assert (
        OFFICE.expression() == "${WORKDAY} & ((${MINUTE}>=510 & ${MINUTE}<720)"
        " | (${MINUTE}>=870 & ${MINUTE}<1050))"
    )
    assert read_hours("每天 08:00-20:00").expression() == "((${MINUTE}>=480 & ${MINUTE}<1200))"
    assert ALWAYS.expression() == "1"
    assert ALWAYS.hold(time(3), is_workday=False)


def test_a_day_has_no_more_spans_than_the_dialplan_can_ask_about() -> None:
    spans = [f"{hour:02}:00-{hour:02}:30" for hour in range(MOST_SPANS + 1)]
    assert len(read_hours(f"每天 {','.join(spans[1:])}").spans) == MOST_SPANS
    with pytest.raises(ValueError, match="00:00-00:30"):
        read_hours(f"每天 {','.join(spans)}")


@given(
    st.booleans(),
    st.lists(st.integers(0, 1440), min_size=2, max_size=8, unique=True).map(sorted),
)
def test_what_is_written_out_reads_back_the_same(is_working: bool, minutes: list[int]) -> None:
    pairs = zip(minutes[::2], minutes[1::2], strict=False)
    hours = Hours(is_working, tuple(Span(opens, closes) for opens, closes in pairs))
    assert read_hours(hours.chinese) == hours


def test_always_is_written_in_one_word() -> None:
    assert (ALWAYS.chinese, read_hours("每天 08:00-20:00").chinese) == ("全天", "每天 08:00-20:00")

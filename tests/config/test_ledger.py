"""A line of the ledger: its life by dates, its words, whose it is."""

from datetime import date

import pytest

from config.ledger import (
    ALWAYS_KEPT,
    MODES,
    NEVER_KEPT,
    NUMBER,
    SEATINGS,
    Entry,
    Line,
    LineState,
    Mode,
    Seating,
)
from cti.ids import LineId

SPRING, SUMMER = date(2026, 3, 1), date(2026, 8, 31)


def a_line(
    mode: Mode, begins: date | None, ends: date | None, entries: tuple[Entry, ...] = ()
) -> Line:
    return Line(
        number=LineId("12333"),
        name="甲",
        department="乙",
        mode=mode,
        row=2,
        begins=begins,
        ends=ends,
        entries=entries,
    )


@pytest.mark.parametrize(
    ("day", "whole", "dual"),
    [
        (date(2026, 2, 28), LineState.PLANNED, LineState.PLANNED),
        (SPRING, LineState.TRANSITION, LineState.TRANSITION),
        (SUMMER, LineState.TRANSITION, LineState.TRANSITION),
        (date(2026, 9, 1), LineState.CANCELLED, LineState.KEPT),
    ],
)
def test_a_line_lives_by_its_dates(day: date, whole: LineState, dual: LineState) -> None:
    """Both days of the transition belong to it; only a wholly merged number is given up."""
    assert a_line(Mode.WHOLE, SPRING, SUMMER).state(day) is whole
    assert a_line(Mode.DUAL, SPRING, SUMMER).state(day) is dual


def test_a_line_without_dates_is_in_transition() -> None:
    assert a_line(Mode.WHOLE, None, None).state(date(2000, 1, 1)) is LineState.TRANSITION
    assert a_line(Mode.WHOLE, None, None).state(date(2099, 1, 1)) is LineState.TRANSITION


def test_the_administrators_words_name_every_mode_and_seating() -> None:
    """12345's own mode is never written."""
    assert set(MODES.values()) == set(Mode) - {Mode.OWN}
    assert set(SEATINGS.values()) == set(Seating)
    assert Mode.OWN.chinese == "本号"
    assert ALWAYS_KEPT.isdisjoint(NEVER_KEPT)


def test_departments_are_those_of_the_rows() -> None:
    rows = tuple(Entry(row=n, name="甲", department=whose) for n, whose in enumerate("丙丁丙"))

    assert a_line(Mode.DUAL, None, None, rows).departments == ("丙", "丁")
    assert a_line(Mode.DUAL, None, None).departments == ("乙",)


@pytest.mark.parametrize(
    "number",
    ["8337772", "88337772", "12333", "1012", "95598", "962333", "4008812345", "13812345678"],
)
def test_what_may_stand_in_the_ledger(number: str) -> None:
    assert NUMBER.fullmatch(number)


@pytest.mark.parametrize("number", ["", "110", "0476", "04768337772", "12812345678", "８３３"])
def test_what_may_not_stand_in_the_ledger(number: str) -> None:
    assert not NUMBER.fullmatch(number)

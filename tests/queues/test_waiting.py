"""What callers in the queue are told: soon, seldom, truly, and not for ever."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queues.waiting import (
    FIRST_AFTER,
    MOST_TELLINGS,
    QUIET,
    STILL_AFTER,
    Pace,
    Told,
    ask_again_at,
    tell,
)

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def told(ahead: int, tellings: int = 1) -> Told:
    return Told(at=NOON, ahead=ahead, wait=None, tellings=tellings)


def test_the_first_word_comes_after_ten_seconds() -> None:
    """Who is served before hears music only."""
    soon = NOON + FIRST_AFTER
    assert tell(None, since=NOON, now=soon - SECOND, ahead=2, wait=None) is None
    assert tell(None, since=NOON, now=soon, ahead=2, wait=3 * SECOND) == Told(
        at=soon, ahead=2, wait=3 * SECOND, tellings=1
    )


@pytest.mark.parametrize(
    ("before", "ahead", "expected"),
    [(3, 2, True), (1, 0, True), (2, 2, False), (20, 16, False), (20, 15, True), (4, 3, True)],
)
def test_the_next_word_comes_when_it_matters(before: int, ahead: int, expected: bool) -> None:
    """Near the head each step; further back a quarter of the way."""
    now = NOON + QUIET
    again = tell(told(before), since=NOON, now=now, ahead=ahead, wait=None)
    assert (again is not None) == expected


def test_two_words_are_half_a_minute_apart() -> None:
    now = NOON + QUIET - SECOND
    assert tell(told(9), since=NOON, now=now, ahead=0, wait=None) is None


def test_a_queue_that_stands_still_is_told_so_now_and_then() -> None:
    now = NOON + STILL_AFTER
    assert tell(told(9), since=NOON, now=now - SECOND, ahead=9, wait=None) is None
    assert tell(told(9), since=NOON, now=now, ahead=9, wait=None) == Told(
        at=now, ahead=9, wait=None, tellings=2
    )


def test_the_telling_ends() -> None:
    """However long the wait, the caller is left with the music in the end."""
    last = told(9, MOST_TELLINGS)
    assert tell(last, since=NOON, now=NOON + timedelta(days=1), ahead=0, wait=None) is None
    assert ask_again_at(last, since=NOON, now=NOON) is None


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 40)), max_size=80))
def test_asking_only_when_told_to_misses_nothing(steps: list[tuple[int, int]]) -> None:
    """Before ``ask_again_at`` there is nothing to say, whatever the place."""
    last: Told | None = None
    now = NOON
    for seconds, ahead in steps:
        now += seconds * SECOND
        asked = ask_again_at(last, since=NOON, now=now)
        found = tell(last, since=NOON, now=now, ahead=ahead, wait=None)
        if asked is None or asked > now:
            assert found is None
        last = found or last


def test_nothing_is_promised_before_something_is_known() -> None:
    pace = Pace()
    pace.take(NOON)
    pace.take(NOON + 10 * SECOND)
    assert pace.expected_wait(0, NOON + 11 * SECOND) is None


def test_the_wait_is_the_gap_times_those_before_and_oneself() -> None:
    pace = Pace()
    for second in (0, 10, 20, 30):
        pace.take(NOON + second * SECOND)
    assert pace.expected_wait(0, NOON + 31 * SECOND) == 10 * SECOND
    assert pace.expected_wait(5, NOON + 31 * SECOND) == 60 * SECOND


def test_a_queue_that_stopped_makes_the_wait_longer() -> None:
    """Everybody is in a long talk: half the time since the last taking counts."""
    pace = Pace()
    for second in (0, 10, 20):
        pace.take(NOON + second * SECOND)
    assert pace.expected_wait(1, NOON + 140 * SECOND) == 120 * SECOND


def test_what_was_half_an_hour_ago_is_forgotten() -> None:
    pace = Pace()
    for second in (0, 10, 20):
        pace.take(NOON + second * SECOND)
    assert pace.expected_wait(0, NOON + timedelta(minutes=31)) is None


@given(st.integers(0, 50), st.integers(1, 50), st.lists(st.integers(0, 90), min_size=3))
def test_who_stands_further_back_is_told_a_longer_wait(
    ahead: int, more: int, gaps: list[int]
) -> None:
    pace = Pace()
    now = NOON
    for gap in gaps:
        now += gap * SECOND
        pace.take(now)
    near, far = pace.expected_wait(ahead, now), pace.expected_wait(ahead + more, now)
    if near is not None and far is not None:
        assert near <= far


def ask(told: Told | None, *, now: int, wait: timedelta | None = None) -> Told | None:
    """A caller who could be called back, five places from the head or three."""
    ahead = 5 if told is None else 3
    return tell(told, since=NOON, now=NOON + now * SECOND, ahead=ahead, wait=wait, may_ask=True)


def test_a_long_wait_is_a_reason_to_ask_at_once() -> None:
    """Or one that nobody knows; whoever is soon served is not asked with the first word."""
    for wait, asked in ((None, 1), (121 * SECOND, 1), (120 * SECOND, 0)):
        first = ask(None, now=10, wait=wait)
        assert first is not None
        assert first.asked == asked


def test_a_caller_is_asked_twice_at_most() -> None:
    """With the second and the third word if not with the first; then music and places only."""
    first = ask(None, now=10, wait=20 * SECOND)
    second = ask(first, now=40, wait=20 * SECOND)
    third = ask(second and replace(second, ahead=5), now=80, wait=20 * SECOND)
    fourth = ask(third and replace(third, ahead=5), now=120, wait=20 * SECOND)
    assert [told and told.asked for told in (first, second, third, fourth)] == [0, 1, 2, 2]
    assert fourth is not None
    assert fourth.tellings == 4


def test_who_may_not_be_called_back_is_never_asked() -> None:
    told = tell(None, since=NOON, now=NOON + 10 * SECOND, ahead=5, wait=None)
    assert told is not None
    assert told.asked == 0


def test_nothing_to_tell_is_nothing_to_ask() -> None:
    """The question comes with a word about the place, never alone."""
    assert ask(None, now=9) is None

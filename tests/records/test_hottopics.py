"""Which matters many call about, and of which kind, each with its figures and its calls."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records.hottopics import LOOKED_AT, Kind, Said, Topic, hot_topics, with_words

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
NUMBERS = count()


def said(
    hours: float, caller: str = "", *, words: Sequence[str] = ("停水",), place: str = "红山区"
) -> Said:
    """An order so many hours old, of a caller of its own unless one is named."""
    name = f"o{next(NUMBERS)}"
    return Said(
        order=name,
        at=NOW - timedelta(hours=hours),
        caller=caller or name,
        words=tuple(words),
        region=place,
    )


def kinds(topics: Sequence[Topic], place: str = "红山区") -> tuple[Kind, ...]:
    """Of the one topic at that place."""
    [topic] = [one for one in topics if one.place == place]
    return topic.kinds


def test_many_in_a_day_from_everywhere_are_a_hot_topic() -> None:
    """Five people; the place is nothing that they share."""
    spread = [said(3 + n * 4, place=f"区{n}") for n in range(5)]
    [topic] = hot_topics(spread, NOW)
    assert (topic.word, topic.place, topic.kinds, topic.callers) == ("停水", "", (Kind.HOT,), 5)
    assert topic.why == ("24小时内5人反映",)
    assert topic.orders == tuple(one.order for one in spread)
    assert hot_topics(spread[:4], NOW) == []


def test_many_in_a_day_from_one_place_are_a_concentrated_one() -> None:
    """Four people of a district."""
    together = [said(3 + n * 4) for n in range(4)]
    [topic] = hot_topics(together, NOW)
    assert (topic.place, topic.kinds) == ("红山区", (Kind.CONCENTRATED,))
    assert topic.why == ("24小时内同一地方4人反映",)


def test_one_who_calls_ten_times_is_one() -> None:
    """Whoever is loudest is no topic."""
    assert hot_topics([said(n, "same") for n in range(10)], NOW) == []


def test_more_in_two_hours_than_usual_is_sudden() -> None:
    """Four times as many as two hours bring; where that is usual it is not."""
    burst = [said(0.1 + n / 10) for n in range(4)]
    [topic] = [one for one in hot_topics(burst, NOW) if Kind.SUDDEN in one.kinds and one.place]
    assert topic.why[0] == "2小时内4人反映，平时2小时0.0人"
    usual = [said(2.5 + n) for n in range(160)]
    assert all(Kind.SUDDEN not in one.kinds for one in hot_topics([*burst, *usual], NOW))


def test_a_matter_of_most_days_lasts() -> None:
    """Five of seven, one caller a day."""
    daily = [said(24 * n + 5) for n in range(5)]
    assert kinds(hot_topics(daily, NOW)) == (Kind.LASTING,)
    assert hot_topics(daily[:4], NOW) == []


def test_a_matter_that_nobody_had_and_that_grows_is_budding() -> None:
    """One, two, three; not if it was there before, nor if it shrinks."""
    grows = [said(50), said(30), said(31), said(4), said(8), said(12)]
    [topic] = hot_topics(grows, NOW)
    assert topic.kinds == (Kind.BUDDING,)
    assert topic.why == ("近3天1、2、3人，此前没有",)
    assert hot_topics([*grows, said(24 * 8)], NOW) == []
    assert hot_topics([*grows, said(51)], NOW) == []
    assert hot_topics(grows[1:], NOW) == []


def test_the_same_orders_are_told_once() -> None:
    """Whoever says two words of a trade, in one place, makes one topic."""
    both = [said(3 + n * 4, words=("自来水", "停水")) for n in range(4)]
    assert len(hot_topics(both, NOW)) == 1


@pytest.mark.parametrize("hours", [-1, LOOKED_AT / timedelta(hours=1) + 1])
def test_what_is_too_old_or_yet_to_come_is_not_looked_at(hours: float) -> None:
    """Clocks differ; ten days are enough for every kind."""
    assert hot_topics([said(hours) for _ in range(9)], NOW) == []


def test_the_words_of_trades_are_found_in_what_was_said() -> None:
    """The longest first; an order that says none is about nothing."""
    bare = said(1, words=())
    [told, none] = with_words([(bare, "停水了，自来水没有"), (bare, "谢谢")])
    assert (told.words, none.words) == (("自来水", "停水"), ())


@given(st.permutations(range(12)))
def test_the_order_in_which_they_come_says_nothing(order: list[int]) -> None:
    """What is read from a database may come in any."""
    some = [said(n * 7 + 0.5, f"c{n % 9}", place=f"区{n % 2}") for n in range(12)]
    assert hot_topics([some[place] for place in order], NOW) == hot_topics(some, NOW)

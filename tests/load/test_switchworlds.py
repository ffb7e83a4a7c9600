"""The whole switch in random worlds: every rule at once, held to the promises at every step."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.acdworld import Caller, Impossible, Keeping, World
from bench.switchline import Day
from bench.switchsim import SENTENCE_S, play_day
from queues.acd import GENERAL
from queues.figures import figures
from tests.load.test_acdworlds import SKILLS, callers, worlds

SECOND = timedelta(seconds=1)
BUSY = World(
    seats=[frozenset({GENERAL, "医保"}), frozenset({"人社"}), frozenset({GENERAL})],
    talk=lambda drawn: drawn.expovariate(1 / 60),
    patience=lambda drawn: drawn.expovariate(1 / 300),
    wrap_up=lambda _: 5.0,
    head_starts=(60 * SECOND,),
    widens_after=20 * SECOND,
    overflows=(("人社", 60 * SECOND),),
    keeping=Keeping(
        share=0.5,
        after=lambda drawn: drawn.uniform(1, 5),
        dial=lambda drawn: drawn.uniform(5, 20),
        pause=60 * SECOND,
        again=0.3,
        again_after=lambda drawn: drawn.uniform(5, 100),
    ),
    misses=0.1,
)
COMERS = [Caller(15.0 * n, SKILLS[n % 3], 60 * SECOND * (n % 7 == 0)) for n in range(300)]


def matched(world: World, comers: list[Caller]) -> tuple[World, list[Caller]]:
    """A world that can be told to the switch: nobody waits for a seat that is away, or is none."""
    seats = range(len(world.seats)) if not world.misses else ()
    comers = [
        replace(one, last_seat=one.last_seat if one.last_seat in seats else None) for one in comers
    ]
    return replace(world, ring=lambda _: 15.0), comers


@settings(max_examples=300, deadline=None)
@given(worlds(), callers, st.integers(0, 1000))
def test_the_switch_keeps_every_promise_in_any_world(
    world: World, comers: list[Caller], seed: int
) -> None:
    """One offer a seat, one seat a call, one way out, no idle seat, nobody overtaken beyond the
    bound, no call-back before who holds; and one draft for each call that is over.
    """
    day = play_day(*matched(world, comers), seed)
    assert len(day.outcomes) == len(comers) + Counter(o.left for o in day.outcomes)["came-again"]
    the_rows_are_what_happened(day)


def the_rows_are_what_happened(day: Day) -> None:
    """The switch's rows give the figures that can be counted by looking at the callers."""
    ways = Counter(outcome.left for outcome in day.outcomes)
    found = figures(day.records.values())
    reached = [o for o in day.outcomes if o.left in ("served", "called-back")]
    assert found.offered == len(day.outcomes)
    assert (found.answered, found.live) == (len(reached), ways[None])
    assert found.abandoned == ways["abandoned"] + ways["unreached"] + ways["came-again"]
    if reached:
        waits = [max(0.0, outcome.wait - SENTENCE_S) for outcome in reached]
        assert found.speed_of_answer_s == pytest.approx(sum(waits) / len(waits), abs=1e-4)
        assert found.answered_within_15_s == sum(wait <= 15 for wait in waits)


def test_a_busy_day_has_everything_in_it() -> None:
    """Served, given up, called back, not reached, come again, missed; overtaken by a class."""
    day = play_day(BUSY, COMERS, 1)
    ways = Counter(outcome.left for outcome in day.outcomes)
    assert min(ways.values()) > 5
    assert len(ways) == 5
    assert day.missed > 5
    assert timedelta(0) < day.longest_overtaking <= 60 * SECOND
    the_rows_are_what_happened(day)


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({"widens_after": timedelta(0)}, "not yet"),
        ({"widens_after": 40 * SECOND}, "stands idle|out of turn"),
        ({"overflows": ()}, "stands idle"),
        ({"seats": [frozenset(SKILLS)] * 3}, "cannot do that"),
    ],
)
def test_a_switch_that_is_told_otherwise_is_found_out(told: dict[str, object], found: str) -> None:
    """The comparison can fail: by another plan, some promise of this one is broken."""
    with pytest.raises(Impossible, match=found):
        play_day(BUSY, COMERS, 1, told=replace(BUSY, **told))  # type: ignore[arg-type] # facts of it


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_long_days_of_the_switch_keep_every_promise() -> None:
    """A hundred thousand calls, twenty days of five thousand."""
    comers = [Caller(15.0 * n, SKILLS[n % 3], 60 * SECOND * (n % 7 == 0)) for n in range(5000)]
    for seed in range(20):
        the_rows_are_what_happened(play_day(BUSY, comers, seed))

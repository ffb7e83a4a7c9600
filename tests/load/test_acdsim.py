"""The simulator of the ACD and its peer, queueing theory."""

import math
from datetime import timedelta
from typing import get_args

import numpy as np
import pytest

from bench.acd import (
    CALLS_A_RUN,
    SEATS,
    PlainScan,
    a_mixed_day,
    cost_ms,
    estimate,
    free_seats_cost_ms,
    grows_like_logarithm,
    one_run,
)
from bench.acdsim import play
from bench.acdworld import Caller, Impossible, Way, World, exponential, poisson
from bench.erlang import theory
from cti.ids import SeatId
from queues.acd import GENERAL, Acd


def erlang_c(seats: int, load: float) -> float:
    """The closed form."""
    top = load**seats / math.factorial(seats) * seats / (seats - load)
    return top / (sum(load**k / math.factorial(k) for k in range(seats)) + top)


@pytest.mark.parametrize(("seats", "load"), [(1, 0.5), (5, 3.5), (10, 8.0), (30, 27.0)])
def test_without_patience_theory_is_erlang_c(seats: int, load: float) -> None:
    """Probability and mean wait equal the closed forms."""
    found = theory(seats, load / 180, 180)
    assert found.probability_of_waiting == pytest.approx(erlang_c(seats, load), rel=1e-9)
    assert found.mean_wait_s == pytest.approx(
        erlang_c(seats, load) * 180 / (seats - load), rel=1e-9
    )
    assert found.share_abandoned == 0


def test_patience_as_long_as_a_talk_makes_every_caller_leave_alike() -> None:
    """M/M/n+M with equal rates is M/M/inf: a Poisson number of callers in the house."""
    found = theory(10, 12 / 180, 180, 180)
    below = sum(math.exp(-12) * 12**k / math.factorial(k) for k in range(10))
    assert found.probability_of_waiting == pytest.approx(1 - below, rel=1e-9)


def test_a_queue_that_would_grow_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="without end"):
        theory(3, 3 / 180, 180)


def test_the_simulated_hotline_is_erlangs() -> None:
    """A small run of what ``python -m bench acd`` does at length: theory lies in the interval."""
    rate = 0.8 * SEATS / 180
    for patience_s in (None, 120.0):
        runs = [one_run((rate, patience_s, seed)) for seed in range(8)]
        expected = theory(SEATS, rate, 180, patience_s)
        found = estimate(
            [run[1] for run in runs],
            np.array([run[2:] for run in runs]),
            expected.probability_of_waiting,
        )
        assert found.is_within
        assert found.half_width < 0.1
    assert CALLS_A_RUN * 8 == 96_000


def test_a_wrong_formula_lies_outside_the_interval() -> None:
    """The comparison can fail: a tenth more load is noticed."""
    rate = 0.8 * SEATS / 180
    runs = [one_run((rate, None, seed)) for seed in range(8)]
    wrong = theory(SEATS, 1.1 * rate, 180).probability_of_waiting
    controls = np.array([run[2:] for run in runs])
    assert not estimate([run[1] for run in runs], controls, wrong).is_within


def test_an_estimate_finds_a_known_mean() -> None:
    found = estimate([1.0, 3.0, 2.0, 2.0, 1.5, 2.5], np.zeros((6, 0)), 2.0)
    assert found.simulated == pytest.approx(2.0)
    assert found.is_within


def test_everybody_of_a_mixed_day_leaves_exactly_one_way() -> None:
    day = a_mixed_day(seed=3, count=20_000)
    assert sum(day[way] for way in get_args(Way)) == day["calls"]
    assert day["calls"] == 20_000 + day["came-again"]
    assert min(day[way] for way in get_args(Way)) > 0
    assert 0.1 < day["occupancy"] < 1
    assert day["abandoned"] > 0


def test_callers_whom_nobody_can_serve_stay_and_are_no_fault() -> None:
    world = World(seats=[frozenset({"医保"})], talk=exponential(1))
    played = play(world, iter([Caller(0.0, "人社")]), seed=1)
    assert [outcome.left for outcome in played.outcomes] == [None]


class ForgetfulAcd(Acd):
    """Never takes a seat out."""

    def occupy(self, seat: SeatId) -> None:
        del seat


def test_a_broken_promise_stops_the_play() -> None:
    """An ACD that gives a taken seat away again is found out."""
    world = World(seats=[frozenset({GENERAL})], talk=exponential(100))
    with pytest.raises(Impossible):
        play(world, poisson(1, 50, 1), seed=1, make_acd=ForgetfulAcd)


def test_a_class_goes_first_within_its_head_start() -> None:
    """One seat, busy with the first; then the one whose class is worth more is served."""
    callers = [Caller(0.0), Caller(1.0), Caller(2.0, head_start=timedelta(seconds=60))]
    world = World(
        seats=[frozenset({GENERAL})],
        talk=lambda _: 10.0,
        head_starts=(timedelta(seconds=60),),
    )
    waits = [outcome.wait for outcome in play(world, iter(callers), 1).outcomes]
    assert waits == [0.0, 19.0, 8.0]


def test_costs_are_of_decisions_that_found_somebody() -> None:
    assert cost_ms(Acd, 20, 50, 30) > 0
    assert cost_ms(PlainScan, 20, 50, 30) > 0
    assert free_seats_cost_ms(20, 30) > 0


def test_growth_is_judged_by_the_logarithm() -> None:
    assert grows_like_logarithm([10, 1000], [1.0, 2.9])
    assert not grows_like_logarithm([10, 1000], [1.0, 3.1])

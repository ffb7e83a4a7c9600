"""The ACD alone, on the simulator: against theory, by the million, and as it grows.

Peers: Erlang's formulas for what comes out, and for the cost the same rules as a plain scan of
everybody (what a first version of any ACD is), both in the same run.
"""

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from typing import Any, get_args

import numpy as np
from scipy import stats

from bench.acdsim import play
from bench.acdworld import CENTRE, EPOCH, Caller, Keeping, Way, World, exponential, poisson
from bench.erlang import theory
from bench.picture import draw_costs
from bench.result import Result
from cti.ids import CallId, SeatId
from queues.acd import GENERAL, Acd, FreeSeat, Waiter

TALK_S = 180.0
PATIENCE_S = 120.0
SEATS = 10
RUNS = {0.5: 1_000, 0.7: 350, 0.8: 350}
"""By the load of each seat: where few wait, what they wait differs most."""
RUNS_WITH_PATIENCE = {0.8: 60, 1.0: 40, 1.2: 40}
CALLS_A_RUN = 12_000
SETTLING = 0.05
"""Share of a run's calls that come before the queue is as it will be."""
CONFIDENCE = 0.99
REACH_HALF_WIDTH = 0.02

MILLION = 1_000_000
SEATS_OF_A_CITY = 112

SKILLS = tuple(f"技能{n}" for n in range(20))
AT_SIZE = (1_000, 5_000)
SEATS_GROW = (125, 250, 500, 1_000, 2_000)
QUEUES_GROW = (625, 1_250, 2_500, 5_000, 10_000)
"""Up to twice what is asked for."""
DECISIONS = 4_000
REACH_MS = 1.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure of the simulation with its interval, beside the formula's."""

    simulated: float
    half_width: float
    """Relative."""
    formula: float
    is_within: bool
    """Whether the formula lies in the interval."""


def estimate(samples: Sequence[float], controls: np.ndarray, formula: float) -> Estimate:
    """The mean of independent runs, freed of what their own draws' known means explain.

    ``controls``: by run, how far the mean of what was drawn (talks, gaps between calls) lay from
    the mean of what it was drawn from.
    """
    y = np.array(samples)
    a = np.column_stack((np.ones(len(y)), controls))
    fitted, *_ = np.linalg.lstsq(a, y, rcond=None)
    free = len(y) - a.shape[1]
    variance = ((y - a @ fitted) ** 2).sum() / free
    error = math.sqrt(variance * np.linalg.inv(a.T @ a)[0, 0])
    half = float(stats.t.ppf((1 + CONFIDENCE) / 2, free)) * error
    mean = float(fitted[0])
    return Estimate(mean, half / mean, formula, bool(abs(formula - mean) <= half))


def one_run(arguments: tuple[float, float | None, int]) -> tuple[float, float, float, float]:
    """Mean wait, share who waited, and how far talks and gaps were off their means."""
    rate, patience_s, seed = arguments
    world = World(
        seats=[frozenset({GENERAL})] * SEATS,
        talk=exponential(TALK_S),
        patience=None if patience_s is None else exponential(patience_s),
    )
    played = play(world, poisson(rate, CALLS_A_RUN, 2 * seed), 2 * seed + 1)
    seen = played.outcomes[int(SETTLING * CALLS_A_RUN) :]
    talks = [outcome.talk for outcome in seen if outcome.left == "served"]
    gap = (seen[-1].caller.at - seen[0].caller.at) / (len(seen) - 1)
    return (
        math.fsum(outcome.wait for outcome in seen) / len(seen),
        sum(outcome.wait > 0 for outcome in seen) / len(seen),
        math.fsum(talks) / len(talks) - TALK_S,
        gap - 1 / rate,
    )


def against_erlang(
    pool: ProcessPoolExecutor, load: float, patience_s: float | None, runs: int
) -> dict[str, Estimate]:
    """Play ``runs`` runs at that load of each seat and compare both figures with the formula."""
    rate = load * SEATS / TALK_S
    found = list(pool.map(one_run, [(rate, patience_s, seed) for seed in range(runs)], chunksize=4))
    controls = np.array([run[2:] for run in found])
    expected = theory(SEATS, rate, TALK_S, patience_s)
    return {
        "mean_wait_s": estimate([run[0] for run in found], controls, expected.mean_wait_s),
        "waiting": estimate([run[1] for run in found], controls, expected.probability_of_waiting),
    }


def a_mixed_day(seed: int, count: int) -> dict[str, float]:
    """Days as a city has them: two peaks, many skills, classes, duties, last seats, overflow,
    patience, missed offers, wrap-up, and places kept for a call back.

    Returns figures; the simulation itself stops where a promise of the ACD is broken.
    """
    drawn = random.Random(seed)  # noqa: S311 - people, not secrets
    seats = [
        frozenset({GENERAL, *drawn.sample(SKILLS, 2)})
        if n % 4
        else frozenset(drawn.sample(SKILLS, 5))
        for n in range(SEATS_OF_A_CITY)
    ]
    deputies = timedelta(seconds=60)
    world = World(
        seats=seats,
        levels=[{skill: drawn.randrange(3) for skill in sorted(has)} for has in seats],
        duties=[
            frozenset({"局长接待日"}) if n < 5 else frozenset() for n in range(SEATS_OF_A_CITY)
        ],
        talk=lambda draw: draw.lognormvariate(4.9, 0.8),
        patience=lambda draw: draw.weibullvariate(180, 0.8),
        wrap_up=lambda draw: draw.uniform(5, 60),
        head_starts=(deputies,),
        widens_after=timedelta(seconds=10),
        last_seat_for=timedelta(seconds=20),
        overflows=((SKILLS[0], timedelta(seconds=90)),),
        keeping=Keeping(
            share=0.3,
            after=lambda draw: draw.uniform(15, 90),
            dial=lambda draw: draw.uniform(15, 35),
            again=0.3,
            again_after=lambda draw: draw.uniform(5, 300),
        ),
        misses=0.01,
    )
    callers = _city_callers(drawn, count, deputies)
    played = play(world, callers, seed + 1)
    ways = Counter(outcome.left for outcome in played.outcomes)
    waits = [outcome.wait for outcome in played.outcomes if outcome.left == "served"]
    return {
        "calls": len(played.outcomes),
        **{way: ways[way] for way in get_args(Way)},
        "missed_offers": played.missed,
        "within_15_s": sum(wait <= 15 for wait in waits) / len(played.outcomes),
        "occupancy": played.busy / played.lasted / len(seats),
        "longest_overtaking_s": played.longest_overtaking.total_seconds(),
        "steps_checked": played.checked,
    }


def _city_callers(drawn: random.Random, count: int, deputies: timedelta) -> Iterator[Caller]:
    """Callers by a working day's curve, some of each kind."""
    at = 0.0
    for _ in range(count):
        hour = at / 3600 % 24
        peak = math.exp(-((hour - 10) ** 2) / 6) + 0.8 * math.exp(-((hour - 15.5) ** 2) / 6)
        at += drawn.expovariate(0.05 + 0.55 * peak)
        kind = drawn.random()
        yield Caller(
            at,
            skill=drawn.choice(SKILLS) if kind < 0.4 else GENERAL,
            head_start=deputies if 0.4 < kind < 0.42 else timedelta(0),
            last_seat=drawn.randrange(SEATS_OF_A_CITY) if 0.42 < kind < 0.5 else None,
            duty="局长接待日" if 0.5 < kind < 0.51 else "",
        )


class PlainScan:
    """The same rules read aloud: everybody is tried with everybody, in order. The peer."""

    def __init__(self) -> None:
        self._waiting: list[Waiter] = []
        self._free: dict[SeatId, FreeSeat] = {}

    def join(self, waiter: Waiter) -> None:
        """Stand in the queue."""
        self._waiting.append(waiter)
        self._waiting.sort(key=lambda one: one.place)

    def free(self, seat: FreeSeat) -> None:
        """Be free."""
        self._free[seat.seat] = seat

    def hunt(self, now: object) -> list[CallId]:
        """Find the first caller whom a free seat may take."""
        del now
        found = []
        for one in list(self._waiting):
            for seat in list(self._free.values()):
                if one.skill in seat.skills or GENERAL in seat.skills:
                    self._waiting.remove(one)
                    del self._free[seat.seat]
                    found.append(one.call)
                    break
            if not self._free:
                break
        return found


def cost_ms(make: Callable[[], Any], seats: int, queue: int, decisions: int) -> float:
    """Milliseconds for a seat to become free and be given a call, and a new caller to join.

    All seats are busy and so many callers wait, before and after every decision.
    """
    drawn = random.Random(seats + queue)  # noqa: S311 - people, not secrets
    acd = make()
    has = {SeatId(f"seat-{n}"): frozenset(drawn.sample(SKILLS, 5)) for n in range(seats)}
    names = list(has)
    now = EPOCH + timedelta(seconds=queue)

    def caller(number: int) -> Waiter:
        since = EPOCH + timedelta(seconds=number)
        return Waiter(
            since=since, call=CallId(f"1.{number}"), centre=CENTRE, skill=drawn.choice(SKILLS)
        )

    for number in range(queue):
        acd.join(caller(number))
    acd.hunt(now)
    coming = [caller(queue + number) for number in range(decisions)]
    freed = [drawn.choice(names) for _ in range(decisions)]
    taken = 0
    began = perf_counter()
    for waiter, seat in zip(coming, freed, strict=True):
        acd.free(FreeSeat(seat, CENTRE, has[seat], now))
        taken += len(acd.hunt(now))
        acd.join(waiter)
        acd.hunt(now)
    spent = perf_counter() - began
    if taken != decisions:
        raise AssertionError(f"{taken} of {decisions} decisions found a caller")
    return 1000 * spent / decisions


def free_seats_cost_ms(seats: int, decisions: int) -> float:
    """Milliseconds for a caller to be given one of so many free seats, and the seat to return."""
    drawn = random.Random(seats)  # noqa: S311 - people, not secrets
    acd = Acd()
    now = EPOCH
    free = [
        FreeSeat(SeatId(f"seat-{n}"), CENTRE, frozenset(drawn.sample(SKILLS, 5)), now)
        for n in range(seats)
    ]
    by_name = {seat.seat: seat for seat in free}
    for seat in free:
        acd.free(seat)
    acd.hunt(now)
    coming = [
        Waiter(since=now, call=CallId(f"1.{n}"), centre=CENTRE, skill=drawn.choice(SKILLS))
        for n in range(decisions)
    ]
    began = perf_counter()
    for waiter in coming:
        acd.join(waiter)
        (match,) = acd.hunt(now)
        acd.free(by_name[match.seat])
        acd.hunt(now)
    return 1000 * (perf_counter() - began) / decisions


def grows_like_logarithm(sizes: Sequence[int], costs: Sequence[float]) -> bool:
    """Whether from the smallest to the largest the cost grew no faster than the logarithm."""
    return costs[-1] / costs[0] <= math.log(sizes[-1]) / math.log(sizes[0])


def run(folder: Path) -> Result:
    """Theory, the million, and the cost; about ten minutes on two cores."""
    by_queue = [min(cost_ms(Acd, AT_SIZE[0], n, DECISIONS) for _ in range(3)) for n in QUEUES_GROW]
    by_seats = [min(free_seats_cost_ms(n, DECISIONS) for _ in range(3)) for n in SEATS_GROW]
    at_size = cost_ms(Acd, *AT_SIZE, DECISIONS)
    peer = cost_ms(PlainScan, *AT_SIZE, 40)
    draw_costs(folder / "cost.png", QUEUES_GROW, by_queue, SEATS_GROW, by_seats, REACH_MS)
    with ProcessPoolExecutor(2) as pool:
        halves = [pool.submit(a_mixed_day, seed, MILLION // 2) for seed in (1, 2)]
        erlang_c = {
            f"{load:g}": against_erlang(pool, load, None, runs) for load, runs in RUNS.items()
        }
        erlang_a = {
            f"{load:g}": against_erlang(pool, load, PATIENCE_S, runs)
            for load, runs in RUNS_WITH_PATIENCE.items()
        }
        days = [half.result() for half in halves]
    estimates = [
        one for table in (erlang_c, erlang_a) for pair in table.values() for one in pair.values()
    ]
    figures = {
        "erlang_c": {load: {k: asdict(v) for k, v in t.items()} for load, t in erlang_c.items()},
        "erlang_a": {load: {k: asdict(v) for k, v in t.items()} for load, t in erlang_a.items()},
        "mixed_days": days,
        "decision_ms": round(at_size, 4),
        "plain_scan_ms": round(peer, 3),
        "times_faster": round(peer / at_size, 1),
        "by_queue_ms": dict(zip(map(str, QUEUES_GROW), by_queue, strict=True)),
        "by_seats_ms": dict(zip(map(str, SEATS_GROW), by_seats, strict=True)),
    }
    holds = (
        all(one.is_within and one.half_width <= REACH_HALF_WIDTH for one in estimates)
        and sum(day["calls"] for day in days) >= MILLION
        and at_size < REACH_MS
        and grows_like_logarithm(QUEUES_GROW, by_queue)
        and grows_like_logarithm(SEATS_GROW, by_seats)
    )
    return Result(
        bench="acd",
        figures=figures,
        reach={
            "half_width": REACH_HALF_WIDTH,
            "decision_ms": REACH_MS,
            "growth": "no faster than the logarithm",
        },
        holds=holds,
    )

"""The ACD in random worlds: what it promises holds at every step, and a broken promise is found."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.acd import a_mixed_day
from bench.acdsim import play
from bench.acdworld import EPOCH, Caller, Draw, Impossible, Keeping, Outcome, Way, World
from queues.acd import GENERAL, Acd, Match, Waiter

SKILLS = (GENERAL, "医保", "人社")
HEAD_STARTS = (timedelta(0), timedelta(seconds=30), timedelta(seconds=90))
DUTIES = ("", "", "局长接待日")
WAYS: frozenset[Way] = frozenset({"served", "abandoned", "called-back", "unreached", "came-again"})


def up_to(most: int) -> Draw:
    """A whole number of seconds, so that things often fall together."""
    return lambda drawn: float(drawn.randint(0, most))


seconds = st.sampled_from([timedelta(0), timedelta(seconds=5), timedelta(seconds=40)])


@st.composite
def worlds(draw: st.DrawFn) -> World:
    count = draw(st.integers(1, 5))
    seats = draw(
        st.lists(st.frozensets(st.sampled_from(SKILLS), min_size=1), min_size=count, max_size=count)
    )
    keeping = Keeping(
        share=draw(st.sampled_from([0.3, 1.0])),
        after=up_to(20),
        dial=up_to(30),
        reached=draw(st.sampled_from([0.0, 0.5, 1.0])),
        attempts=draw(st.integers(1, 3)),
        pause=draw(seconds),
        again=draw(st.sampled_from([0.0, 0.5])),
        again_after=up_to(60),
    )
    return World(
        seats=seats,
        levels=[dict.fromkeys(skills, draw(st.integers(0, 2))) for skills in seats],
        duties=[draw(st.frozensets(st.sampled_from(DUTIES[1:]))) for _ in seats],
        talk=up_to(draw(st.sampled_from([5, 60]))),
        patience=up_to(draw(st.sampled_from([20, 200]))),
        wrap_up=draw(st.sampled_from([None, up_to(10)])),
        head_starts=HEAD_STARTS,
        widens_after=draw(seconds),
        last_seat_for=draw(seconds),
        overflows=draw(
            st.sampled_from([(), (("人社", timedelta(seconds=30)), (GENERAL, timedelta(0)))])
        ),
        keeping=draw(st.sampled_from([None, keeping])),
        misses=draw(st.sampled_from([0.0, 0.3])),
        ring=up_to(15),
        away=up_to(30),
    )


callers = st.lists(
    st.builds(
        Caller,
        at=st.integers(0, 90).map(float),
        skill=st.sampled_from(SKILLS),
        head_start=st.sampled_from(HEAD_STARTS),
        last_seat=st.none() | st.integers(0, 4),
        duty=st.sampled_from(DUTIES),
    ),
    max_size=25,
).map(lambda found: sorted(found, key=lambda one: one.at))


@settings(max_examples=300, deadline=None)
@given(worlds(), callers, st.integers(0, 1000))
def test_every_promise_holds_in_any_world(world: World, comers: list[Caller], seed: int) -> None:
    """Whoever comes, presses 1, is not answered, is called in vain or calls in again.

    ``play`` itself stops at the first broken promise; here is what became of everybody.
    """
    comers = [
        replace(one, last_seat=None) if one.last_seat not in range(len(world.seats)) else one
        for one in comers
    ]
    played = play(world, iter(comers), seed)
    assert played.checked >= len(comers)
    again = sum(outcome.left == "came-again" for outcome in played.outcomes)
    assert len(played.outcomes) == len(comers) + again
    for outcome in played.outcomes:
        assert outcome.left in WAYS or (outcome.left is None and outcome.seat is None)
        is_called = outcome.left in ("called-back", "unreached")
        assert not is_called or outcome.attempts >= 1
        assert (outcome.kept_at is not None) or not is_called
        assert world.keeping is None or outcome.attempts <= world.keeping.attempts


def one_seat(*more: Caller, keeping: Keeping, seed: int = 1) -> list[Outcome]:
    """One general seat, 10 s of talk; the first caller takes it at once."""
    world = World(seats=[frozenset({GENERAL})], talk=lambda _: 10.0, keeping=keeping)
    return play(world, iter([Caller(0.0), *more]), seed).outcomes


KEEPS = Keeping(share=1.0, after=lambda _: 2.0, dial=lambda _: 20.0, reached=1.0)


def test_a_kept_place_is_served_in_its_turn() -> None:
    """It is called after everybody who came earlier, and before everybody who came later."""
    for seed in range(20):
        comers = [Caller(float(n)) for n in range(1, 7)]
        outcomes = one_seat(*comers, keeping=replace(KEEPS, share=0.6), seed=seed)
        assert {outcome.left for outcome in outcomes} <= {"served", "called-back"}
        for turn, outcome in enumerate(outcomes):
            if outcome.kept_at is None:
                assert outcome.came + outcome.wait == 10.0 * turn
            else:
                assert (outcome.left, outcome.wait) == ("called-back", 2.0)


def test_who_is_never_reached_is_called_as_often_as_said_and_no_more() -> None:
    """Two attempts, each takes the seat for 20 s, five minutes apart; then it is over."""
    first, second = one_seat(Caller(1.0), keeping=replace(KEEPS, reached=0.0))
    assert (first.left, second.left, second.attempts) == ("served", "unreached", 2)
    assert second.wait == 2.0


def test_who_calls_in_again_stands_at_the_kept_place_and_is_not_called() -> None:
    """Kept at 3 s, in again at 4 s: before who came between, though the call is newer."""
    keeping = replace(KEEPS, share=0.5, again=1.0, again_after=lambda _: 1.0)
    seen = 0
    for seed in range(200):
        outcomes = one_seat(Caller(1.0), Caller(3.5), keeping=keeping, seed=seed)
        _, first, between, *heirs = outcomes
        if between.kept_at is not None or len(heirs) != 1 or heirs[0].kept_at is not None:
            continue
        [heir] = heirs
        seen += 1
        assert (first.left, first.attempts, first.wait) == ("came-again", 0, 2.0)
        assert (heir.left, heir.came, heir.since, heir.wait) == ("served", 4.0, 1.0, 6.0)
        assert (between.left, between.wait) == ("served", 16.5)
    assert seen > 3


def test_a_seat_that_does_not_answer_costs_nobody_the_place() -> None:
    """All offers missed but the last: callers are served in the order in which they came."""
    world = World(
        seats=[frozenset({GENERAL})] * 2,
        talk=lambda _: 10.0,
        misses=0.5,
        ring=lambda _: 15.0,
        away=lambda _: 0.0,
    )
    played = play(world, iter([Caller(float(n)) for n in range(10)]), 3)
    assert played.missed > 3
    assert [outcome.left for outcome in played.outcomes] == ["served"] * 10


def test_who_hangs_up_while_a_seat_rings_has_left_once() -> None:
    world = World(
        seats=[frozenset({GENERAL})], talk=lambda _: 1.0, misses=1.0, patience=lambda _: 5.0
    )
    played = play(world, iter([Caller(0.0)]), 1)
    assert [(o.left, o.wait) for o in played.outcomes] == [("abandoned", 5.0)]


class Lazy(Acd):
    """Lets every second chance pass."""

    asked = 0

    def hunt(self, now: datetime) -> list[Match]:
        self.asked += 1
        return super().hunt(now) if self.asked % 2 else []


class LastComesFirst(Acd):
    """Gives the seat to who came last."""

    def join(self, waiter: Waiter) -> None:
        mirrored = EPOCH - (waiter.since - EPOCH)
        object.__setattr__(waiter, "place", (mirrored, *waiter.place[1:]))
        super().join(waiter)


class Hasty(Acd):
    """Widens at once."""

    def join(self, waiter: Waiter) -> None:
        super().join(replace(waiter, widens_after=timedelta(0)))


class Blind(Acd):
    """Rings any seat, whatever it can do."""

    def join(self, waiter: Waiter) -> None:
        super().join(replace(waiter, skill=GENERAL))


class CallsBackFirst(Acd):
    """Thinks that who pressed 1 was promised the next seat."""

    def join(self, waiter: Waiter) -> None:
        is_known = self.place(waiter.call) > 0
        super().join(replace(waiter, since=waiter.since - timedelta(hours=is_known)))


class Stutters(Acd):
    """Says everything twice."""

    def hunt(self, now: datetime) -> list[Match]:
        return [match for match in super().hunt(now) for _ in range(2)]


BROKEN: Mapping[type[Acd], str] = {
    Lazy: "stands idle",
    LastComesFirst: "overtakes|out of turn",
    Hasty: "not yet",
    Blind: "cannot do that",
    CallsBackFirst: "overtakes",
    Stutters: "gone or the seat is taken",
}


@pytest.mark.parametrize("broken", BROKEN)
def test_a_broken_promise_is_found(broken: type[Acd]) -> None:
    """Each kind of wrong decision is named as what it is."""
    world = World(
        seats=[frozenset({GENERAL, "医保"}), frozenset({"人社"}), frozenset({GENERAL})],
        talk=lambda drawn: drawn.expovariate(1 / 60),
        patience=lambda drawn: drawn.expovariate(1 / 300),
        widens_after=timedelta(seconds=20),
        keeping=Keeping(share=0.3, after=lambda _: 10.0, dial=lambda _: 20.0),
    )
    comers = [Caller(9.0 * n, SKILLS[n % 3]) for n in range(300)]
    assert play(world, iter(comers), 1).checked
    with pytest.raises(Impossible, match=BROKEN[broken]):
        play(world, iter(comers), 1, make_acd=broken)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_a_million_calls_of_mixed_days_keep_every_promise() -> None:
    """Two classes, twenty skills, last seats, duties, overflow, call-backs, missed offers."""
    day = a_mixed_day(seed=11, count=1_000_000)
    assert sum(day[way] for way in WAYS) == day["calls"] >= 1_000_000
    assert min(day[way] for way in WAYS) > 200
    assert 0 < day["longest_overtaking_s"] <= 60

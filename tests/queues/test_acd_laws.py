"""What the ACD promises in any world: compared step by step with a plain model of the rules."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from cti.ids import CallId, CentreId, SeatId
from queues.acd import GENERAL, Acd, FreeSeat, Match, Waiter, longest_overtaking
from queues.pool import PoolName, skill_pool

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
CENTRES = [CentreId("chifeng"), CentreId("ningcheng")]
SKILLS = [GENERAL, "医保", "人社"]
HEAD_STARTS = [timedelta(0), timedelta(seconds=30), timedelta(seconds=90)]
SEATS = [SeatId(f"seat-{n}") for n in range(5)]
DUTIES: list[PoolName] = [("duty", "reception"), ("duty", "water")]
POOLS = [*DUTIES, *(skill_pool(centre, skill) for centre in CENTRES for skill in SKILLS)]


class Step(NamedTuple):
    """One thing that happens, and how much later than the one before."""

    what: str
    who: int
    skill: str
    skills: frozenset[str]
    level: int
    centre: CentreId
    head_start: timedelta
    widens: int
    last_seat: int | None
    alone: int
    pause: int
    later: int
    first: tuple[PoolName, ...]
    overflows: tuple[tuple[PoolName, timedelta], ...]
    duties: frozenset[PoolName]


def seconds(number: int) -> timedelta:
    return timedelta(seconds=number)


STEPS = st.lists(
    st.builds(
        Step,
        what=st.sampled_from(["join", "join", "free", "free", "leave", "occupy", "tick"]),
        who=st.integers(0, 7),
        skill=st.sampled_from(SKILLS),
        skills=st.frozensets(st.sampled_from(SKILLS), min_size=1),
        level=st.integers(0, 2),
        centre=st.sampled_from(CENTRES),
        head_start=st.sampled_from(HEAD_STARTS),
        widens=st.sampled_from([0, 0, 20]),
        last_seat=st.none() | st.integers(0, 4),
        alone=st.sampled_from([0, 10]),
        pause=st.sampled_from([0, 0, 5]),
        later=st.integers(0, 15),
        first=st.lists(st.sampled_from(POOLS), max_size=2).map(tuple),
        overflows=st.lists(
            st.tuples(st.sampled_from(POOLS), st.sampled_from([0, 15, 30]).map(seconds)), max_size=2
        ).map(tuple),
        duties=st.frozensets(st.sampled_from(DUTIES)),
    ),
    max_size=60,
)


def waiter(step: Step, now: datetime) -> Waiter:
    return Waiter(
        since=now - timedelta(seconds=step.pause),
        call=CallId(f"node1-1.{step.who}"),
        centre=step.centre,
        skill=step.skill,
        head_start=step.head_start,
        widens_after=timedelta(seconds=step.widens),
        last_seat=None if step.last_seat is None else SEATS[step.last_seat],
        last_seat_for=timedelta(seconds=step.alone),
        not_before=now + timedelta(seconds=step.pause) if step.pause else None,
        first=step.first,
        overflows=step.overflows,
    )


def free_seat(step: Step, now: datetime) -> FreeSeat:
    levels = dict.fromkeys(step.skills, step.level)
    return FreeSeat(SEATS[step.who % 5], step.centre, step.skills, now, levels, step.duties)


class PlainAcd:
    """The rules read aloud: try everybody with everybody, in order."""

    def __init__(self) -> None:
        self.waiters: dict[CallId, tuple[Waiter, datetime]] = {}
        self.seats: dict[SeatId, FreeSeat] = {}

    def choices(self, waiter: Waiter, joined: datetime, now: datetime) -> Iterator[SeatId]:
        if waiter.not_before is not None and now < waiter.not_before:
            return
        for pool, after in waiter.wants:
            kind, *names = pool
            opens = waiter.since + after
            opens = min(opens, joined + after)
            if after and now < opens:
                continue
            if kind == "seat":
                yield from (seat for seat in self.seats if seat == names[0])
                continue
            if kind == "duty":
                on_duty = [one for one in self.seats.values() if pool in one.pools]
                yield from (one.seat for one in sorted(on_duty, key=lambda o: (o.since, o.seat)))
                continue
            able = [
                (seat.levels.get(names[1], 0), seat.since, seat.seat)
                for seat in self.seats.values()
                if seat.centre == names[0] and names[1] in seat.skills
            ]
            yield from (rank[2] for rank in sorted(able))

    def hunt(self, now: datetime) -> list[Match]:
        matches = []
        for one, joined in sorted(self.waiters.values(), key=lambda pair: pair[0].place):
            seat = next(self.choices(one, joined, now), None)
            if seat is not None:
                del self.waiters[one.call], self.seats[seat]
                matches.append(Match(one.call, seat))
        return matches


@settings(max_examples=400, deadline=None)
@given(STEPS)
def test_it_does_what_the_rules_read_aloud_do(steps: list[Step]) -> None:
    """Same matches in the same order, the same places, whoever comes, goes, pauses, widens."""
    acd, plain, now = Acd(), PlainAcd(), NOON
    for step in steps:
        now += timedelta(seconds=step.later)
        match step.what:
            case "join":
                one = waiter(step, now)
                acd.join(one)
                plain.waiters[one.call] = (one, now)
            case "leave":
                acd.leave(CallId(f"node1-1.{step.who}"))
                plain.waiters.pop(CallId(f"node1-1.{step.who}"), None)
            case "free":
                acd.free(free_seat(step, now))
                plain.seats[SEATS[step.who % 5]] = free_seat(step, now)
            case "occupy":
                acd.occupy(SEATS[step.who % 5])
                plain.seats.pop(SEATS[step.who % 5], None)
        assert acd.hunt(now) == plain.hunt(now)
        standing = sorted((one for one, _ in plain.waiters.values()), key=lambda one: one.place)
        assert acd.callers == [one.call for one in standing]
        assert len(acd) == len(standing)
        for one in standing:
            ahead = [other for other in standing if other.centre == one.centre]
            assert acd.place(one.call) == 1 + ahead.index(one)


@given(st.lists(st.sampled_from(POOLS), max_size=3), STEPS)
def test_nobody_wants_the_same_twice(first: list[PoolName], steps: list[Step]) -> None:
    """However its wants overlap, a caller stands once in each of its pools."""
    for step in steps:
        names = [name for name, _ in waiter(step._replace(first=tuple(first)), NOON).wants]
        assert len(names) == len(set(names))


@settings(max_examples=200, deadline=None)
@given(STEPS)
def test_asking_only_when_it_says_so_misses_nothing(steps: list[Step]) -> None:
    """Between two events, a hunt before ``next_opening`` finds nobody."""
    acd, now = Acd(), NOON
    for step in steps:
        now += timedelta(seconds=step.later)
        if step.what == "join":
            acd.join(waiter(step, now))
        elif step.what == "free":
            acd.free(free_seat(step, now))
        acd.hunt(now)
        opening = acd.next_opening()
        assert opening is None or opening > now
        if opening is None:
            assert acd.hunt(now + timedelta(days=1)) == []
        else:
            assert acd.hunt(opening - timedelta(milliseconds=1)) == []


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 300), st.sampled_from(HEAD_STARTS)), min_size=2, max_size=30)
)
def test_nobody_is_overtaken_by_more_than_the_bound(
    comers: list[tuple[int, timedelta]],
) -> None:
    """With one skill: who is served before me came at most ``longest_overtaking`` after me."""
    acd = Acd()
    callers = {}
    for number, (second, head_start) in enumerate(comers):
        one = Waiter(
            since=NOON + timedelta(seconds=second),
            call=CallId(f"node1-1.{number}"),
            centre=CENTRES[0],
            skill=GENERAL,
            head_start=head_start,
        )
        callers[one.call] = one
        acd.join(one)
    now = NOON + timedelta(seconds=300)
    served = []
    while len(acd):
        acd.free(FreeSeat(SEATS[0], CENTRES[0], {GENERAL}, now))
        served += [callers[match.call] for match in acd.hunt(now)]
    for turn, late in enumerate(served):
        bound = longest_overtaking(late.head_start, HEAD_STARTS)
        for earlier in served[:turn]:
            assert earlier.since - late.since <= bound


def test_the_bound_is_the_difference_of_head_starts() -> None:
    assert longest_overtaking(HEAD_STARTS[1], HEAD_STARTS) == timedelta(seconds=60)
    assert longest_overtaking(HEAD_STARTS[2], HEAD_STARTS) == timedelta(0)


def test_a_clock_set_back_holds_nobody() -> None:
    """A caller rejoins whose waiting began "in the future": it widens when it would have."""
    acd = Acd()
    acd.hunt(NOON - timedelta(hours=1))
    acd.join(
        Waiter(
            since=NOON,
            call=CallId("node1-1.1"),
            centre=CENTRES[0],
            skill="医保",
            widens_after=timedelta(seconds=20),
        )
    )
    acd.free(FreeSeat(SEATS[0], CENTRES[0], {GENERAL}, NOON))
    assert acd.hunt(NOON - timedelta(hours=1)) == []
    assert acd.next_opening() == NOON - timedelta(hours=1) + timedelta(seconds=20)
    assert acd.hunt(NOON - timedelta(hours=1) + timedelta(seconds=20)) == [
        Match(CallId("node1-1.1"), SEATS[0])
    ]


def test_pools_of_one_seat_do_not_outlive_their_callers() -> None:
    """A hotline runs for years: what nobody stands in is forgotten."""
    acd = Acd()
    for number in range(100):
        acd.join(
            Waiter(
                since=NOON,
                call=CallId(f"node1-1.{number}"),
                centre=CENTRES[0],
                skill=GENERAL,
                last_seat=SeatId(f"seat-{number}"),
            )
        )
        acd.hunt(NOON)
        acd.leave(CallId(f"node1-1.{number}"))
    assert acd._pools == {}  # noqa: SLF001 - memory is what the rule is about


def test_what_a_caller_who_left_would_have_wanted_is_not_waited_for() -> None:
    """Asked when to look again, those who are gone count no more."""
    acd = Acd()
    one = Waiter(
        since=NOON,
        call=CallId("node1-1.1"),
        centre=CENTRES[0],
        skill="医保",
        widens_after=timedelta(seconds=20),
    )
    acd.join(one)
    acd.hunt(NOON)
    assert acd.next_opening() == NOON + timedelta(seconds=20)
    acd.leave(one.call)
    assert acd.next_opening() is None


def test_a_quiet_time_before_widens_nobody_early() -> None:
    """Nothing happened for long: a caller still waits its time for the skill, from its coming.

    One who left before the next hunt, or joined anew, is not looked at twice.
    """
    acd = Acd()
    acd.hunt(NOON - timedelta(hours=1))
    acd.free(FreeSeat(SEATS[0], CENTRES[0], {GENERAL}, NOON))
    one = Waiter(
        since=NOON,
        call=CallId("node1-1.1"),
        centre=CENTRES[0],
        skill="医保",
        widens_after=timedelta(seconds=20),
    )
    acd.join(one)
    acd.join(one)
    assert acd.hunt(NOON) == []
    assert acd.next_opening() == NOON + timedelta(seconds=20)
    assert acd.hunt(NOON + timedelta(seconds=20)) == [Match(one.call, SEATS[0])]


def test_a_seat_said_free_again_keeps_its_turn() -> None:
    acd = Acd()
    for _ in range(2):
        acd.free(FreeSeat(SEATS[0], CENTRES[0], {GENERAL}, NOON))
    one = Waiter(since=NOON, call=CallId("node1-1.1"), centre=CENTRES[0], skill=GENERAL)
    acd.join(one)
    assert acd.hunt(NOON) == [Match(one.call, SEATS[0])]
    assert acd.hunt(NOON) == []

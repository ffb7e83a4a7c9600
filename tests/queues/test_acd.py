"""Who rings where."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cti.ids import CallId, CentreId, SeatId
from queues.acd import GENERAL, Acd, FreeSeat, Match, Waiter
from queues.pool import seat_pool, skill_pool

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SKILLS = st.sampled_from([GENERAL, "医保", "人社"])
HERE, THERE = CentreId("chifeng"), CentreId("ningcheng")


def waiter(
    number: int, after_s: float = 0, skill: str = GENERAL, centre: CentreId = HERE
) -> Waiter:
    since = NOON + timedelta(seconds=after_s)
    return Waiter(since=since, call=CallId(f"node1-1.{number}"), centre=centre, skill=skill)


def seat(number: int, *skills: str, free_s: float = 0, centre: CentreId = HERE) -> FreeSeat:
    since = NOON + timedelta(seconds=free_s)
    return FreeSeat(SeatId(f"{centre}-{number}"), centre, frozenset(skills or {GENERAL}), since)


def matched(acd: Acd) -> list[tuple[str, str]]:
    return [(match.call, match.seat) for match in acd.hunt(NOON)]


def test_the_longest_waiting_is_served_first_whoever_joined_first() -> None:
    """Time of waiting decides, not order of joining: places are kept."""
    acd = Acd()
    acd.join(waiter(2, 5))
    acd.join(waiter(1, 1))
    acd.free(seat(1001))
    assert matched(acd) == [("node1-1.1", "chifeng-1001")]
    assert acd.place(CallId("node1-1.2")) == 1


def test_of_two_who_came_in_the_same_second_the_lower_counter_is_first() -> None:
    """After a restart only whole seconds are known; 1.9 came before 1.10."""
    acd = Acd()
    acd.join(waiter(10))
    acd.join(waiter(9))
    assert acd.callers == [CallId("node1-1.9"), CallId("node1-1.10")]


def test_the_seat_with_the_very_skill_comes_before_the_general_ones() -> None:
    """Among equals the one free longest; an expert without general skill never overflows."""
    acd = Acd()
    acd.free(seat(1001, free_s=0))
    acd.free(seat(1002, "医保", free_s=9))
    acd.free(seat(1003, "医保", free_s=5))
    acd.join(waiter(1, skill="医保"))
    acd.join(waiter(2))
    acd.join(waiter(3))
    assert matched(acd) == [("node1-1.1", "chifeng-1003"), ("node1-1.2", "chifeng-1001")]
    assert acd.callers == [CallId("node1-1.3")]


def test_a_caller_that_waits_is_found_as_it_joined() -> None:
    """And nobody is, once it has left."""
    acd, one = Acd(), waiter(1)
    acd.join(one)
    assert acd.waiter(one.call) == one
    assert (acd.waiting_at(HERE), acd.waiting_at(THERE)) == (1, 0)
    acd.leave(one.call)
    assert acd.waiter(one.call) is None
    assert acd.waiting_at(HERE) == 0


def test_what_is_wanted_opens_in_this_order_and_then() -> None:
    """The last seat alone, then what comes first alone, then all the rest; overflow behind."""
    duty, skill = ("duty", "water"), skill_pool(HERE, "医保")
    wants = replace(
        waiter(1, skill="医保"),
        last_seat=SeatId("chifeng-1001"),
        last_seat_for=timedelta(seconds=5),
        first=(duty,),
        widens_after=timedelta(seconds=20),
        overflows=((skill_pool(HERE, "人社"), timedelta(seconds=60)),),
    ).wants
    assert wants == (
        (seat_pool(SeatId("chifeng-1001")), timedelta(0)),
        (duty, timedelta(seconds=5)),
        (skill, timedelta(seconds=20)),
        (skill_pool(HERE, GENERAL), timedelta(seconds=20)),
        (skill_pool(HERE, "人社"), timedelta(seconds=60)),
    )


def test_an_overflow_opens_what_is_wanted_anyway_no_later_and_never_beside_the_last_seat() -> None:
    """A pool stands once among the wants, at its place and its earliest time."""
    general = skill_pool(HERE, GENERAL)
    one = replace(
        waiter(1, skill="医保"),
        last_seat=SeatId("chifeng-1001"),
        last_seat_for=timedelta(seconds=15),
        widens_after=timedelta(seconds=20),
        overflows=((general, timedelta(seconds=10)),),
    )
    assert one.wants[2:] == ((general, timedelta(seconds=15)),)


def test_a_seat_on_duty_takes_the_callers_of_its_duty_before_others_do() -> None:
    """The seat of the duty rings although another has been free for longer; else that one."""
    acd, duty = Acd(), ("duty", "water")
    acd.free(seat(1001, free_s=0))
    acd.free(replace(seat(1002, free_s=9), pools=(duty,)))
    acd.join(replace(waiter(1), first=(duty,)))
    acd.join(replace(waiter(2), first=(duty,)))
    assert matched(acd) == [("node1-1.1", "chifeng-1002"), ("node1-1.2", "chifeng-1001")]


def test_of_the_seats_with_a_skill_the_best_level_rings_first() -> None:
    """However long another has been free."""
    acd = Acd()
    acd.free(replace(seat(1001, free_s=0), levels={GENERAL: 1}))
    acd.free(seat(1002, free_s=9))
    acd.join(waiter(1))
    assert matched(acd) == [("node1-1.1", "chifeng-1002")]


def test_overflow_lets_another_centres_seats_ring_after_its_time() -> None:
    """Not a moment earlier, and the caller keeps its place in its own centre."""
    acd, later = Acd(), timedelta(seconds=60)
    acd.free(seat(1001, centre=THERE))
    acd.join(replace(waiter(1), overflows=((skill_pool(THERE, GENERAL), later),)))
    assert acd.hunt(NOON) == []
    assert acd.place(CallId("node1-1.1")) == 1
    assert acd.next_opening() == NOON + later
    assert acd.hunt(NOON + later) == [Match(CallId("node1-1.1"), SeatId("ningcheng-1001"))]


def test_a_caller_nobody_can_take_does_not_hold_up_those_behind() -> None:
    """Only experts of another trade are free: the next caller whom they can serve is served."""
    acd = Acd()
    acd.join(waiter(1))
    acd.join(waiter(2, skill="医保"))
    acd.free(seat(1002, "医保"))
    assert matched(acd) == [("node1-1.2", "chifeng-1002")]


def test_a_centre_serves_its_own_callers() -> None:
    """A seat of another centre is not offered."""
    acd = Acd()
    acd.join(waiter(1, centre=THERE))
    acd.free(seat(1001))
    assert matched(acd) == []
    acd.free(seat(1001, centre=THERE))
    assert matched(acd) == [("node1-1.1", "ningcheng-1001")]


def test_who_left_is_not_offered_and_leaving_twice_is_harmless() -> None:
    acd = Acd()
    acd.join(waiter(1))
    acd.leave(CallId("node1-1.1"))
    acd.leave(CallId("node1-1.1"))
    acd.free(seat(1001))
    assert matched(acd) == []
    assert (len(acd), acd.place(CallId("node1-1.1"))) == (0, 0)


def test_not_before_is_respected() -> None:
    """A refused order is not given again before its time; nobody else is held up by it."""
    acd = Acd()
    later = NOON + timedelta(milliseconds=50)
    acd.join(replace(waiter(1), not_before=later))
    acd.free(seat(1001))
    assert acd.hunt(NOON) == []
    assert acd.hunt(later) == [Match(CallId("node1-1.1"), SeatId("chifeng-1001"))]


@given(
    waits=st.lists(st.tuples(st.integers(0, 600), SKILLS), max_size=12),
    seats=st.lists(st.frozensets(SKILLS, min_size=1), max_size=8),
)
def test_a_hunt_leaves_no_pair_unmatched_and_serves_each_once(
    waits: list[tuple[int, str]], seats: list[frozenset[str]]
) -> None:
    """Afterwards no free seat could take any waiting caller; no seat and no caller comes twice."""
    acd = Acd()
    wanted = {}
    for number, (after_s, skill) in enumerate(waits):
        acd.join(waiter(number, after_s, skill))
        wanted[CallId(f"node1-1.{number}")] = skill
    skills = {SeatId(f"chifeng-{n}"): s for n, s in enumerate(seats)}
    for number, has in enumerate(seats):
        acd.free(seat(number, *has))
    matches = acd.hunt(NOON)
    assert len({match.call for match in matches}) == len(matches) == len({m.seat for m in matches})
    left = set(skills) - {match.seat for match in matches}
    for call in acd.callers:
        assert not any(wanted[call] in skills[s] or GENERAL in skills[s] for s in left)
    for match in matches:
        assert wanted[match.call] in skills[match.seat] or GENERAL in skills[match.seat]


def test_a_pause_stays_as_long_when_the_clock_is_set() -> None:
    """Set back by an hour, nobody stands still for an hour; and the places stay."""
    acd = Acd()
    acd.free(seat(1001))
    first, second = waiter(1), waiter(2)
    acd.join(replace(first, not_before=NOON + timedelta(seconds=1)))
    acd.join(second)
    acd.shift_clock(timedelta(hours=-1))
    assert [first.call, second.call] == acd.callers
    an_hour_ago = NOON - timedelta(hours=1)
    assert [Match(second.call, SeatId("chifeng-1001"))] == acd.hunt(an_hour_ago)
    acd.free(seat(1001))
    assert acd.hunt(an_hour_ago) == []
    assert [Match(first.call, SeatId("chifeng-1001"))] == acd.hunt(
        an_hour_ago + timedelta(seconds=1)
    )
    assert len(acd) == 0


def test_who_stands_free_for_a_skill_is_told_in_the_order_of_ringing() -> None:
    """As whoever is rung without waiting in the queue is chosen. Nobody is taken out by asking."""
    acd = Acd()
    for number, free_s in ((1001, 2), (1002, 1)):
        acd.free(seat(number, "人社", free_s=free_s))
    pool = skill_pool(HERE, "人社")
    both = (SeatId("chifeng-1002"), SeatId("chifeng-1001"))
    assert both == acd.free_in(pool) == acd.free_in(pool)
    assert acd.free_in(skill_pool(HERE, "税务")) == ()

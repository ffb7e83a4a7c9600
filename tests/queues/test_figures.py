"""The figures a hotline is judged by: by definition, by row, by any order of counting."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.ids import AgentId, CallId, CentreId, LegId, LineId, PeerId, SeatId
from queues.breakdown import BREAKDOWNS, breakdown
from queues.figures import (
    CALLBACK_LABELS,
    LABELS,
    CallbackFigures,
    Figures,
    Tally,
    WorstDay,
    callback_figures,
    figures,
    is_judged,
    is_short_abandon,
    talked,
    wait,
)
from queues.task import Attempt, AttemptOutcome, Task, TaskState
from records.callrecord import CallRecord, Direction, Disposition, Offered, Talk

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # Friday, 12:00 in China


def worst_day(records: Iterable[CallRecord]) -> tuple[datetime, float] | None:
    worst = WorstDay(NOON)
    for record in sorted(records, key=lambda record: record.arrived_at):
        worst.add(record)
    return worst.found()


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def call(
    number: int = 1,
    *,
    at: float = 0,
    waited: float | None = 2,
    talks: Sequence[tuple[float, float | None]] = (),
    ended: float | None = None,
    disposition: Disposition | None = None,
    peer: str = "",
    dialled: float | None = None,
    line: str = "8337772",
    satisfaction: int | None = None,
) -> CallRecord:
    """A call; all times in seconds after its arrival."""
    if disposition is None:
        disposition = Disposition.ABANDONED if ended is not None else Disposition.LIVE
        if talks and ended is not None:
            disposition = Disposition.ANSWERED
    seat = "" if peer else "chifeng-1001"
    return CallRecord(
        call=CallId(f"node1-1.{number}"),
        centre=CentreId("chifeng"),
        line=LineId(line),
        dnis=line,
        ani="",
        arrived_at=after(at),
        waited_since=None if waited is None else after(at + waited),
        ended_at=None if ended is None else after(at + ended),
        disposition=disposition,
        offers=()
        if dialled is None
        else (
            Offered(seat=SeatId(""), at=after(at + dialled), outcome="missed", peer=PeerId("tax")),
        ),
        talks=tuple(
            Talk(
                seat=SeatId(seat),
                agent=AgentId("" if peer else "zhang"),
                since=after(at + since),
                until=None if until is None else after(at + until),
                peer=PeerId(peer),
            )
            for since, until in talks
        ),
        satisfaction=satisfaction,
    )


def test_every_figure_of_a_small_day() -> None:
    """Two answered in time (one outside), one late, one given up, one short, one cut, one live,
    and one told where to call, which nobody was to answer.
    """
    day = [
        call(1, talks=[(10, 70)], ended=72),
        call(2, waited=None, dialled=3, talks=[(8, 38)], ended=40, peer="tax"),
        call(3, talks=[(32, 62), (65, 95)], ended=100),
        call(4, ended=60),
        call(5, ended=6),
        call(6, ended=30, disposition=Disposition.CUT),
        call(7, talks=[(5, None)]),
        call(8, waited=None, ended=99, disposition=Disposition.TOLD),
    ]
    assert figures(day) == Figures(
        offered=8,
        live=1,
        answered=4,
        answered_outside=1,
        abandoned=2,
        short_abandoned=1,
        told=1,
        cut=1,
        connection_share=3 / 6,
        answered_within_15_s=3,
        within_15_s_share=2 / 6,
        speed_of_answer_s=(8 + 5 + 30 + 3) / 4,
        longest_wait_s=58,
        talk_s=(60 + 30 + 60) / 4,
        blocked=0,
        rated=0,
        satisfaction=None,
        satisfied_share=None,
        dialled_out=0,
        reached_out=0,
    )


def test_refused_nuisance_callers_are_counted_and_in_no_share() -> None:
    """A day with them and one without have the same rates."""
    day = [call(1, talks=[(10, 70)], ended=72), call(2, ended=60)]
    refused = [call(n, waited=None, ended=99, disposition=Disposition.BLOCKED) for n in range(3, 8)]
    without = figures(day)
    assert figures([*day, *refused]) == replace(without, offered=7, blocked=5)


def test_of_nothing_there_are_no_shares() -> None:
    nothing = figures([])
    assert (nothing.offered, nothing.connection_share, nothing.speed_of_answer_s) == (0, None, None)
    assert nothing.longest_wait_s is None


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (call(talks=[(10, 20)], ended=21), 8.0),
        (call(ended=30), 28.0),
        (call(waited=None, ended=4), 4.0),
        (call(waited=20, dialled=3, talks=[(33, 40)], ended=41), 30.0),
        (replace(call(talks=[(900, 960)], ended=961), kept_at=after(50)), 48.0),
        (replace(call(ended=1500), kept_at=after(50)), 48.0),
        (call(waited=12, talks=[(10, 20)], ended=21), 0.0),
        (call(), None),
    ],
    ids=[
        *("answered", "given up", "in the announcement", "outside first"),
        *("called back", "called back in vain", "clock set", "waiting"),
    ],
)
def test_a_wait_counts_from_the_end_of_the_announcement(
    record: CallRecord, expected: float | None
) -> None:
    found = wait(record)
    assert (None if found is None else found.total_seconds()) == expected


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (call(ended=7), True),
        (call(ended=7.1), False),
        (call(waited=None, ended=60), True),
        (call(ended=3, disposition=Disposition.CUT), False),
        (call(), False),
    ],
)
def test_a_short_abandon_gave_nobody_the_time_to_answer(record: CallRecord, expected: bool) -> None:
    assert is_short_abandon(record) == expected


def test_an_open_talk_counts_when_it_is_over() -> None:
    assert talked(call(talks=[(3, 13), (15, None)])) == timedelta(seconds=10)


def moved(*talks: tuple[str, float, float | None], ended: float | None = 200) -> CallRecord:
    """A call that was moved: who talked from when to when, a recipient of no seat by its leg."""
    told = [
        Talk(
            seat=SeatId("" if who.startswith("m") else f"chifeng-{who}"),
            agent=AgentId("" if who.startswith("m") else f"agent{who}"),
            since=after(since),
            until=None if until is None else after(until),
            peer=PeerId("tax" if who.startswith("m") else ""),
            leg=LegId(f"node1-1.1-{who}" if who.startswith("m") else ""),
        )
        for who, since, until in talks
    ]
    rung = Offered(
        seat=SeatId(""),
        at=after(1),
        outcome="missed",
        peer=PeerId("tax"),
        leg=LegId("node1-1.1-m1"),
    )
    plain = call(waited=2, talks=[(10, 20)], ended=ended, satisfaction=2)
    return replace(plain, talks=tuple(told), offers=(rung,))


THREE_WAY = moved(("1001", 10, 40), ("1001", 70, 110), ("m2", 71, 160))
"""A consult, then three together, then without the agent."""


def test_a_recipient_rung_by_a_move_does_not_begin_the_wait() -> None:
    """It was rung for a caller who waited (an emergency): the queue's own clock goes on."""
    assert wait(THREE_WAY) == timedelta(seconds=8)
    assert wait(moved(ended=30)) == timedelta(seconds=28)


def test_two_who_talk_at_once_talk_once() -> None:
    """30 s before the hold, 90 s after it, however many heard the caller meanwhile."""
    assert talked(THREE_WAY) == timedelta(seconds=120)
    whole = moved(("1001", 10, 100), ("m1", 20, 60), ("m2", 30, 90), ("m3", 100, None))
    assert talked(whole) == timedelta(seconds=90)


def test_an_emergency_line_that_answers_first_is_no_seat_of_the_lines_own() -> None:
    """Answered all the same: a person talked with the caller, 8 s after the announcement."""
    of = figures([moved(("m1", 10, 60))])
    assert (of.answered, of.answered_outside, of.speed_of_answer_s) == (1, 0, 8.0)


def test_among_seats_a_moved_call_counts_for_each_as_it_was_there() -> None:
    """The caller's wait for the hotline, the own time with the caller, the mark at the last."""
    blind = moved(("1001", 10, 30), ("1002", 50, 190))
    rows = breakdown([blind], BREAKDOWNS["seat"])
    assert {
        row: (of.answered, of.speed_of_answer_s, of.talk_s, of.rated) for row, of in rows.items()
    } == {
        "chifeng-1001": (1, 8.0, 20.0, 0),
        "chifeng-1002": (1, 8.0, 140.0, 1),
    }
    whole = figures([blind])
    assert (whole.answered, whole.talk_s, whole.rated) == (1, 160.0, 1)


def test_the_mark_after_a_recipients_talk_is_no_agents() -> None:
    """The last who talked with the caller was elsewhere; the call keeps its mark."""
    rows = breakdown([THREE_WAY], BREAKDOWNS["agent"])
    assert [(row, of.talk_s, of.rated) for row, of in rows.items()] == [("agent1001", 70.0, 0)]
    stayed = moved(("1001", 10, 40), ("1001", 70, 170), ("m2", 71, 160))
    assert breakdown([stayed], BREAKDOWNS["agent"])["agent1001"].rated == 1
    assert figures([THREE_WAY]).rated == 1


RECORDS = st.lists(
    st.builds(
        call,
        st.integers(1, 50),
        at=st.integers(0, 400_000),
        waited=st.none() | st.integers(0, 9),
        talks=st.lists(st.just((10, 20)) | st.just((40, 41)) | st.just((50, None)), max_size=2),
        ended=st.none() | st.integers(0, 90),
        peer=st.sampled_from(["", "tax"]),
        dialled=st.none() | st.integers(0, 9),
        line=st.sampled_from(["8337772", "12333"]),
        satisfaction=st.none() | st.integers(1, 5),
    ),
    max_size=30,
)


@given(RECORDS, RECORDS, st.randoms(use_true_random=False))
def test_a_board_that_counted_along_shows_what_a_report_counts(
    first: list[CallRecord], last: list[CallRecord], order: Random
) -> None:
    """Each call counted, then replaced by how it ended, in any order: the report of the ends."""
    tally = Tally()
    for record in first:
        tally.add(record)
    shuffled = list(first)
    order.shuffle(shuffled)
    for record in shuffled:
        tally.remove(record)
    for record in last:
        tally.add(record)
    assert tally.figures() == figures(last)


@given(RECORDS)
def test_rows_of_one_kind_add_up_to_the_whole(records: list[CallRecord]) -> None:
    """By line, half-hour, day, week, month, quarter, year, centre every call stands in one row."""
    whole = figures(records)
    for name in set(BREAKDOWNS) - {"seat", "agent"}:
        rows = breakdown(records, BREAKDOWNS[name]).values()
        for count in ("offered", "answered", "abandoned", "short_abandoned", "cut", "live"):
            assert sum(getattr(row, count) for row in rows) == getattr(whole, count)
        assert sum(row.rated for row in rows) == whole.rated


def test_rows_are_named_by_the_citys_clock() -> None:
    """16:30 UTC is half past midnight of the next day in China."""
    late = call(at=4.5 * 3600 + 8 * 3600)
    expected = {
        "line": ["8337772"],
        "centre": ["chifeng"],
        "half-hour": ["2026-11-21 00:30"],
        "day": ["2026-11-21"],
        "week": ["2026-W47"],
        "month": ["2026-11"],
        "quarter": ["2026-Q4"],
        "year": ["2026"],
        "seat": [],
        "agent": [],
    }
    assert {name: list(breakdown([late], by)) for name, by in BREAKDOWNS.items()} == expected


def test_a_call_counts_for_each_seat_that_had_it() -> None:
    talked_to = call(talks=[(3, 5)], ended=6)
    assert list(breakdown([talked_to], BREAKDOWNS["seat"])) == ["chifeng-1001"]
    assert list(breakdown([talked_to], BREAKDOWNS["agent"])) == ["zhang"]
    assert breakdown([call(talks=[(3, 5)], peer="tax")], BREAKDOWNS["seat"]) == {}


def test_any_24_hours_means_any() -> None:
    """Good mornings do not hide a bad night that lies across midnight."""
    good = [call(n, at=n * 3600, talks=[(3, 5)], ended=6) for n in range(36)]
    bad = [call(n, at=n * 3600 + 60, ended=60) for n in range(36, 60)]
    more = [call(n, at=n * 3600, talks=[(3, 5)], ended=6) for n in range(60, 90)]
    assert worst_day([*more, *bad, *good]) == (after(35 * 3600 + 60), 0.0)


def test_less_than_a_day_is_looked_at_as_a_whole() -> None:
    """Four in one hour, one of them lost: three quarters, not nothing for the last one."""
    hour = [call(n, talks=[(3, 5)], ended=6) for n in range(3)]
    assert worst_day([*hour, call(4, at=60, ended=60)]) == (NOON, 0.75)
    assert worst_day([call()]) is None


@given(RECORDS)
def test_the_worst_day_is_what_trying_every_window_finds(records: list[CallRecord]) -> None:
    ended = [record for record in records if is_judged(record)]
    shares = []
    for last in ended:
        begins = last.arrived_at - timedelta(hours=24)
        window = [record for record in ended if begins < record.arrived_at <= last.arrived_at]
        if begins >= NOON:
            shares.append(sum(bool(record.talks) for record in window) / len(window))
    whole = figures(ended).connection_share
    found = worst_day(records)
    assert (found and found[1]) == min(shares, default=whole)


def lost(at: float = 0, *, state: TaskState = TaskState.OWED, tried: Sequence[float] = ()) -> Task:
    """A caller lost so many seconds after noon; tried so many seconds after that, last reached."""
    outcomes = [AttemptOutcome.BUSY] * (len(tried) - 1) + [AttemptOutcome.ANSWERED]
    return Task(
        call=CallId(f"node1-1.{at}"),
        centre=CentreId("chifeng"),
        line=LineId("8337772"),
        number="13847652301",
        missed_at=after(at),
        due_at=after(at) + timedelta(hours=24),
        is_short=False,
        state=state,
        attempts=tuple(
            Attempt(at=after(at + late), agent=AgentId("zhang"), outcome=outcome)
            for late, outcome in zip(tried, outcomes, strict=False)
        ),
    )


def test_what_became_of_callers_who_called_in_vain() -> None:
    """A task counts in one of four; an open one past its deadline is overdue besides."""
    tasks = [
        lost(0),
        lost(600, state=TaskState.CLAIMED),
        lost(7200),
        *(lost(at, state=TaskState.DONE, tried=(60, 600)) for at in range(2)),
        lost(3, state=TaskState.DONE, tried=(3000,)),
        *(lost(at, state=TaskState.CLOSED) for at in range(4)),
        *(lost(at, state=TaskState.FAILED) for at in range(5)),
    ]
    assert callback_figures(tasks, after(3600) + timedelta(hours=24)) == CallbackFigures(
        owed=3, done=3, closed=4, failed=5, overdue=2, callback_s=1400.0
    )


def test_a_task_is_overdue_when_its_deadline_has_passed_not_before() -> None:
    late = [timedelta(seconds=seconds) for seconds in (-1, 0, 1)]
    assert [callback_figures([lost()], lost().due_at + one).overdue for one in late] == [0, 0, 1]


def test_nobody_called_back_has_no_mean() -> None:
    assert callback_figures([], NOON).callback_s is None
    assert callback_figures([lost()], NOON).callback_s is None


def test_every_figure_of_call_backs_has_a_name_for_people() -> None:
    assert list(CALLBACK_LABELS) == list(asdict(callback_figures([], NOON)))


def test_calls_out_are_in_no_figure_of_those_who_call_us() -> None:
    """An agent who calls back makes no call that comes in, reached or not."""
    theirs = [call(1, talks=[(2, 60)], ended=60), call(2, ended=30), call(3)]
    out = [
        replace(call(4, waited=None, talks=[(2, 3)], ended=9), direction=Direction.OUT),
        replace(call(5, waited=None, talks=[(2, 2.9)], ended=9), direction=Direction.OUT),
        replace(call(6, waited=None, ended=9), direction=Direction.OUT),
        replace(call(7, waited=None), direction=Direction.OUT),
    ]
    expected = replace(figures(theirs), dialled_out=4, reached_out=1)
    assert figures([*out, *theirs]) == expected
    tally = Tally()
    for record in [*theirs, *out]:
        tally.add(record)
    for record in out:
        tally.remove(record)
    assert tally.figures() == figures(theirs)
    assert worst_day([*theirs, *out]) == worst_day(theirs)


def test_what_other_houses_told_is_in_no_figure() -> None:
    """A sub-centre's own calls are its own to count."""
    theirs = [call(1, talks=[(2, 60)], ended=60), call(2, ended=30)]
    told = [
        replace(call(3, waited=None, talks=[(2, 60)], ended=60), direction=Direction.TOLD),
        replace(call(4, waited=None, ended=9), direction=Direction.TOLD),
    ]
    assert figures([*told, *theirs]) == figures(theirs)
    assert worst_day([*told, *theirs]) == worst_day(theirs)


def test_what_other_houses_told_is_in_no_row() -> None:
    """Not one of zeros either: a line that nobody called us on is none of the report's."""
    told = replace(call(3, line="110", talks=[(2, 60)], ended=60), direction=Direction.TOLD)
    theirs = call(1, talks=[(2, 60)], ended=60)
    for by in BREAKDOWNS.values():
        assert breakdown([told, theirs], by) == breakdown([theirs], by)


def test_satisfaction_is_counted_of_those_who_said_something() -> None:
    """Marks of 5, 4 and 1, and two callers who pressed nothing."""
    marks = [5, 4, 1, None, None]
    day = [call(n, talks=[(3, 9)], ended=20, satisfaction=mark) for n, mark in enumerate(marks)]
    found = figures(day)
    assert (found.rated, found.satisfaction, found.satisfied_share) == (3, 10 / 3, 2 / 3)
    assert figures(day[3:]).satisfaction is None


def test_the_callers_mark_is_the_last_seats() -> None:
    """Of two seats who had the caller, the first counts the call and not the mark."""
    first, last = SeatId("chifeng-1001"), SeatId("chifeng-1002")
    one = call(talks=[(3, 9), (12, 20)], ended=25, satisfaction=2)
    [early, late] = one.talks
    moved = replace(one, talks=(early, replace(late, seat=last, agent=AgentId("wang"))))
    for by, rows in (("seat", (first, last)), ("agent", ("zhang", "wang"))):
        found = breakdown([moved], BREAKDOWNS[by])
        assert [found[row].answered for row in rows] == [1, 1]
        assert [found[row].satisfaction for row in rows] == [None, 2.0]
    back = replace(one, talks=(replace(early, seat=last), late))
    assert breakdown([back], BREAKDOWNS["seat"])[first].satisfaction == 2.0
    assert breakdown([moved], BREAKDOWNS["line"])["8337772"].satisfaction == 2.0


def test_every_figure_has_a_name_for_people() -> None:
    assert list(LABELS) == list(asdict(figures([])))

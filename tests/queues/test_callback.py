"""Nobody who called in vain is forgotten, and nobody is called back twice for one thing."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.ids import AgentId, CallId, SeatId
from queues.callback import (
    CLAIM,
    MOST_ATTEMPTS,
    MOST_DIALS,
    WITHIN,
    TaskNotClaimed,
    TaskNotOpen,
    TaskTaken,
    attempt_of,
    claim,
    dialling,
    line_up,
    noted,
    owed,
    release,
    tried,
)
from queues.task import OPEN, Attempt, AttemptOutcome, Task, TaskState
from records.callrecord import CallRecord, Direction, Disposition, Offered, Talk
from tests.records.samples import NOON, arrived, ended

ANNA, BAO = AgentId("anna"), AgentId("bao")
SECOND = timedelta(seconds=1)
ANI = arrived().ani


def missed(number: int, at: int, *, lasts: int = 30, ani: str = ANI) -> CallRecord:
    begins = NOON + at * SECOND
    return arrived(
        f"node1-1.{number}",
        ani=ani,
        arrived_at=begins,
        waited_since=begins,
        ended_at=begins + lasts * SECOND,
        disposition=Disposition.ABANDONED,
    )


def answered(number: int, at: int) -> CallRecord:
    return ended(f"node1-1.{number}", arrived_at=NOON + at * SECOND)


def task(**other: object) -> Task:
    (found,) = line_up([missed(1, 0)], {})
    return replace(found, **other)  # type: ignore[arg-type]


def test_a_call_in_vain_leaves_a_task_with_a_deadline() -> None:
    found = owed(missed(1, 0))
    assert found is not None
    assert (found.call, found.number, found.missed_at, found.due_at, found.is_short) == (
        "node1-1.1",
        ANI,
        NOON + 30 * SECOND,
        NOON + 30 * SECOND + WITHIN,
        False,
    )


@pytest.mark.parametrize(
    "record",
    [
        answered(1, 0),
        arrived(),
        replace(missed(1, 0), disposition=Disposition.TOLD),
        replace(missed(1, 0), disposition=Disposition.BLOCKED),
        missed(1, 0, ani=""),
        missed(1, 0, ani="anonymous"),
        replace(missed(1, 0), ended_at=None),
    ],
    ids=["answered", "live", "told", "blocked", "withheld", "no number", "not ended"],
)
def test_no_task_where_nobody_was_lost_or_can_be_called(record: CallRecord) -> None:
    assert owed(record) is None


def test_who_was_cut_off_is_called_back_too() -> None:
    """The network's fault is not the caller's."""
    cut = replace(missed(1, 0), disposition=Disposition.CUT)
    assert owed(cut) is not None


def test_a_short_abandon_is_marked() -> None:
    found = owed(missed(1, 0, lasts=4))
    assert found is not None
    assert found.is_short


def test_a_number_that_gets_through_later_is_not_called_back() -> None:
    (found,) = line_up([missed(1, 0), answered(2, 100)], {})
    assert (found.state, found.closed_by) == (TaskState.CLOSED, "node1-1.2")


def test_an_answer_before_the_loss_closes_nothing() -> None:
    """Two phones of one number: the one was answered while the other still waited."""
    (found,) = line_up([answered(1, 10), missed(2, 0, lasts=60)], {})
    assert found.state is TaskState.OWED


def test_calling_in_vain_again_gives_us_no_more_time() -> None:
    """One open task a number; it keeps the first deadline."""
    first, second = line_up([missed(1, 0), missed(2, 3600)], {})
    assert (first.state, first.closed_by) == (TaskState.CLOSED, second.call)
    assert second.state is TaskState.OWED
    assert second.due_at == first.due_at


def test_what_people_settled_stays_settled() -> None:
    """A caller who was reached and calls again has a new matter with its own deadline."""
    done = task(state=TaskState.DONE)
    first, second = line_up([missed(1, 0), missed(2, 3600)], {done.call: done})
    assert first.state is TaskState.DONE
    assert second.due_at == NOON + (3600 + 30) * SECOND + WITHIN


def test_a_claim_stays_while_calls_become_known() -> None:
    held = claim(task(), ANNA, NOON)
    (same,) = line_up([missed(1, 0)], {held.call: held})
    assert same == held


CALLS = st.lists(
    st.tuples(st.integers(0, 5000), st.integers(1, 90), st.booleans()), min_size=1, max_size=8
).map(
    lambda facts: [
        answered(number, at) if is_answered else missed(number, at, lasts=lasts)
        for number, (at, lasts, is_answered) in enumerate(facts)
    ]
)


@given(CALLS, st.randoms(use_true_random=False))
def test_it_does_not_matter_in_which_order_calls_become_known(
    records: list[CallRecord], order: Random
) -> None:
    """One by one in any order, or all at once: the same tasks."""
    kept: dict[CallId, Task] = {}
    shuffled = list(records)
    order.shuffle(shuffled)
    for count in range(1, len(shuffled) + 1):
        kept = {one.call: one for one in line_up(shuffled[:count], kept)}
    assert list(kept.values()) == line_up(records, {})


@given(CALLS)
def test_a_number_has_one_open_task_at_most_and_none_after_an_answer(
    records: list[CallRecord],
) -> None:
    """Overlapping calls apart: of calls one after another only the last loss is open."""
    in_order = sorted(records, key=lambda one: one.arrived_at)
    apart = [one for at, one in enumerate(in_order) if at == 0 or _follows(in_order[at - 1], one)]
    tasks = line_up(apart, {})
    still_open = [one for one in tasks if one.state in OPEN]
    last = apart[-1]
    assert [one.call for one in still_open] == ([last.call] if owed(last) else [])


def _follows(before: CallRecord, after: CallRecord) -> bool:
    return before.ended_at is not None and before.ended_at + 100 * SECOND <= after.arrived_at


def test_a_task_is_one_agents_until_the_claim_runs_out() -> None:
    held = claim(task(), ANNA, NOON)
    assert (held.state, held.claimed_by) == (TaskState.CLAIMED, ANNA)
    with pytest.raises(TaskTaken):
        claim(held, BAO, NOON + CLAIM - SECOND)
    assert claim(held, ANNA, NOON + SECOND).claimed_until == NOON + SECOND + CLAIM
    assert held.stands(NOON + CLAIM) is TaskState.OWED
    assert claim(held, BAO, NOON + CLAIM).claimed_by == BAO


def test_a_claim_that_ran_out_is_shown_as_none() -> None:
    """Nobody is named any more; what still holds is left as it is."""
    held = claim(task(), ANNA, NOON)
    assert held.as_of(NOON) == held
    assert held.as_of(NOON + CLAIM) == task()


def test_a_task_over_is_never_overdue() -> None:
    late = NOON + 2 * WITHIN
    overdue = {state for state in TaskState if task(state=state).is_overdue(late)}
    assert overdue == OPEN


def test_the_caller_was_reached_by_the_first_attempt_that_was_answered() -> None:
    tries = [
        Attempt(at=NOON + at * SECOND, agent=ANNA, outcome=outcome)
        for at, outcome in ((1, AttemptOutcome.BUSY), (2, AttemptOutcome.REFUSED))
    ]
    assert task(attempts=tuple(tries)).reached_at == NOON + 2 * SECOND
    assert task(attempts=tuple(tries[:1])).reached_at is None


@pytest.mark.parametrize("state", TaskState)
def test_a_task_is_open_until_somebody_was_spoken_to_or_nobody_could_be(state: TaskState) -> None:
    """Claimed is open, too: nobody has called yet."""
    is_open = state in (TaskState.OWED, TaskState.CLAIMED)
    assert task(state=state).is_open == is_open


def test_a_claim_without_an_end_is_none() -> None:
    assert task(state=TaskState.CLAIMED).stands(NOON) is TaskState.OWED


@pytest.mark.parametrize("state", sorted(set(TaskState) - OPEN, key=str))
def test_what_is_over_is_not_claimed(state: TaskState) -> None:
    with pytest.raises(TaskNotOpen):
        claim(task(state=state), ANNA, NOON)


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([AttemptOutcome.ANSWERED], TaskState.DONE),
        ([AttemptOutcome.NO_ANSWER], TaskState.OWED),
        ([AttemptOutcome.BUSY, AttemptOutcome.REFUSED], TaskState.DONE),
        ([AttemptOutcome.UNREACHABLE] * MOST_ATTEMPTS, TaskState.FAILED),
    ],
)
def test_attempts_decide(outcomes: Sequence[AttemptOutcome], expected: TaskState) -> None:
    """Reached is done; not reached is owed again, until it was tried often enough."""
    found = task()
    for outcome in outcomes:
        found = tried(claim(found, ANNA, NOON), Attempt(at=NOON, agent=ANNA, outcome=outcome))
    assert (found.state, found.claimed_by) == (expected, None)
    assert [one.outcome for one in found.attempts] == list(outcomes)


def test_only_the_holder_says_how_it_went_or_gives_it_back() -> None:
    held = claim(task(), ANNA, NOON)
    by_bao = Attempt(at=NOON, agent=BAO, outcome=AttemptOutcome.ANSWERED)
    too_late = Attempt(at=NOON + CLAIM, agent=ANNA, outcome=AttemptOutcome.ANSWERED)
    for attempt in (by_bao, too_late):
        with pytest.raises(TaskNotClaimed):
            tried(held, attempt)
    with pytest.raises(TaskNotClaimed):
        release(held, BAO, NOON)
    assert release(held, ANNA, NOON).state is TaskState.OWED


def test_who_kept_a_place_and_was_not_reached_was_tried_already() -> None:
    """Each time the seat answered and the citizen did not is an attempt; a missed seat is none."""
    rings = ((40, "answered"), (70, "missed"), (90, "answered"), (390, "answered"))
    record = replace(
        missed(1, 0),
        kept_at=NOON + timedelta(seconds=60),
        offers=tuple(
            Offered(seat=SeatId("a-1"), at=NOON + timedelta(seconds=at), outcome=outcome)
            for at, outcome in rings
        ),
    )
    found = owed(record)
    assert found is not None
    assert [(one.at, one.agent, one.outcome) for one in found.attempts] == [
        (NOON + timedelta(seconds=at), "", AttemptOutcome.NO_ANSWER) for at in (90, 390)
    ]
    assert found.state is TaskState.OWED
    unkept = owed(replace(record, kept_at=None))
    assert unkept is not None
    assert unkept.attempts == ()


@pytest.mark.parametrize(("talked_at", "is_owed"), [((10,), True), ((10, 90), False)])
def test_who_talked_and_then_kept_a_place_in_vain_is_owed_its_call(
    talked_at: Sequence[int], is_owed: bool
) -> None:
    """The seat's phone was lost in mid-talk; a talk before the promise does not keep it."""
    talks = tuple(
        Talk(
            seat=SeatId("a-1"),
            agent=ANNA,
            since=NOON + at * SECOND,
            until=NOON + (at + 5) * SECOND,
        )
        for at in talked_at
    )
    record = replace(answered(1, 0), kept_at=NOON + 60 * SECOND, talks=talks)
    assert (owed(record) is not None) is is_owed
    assert owed(replace(record, kept_at=None)) is None


def called_out(
    number: int = 1, *, at: int = 600, talked_s: float | None = None, outcome: str = "missed"
) -> CallRecord:
    """A call out about the first missed call, by Anna; ``talked_s`` None: nobody answered."""
    begins = NOON + at * SECOND
    talk = None
    if talked_s is not None:
        talk = Talk(
            seat=SeatId("chifeng-1001"),
            agent=ANNA,
            since=begins + SECOND,
            until=begins + (1 + talked_s) * SECOND,
        )
    return arrived(
        f"out-1.{number}",
        arrived_at=begins,
        ended_at=begins + 30 * SECOND,
        disposition=Disposition.ANSWERED if talk else Disposition.UNREACHED,
        offers=(Offered(seat=SeatId(""), at=begins, outcome=outcome),),
        talks=(talk,) if talk else (),
        direction=Direction.OUT,
        about=CallId("node1-1.1"),
    )


@pytest.mark.parametrize(
    ("record", "outcome"),
    [
        (called_out(talked_s=1, outcome="answered"), AttemptOutcome.ANSWERED),
        (called_out(talked_s=0.9, outcome="answered"), AttemptOutcome.NO_ANSWER),
        (called_out(outcome="missed"), AttemptOutcome.NO_ANSWER),
        (called_out(outcome="rejected"), AttemptOutcome.BUSY),
        (called_out(outcome="unreachable"), AttemptOutcome.UNREACHABLE),
    ],
)
def test_what_came_of_a_call_out_is_an_attempt(record: CallRecord, outcome: AttemptOutcome) -> None:
    """Reached is who was heard for a second; the attempt is the call's and made when it rang."""
    attempt = attempt_of(record)
    assert attempt is not None
    assert (attempt.outcome, attempt.call, attempt.at) == (outcome, "out-1.1", record.arrived_at)
    assert attempt.agent == (ANNA if record.talks else "")


@pytest.mark.parametrize(
    "record",
    [
        called_out(outcome="caller-left"),
        replace(called_out(), ended_at=None),
        replace(called_out(), offers=()),
        answered(1, 0),
    ],
    ids=["the agent gave up", "not over", "nobody was rung", "called in"],
)
def test_other_calls_are_no_attempt(record: CallRecord) -> None:
    """An agent who hangs up while it rings has not tried: three of those must not end a task."""
    assert attempt_of(record) is None


def test_a_call_out_leaves_no_task_and_closes_none() -> None:
    """Whoever did not answer us has not called in vain, and we are not the caller calling again."""
    cut = replace(called_out(), disposition=Disposition.CUT)
    reached = called_out(2, talked_s=60, outcome="answered")
    assert owed(cut) is None
    assert line_up([missed(1, 0), cut, reached], {}) == line_up([missed(1, 0)], {})


def an_attempt(number: int, outcome: AttemptOutcome, agent: AgentId = ANNA) -> Attempt:
    at = NOON + (600 + number) * SECOND
    return Attempt(at=at, agent=agent, outcome=outcome, call=CallId(f"out-1.{number}"))


def test_an_attempt_noted_by_the_switch_moves_the_task_as_one_noted_by_hand() -> None:
    """In vain it is owed again, until it was tried often enough; reached, it is done."""
    held = claim(task(), ANNA, NOON)
    once = noted(held, an_attempt(1, AttemptOutcome.BUSY, AgentId("")))
    assert (once.state, once.claimed_by) == (TaskState.OWED, None)
    assert once.attempts[0].agent == ANNA  # who held it made it
    twice = noted(claim(once, BAO, NOON), an_attempt(2, AttemptOutcome.NO_ANSWER, AgentId("")))
    assert [one.agent for one in twice.attempts] == [ANNA, BAO]
    assert noted(twice, an_attempt(3, AttemptOutcome.BUSY)).state is TaskState.FAILED
    assert noted(twice, an_attempt(3, AttemptOutcome.ANSWERED)).state is TaskState.DONE


def test_a_trunks_outage_uses_up_nobodys_attempts() -> None:
    """No telephone rang: the caller is still owed three that do, but not for ever."""
    found = task()
    for number in range(MOST_ATTEMPTS):
        found = noted(found, an_attempt(number, AttemptOutcome.UNREACHABLE))
    assert (found.state, len(found.attempts)) == (TaskState.OWED, MOST_ATTEMPTS)
    busy = found
    for number in range(MOST_ATTEMPTS, 2 * MOST_ATTEMPTS):
        assert busy.state is TaskState.OWED
        busy = noted(busy, an_attempt(number, AttemptOutcome.BUSY))
    assert busy.state is TaskState.FAILED
    for number in range(MOST_ATTEMPTS, MOST_DIALS):
        assert found.state is TaskState.OWED
        found = noted(found, an_attempt(number, AttemptOutcome.UNREACHABLE))
    assert found.state is TaskState.FAILED


def test_an_attempt_by_hand_after_an_outage_is_the_first() -> None:
    """Both ways of noting count alike; by hand, unreachable is the agent's word of that phone."""
    found = task()
    for number in range(MOST_ATTEMPTS - 1):
        found = noted(found, an_attempt(number, AttemptOutcome.UNREACHABLE))
    for _ in range(MOST_ATTEMPTS):
        assert found.state is TaskState.OWED
        by_hand = Attempt(at=NOON, agent=ANNA, outcome=AttemptOutcome.UNREACHABLE)
        found = tried(claim(found, ANNA, NOON), by_hand)
    assert found.state is TaskState.FAILED


def test_an_attempt_noted_again_changes_nothing_unless_it_is_known_better() -> None:
    """The switch tells, and Asterisk's log later; meanwhile somebody may hold the task again."""
    first = an_attempt(1, AttemptOutcome.BUSY)
    held = claim(noted(task(), first), BAO, NOON)
    assert noted(held, first) == held
    unnamed = replace(first, agent=AgentId(""))
    assert noted(held, unnamed) == held
    better = replace(first, outcome=AttemptOutcome.ANSWERED)
    found = noted(held, better)
    assert (found.state, found.attempts) == (TaskState.DONE, (better,))


def test_an_attempt_leaves_alone_what_somebody_else_holds_and_what_is_over() -> None:
    """A call out that ended late, or was replayed."""
    held = claim(task(), BAO, NOON)
    late = noted(held, an_attempt(1, AttemptOutcome.BUSY))
    assert (late.state, late.claimed_by, len(late.attempts)) == (TaskState.CLAIMED, BAO, 1)
    closed = task(state=TaskState.CLOSED, closed_by=CallId("node1-1.9"))
    for outcome in (AttemptOutcome.BUSY, AttemptOutcome.ANSWERED):
        after = noted(closed, an_attempt(1, outcome))
        assert (after.state, after.closed_by) == (TaskState.CLOSED, "node1-1.9")


def test_calling_out_lengthens_the_claim_and_takes_one() -> None:
    """The claim must not run out while the citizen's telephone rings."""
    held = claim(task(), ANNA, NOON)
    later = NOON + CLAIM - SECOND
    assert dialling(held, ANNA, later).claimed_until == later + CLAIM
    with pytest.raises(TaskNotClaimed):
        dialling(held, BAO, NOON)
    with pytest.raises(TaskNotClaimed):
        dialling(task(), ANNA, NOON)

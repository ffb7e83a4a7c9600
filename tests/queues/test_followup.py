"""Whoever's order is finished is asked once how satisfied they are."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cti.ids import AgentId, CallId, CentreId, LineId
from queues.callback import CLAIM, MOST_ATTEMPTS
from queues.followfigures import FOLLOW_UP_LABELS, FollowUpTally
from queues.followup import (
    FollowUp,
    FollowUpNotClaimed,
    FollowUpNotOpen,
    FollowUpState,
    FollowUpTaken,
    answered,
    claim,
    dialling,
    handled,
    noted,
    release,
    tried,
)
from queues.task import Attempt, AttemptOutcome
from tests.records.samples import NOON

ANNA, BAO = AgentId("anna"), AgentId("bao")
OUT = CallId("out-1.1")
FRESH = FollowUp(
    order="20261122-1",
    call=CallId("node1-1.1"),
    centre=CentreId("chifeng"),
    line=LineId("8337772"),
    number="13847652301",
    office="松山区住建局",
    result="已恢复供热",
    handled_at=NOON,
    due_at=NOON + timedelta(hours=24),
)


def vain(minute: int, agent: AgentId = ANNA, call: CallId | None = None) -> Attempt:
    at = NOON + timedelta(minutes=minute)
    return Attempt(at=at, agent=agent, outcome=AttemptOutcome.NO_ANSWER, call=call)


def test_told_again_the_same_changes_nothing_and_told_otherwise_asks_anew() -> None:
    """Whatever was answered of the first handling does not answer for the second."""
    done = answered(claim(FRESH, ANNA, NOON), ANNA, 2, "还是冷", NOON)
    assert handled(None, FRESH) == FRESH
    assert handled(done, FRESH) == done
    again = replace(FRESH, result="重新办理：更换阀门")
    assert handled(done, again) == again


def test_one_agent_at_a_time_and_only_for_a_while() -> None:
    """Claimed, it is nobody else's until the claim runs out or is given back."""
    held = claim(FRESH, ANNA, NOON)
    with pytest.raises(FollowUpTaken):
        claim(held, BAO, NOON)
    assert claim(held, BAO, NOON + CLAIM).claimed_by == BAO
    assert release(held, ANNA, NOON).stands(NOON) is FollowUpState.OWED
    with pytest.raises(FollowUpNotClaimed):
        release(FRESH, ANNA, NOON)
    with pytest.raises(FollowUpNotClaimed):
        answered(held, BAO, 5, "", NOON)
    with pytest.raises(FollowUpNotClaimed):
        dialling(held, ANNA, OUT, NOON + CLAIM)
    with pytest.raises(FollowUpNotClaimed):
        tried(held, vain(0, BAO))


def test_an_answer_ends_it() -> None:
    """With mark, remark, who wrote it and when; after it nobody may claim it."""
    done = answered(claim(FRESH, ANNA, NOON), ANNA, 4, "热了", NOON)
    assert (done.state, done.mark, done.remark) == (FollowUpState.DONE, 4, "热了")
    assert (done.answered_by, done.answered_at, done.claimed_by) == (ANNA, NOON, None)
    with pytest.raises(FollowUpNotOpen):
        claim(done, BAO, NOON)


def test_who_is_not_reached_is_tried_as_often_as_a_call_back() -> None:
    """Owed again after each attempt, given up after the last."""
    task, states = FRESH, []
    for minute in range(MOST_ATTEMPTS):
        at = NOON + timedelta(minutes=minute)
        task = tried(claim(task, ANNA, at), vain(minute))
        states.append(task.state)
    assert states == [FollowUpState.OWED] * (MOST_ATTEMPTS - 1) + [FollowUpState.FAILED]


def test_a_call_out_is_noted_where_it_was_dialled_and_once() -> None:
    """In vain: owed again. Reached: its agent has time to write the answer down."""
    held = dialling(claim(FRESH, ANNA, NOON), ANNA, OUT, NOON)
    lost = noted(held, vain(1, AgentId(""), OUT), NOON)
    assert (lost.state, [one.agent for one in lost.attempts]) == (FollowUpState.OWED, [ANNA])
    assert noted(lost, vain(1, AgentId(""), OUT), NOON) == lost
    assert noted(FRESH, vain(1, ANNA, OUT), NOON) == FRESH
    over = NOON + timedelta(minutes=30)
    talked = replace(vain(1, ANNA, OUT), outcome=AttemptOutcome.ANSWERED)
    reached = noted(held, talked, over)
    assert reached.is_held(ANNA, over + CLAIM / 2)
    assert not reached.is_held(ANNA, over + CLAIM)


def test_the_figures_are_of_those_who_said_anything() -> None:
    """Owed, done, failed, late; satisfied from 4 on; every figure has a name for people."""
    tally = FollowUpTally(NOON + timedelta(hours=25))
    held = claim(FRESH, ANNA, NOON)
    for one in (FRESH, held, *(answered(held, ANNA, mark, "", NOON) for mark in (5, 4, 1))):
        tally.add(one)
    tally.add(replace(FRESH, state=FollowUpState.FAILED))
    found = tally.figures()
    assert (found.owed, found.done, found.failed, found.overdue) == (2, 3, 1, 2)
    assert (found.satisfied_share, found.satisfaction) == (2 / 3, 10 / 3)
    assert list(FOLLOW_UP_LABELS) == list(found.__dataclass_fields__)
    nobody = FollowUpTally(NOON).figures()
    assert (nobody.satisfied_share, nobody.satisfaction) == (None, None)

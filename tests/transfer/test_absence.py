"""While an initiator's page is away: everything that can happen has an answer."""

from itertools import product

import pytest

from transfer import table
from transfer.absence import TABLES, advance, leave
from transfer.step import FINAL, HANG_UPS, Do, Kind, Step, What

WAITED_FOR = (Kind.CONSULT, Kind.THREE_WAY, Kind.EMERGENCY)
AWAY = (Step.RINGING, Step.CONSULTING, Step.JOINED)
"""Steps in which a page is away."""
FETCHED = frozenset({Do.JOIN, Do.QUEUE, Do.ARM})


@pytest.mark.parametrize("kind", WAITED_FOR)
def test_whoever_leaves_meanwhile_has_an_answer(kind: Kind) -> None:
    """The caller, the recipient once it answered, and the page for good."""
    for step, what in product(AWAY, (*HANG_UPS, What.INITIATOR_CAME)):
        is_away_already = what is What.INITIATOR_GONE
        nobody_answered = step is Step.RINGING and what.value.startswith("recipient")
        assert ((step, what) in TABLES[kind]) != (is_away_already or nobody_answered), (step, what)


@pytest.mark.parametrize("kind", WAITED_FOR)
def test_every_step_with_an_initiator_says_what_its_going_means(kind: Kind) -> None:
    """Only before anybody rings, and once nobody is waited for, is there nothing to wait for."""
    steps = {step for step, _ in table.TABLES[kind]}
    unknown = {step for step in steps if leave(kind, step) is None}
    assert unknown <= {Step.SETTING_ASIDE, Step.PASSING}
    for step in steps - unknown:
        answer = leave(kind, step)
        assert answer is not None
        assert answer[0] in AWAY


@pytest.mark.parametrize("kind", [Kind.BLIND, Kind.HAND_OVER])
def test_an_initiator_who_was_let_go_is_not_waited_for(kind: Kind) -> None:
    """Its caller is on its way already."""
    assert all(leave(kind, step) is None for step in Step)


@pytest.mark.parametrize("kind", WAITED_FOR)
def test_nobody_stays_alone(kind: Kind) -> None:
    """A move that ends brings its caller to somebody or to the queue, where it does not stand."""
    stands = {What.CALLER_GONE, What.WAITING}
    for (step, what), (after, todo) in TABLES[kind].items():
        if after not in FINAL or what in stands:
            continue
        talks_already = step is Step.JOINED and after is Step.COMPLETED
        assert talks_already or FETCHED & set(todo), (step, what)


@pytest.mark.parametrize("kind", WAITED_FOR)
def test_what_ends_a_ringing_is_answered(kind: Kind) -> None:
    """The answer, the next route, and that there is none; nothing else begins meanwhile."""
    for what in (What.ANSWERED, What.UNANSWERED, What.EXHAUSTED):
        assert (Step.RINGING, what) in TABLES[kind]
    assert advance(kind, Step.CONSULTING, What.SWAP) == (Step.CONSULTING, ())
    assert advance(kind, Step.JOINED, What.PART) == (Step.JOINED, ())

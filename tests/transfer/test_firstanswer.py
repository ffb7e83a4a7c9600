"""The first-answerer rule, as the text of 2022 has it: clear, three-way, whoever answered first."""

from itertools import product

import pytest

from transfer.firstanswer import FirstAnswer, settled
from transfer.step import FINAL, Kind, Step


@pytest.mark.parametrize(
    ("step", "was_joined", "rule"),
    [
        (Step.COMPLETED, False, FirstAnswer.CLEAR),
        (Step.COMPLETED, True, FirstAnswer.THREE_WAY),
        (Step.RETURNED, True, FirstAnswer.FIRST_ACCEPTS),
        (Step.RETURNED, False, None),
        (Step.ABANDONED, False, None),
        (Step.ABANDONED, True, None),
    ],
)
def test_how_an_emergency_went_says_who_takes_it(
    step: Step, was_joined: bool, rule: FirstAnswer | None
) -> None:
    """Nobody answered, or the caller left: nothing was settled."""
    assert settled(Kind.EMERGENCY, step, was_joined=was_joined) is rule


def test_no_other_move_is_settled_by_it() -> None:
    """It is between 12345 and the emergency lines alone."""
    others = [kind for kind in Kind if kind is not Kind.EMERGENCY]
    for kind, step, joined in product(others, FINAL, (False, True)):
        assert settled(kind, step, was_joined=joined) is None


def test_each_has_its_words() -> None:
    """People read them in the order's evidence."""
    assert len({rule.chinese for rule in FirstAnswer}) == len(FirstAnswer)

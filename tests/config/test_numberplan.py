"""What a dialled number means."""

import pytest

from config.ledger import Mode
from config.numberplan import explain, spellings
from tests.config.profiles import good_profile


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("8337772", {"8337772", "04768337772", "+864768337772", "864768337772"}),
        ("12333", {"12333", "047612333", "+8647612333", "8647612333"}),
        ("12345", {"12345", "047612345", "+8647612345", "8647612345"}),
    ],
)
def test_a_number_is_known_in_every_spelling(number: str, expected: set[str]) -> None:
    """Plain, with area code, and in both international forms."""
    assert set(spellings(number, "0476")) == expected

    profile = good_profile()
    assert {explain(profile, spelling).line.number for spelling in expected} == {number}


@pytest.mark.parametrize(
    ("number", "mode"),
    [
        ("8337772", Mode.WHOLE),
        ("12333", Mode.DUAL),
        ("12366", Mode.SUB_CENTRE),
        ("12345", Mode.OWN),
    ],
)
def test_every_mode_is_announced_then_queued(number: str, mode: Mode) -> None:
    """The line's own sentence, then its queue; a reason for each."""
    plan = explain(good_profile(), number)

    assert plan.line.mode is mode
    assert [(s.do, s.prompt or s.line) for s in plan.steps] == [
        ("say", f"line-{number}"),
        ("queue", number),
    ]
    assert len(plan.why) == len(plan.steps)
    assert plan.is_known


def test_a_sub_centre_says_that_its_transfer_is_to_come() -> None:
    """Until sub-centres are transferred to, the plan says why 12345's seats answer."""
    assert "尚未启用" in explain(good_profile(), "12366").why[1]


@pytest.mark.parametrize("dialled", ["8888888", "0108337772", "", "110", "833777", "+8610 12345"])
def test_an_unknown_number_is_served_as_12345(dialled: str) -> None:
    """Told so, then served by the hotline. Never refused."""
    plan = explain(good_profile(), dialled)

    assert not plan.is_known
    assert (plan.line.number, plan.prompt) == ("12345", "unknown-number")
    assert [step.do for step in plan.steps] == ["say", "queue"]


def test_another_spelling_says_which_number_it_is() -> None:
    """Whoever asks about 04768337772 learns that it is 8337772."""
    assert "04768337772是8337772的另一种写法" in explain(good_profile(), "04768337772").why[0]

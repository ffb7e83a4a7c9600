"""How a centre scores its calls, as its profile says."""

from config.facts import read_facts
from tests.config.profiles import TOML


def test_the_profile_says_what_counts() -> None:
    """A section of its own; a misspelt rule is named with the nearest."""
    facts, faults = read_facts(TOML + "\n[quality]\ngreeting = 40\n", is_home=True)
    assert faults == []
    assert facts is not None
    assert facts.quality.greeting == 40
    _, (fault,) = read_facts(TOML + "\n[quality]\ngreting = 40\n", is_home=True)
    assert (fault.column, fault.instead) == ("quality.greting", "greeting")

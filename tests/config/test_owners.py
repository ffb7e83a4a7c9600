"""Whose a number is, on a platform of several centres."""

import pytest

from config.owners import ANYWHERE, Owners, Place
from tests.config.platforms import city, province


def _owner(key: str, area: str = "", centre: str = "sheng") -> str:
    """The first place that fits, as the dialplan looks for it."""
    owners = Owners(province())
    found = dict(owners.known(key) or owners.unknown())
    tried = (Place(area, centre), Place(area, ""), Place("", centre), ANYWHERE)
    owner = next(found[place] for place in tried if place in found)
    return f"{owner.centre}{'→' + owner.front.centre if owner.front else ''}"


@pytest.mark.parametrize(
    ("key", "area", "centre", "expected"),
    [
        # the area code in the number decides, and a province does not answer for its own city
        ("079112345", "0792", "zhou", "shi"),
        ("079212345", "", "sheng", "zhou"),
        # a short number is the caller's area's, then the trunk's, then home's
        ("12345", "0791", "sheng", "shi"),
        ("12345", "0792", "shi", "zhou"),
        ("12345", "0797", "zhou", "zhou"),
        ("12345", "", "shi", "shi"),
        ("12345", "", "", "sheng"),
        # … among those who have it
        ("12333", "0792", "zhou", "sheng"),
        ("12333", "0791", "zhou", "shi"),
        ("12366", "0791", "sheng", "zhou"),
        # a local number is the trunk's, then whoever has it
        ("8337772", "0792", "shi", "shi"),
        ("8337772", "0791", "zhou", "zhou"),
        ("8337772", "", "sheng", "shi"),
        ("07928337772", "0791", "shi", "zhou"),
        # the caller's city answers for the province, here or elsewhere
        ("12319", "0791", "sheng", "sheng→shi"),
        ("12319", "0792", "sheng", "sheng→zhou"),
        ("079112319", "0797", "shi", "sheng→ganzhou"),
        ("12319", "0999", "shi", "sheng"),
    ],
)
def test_whose_a_number_is(key: str, area: str, centre: str, expected: str) -> None:
    """Each rule, one by one."""
    assert _owner(key, area, centre) == expected


@pytest.mark.parametrize(
    ("area", "centre", "expected"),
    [
        ("", "shi", "shi"),
        ("", "sheng", "sheng"),
        ("0791", "sheng", "shi"),
        ("0792", "shi", "zhou"),
        ("0999", "zhou", "zhou"),
    ],
)
def test_a_number_nobody_has_is_somebodys(area: str, centre: str, expected: str) -> None:
    """Its own area's centre answers it, then the trunk's."""
    assert _owner("nobody's", area, centre) == expected


def test_one_centre_has_one_answer() -> None:
    """Nothing is asked about caller or trunk where it cannot matter."""
    owners = Owners(city())

    assert owners.areas == frozenset()
    assert [place for key in owners.keys for place, _ in owners.known(key)] == [ANYWHERE] * 10
    assert [place for place, _ in owners.unknown()] == [ANYWHERE]


def test_two_centres_that_hold_a_fronted_number() -> None:
    """Who answers depends on trunk and caller's area together."""
    platform = province()
    sheng, shi, zhou = platform.centres
    fronted = next(line for line in sheng.lines if line.number == "12319")
    both = platform.model_copy(
        update={
            "centres": (sheng, shi, zhou.model_copy(update={"lines": (fronted, *zhou.lines)})),
        }
    )

    found = dict(Owners(both).known("12319"))
    assert found[Place("0797", "zhou")].centre == "zhou"
    front = found[Place("0797", "")].front
    assert front is not None
    assert front.peer == "ganzhou"

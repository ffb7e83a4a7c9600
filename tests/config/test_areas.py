"""Where mobile numbers were issued."""

import pytest

from config.areas import segments


def test_no_area_asked_for_costs_nothing() -> None:
    """A platform of one centre has no table at all."""
    assert segments(frozenset()) == {}


@pytest.mark.parametrize(
    ("segment", "area"),
    [
        ("1390476", "0476"),
        ("1390739", "0739"),
        ("1390731", "0731"),
        ("1390971", "0971"),
        ("1390797", "0797"),
        ("1390701", "0701"),
        ("1394820", "0482"),
    ],
)
def test_a_segment_has_its_area(segment: str, area: str) -> None:
    """The old numbers of China Mobile carry their area code, which proves the table."""
    codes = frozenset({"0476", "0739", "0731", "0971", "0797", "0701", "0482"})

    assert segments(codes)[segment] == area


def test_only_the_areas_asked_for_are_there() -> None:
    """What belongs elsewhere is not in it, and an unknown area has nothing."""
    found = segments(frozenset({"0739", "0400"}))

    assert set(found.values()) == {"0739"}
    assert "1390731" not in found
    assert all(len(segment) == 7 for segment in found)

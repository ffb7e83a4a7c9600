"""Syllables that a telephone confuses are near one another, others are not."""

import pytest

from records.correction.sounds import LIKE, TWIN, UNLIKE, code, price, split


@pytest.mark.parametrize(
    ("syllable", "parts"),
    [("zhong", ("zh", "ong")), ("an", ("", "an")), ("si", ("s", "i")), ("yuan", ("y", "uan"))],
)
def test_a_syllable_has_an_initial_and_a_final(syllable: str, parts: tuple[str, str]) -> None:
    """Two letters may be one initial; there may be none."""
    assert split(syllable) == parts


@pytest.mark.parametrize(
    ("heard", "meant", "costs"),
    [
        ("hong", "hong", 0),
        ("sheng", "seng", TWIN),
        ("sheng", "sen", 2 * TWIN),
        ("liu", "niu", TWIN),
        ("min", "lin", LIKE),
        ("fu", "hu", LIKE),
        ("ma", "ta", UNLIKE),
        ("ma", "mo", UNLIKE),
    ],
)
def test_what_sounds_alike_is_cheap(heard: str, meant: str, costs: float) -> None:
    """Twins half a power of ten, likes one, all else two; initial and final each."""
    assert price(heard, meant) == costs
    assert price(meant, heard) == costs


def test_what_may_be_confused_has_one_code() -> None:
    """Words are looked up by codes: alike is found, unlike is not."""
    assert code("shen") == code("sheng") == code("xen")
    assert code("shen") != code("shan")

"""A number is one number however it is dialled."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.dialled import area_of, is_short, key, keys, segment_of, spellings

numbers = st.from_regex(
    r"[2-8][0-9]{6,7}|1[0-9]{4}|9[0-9]{4}|96[0-9]{3,4}|[48]00[0-9]{7}|1[3-9][0-9]{9}",
    fullmatch=True,
)
area_codes = st.from_regex(r"010|02[0-9]|0[3-9][0-9]{2}", fullmatch=True)


@given(numbers, area_codes)
def test_every_spelling_leads_to_the_same_line(number: str, area_code: str) -> None:
    """Plain, with area code, +86, 86, 0086 and a hyphen: all are keys of the one line."""
    assert {key(spelled) for spelled in spellings(number, area_code)} <= set(
        keys(number, area_code)
    )


@given(st.from_regex(r"[-+*#0-9]{0,26}", fullmatch=True))
def test_a_key_is_its_own_key(dialled: str) -> None:
    """Whatever is dialled has a key of digits, and only foreign prefixes are read twice."""
    found = key(dialled)

    assert found.isdigit()
    if not found.startswith(("0086", "86")):
        assert key(found) == found


@pytest.mark.parametrize(
    ("dialled", "expected"),
    [
        ("0476-8337772", "04768337772"),
        ("+864768337772", "04768337772"),
        ("+8604768337772", "04768337772"),
        ("86-476-8337772", "04768337772"),
        ("861012345", "01012345"),
        ("+861012345", "01012345"),
        ("+8612345", "12345"),
        ("8612345", "8612345"),
        ("+8695598", "95598"),
        ("+86 476 12345".replace(" ", ""), "047612345"),
        ("013912345678", "13912345678"),
        ("+8613912345678", "13912345678"),
        ("8613912345678", "13912345678"),
        ("+864001234567", "4001234567"),
        ("*12345#", "12345"),
        ("+15551234567", "0015551234567"),
        ("+", "00"),
        ("", "0"),
        ("#", "0"),
    ],
)
def test_the_key_of_what_is_dialled(dialled: str, expected: str) -> None:
    """One by one, what looks alike and is not included."""
    assert key(dialled) == expected


@pytest.mark.parametrize(
    ("number", "area", "segment", "short"),
    [
        ("04768337772", "0476", "", False),
        ("01012345", "010", "", False),
        ("02112345", "021", "", False),
        ("8337772", "", "", False),
        ("12345", "", "", True),
        ("95598", "", "", True),
        ("13912345678", "", "1391234", False),
        ("0015551234567", "", "", False),
    ],
)
def test_what_a_key_tells(number: str, area: str, segment: str, short: bool) -> None:
    """Its area, where a mobile was issued, and whether every area has such a number."""
    assert (area_of(number), segment_of(number), is_short(number)) == (area, segment, short)

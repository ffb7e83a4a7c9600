"""Who may be refused, for how long, in which forms, and who never is."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.dialled import key
from config.dialled import spellings as line_spellings
from config.linkage import Handling, Linkage, LinkageKind
from config.peers import Peer
from config.platform import Platform
from cti.ids import AgentId, CentreId
from cti.nuisance import (
    LONGEST,
    EndNotListable,
    Listing,
    NumberNotListable,
    check_until,
    differences,
    emergency_peers,
    is_address,
    listable,
    spellings,
    wanted,
)
from tests.config.profiles import good_profile
from tests.cti.playbook import NOON

HERE = CentreId("testcity")
A_WEEK = timedelta(days=7)
PLATFORM = Platform(centres=(good_profile(),))


def listing(number: str, **other: object) -> Listing:
    """A number listed at noon for a week."""
    made = Listing(
        id=1,
        centre=HERE,
        number=number,
        reason="反复辱骂",
        added_by=AgentId("chief"),
        added_at=NOON,
        until=NOON + A_WEEK,
    )
    return replace(made, **other)  # type: ignore[arg-type]  # keyword names are checked by replace


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("139 0000 0001", "13900000001"),
        ("+8613900000001", "13900000001"),
        ("0476-8337772", "04768337772"),
        ("95588", "95588"),
    ],
)
def test_a_number_is_listed_in_the_one_form(written: str, number: str) -> None:
    assert listable(written) == number


@pytest.mark.parametrize(
    "written", ["", "110", "0476119", "120", "+86476122", "12345", "047612345", "1011", "1" * 21]
)
def test_emergency_lines_the_hotline_and_what_is_no_caller_are_never_listed(written: str) -> None:
    with pytest.raises(NumberNotListable):
        listable(written)


def test_a_listing_ends() -> None:
    """After now, and within the longest time; so nobody is refused for ever."""
    check_until(NOON + LONGEST, NOON)
    for until in (NOON, NOON - A_WEEK, NOON + LONGEST + timedelta(seconds=1)):
        with pytest.raises(EndNotListable):
            check_until(until, NOON)


def test_a_listing_stands_until_its_end_or_its_removal() -> None:
    one = listing("13900000001")
    assert one.stands(NOON)
    assert not one.stands(NOON + A_WEEK)
    assert not replace(one, removed_at=NOON).stands(NOON)


def test_a_caller_is_refused_in_every_form_that_a_trunk_may_show() -> None:
    """The centre's own area code may be left out, another's may not."""
    assert set(spellings("04768337772", "0476")) == {"04768337772", "8337772"}
    assert set(spellings("8337772", "0476")) == {"04768337772", "8337772"}
    assert spellings("01088337772", "0476") == ("01088337772",)
    assert spellings("13900000001", "0476") == ("13900000001",)
    assert spellings("95588", "0476") == ("95588",)
    assert spellings("0085212345678", "0476") == ("0085212345678",)


@given(st.from_regex(r"[2-8][0-9]{6,7}", fullmatch=True))
def test_a_fixed_telephone_is_found_however_it_arrives(plain: str) -> None:
    """Law: each usual spelling of the number comes to one of the forms that are listed."""
    forms = spellings(f"0476{plain}", "0476")
    assert {key(written) for written in line_spellings(plain, "0476")} <= set(forms)


def test_asterisk_holds_what_stands_of_the_centres_there_are() -> None:
    """Of two listings of a number the later end holds; what is over is not there."""
    rows = wanted(
        [
            listing("13900000001"),
            listing("13900000001", until=NOON + A_WEEK * 2),
            listing("13900000001", until=NOON + A_WEEK),
            listing("13900000002", until=NOON),
            listing("13900000003", centre=CentreId("gone")),
            listing("8820000"),
        ],
        PLATFORM,
        NOON,
    )
    week = str(int((NOON + A_WEEK).timestamp()))
    assert rows == {
        "testcity/13900000001": str(int((NOON + A_WEEK * 2).timestamp())),
        "testcity/8820000": week,
        "testcity/04768820000": week,
    }


def test_emergency_lines_are_known_by_their_exchanges() -> None:
    """Both ways to one; a utility's exchange is none, and a peer that is not named has none."""
    profile = good_profile().model_copy(
        update={
            "peers": tuple(
                Peer(id=name, name=name, address=address)
                for name, address in (
                    ("police", "10.0.0.1"),
                    ("spare", "police.example"),
                    ("water", "10.0.0.3"),
                )
            ),
            "linkage": (
                Linkage(
                    number="110",
                    name="公安",
                    kind=LinkageKind.EMERGENCY,
                    handling=Handling.THREE_WAY,
                    peer="police",
                    backup_peer="spare",
                ),
                Linkage(
                    number="119",
                    name="消防",
                    kind=LinkageKind.EMERGENCY,
                    handling=Handling.TELL,
                ),
                Linkage(
                    number="96116",
                    name="水务",
                    kind=LinkageKind.UTILITY,
                    handling=Handling.TRANSFER,
                    peer="water",
                ),
            ),
        }
    )
    found = emergency_peers(Platform(centres=(profile,)))
    assert found == {"10.0.0.1", "police.example"}
    assert [is_address(peer) for peer in sorted(found)] == [True, False]


@given(
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from("12")),
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from("12")),
)
def test_what_stays_is_not_touched(kept: dict[str, str], rows: dict[str, str]) -> None:
    """Law: after the differences Asterisk holds exactly the rows, and nothing right has moved."""
    put, gone = differences(kept, rows)
    assert {k: v for k, v in kept.items() if k not in gone} | put == rows
    assert [name for name in put if kept.get(name) == rows[name]] == []
    assert [name for name in gone if name not in kept] == []

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
    area_code_at,
    check_until,
    differences,
    emergency_peers,
    in_full,
    is_address,
    is_same_caller,
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
        ("8337772", "04768337772"),
        ("010-88337772", "01088337772"),
        ("0085212345678", "0085212345678"),
        ("95588", "95588"),
        ("0476-95588", "95588"),
    ],
)
def test_a_number_is_listed_in_the_one_form(written: str, number: str) -> None:
    """One row a caller, however the number was written or shown: taken off, nobody is refused."""
    assert listable(written, "0476") == number


@pytest.mark.parametrize(
    "written",
    ["", "110", "0476119", "120", "+86476122", "12345", "047612345", "1011", "04768001", "1" * 21],
)
def test_emergency_lines_the_hotline_and_what_is_no_caller_are_never_listed(written: str) -> None:
    with pytest.raises(NumberNotListable):
        listable(written, "0476")


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
    assert set(spellings("95588", "0476")) == {"95588", "047695588"}
    assert spellings("0085212345678", "0476") == ("0085212345678",)


@given(st.from_regex(r"[2-8][0-9]{6,7}", fullmatch=True))
def test_a_fixed_telephone_is_found_however_it_arrives(plain: str) -> None:
    """Law: each usual spelling of the number comes to one of the forms that are listed."""
    forms = spellings(f"0476{plain}", "0476")
    shown = {key(written) for written in line_spellings(plain, "0476")}
    assert shown <= set(forms)
    assert {listable(one, "0476") for one in shown} == {f"0476{plain}"}
    assert all(is_same_caller(f"0476{plain}", one) for one in shown)


@given(st.from_regex(r"(0476|010)?[0-9]{5,9}", fullmatch=True))
def test_every_form_that_is_refused_is_one_row(digits: str) -> None:
    """Law: whatever of them is listed, and however, the row and the forms are the same."""
    number = key(digits)
    forms = spellings(number, "0476")
    assert number in forms
    assert {in_full(one, "0476") for one in forms} == {in_full(number, "0476")}
    assert {frozenset(spellings(one, "0476")) for one in forms} == {frozenset(forms)}


def test_a_refused_caller_is_known_with_the_area_code_and_without() -> None:
    """Another area's number that ends in the same digits is somebody else."""
    assert is_same_caller("04768337772", "8337772")
    assert is_same_caller("8337772", "04768337772")
    assert not is_same_caller("04768337772", "04778337772")
    assert not is_same_caller("01088337772", "8337772")
    assert not is_same_caller("13900000001", "1")


def test_a_centre_that_is_gone_has_no_area_code() -> None:
    assert area_code_at(PLATFORM, HERE) == "0476"
    assert area_code_at(PLATFORM, CentreId("gone")) == ""
    assert listable("8337772", "") == "8337772"


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


def with_linkage(*peers: Peer, backup: str = "") -> Platform:
    """A platform with those exchanges: the first two an emergency line's, the third a utility's."""

    def line(number: str, kind: LinkageKind, peer: str) -> Linkage:
        return Linkage(
            number=number,
            name=number,
            kind=kind,
            handling=Handling.THREE_WAY,
            peer=peer,
            backup_peer=backup,
        )

    lines = (
        line("110", LinkageKind.EMERGENCY, "police"),
        line("119", LinkageKind.EMERGENCY, "fire"),
        line("120", LinkageKind.EMERGENCY, ""),
        line("96116", LinkageKind.UTILITY, "water"),
    )
    changed = good_profile().model_copy(update={"peers": peers, "linkage": lines})
    return Platform(centres=(changed,))


def peer(name: str, address: str, port: int = 5060) -> Peer:
    return Peer(id=name, name=name, address=address, port=port)


def test_emergency_lines_are_known_by_their_exchanges() -> None:
    """A utility's exchange is none, nor the public network that is their backup route."""
    platform = with_linkage(
        peer("police", "10.0.0.1"),
        peer("fire", "fire.example"),
        peer("water", "10.0.0.3"),
        peer("carrier", "10.0.0.4"),
        backup="carrier",
    )
    found = emergency_peers(platform)
    assert found == {("10.0.0.1", ""), ("fire.example", "")}
    assert [is_address(address) for address, _ in sorted(found)] == [True, False]


def test_of_two_exchanges_at_one_address_the_port_tells() -> None:
    """Else everybody whom the other one hands over could never be refused."""
    platform = with_linkage(peer("police", "10.0.0.1", 5205), peer("water", "10.0.0.1", 5206))
    assert emergency_peers(platform) == {("10.0.0.1", ":5205")}


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

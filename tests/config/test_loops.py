"""Ways by which a call would come back to where it was sent from."""

import pytest

from tests.config.cities import FILES, added, refused, swapped, told

OURS = "该部门座席自己的号码，不是归并的号码"


def trunk_peer(address: str = "10.0.0.9") -> dict[str, str | None]:
    """The tax office's exchange is also one of the trunks."""
    return swapped("peers.csv", "10.1.0.1", address)


@pytest.mark.parametrize("number", ["12366", "8337772", "04718337772", "12345", "047612329"])
def test_a_number_of_ours_dialled_at_a_trunk_comes_back(number: str) -> None:
    """Whosever of the platform's it is, and however it is written."""
    changes = {**trunk_peer(), **swapped("numbers.csv", "6001", number)}

    assert told(changes) == [("numbers.csv", 3, "转接号码", OURS)]


@pytest.mark.parametrize("address", ["10.1.0.1", "127.0.0.1", "pbx.example"])
def test_the_same_number_at_an_exchange_of_its_own_does_not(address: str) -> None:
    """12366 is what the tax office's own exchange calls itself."""
    assert refused({**trunk_peer(address), **swapped("numbers.csv", "6001", "12366")}) == []


def test_another_number_at_a_trunk_does_not_come_back() -> None:
    assert refused(trunk_peer()) == []


@pytest.mark.parametrize("number", ["12345", "047112345", "8337772", "04718337772"])
def test_a_number_that_we_answer_leads_no_call_to_other_seats(number: str) -> None:
    """Whoever dials it at a department comes back to us."""
    assert told(swapped("numbers.csv", "6001", number)) == [("numbers.csv", 3, "转接号码", OURS)]
    assert refused(swapped("numbers.csv", "6001", "12333")) == []


def test_relations_and_linkage_are_looked_at_too() -> None:
    changes = {
        **swapped("peers.csv", "10.1.0.3", "10.0.1.1"),
        **swapped("relations.csv", "6345", "047112345"),
        **swapped("linkage.csv", "0472110", "8337772"),
    }

    assert [(f.file, f.row, f.column) for f in refused(changes)] == [
        ("relations.csv", 3, "号码"),
        ("linkage.csv", 2, "备用号码"),
    ]


def test_our_number_dialled_at_another_hotline_is_sent_back() -> None:
    """It knows 12333 as ours. Its own 12345 it keeps."""
    at_hotline = swapped("numbers.csv", "renshe,6002", "waishi,12333")
    assert told(at_hotline) == [("numbers.csv", 4, "转接号码", OURS)]
    assert refused(swapped("numbers.csv", "renshe,6002", "waishi,12345")) == []
    assert refused(swapped("numbers.csv", "renshe,6002", "waishi,12367")) == []


def test_lines_of_two_centres_that_are_each_others_seats_go_round() -> None:
    """Told at both ends, with the way."""
    changes = {
        **swapped("numbers.csv", "renshe,6002", "shi,047612329"),
        **added("peers.csv", "shi,某市,10.1.0.8,"),
        **swapped("relations.csv", "0476,,", "0476,shi,12345"),
        **swapped("shi/numbers.csv", "gjj,6003", "sheng,047112333"),
        **added("shi/peers.csv", "sheng,某省,10.1.0.7"),
        **swapped("shi/relations.csv", "0471,,", "0471,sheng,12345"),
    }
    faults = refused(changes)

    assert [(f.file, f.row, f.column) for f in faults] == [
        ("numbers.csv", 4, "转接号码"),
        ("shi/numbers.csv", 2, "转接号码"),
    ]
    assert faults[0].message == "来电会绕回原处：sheng 12333 → shi 12329 → sheng 12333"
    changes |= swapped("shi/numbers.csv", "gjj,6003", "sheng,047112319")
    assert refused(changes) == []


def test_a_line_that_leads_into_others_circle_is_not_blamed() -> None:
    """The two that go round are."""
    changes = {
        **swapped("numbers.csv", "shuiwu,6001", "shi,047612329"),
        **added("peers.csv", "shi,某市,10.1.0.8,"),
        **swapped("relations.csv", "0476,,", "0476,shi,12345"),
        **swapped("shi/numbers.csv", "gjj,6003", "sheng,047112333"),
        **added("shi/peers.csv", "sheng,某省,10.1.0.7"),
        **swapped("shi/relations.csv", "0471,,", "0471,sheng,12345"),
    }
    ledger = FILES["numbers.csv"].replace("renshe,6002", "shi,047612329")
    changes["numbers.csv"] = ledger.replace("shuiwu,6001", "shi,047612329")

    assert [(f.file, f.row) for f in refused(changes)] == [
        ("numbers.csv", 4),
        ("shi/numbers.csv", 2),
    ]


def test_two_hotlines_cannot_answer_for_each_other() -> None:
    changes = {
        **added("relations.csv", "前置,shi,某市12345热线,0476,,"),
        **added("shi/relations.csv", "前置,sheng,某省12345热线,0471,,"),
    }
    faults = refused(changes)

    assert [(f.file, f.row, f.column) for f in faults] == [
        ("relations.csv", 4, "中心"),
        ("shi/relations.csv", 3, "中心"),
    ]


def test_a_hotline_above_us_elsewhere_cannot_answer_for_us() -> None:
    """It has us before it."""
    changes = added("relations.csv", "上级,waishi,外市12345热线,0472,waishi,6345")

    assert [(f.file, f.row, f.column) for f in refused(changes)] == [("relations.csv", 3, "中心")]
    assert refused(added("relations.csv", "下级,waishi,外市12345热线,0472,waishi,6345")) == []

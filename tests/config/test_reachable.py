"""Experts and departments that cannot be rung, or only by way of our own queue."""

import pytest

from tests.config.cities import changed, refused, swapped, told

EXPERTS = "专业,姓名,座席,对端,号码,线路\n救助,张工,{}\n"
CONTACTS = "部门,类别,对端,号码,告知号码\n{}\n"
OWN = "接电话的人自己的号码，不是归并的号码"


def expert(way: str) -> dict[str, str | None]:
    return {"experts.csv": EXPERTS.format(way)}


def contact(row: str) -> dict[str, str | None]:
    return {"contacts.csv": CONTACTS.format(row)}


def test_the_good_ones_have_no_fault() -> None:
    """A seat; an exchange's number; a number that a department kept, at its own exchange."""
    assert refused(expert("1002,,,12333")) == []
    assert refused(expert(",waishi,15400000011,")) == []
    assert refused(expert(",shuiwu,12366,")) == []
    assert refused(contact("民政厅,咨询,waishi,9306501,9306501")) == []


def test_an_exchange_nobody_has_is_named() -> None:
    assert told(expert(",waishe,9306401,")) == [("experts.csv", 2, "对端", "waishi")]
    assert told(contact("民政厅,值班,waishe,9306401,")) == [("contacts.csv", 2, "对端", "waishi")]
    at_city = {"shi/" + name: text for name, text in expert(",gjk,9306401,").items()}
    assert told(at_city) == [("shi/experts.csv", 2, "对端", "gjj")]
    alone = {**at_city, "shi/peers.csv": None, **swapped("shi/numbers.csv", ",gjj,6003", ",,")}
    alone |= {
        "shi/numbers.csv": "部门,电话名称,电话号码,归并方式\n公积金中心,热线,12329,双号并行\n"
    }
    assert told(alone) == [("shi/experts.csv", 2, "对端", "先在peers.csv中写明这个对端")]


def test_nothing_is_missed_in_a_table_that_has_faults_of_its_own() -> None:
    """The exchange may stand in the row that could not be read."""
    broken = {**expert(",waishe,9306401,"), **swapped("peers.csv", "10.1.0.3,5070", "x y,5070")}
    assert [fault.file for fault in refused(broken)] == ["peers.csv"]


def test_without_a_carrier_a_number_needs_an_exchange() -> None:
    """With one, it is dialled as citizens are."""
    [fault] = refused(expert(",,15400000011,"))
    assert (fault.column, fault.message) == ("对端", "没有写对端，本中心也没有呼出线路")
    home = swapped("profile.toml", "trunks", 'dial_out = "10.2.0.1:5060"\ntrunks')
    assert refused({**expert(",,15400000011,"), **home}) == []


@pytest.mark.parametrize("number", ["8337772", "04718337772", "12345", "12319"])
def test_a_number_that_we_answer_leads_to_nobody_else(number: str) -> None:
    """It was merged: whoever dials it, over whatever exchange, comes to our own queue."""
    assert told(expert(f",gongan,{number},")) == [("experts.csv", 2, "号码", OWN)]
    assert told(contact(f"民政厅,值班,gongan,{number},")) == [("contacts.csv", 2, "号码", OWN)]


def test_another_hotline_answers_its_own_12345() -> None:
    assert refused(expert(",waishi,12345,")) == []


def test_a_number_of_ours_dialled_at_a_trunk_comes_back() -> None:
    """Whosever of the platform's it is."""
    trunk = swapped("peers.csv", "10.1.0.3", "10.0.0.9")
    assert told({**trunk, **expert(",waishi,12329,")}) == [("experts.csv", 2, "号码", OWN)]


def test_a_department_nobody_knows_is_named() -> None:
    """By what people call it, if the table of offices has that."""
    assert told(contact("社保局,值班,waishi,9306501,")) == [("contacts.csv", 2, "部门", "人社厅")]
    assert told(contact("民政所,值班,waishi,9306501,")) == [("contacts.csv", 2, "部门", "民政厅")]
    [fault] = refused(contact("QQQ,值班,waishi,9306501,"))
    assert fault.instead == "先在offices.csv中写明这个部门"
    assert "offices.csv" in changed()


def test_without_offices_no_department_is_missed() -> None:
    assert refused({**contact("社保局,值班,waishi,9306501,"), "offices.csv": None}) == []


def test_nobody_is_told_to_dial_a_number_that_was_merged() -> None:
    """It would be our own again. One that is kept beside 12345 may be told."""
    row = "民政厅,咨询,waishi,9306501,{}"
    assert told(contact(row.format("8337772"))) == [
        ("contacts.csv", 2, "告知号码", "该部门自己的号码，或留空")
    ]
    assert refused(contact(row.format("12366"))) == []


def test_typed_numbers_need_an_exchange_that_there_is() -> None:
    """The home profile's own."""
    home = swapped("profile.toml", "trunks", 'typed_peer = "waishe"\ntrunks')
    assert told(home) == [("profile.toml", 0, "typed_peer", "waishi")]
    assert refused(swapped("profile.toml", "trunks", 'typed_peer = "waishi"\ntrunks')) == []

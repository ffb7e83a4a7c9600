"""Tables beside the numbers: written whole or not at all, applied and taken back with them."""

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from config.faults import ProfileFaults
from config.settings import CHECKOUT, Settings
from cti.citytables import CityTables, TableUnknown
from cti.ids import CentreId
from cti.ledger import CityLedger
from cti.workingcopy import CentreUnknown, TableChanged
from tests.asterisk.world import find_root
from tests.cti.test_ledger import NOON, sounds

CHIFENG = CentreId("chifeng")
Notes = list[tuple[str, str, str, Mapping[str, str]]]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Chifeng's tables, to be changed."""
    return Path(shutil.copytree(CHECKOUT / "config" / "profiles" / "chifeng", tmp_path / "city"))


@pytest.fixture
def notes() -> Notes:
    return []


@pytest.fixture
def ledger(tmp_path: Path, directory: Path, notes: Notes) -> CityLedger:
    settings = Settings(home=tmp_path / "home", profile=str(directory), asterisk_root=find_root())
    made = CityLedger(settings, note=lambda *note: notes.append(note), now=lambda: NOON)
    sounds(settings, made)
    return made


@pytest.fixture
def tables(ledger: CityLedger) -> CityTables:
    return ledger.tables


def test_every_table_is_shown_as_it_is_written(tables: CityTables, directory: Path) -> None:
    """One that the city does not have yet is an empty table with the columns it needs."""
    (directory / "openings.csv").unlink(missing_ok=True)
    for named in tables.all().items:
        shown = tables.show(CHIFENG, named.table)
        assert (shown.faults, shown.in_force, shown.is_applied) == ([], None, False)
        assert all(set(row) == set(shown.header) for row in shown.rows)
        if shown.rows:
            assert shown.row_lines[0] == shown.written_from
    shown = tables.show(CHIFENG, "openings")
    assert (shown.header, shown.further, shown.rows) == (["场合", "话术"], ["线路"], [])


def test_a_row_is_written_and_the_file_before_is_kept(
    tables: CityTables, directory: Path, notes: Notes
) -> None:
    """Remarks stay, a column comes when it is used, and the audit has who and which table."""
    path = directory / "linkage.csv"
    before = path.read_bytes()
    shown = tables.show(CHIFENG, "linkage")
    rows = [{**row, "振铃秒": "15"} if row["号码"] != "110" else row for row in shown.rows]
    put = tables.put(CHIFENG, "linkage", rows, tag=shown.tag, who="li")
    assert put.tag != shown.tag
    assert "振铃秒" in put.header
    assert "振铃秒" not in put.further
    assert path.read_text(encoding="utf-8").startswith("#")
    assert (directory / "linkage.csv.bak").read_bytes() == before
    count = str(len(rows))
    assert notes == [("chifeng", "li", "table-written", {"table": "linkage", "rows": count})]


def test_what_is_wrong_changes_nothing(tables: CityTables, directory: Path, notes: Notes) -> None:
    """A fault in a cell, a column nobody knows, somebody else's change, no such table."""
    before = (directory / "offices.csv").read_bytes()
    shown = tables.show(CHIFENG, "offices")
    wrong = [{**shown.rows[0], "类型": "政俯"}, *shown.rows[1:]]
    with pytest.raises(ProfileFaults) as told:
        tables.put(CHIFENG, "offices", wrong, tag=shown.tag, who="li")
    fault = told.value.faults[0]
    assert (fault.file, fault.row, fault.column) == ("offices.csv", shown.written_from, "类型")
    misspelt = [{**shown.rows[0], "别秤": "水务"}, *shown.rows[1:]]
    with pytest.raises(ProfileFaults, match="没有「别秤」这一列"):
        tables.put(CHIFENG, "offices", misspelt, tag=shown.tag, who="li")
    with pytest.raises(TableChanged):
        tables.put(CHIFENG, "offices", shown.rows, tag="another", who="li")
    with pytest.raises(TableUnknown):
        tables.show(CHIFENG, "numbers")
    with pytest.raises(CentreUnknown):
        tables.show(CentreId("nowhere"), "offices")
    assert ((directory / "offices.csv").read_bytes(), notes) == (before, [])


@pytest.mark.parametrize("data", ['号码,名称,类别\n1,"没有关上\n'.encode(), b"\xff\xfe\x00\x81"])
def test_a_file_that_cannot_be_read_is_not_written_over(
    tables: CityTables, directory: Path, data: bytes
) -> None:
    """Its rows are not shown, so they would be gone."""
    path = directory / "callers.csv"
    path.write_bytes(data)
    shown = tables.show(CHIFENG, "callers")
    assert (shown.rows, {fault.file for fault in shown.faults}) == ([], {"callers.csv"})
    row = {"号码": "15400000001", "名称": "示例", "类别": "企业"}
    with pytest.raises(ProfileFaults):
        tables.put(CHIFENG, "callers", [row], tag=shown.tag, who="li")
    assert path.read_bytes() == data


def test_a_table_is_applied_and_taken_back(
    tables: CityTables, ledger: CityLedger, directory: Path
) -> None:
    """The difference names it, and the revision before brings the file as it was."""
    first = ledger.apply(who="li", why="首次")
    before = (directory / "offices.csv").read_bytes()
    shown = tables.show(CHIFENG, "offices")
    assert (shown.is_applied, shown.in_force) == (True, first.number)
    rows = [{**shown.rows[0], "别称": shown.rows[0]["别称"] + "、总服务台"}, *shown.rows[1:]]
    assert not tables.put(CHIFENG, "offices", rows, tag=shown.tag, who="li").is_applied
    plan = ledger.plan()
    assert {one.kind for one in plan.changes} == {"office"}
    assert any("总服务台" in one.after for one in plan.changes)
    ledger.apply(who="li", why="群众这样叫")
    assert tables.show(CHIFENG, "offices").is_applied
    ledger.rollback(first.number, who="li", why="改回去")
    assert (directory / "offices.csv").read_bytes() == before
    assert tables.show(CHIFENG, "offices").is_applied

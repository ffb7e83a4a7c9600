"""What an editor shows beside a table is what its reader wants."""

from collections.abc import Callable
from typing import Any

import pytest

from config.callers import read_callers
from config.contacts import read_contacts
from config.duties import read_duties
from config.experts import read_experts
from config.faults import Fault
from config.knowledge import read_knowledge
from config.linkage import read_linkage
from config.openings import read_openings
from config.overflow import read_overflow
from config.overrides import read_overrides
from config.owndays import read_own_days
from config.peers import read_peers, read_relations
from config.places import OFFICE_KINDS, read_gazetteer, read_offices
from config.profile import NUMBERS, OPTIONAL, REQUIRED
from config.rules import read_refusals
from config.seats import read_seats
from config.table import read_table
from config.tables import TABLES, unknown_in, widened
from config.tabletext import written_header
from tests.config.fiveprofiles import ALL, PROFILES

READERS: dict[str, Callable[[str], tuple[Any, list[Fault]]]] = {
    "callers": lambda text: read_callers(text, None, "0476"),
    "contacts": lambda text: read_contacts(text, None),
    "days": read_own_days,
    "duties": lambda text: read_duties(text, None, None),
    "experts": lambda text: read_experts(text, None, None),
    "gazetteer": read_gazetteer,
    "knowledge": lambda text: read_knowledge(text, None),
    "linkage": read_linkage,
    "offices": read_offices,
    "openings": lambda text: read_openings(text, None),
    "overflow": lambda text: read_overflow(text, None, None),
    "peers": read_peers,
    "prompts": read_overrides,
    "refusals": read_refusals,
    "relations": read_relations,
    "seats": lambda text: read_seats(text, None),
}


def test_every_table_but_the_numbers_is_offered() -> None:
    """A table that the profile learns to read must be named here, too."""
    files = {name for name in (*REQUIRED, *OPTIONAL) if name.endswith(".csv")}
    assert {table.file for table in TABLES.values()} == files - {NUMBERS}
    assert set(TABLES) == set(READERS)
    assert TABLES["linkage"].named().chinese == "联动线路"


@pytest.mark.parametrize("name", TABLES)
def test_the_needed_columns_are_those_that_the_reader_misses(name: str) -> None:
    """A header with nothing else can be read, and without one of them it cannot."""
    table = TABLES[name]
    needed = [column.name for column in table.columns if column.is_needed]
    _, faults = READERS[name]("nothing\n")
    assert {fault.column for fault in faults if fault.row == 1} == set(needed)
    assert table.header([]) == needed
    assert table.header(["楼层"]) == ["楼层"]
    assert table.keys <= len(table.columns)


@pytest.mark.parametrize("name", TABLES)
def test_the_words_that_a_cell_may_say_are_all_the_reader_takes(name: str) -> None:
    """Each choice is taken without a fault at its column, and a word beside them is not."""
    for column in TABLES[name].columns:
        for word in column.choices:
            assert column.name not in _wrong(name, column.name, word), (column.name, word)
        if column.choices:
            assert column.name in _wrong(name, column.name, "没有这种")


def _wrong(name: str, column: str, word: str) -> set[str]:
    """The columns at which a row that says this, and elsewhere the first of the words, is wrong."""
    cells = {one.name: one.choices[0] if one.choices else "" for one in TABLES[name].columns}
    cells[column] = word
    _, faults = READERS[name](f"{','.join(cells)}\n{','.join(cells.values())}\n")
    return {fault.column for fault in faults}


@pytest.mark.parametrize("profile", ALL)
def test_every_city_s_columns_are_known(profile: str) -> None:
    """None of the five cities has a column without a name and a hint here."""
    for table in TABLES.values():
        path = PROFILES / profile / table.file
        if path.is_file():
            header = written_header(path.read_text(encoding="utf-8"))
            assert unknown_in(table, [], [dict.fromkeys(header, "")]) == []
            assert read_table(table.file, path.read_text(encoding="utf-8"), header)[1] == []


def test_a_column_comes_when_it_is_used_and_one_that_nobody_knows_is_named() -> None:
    """What only this city has stays where it is."""
    offices = TABLES["offices"]
    rows = [{"部门": "市水务局", "别称": "", "类型": "政府", "楼层": "3"}]
    assert widened(offices, ["楼层", "部门", "别称"], rows) == ["楼层", "部门", "别称", "类型"]
    assert widened(offices, [], [{"部门": "市水务局", "类型": ""}]) == ["部门", "别称"]
    assert unknown_in(offices, ["楼层"], rows) == []
    assert unknown_in(offices, [], rows) == ["楼层"]
    assert tuple(offices.columns[2].choices) == OFFICE_KINDS

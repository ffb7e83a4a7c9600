"""The five hotlines' tables as their administrators see them, and Chifeng's annex as published."""

import tomllib
from pathlib import Path
from typing import Any

from config.ledger import Line
from config.ledgertable import read_ledger
from config.settings import CHECKOUT
from config.table import Row, read_table

PROFILES = CHECKOUT / "config/profiles"
FIVE = ("chifeng", "hunan", "jiangxi", "qinghai", "shaoyang")
CITIES = ("qinghai/xining", "qinghai/haidong", "qinghai/huangnan")
"""Qinghai's further centres, on the province's platform."""
ALL = (*FIVE, *CITIES)
ANNEX = Path(__file__).parent / "data/chifeng_annex.txt"


def rows_of(profile: str, name: str) -> list[Row]:
    """The rows of that table."""
    rows, faults = read_table(name, (PROFILES / profile / name).read_text(), ())
    assert faults == []
    return rows


def remarks_of(profile: str, name: str) -> str:
    """The remark lines above the table, or all of them in ``profile.toml``."""
    lines = (PROFILES / profile / name).read_text().splitlines()
    return "\n".join(line for line in lines if line.startswith("#"))


def facts_of(profile: str) -> dict[str, Any]:
    """What ``profile.toml`` says."""
    return tomllib.loads((PROFILES / profile / "profile.toml").read_text())


def lines_of(profile: str) -> dict[str, Line]:
    """The ledger's lines by their numbers."""
    facts = facts_of(profile)
    lines, faults = read_ledger(
        "numbers.csv",
        (PROFILES / profile / "numbers.csv").read_text(),
        facts["area_code"],
        begins=facts["transition_begins"],
        ends=facts["transition_ends"],
    )
    assert faults == []
    return {line.number: line for line in lines}


def annex_rows() -> list[tuple[str, ...]]:
    """Chifeng's annex 1: five cells a row, each after a tab; blank rows stand between.

    A blank department or mode means what stands above; a blank serial number stays blank.
    """
    blocks = ANNEX.read_text().split("\n\n")
    rows = [[_plain(cell) for cell in block.split("\n\t")] for block in blocks if "\t" in block]
    filled: list[tuple[str, ...]] = []
    for serial, department, name, number, mode in rows[1:]:
        above = filled[-1] if filled else ("",) * 5
        filled.append((serial, department or above[1], name, number, mode or above[4]))
    return filled


def _plain(cell: str) -> str:
    # 金融工作⏎办公室: a long cell was broken over two lines
    return "".join(cell.split())

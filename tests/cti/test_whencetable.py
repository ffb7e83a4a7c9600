"""Where numbers belong is read by a process of its own."""

import sys

import pytest

from config.whence import Whence
from cti.whencetable import load


async def test_the_table_is_read_once_by_another_process() -> None:
    """Its answer is a tenth of the whole."""
    known: list[Whence] = []
    await load(known.append)
    assert known[0].of("15604760000") == "内蒙古赤峰市"


async def test_a_table_that_cannot_be_read_costs_the_cities_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The brain goes on."""
    known: list[Whence] = []
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    await load(known.append)
    assert known == []

"""Where numbers belong is read by a process of its own, once, and kept."""

import asyncio
import sys
from pathlib import Path

import pytest

from config.whence import Whence, written
from cti.whencetable import kept, load


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the table is kept; its folder is there."""
    path = kept(tmp_path)
    path.parent.mkdir()
    return path


@pytest.fixture
def reads_quickly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process that reads the table knows one place, and needs no seconds for it."""
    program = tmp_path / "python"
    program.write_text(f"#!/bin/sh\necho '{written({'156': '内蒙古赤峰市'})}'\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))


async def test_the_table_is_read_once_by_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer is a tenth of the whole. The next brain needs no process, and knows the same."""
    known: list[Whence] = []
    await load(known.append, tmp_path)
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    await load(known.append, tmp_path)
    assert [one.of("15604760000") for one in known] == ["内蒙古赤峰市"] * 2
    assert list(kept(tmp_path).parent.iterdir()) == [kept(tmp_path)]


@pytest.mark.usefixtures("reads_quickly")
async def test_the_table_of_another_version_is_not_taken(tmp_path: Path, path: Path) -> None:
    """Segments are given out every month."""
    old = path.with_name("0.0.1.json")
    old.write_text(written({"156": "北京市"}), encoding="utf-8")
    known: list[Whence] = []
    await load(known.append, tmp_path)
    assert known[0].of("15604760000") == "内蒙古赤峰市"


@pytest.mark.usefixtures("reads_quickly")
@pytest.mark.parametrize("broken", [b"", b'{"a":["1', b"[]", b"{}", b'{"a":1}', b"\xff\xfe"])
def test_a_broken_file_is_made_anew(tmp_path: Path, path: Path, broken: bytes) -> None:
    """Whoever broke it: it costs a brain its seconds once."""
    path.write_bytes(broken)
    known: list[Whence] = []
    asyncio.run(load(known.append, tmp_path))
    assert known[0].of("15604760000") == "内蒙古赤峰市"
    assert path.read_bytes() != broken


@pytest.mark.usefixtures("reads_quickly")
async def test_a_cache_that_cannot_be_written_costs_nothing(tmp_path: Path) -> None:
    """The table is known all the same."""
    (tmp_path / "whence").write_text("", encoding="utf-8")
    known: list[Whence] = []
    await load(known.append, tmp_path)
    assert known[0].of("15604760000") == "内蒙古赤峰市"


async def test_a_table_that_cannot_be_read_costs_the_cities_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The brain goes on."""
    known: list[Whence] = []
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    await load(known.append, tmp_path)
    assert known == []

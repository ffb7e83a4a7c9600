"""Files that are on the disk before anybody relies on them."""

from pathlib import Path

import pytest

from config.durable import point, read_tree, replace_files, write_tree

FILES = {"a.conf": b"one", "prompts/b.wav": b"\0\1", "north/c.csv": "三".encode()}


def test_a_tree_reads_back_as_it_was_written(tmp_path: Path) -> None:
    write_tree(tmp_path / "tree", FILES)

    assert read_tree(tmp_path / "tree") == FILES


def test_nobody_else_can_read_a_tree(tmp_path: Path) -> None:
    """It holds phones' passwords."""
    write_tree(tmp_path / "tree", FILES)
    paths = [tmp_path / "tree", *(tmp_path / "tree").rglob("*")]

    assert {path.stat().st_mode & 0o077 for path in paths} == {0}


def test_what_is_the_same_is_linked_and_what_differs_is_not(tmp_path: Path) -> None:
    """Fifty revisions with the same recordings hold them once."""
    write_tree(tmp_path / "old", FILES)
    write_tree(tmp_path / "new", FILES | {"a.conf": b"two"}, like=tmp_path / "old")

    assert read_tree(tmp_path / "new") == FILES | {"a.conf": b"two"}
    assert read_tree(tmp_path / "old") == FILES
    assert (tmp_path / "new/prompts/b.wav").samefile(tmp_path / "old/prompts/b.wav")


def test_only_what_differs_is_replaced_and_keeps_its_mode(tmp_path: Path) -> None:
    """Others may be meant to read a city's table; a new file is for its owner."""
    (tmp_path / "same").write_bytes(b"1")
    (tmp_path / "other").write_bytes(b"2")
    (tmp_path / "other").chmod(0o644)
    before = (tmp_path / "same").stat().st_ino
    replace_files(tmp_path, {"same": b"1", "other": b"3", "north/new": b"4"})

    assert read_tree(tmp_path) == {"same": b"1", "other": b"3", "north/new": b"4"}
    assert (tmp_path / "same").stat().st_ino == before
    assert (tmp_path / "other").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "north/new").stat().st_mode & 0o777 == 0o600


def test_one_that_cannot_be_written_aside_replaces_none(tmp_path: Path) -> None:
    """And leaves nothing of the others behind: the disk may be full."""
    (tmp_path / "a").write_bytes(b"1")
    (tmp_path / ".b.new").mkdir()

    with pytest.raises(IsADirectoryError):
        replace_files(tmp_path, {"a": b"2", "b": b"2"})
    assert (tmp_path / "a").read_bytes() == b"1"
    assert not (tmp_path / ".a.new").exists()


def test_a_link_points_elsewhere_even_after_a_half_made_one(tmp_path: Path) -> None:
    link = tmp_path / "current"
    point(link, "one")
    (tmp_path / ".current.new").symlink_to("half")
    point(link, "two")

    assert str(link.readlink()) == "two"
    assert [path.name for path in tmp_path.iterdir()] == ["current"]

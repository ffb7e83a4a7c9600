"""Files that are on the disk before anybody relies on them. Edge.

Each function returns when its work would survive a power cut, or raises ``OSError`` having changed
nothing that was there before.
"""

import os
import shutil
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

PRIVATE_FILE, PRIVATE_DIRECTORY = 0o600, 0o700
"""Callers' numbers and phones' passwords are for this user alone."""


def sync_directory(directory: Path) -> None:
    """Bring the names in a directory to the disk."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_files(directory: Path, files: Mapping[str, bytes]) -> None:
    """Replace those of the files that differ, each by one rename; each keeps its mode.

    All are written aside and on the disk before the first is renamed.
    """
    changed: list[tuple[Path, Path]] = []
    for name, data in files.items():
        target = directory / name
        aside = target.with_name(f".{target.name}.new")
        if target.is_file() and target.read_bytes() == data:
            continue
        changed.append((aside, target))
        try:
            _write_aside(aside, target, data)
        except OSError:  # a full disk must not be kept full by what was of no use
            for each, _ in changed:
                with suppress(OSError):
                    each.unlink()
            raise
    for aside, target in changed:
        aside.rename(target)
    for folder in {directory, *(target.parent for _, target in changed)}:
        sync_directory(folder)


def _write_aside(aside: Path, target: Path, data: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    _write(aside, data, os.O_TRUNC)
    if target.is_file():
        aside.chmod(stat.S_IMODE(target.stat().st_mode))


def write_tree(directory: Path, files: Mapping[str, bytes], *, like: Path | None = None) -> None:
    """Write a new directory with these files in it, paths with ``/`` below it.

    A file that is the same in ``like`` is linked, not copied: neither may be written to again.
    """
    directory.mkdir(mode=PRIVATE_DIRECTORY)
    folders = {directory}
    for name, data in files.items():
        target = directory / name
        target.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_DIRECTORY)
        folders |= {folder for folder in target.parents if folder.is_relative_to(directory)}
        same = like / name if like is not None else None
        if same is not None and same.is_file() and same.read_bytes() == data:
            os.link(same, target)
        else:
            _write(target, data, os.O_EXCL)
    for folder in folders:
        sync_directory(folder)


def read_tree(directory: Path) -> dict[str, bytes]:
    """Read all files below a directory, by their path below it."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


def point(link: Path, target: str) -> None:
    """Make a symbolic link, or point it elsewhere, by one rename. The target may be relative."""
    aside = link.with_name(f".{link.name}.new")
    aside.unlink(missing_ok=True)
    aside.symlink_to(target)
    aside.rename(link)
    sync_directory(link.parent)


def remove_tree(directory: Path) -> None:
    """Remove a directory if it is there. What cannot be removed stays, and is no error."""
    shutil.rmtree(directory, ignore_errors=True)


def _write(path: Path, data: bytes, how: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | how, PRIVATE_FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())

"""The files of Asterisk's channel event log on disk: listing, reading and putting aside.

Asterisk opens the log anew for each record, so a rename loses nothing: the next record begins a
new file. Readers know a file by its inode, whatever it is called by now.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from records.cel import LogFile

BLOCK: Final = 512 * 1024
"""Bytes of log read and parsed at once: some 15 ms, so a loop that shares the process lives on."""
LIMIT: Final = 200 * 1024 * 1024
"""A log larger than this is put aside: some 40 000 calls."""
KEPT: Final = 5
"""Logs kept aside (``cel.jsonl.1``, the newest, to ``cel.jsonl.5``)."""
_BREATH: Final = 1000


def log_files(cel_file: Path) -> list[LogFile]:
    """List the log and what it was renamed to (``cel.jsonl.1``, ``cel.jsonl-20261122``)."""
    found = []
    for entry in entries(cel_file.parent):
        if entry.name.startswith(cel_file.name) and not entry.name.endswith((".gz", ".xz")):
            with suppress(FileNotFoundError):  # renamed this moment: the next run finds it
                stat = entry.stat()
                found.append(LogFile(stat.st_mtime, entry.name, stat.st_ino, stat.st_size))
    return found


def read_on(cel_file: Path, file: LogFile, offset: int) -> bytes:
    """Read a block of one of the log's files, renamed since it was listed or not.

    Nothing when it is gone.
    """
    data = _read(cel_file.with_name(file.name), file.inode, offset)
    if data is None:
        names = [other.name for other in log_files(cel_file) if other.inode == file.inode]
        data = _read(cel_file.with_name(names[0]), file.inode, offset) if names else None
    return data or b""


def _read(path: Path, inode: int, offset: int) -> bytes | None:
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_ino != inode:
                return None
            file.seek(offset)
            return file.read(BLOCK)
    except FileNotFoundError:
        return None


def put_aside(cel_file: Path, inode: int, limit: int = LIMIT) -> bool:
    """Rename the log if it has grown beyond ``limit`` bytes, and let go of the oldest one aside.

    ``inode``: the file that reading has come to. If the log is another by now, or somebody else
    is about to rename it, nothing happens. Raises OSError when the disk refuses.
    """
    place = os.open(cel_file.parent, os.O_RDONLY)
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        stat = cel_file.stat()
        if stat.st_ino != inode or stat.st_size <= limit:
            return False
        names = [cel_file, *(cel_file.with_name(f"{cel_file.name}.{n + 1}") for n in range(KEPT))]
        for older, newer in zip(names[:0:-1], names[-2::-1], strict=True):
            if newer.exists():
                newer.replace(older)
    except (BlockingIOError, FileNotFoundError):
        return False
    finally:
        os.close(place)
    return True


def entries(place: Path) -> Iterator[os.DirEntry[str]]:
    """List a directory's files without looking at them; none when there is no such directory.

    For a thread beside a loop: however long the list, the loop is let in every few milliseconds.
    """
    try:
        with os.scandir(place) as listed:
            for count, entry in enumerate(listed, 1):
                if entry.is_file():
                    yield entry
                if not count % _BREATH:
                    time.sleep(0.0005)
    except FileNotFoundError:
        return

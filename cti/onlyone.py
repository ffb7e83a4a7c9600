"""One process at a time for one job of a home: a lock that goes with its process. Ring 2."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunning(RuntimeError):  # noqa: N818 - an error is named for what is wrong
    """Another process holds the lock. ``pid`` is who, as far as the file says, else 0."""

    def __init__(self, lock: Path, pid: int) -> None:
        super().__init__(f"{lock} is held by pid {pid or '?'}")
        self.pid = pid


@contextmanager
def only_one(lock: Path) -> Iterator[None]:
    """Hold the lock inside the block. Raises ``AlreadyRunning`` at once when it is held.

    It goes with the process, however that ends; the file stays and means nothing by itself.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            said = file.read().strip()
            raise AlreadyRunning(lock, int(said) if said.isdecimal() else 0) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield
        file.truncate(0)

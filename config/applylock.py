"""One change of the table at a time, on the whole machine. Edge."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

from cti.errors import DomainError

ASK_EVERY_S = 0.05


class ApplyBusy(DomainError):  # noqa: N818 - an error is named for what is wrong
    """Another change of the table is under way. ``details``: who, pid and since when."""

    id = "apply-busy"


@contextmanager
def one_apply(lock: Path, who: str, wait_s: float) -> Iterator[None]:
    """Hold the lock inside the block, waiting for it up to so long. Raises ``ApplyBusy``.

    It goes with the process, however that ends; what stands in the file is for people.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    deadline = monotonic() + wait_s
    with lock.open("a+", encoding="utf-8") as file:
        while not _taken(file.fileno()):
            if monotonic() >= deadline:
                file.seek(0)
                holder, pid, since = (*file.read().splitlines(), "", "", "")[:3]
                raise ApplyBusy(
                    "another change of the table is under way", who=holder, pid=pid, since=since
                )
            sleep(ASK_EVERY_S)
        file.truncate(0)
        file.write(f"{who}\n{os.getpid()}\n{datetime.now(UTC).isoformat(timespec='seconds')}\n")
        file.flush()
        try:
            yield
        finally:
            file.truncate(0)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True

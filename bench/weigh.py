"""What processes cost, from /proc: the only clock that other tenants of a machine do not bend."""

import os
from collections.abc import Iterable
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def cpu_seconds(pids: Iterable[int]) -> float:
    """CPU time those processes have used so far, all their threads, children not counted.

    Raises ``ProcessLookupError`` if one has died: its figure would silently be lost.
    """
    total = 0.0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/stat").read_text()
        except FileNotFoundError:
            raise ProcessLookupError(pid) from None
        fields = text.rpartition(")")[2].split()  # the name before may hold spaces
        total += (int(fields[11]) + int(fields[12])) * _TICK_S
    return total


def resident_mb(pids: Iterable[int]) -> float:
    """Memory those processes hold now."""
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000

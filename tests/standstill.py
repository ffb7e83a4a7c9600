"""Whether the machine stood still while a test ran: that explains why it failed.

Sound and calls are judged in real time here. When a machine shared with others gives this one no
processor for a while, a packet comes late and a word is cut, though nothing of ours is wrong: such
a failure says nothing either way. Another process looks at its own clock all the time and notes
every stop longer than a packet lasts. A stop explains a failure. How many may be left unexplained,
and what is done with them, stands in ``docs/decisions/021-asked-again.md``.
"""

import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import Self

LOOKS_EVERY_S = 0.01
LATE_S = 0.03
"""One packet of sound and a half: a later one is missed by whoever plays it."""
STARTS_WITHIN_S = 5.0

WATCH = """
import os, sys, time
parent = os.getppid()
every, late = float(sys.argv[1]), float(sys.argv[2])
last = time.monotonic()
print(last, 0.0, flush=True)
while os.getppid() == parent:
    time.sleep(every)
    now = time.monotonic()
    if now - last - every > late:
        print(now, now - last - every, flush=True)
    last = now
"""


class Watch:
    """A process that notes when it, and so all others here, was given no processor for too long."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        argv = [sys.executable, "-I", "-c", WATCH, str(LOOKS_EVERY_S), str(LATE_S)]
        with self._file.open("wb") as notes:
            self._process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=notes, stderr=subprocess.DEVNULL
            )
        ends = monotonic() + STARTS_WITHIN_S
        while not self._file.stat().st_size and monotonic() < ends:
            sleep(LOOKS_EVERY_S)
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        """The watching process."""
        assert self._process is not None
        return self._process.pid

    def longest(self, since: float, until: float | None = None) -> float:
        """The longest stop that ended in that time (CLOCK_MONOTONIC seconds); 0.0 for none."""
        until = monotonic() if until is None else until
        stops = (line.split() for line in self._file.read_text().splitlines())
        return max((float(late) for at, late in stops if since <= float(at) <= until), default=0.0)

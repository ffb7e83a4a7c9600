"""A lock that goes with its process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cti.onlyone import AlreadyRunning, only_one

HOLDER = """
import sys, time, pathlib
from cti.onlyone import only_one
with only_one(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_one_learns_who_is_first(tmp_path: Path) -> None:
    """Refused at once, with the holder's pid; free again when the holder is killed."""
    lock = tmp_path / "run" / "up.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(AlreadyRunning) as refused, only_one(lock):
            pass
        assert refused.value.pid == holder.pid
        holder.send_signal(signal.SIGKILL)
        holder.wait()
    with only_one(lock):
        assert lock.read_text(encoding="ascii") == f"{os.getpid()}\n"
    with only_one(lock):
        pass
    assert lock.read_text(encoding="ascii") == ""

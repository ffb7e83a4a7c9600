"""Processes that are kept running: who has the processor first."""

import os
from pathlib import Path

import pytest

from cti.supervisor import FIRST, Process


def session_of(pid: int) -> int | None:
    """How nice its whole session is; None on a kernel that does not share out by session."""
    told = Path(f"/proc/{pid}/autogroup")
    return int(told.read_text(encoding="ascii").split()[-1]) if told.exists() else None


@pytest.mark.parametrize("goes_first", [True, False])
async def test_who_goes_first_is_before_all_others_where_that_may_be_said(
    tmp_path: Path, goes_first: bool
) -> None:
    """Without the right it runs as the others do."""
    sleeps = ["sleep", "30"]
    process = Process("sound", sleeps, run_dir=tmp_path, log_dir=tmp_path, goes_first=goes_first)
    process.start()
    try:
        assert process.pid is not None
        mine = os.getpriority(os.PRIO_PROCESS, 0)
        may = os.geteuid() == 0
        assert os.getpriority(os.PRIO_PROCESS, process.pid) == (
            FIRST if goes_first and may else mine
        )
        if goes_first and may:
            assert session_of(process.pid) in (None, FIRST)
    finally:
        await process.stop()

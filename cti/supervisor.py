"""Keeps our processes running: one that dies is started again and said so. Ring 3.

A process found running from an earlier start is taken over, not killed: a supervisor that was
itself killed must not cost a caller the call. ``Process.stop`` ends what it started or took over
and nothing else; it knows it by pid file *and* command line.
"""

import asyncio
import os
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic

import structlog

log = structlog.get_logger()

STEADY_S = 30.0
"""A process that ran so long starts again at once; one that dies sooner, after a growing pause."""
LONGEST_PAUSE_S = 10.0
FIRST = -20
"""How nice is to others who goes first."""
LOG_MOST_BYTES = 50_000_000
"""A log file larger than this is moved aside (one generation) before the next start."""


class Process:
    """One program we keep running. ``run`` holds it up until cancelled; ``stop`` ends it."""

    def __init__(
        self,
        name: str,
        argv: Sequence[str],
        *,
        run_dir: Path,
        log_dir: Path,
        env: Mapping[str, str] | None = None,
        on_restart: Callable[[str, str], None] | None = None,
        stop_within_s: float = 8.0,
        title: str = "",
        goes_first: bool = False,
    ) -> None:
        """``title``: what a program that renames itself calls itself in the list of processes.
        ``goes_first``: the processor is its before all others', where we may say so.
        """
        self.name = name
        self._argv = list(argv)
        self._pid_file = run_dir / f"{name}.pid"
        self._log_file = log_dir / f"{name}.log"
        self._env = dict(env) if env is not None else None
        self._on_restart = on_restart
        self._stop_within_s = stop_within_s
        self._title = title
        self._goes_first = goes_first
        self.is_taken_over = False
        """Found running, from an earlier start."""
        self.pid: int | None = None
        self.restarts = 0
        self._killed_for = ""

    async def run(self) -> None:
        """Keep the program running. Cancelling leaves it running: call ``stop`` then."""
        pause = 0.25
        while True:
            self.start()
            began = monotonic()
            code = await self._ended()
            self.pid = None
            self.restarts += 1
            pause = 0.25 if monotonic() - began > STEADY_S else min(pause * 2, LONGEST_PAUSE_S)
            why = f"ended with {code}" if code is not None else "ended"
            why, self._killed_for = self._killed_for or why, ""
            log.error("process ended, starting it again", process=self.name, why=why)
            if self._on_restart is not None:
                self._on_restart(self.name, why)
            await asyncio.sleep(pause)

    def kill(self, why: str) -> None:
        """End it at once, so that ``run`` starts it again and says why. Asks nobody first."""
        if self.pid is None:
            return
        log.error("process killed", process=self.name, pid=self.pid, why=why)
        self._killed_for = why
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def start(self) -> None:
        """Start the program unless it runs already, from this start or an earlier one."""
        if self.pid is not None:
            return
        self.pid = self._running()
        self.is_taken_over = self.pid is not None
        if self.is_taken_over:
            log.info("process taken over", process=self.name, pid=self.pid)
            return
        self._log_file.parent.mkdir(parents=True, exist_ok=True)
        self._pid_file.parent.mkdir(parents=True, exist_ok=True)
        if self._log_file.exists() and self._log_file.stat().st_size > LOG_MOST_BYTES:
            self._log_file.replace(self._log_file.with_suffix(".log.1"))
        with self._log_file.open("ab") as output:
            started = subprocess.Popen(
                self._argv,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._env,
                start_new_session=True,  # Ctrl-C is for the supervisor; it ends us in order
            )
        self.pid = started.pid
        self._pid_file.write_text(f"{started.pid}\n", encoding="ascii")
        started.returncode = 0  # reaped by _ended; keeps Popen from warning about its child
        if self._goes_first:
            let_first(started.pid)

    def _running(self) -> int | None:
        """The pid of an earlier start that still runs this very command."""
        try:
            pid = int(self._pid_file.read_text(encoding="ascii"))
            told = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except (OSError, ValueError):
            return None
        words = told.rstrip("\0").split("\0")
        # An interpreter named by "#!" stands before the program's own words.
        is_ours = words[-len(self._argv) :] == self._argv
        is_titled = bool(self._title) and told.startswith(self._title)
        return pid if is_ours or is_titled else None

    async def _ended(self) -> int | None:
        """Wait for the end; the exit code, or None for a program somebody else started."""
        assert self.pid is not None, "started just before"
        try:
            handle = os.pidfd_open(self.pid)
        except ProcessLookupError:
            return self._reap()
        done = asyncio.Event()
        loop = asyncio.get_running_loop()
        loop.add_reader(handle, done.set)
        try:
            await done.wait()
        finally:
            loop.remove_reader(handle)
            os.close(handle)
        return self._reap()

    def _reap(self) -> int | None:
        if self.pid is None:
            return None
        try:
            _, status = os.waitpid(self.pid, os.WNOHANG)
        except ChildProcessError:
            return None
        return os.waitstatus_to_exitcode(status)

    async def stop(self) -> None:
        """End the program: asked first, killed after ``stop_within_s``. Nothing is left behind."""
        self.pid = self.pid or self._running()  # an earlier start's is ours to end as well
        if self.pid is None:
            self._pid_file.unlink(missing_ok=True)
            return
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGTERM)
        try:
            async with asyncio.timeout(self._stop_within_s):
                await self._ended()
        except TimeoutError:
            log.warning("process killed", process=self.name)
            with suppress(ProcessLookupError):
                os.killpg(self.pid, signal.SIGKILL)
            async with asyncio.timeout(5):
                await self._ended()
        self.pid = None
        self._pid_file.unlink(missing_ok=True)


def let_first(pid: int) -> None:
    """Let it have the processor when it wants it. Linux may share that out by session first
    (``sched_autogroup_enabled``), and then a process's own niceness says nothing to another's.
    """
    with suppress(OSError):  # not ours to say, or gone already
        os.setpriority(os.PRIO_PROCESS, pid, FIRST)
    with suppress(OSError):  # as above, or not such a kernel
        Path(f"/proc/{pid}/autogroup").write_text(f"{FIRST}\n", encoding="ascii")

"""The command ``hotline up`` itself, in a home of its own, watched from outside as a person would.

What it prints goes to a file; processes are found by the pid files it writes.
"""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.ours import Ours
from bench.wavetools import chirp
from config.files import load_profile
from config.profile import Profile
from config.settings import CHECKOUT, Settings
from cti.doctor import check_ports
from tests.system.city import until

FIRST_READY_S = 240.0
"""The first start of all speaks every prompt; later ones find them in the cache."""
READY = "大脑进程与转写进程已就绪"
SERVING = "停止请按 Ctrl-C"
NAMES = ("redis", "asterisk", "brain", "worker")


def installation(folder: Path, *, seats: int = 2, profile: str | None = None) -> Settings:
    """A home with a small city's profile in it, ports of its own, and nothing started.

    ``profile``: one of ours by name instead of the small city.
    """
    settings = Ours(folder, seats=seats, prompt=chirp(0.1)).settings
    return settings.model_copy(update={"profile": profile}) if profile else settings


def environment(settings: Settings) -> dict[str, str]:
    """The environment in which any ``hotline`` command serves that installation."""
    told = settings.model_dump(exclude={"ami_secret"})
    mine = {f"HOTLINE_{k.upper()}": str(v) for k, v in told.items() if v not in (None, "")}
    return {**os.environ, **mine, "PYTHONUNBUFFERED": "1"}


def hotline(settings: Settings, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run one short command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "cti.cli.main", *words],
        env=environment(settings) | more,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Up:
    """One ``hotline up``. ``async with`` starts it; leaving it presses Ctrl-C and waits."""

    def __init__(self, settings: Settings, *words: str) -> None:
        self.settings = settings
        self._words = words
        self._console = settings.home / "console.txt"
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        self._start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.is_running:
            await self.interrupt()

    def _start(self) -> None:
        self._console.unlink(missing_ok=True)
        with self._console.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "cti.cli.main", "up", *self._words],
                env=environment(self.settings),
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The supervisor itself."""
        assert self._process is not None, "inside async with only"
        return self._process

    @property
    def is_running(self) -> bool:
        """Whether the supervisor lives."""
        return self.process.poll() is None

    @property
    def console(self) -> str:
        """All it printed so far."""
        return self._console.read_text(encoding="utf-8", errors="replace")

    @property
    def profile(self) -> Profile:
        """The city it serves."""
        return load_profile(self.settings)

    async def says(self, text: str, deadline_s: float = 20.0, *, times: int = 1) -> float:
        """Wait until it has printed that so many times; the seconds it took."""
        return await until(
            lambda: self.console.count(text) >= times or not self.is_running,
            deadline_s,
            f"{text!r} in: {self.console[-2000:]}",
        )

    async def serving(self, deadline_s: float = FIRST_READY_S) -> float:
        """Wait until all is ready; the seconds it took."""
        took = await self.says(SERVING, deadline_s)
        assert self.is_running, self.console
        return took

    def pid(self, name: str) -> int:
        """Who runs under that name, by its pid file; 0 while nobody does."""
        try:
            pid = int((self.settings.home / "run" / f"{name}.pid").read_text(encoding="ascii"))
        except (OSError, ValueError):
            return 0
        return pid if is_alive(pid) else 0

    async def restarted(self, name: str, before: int, deadline_s: float = 10.0) -> float:
        """Wait until another process than ``before`` runs under that name; the seconds it took."""
        return await until(lambda: self.pid(name) not in (0, before), deadline_s, f"{name} again")

    async def interrupt(self, deadline_s: float = 30.0) -> float:
        """Press Ctrl-C and wait for the end; the seconds it took."""
        os.killpg(self.process.pid, signal.SIGINT)
        return await self.ended(deadline_s)

    async def ended(self, deadline_s: float = 30.0) -> float:
        """Wait until the supervisor is gone; kill it when it does not go."""
        try:
            return await until(lambda: not self.is_running, deadline_s, "the end of hotline up")
        finally:
            if self.is_running:
                self.process.kill()
                self.process.wait()


def is_alive(pid: int) -> bool:
    """Whether that process runs and is no zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


async def nothing_left(settings: Settings) -> None:
    """Wait (a moment: Python's own watcher of shared things ends last) until all is gone."""
    await until(lambda: not left_behind(settings), 10, f"nothing left: {left_behind(settings)}")


def left_behind(settings: Settings) -> list[str]:
    """Processes, ports and pid files of that installation that are still there."""
    files = [file.name for file in (settings.home / "run").glob("*.pid")]
    ports = [finding.what for finding in check_ports(settings) if not finding.ok]
    return [*_processes(settings.home), *ports, *files]


def _processes(home: Path) -> list[str]:
    mark = str(home).encode()
    found = []
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            told = (directory / "cmdline").read_bytes()
            held = (directory / "environ").read_bytes()
        except OSError:
            continue
        if int(directory.name) != os.getpid() and (mark in told or mark in held):
            found.append(told.replace(b"\0", b" ").decode(errors="replace"))
    return found


async def killed(up: Up, name: str) -> float:
    """``kill -9`` one of its processes; the seconds until another one runs in its place."""
    before = up.pid(name)
    assert before, f"{name} does not run"
    os.kill(before, signal.SIGKILL)
    took = await up.restarted(name, before)
    await asyncio.sleep(0)
    return took

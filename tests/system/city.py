"""A whole hotline for tests, everything real: Asterisk, Redis, brain, workers, desks, phones.

Each is a process of its own that a test may kill, freeze, resume and start by name. Open it with
``async with`` inside the test (it owns tasks, and they must end where they began).
"""

import asyncio
import json
import os
import re
import signal
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Self

from bench.deskclient import DeskClient
from bench.ours import Ours
from bench.ports import free_block, free_port
from bench.sippload import Endpoint, Seats
from bench.wavetools import Samples, chirp, write_alaw, write_wav
from config.files import load_platform
from config.profile import PROFILE
from config.render import cli
from config.settings import LOOPBACK
from cti.ids import CallId
from cti.machine import Machine
from cti.supervisor import Process
from ivr.text import PromptText, line_prompts, queue_prompts
from records.callrecord import CallRecord
from records.keyring import ring
from records.leases import JobState
from records.orders import Order, OrderFilter
from records.store import CallStore
from tests.asterisk.world import AT_ASTERISK_START

MEDIA_PORTS = 600
MOST_ROWS = 10_000
KEEPING = (PromptText("keep-offer", ""), PromptText("kept", ""))
LOUD = ("warning", "error", "critical")
AT_REDIS_START = (
    # Redis writes its own start at the level of warnings.
    r" # (oO0OoO0OoO0Oo Redis is starting|Redis version=|Configuration loaded|Server initialized)",
    # A setting of the machine, harmless for a Redis of a few megabytes.
    r" # WARNING Memory overcommit must be enabled!",
)


class NotInTime(AssertionError):  # noqa: N818  # we name an error for what is wrong
    """What a test waited for did not come about."""


class City(Ours):
    """One city's hotline with ``seats`` seats and one account for each; nobody is signed in yet.

    ``is_held``: dead processes are started again as ``hotline up`` does; else they stay down
    until ``start``. ``prompt`` is what every line says (default: a second of speech-like noise).
    Its home is deleted at the end unless the test failed.
    """

    def __init__(
        self,
        folder: Path,
        *,
        seats: int = 10,
        workers: int = 0,
        wrap_up_s: float = 0,
        ring_s: int = 15,
        is_held: bool = False,
        prompt: Samples | None = None,
        dial_out: str = "",
        host: str = LOOPBACK,
        has_live_text: bool = False,
    ) -> None:
        self.prompt = chirp(1.0, seed=9) if prompt is None else prompt
        super().__init__(folder, seats=seats, prompt=self.prompt, host=host)
        _set_facts(self.settings.home / "profile" / PROFILE, wrap_up_s=wrap_up_s, ring_s=ring_s)
        if dial_out:
            self._dial_out(dial_out)
        self.folder = folder
        self.restarts: list[str] = []
        """Names of the processes that died and were started again, in that order."""
        self._machine = Machine(
            self.settings,
            workers=workers,
            has_live_text=has_live_text,
            on_restart=self._on_restart,
        )
        self._is_held = is_held
        self._store: CallStore | None = None
        self.desks: list[DeskClient] = []
        self._stack = AsyncExitStack()
        self._group = asyncio.TaskGroup()
        self._holding: asyncio.Task[None] | None = None

    def _dial_out(self, address: str) -> None:
        """Have a carrier there; a citizen who was not reached is called again after a second."""
        profile = self.settings.home / "profile" / PROFILE
        facts = f'dial_out = "{address}"\ncallback_pause_s = 1\n'
        profile.write_text(facts + profile.read_text(encoding="utf-8"), encoding="utf-8")
        self.platform = load_platform(self.settings)
        self.profile = self.platform.home

    async def __aenter__(self) -> Self:
        zh = self.settings.home / "sounds" / "zh"
        zh.mkdir(parents=True, exist_ok=True)
        for prompt in line_prompts(self.profile):
            write_wav(zh / f"{prompt.name}.wav", self.prompt)
        for told in (*queue_prompts(self.profile), *(KEEPING if self.profile.dial_out else ())):
            write_wav(zh / f"{told.id}.wav", self.prompt)
        await super().__aenter__()
        try:
            self._store = await CallStore.open(self.settings.sql_url, ring(self.settings))
            await self._group.__aenter__()
        except BaseException:
            await self._machine.stop()
            raise
        if self._is_held:
            self._holding = self._group.create_task(self._machine.hold())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            await self._stack.aclose()
            if self._holding is not None:
                self._holding.cancel()
            await self._group.__aexit__(kind, error, trace)
        finally:
            if self._store is not None:
                await self._store.close()
            for name in self.names:
                with suppress(ProcessLookupError):
                    self.resume(name)  # a frozen process cannot be asked to end
            await super().__aexit__(kind, error, trace)

    def _on_restart(self, name: str, _why: str) -> None:
        self.restarts.append(name)

    # --- processes: "redis", "asterisk", "brain", "worker", "worker1", "listener" …

    @property
    def names(self) -> list[str]:
        """What can be killed."""
        return [process.name for process in self._machine.processes]

    def pid(self, name: str) -> int:
        """The process's id. Raises ``ProcessLookupError`` while it is down."""
        pid = self._process(name).pid
        if pid is None:
            raise ProcessLookupError(f"{name} is not running")
        return pid

    async def kill(self, name: str) -> None:
        """``kill -9``; returns when it is gone. A held city starts it again by itself."""
        os.kill(self.pid(name), signal.SIGKILL)
        if not self._is_held:
            await self._process(name).stop()  # takes the exit status; there is nothing to ask

    def freeze(self, name: str) -> None:
        """``SIGSTOP``: its sockets stay open and nobody answers."""
        os.kill(self.pid(name), signal.SIGSTOP)

    def resume(self, name: str) -> None:
        """``SIGCONT``."""
        os.kill(self.pid(name), signal.SIGCONT)

    def start(self, name: str) -> None:
        """Start it, unless it runs. ``ready`` waits until all of them answer."""
        self._process(name).start()

    async def ready(self) -> None:
        """Wait until Redis, Asterisk and the brain answer. Raises ``cti.machine.NotReady``."""
        await self._machine.ready(lambda _: None)

    def _process(self, name: str) -> Process:
        return next(process for process in self._machine.processes if process.name == name)

    def rx(self, command: str) -> str:
        """What Asterisk's console prints for a command. Blocks."""
        return cli(self.settings, command)

    def channels(self) -> int:
        """How many channels Asterisk has now."""
        found = re.search(r"(\d+) active channel", self.rx("core show channels count"))
        assert found is not None
        return int(found[1])

    # --- seats: a phone and a desk each

    def source(self, media_ports: int) -> Endpoint:
        """Ports for one more load: neither Asterisk's nor any that were given out before."""
        return Endpoint(sip_port=free_port(), media_port=free_block(media_ports))

    def phones(
        self,
        count: int,
        *,
        talk_s: float = 3.0,
        ring_s: float = 0.0,
        audio: Samples | None = None,
    ) -> Seats:
        """Phones of the first ``count`` seats, to be opened with ``async with``: they register,
        answer every call after ``ring_s``, speak ``audio`` over and over, hang up after ``talk_s``.
        """
        said = chirp(3.0, seed=5) if audio is None else audio
        return Seats(
            dict(list(self.passwords.items())[:count]),
            self.target,
            self.source(MEDIA_PORTS),
            self.folder / "phones",
            audio=write_alaw(self.folder / "seat.alaw", said),
            talk_s=talk_s,
            ring_s=ring_s,
        )

    async def staff(self, count: int) -> list[DeskClient]:
        """Sign an agent in at each of the first ``count`` seats, ready for calls.

        Their desks stay open until the city ends (a dead brain closes them: call it again for
        new ones). Calls ring only where a phone is registered: open ``phones`` before.
        """
        opened: list[DeskClient] = []
        for user, extension in list(self.accounts.items())[:count]:
            desk = DeskClient(self.web, user, self.password)
            await self._stack.enter_async_context(desk)
            self._group.create_task(desk.read())  # ends when the stack closes its socket
            await desk.sit(extension)
            opened.append(desk)
        self.desks = opened
        return opened

    def seat_states(self) -> dict[str, str]:
        """Extension → state, as the desks of the last ``staff`` were told last."""
        found: dict[str, str] = {}
        for desk in self.desks:
            for told in reversed(desk.heard):
                seat = told.body.get("seat") or (told.body.get("desk") or {}).get("seat")
                if seat:
                    found[seat["extension"]] = seat["state"]
                    break
        return found

    # --- what is kept

    def store(self) -> CallStore:
        """The database, opened beside the brain's and the workers' own connections."""
        assert self._store is not None, "inside async with only"
        return self._store

    async def records(self) -> list[CallRecord]:
        """Every call's record, newest first."""
        return await self.store().calls(limit=MOST_ROWS)

    async def orders(self, *, is_complete: bool | None = None) -> list[Order]:
        """Every work order, or those (not) completed by a worker."""
        found = await self.store().orders(OrderFilter(limit=MOST_ROWS))
        return [o for o in found if is_complete is None or o.is_complete == is_complete]

    async def jobs(self) -> Mapping[JobState, int]:
        """How many drafts are owed, claimed, done and failed."""
        return await self.store().count_jobs()

    def recording(self, call: CallId) -> tuple[Path, Path]:
        """The two files of a call: what the caller says, and what the caller hears."""
        return self.recordings / f"{call}-rx.wav", self.recordings / f"{call}-tx.wav"

    # --- logs

    def logs(self) -> dict[str, str]:
        """Every log by its file's name: brain, worker…, asterisk (console), redis, messages."""
        files = [*(self.settings.home / "log").glob("*.log*")]
        files += (self.settings.home / "asterisk-run" / "log").glob("messages*")
        return {file.name: file.read_text(errors="replace") for file in files}

    def complaints(self, *allowed: str) -> list[str]:
        """Lines of all logs that say something is wrong, each as ``file: line``.

        ``allowed``: regular expressions of what the test itself caused, found in such a line.
        """
        wrong = [
            f"{name}: {line}"
            for name, text in self.logs().items()
            for line in text.splitlines()
            if line.strip() and _is_complaint(name, line)
        ]
        rules = (*AT_REDIS_START, re.escape(AT_ASTERISK_START), *allowed)
        return [line for line in wrong if not any(re.search(rule, line) for rule in rules)]


async def until(
    condition: Callable[[], bool | Awaitable[bool]],
    deadline_s: float,
    what: str = "",
    *,
    every_s: float = 0.05,
) -> float:
    """Wait until ``condition()`` holds; the seconds it took. Raises ``NotInTime``.

    The condition may be a coroutine function; it is asked every ``every_s``.
    """
    began = monotonic()
    while True:
        answer = condition()
        if await answer if isinstance(answer, Awaitable) else answer:
            return monotonic() - began
        if monotonic() - began > deadline_s:
            raise NotInTime(f"not within {deadline_s:g} s: {what or condition}")
        await asyncio.sleep(every_s)


def _is_complaint(log: str, line: str) -> bool:
    if log.startswith(("brain", "worker", "listener")):
        # These write one JSON object a line. Anything else (a traceback) is nobody's intention.
        try:
            fields: Any = json.loads(line)
        except ValueError:
            return True
        return not isinstance(fields, dict) or fields.get("level") in LOUD
    if log.startswith("redis"):
        return bool(re.match(r"\d+:\w .* # ", line)) or "error" in line.lower()
    return any(f"{level}[" in line for level in ("WARNING", "ERROR"))


def _set_facts(profile: Path, **facts: float) -> None:
    text = profile.read_text(encoding="utf-8")
    for name, value in facts.items():
        text, found = re.subn(rf"(?m)^{name} *=.*$", f"{name} = {value}", text)
        assert found == 1, name
    profile.write_text(text, encoding="utf-8")


def longest_overlap(records: Iterable[CallRecord]) -> int:
    """The most calls that were in the house at one instant."""
    changes = [(record.arrived_at, 1) for record in records]
    changes += [(record.ended_at, -1) for record in records if record.ended_at is not None]
    most = now = 0
    for _, change in sorted(changes):
        now += change
        most = max(most, now)
    return most

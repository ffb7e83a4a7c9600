"""Everything one machine runs: Asterisk, Redis, the brain, a worker. Ring 3.

``Machine.hold`` starts them and keeps them up, ``ready`` waits until each answers, ``stop`` ends
them, the last started first, and leaves nothing behind.
"""

import asyncio
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable

import structlog

from config.asteriskroot import asterisk_argv
from config.redisbinary import redis_server
from config.render import cli, etc
from config.settings import LOOPBACK, Settings
from cti.supervisor import Process
from cti.watch import Watch

log = structlog.get_logger()

READY_WITHIN_S = 30.0
ALIVE_WITHIN_S = 2.0
"""A brain whose loop turns says so within this, however many callers there are."""


class NotReady(RuntimeError):  # noqa: N818 - an error is named for what is wrong
    """A process did not answer in time. The text says which, and where its log is."""


class Machine:
    """The processes of one home."""

    def __init__(
        self,
        settings: Settings,
        *,
        workers: int = 1,
        has_live_text: bool = False,
        on_restart: Callable[[str, str], None] | None = None,
        ask_every_s: float = 5.0,
        ask_misses: int = 6,
    ) -> None:
        """A brain that leaves ``ask_misses`` questions in a row unanswered is started anew."""
        self.settings = settings
        home = settings.home
        self._run, self._log = home / "run", home / "log"
        self._on_restart = on_restart
        hotline = [sys.executable, "-m", "cti.cli.main"]
        conf = str(etc(settings) / "asterisk.conf")
        redis = self._redis_argv()
        # Redis writes its address over its own command line.
        title = f"{redis[0]} {LOOPBACK}:{settings.redis_port}"
        self.redis = self._process("redis", redis, title=title)
        asterisk = [*asterisk_argv(settings), "-f", "-C", conf]
        # Sound cannot wait: what the recorder could not write within a moment it drops.
        self.asterisk = self._process("asterisk", asterisk, goes_first=True)
        self.brain = self._process("brain", [*hotline, "serve"], env=self._environment())
        self.workers = [
            self._process(f"worker{n}" if n else "worker", [*hotline, "work"], self._environment())
            for n in range(workers)
        ]
        self.listeners = [self._process("listener", [*hotline, "follow"], self._environment())]
        if not has_live_text:
            self.listeners = []
        # Asterisk is never watched so: it holds the talks, and killing it would end them all.
        self.watch = Watch(self.brain, self._brain_lives, every_s=ask_every_s, misses=ask_misses)

    def _process(
        self,
        name: str,
        argv: list[str],
        env: dict[str, str] | None = None,
        title: str = "",
        *,
        goes_first: bool = False,
    ) -> Process:
        return Process(
            name,
            argv,
            run_dir=self._run,
            log_dir=self._log,
            env=env,
            on_restart=self._on_restart,
            title=title,
            goes_first=goes_first,
        )

    def _environment(self) -> dict[str, str]:
        """The children read the same settings, whatever directory they start in."""
        told = {
            f"HOTLINE_{name.upper()}": str(value)
            for name, value in self.settings.model_dump(exclude={"ami_secret"}).items()
            if value is not None and str(value) != ""
        }
        return {**os.environ, **told, "PYTHONUNBUFFERED": "1"}

    def _redis_argv(self) -> list[str]:
        """A private Redis on loopback that keeps what the mirror and the doorbell need."""
        program = redis_server(self.settings.home)
        if program is None:
            raise NotReady("找不到 redis-server, 请运行 make run 补装")
        directory = self.settings.home / "redis"
        directory.mkdir(parents=True, exist_ok=True)
        words = f"--bind {LOOPBACK} --port {self.settings.redis_port}"
        words += " --save 60 1 --appendonly no --maxmemory 256mb --daemonize no"
        return [str(program), *words.split(), "--dir", str(directory)]

    @property
    def processes(self) -> list[Process]:
        """In the order of starting."""
        return [self.redis, self.asterisk, self.brain, *self.workers, *self.listeners]

    async def ready(self, say: Callable[[str], None]) -> None:
        """Wait until all that ``hold`` keeps up answers. Raises ``NotReady``."""
        await self._until("redis", self._redis_answers)
        await self._until("asterisk", self._asterisk_answers)
        say("Asterisk 与 Redis 已就绪")
        await self._until("brain", self._brain_answers)
        self.watch.answered()
        say("大脑进程与转写进程已就绪")

    async def hold(self) -> None:
        """Start everything and keep it up until cancelled; each waits for what it needs."""
        async with asyncio.TaskGroup() as group:
            for process in self.processes:
                group.create_task(process.run(), name=process.name)
            group.create_task(self.watch.run(), name="watch")

    async def stop(self) -> None:
        """End everything, the last started first."""
        for process in reversed(self.processes):
            await process.stop()

    async def _until(self, name: str, answers: Callable[[], Awaitable[bool]]) -> None:
        try:
            async with asyncio.timeout(READY_WITHIN_S):
                while not await answers():  # noqa: ASYNC110 - another process is asked, not a task
                    await asyncio.sleep(0.1)
        except TimeoutError:
            where = self._log / f"{name}.log"
            text = f"{name} 在 {READY_WITHIN_S:g} 秒内没有就绪, 请看日志 {where}"
            raise NotReady(text) from None

    async def _redis_answers(self) -> bool:
        return await _says(LOOPBACK, self.settings.redis_port, b"PING\r\n", b"+PONG")

    async def _asterisk_answers(self) -> bool:
        try:
            said = await asyncio.to_thread(cli, self.settings, "core waitfullybooted")
        except (OSError, subprocess.SubprocessError):
            return False
        return "fully booted" in said

    async def _brain_answers(self) -> bool:
        request = b"GET /readyz HTTP/1.0\r\n\r\n"
        return await _says(self.settings.reach, self.settings.http_port, request, b" 200 ")

    async def _brain_lives(self) -> bool:
        """Whether it answers at all; what it has to say is for ``_brain_answers``."""
        request = b"GET /healthz HTTP/1.0\r\n\r\n"
        reach, port = self.settings.reach, self.settings.http_port
        return await _says(reach, port, request, b"HTTP/1", ALIVE_WITHIN_S)


async def _says(
    host: str, port: int, question: bytes, answer: bytes, within_s: float = 1.0
) -> bool:
    """Whether whoever listens there answers so in time."""
    try:
        async with asyncio.timeout(within_s):
            reader, writer = await asyncio.open_connection(host, port)
            try:
                writer.write(question)
                return answer in await reader.read(64)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        return False

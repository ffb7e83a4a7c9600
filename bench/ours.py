"""Our own system under load: Asterisk, Redis and the brain of this checkout, on ports of its own.

Rendered from profile chifeng with three things changed, none of which is work left undone: seats
enough for the load, all of one skill; no wrap-up and no waiting for whoever took the same number's
call before, so that seats are free again; prompts of the peer's length. No worker runs:
transcribing comes after the call and is weighed by ``draft``.
"""

import asyncio
import re
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

import argon2
import sqlalchemy

from bench.deskclient import DeskClient
from bench.ports import free_block, free_port
from bench.wavetools import Samples, chirp, write_wav
from config.asteriskroot import in_root
from config.files import load_platform
from config.profile import NUMBERS, PEERS, PROFILE, RELATIONS, SEATS
from config.redisbinary import redis_server
from config.render import render, secret
from config.settings import CHECKOUT, LOOPBACK, Settings
from cti.machine import Machine
from ivr.linetext import hotline_prompt_id
from ivr.text import prompt_name
from records.tables import users

FIRST_EXTENSION = 1001
RTP_PORTS = 1000
BYE_S = 0.1


class Ours:
    """``async with`` starts everything and stops it again. A ``bench.system.System``.

    Its home is a new directory in ``folder``, deleted at the end unless something was raised.
    ``accounts``: user → extension; all have ``password``. Nobody is signed in yet. ``others``:
    further users and their roles.
    """

    name = "ours"
    number = "12345"

    def __init__(
        self,
        folder: Path,
        *,
        seats: int,
        prompt: Samples,
        host: str = LOOPBACK,
        others: Mapping[str, str] | None = None,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        home = Path(tempfile.mkdtemp(prefix="ours-", dir=folder))
        rtp = free_block(RTP_PORTS)
        self.settings = Settings(
            home=home,
            asterisk_root=private_root(),
            profile=str(_write_profile(home / "profile", seats)),
            host=host,
            sip_port=free_port(),
            rtp_first=rtp,
            rtp_last=rtp + RTP_PORTS - 1,
            ami_port=free_port(),
            ws_port=free_port(),
            http_port=free_port(),
            agi_port=free_port(),
            redis_port=free_port(),
        )
        self.platform = load_platform(self.settings)
        self.profile = self.platform.home
        self.password = secrets.token_urlsafe(12)
        self.accounts: Mapping[str, str] = {
            f"agent{plan.extension}": plan.extension for plan in self.profile.seats
        }
        self._others = others or {}
        self._prompt = prompt
        lend_redis(home)  # the machine looks for it when it is made
        self._machine = Machine(self.settings, workers=0)

    @property
    def target(self) -> tuple[str, int]:
        """Host and SIP port."""
        return self.settings.reach, self.settings.sip_port

    @property
    def passwords(self) -> Mapping[str, str]:
        """SIP password of each seat's phone."""
        seats = [self.profile.seat_id(plan) for plan in self.profile.seats]
        return {seat: secret(self.settings, f"seat-{seat}") for seat in seats}

    @property
    def recordings(self) -> Path:
        """Where the two files of each call appear."""
        return self.settings.recordings

    @property
    def processes(self) -> Mapping[str, int]:
        """Brain and Asterisk, counted together. Raises when one does not run."""
        found = {"asterisk": self._machine.asterisk.pid, "brain": self._machine.brain.pid}
        running = {name: pid for name, pid in found.items() if pid is not None}
        if running.keys() != found.keys():
            raise ProcessLookupError("brain or Asterisk is not running")
        return running

    @property
    def web(self) -> str:
        """Where desks connect."""
        return f"http://{self.settings.reach}:{self.settings.http_port}"

    async def __aenter__(self) -> Self:
        render(self.settings, self.platform)
        sounds = self.settings.home / "sounds"
        greeting = prompt_name(self.profile, hotline_prompt_id(self.profile.centre))
        write_wav(sounds / "zh" / f"{greeting}.wav", self._prompt)
        write_wav(sounds / "zh" / "bye.wav", chirp(BYE_S))
        write_wav(sounds / "zh" / "wait-1.wav", chirp(1.0))
        write_wav(sounds / "moh" / "music.wav", chirp(10.0, seed=7))
        rings = sounds / "ringback" / "ringback.wav"
        if not rings.exists():  # a test may want its own
            write_wav(rings, chirp(1.0, seed=8))
        write_wav(sounds / "listened.wav", chirp(0.3, seed=9))
        try:
            # Not held up: one that dies under load must fail the bench, not come back.
            for process in self._machine.processes:
                process.start()
            await self._machine.ready(lambda _: None)
        except BaseException:
            await self._machine.stop()
            raise
        self._open_accounts()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._machine.stop()
        if error is None:  # else its logs are wanted
            shutil.rmtree(self.settings.home, ignore_errors=True)

    @asynccontextmanager
    async def staffed(self) -> AsyncIterator[list[DeskClient]]:
        """An agent at every seat, desk open and ready for calls, while the block runs."""
        async with asyncio.TaskGroup() as group, AsyncExitStack() as stack:
            desks: list[DeskClient] = []
            for user, extension in self.accounts.items():
                desk = DeskClient(self.web, user, self.password)
                desks.append(await stack.enter_async_context(desk))
                group.create_task(desk.read())  # ends when the stack closes its socket
                await desk.sit(extension)
            yield desks

    def _open_accounts(self) -> None:
        """An agent for each seat, and the others. The hash is cheap: nobody weighs signing in."""
        cheap = argon2.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
        hashed = cheap.hash(self.password)
        url = self.settings.sql_url.replace("+aiosqlite", "")
        engine = sqlalchemy.create_engine(url)
        with engine.begin() as connection:
            connection.execute(
                users.insert(),
                [
                    {
                        "name": name,
                        "centre": self.profile.centre,
                        "role": role,
                        "password": hashed,
                        "is_active": True,
                    }
                    for name, role in {
                        **dict.fromkeys(self.accounts, "agent"),
                        **self._others,
                    }.items()
                ],
            )
        engine.dispose()


def private_root() -> Path | None:
    """The Asterisk of the installation this is run in, whose home is another one."""
    usual = Settings()
    if usual.asterisk_root is not None:
        return usual.asterisk_root
    unpacked = usual.home / "asterisk"
    return unpacked if in_root(unpacked) else None


def lend_redis(home: Path) -> None:
    """The installation's own Redis program, by its name, for a home that has none."""
    program = redis_server(Settings().home)
    if program is not None:
        (home / "bin").mkdir(exist_ok=True)
        (home / "bin" / "redis-server").symlink_to(program)


def _write_profile(folder: Path, seats: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    chifeng = CHECKOUT / "config" / "profiles" / "chifeng"
    facts = (chifeng / PROFILE).read_text(encoding="utf-8")
    facts = re.sub(r"(?m)^wrap_up_s *=.*$", "wrap_up_s = 0", facts)
    facts = re.sub(r"(?m)^last_seat_s *=.*$", "last_seat_s = 0", facts)
    (folder / PROFILE).write_text(facts, encoding="utf-8")
    for name in (NUMBERS, PEERS, RELATIONS):  # a line's own seats are reached over its peer
        (folder / name).write_bytes((chifeng / name).read_bytes())
    rows = [f"{FIRST_EXTENSION + n},座席{n + 1},通用,话务员" for n in range(seats)]
    table = "\n".join(["分机,姓名,技能,类别", *rows]) + "\n"
    (folder / SEATS).write_text(table, encoding="utf-8")
    return folder

"""The pipe to one phone program: orders with answers, and a memory of all it told."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

CHECKOUT = Path(__file__).resolve().parent.parent
START_S = 10.0
LEAVE_S = 3.0


class PhoneRefused(Exception):  # noqa: N818  # we name an error for what is wrong
    """The phone cannot do that; the text says why."""


class PhoneGone(Exception):  # noqa: N818  # we name an error for what is wrong
    """The phone program has died."""


class Event(NamedTuple):
    """One thing that happened at a phone. ``at`` is CLOCK_MONOTONIC seconds."""

    name: str
    at: float
    facts: Mapping[str, object]


class PhoneLink(asyncio.SubprocessProtocol):
    """One phone program. ``start`` it, give it ``order``s, and ``reap`` it in every case."""

    def __init__(self) -> None:
        self._transport: asyncio.SubprocessTransport | None = None
        self._rest = b""
        self._last_id = 0
        self._answers: dict[int, asyncio.Future[Mapping[str, object]]] = {}
        self._events: list[Event] = []
        self._by_call: dict[int, list[Event]] = {}
        self._news = asyncio.Event()
        self._exited = asyncio.Event()

    @classmethod
    async def start(
        cls,
        host: str,
        rtp_first: int,
        rtp_last: int,
        log: Path | None,
        before: Sequence[str] = (),
    ) -> Self:
        """Start a phone program and wait until it is ready. Raises ``PhoneGone``.

        ``before``: the command that runs it, as one that enters another network.
        """
        loop = asyncio.get_running_loop()
        arguments = ["--host", host, "--rtp-first", str(rtp_first), "--rtp-last", str(rtp_last)]
        if log is not None:
            arguments += ["--log-level", "5"]
        command = [*before, sys.executable, "-m", "bench.softphone", *arguments]
        errors = (
            subprocess.DEVNULL
            if log is None
            else os.open(log, os.O_CREAT | os.O_APPEND | os.O_WRONLY)
        )
        try:
            _, link = await loop.subprocess_exec(
                cls,
                *command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=CHECKOUT,
            )
        finally:
            if log is not None:
                os.close(errors)
        try:
            async with asyncio.timeout(START_S):
                while not any(event.name == "ready" for event in link._events):
                    await link.changed()
        except BaseException:
            await link.reap()
            raise
        return link

    @property
    def pid(self) -> int:
        """The program's process id."""
        return self._process.get_pid()

    @property
    def open_calls(self) -> int:
        """Calls that are not over."""
        return sum(
            not events or events[-1].name != "disconnected" for events in self._by_call.values()
        )

    def events_of(self, call: int) -> list[Event]:
        """What happened to that call so far, in order."""
        return self._by_call.get(call, [])

    def incoming(self, line: str) -> list[Event]:
        """The calls that came in on that line so far, in order."""
        return [e for e in self._events if e.name == "incoming" and e.facts["line"] == line]

    def registered(self, line: str) -> list[Event]:
        """What the registrar answered to that line so far."""
        return [e for e in self._events if e.name == "registered" and e.facts["line"] == line]

    async def changed(self) -> None:
        """Wait until anything more happened. Raises ``PhoneGone``. Open your own deadline."""
        if self._exited.is_set():
            raise PhoneGone
        self._news.clear()
        await self._news.wait()

    async def order(self, do: str, deadline_s: float, **facts: object) -> Mapping[str, object]:
        """Give one order and return its answer. Raises ``PhoneRefused``, ``PhoneGone``."""
        if self._exited.is_set():
            raise PhoneGone
        self._last_id += 1
        number = self._last_id
        answer = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        self._write({"id": number, "do": do, **facts})
        try:
            async with asyncio.timeout(deadline_s):
                told: Mapping[str, object] = await answer
        finally:
            self._answers.pop(number, None)
        if "error" in told:
            raise PhoneRefused(f"{do}: {told['error']}")
        if "call" in told:
            self._by_call.setdefault(int(str(told["call"])), [])
        return told

    def say_goodbye(self) -> None:
        """Ask the program to hang up, unregister and leave. Does not wait."""
        if not self._exited.is_set():
            self._write({"do": "quit"})

    async def reap(self) -> None:
        """Wait a little for the program to leave, else kill it. It is gone when this returns."""
        if self._transport is None:
            return
        self.say_goodbye()
        try:
            async with asyncio.timeout(LEAVE_S):
                await self._exited.wait()
        except TimeoutError:
            self._transport.kill()
            await self._exited.wait()
        finally:
            self._transport.close()  # kills it first, should we have been cancelled here

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The program has started."""
        assert isinstance(transport, asyncio.SubprocessTransport)
        self._transport = transport

    def pipe_data_received(self, _fd: int, data: bytes) -> None:
        """The program told something; lines may come in pieces."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._hear(json.loads(line))

    def process_exited(self) -> None:
        """The program is gone: whoever waits is told."""
        self._exited.set()
        self._news.set()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(PhoneGone())

    def _hear(self, told: dict[str, object]) -> None:
        if "re" in told:
            answer = self._answers.get(int(str(told["re"]))) if told["re"] is not None else None
            if answer is not None and not answer.done():
                answer.set_result(told)
            return
        event = Event(str(told["event"]), float(str(told["at"])), told)
        self._events.append(event)
        if "call" in told:
            self._by_call.setdefault(int(str(told["call"])), []).append(event)
        self._news.set()

    @property
    def _process(self) -> asyncio.SubprocessTransport:
        if self._transport is None:
            raise PhoneGone
        return self._transport

    def _write(self, command: Mapping[str, object]) -> None:
        pipe = self._process.get_pipe_transport(0)
        if isinstance(pipe, asyncio.WriteTransport) and not pipe.is_closing():
            pipe.write(json.dumps(command).encode() + b"\n")

"""A plain AMI session that keeps everything it hears, for tests that look at Asterisk itself."""

import asyncio
from collections import defaultdict
from contextlib import suppress
from types import TracebackType
from typing import Protocol, Self

from tests.asterisk.world import eventually, time_of_day

Heard = dict[str, str]


class Spoken(Protocol):
    """An Asterisk at whose AMI one can listen, as user ``hotline``."""

    @property
    def ami_port(self) -> int: ...

    @property
    def ami_secret(self) -> str: ...


class TapGone(Exception):  # noqa: N818  # we name an error for what is wrong
    """Asterisk has ended the session: it died, or whoever listens was too slow for it."""


class AmiTap:
    """One logged-in session. ``async with``; ``events`` holds all events in order of arrival.

    Once Asterisk has ended it, whatever is asked or waited for raises ``TapGone``.
    """

    def __init__(self, world: Spoken) -> None:
        self._world = world
        self.events: list[Heard] = []
        self._by_name: dict[str, list[Heard]] = defaultdict(list)
        self._answers: dict[str, asyncio.Future[Heard]] = {}
        self._count = 0
        self._is_gone = False
        self._group = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        reader, self._writer = await asyncio.open_connection("127.0.0.1", self._world.ami_port)
        await reader.readline()
        await self._group.__aenter__()
        self._listening = self._group.create_task(self._listen(reader))
        answer = await self.ask("Login", Username="hotline", Secret=self._world.ami_secret)
        assert answer["Response"] == "Success", answer
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._listening.cancel()
        self._writer.close()
        await self._group.__aexit__(kind, error, trace)

    async def ask(self, action: str, **headers: str) -> Heard:
        """Send one action and return its answer."""
        self._is_there()
        self._count += 1
        mark = str(self._count)
        self._answers[mark] = asyncio.get_running_loop().create_future()
        lines = [f"Action: {action}", f"ActionID: {mark}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        async with asyncio.timeout(5):
            return await self._answers[mark]

    async def beat(self, *, stale: bool = False) -> None:
        """Set the heartbeat: fresh for the next three seconds, or long dead."""
        value = 1 if stale else int(time_of_day())
        await self.ask("Setvar", Variable="BRAIN_BEAT", Value=str(value))

    async def beat_for_ever(self) -> None:
        """Beat as a living brain does, until cancelled or Asterisk is gone."""
        with suppress(TapGone):
            while True:
                await self.beat()
                await asyncio.sleep(1)

    def forget(self) -> None:
        """Begin anew: nothing was heard."""
        self.events.clear()
        self._by_name.clear()

    def said(self, user_event: str, **facts: str) -> list[Heard]:
        """The user events of that name so far, with those facts."""
        return [
            event
            for event in self._by_name[user_event]
            if all(event.get(name) == value for name, value in facts.items())
        ]

    async def user_event(
        self, name: str, *, within_s: float = 5.0, after: int = 0, **facts: str
    ) -> Heard:
        """Wait for the first such user event after the first ``after`` of them, and return it."""

        def is_said() -> bool:
            if len(self.said(name, **facts)) > after:
                return True
            self._is_there()
            return False

        await eventually(f"{name} {facts}", is_said, within_s)
        return self.said(name, **facts)[after]

    async def offer(self, channel: str, offer: str, seat: str, ring_s: int) -> None:
        """Order an offer as the brain does."""
        await self.ask(
            "Setvar", Channel=channel, Variable="OFFER", Value=f"{offer},{seat},{ring_s}"
        )
        answer = await self.ask(
            "Redirect", Channel=channel, Context="connect", Exten="s", Priority="1"
        )
        assert answer["Response"] == "Success", answer

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        while block := await _block(reader):
            heard = dict(line.split(": ", 1) for line in block if ": " in line)
            waiting = self._answers.pop(heard.get("ActionID", ""), None)
            if waiting is None:
                self.events.append(heard)
                self._by_name[heard.get("UserEvent", "")].append(heard)
            elif not waiting.done():  # else whoever asked waits no more
                waiting.set_result(heard)
        self._is_gone = True
        for waiting in self._answers.values():
            if not waiting.done():
                waiting.set_exception(TapGone())

    def _is_there(self) -> None:
        if self._is_gone:
            raise TapGone


async def _block(reader: asyncio.StreamReader) -> list[str]:
    try:
        text = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionResetError):
        return []
    return text.decode(errors="replace").rstrip().split("\r\n")

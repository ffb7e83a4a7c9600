"""An AMI speaker on a real socket that does what a test tells it, and a link that talks to it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Self

from cti.ami.link import AmiLink
from cti.ami.message import Headers
from cti.ami.timing import Timing

QUICK = Timing(
    connect_s=0.5,
    order_s=0.4,
    list_s=0.6,
    boot_s=0.5,
    ping_every_s=0.05,
    silence_s=0.3,
    deaf_s=0.8,
    retry_first_s=0.02,
    retry_most_s=0.1,
    refused_first_s=0.3,
    refused_most_s=0.6,
)
BOOTED = "Event: FullyBooted\r\nPrivilege: system,all\r\n\r\n"
STAMP = "Privilege: user,all\r\nTimestamp: 1795310090.000001\r\n"
Action = dict[str, str]
Script = Callable[["Talk", Action], None]


@dataclass
class Talk:
    """One connection somebody made to the peer."""

    writer: asyncio.StreamWriter
    actions: list[Action] = field(default_factory=list)

    def say(self, text: str | bytes) -> None:
        """Send exactly this."""
        self.writer.write(text.encode() if isinstance(text, str) else text)

    def answer(self, action: Action, *lines: str, response: str = "Success") -> None:
        """Send one answer to that action."""
        head = [f"Response: {response}", f"ActionID: {action['ActionID']}", *lines]
        self.say("\r\n".join(head) + "\r\n\r\n")

    def event(self, name: str, **headers: str) -> None:
        """Send one event, stamped as Asterisk does."""
        lines = [
            f"Event: {name}",
            STAMP.rstrip(),
            *(f"{key}: {value}" for key, value in headers.items()),
        ]
        self.say("\r\n".join(lines) + "\r\n\r\n")


def take_login(talk: Talk, action: Action) -> None:
    """Any name and secret will do; Asterisk is booted."""
    talk.answer(action)
    talk.say(BOOTED)


class Peer:
    """Speaks AMI: greets, takes any login, answers Ping; the rest as ``scripts`` say."""

    def __init__(self) -> None:
        self.talks: list[Talk] = []
        self.raw = bytearray()
        self.greeting: bytes = b"Asterisk Call Manager/11.0.0\r\n"
        self.scripts: dict[str, Script] = {
            "Login": take_login,
            "Ping": lambda talk, action: talk.answer(action, "Ping: Pong"),
        }
        self.port = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; after a ``stop`` on the same port again."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Stop listening and cut everyone."""
        assert self._server
        self._server.close()
        self.cut()
        await self._server.wait_closed()

    def cut(self) -> None:
        """Cut every connection."""
        for talk in self.talks:
            talk.writer.transport.abort()

    @property
    def talk(self) -> Talk:
        """The newest connection."""
        return self.talks[-1]

    def names(self) -> list[str]:
        """Every action received on any connection, in order, pings left out."""
        return [a["Action"] for talk in self.talks for a in talk.actions if a["Action"] != "Ping"]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talk = Talk(writer)
        self.talks.append(talk)
        talk.say(self.greeting)
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                block = await reader.readuntil(b"\r\n\r\n")
                self.raw += block
                lines = block.decode().rstrip("\r\n").split("\r\n")
                action = dict([line.split(": ", 1) for line in lines])
                talk.actions.append(action)
                script = self.scripts.get(action["Action"])
                if script is not None:
                    script(talk, action)


@dataclass
class Ear:
    """What the link told its owner, in order; messages are kept without their stamps."""

    told: list[str] = field(default_factory=list)
    messages: list[Headers] = field(default_factory=list)

    def hear(self, message: Headers) -> None:
        """Note a message."""
        self.told.append("message")
        stamps = ("Privilege", "Timestamp")
        self.messages.append({k: v for k, v in message.items() if k not in stamps})

    def ups(self) -> int:
        """How often the link came up."""
        return self.told.count("up")

    def downs(self) -> list[str]:
        """Why it went down, each time."""
        return [what for what in self.told if what not in ("up", "message")]


async def until(holds: Callable[[], bool], within_s: float = 5.0) -> None:
    """Wait until that holds."""
    async with asyncio.timeout(within_s):
        while not holds():  # noqa: ASYNC110 - what is waited for has no event of its own
            await asyncio.sleep(0.005)


@asynccontextmanager
async def linking(
    port: int,
    ear: Ear,
    *,
    timing: Timing = QUICK,
    secret: str = "secret",
    username: str = "cti",
    on_message: Callable[[Headers], None] | None = None,
    backlog: Callable[[], int] | None = None,
    most_behind: int = 20_000,
) -> AsyncIterator[AmiLink]:
    """Run a link to that port; whether it comes up is the test's business."""
    link = AmiLink(
        "127.0.0.1",
        port,
        username,
        secret,
        on_message=on_message or ear.hear,
        on_up=lambda: ear.told.append("up"),
        on_down=ear.told.append,
        backlog=backlog,
        most_behind=most_behind,
        timing=timing,
    )
    async with asyncio.TaskGroup() as tasks:
        task = tasks.create_task(link.run())
        try:
            yield link
        finally:
            task.cancel()


@asynccontextmanager
async def linked(peer: Peer, ear: Ear, timing: Timing = QUICK) -> AsyncIterator[AmiLink]:
    """Run a link and wait until it is up."""
    async with linking(peer.port, ear, timing=timing) as link:
        await until(lambda: link.is_up)
        yield link


class StallWatch:
    """Measures the longest time the event loop did not come round."""

    def __init__(self) -> None:
        self.turns: list[float] = []

    async def run(self) -> None:
        """Look at the clock as often as the loop lets us; cancel to end."""
        loop = asyncio.get_running_loop()
        while True:
            self.turns.append(loop.time())
            await asyncio.sleep(0.005)

    def longest_s(self) -> float:
        """The longest gap seen."""
        return max((b - a for a, b in pairwise(self.turns)), default=0.0)

"""A socket that plays Asterisk's part of an AGI session, and a server to play it to."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from cti.agi.server import AgiServer, Dialogue, Limits

QUICK = Limits(header_s=0.3, dialogue_s=2.0, sessions=50, strangers=16)
BLOCK: Mapping[str, str] = {
    "agi_network": "yes",
    "agi_network_script": "survey",
    "agi_request": "agi://127.0.0.1/survey",
    "agi_channel": "PJSIP/trunk-00000001",
    "agi_language": "zh",
    "agi_type": "PJSIP",
    "agi_uniqueid": "node1-1795310090.4",
    "agi_version": "22.10.1",
    "agi_callerid": "04760000000",
    "agi_calleridname": "unknown",
    "agi_dnid": "12345",
    "agi_context": "survey",
    "agi_extension": "s",
    "agi_priority": "1",
    "agi_enhanced": "0.0",
    "agi_accountcode": "node1-1795310090.4",
    "agi_threadid": "140000000000000",
}


def block(**changed: str) -> bytes:
    """A header block as Asterisk writes it: no escaping whatever."""
    lines = [f"{name}: {value}\n" for name, value in {**BLOCK, **changed}.items()]
    return ("".join(lines) + "\n").encode()


@asynccontextmanager
async def serving(
    dialogues: Mapping[str, Dialogue], limits: Limits = QUICK
) -> AsyncIterator[AgiServer]:
    """Run a listener with those dialogues."""
    server = AgiServer("127.0.0.1", 0, dialogues, limits)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(server.run())
        await server.listening.wait()
        try:
            yield server
        finally:
            running.cancel()


class Line:
    """One connection to the listener."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    def say(self, data: bytes) -> None:
        """Send exactly this."""
        self.writer.write(data)

    async def hear(self, within_s: float = 3.0) -> str:
        """The next command; empty when the listener closed."""
        async with asyncio.timeout(within_s):
            return (await self.reader.readline()).decode().rstrip("\n")

    async def answer(self, command: str, reply: bytes) -> None:
        """Expect that command and give that reply."""
        assert await self.hear() == command
        self.say(reply)

    async def is_closed(self, within_s: float = 2.0) -> bool:
        """Whether the listener closes without another word."""
        try:
            async with asyncio.timeout(within_s):
                return await self.reader.read() == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False


@asynccontextmanager
async def calling(server: AgiServer) -> AsyncIterator[Line]:
    """Connect to the listener."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        yield Line(reader, writer)
    finally:
        writer.transport.abort()

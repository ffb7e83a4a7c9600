"""The FastAGI listener, for dialogues we lead. Whoever connects, the event loop goes on.

panoramisk's own listener spins for ever on a peer that connects and closes; this one believes
nobody before a whole header block came, in time and in size.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

import structlog

from cti.agi.errors import AgiError, CallerLeft, StrangePeer
from cti.agi.session import AgiSession
from cti.agi.wire import MAX_BLOCK, is_block_so_far, read_block

log = structlog.get_logger(__name__)

Dialogue = Callable[[AgiSession], Awaitable[None]]
"""Leads one caller. When it returns or raises, the caller goes on in the dialplan, which must
look at the variable the dialogue was to set, never at ``AGISTATUS``."""

BACKLOG: Final = 256
_END: Final = b"\n\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the listener bears."""

    header_s: float = 2.0
    """For the whole header block; Asterisk sends it at once."""
    dialogue_s: float = 900.0
    """For a whole dialogue: whoever takes longer is given back to the dialplan."""
    sessions: int = 200
    """Dialogues at once; one more is closed at once and goes on in the dialplan."""
    strangers: int = 64
    """Connections whose header block has not come. One more, and the oldest is closed: idle
    connections, however many, keep no caller out."""


class AgiServer:
    """Listens for ``agi://host:port/<dialogue>`` and leads each caller through that dialogue.

    Driven by ``run()``, which its owner starts once in a TaskGroup and cancels to end: sessions
    still going are then cut and their callers go on in the dialplan. ``port`` may be 0; after
    ``listening`` is set it is the real one.
    """

    def __init__(
        self,
        host: str,
        port: int,
        dialogues: Mapping[str, Dialogue],
        limits: Limits | None = None,
    ) -> None:
        self.host = host
        self.port = port
        self.listening = asyncio.Event()
        self.sessions = 0
        """Dialogues going on now."""
        self.turned_away = 0
        """Connections closed without a dialogue, since the start."""
        self._dialogues = dialogues
        self._limits = limits or Limits()
        self._strangers: dict[asyncio.StreamWriter, None] = {}
        self._tasks: asyncio.TaskGroup | None = None
        self._quiet_until = 0.0

    async def run(self) -> None:
        """Listen until cancelled. Raises ``OSError`` when the port is taken."""
        # A plain callback, not a coroutine: each session's task then has an owner, the group.
        server = await asyncio.start_server(
            self._connected, self.host, self.port, limit=MAX_BLOCK, backlog=BACKLOG
        )
        async with server, asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            self.port = server.sockets[0].getsockname()[1]
            self.listening.set()
            await server.serve_forever()

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._tasks is None:  # a connection between listening and our first step
            writer.transport.abort()
            return
        self._strangers[writer] = None
        if len(self._strangers) > self._limits.strangers:
            oldest = next(iter(self._strangers))
            del self._strangers[oldest]
            oldest.transport.abort()
        self._tasks.create_task(self._serve(reader, writer))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection from beginning to end. Lets nothing but its cancelling out."""
        try:
            headers = await self._meet(reader, writer)
            self._strangers.pop(writer, None)
            await self._lead(AgiSession(headers, reader, writer))
            if not writer.transport.get_write_buffer_size():
                writer.close()
        except (StrangePeer, OSError) as exc:
            self._turn_away(str(exc) or type(exc).__name__)
        finally:
            self._strangers.pop(writer, None)
            if not writer.is_closing():
                writer.transport.abort()  # close() would wait for a peer that does not read

    def _turn_away(self, why: str) -> None:
        """Count it; say so once a second at most, for a port scan must not fill the disk."""
        self.turned_away += 1
        now = asyncio.get_running_loop().time()
        if now >= self._quiet_until:
            self._quiet_until = now + 1.0
            log.warning("agi connection turned away", why=why, so_far=self.turned_away)

    async def _meet(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Mapping[str, str]:
        """Read the header block; raises ``StrangePeer`` or ``TimeoutError``."""
        try:
            async with asyncio.timeout(self._limits.header_s):
                first = await reader.readuntil(b"\n")
                if not is_block_so_far(first):
                    raise StrangePeer("the first line is not AGI's")
                return read_block(first + await reader.readuntil(_END))
        except asyncio.IncompleteReadError:
            raise StrangePeer("gone before the header block ended") from None
        except asyncio.LimitOverrunError:
            raise StrangePeer(f"a header block of more than {MAX_BLOCK} bytes") from None
        except TimeoutError:
            raise StrangePeer(f"no header block within {self._limits.header_s:g} s") from None

    async def _lead(self, session: AgiSession) -> None:
        name = session.headers["agi_network_script"].partition("?")[0].strip("/")
        dialogue = self._dialogues.get(name)
        if dialogue is None:
            raise StrangePeer("no dialogue of that name")
        if self.sessions >= self._limits.sessions:
            raise StrangePeer(f"more than {self._limits.sessions} dialogues at once")
        self.sessions += 1
        try:
            with structlog.contextvars.bound_contextvars(
                dialogue=name, channel=session.headers["agi_uniqueid"]
            ):
                await self._conduct(dialogue, session)
        finally:
            self.sessions -= 1

    async def _conduct(self, dialogue: Dialogue, session: AgiSession) -> None:
        try:
            async with asyncio.timeout(self._limits.dialogue_s):
                await dialogue(session)
        except CallerLeft:
            log.info("caller left the dialogue")
        except AgiError as exc:
            log.warning("dialogue ended early", why=str(exc))
        except TimeoutError:
            log.warning("dialogue took too long")
        except Exception:
            # A fault in one dialogue must not end the others: the group would cancel them all.
            log.exception("dialogue failed")

"""Listens to AMI and keeps the events asked for, each with Asterisk's time and that of hearing it.

For benches only: nothing is guarded here but the deadlines. The product's link is ``cti.ami``.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

LOGIN_S = 5.0


@dataclass(frozen=True, slots=True)
class Heard:
    """One event: when Asterisk raised it, when it was read here, and its headers."""

    raised: float
    read: float
    headers: Mapping[str, str]


@dataclass(slots=True, eq=False)
class AmiEars:
    """``async with`` logs in. Run ``read`` in a task; ``heard`` fills meanwhile."""

    host: str
    port: int
    user: str
    secret: str
    wanted: Callable[[Mapping[str, str]], bool]
    heard: list[Heard] = field(default_factory=list)
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None

    async def __aenter__(self) -> Self:
        async with asyncio.timeout(LOGIN_S):
            self._reader, self._writer = await asyncio.open_connection(
                self.host, self.port, limit=1 << 20
            )
            login = f"Action: Login\r\nUsername: {self.user}\r\nSecret: {self.secret}\r\n\r\n"
            self._writer.write(login.encode())
            answer = await self._reader.readuntil(b"\r\n\r\n")
        if b"Success" not in answer:
            raise PermissionError("AMI refused the login")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer is not None:
            self._writer.close()

    async def read(self) -> None:
        """Hear until Asterisk closes or this is cancelled."""
        assert self._reader is not None
        while True:
            try:
                block = await self._reader.readuntil(b"\r\n\r\n")
            except asyncio.IncompleteReadError:
                return
            now = datetime.now(UTC).timestamp()
            headers = dict(
                line.split(": ", 1)
                for line in block.decode(errors="replace").split("\r\n")
                if ": " in line
            )
            if "Timestamp" in headers and self.wanted(headers):
                self.heard.append(Heard(float(headers["Timestamp"]), now, headers))

"""Writes that belong together leave together."""

import asyncio
from typing import Any


class Together:
    """A transport that sends what one turn of the loop wrote as one piece.

    An offer is two actions; two writes would be two system calls and wake Asterisk twice.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._unsent: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Take an action; it is sent when the present turn of the loop ends."""
        if not self._unsent:
            asyncio.get_running_loop().call_soon(self._send)
        self._unsent.append(data)

    def get_write_buffer_size(self) -> int:
        """Bytes not yet taken by the system."""
        return sum(map(len, self._unsent)) + self._transport.get_write_buffer_size()

    def _send(self) -> None:
        data, self._unsent = b"".join(self._unsent), []
        if not self._transport.is_closing():
            self._transport.write(data)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

"""Somebody at the far end of a trunk: rings at once, answers when told to, and notes when it rang.

SIP over UDP on a free port, and no media. For benches; times are CLOCK_MONOTONIC seconds.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

HOST = "127.0.0.1"
NO_MEDIA_PORT = 9
_COPIED = ("Via", "From", "To", "Call-ID", "CSeq")


@dataclass(eq=False)
class FarCall:
    """One call that rang there."""

    at: float
    """When its INVITE came."""
    invite: str
    peer: tuple[str, int]
    is_over: asyncio.Event = field(default_factory=asyncio.Event)


class FarEnd(asyncio.DatagramProtocol):
    """Opened by ``far_end()``. ``rung`` gives the calls in the order in which they rang."""

    def __init__(self) -> None:
        self.rung: asyncio.Queue[FarCall] = asyncio.Queue()
        self.port = 0
        self._calls: dict[str, FarCall] = {}
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # always a datagram's
        """It listens."""
        self._transport = transport
        self.port = int(transport.get_extra_info("sockname")[1])

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """Ring, or do as asked."""
        now, text = monotonic(), data.decode(errors="replace")
        method, call_id = text.partition(" ")[0], _header(text, "Call-ID")
        known = self._calls.get(call_id)
        if method == "INVITE":
            if known is None:
                known = self._calls[call_id] = FarCall(now, text, addr)
                self._reply(text, "180 Ringing", addr)
                self.rung.put_nowait(known)
        elif method not in ("ACK", "SIP/2.0"):
            self._reply(text, "200 OK", addr)
            if known is not None and method in ("CANCEL", "BYE"):
                if method == "CANCEL":
                    self._reply(known.invite, "487 Request Terminated", addr)
                known.is_over.set()

    def answer(self, call: FarCall) -> None:
        """Take the call, and say nothing in it."""
        body = (
            f"v=0\r\no=- 1 1 IN IP4 {HOST}\r\ns=-\r\nc=IN IP4 {HOST}\r\nt=0 0\r\n"
            f"m=audio {NO_MEDIA_PORT} RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\n"
        )
        self._reply(call.invite, "200 OK", call.peer, "Content-Type: application/sdp\r\n", body)

    def _reply(
        self, request: str, status: str, peer: tuple[str, int], more: str = "", body: str = ""
    ) -> None:
        lines = [f"SIP/2.0 {status}"]
        for name in _COPIED:
            tag = ";tag=far" if name == "To" and "tag=" not in _header(request, name) else ""
            lines += [f"{name}: {value}{tag}" for value in _headers(request, name)]
        lines += [f"Contact: <sip:far@{HOST}:{self.port}>"]
        text = "\r\n".join(lines) + f"\r\n{more}Content-Length: {len(body)}\r\n\r\n{body}"
        assert self._transport is not None
        self._transport.sendto(text.encode(), peer)


def _headers(text: str, name: str) -> list[str]:
    return re.findall(rf"(?im)^{name}:\s*(.*?)\s*$", text)


def _header(text: str, name: str) -> str:
    return next(iter(_headers(text, name)), "")


@asynccontextmanager
async def far_end() -> AsyncIterator[FarEnd]:
    """One on a free port, gone at the end."""
    loop = asyncio.get_running_loop()
    transport, end = await loop.create_datagram_endpoint(FarEnd, local_addr=(HOST, 0))
    try:
        yield end
    finally:
        transport.close()

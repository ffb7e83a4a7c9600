"""Another exchange, as small as can be: a peer that rings, answers, refuses, hangs up or vanishes.

It speaks SIP over UDP on a free port and takes the media without listening to it. Every call that
reaches it is a ``Visit`` that the test leads.
"""

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_COPIED = ("Via", "From", "To", "Call-ID", "CSeq")


def _headers(text: str, name: str) -> list[str]:
    return re.findall(rf"(?im)^{name}:\s*(.*?)\s*$", text)


@dataclass(eq=False)
class Visit:
    """One call at the exchange."""

    exchange: "Exchange"
    invite: str
    address: tuple[str, int]
    number: str
    """Which of its numbers was dialled."""
    hotline_call: str
    """Our own id of the call, as ``X-Hotline-Call`` told it; '' when it did not."""
    is_over: asyncio.Event = field(default_factory=asyncio.Event)
    tag: str = "exchange"

    def ring(self) -> None:
        """Say that it rings."""
        self._answer("180 Ringing")

    def answer(self) -> None:
        """Take the call; its media goes nowhere."""
        host, port = self.exchange.media
        lines = (
            "v=0",
            f"o=- 1 1 IN IP4 {host}",
            "s=-",
            f"c=IN IP4 {host}",
            "t=0 0",
            f"m=audio {port} RTP/AVP 8",
            "a=rtpmap:8 PCMA/8000",
        )
        body = "".join(f"{line}\r\n" for line in lines)
        self._answer("200 OK", ("Content-Type: application/sdp",), body)

    def refuse(self, status: str = "486 Busy Here") -> None:
        """Do not take it."""
        self._answer(status)

    def hang_up(self) -> None:
        """End a call that was taken."""
        caller = re.search(r"<(sip:[^>]+)>", _headers(self.invite, "Contact")[0])
        assert caller is not None
        mine = f"{_headers(self.invite, 'To')[0]};tag={self.tag}"
        lines = (
            f"BYE {caller[1]} SIP/2.0",
            f"Via: SIP/2.0/UDP {self.exchange.at};branch=z9hG4bK-bye-{id(self)}",
            "Max-Forwards: 70",
            f"From: {mine}",
            f"To: {_headers(self.invite, 'From')[0]}",
            f"Call-ID: {_headers(self.invite, 'Call-ID')[0]}",
            "CSeq: 1 BYE",
            "Content-Length: 0",
        )
        self.exchange.send("\r\n".join(lines) + "\r\n\r\n", self.address)

    def _answer(self, status: str, more: tuple[str, ...] = (), body: str = "") -> None:
        contact = f"Contact: <sip:exchange@{self.exchange.at}>"
        self.exchange.reply(self.invite, status, self.address, (contact, *more), body, self.tag)


class Exchange(asyncio.DatagramProtocol):
    """Opened by ``exchange()``. ``is_deaf``: it hears nothing, as one whose line is cut."""

    def __init__(self, media: tuple[str, int]) -> None:
        self.media = media
        self.is_deaf = False
        self.visits: asyncio.Queue[Visit] = asyncio.Queue()
        self._known: dict[str, Visit] = {}
        self._transport: asyncio.DatagramTransport | None = None

    @property
    def port(self) -> int:
        """Where it listens, on 127.0.0.1."""
        assert self._transport is not None
        return int(self._transport.get_extra_info("sockname")[1])

    @property
    def at(self) -> str:
        """Its address in SIP."""
        return f"127.0.0.1:{self.port}"

    async def visit(self, within_s: float = 10.0) -> Visit:
        """The next call that reaches it."""
        async with asyncio.timeout(within_s):
            return await self.visits.get()

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]  # always a datagram's
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        text = data.decode()
        if self.is_deaf or text.startswith("SIP/2.0"):
            return
        method, call_id = text.partition(" ")[0], _headers(text, "Call-ID")[0]
        known = self._known.get(call_id)
        if method == "INVITE":
            if known is None:  # else it was sent again, because we did not answer at once
                self._arrived(text, call_id, addr)
        elif method == "CANCEL":
            self.reply(text, "200 OK", addr)
            if known is not None:
                known.refuse("487 Request Terminated")
                known.is_over.set()
        elif method == "BYE":
            self.reply(text, "200 OK", addr)
            if known is not None:
                known.is_over.set()
        elif method != "ACK":
            self.reply(text, "200 OK", addr)

    def _arrived(self, text: str, call_id: str, addr: tuple[str, int]) -> None:
        dialled = re.match(r"INVITE sip:([^@]+)@", text)
        told = _headers(text, "X-Hotline-Call")
        visit = Visit(self, text, addr, dialled[1] if dialled else "", told[0] if told else "")
        self._known[call_id] = visit
        self.reply(text, "100 Trying", addr)
        self.visits.put_nowait(visit)

    def reply(
        self,
        request: str,
        status: str,
        address: tuple[str, int],
        more: tuple[str, ...] = (),
        body: str = "",
        tag: str = "",
    ) -> None:
        """Answer a request."""
        lines = [f"SIP/2.0 {status}"]
        for name in _COPIED:
            for value in _headers(request, name):
                is_tagged = name == "To" and tag and "tag=" not in value
                lines.append(f"{name}: {value};tag={tag}" if is_tagged else f"{name}: {value}")
        lines += [*more, f"Content-Length: {len(body)}"]
        self.send("\r\n".join(lines) + "\r\n\r\n" + body, address)

    def send(self, text: str, address: tuple[str, int]) -> None:
        """Put a message on the wire."""
        assert self._transport is not None
        self._transport.sendto(text.encode(), address)


@asynccontextmanager
async def exchange() -> AsyncIterator[Exchange]:
    """An exchange on free ports of this machine, gone at the end."""
    media = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    media.bind(("127.0.0.1", 0))
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.create_datagram_endpoint(
        lambda: Exchange(media.getsockname()), local_addr=("127.0.0.1", 0)
    )
    try:
        yield protocol
    finally:
        transport.close()
        media.close()

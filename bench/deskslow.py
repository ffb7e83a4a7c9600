"""A wall that stops reading its socket, and comes back when it was dropped."""

import json
import socket
from time import monotonic
from types import TracebackType
from typing import Any, Self

import aiohttp

ANSWER_S = 10.0
SMALL = 4096
"""Bytes the kernel keeps for it: a page that hangs has little room, too."""


class SlowDesk:
    """``async with`` signs in, opens the socket, reads the first message and no more."""

    def __init__(self, web: str, user: str, password: str) -> None:
        self._web = web
        self._login = {"user": user, "password": password}
        self._last = 0
        self._epoch = ""
        self._holes = 0

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(limit=0, socket_factory=_small)
        jar = aiohttp.CookieJar(unsafe=True)
        self._http = aiohttp.ClientSession(self._web, connector=connector, cookie_jar=jar)
        async with self._http.post("/api/v1/session", json=self._login) as answer:
            answer.raise_for_status()
        self._socket = await self._http.ws_connect("/api/v1/desk", origin=self._web)
        first = json.loads(await self._socket.receive_str(timeout=ANSWER_S))
        self._last, self._epoch = first["seq"], first["epoch"]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._http.close()

    async def came_back(self) -> dict[str, Any]:
        """Read what is left until the server has hung up, resume, and say what was missed."""
        was_dropped = await self._hear(self._socket, 3.0)
        resume = {"since": str(self._last), "epoch": self._epoch}
        again = await self._http.ws_connect("/api/v1/desk", origin=self._web, params=resume)
        first = json.loads(await again.receive_str(timeout=ANSWER_S))
        how = first["type"]
        missed = 0 if how == "snapshot" else first["seq"] - self._last
        if how == "snapshot":
            self._last = first["seq"]
        holes = self._holes
        await self._hear(again, 2.0)
        return {"was_dropped": was_dropped, "back_by": how, "missed": missed + self._holes + holes}

    async def _hear(self, ws: aiohttp.ClientWebSocketResponse, lasts_s: float) -> bool:
        """Hear for so long; whether the server has closed it. Numbers left out are counted."""
        until = monotonic() + lasts_s
        while (left := until - monotonic()) > 0:
            try:
                frame = await ws.receive(timeout=left)
            except TimeoutError:
                return False
            except aiohttp.ClientConnectionError:
                return True  # its pong found nobody any more
            if frame.type is not aiohttp.WSMsgType.TEXT:
                return True
            said = json.loads(frame.data)
            if "seq" in said:
                self._holes += said["seq"] not in (self._last, self._last + 1)
                self._last = said["seq"]
        return False


def _small(address: Any) -> socket.socket:
    family, kind, protocol, _, _ = address
    made = socket.socket(family, kind, protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
    made.setblocking(False)
    return made

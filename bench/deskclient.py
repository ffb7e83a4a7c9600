"""A desk without a browser: signs in, takes a seat, and keeps all it is told, with times."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

import aiohttp

ANSWER_S = 5.0

Socket = aiohttp.ClientWebSocketResponse


class DeskRefused(Exception):  # noqa: N818  # we name an error for what is wrong
    """The server refused a command or the sign-in; the text is its error."""


@dataclass(frozen=True, slots=True)
class Told:
    """One message of the server. ``at`` is when it was read from the socket."""

    at: datetime
    body: Mapping[str, Any]


@dataclass(slots=True, eq=False)
class DeskClient:
    """One agent's desk. ``async with`` signs in and opens the socket.

    Somebody must run ``read`` (in a task of theirs) for anything to be heard; then ``do`` and
    ``wait`` work. Leaving closes the socket; the agent stays signed in at the seat.
    """

    web: str
    user: str
    password: str
    heard: list[Told] = field(default_factory=list)
    _last_id: int = 0
    _http: aiohttp.ClientSession | None = None
    _socket: aiohttp.ClientWebSocketResponse | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        # An unsafe jar keeps cookies for plain addresses such as 127.0.0.1 as well.
        self._http = aiohttp.ClientSession(
            self.web,
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            timeout=aiohttp.ClientTimeout(total=ANSWER_S),
        )
        try:
            login = {"user": self.user, "password": self.password}
            async with self._http.post("/api/v1/session", json=login) as answer:
                if answer.status != 200:
                    raise DeskRefused(await answer.text())
            self._socket = await self._http.ws_connect("/api/v1/desk", origin=self.web)
        except BaseException:
            await self._http.close()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._socket is not None:
            await self._socket.close()
        if self._http is not None:
            await self._http.close()

    async def read(self) -> None:
        """Hear until the socket closes; one that ``reload`` opened instead is heard on."""
        socket = None
        while socket is not self._socket:
            socket = self._socket
            assert socket is not None
            async for frame in socket:
                if frame.type is aiohttp.WSMsgType.TEXT:
                    told = Told(datetime.now(UTC), json.loads(frame.data))
                    self.heard.append(told)
                    self._news.set()
                    if told.body.get("type") == "pop":
                        await self._confirm(socket, told.body["card"])

    async def _confirm(self, socket: Socket, card: Mapping[str, Any]) -> None:
        """Say that the card is seen, as the page does; its answer is nobody's."""
        self._last_id += 1
        seen = {"do": "popped", "call": card["call"], "offer": card["offer"]}
        with suppress(ConnectionError):
            await socket.send_json({"id": self._last_id, **seen})

    async def reload(self) -> None:
        """Load the page anew: another socket for the same session. Its snapshot is heard next."""
        assert self._http is not None
        assert self._socket is not None
        before = self._socket
        self._socket = await self._http.ws_connect("/api/v1/desk", origin=self.web)
        await before.close()

    async def sit(self, extension: str) -> None:
        """Sign in at that seat and be ready for calls. Raises ``DeskRefused``."""
        await self.do("sign-in", extension=extension)
        await self.do("ready")

    async def do(self, command: str, **facts: str) -> None:
        """Give one command and wait for its answer. Raises ``DeskRefused`` or ``TimeoutError``."""
        assert self._socket is not None
        self._last_id += 1
        number = self._last_id
        await self._socket.send_json({"id": number, "do": command, **facts})
        answer = (await self._until(lambda told: told.body.get("re") == number, ANSWER_S)).body
        if not answer.get("ok"):
            raise DeskRefused(f"{command}: {answer.get('error')}")

    async def post(self, path: str, body: Mapping[str, Any]) -> tuple[int, Any]:
        """Ask the web API as this person: the status, and the JSON of the answer, if it has one."""
        assert self._http is not None
        asked = self._http.post(path, json=body, headers={"Origin": self.web})
        async with asked as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None

    async def wait(self, kind: str, deadline_s: float = ANSWER_S, *, after: int = 0) -> Told:
        """The first message of that type, not counting the first ``after`` heard."""
        return await self._until(lambda told: told.body.get("type") == kind, deadline_s, after)

    async def _until(self, wanted: Any, deadline_s: float, after: int = 0) -> Told:
        async with asyncio.timeout(deadline_s):
            while True:
                for told in self.heard[after:]:
                    if wanted(told):
                        return told
                self._news.clear()
                await self._news.wait()

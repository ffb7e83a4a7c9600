"""Keeps Asterisk's own list of refused numbers as SQL has it, ahead of every call. Ring 3.

Asterisk refuses by its own database, so brain and database may be dead when the caller calls. The
whole list is compared and mended at each new link and change; besides, SQL is looked at now and
then, for what another process wrote. While SQL is away, Asterisk's list stays as it was.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

import structlog

from config.platform import Platform
from cti.ami.errors import AmiError
from cti.driver import Link
from cti.nuisance import (
    BLOCKED,
    EXEMPT,
    Listing,
    differences,
    emergency_peers,
    is_address,
    wanted,
)

log = structlog.get_logger()

LOOK_EVERY_S: Final = 10.0
"""A number added by a command is refused after this at the latest."""
READ_S: Final = 5.0
RESOLVE_S: Final = 2.0
"""How long a peer's name may take to be looked up; meanwhile what was known of it holds."""

Rows = dict[str, str]


class RefusalList:
    """``want`` asks for the whole list to be compared, ``run`` does it, until cancelled."""

    def __init__(
        self,
        link: Link,
        standing: Callable[[datetime], Awaitable[Sequence[Listing]]],
        platform: Callable[[], Platform],
        *,
        look_every_s: float = LOOK_EVERY_S,
    ) -> None:
        self._link, self._standing, self._platform = link, standing, platform
        self._look_every_s = look_every_s
        self._wanted = asyncio.Event()
        self._pushed: tuple[Rows, Rows] | None = None
        """What Asterisk holds as far as we know; None: it must be asked."""
        self._asks = 0

    def want(self) -> None:
        """Ask for Asterisk's list to be compared with SQL's, whole and soon."""
        self._pushed = None
        self._asks += 1
        self._wanted.set()

    async def run(self) -> None:
        """Keep the list until cancelled. Nothing that goes wrong ends it."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._look_every_s):
                    await self._wanted.wait()
            self._wanted.clear()
            if not self._link.is_up:
                continue  # the next link asks again
            try:
                await self._mend()
            except AmiError as error:
                log.warning("nuisance list not told to asterisk", why=str(error))
            except Exception as error:  # noqa: BLE001 - SQL may be away in any way; the list stays
                log.warning("nuisance list not read", why=type(error).__name__)

    async def _mend(self) -> None:
        asks = self._asks
        async with asyncio.timeout(READ_S):
            listings = await self._standing(datetime.now(UTC))
        rows = wanted(listings, self._platform(), datetime.now(UTC))
        peers = emergency_peers(self._platform())
        exempt, is_whole = await _addresses(peers)
        if self._pushed == (exempt, rows):
            return
        self._pushed = None
        # First: nobody in need is refused, however short.
        await self._push(EXEMPT, exempt, is_whole=is_whole)
        await self._push(BLOCKED, rows)
        if is_whole and asks == self._asks:  # else somebody asked again meanwhile
            self._pushed = (exempt, rows)
        log.info("nuisance list told to asterisk", numbers=len(rows), emergency=len(exempt))

    async def _push(self, family: str, rows: Rows, *, is_whole: bool = True) -> None:
        """Make Asterisk hold the rows, and no others if these are all."""
        put, gone = differences(await self._kept(family), rows)
        for name, value in put.items():
            await self._link.ask("DBPut", Family=family, Key=name, Val=value)
        for name in gone if is_whole else ():
            await self._link.ask("DBDel", Family=family, Key=name)

    async def _kept(self, family: str) -> Rows:
        found = await self._link.ask_list("DBGetTree", Family=family)
        return {
            str(row["Key"]).removeprefix(f"/{family}/"): str(row.get("Val", ""))
            for row in found
            if "Key" in row
        }


async def _addresses(peers: Iterable[tuple[str, str]]) -> tuple[Rows, bool]:
    """The peers' addresses, and whether each is known: a name may be nobody's just now."""
    found: Rows = {}
    is_whole = True
    for peer, port in peers:
        try:
            async with asyncio.timeout(RESOLVE_S):
                found |= {f"{address}{port}": "1" for address in await _resolved(peer)}
        except OSError:  # a deadline is one as well
            is_whole = False
    return found, is_whole


async def _resolved(peer: str) -> tuple[str, ...]:
    if is_address(peer):
        return (peer,)
    loop = asyncio.get_running_loop()
    answers = await loop.getaddrinfo(peer, None, family=socket.AF_INET)
    return tuple(str(answer[4][0]) for answer in answers)

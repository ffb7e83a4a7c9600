"""Tells other houses what we owe them: a caller who is being handed over, a result. Ring 3.

``records.messages`` is the truth of what is owed; this only carries it. Each message is signed,
and sent again until the house has it: whoever gets one twice knows it by its key.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Final

import aiohttp
import structlog

from config.houses import house_of
from config.platform import Platform
from config.render import secret
from config.settings import Settings
from cti.ids import CentreId
from records import messages
from records.database import Database
from records.handing import packed, signature
from records.messages import Due

ANSWERS_WITHIN_S: Final = 5.0
EVERY_S: Final = 5.0
"""How often it looks whether something is due that nobody rang for: attempts in vain."""
HOLD: Final = timedelta(seconds=30)
"""Who holds a message so long without a word has died with it."""
HAS_IT: Final = 409
"""What a house may answer that knows the message's key already."""

log = structlog.get_logger()


class HousePost:
    """Carries messages while ``run`` runs. ``want`` may be called any time in the loop's thread."""

    def __init__(
        self, settings: Settings, database: Database, platform: Callable[[], Platform]
    ) -> None:
        self._settings, self._database, self._platform = settings, database, platform
        self._wanted = asyncio.Event()
        self._count: Mapping[str, int] = {messages.OWED: 0, messages.FAILED: 0}

    def want(self) -> None:
        """Look soon: something is owed."""
        self._wanted.set()

    def has_interface(self, centre: CentreId, house: str) -> bool:
        """Whether that house of the centre can be told something."""
        return self._interface(centre, house) != ""

    def figures(self) -> Mapping[str, float]:
        """How many messages are owed, and how many were given up."""
        return {f"house_messages_{state}": float(n) for state, n in self._count.items()}

    async def run(self) -> None:
        """Carry until cancelled. While the database is away nothing is lost, only late."""
        async with aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=ANSWERS_WITHIN_S),
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as session:
            while True:
                self._wanted.clear()
                try:
                    has_more = await self._round(session)
                except Exception as error:  # noqa: BLE001 - the brain outlives any house
                    log.warning("house messages stay owed", why=type(error).__name__)
                    has_more = False
                if not has_more:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(EVERY_S):
                            await self._wanted.wait()

    async def _round(self, session: aiohttp.ClientSession) -> bool:
        """Carry what is due now, all at once; false when nothing was."""
        async with self._database.writing() as connection:
            due = await messages.claim(connection, datetime.now(UTC), HOLD)
        async with asyncio.TaskGroup() as group:
            for one in due:
                group.create_task(self._carry(session, one))
        async with self._database.reading() as connection:
            self._count = await messages.count(connection)
        return bool(due)

    async def _carry(self, session: aiohttp.ClientSession, due: Due) -> None:
        message = due.message
        why = await self._post(session, due)
        now = datetime.now(UTC)
        async with self._database.writing() as connection:
            if why:
                await messages.not_sent(connection, due, why, now)
            else:
                await messages.sent(connection, message.key, now)
        told = {"house": message.line, "kind": message.kind.value, "call": message.call}
        if why:
            log.warning("house not told", why=why, attempts=due.attempts, **told)
        else:
            log.info("house told", attempts=due.attempts, **told)

    async def _post(self, session: aiohttp.ClientSession, due: Due) -> str:
        """Post one message; '' when the house has it, else why not."""
        message = due.message
        url = self._interface(message.centre, message.line)
        if not url:
            return "no-interface"
        body, stamp = packed(message), str(int(datetime.now(UTC).timestamp()))
        key = secret(self._settings, f"house-{message.centre}-{message.line}")
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "X-Hotline-Key": message.key,
            "X-Hotline-Timestamp": stamp,
            "X-Hotline-Signature": f"sha256={signature(key, stamp, body)}",
        }
        try:
            async with session.post(
                url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                is_there = 200 <= answer.status < 300 or answer.status == HAS_IT
                return "" if is_there else f"http-{answer.status}"
        except TimeoutError:
            return "timed-out"
        except (aiohttp.ClientError, OSError) as error:
            return type(error).__name__

    def _interface(self, centre: CentreId, line: str) -> str:
        for profile in self._platform():
            if profile.centre == centre:
                house = house_of(profile, line)
                return house.interface if house is not None else ""
        return ""

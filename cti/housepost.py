"""Tells others what we owe them: houses of callers and results, a program of calls. Ring 3.

``records.messages`` is the truth of what is owed; this only carries it. Each message is signed,
and sent again until the other side has it: whoever gets one twice knows it by its key. Houses and
programs have a lane each, so that a slow program never holds an emergency line's message up.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
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
from records.callevents import PROGRAM
from records.database import Database
from records.handing import EVENT_KINDS, HOUSE_KINDS, MessageKind, packed, signature
from records.messages import Due

FORGETS_EVERY: Final = timedelta(hours=1)
EVERY_S: Final = 5.0
"""How often it looks whether something is due that nobody rang for: attempts in vain."""
HOLD: Final = timedelta(seconds=30)
"""Who holds a message so long without a word has died with it."""
HAS_IT: Final = 409
"""What a house may answer that knows the message's key already."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """Which messages are carried together, and how."""

    kinds: frozenset[MessageKind]
    whom: str
    """What logs and gauges call the other side."""
    at_once: int
    answers_within_s: float = 5.0
    forgets: bool = False
    """Whether messages are let go of after a while; what houses were told stays with its order."""


HOUSES: Final = Lane(kinds=HOUSE_KINDS, whom="house", at_once=20)
EVENTS: Final = Lane(kinds=EVENT_KINDS, whom="event", at_once=100, forgets=True)


def secret_name(centre: CentreId, line: str) -> str:
    """Under which name the secret is kept that signs what goes there."""
    return f"events-{centre}" if line == PROGRAM else f"house-{centre}-{line}"


class HousePost:
    """Carries messages while ``run`` runs. ``want`` may be called any time in the loop's thread."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        platform: Callable[[], Platform],
        lane: Lane = HOUSES,
    ) -> None:
        self._settings, self._database, self._platform = settings, database, platform
        self._lane, self._forgot_at = lane, datetime.min.replace(tzinfo=UTC)
        self._wanted = asyncio.Event()
        self._count: Mapping[str, int] = {messages.OWED: 0, messages.FAILED: 0}

    def want(self) -> None:
        """Look soon: something is owed."""
        self._wanted.set()

    def has_interface(self, centre: CentreId, house: str) -> bool:
        """Whether that house of the centre can be told something."""
        return self._interface(centre, house) != ""

    def hears_events(self, centre: CentreId | None) -> bool:
        """Whether a program of that centre, None: of any, is told of calls."""
        mine = (one for one in self._platform() if centre in (None, one.centre))
        return any(one.events_url for one in mine)

    def figures(self) -> Mapping[str, float]:
        """How many messages are owed, and how many were given up."""
        return {f"{self._lane.whom}_messages_{state}": float(n) for state, n in self._count.items()}

    async def run(self) -> None:
        """Carry until cancelled. While the database is away nothing is lost, only late."""
        async with aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._lane.answers_within_s),
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as session:
            while True:
                self._wanted.clear()
                try:
                    has_more = await self._round(session)
                except Exception as error:  # noqa: BLE001 - the brain outlives any house
                    log.warning("messages stay owed", to=self._lane.whom, why=type(error).__name__)
                    has_more = False
                if not has_more:
                    with suppress(TimeoutError):
                        async with asyncio.timeout(EVERY_S):
                            await self._wanted.wait()

    async def _round(self, session: aiohttp.ClientSession) -> bool:
        """Carry what is due now, all at once; false when nothing was."""
        now, lane = datetime.now(UTC), self._lane
        async with self._database.writing() as connection:
            due = await messages.claim(connection, now, HOLD, lane.at_once, lane.kinds)
        async with asyncio.TaskGroup() as group:
            for one in due:
                group.create_task(self._carry(session, one))
        async with self._database.reading() as connection:
            self._count = await messages.count(connection, lane.kinds)
        if lane.forgets and now - self._forgot_at >= FORGETS_EVERY:
            async with self._database.writing() as connection:
                await messages.forget(connection, lane.kinds, now)
            self._forgot_at = now
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
            log.warning(f"{self._lane.whom} not told", why=why, attempts=due.attempts, **told)
        else:
            log.info(f"{self._lane.whom} told", attempts=due.attempts, **told)

    async def _post(self, session: aiohttp.ClientSession, due: Due) -> str:
        """Post one message; '' when the house has it, else why not."""
        message = due.message
        url = self._interface(message.centre, message.line)
        if not url:
            return "no-interface"
        body, stamp = packed(message), str(int(datetime.now(UTC).timestamp()))
        key = secret(self._settings, secret_name(message.centre, message.line))
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
                if line == PROGRAM:
                    return profile.events_url
                house = house_of(profile, line)
                return house.interface if house is not None else ""
        return ""

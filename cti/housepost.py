"""Tells others what we owe: houses of callers, programs of calls, platforms of orders. Ring 3.

``records.messages`` is the truth of what is owed; this only carries it. Each message is signed,
and sent again until the other side has it: whoever gets one twice knows it by its key. Houses,
programs and platforms have a lane each: a slow one never holds an emergency line's message up.
"""

import asyncio
import json
import random
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
from records import delivering, messages
from records.callevents import PROGRAM
from records.database import Database
from records.handing import (
    EVENT_KINDS,
    HASTY,
    HOUSE_KINDS,
    ORDER_KINDS,
    STUBBORN,
    MessageKind,
    Patience,
    is_final,
    packed,
    signature,
)
from records.messages import Due
from records.outgoing import PLATFORM

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
    patience: Patience = HASTY
    is_in_turn: bool = False
    """Whether a call's messages wait for each other, and whether an answer is read: only the key,
    or nothing at all, says then that they have it. A refusal that repeats itself is final."""
    holds: timedelta = HOLD


HOUSES: Final = Lane(kinds=HOUSE_KINDS, whom="house", at_once=20)
EVENTS: Final = Lane(kinds=EVENT_KINDS, whom="event", at_once=100, forgets=True)
ORDERS: Final = Lane(
    kinds=ORDER_KINDS,
    whom="order",
    at_once=20,
    answers_within_s=10.0,
    patience=STUBBORN,
    is_in_turn=True,
)
ANSWER_LIMIT: Final = 4096
"""How much of an answer is read, in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one attempt."""

    why: str = ""
    """Why they do not have it; '': they have."""
    is_final: bool = False


def secret_name(centre: CentreId, line: str) -> str:
    """Under which name the secret is kept that signs what goes there."""
    if line == PROGRAM:
        return f"events-{centre}"
    return f"orders-{centre}" if line == PLATFORM else f"house-{centre}-{line}"


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

    def takes_orders(self, centre: CentreId) -> bool:
        """Whether the centre's orders are delivered to a platform."""
        return self._interface(centre, PLATFORM) != ""

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
            due = await messages.claim(
                connection, now, lane.holds, lane.at_once, lane.kinds, in_turn=lane.is_in_turn
            )
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
        message, lane = due.message, self._lane
        outcome = await self._post(session, due)
        now, why = datetime.now(UTC), outcome.why
        lot = random.random()  # noqa: S311 - spreads attempts, guards nothing
        async with self._database.writing() as connection:
            if why:
                gives_up = lane.is_in_turn and outcome.is_final
                await messages.not_sent(
                    connection, due, why, now, lane.patience, lot=lot, is_final=gives_up
                )
            else:
                await messages.sent(connection, message.key, now)
                if message.kind is MessageKind.ORDER:
                    await delivering.delivered(connection, message, now)
        told = {"house": message.line, "kind": message.kind.value, "call": message.call}
        if why:
            log.warning(f"{self._lane.whom} not told", why=why, attempts=due.attempts, **told)
        else:
            log.info(f"{self._lane.whom} told", attempts=due.attempts, **told)

    async def _post(self, session: aiohttp.ClientSession, due: Due) -> Outcome:
        """Post one message, signed as of now."""
        message = due.message
        url = self._interface(message.centre, message.line)
        if not url:
            return Outcome(why="no-interface")
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
                if answer.status == HAS_IT:
                    return Outcome()
                if not 200 <= answer.status < 300:
                    return Outcome(why=f"http-{answer.status}", is_final=is_final(answer.status))
                if self._lane.is_in_turn and not await _says_key(answer, message.key):
                    return Outcome(why="wrong-answer")
                return Outcome()
        except TimeoutError:
            return Outcome(why="timed-out")
        except (aiohttp.ClientError, OSError) as error:
            return Outcome(why=type(error).__name__)

    def _interface(self, centre: CentreId, line: str) -> str:
        for profile in self._platform():
            if profile.centre == centre:
                if line == PROGRAM:
                    return profile.events_url
                if line == PLATFORM:
                    return profile.orders_url
                house = house_of(profile, line)
                return house.interface if house is not None else ""
        return ""


async def _says_key(answer: aiohttp.ClientResponse, key: str) -> bool:
    """Whether an answer is the platform's own: nothing, or JSON with the message's key.

    A portal or proxy on the way answers 200 too, with a page.
    """
    body = await answer.content.read(ANSWER_LIMIT)
    if not body.strip():
        return True
    try:
        said = json.loads(body)
    except ValueError:
        return False
    return isinstance(said, dict) and said.get("key") == key

"""The brain's one inbox, and the clock everything goes by. One consumer: order is a feature."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import structlog

from cti.events import AgentEvent, DraftSubmitted, Event, LinkLost
from cti.moveevents import AgentMoves, SupervisorJoins, SupervisorTakes
from cti.plan import SwitchPlan
from cti.ports import Message

log = structlog.get_logger()

CLOCK_SET = timedelta(seconds=2)
"""A clock that moved so much more or less than time went on was set (or the machine slept)."""


def machine_clock() -> datetime:
    """What time this machine says it is."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class LinkUp:
    """The link logged in: beat, then take the snapshot."""


@dataclass(frozen=True, slots=True)
class Beat:
    """Asterisk answered a Ping: its own clock, to be written back as the heartbeat."""

    epoch: float


@dataclass(frozen=True, slots=True)
class Replan:
    """The profile changed."""

    plan: SwitchPlan


Item = Mapping[str, Any] | Event | LinkUp | Beat | Replan


def wishes(items: Iterable[Item | None]) -> list[Item]:
    """Those that hold however late they come: what people asked for, not what Asterisk showed.

    A move, or a talk to be heard, is among them, because the desk that asked waits to be told.
    """
    asked = AgentEvent | AgentMoves | DraftSubmitted | Replan | SupervisorJoins | SupervisorTakes
    return [item for item in items if isinstance(item, asked)]


class Inbox:
    """What waits to be worked off. All ``on_…`` are synchronous and only note."""

    def __init__(self, clock: Callable[[], datetime] = machine_clock) -> None:
        """``clock`` says what time it is, aware; ``monotonic`` says how much time goes on."""
        self._items: asyncio.Queue[Item] = asyncio.Queue()
        self._clock = clock
        self._seen = clock(), monotonic()
        self._ahead = timedelta(0)
        """Asterisk's clock minus ours."""

    def on_message(self, message: Message) -> None:
        """Take one AMI message."""
        self._items.put_nowait(message)

    def on_up(self) -> None:
        """The link is up."""
        self._items.put_nowait(LinkUp())

    def on_down(self, why: str) -> None:
        """The link is down."""
        log.warning("link to asterisk lost", why=why)
        self._items.put_nowait(LinkLost(at=self.now()))

    def put(self, item: Item) -> None:
        """Take anything else."""
        self._items.put_nowait(item)

    def backlog(self) -> int:
        """How much waits."""
        return self._items.qsize()

    def forget(self) -> int:
        """Throw away what Asterisk said; returns how much it was.

        What agents asked for was answered with yes and stays, and so does a new plan.
        """
        waiting = [self._items.get_nowait() for _ in range(self._items.qsize())]
        kept = wishes(waiting)
        for item in kept:
            self._items.put_nowait(item)
        return len(waiting) - len(kept)

    async def take(self, within_s: float) -> Item | None:
        """The next item; None when none came in time."""
        try:
            return self._items.get_nowait()
        except asyncio.QueueEmpty:
            pass
        try:
            async with asyncio.timeout(max(within_s, 0.001)):
                return await self._items.get()
        except TimeoutError:
            return None

    def now(self) -> datetime:
        """The time by Asterisk's clock, which all events and deadlines go by."""
        return self._clock() + self._ahead

    def set_by(self) -> timedelta:
        """How far our machine's clock was set since this was last asked; zero if it was not.

        Asterisk goes by the same clock; how far ahead its answers seem says only how late we are.
        """
        then, steady_then = self._seen
        self._seen = now, steady_now = self._clock(), monotonic()
        by = now - then - timedelta(seconds=steady_now - steady_then)
        return by if abs(by) > CLOCK_SET else timedelta(0)

    def set_clock(self, epoch: float) -> None:
        """Asterisk just said what time it is. Under a second apart is the answer's own way."""
        ahead = datetime.fromtimestamp(epoch, UTC) - self._clock()
        self._ahead = ahead if abs(ahead) >= timedelta(seconds=1) else timedelta(0)

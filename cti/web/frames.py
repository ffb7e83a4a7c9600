"""One connection of a desk: the frames it is owed; given up when it is too slow."""

import json
from asyncio import Event as Bell
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from cti.ids import AgentId

QUEUE_LIMIT = 256
"""Messages a desk may owe. A desk gets about 10 a call: one that owes so many is not reading."""


def compact(value: object) -> str:
    """JSON as it goes over the wire."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@dataclass(slots=True, eq=False)
class Desk:
    """One connection. ``take`` gives its messages in order; ``is_dropped`` says it was too slow."""

    agent: AgentId
    page: str = ""
    """Which page it is, as that says itself; '': it does not."""
    is_dropped: bool = False
    _limit: int = QUEUE_LIMIT
    _owed: deque[tuple[str, datetime | None]] = field(default_factory=deque)
    _bell: Bell = field(default_factory=Bell)

    def begin(self, texts: Iterable[str]) -> None:
        """Owe the desk what it starts with, however much: it is no fault of a desk that came."""
        self._owed.extend((text, None) for text in texts)
        self._limit = QUEUE_LIMIT + len(self._owed)
        self._bell.set()

    def put(self, text: str, popped_at: datetime | None = None) -> None:
        """Owe the desk one frame. A desk that owes too much is dropped and owes nothing more."""
        if self.is_dropped:
            return
        if len(self._owed) >= self._limit:
            self.drop()
            return
        self._owed.append((text, popped_at))
        self._bell.set()

    def drop(self) -> None:
        """Give the desk up. Its writer closes the socket."""
        self.is_dropped = True
        self._owed.clear()
        self._bell.set()

    async def take(self) -> tuple[str, datetime | None] | None:
        """The next frame, and when the brain wished it if it is a pop. None: dropped, close it."""
        while not self._owed and not self.is_dropped:
            self._bell.clear()
            await self._bell.wait()
        return None if self.is_dropped else self._owed.popleft()

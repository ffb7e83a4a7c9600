"""What each agent's desks are told: one numbered stream an agent, its last part kept.

All desks of an agent hear the same, so a message is written once for them all. A desk that lost
its socket says where it stopped and is given what it missed, as long as that is kept; else it
begins anew with a snapshot. What is kept is bounded, in messages, bytes, streams and time.
"""

import secrets
import sys
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from cti.ids import AgentId, CentreId
from cti.web.frames import QUEUE_LIMIT, Desk

KEPT_MESSAGES: Final = 2 * QUEUE_LIMIT
"""A desk that was dropped for owing too many finds all of them here, if they are not too large."""
KEPT_BYTES: Final = 64 * 1024
"""Of one stream. About a dozen calls of an agent, half a minute of a busy wallboard."""
IDLE_KEPT: Final = 500
"""Streams that nobody hears just now, kept for those who come back."""
IDLE_FOR: Final = timedelta(seconds=120)


class Since(NamedTuple):
    """Where a desk stopped hearing."""

    epoch: str
    seq: int


class Stream:
    """One agent's messages, numbered without a gap."""

    def __init__(self, watches: CentreId | None) -> None:
        self.watches = watches
        """The centre whose supervisor this is; None: an agent or an expert."""
        self.epoch = secrets.token_hex(6)
        """Names this numbering: another stream of the same agent, or another brain's, is not it."""
        self.seq = 0
        self.desks: set[Desk] = set()
        self._kept: deque[str] = deque()
        self._bytes = 0

    def say(self, tail: str, popped_at: datetime | None) -> int:
        """Number a delta and owe it to every desk. Returns how many were too slow for it.

        ``tail`` is its JSON after the brace that opens it.
        """
        self.seq += 1
        text = f'{{"seq":{self.seq},{tail}'
        self._keep(text)
        slow = 0
        for desk in self.desks:
            was_dropped = desk.is_dropped
            desk.put(text, popped_at)
            slow += desk.is_dropped and not was_dropped
        return slow

    def missed(self, since: Since | None) -> list[str] | None:
        """What was said after that. None: it is not known any more, begin with a snapshot."""
        if since is None or since.epoch != self.epoch:
            return None
        count = self.seq - since.seq
        if not 0 <= count <= len(self._kept):
            return None
        return [self._kept[n] for n in range(len(self._kept) - count, len(self._kept))]

    def _keep(self, text: str) -> None:
        self._kept.append(text)
        self._bytes += sys.getsizeof(text)
        while len(self._kept) > KEPT_MESSAGES or self._bytes > KEPT_BYTES:
            self._bytes -= sys.getsizeof(self._kept.popleft())


class Streams:
    """Every agent's stream, by agent, from the first desk until some time after the last."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._streams: dict[AgentId, Stream] = {}
        self._idle: OrderedDict[AgentId, datetime] = OrderedDict()
        """Who has a stream and no desk, and since when; the longest first."""

    def open(self, agent: AgentId, watches: CentreId | None) -> Stream:
        """The agent's stream, for one more desk. In another role than before it is another."""
        self._forget()
        stream = self._streams.get(agent)
        if stream is None or stream.watches != watches:
            for desk in stream.desks if stream else ():
                desk.drop()
            stream = self._streams[agent] = Stream(watches)
        self._idle.pop(agent, None)
        return stream

    def close(self, desk: Desk) -> None:
        """That desk hears no more."""
        stream = self._streams.get(desk.agent)
        if stream is not None:
            stream.desks.discard(desk)
            if not stream.desks:
                self._idle.setdefault(desk.agent, self._now())
        self._forget()

    def find(self, agent: AgentId) -> Stream | None:
        """The agent's stream, if it has one."""
        return self._streams.get(agent)

    def desks(self, agent: AgentId) -> frozenset[Desk]:
        """The agent's open desks."""
        stream = self._streams.get(agent)
        return frozenset(stream.desks) if stream else frozenset()

    def all_desks(self) -> Iterator[Desk]:
        """Everybody's."""
        for stream in self._streams.values():
            yield from stream.desks

    def watching(self, centre: CentreId) -> list[AgentId]:
        """The centre's supervisors, also those who will perhaps come back."""
        return [agent for agent, one in self._streams.items() if one.watches == centre]

    def watched(self) -> set[CentreId]:
        """The centres at which a supervisor's desk looks."""
        return {one.watches for one in self._streams.values() if one.watches and one.desks}

    def _forget(self) -> None:
        """Drop what was idle too long, and the longest idle when they are too many."""
        bound = self._now() - IDLE_FOR
        while self._idle:
            agent, since = next(iter(self._idle.items()))
            if since > bound and len(self._idle) <= IDLE_KEPT:
                return
            del self._idle[agent], self._streams[agent]

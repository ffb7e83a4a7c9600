"""Keys that stand for a call in the address of another system's page: good once, and for a minute.

A key is drawn by lot and says nothing. What it stands for is kept here, in the brain's memory; a
brain that is started anew knows none of them, and the agent's page asks for another.
"""

import hashlib
import secrets
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cti.ids import AgentId, CallId, CentreId
from cti.web.wirecard import Card

GOOD_FOR: Final = timedelta(seconds=60)
KEPT: Final = 10_000
"""Of so many at most; the oldest is forgotten first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Popped:
    """What a key stands for: the card of that agent's call, as it was shown."""

    centre: CentreId
    agent: AgentId
    name: str
    call: CallId
    card: Card
    until: datetime


class PopKeys:
    """Gives keys out and takes them back."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Popped] = OrderedDict()

    def give(self, popped: Popped) -> str:
        """A new key for it."""
        key = secrets.token_urlsafe(32)
        self._kept[_digest(key)] = popped
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return key

    def take(self, key: str, centre: CentreId, now: datetime) -> Popped | None:
        """What the key stands for; None: it was never given, was used, is late, or is another's."""
        digest = _digest(key)
        popped = self._kept.get(digest)
        if popped is None or popped.centre != centre:
            return None
        del self._kept[digest]
        return popped if now < popped.until else None


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()

"""The exchanges beside a city's own: every peer of a profile, on this machine, with people in it.

A call that reaches one is answered, spoken to and hung up on, or found busy, as its caller's
number says.
"""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.wavetools import Samples, chirp
from config.profile import PEERS
from config.settings import CHECKOUT
from tests.asterisk.exchange import Exchange, Visit, exchange
from tests.system.media import Voice, Voices

RINGS_S = 0.3
SPEAKS_AFTER_S = 0.3
SPEAKS_S = 1.2
TALKS_S = 3.2
"""From the answer to the hang-up."""


@dataclass(frozen=True, slots=True)
class Guest:
    """A call as the neighbour had it."""

    peer: str
    number: str
    """Which of the neighbour's numbers was dialled."""
    ani: str
    call: str
    """Our own id of the call, as our header told it."""
    said: Samples
    """What was said to the caller; nothing where it was busy."""
    voice: Voice | None


class Neighbours:
    """Opened by ``neighbours()``. ``guests`` are all calls that came, in their order."""

    def __init__(self, voices: Voices, ports: Mapping[str, int]) -> None:
        self.guests: list[Guest] = []
        self.ports = ports
        """Peer → where it is, on 127.0.0.1."""
        self.busy_for: set[str] = set()
        """Callers' numbers."""
        self._voices = voices

    async def serve(self, peer: str, elsewhere: Exchange) -> None:
        """Take one peer's calls until cancelled."""
        async with asyncio.TaskGroup() as talks:
            while True:
                visit = await elsewhere.visits.get()
                talks.create_task(self._take(peer, visit))

    async def _take(self, peer: str, visit: Visit) -> None:
        found = re.search(r"(?im)^From:.*?sips?:([^@>]*)@", visit.invite)
        ani = found[1] if found else ""
        visit.ring()
        await asyncio.sleep(RINGS_S)
        if ani in self.busy_for:
            self.guests.append(
                Guest(peer, visit.number, ani, visit.hotline_call, np.zeros(0), None)
            )
            visit.refuse()
            return
        said = chirp(SPEAKS_S, seed=10_000 + len(self.guests))
        voice = self._voices.voice(said, SPEAKS_AFTER_S)
        self.guests.append(Guest(peer, visit.number, ani, visit.hotline_call, said, voice))
        visit.exchange.media = voice.address  # each talk has a port of its own
        visit.answer()
        await asyncio.sleep(TALKS_S)
        visit.hang_up()


@asynccontextmanager
async def neighbours(voices: Voices, peers: Sequence[str]) -> AsyncIterator[Neighbours]:
    """An exchange for each peer, open for calls."""
    async with AsyncExitStack() as stack:
        found = {peer: await stack.enter_async_context(exchange()) for peer in peers}
        beside = Neighbours(voices, {peer: there.port for peer, there in found.items()})
        async with asyncio.TaskGroup() as group:
            serving = [group.create_task(beside.serve(*pair)) for pair in found.items()]
            yield beside
            for task in serving:
                task.cancel()


def copy_profile(city: str, folder: Path) -> tuple[Path, list[str]]:
    """A copy of a shipped profile to work on, and the ids of all its peers."""
    profile = folder / city
    shutil.copytree(CHECKOUT / "config" / "profiles" / city, profile)
    found = [_ROW.findall(table.read_text(encoding="utf-8")) for table in profile.rglob(PEERS)]
    return profile, [peer for rows in found for _, peer, _ in rows]


def move_peers(profile: Path, ports: Mapping[str, int]) -> None:
    """Have a copied profile reach its peers at those ports, and leave all else as it is."""
    for table in profile.rglob(PEERS):
        text = table.read_text(encoding="utf-8")
        moved = _ROW.sub(lambda row: f"{row[1]}{ports.get(row[2], row[3])}", text)
        table.write_text(moved, encoding="utf-8")


_ROW = re.compile(r"(?m)^(([a-z0-9]+),.*,)(\d+)$")

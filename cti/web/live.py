"""Live figures for supervisors: what has changed, as it changes, over the desk's own socket.

The definitions are ``queues.live``'s. Programs read the whole at ``GET /api/v1/live``.
"""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from cti.ids import CentreId
from cti.ports import Brain
from cti.web.desk import DeskHub
from cti.web.endpoint import Ask, Endpoint, Role
from cti.web.figures import LiveShown
from cti.web.ports import STORE_FAULTS, Store
from cti.web.sight import CentreWanted, centre_wanted
from queues.task import OPEN

READ: Final = frozenset({Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM, Role.SCREEN})
PUSH_EVERY_S: Final = 0.15
"""What a wall shows is no older than this and the way there: 250 ms for 99 of 100 (bench desk)."""
ASK_EVERY: Final = 66
"""Pushes from one look at the call-backs to the next: ten seconds."""


async def push_live(
    hub: DeskHub, brain: Brain, store: Store, every_s: float = PUSH_EVERY_S
) -> None:
    """Show every watched centre as it is, over and over, until cancelled.

    Call-backs owed are asked of the database, now and then; while it is away, the last known stand.
    """
    known: set[CentreId] = set()
    for turn in count():
        watched = hub.watched()
        for centre in watched:
            hub.show_live(centre, brain.live(centre))
        for centre in watched if turn % ASK_EVERY == 0 else watched - known:
            with suppress(*STORE_FAULTS):
                hub.show_live(centre, {"callbacks": await owed(store, centre)})
        known = watched
        await asyncio.sleep(every_s)


async def owed(store: Store, centre: CentreId) -> dict[str, int]:
    """How many callers of the centre are to be called back, of whatever day, and how many late."""
    counts = await store.count_callbacks(centre, datetime.now(UTC))
    return {"owed": sum(counts[state.value] for state in OPEN), "overdue": counts["overdue"]}


class Wanted(BaseModel):
    """Which centre; the own one when none is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    centre: CentreWanted = None


class Live:
    """Serves ``GET /api/v1/live``."""

    def __init__(self, brain: Brain, store: Store, hub: DeskHub) -> None:
        self._brain, self._store, self._hub = brain, store, hub
        self.endpoint = Endpoint(
            method="GET",
            path="/api/v1/live",
            does="此刻的排队、座席状态（大屏账号不含各座席）和当日指标；工作台随时收到其变化。",
            roles=READ,
            handler=self.show,
            query=Wanted,
            answer=LiveShown,
            refusals=("other-centre",),
        )

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Everything at once."""
        centre = centre_wanted(ask.identity, self._hub.platform, ask.query.centre)
        callbacks = await owed(self._store, centre)
        shown = {
            "at": datetime.now(UTC).isoformat(),
            **self._brain.live(centre),
            "name": self._name(centre),
            "callbacks": callbacks,
            "hands": self._hub.hands.of(centre),
        }
        if ask.identity.role is Role.SCREEN:  # a wall that visitors walk past names nobody
            shown |= {"seats": {}, "hands": {}}
        return web.json_response(shown)

    def _name(self, centre: CentreId) -> str:
        return next((one.name for one in self._hub.platform if one.centre == centre), centre)

"""Live figures for supervisors: once a second what has changed, over the desk's own socket.

The definitions are ``queues.live``'s. Programs read the whole at ``GET /api/v1/live``.
"""

import asyncio
from datetime import UTC, datetime
from typing import Final

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict

from cti.ports import Brain
from cti.web.desk import DeskHub
from cti.web.endpoint import Ask, Endpoint, Role
from cti.web.sight import CentreWanted, centre_wanted
from cti.web.stats import FiguresShown

READ: Final = frozenset({Role.SUPERVISOR, Role.ADMIN, Role.SYSTEM})
PUSH_EVERY_S: Final = 1.0


async def push_live(hub: DeskHub, brain: Brain, every_s: float = PUSH_EVERY_S) -> None:
    """Show every watched centre as it is, once a second, until cancelled."""
    while True:
        for centre in hub.watched():
            hub.show_live(centre, brain.live(centre))
        await asyncio.sleep(every_s)


class Wanted(BaseModel):
    """Which centre; the own one when none is named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    centre: CentreWanted = None


class NowShown(BaseModel):
    """Callers at this moment."""

    day: str
    is_whole: bool
    waiting: int
    waiting_since: AwareDatetime | None
    ringing: int
    talking: int
    outside: int
    kept: int


class SeatNowShown(BaseModel):
    """One signed-in seat at this moment."""

    extension: str
    agent: str
    state: str
    reason: str
    since: AwareDatetime
    has_phone: bool


class TodayShown(FiguresShown):
    """The figures of the calls that arrived today, and how the seats spent it."""

    occupancy: float | None
    wrap_up_s: float | None


class LiveShown(BaseModel):
    """A centre as its supervisors see it."""

    at: AwareDatetime
    now: NowShown
    states: dict[str, int]
    seats: dict[str, SeatNowShown]
    today: TodayShown


class Live:
    """Serves ``GET /api/v1/live``."""

    def __init__(self, brain: Brain, hub: DeskHub) -> None:
        self._brain, self._hub = brain, hub
        self.endpoint = Endpoint(
            method="GET",
            path="/api/v1/live",
            does="此刻的排队、座席状态和当日指标；座席工作台的 WebSocket 每秒向班长推送其变化。",
            roles=READ,
            handler=self.show,
            query=Wanted,
            answer=LiveShown,
            refusals=("other-centre",),
        )

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Everything at once."""
        centre = centre_wanted(ask.identity, self._hub.platform, ask.query.centre)
        at = datetime.now(UTC).isoformat()
        return web.json_response({"at": at, **self._brain.live(centre)})

"""A supervisor joins a talk over HTTP: to hear it, to be heard in it, to take it over. Audited.

What cannot be written into the audit does not happen, so this, unlike a move, wants the database.
"""

from datetime import UTC, datetime
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from cti.errors import NotSignedIn
from cti.ids import CallId, SeatId
from cti.moveevents import SupervisorJoins, SupervisorTakes
from cti.ports import Brain
from cti.web.calls import CALL
from cti.web.endpoint import Ask, Endpoint, Identity, Role
from cti.web.errors import Refused
from cti.web.ports import Store
from transfer.step import Mode
from transfer.supervised import REFUSALS

WATCHERS: Final = frozenset({Role.SUPERVISOR})


class SuperviseWanted(BaseModel):
    """How to be in the talk."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Mode


class Supervised(BaseModel):
    """The wish was taken. What becomes of it the desk's ``supervised`` deltas say."""

    call_id: str


class Supervise:
    """Serves ``/api/v1/calls/{call}/supervise`` and ``…/take-over``."""

    def __init__(self, store: Store, brain: Brain) -> None:
        self._store, self._brain = store, brain

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Join, take over."""
        path = f"/api/v1/calls/{CALL}"
        return (
            Endpoint(
                method="POST",
                path=f"{path}/supervise",
                does="班长监听（listen）、耳语（whisper）或强插（barge）：先振班长自己的话机，再按可改方式；留痕。",
                roles=WATCHERS,
                handler=self.join,
                body=SuperviseWanted,
                answer=Supervised,
                status=202,
                refusals=REFUSALS,
            ),
            Endpoint(
                method="POST",
                path=f"{path}/take-over",
                does="班长接管正在监听的通话，座席退出；留痕。",
                roles=WATCHERS,
                handler=self.take,
                answer=Supervised,
                status=202,
                refusals=REFUSALS,
            ),
        )

    async def join(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Let the supervisor's phone hear the talk; a wish for another mode changes it."""
        who, mode, call = ask.identity, ask.body.mode, CallId(request.match_info["call"])
        seat, now = self._seat(who, call), datetime.now(UTC)
        wish = SupervisorJoins(at=now, seat=seat, agent=who.user, call=call, mode=mode)
        await self._submit(wish, who, "call-supervised", {"call": call, "mode": mode.value})
        return _taken(call)

    async def take(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Give the caller to the supervisor who hears the talk, and let its agent go."""
        who, call = ask.identity, CallId(request.match_info["call"])
        seat, now = self._seat(who, call), datetime.now(UTC)
        wish = SupervisorTakes(at=now, seat=seat, agent=who.user, call=call)
        await self._submit(wish, who, "call-taken-over", {"call": call})
        return _taken(call)

    async def _submit(
        self,
        wish: SupervisorJoins | SupervisorTakes,
        who: Identity,
        what: str,
        data: dict[str, str],
    ) -> None:
        """By the brain's own rule; what has changed until it reads the wish, it tells the desk."""
        why = self._brain.why_not_supervise(wish)
        if why:
            raise Refused(why)
        await self._store.write_audit(who.centre, who.user, what, data)
        self._brain.submit(wish)

    def _seat(self, who: Identity, call: CallId) -> SeatId:
        """Where the supervisor's own phone is."""
        if not self._brain.is_ready():
            raise Refused("switch-away")
        if self._brain.centre_of(call) != who.centre:
            raise Refused("call-unknown")
        seat = self._brain.seat_of(who.user)
        if seat is None:
            raise NotSignedIn(f"{who.user} is not signed in")
        return seat.seat


def _taken(call: CallId) -> web.Response:
    return web.json_response(Supervised(call_id=call).model_dump(), status=202)

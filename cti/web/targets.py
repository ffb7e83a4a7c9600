"""Where callers can be taken, over HTTP: what desks show before a call is moved.

Nothing here waits for a database. Numbers that are dialled stay here: an expert's mobile is
nobody's to read. What callers may be told to dial themselves is shown.
"""

from datetime import UTC, datetime

from aiohttp import web
from pydantic import BaseModel

from config.facts import FIRST_ANSWERER
from cti.ports import Brain
from cti.web.desk import DeskHub
from cti.web.endpoint import SEATED, Ask, Endpoint
from queues.seat import AgentState
from records.pinyin import syllables
from transfer.step import Kind
from transfer.target import Target, TargetKind


class TargetShown(BaseModel):
    """Somebody a caller can be taken to."""

    id: str
    name: str
    kind: TargetKind
    kind_name: str
    ways: list[Kind]
    """How, the usual way first; none: the caller is told the number."""
    is_open: bool
    """Whether somebody is there now, by the tables."""
    opens_at: datetime | None
    """When somebody is there next; null: now, or not in the days to come."""
    is_free: bool | None
    """Of seats of ours: whether one of them is free this moment; null for all others."""
    number: str
    """What callers may be told to dial; '': nothing."""
    lines: list[str]
    """Whose callers it is shown first to."""
    is_urgent: bool
    """For urgent matters only."""
    note: str
    pinyin: list[str]
    """The name's syllables, for the search."""


class Targets(BaseModel):
    """Everybody the reader's calls can be taken to, in the order in which desks show them."""

    centre: str
    """Whose targets these are: the own centre's, or that of the caller at the reader's seat."""
    at: datetime
    items: list[TargetShown]
    typed_numbers: list[str]
    """Roles whose calls may be moved to a number that stands in no table."""
    first_answerer: str
    """Who takes a matter that may be an emergency line's; '': the profile says nothing."""


class TargetRoutes:
    """Serves ``/api/v1/targets``."""

    def __init__(self, hub: DeskHub, brain: Brain) -> None:
        self._hub, self._brain = hub, brain

    def endpoints(self) -> tuple[Endpoint, ...]:
        """One."""
        return (
            Endpoint(
                method="GET",
                path="/api/v1/targets",
                does="可以转接的座席、技能组、专家、部门、分中心、上下级热线、紧急电话和公共服务，"
                "现在有没有人、下次几点有人。",
                roles=SEATED,
                handler=self.show,
                answer=Targets,
                is_urgent=True,
            ),
        )

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """The own centre's; of whose caller is another's, that one's, with its 110 and carrier."""
        mine, now = ask.identity.centre, datetime.now(UTC)
        view = self._brain.seat_of(ask.identity.user)
        call = view.call if view is not None else None
        centre = (self._brain.centre_of(call) if call is not None else None) or mine
        profile = next((one for one in self._hub.platform if one.centre == mine), None)
        theirs = next((one for one in self._hub.platform if one.centre == centre), None)
        found = Targets(
            centre=centre,
            at=now,
            items=[self._shown(target, now) for target in self._brain.targets(centre).values()],
            typed_numbers=list(theirs.typed_numbers) if theirs else [],
            first_answerer=profile.first_answerer if profile else FIRST_ANSWERER,
        )
        return web.json_response(found.model_dump(mode="json"))

    def _shown(self, target: Target, now: datetime) -> TargetShown:
        return TargetShown(
            id=target.id,
            name=target.name,
            kind=target.kind,
            kind_name=target.kind.chinese,
            ways=list(target.ways),
            is_open=target.is_open(now),
            opens_at=target.opens_at(now),
            is_free=self._is_free(target, now),
            number=target.number,
            lines=sorted(target.lines),
            is_urgent=target.is_urgent,
            note=target.note,
            pinyin=list(syllables(target.name)),
        )

    def _is_free(self, target: Target, now: datetime) -> bool | None:
        """Of the seats that would be rung now. Somebody outside cannot be seen."""
        routes = target.routes_at(now)
        seats = [route.seat for route in routes if route.seat is not None]
        if not seats or len(seats) < len(routes):
            return None
        views = (self._brain.seat(seat) for seat in seats)
        return any(view is not None and view.state is AgentState.AVAILABLE for view in views)

"""What a supervisor does to a seat of the own centre: its skills now, its state, a raised hand.

Audited. What cannot be written into the audit does not happen; agents themselves need no database.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from cti.errors import SeatUnknown
from cti.events import AgentEvent, AgentNotReady, AgentReady, AgentSignedOut, Reskilled
from cti.ids import AgentId, seat_id
from cti.ports import Brain
from cti.web.desk import DeskHub
from cti.web.endpoint import Ask, Endpoint, Identity, Role
from cti.web.errors import Refused
from cti.web.ports import Store
from queues.seat import SeatView

WATCHERS: Final = frozenset({Role.SUPERVISOR})
BY_CHIEF: Final = "班长安排"
"""The reason of a seat that a supervisor has made not ready, as reports name it."""
SEAT: Final = "{extension:[^/]+}"
PATH: Final = f"/api/v1/seats/{SEAT}"


Level = Annotated[int, Field(ge=1, le=9, description="级别：1 最先振铃")]


class Wish(Enum):
    """What a supervisor may ask of a seat in its agent's stead."""

    READY = "ready"
    NOT_READY = "not-ready"
    SIGN_OUT = "sign-out"


class StateWanted(BaseModel):
    """What is asked, and of whom: of somebody else who sits there by now it is not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    agent: str = Field(max_length=64)
    state: Wish


class SkillsWanted(BaseModel):
    """What the agent takes until the agent leaves the seat, each skill with its level; null: as
    planned.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    agent: str = Field(max_length=64)
    skills: Mapping[str, Level] | None = Field(min_length=1, max_length=64)


class Accepted(BaseModel):
    """The wish was taken. What becomes of it the live figures show."""

    extension: str


class SkillsShown(BaseModel):
    """The skills of a centre, in the order of its plan."""

    skills: list[str]


class Seats:
    """Serves ``/api/v1/seats`` and ``/api/v1/skills``."""

    def __init__(self, store: Store, hub: DeskHub, brain: Brain) -> None:
        self._store, self._hub, self._brain = store, hub, brain

    def endpoints(self) -> tuple[Endpoint, ...]:
        """State, skills, hand."""
        here = ("seat-unknown", "seat-empty")
        return (
            Endpoint(
                method="GET",
                path="/api/v1/skills",
                does="本中心的技能，按配置中的顺序。",
                roles=WATCHERS,
                handler=self.skills,
                answer=SkillsShown,
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/state",
                does="班长让一个座席就绪、示忙或签出；通话中的，挂机后生效；留痕。",
                roles=WATCHERS,
                handler=self.set_state,
                body=StateWanted,
                answer=Accepted,
                status=202,
                refusals=here,
            ),
            Endpoint(
                method="PUT",
                path=f"{PATH}/skills",
                does="班长改变在座话务员的技能，下一通来电即按新技能分配，签出座席后恢复；留痕。",
                roles=WATCHERS,
                handler=self.set_skills,
                body=SkillsWanted,
                answer=Accepted,
                status=202,
                refusals=(*here, "skill-unknown"),
            ),
            Endpoint(
                method="DELETE",
                path=f"{PATH}/hand",
                does="班长放下座席举起的手：已有人去帮忙。",
                roles=WATCHERS,
                handler=self.lower_hand,
                answer=Accepted,
                status=202,
                refusals=here,
            ),
        )

    async def skills(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """What there is to choose from."""
        return web.json_response({"skills": self._skills(ask.identity)})

    async def set_state(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Ask it as if the agent had."""
        who, wish, now = ask.identity, ask.body.state, datetime.now(UTC)
        seat = self._seat(request, who, ask.body.agent)
        events: dict[Wish, AgentEvent] = {
            Wish.READY: AgentReady(at=now, seat=seat.seat),
            Wish.NOT_READY: AgentNotReady(at=now, seat=seat.seat, reason=BY_CHIEF),
            Wish.SIGN_OUT: AgentSignedOut(at=now, seat=seat.seat),
        }
        await self._submit(events[wish], who, seat, "seat-state-set", {"state": wish.value})
        return _taken(seat)

    async def set_skills(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Let the next hunt obey it."""
        who, wanted = ask.identity, ask.body.skills
        seat = self._seat(request, who, ask.body.agent)
        known = self._skills(who)
        for skill in wanted or ():
            if skill not in known:
                raise Refused("skill-unknown", skill=skill)
        event = Reskilled(
            at=datetime.now(UTC),
            seat=seat.seat,
            agent=AgentId(ask.body.agent),
            skills=wanted and {skill: level - 1 for skill, level in wanted.items()},
        )
        said = "、".join(f"{skill}{level}" for skill, level in sorted((wanted or {}).items()))
        await self._submit(event, who, seat, "seat-skills-set", {"skills": said})
        return _taken(seat)

    async def lower_hand(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Nothing is changed but what is shown, so it is not audited."""
        seat = self._seat(request, ask.identity, None)
        if seat.agent is not None:
            self._hub.hands.fall(seat.agent)
        return _taken(seat)

    async def _submit(
        self, event: AgentEvent, who: Identity, seat: SeatView, what: str, data: dict[str, str]
    ) -> None:
        about = {"seat": seat.extension, "agent": str(seat.agent), **data}
        await self._store.write_audit(who.centre, who.user, what, about)
        self._brain.submit(event)

    def _seat(self, request: web.Request, who: Identity, agent: str | None) -> SeatView:
        """The seat of the own centre where that agent, or whoever, sits."""
        extension = request.match_info["extension"]
        view = self._brain.seat(seat_id(who.centre, extension))
        if view is None:
            raise SeatUnknown(f"no seat {extension}", extension=extension)
        if view.agent is None or agent not in (None, view.agent):
            raise Refused("seat-empty", extension=extension)
        return view

    def _skills(self, who: Identity) -> list[str]:
        """Those of the plan in its order, then the languages that its seats speak."""
        for centre in self._hub.platform:
            if centre.centre == who.centre:
                had = frozenset[str]().union(*(seat.skills for seat in centre.seats))
                return [*centre.skills, *sorted(had.difference(centre.skills))]
        return []


def _taken(seat: SeatView) -> web.Response:
    return web.json_response(Accepted(extension=seat.extension).model_dump(), status=202)

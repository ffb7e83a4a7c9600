"""Other houses over HTTP: emergency lines, sub-centres and hotlines tell us of cases and calls.

For programs only (role ``system``, of the centre whose house it is). Everything is known by its
number there: told again it is the same, and answered the same. What we tell them is sent by
``cti.housepost``; here they answer it.
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, Literal

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from config.houses import house_of, others_than
from cti.ids import CallId
from cti.web.desk import DeskHub
from cti.web.endpoint import Ask, Endpoint, Role
from cti.web.errors import Refused
from cti.web.orderedit import Long, Short
from cti.web.ports import Store, Taken
from records.draft import Decision, DemandType, Status, Urgency
from records.told import Told, ToldKind

LINE: Final = "{line:[a-z0-9-]{3,32}}"
PATH: Final = f"/api/v1/linkage/{LINE}"
NUMBER: Final = r"^[A-Za-z0-9._/-]{1,40}$"
"""As the dialplan takes a case's number from signalling."""
PROGRAMS: Final = frozenset({Role.SYSTEM})
AHEAD: Final = timedelta(minutes=5)
"""So far another house's clock may be before ours."""

Number = Annotated[str, Field(pattern=NUMBER, description="对方的编号，同一编号只收一次")]
Caller = Annotated[str, Field(pattern=r"^(\+?[0-9]{3,24})?$", description="来电号码，可空")]
OurCall = Annotated[
    str | None, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="转接过的通话编号")
]


def _past(at: datetime) -> None:
    if at > datetime.now(UTC) + AHEAD:
        raise ValueError("时间在将来")


class _Said(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    caller: Caller = ""
    name: Short = ""
    title: Short = ""
    content: Long = ""
    place: Short = ""
    demand_type: DemandType | None = None
    urgency: Urgency | None = None
    call_id: OurCall = None


class CaseTold(_Said):
    """A case: which, when, who, where, what. With ``call_id`` it is about that call of ours."""

    case: Number
    at: AwareDatetime

    @model_validator(mode="after")
    def _holds(self) -> "CaseTold":
        _past(self.at)
        return self


class CallTold(_Said):
    """A call that a house answered. With ``call_id`` one that we handed to it, or it to us."""

    id: Number
    arrived_at: AwareDatetime
    answered_at: AwareDatetime | None = None
    ended_at: AwareDatetime

    @model_validator(mode="after")
    def _in_order(self) -> "CallTold":
        _past(self.ended_at)
        times = [self.arrived_at, self.answered_at or self.arrived_at, self.ended_at]
        if times != sorted(times):
            raise ValueError("时间先后不对")
        return self


class Answer(BaseModel):
    """What became of a caller of whom we told: taken on, refused, done."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,80}$")]
    """Of the message that is answered."""
    state: Literal["taken", "refused", "done"]
    case: Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{0,40}$")] = ""
    result: Long = ""


class Kept(BaseModel):
    """Where it is kept, and how its order stands."""

    number: str
    order: str
    call_id: str
    status: Status
    decision: Decision | None
    decline_reason: str | None
    result: str | None
    """What the agent wrote; null until the order is handed in."""


class Answered(BaseModel):
    """The answer stands in the order of that call."""

    call_id: str


class Linkage:
    """Serves ``/api/v1/linkage``."""

    def __init__(self, store: Store, hub: DeskHub) -> None:
        self._store, self._hub = store, hub

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Cases and their state, calls, answers."""
        return (
            Endpoint(
                method="POST",
                path=f"{PATH}/cases",
                does="联动单位（110等）报送案件，按对方编号只收一次，生成工单或并入转来电话的工单；重复报送返回200。",
                roles=PROGRAMS,
                handler=self.take_case,
                body=CaseTold,
                answer=Kept,
                status=201,
                also=(200,),
                refusals=("house-unknown", "case-differs", "call-unknown"),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/cases/{{case:[A-Za-z0-9._/-]{{1,40}}}}",
                does="案件的工单现在怎样；提交后附办理结果。",
                roles=PROGRAMS,
                handler=self.show_case,
                answer=Kept,
                refusals=("house-unknown", "case-unknown"),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/calls",
                does="分中心和上下级热线报送自己受理的来电，按对方编号只收一次；不计入本中心话务量。",
                roles=PROGRAMS,
                handler=self.take_call,
                body=CallTold,
                answer=Kept,
                status=201,
                also=(200,),
                refusals=("house-unknown", "case-differs", "call-unknown"),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/answers",
                does="联动单位答复我方推送的信息：已受理、未受理或已办结，记入该通电话的工单。",
                roles=PROGRAMS,
                handler=self.answer,
                body=Answer,
                answer=Answered,
                refusals=("house-unknown", "message-unknown", "answer-differs"),
            ),
        )

    async def take_case(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Take a case in."""
        body: CaseTold = ask.body
        told = self._told(request, ask, ToldKind.CASE, body, body.case, body.at)
        return _kept(await self._store.take_told(told))

    async def take_call(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Take in a call that was answered elsewhere."""
        body: CallTold = ask.body
        told = self._told(
            request,
            ask,
            ToldKind.CALL,
            body,
            body.id,
            body.arrived_at,
            answered_at=body.answered_at,
            ended_at=body.ended_at,
        )
        return _kept(await self._store.take_told(told))

    async def show_case(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Say how a case's order stands."""
        line, _ = self._house(request, ask)
        number = request.match_info["case"]
        found = await self._store.told_case(ask.identity.centre, line, number)
        if found is None:
            raise Refused("case-unknown")
        return _kept(found)

    async def answer(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Take an answer in."""
        body: Answer = ask.body
        line, house = self._house(request, ask)
        said = {"state": body.state, "case": body.case, "result": body.result}
        call = await self._store.answer_message(ask.identity.centre, line, house, body.key, said)
        return web.json_response(Answered(call_id=call).model_dump(mode="json"))

    def _told(
        self,
        request: web.Request,
        ask: Ask,
        kind: ToldKind,
        body: _Said,
        number: str,
        at: datetime,
        **times: Any,
    ) -> Told:
        line, house = self._house(request, ask)
        mine = (one for one in self._hub.platform if one.centre == ask.identity.centre)
        return Told(
            kind=kind,
            centre=ask.identity.centre,
            line=line,
            house=house,
            number=number,
            at=at,
            caller=body.caller,
            name=body.name,
            title=body.title,
            content=body.content,
            place=body.place,
            demand_type=body.demand_type,
            urgency=body.urgency,
            call=CallId(body.call_id) if body.call_id else None,
            others=frozenset().union(*(others_than(one, line) for one in mine)),
            **times,
        )

    def _house(self, request: web.Request, ask: Ask) -> tuple[str, str]:
        """Which house of the asker's centre, and what people call it."""
        line = request.match_info["line"]
        for centre in self._hub.platform:
            house = house_of(centre, line) if centre.centre == ask.identity.centre else None
            if house is not None:
                return line, house.name
        raise Refused("house-unknown")


def _kept(taken: Taken) -> web.Response:
    order = taken.order
    is_in = order.status != "draft"
    kept = Kept(
        number=taken.number,
        order=order.id,
        call_id=taken.call,
        status=order.status,
        decision=order.decision,
        decline_reason=order.decline_reason if is_in else None,
        result=(order.content or order.summary) if is_in else None,
    )
    return web.json_response(kept.model_dump(mode="json"), status=201 if taken.is_new else 200)

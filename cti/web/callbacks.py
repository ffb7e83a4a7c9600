"""Call-back tasks over HTTP: who is to be called back, who does it, how it went."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from cti.ids import CallId, mask
from cti.ports import Brain
from cti.web.calls import CALL
from cti.web.desk import DeskHub
from cti.web.dialling import REFUSALS, CallOutShown, Dials
from cti.web.endpoint import READERS, SEATED, Ask, Endpoint, Identity, Role
from cti.web.errors import Refused
from cti.web.orders import OFFSET_LIMIT
from cti.web.ports import Store
from cti.web.sight import CentreWanted, centre_wanted, may_call_back
from queues.callback import dialling, release, tried
from queues.task import Attempt, AttemptOutcome, Task

PATH: Final = "/api/v1/callbacks"
LISTERS: Final = READERS | {Role.ADMIN}


class CallbackQuery(BaseModel):
    """Which tasks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    is_open: bool | None = Field(
        default=None, alias="open", description="true 待回拨的，false 已了结的；不写为全部"
    )
    limit: int = Field(default=50, ge=1, le=200)
    offset: int = Field(default=0, ge=0, le=OFFSET_LIMIT)
    centre: CentreWanted = None


class CentreQuery(BaseModel):
    """Whose tasks."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    centre: CentreWanted = None


class Tried(BaseModel):
    """How calling back went."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    outcome: AttemptOutcome


class AttemptShown(BaseModel):
    """One try to reach the caller."""

    at: datetime
    agent: str
    outcome: AttemptOutcome
    call_id: str | None
    """The call out; null for an attempt made elsewhere and noted by hand."""


class CallbackShown(BaseModel):
    """A caller to be called back."""

    call_id: str
    """The call that was missed."""
    centre: str
    line: str
    number: str
    """Whole for the agent who holds the claim and for supervisors; masked for all others."""
    missed_at: datetime
    due_at: datetime
    is_overdue: bool
    is_short: bool
    """The caller gave up before anybody could have answered."""
    state: str
    """``owed claimed done closed failed``, as it stands now: a claim that ran out is none."""
    attempts: list[AttemptShown]
    claimed_by: str | None
    claimed_until: datetime | None
    closed_by: str | None
    """The later call that made it superfluous."""


class CallbackPage(BaseModel):
    """A part of a list of tasks."""

    items: list[CallbackShown]
    limit: int
    offset: int


class CallbackCount(BaseModel):
    """How many tasks stand where; ``overdue`` counts owed and claimed ones past their deadline."""

    owed: int
    claimed: int
    done: int
    closed: int
    failed: int
    overdue: int


class Callbacks:
    """Serves ``/api/v1/callbacks``."""

    def __init__(self, store: Store, hub: DeskHub, brain: Brain) -> None:
        self._store, self._hub, self._brain = store, hub, brain

    def endpoints(self) -> tuple[Endpoint, ...]:
        """List, count, claim, give back, say how it went."""
        return (
            Endpoint(
                method="GET",
                path=PATH,
                does="回拨任务，最急的在前；号码只对认领人和班长完整显示。",
                roles=LISTERS,
                handler=self.list,
                query=CallbackQuery,
                answer=CallbackPage,
                refusals=("other-centre",),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/count",
                does="各状态的回拨任务数和超时数。",
                roles=LISTERS,
                handler=self.count,
                query=CentreQuery,
                answer=CallbackCount,
                refusals=("other-centre",),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/{CALL}/claim",
                does="认领一个回拨任务，十分钟内归本人，可再次认领以延长；显示完整号码，留痕。",
                roles=SEATED,
                handler=self.claim,
                answer=CallbackShown,
                refusals=("callback-unknown", "callback-not-open", "callback-taken"),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/{CALL}/release",
                does="退回已认领、尚未回拨的任务。",
                roles=SEATED,
                handler=self.release,
                answer=CallbackShown,
                refusals=("callback-unknown", "callback-not-claimed"),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/{CALL}/attempt",
                does="登记一次回拨的结果。",
                roles=SEATED,
                handler=self.attempt,
                body=Tried,
                answer=CallbackShown,
                refusals=("callback-unknown", "callback-not-claimed"),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/{CALL}/decline",
                does="不接受工作台上派来的回拨任务；改派其他空闲座席。",
                roles=SEATED,
                handler=self.decline,
                answer=CallbackShown,
                refusals=("callback-unknown",),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/{CALL}/dial",
                does="呼叫已认领任务的来电人：先振本座席话机，摘机后呼叫对方，对方看到12345；结果自动登记。",
                roles=SEATED,
                handler=self.dial,
                answer=CallOutShown,
                refusals=(
                    "callback-unknown",
                    "callback-not-claimed",
                    *REFUSALS,
                ),
            ),
        )

    async def list(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """List a centre's tasks."""
        page: CallbackQuery = ask.query
        found = await self._store.callbacks(
            centre=centre_wanted(ask.identity, self._hub.platform, page.centre),
            is_open=page.is_open,
            limit=page.limit,
            offset=page.offset,
        )
        now = datetime.now(UTC)
        items = [callback_shown(task, ask.identity, now) for task in found]
        return web.json_response({"items": items, "limit": page.limit, "offset": page.offset})

    async def count(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Count a centre's tasks."""
        wanted: CentreQuery = ask.query
        centre = centre_wanted(ask.identity, self._hub.platform, wanted.centre)
        counts = await self._store.count_callbacks(centre, datetime.now(UTC))
        return web.json_response(dict(counts))

    async def claim(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Give the task to who asks, and the caller's number with it."""
        who, now = ask.identity, datetime.now(UTC)
        task = await self._store.claim_callback(who.centre, _call(request), who.user, now)
        return _answer(task, who, now)

    async def release(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Take the task back untried."""
        agent, now = ask.identity.user, datetime.now(UTC)
        return await self._change(request, ask, lambda task: release(task, agent, now), now)

    async def attempt(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Note how calling back went."""
        said: Tried = ask.body
        now = datetime.now(UTC)
        made = Attempt(at=now, agent=ask.identity.user, outcome=said.outcome)
        return await self._change(request, ask, lambda task: tried(task, made), now)

    async def decline(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Let somebody else be asked. The task stays as it is."""
        self._hub.tasks.decline(ask.identity.user, _call(request))
        return await self._change(request, ask, lambda task: task, datetime.now(UTC))

    async def dial(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Ring the agent's own phone, then the citizen's. How it went is noted by itself."""
        who, call, now = ask.identity, _call(request), datetime.now(UTC)
        dials = Dials.of(who, self._hub, self._brain, now)
        task = await self._store.change_callback(
            who.centre, call, lambda kept: dialling(kept, who.user, now)
        )
        if task is None:
            raise Refused("callback-unknown")
        dials.check(about=task.call, line=task.line, number=task.number)
        await self._store.write_audit(
            who.centre, who.user, "callback-dialled", {"call": call, "out": dials.call}
        )
        dials.submit(about=task.call, line=task.line, number=task.number)
        return web.json_response({"call_id": dials.call})

    async def _change(
        self, request: web.Request, ask: Ask, rule: Callable[[Task], Task], now: datetime
    ) -> web.StreamResponse:
        who = ask.identity
        task = await self._store.change_callback(who.centre, _call(request), rule)
        return _answer(task, who, now)


def _call(request: web.Request) -> CallId:
    return CallId(request.match_info["call"])


def _answer(task: Task | None, who: Identity, now: datetime) -> web.Response:
    if task is None:
        raise Refused("callback-unknown")
    return web.json_response(callback_shown(task, who, now))


def callback_shown(task: Task, who: Identity, now: datetime) -> dict[str, Any]:
    """A task as that reader may see it."""
    task = task.as_of(now)
    return CallbackShown(
        call_id=task.call,
        centre=task.centre,
        line=task.line,
        number=task.number if may_call_back(task, who, now) else mask(task.number),
        missed_at=task.missed_at,
        due_at=task.due_at,
        is_overdue=task.is_overdue(now),
        is_short=task.is_short,
        state=task.state.value,
        attempts=[
            AttemptShown(at=a.at, agent=a.agent, outcome=a.outcome, call_id=a.call)
            for a in task.attempts
        ],
        claimed_by=task.claimed_by,
        claimed_until=task.claimed_until,
        closed_by=task.closed_by,
    ).model_dump(mode="json")

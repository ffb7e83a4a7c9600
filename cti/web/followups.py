"""Follow-up calls over HTTP: an order is finished, its citizen is asked, and what was said."""

from datetime import UTC, datetime
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from cti.ids import LineId, mask
from cti.web.callbacks import AttemptShown, CallbackQuery
from cti.web.dialling import REFUSALS, CallOutShown, Dials
from cti.web.endpoint import SEATED, Ask, Endpoint, Identity, Role
from cti.web.errors import Refused
from cti.web.orderedit import Long, Short
from cti.web.orders import LISTERS, ORDER, Orders
from cti.web.ports import FollowUpRule, Order, Store
from cti.web.sight import centre_wanted, may_see
from queues.followup import WITHIN, FollowUp, answered, claim, dialling, release, tried
from queues.task import Attempt, AttemptOutcome
from records.citizen import about_of, why_not_call
from records.masking import mask_text

PATH: Final = "/api/v1/follow-ups"
IN_VAIN: Final = (AttemptOutcome.NO_ANSWER, AttemptOutcome.BUSY, AttemptOutcome.UNREACHABLE)


class _Body(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Handled(_Body):
    """What the office that finished the matter says of it."""

    office: Annotated[Short, Field(min_length=1, description="承办单位")]
    result: Annotated[Long, Field(min_length=1, description="办理结果")]
    at: AwareDatetime | None = Field(default=None, description="办结时间，不写为此刻")


class Answered(_Body):
    """What the citizen said of the finished order; or that nobody was reached."""

    mark: Annotated[int, Field(ge=1, le=5)] | None = None
    """5 very satisfied to 1."""
    remark: Long = ""
    outcome: AttemptOutcome | None = None
    """Instead of a mark: ``no-answer busy unreachable``, on whatever telephone."""


class FollowUpShown(BaseModel):
    """A citizen to be asked about a finished order."""

    order: str
    title: str | None
    office: str
    result: str
    number: str
    """Whole for the agent who holds the claim and for supervisors; masked for all others."""
    handled_at: datetime
    due_at: datetime
    is_overdue: bool
    state: str
    """``owed claimed done failed``, as it stands now: a claim that ran out is none."""
    attempts: list[AttemptShown]
    claimed_by: str | None
    mark: int | None
    remark: str
    answered_by: str | None
    answered_at: datetime | None


class FollowUpPage(BaseModel):
    """A part of a list of follow-ups."""

    items: list[FollowUpShown]
    limit: int
    offset: int


class FollowUps:
    """Serves ``/api/v1/follow-ups``, and ``handled`` of a work order."""

    def __init__(self, orders: Orders, store: Store) -> None:
        self._orders, self._store = orders, store

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Finish an order; list the follow-ups."""
        return (
            Endpoint(
                method="POST",
                path=f"/api/v1/work-orders/{ORDER}/handled",
                does="承办平台报送工单已办结，产生回访任务；重复报送不产生第二次，内容不同即为重办。",
                roles=frozenset({Role.SYSTEM}),
                handler=self.handled,
                body=Handled,
                answer=FollowUpShown,
                refusals=("order-unknown", "other-centre", "order-not-submitted"),
            ),
            Endpoint(
                method="GET",
                path=PATH,
                does="回访任务，最急的在前；号码只对认领人和班长完整显示。",
                roles=LISTERS,
                handler=self.list,
                query=CallbackQuery,
                answer=FollowUpPage,
                refusals=("other-centre",),
            ),
            *self._keys(),
        )

    def _keys(self) -> tuple[Endpoint, ...]:
        """Claim, give back, dial, answer."""
        one, unknown, unclaimed = f"{PATH}/{ORDER}", "follow-up-unknown", "follow-up-not-claimed"
        return (
            Endpoint(
                method="POST",
                path=f"{one}/claim",
                does="认领一个回访任务，十分钟内归本人，可再次认领以延长；显示完整号码，留痕。",
                roles=SEATED,
                handler=self.claim,
                answer=FollowUpShown,
                refusals=(unknown, "follow-up-not-open", "follow-up-taken", "order-anonymous"),
            ),
            Endpoint(
                method="POST",
                path=f"{one}/release",
                does="退回已认领的回访任务。",
                roles=SEATED,
                handler=self.release,
                answer=FollowUpShown,
                refusals=(unknown, unclaimed),
            ),
            Endpoint(
                method="POST",
                path=f"{one}/dial",
                does="呼叫已认领回访任务的市民：先振本座席话机，再呼叫对方，对方看到12345；结果自动登记。",
                roles=SEATED,
                handler=self.dial,
                answer=CallOutShown,
                refusals=(unknown, unclaimed, "number-missing", *REFUSALS),
            ),
            Endpoint(
                method="POST",
                path=f"{one}/answer",
                does="登记市民对办结工单的评价（5非常满意…1非常不满意），或登记未接通。",
                roles=SEATED,
                handler=self.answer,
                body=Answered,
                answer=FollowUpShown,
                refusals=(unknown, unclaimed),
            ),
        )

    async def handled(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Owe the citizen the question."""
        told: Handled = ask.body
        now = datetime.now(UTC)
        order, call = await self._orders.read(request, ask.identity)
        if order.draft.centre != ask.identity.centre:
            raise Refused("other-centre")
        if order.draft.status not in ("submitted", "delivered"):
            raise Refused("order-not-submitted")
        at = told.at or now
        fresh = FollowUp(
            order=order.draft.id,
            call=about_of(order.draft, call),
            centre=ask.identity.centre,
            line=call.line if call is not None else LineId(order.draft.dialled.number),
            number=order.draft.caller.number or "",
            office=told.office,
            result=told.result,
            handled_at=at,
            due_at=at + WITHIN,
        )
        task = await self._store.take_follow_up(fresh)
        return web.json_response(await self._shown(task, ask.identity, now))

    async def list(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """List a centre's follow-ups."""
        page: CallbackQuery = ask.query
        found = await self._store.follow_ups_of(
            centre=centre_wanted(ask.identity, self._orders.hub.platform, page.centre),
            is_open=page.is_open,
            limit=page.limit,
            offset=page.offset,
        )
        now = datetime.now(UTC)
        items = [await self._shown(task, ask.identity, now) for task in found]
        return web.json_response({"items": items, "limit": page.limit, "offset": page.offset})

    async def claim(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Give it to who asks, and the citizen's number with it."""
        who, now = ask.identity, datetime.now(UTC)
        task, order = await self._read(request, who)
        is_known = may_see(await self._store.call(task.call), who)
        if why_not_call(order.draft, is_known=is_known) == "order-anonymous":
            raise Refused("order-anonymous")
        return await self._change(
            request, who, "follow-up-claimed", lambda kept: claim(kept, who.user, now), now
        )

    async def release(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Take it back."""
        who, now = ask.identity, datetime.now(UTC)
        return await self._change(
            request, who, "follow-up-released", lambda kept: release(kept, who.user, now), now
        )

    async def dial(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Ring the agent's own phone, then the citizen's. How it went is noted by itself."""
        who, now = ask.identity, datetime.now(UTC)
        task, order = await self._read(request, who)
        if why_not_call(order.draft, is_known=True):
            raise Refused("number-missing")
        dials = Dials.of(who, self._orders.hub, self._orders.brain, now)
        dials.check(about=task.call, line=task.line, number=task.number)
        audit = (who.user, "follow-up-dialled", {"order": task.order, "out": dials.call})
        await self._store.change_follow_up(
            who.centre, task.order, lambda kept: dialling(kept, who.user, dials.call, now), audit
        )
        dials.submit(about=task.call, line=task.line, number=task.number)
        return web.json_response({"call_id": dials.call})

    async def answer(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Write down what the citizen said, or that nobody was reached."""
        said: Answered = ask.body
        who, now = ask.identity, datetime.now(UTC)
        mark, outcome = said.mark, said.outcome
        if mark is not None and outcome is None:
            remark = said.remark
            return await self._change(
                request,
                who,
                "follow-up-answered",
                lambda kept: answered(kept, who.user, mark, remark, now),
                now,
            )
        if mark is not None or outcome not in IN_VAIN:
            raise Refused("invalid-body", fields=[{"field": "mark", "why": "mark or outcome"}])
        made = Attempt(at=now, agent=who.user, outcome=outcome)
        return await self._change(
            request, who, "follow-up-tried", lambda kept: tried(kept, made), now
        )

    async def _read(self, request: web.Request, who: Identity) -> tuple[FollowUp, Order]:
        task = await self._store.follow_up(who.centre, request.match_info["order"])
        order = await self._store.order(task.order) if task is not None else None
        if task is None or order is None:
            raise Refused("follow-up-unknown")
        return task, order

    async def _change(
        self, request: web.Request, who: Identity, what: str, rule: FollowUpRule, now: datetime
    ) -> web.StreamResponse:
        order = request.match_info["order"]
        audit = (who.user, what, {"order": order})
        task = await self._store.change_follow_up(who.centre, order, rule, audit)
        if task is None:
            raise Refused("follow-up-unknown")
        return web.json_response(await self._shown(task, who, now))

    async def _shown(self, task: FollowUp, who: Identity, now: datetime) -> dict[str, Any]:
        """A follow-up as that reader may see it."""
        order = await self._store.order(task.order)
        title = (order.draft.title or "") if order is not None else ""
        is_whole = who.role is Role.SUPERVISOR or task.is_held(who.user, now)
        is_claimed = task.stands(now) is task.state

        def covered(text: str) -> str:
            return text if is_whole else mask_text(text)

        return FollowUpShown(
            order=task.order,
            title=covered(title) or None,
            office=task.office,
            result=covered(task.result),
            number=task.number if is_whole else mask(task.number),
            handled_at=task.handled_at,
            due_at=task.due_at,
            is_overdue=task.is_overdue(now),
            state=task.stands(now).value,
            attempts=[
                AttemptShown(at=a.at, agent=a.agent, outcome=a.outcome, call_id=a.call)
                for a in task.attempts
            ],
            claimed_by=task.claimed_by if is_claimed else None,
            mark=task.mark,
            remark=covered(task.remark),
            answered_by=task.answered_by,
            answered_at=task.answered_at,
        ).model_dump(mode="json")

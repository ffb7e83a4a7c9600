"""Work orders over HTTP: list, show, edit, submit."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from config.hours import read_hours
from config.profile import Profile
from cti.events import DraftSubmitted
from cti.ids import CallId, CentreId
from cti.ports import Brain
from cti.web.desk import DeskHub
from cti.web.endpoint import READERS, SEATED, Ask, Endpoint, Identity, Role
from cti.web.errors import Refused
from cti.web.orderedit import OrderEdit
from cti.web.ports import Change, Order, OrdersWanted, Store
from cti.web.sight import (
    CentreWanted,
    centre_wanted,
    centres_seen,
    is_kept_back,
    may_edit,
    may_see,
    may_see_mark,
)
from records.agentwords import with_agents_words, written_over
from records.callrecord import CallRecord
from records.checking import Doubt, check
from records.covering import masked
from records.deadlines import with_deadlines
from records.draft import Status, WorkOrderDraft
from records.lacking import lacking

ORDER: Final = "{order:[A-Za-z0-9._-]{1,64}}"
OFFSET_LIMIT: Final = 1_000_000
LISTERS: Final = READERS | {Role.ADMIN}


def _plus(value: object) -> object:
    """A ``+08:00`` that nobody escaped arrives as a space."""
    return value.replace(" ", "+") if isinstance(value, str) else value


Moment = Annotated[AwareDatetime, BeforeValidator(_plus)]


class Page(BaseModel):
    """Which part of a list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: Moment | None = Field(default=None, description="此刻及以后，须带时区")
    until: Moment | None = Field(default=None, description="此刻以前，须带时区")
    limit: int = Field(default=50, ge=1, le=200)
    offset: int = Field(default=0, ge=0, le=OFFSET_LIMIT)
    centre: CentreWanted = None


class OrderQuery(Page):
    """Which orders."""

    caller: str | None = Field(
        default=None, alias="from", pattern=r"^[0-9+*#]{1,32}$", description="来电号码，须完整"
    )
    call_id: str | None = Field(default=None, pattern=r"^[A-Za-z0-9._-]{1,64}$")
    status: Status | None = None


class OrderPage(BaseModel):
    """A part of a list of orders."""

    items: list[WorkOrderDraft]
    total: int
    limit: int
    offset: int


class Checks(BaseModel):
    """What is doubtful about an order; none: nothing was found."""

    order: str
    items: tuple[Doubt, ...]


class Orders:
    """Serves ``/api/v1/work-orders``."""

    def __init__(self, store: Store, hub: DeskHub, brain: Brain) -> None:
        self._store = store
        self.hub = hub
        self.brain = brain

    def endpoints(self) -> tuple[Endpoint, ...]:
        """List, show, look over, edit, submit."""
        path = "/api/v1/work-orders"
        changing = (
            "order-unknown",
            "other-centre",
            "not-your-call",
            "order-already-submitted",
        )
        return (
            Endpoint(
                method="GET",
                path=path,
                does="工单列表，新的在前。",
                roles=LISTERS,
                handler=self.list,
                query=OrderQuery,
                answer=OrderPage,
                refusals=("other-centre",),
            ),
            Endpoint(
                method="GET",
                path=f"{path}/{ORDER}",
                does="一张工单。",
                roles=LISTERS,
                handler=self.show,
                answer=WorkOrderDraft,
                refusals=("order-unknown",),
            ),
            Endpoint(
                method="GET",
                path=f"{path}/{ORDER}/checks",
                does="智能审单：工单缺什么、哪里前后矛盾，各项有字段、理由和录音的秒数。",
                roles=LISTERS,
                handler=self.checks,
                answer=Checks,
                refusals=("order-unknown",),
            ),
            Endpoint(
                method="PATCH",
                path=f"{path}/{ORDER}",
                does="修改工单草稿；话务员所写优先于机器所写。was：改前所见，别人刚写过的不覆盖。",
                roles=SEATED,
                handler=self.edit,
                body=OrderEdit,
                answer=WorkOrderDraft,
                refusals=(*changing, "order-changed"),
            ),
            Endpoint(
                method="POST",
                path=f"{path}/{ORDER}/submit",
                does="提交工单，必填项须已填写；话后整理随之结束。重复提交不产生第二次。",
                roles=SEATED,
                handler=self.submit,
                answer=WorkOrderDraft,
                refusals=(*changing, "order-incomplete"),
            ),
        )

    async def list(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """List a centre's orders; numbers masked unless the role may see all."""
        query: OrderQuery = ask.query
        wanted = OrdersWanted(
            centre=centre_wanted(ask.identity, self.hub.platform, query.centre),
            since=query.since,
            until=query.until,
            caller=query.caller,
            call=CallId(query.call_id) if query.call_id else None,
            status=query.status,
            limit=query.limit,
            offset=query.offset,
        )
        found = await self._store.orders(wanted)
        total = await self._store.count_orders(wanted)
        is_whole = may_see(None, ask.identity)
        who = ask.identity
        items = [
            shown(one.draft, who, is_whole=is_whole and not is_kept_back(one.draft, who))
            for one in found
        ]
        return web.json_response(
            {"items": items, "total": total, "limit": query.limit, "offset": query.offset}
        )

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Show one order; whole to whoever took the call."""
        order, call = await self.read(request, ask.identity)
        return web.json_response(self._whole(order, order.draft, call, ask.identity))

    async def checks(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Look the order over as it is saved now."""
        order, _ = await self.read(request, ask.identity)
        spoken = await self._store.segments(CallId(order.draft.call_id))
        items = check(order.draft, spoken, self.profile(order.draft))
        found = Checks(order=order.draft.id, items=items)
        return web.json_response(found.model_dump(mode="json"))

    async def edit(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Put the agent's words in."""
        edit: OrderEdit = ask.body
        words = edit.fields()
        if not words:
            raise Refused("invalid-body", fields=[{"field": "", "why": "empty"}])
        order, call = await self.editable(request, ask.identity)

        def change(draft: WorkOrderDraft) -> WorkOrderDraft:
            if draft.status != "draft":
                raise Refused("order-already-submitted", status=draft.status)
            if taken := written_over(draft, words, edit.was):
                raise Refused("order-changed", fields=taken)
            return self._owed(with_agents_words(draft, words))

        changed = await self._change(order, change)
        await self._audit(ask.identity, "order-edited", order, list(words))
        return web.json_response(self._whole(order, changed, call, ask.identity))

    async def submit(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Hand the order in and end the wrap-up of its call. A second click finds it done."""
        order, call = await self.editable(request, ask.identity)
        is_first = False

        def change(draft: WorkOrderDraft) -> WorkOrderDraft:
            nonlocal is_first
            is_first = draft.status == "draft"
            if draft.status in ("submitted", "delivered"):
                return draft
            if not is_first:
                raise Refused("order-already-submitted", status=draft.status)
            if missing := lacking(draft):
                fields = [{"field": field, "why": why} for field, why in missing]
                raise Refused("order-incomplete", fields=fields)
            sent = draft.model_copy(update={"status": "submitted"})
            return self._owed(sent, datetime.now(UTC))

        changed = await self._change(order, change)
        if is_first:
            await self._audit(ask.identity, "order-submitted", order, [])
        # Also the second time: the first may have been answered and never have reached the brain.
        self.brain.submit(DraftSubmitted(at=datetime.now(UTC), call=CallId(changed.call_id)))
        return web.json_response(self._whole(order, changed, call, ask.identity))

    def _whole(
        self, order: Order, draft: WorkOrderDraft, call: CallRecord | None, who: Identity
    ) -> dict[str, Any]:
        """One order, with its caller's number for whoever is or was on that call."""
        is_whole = may_see(call, who) and not is_kept_back(draft, who)
        is_whole = is_whole or self.is_at_desk(CallId(order.draft.call_id), who)
        return shown(draft, who, is_whole=is_whole)

    def profile(self, draft: WorkOrderDraft) -> Profile:
        """The rules of the order's own centre."""
        return self.hub.platform.centre_or_home(CentreId(draft.centre))

    def _owed(self, draft: WorkOrderDraft, sent_at: datetime | None = None) -> WorkOrderDraft:
        """By when it is owed, after what a person has just said of it."""
        profile = self.profile(draft)
        work = read_hours(profile.work_hours)
        return with_deadlines(draft, profile.limits, work, sent_at, profile.calendar)

    async def _change(self, order: Order, change: Change) -> WorkOrderDraft:
        changed = await self._store.change_order(order.draft.id, change)
        if changed is None:
            raise Refused("order-unknown")
        return changed.draft

    async def _audit(self, who: Identity, what: str, order: Order, fields: Sequence[str]) -> None:
        data = {"order": order.draft.id, "fields": " ".join(fields)}
        await self._store.write_audit(who.centre, who.user, what, data)

    async def read(self, request: web.Request, who: Identity) -> tuple[Order, CallRecord | None]:
        """The order asked for, with its call. Refused: none that the reader may see."""
        order = await self._store.order(request.match_info["order"])
        if order is None or order.draft.centre not in centres_seen(who, self.hub.platform):
            raise Refused("order-unknown")  # another centre's order does not exist for this one
        return order, await self._store.call(CallId(order.draft.call_id))

    async def editable(
        self, request: web.Request, who: Identity
    ) -> tuple[Order, CallRecord | None]:
        """The order asked for, with its call. Refused: none that the asker may work on."""
        order, call = await self.read(request, who)
        if order.draft.centre != who.centre:
            raise Refused("other-centre")
        if not may_edit(call, who, self.brain.agents_at(CallId(order.draft.call_id))):
            raise Refused("not-your-call")
        return order, call

    def is_at_desk(self, call: CallId, who: Identity) -> bool:
        """Whether that call is being talked or finished at the agent's own seat right now.

        Of a call that the brain did not see whole, the records know the seat, not who sat there.
        """
        seat = self.brain.seat_of(who.user)
        return seat is not None and call in (seat.call, seat.wraps_up)


def shown(draft: WorkOrderDraft, who: Identity, *, is_whole: bool) -> dict[str, Any]:
    """An order as it is answered; ``is_whole``: with who called."""
    mark = draft.satisfaction if may_see_mark(who) else None
    told = draft if is_whole else masked(draft)
    return told.model_copy(update={"satisfaction": mark}).model_dump(mode="json")

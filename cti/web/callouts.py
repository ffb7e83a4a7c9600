"""Calling the citizen of a work order over HTTP, and what came of it each time."""

from datetime import UTC, datetime
from typing import Final

from aiohttp import web
from pydantic import BaseModel

from cti.ids import CallId, CentreId, LineId
from cti.web.dialling import REFUSALS, CallOutShown, Dials
from cti.web.endpoint import SEATED, Ask, Endpoint, Identity
from cti.web.errors import Refused
from cti.web.orders import LISTERS, ORDER, Orders
from cti.web.ports import Store
from cti.web.sight import may_see
from queues.callback import attempt_of
from records.callrecord import CallRecord
from records.citizen import about_of, why_not_call
from records.draft import WorkOrderDraft

PATH: Final = f"/api/v1/work-orders/{ORDER}"


class CalledOut(BaseModel):
    """One call out about an order."""

    call_id: str
    at: datetime
    agent: str
    """'' while nobody knows: the citizen was not reached, or the log alone tells of it."""
    outcome: str | None
    """``answered no-answer busy unreachable``; null while it goes on, or given up while ringing."""
    seconds: float | None
    """How long they talked."""


class CalledOutList(BaseModel):
    """The calls out about an order, in the order they were made."""

    items: list[CalledOut]
    due_at: datetime | None
    """Until when the caller must be called back, if the call left a task that is open."""


class CallOuts:
    """Serves ``call-out`` and ``calls`` of a work order."""

    def __init__(self, orders: Orders, store: Store) -> None:
        self._orders, self._store = orders, store

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Call, list."""
        return (
            Endpoint(
                method="POST",
                path=f"{PATH}/call-out",
                does="呼叫工单的来电人：先振本座席话机，摘机后呼叫对方，对方看到12345；录音，与工单相连。",
                roles=SEATED,
                handler=self.dial,
                answer=CallOutShown,
                refusals=(
                    *("order-unknown", "other-centre", "not-your-call"),
                    *("number-missing", "order-anonymous", *REFUSALS),
                ),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/calls",
                does="为这张工单呼出过的电话和结果，先后为序。",
                roles=LISTERS,
                handler=self.list,
                answer=CalledOutList,
                refusals=("order-unknown",),
            ),
        )

    async def dial(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Ring the agent's own phone, then the citizen's."""
        who, now = ask.identity, datetime.now(UTC)
        order, call = await self._orders.editable(request, who)
        if why := why_not_call(order.draft, is_known=self._knows(order.draft, call, who)):
            raise Refused(why)
        dials = Dials.of(who, self._orders.hub, self._orders.brain, now)
        about, number = about_of(order.draft, call), order.draft.caller.number or ""
        line = call.line if call is not None else LineId(order.draft.dialled.number)
        dials.check(about=about, line=line, number=number)
        await self._store.write_audit(
            who.centre, who.user, "order-called-out", {"order": order.draft.id, "out": dials.call}
        )
        dials.submit(about=about, line=line, number=number)
        return web.json_response({"call_id": dials.call})

    async def list(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Show each call out, with what came of it."""
        order, call = await self._orders.read(request, ask.identity)
        about = about_of(order.draft, call)
        task = await self._store.callback_of(CentreId(order.draft.centre), about)
        shown = CalledOutList(
            items=[_shown(one) for one in await self._store.calls_about(about)],
            due_at=task.due_at if task is not None and task.is_open else None,
        )
        return web.json_response(shown.model_dump(mode="json"))

    def _knows(self, draft: WorkOrderDraft, call: CallRecord | None, who: Identity) -> bool:
        return may_see(call, who) or self._orders.is_at_desk(CallId(draft.call_id), who)


def _shown(record: CallRecord) -> CalledOut:
    attempt = attempt_of(record)
    talk = record.talks[0] if record.talks else None
    until = talk.until if talk is not None else None
    return CalledOut(
        call_id=record.call,
        at=attempt.at if attempt is not None else record.arrived_at,
        agent=talk.agent if talk is not None else "",
        outcome=attempt.outcome.value if attempt is not None else None,
        seconds=(until - talk.since).total_seconds() if talk is not None and until else None,
    )

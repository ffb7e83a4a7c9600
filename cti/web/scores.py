"""A call's score over HTTP (智能质检): for supervisors, who talk with their agents about it."""

from typing import Final

from aiohttp import web
from pydantic import BaseModel

from cti.ids import CallId
from cti.web.endpoint import Ask, Endpoint, Role
from cti.web.orders import ORDER, Orders
from cti.web.ports import Store
from records.scoring import Score, score

JUDGES: Final = frozenset({Role.SUPERVISOR})


class Scored(BaseModel):
    """The score of an order's call."""

    order: str
    score: Score | None
    """Null: no agent was heard, or the centre scores nothing."""


class Scores:
    """Serves ``/api/v1/work-orders/{order}/score``."""

    def __init__(self, orders: Orders, store: Store) -> None:
        self._orders, self._store = orders, store

    @property
    def endpoint(self) -> Endpoint:
        """One."""
        return Endpoint(
            method="GET",
            path=f"/api/v1/work-orders/{ORDER}/score",
            does="智能质检：按本中心的规则给这通电话打分，每处扣分写明哪一条、多少分、在第几秒。",
            roles=JUDGES,
            handler=self.show,
            answer=Scored,
            refusals=("order-unknown",),
        )

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Score it as its transcript is now, by the rules in force now."""
        order, _ = await self._orders.read(request, ask.identity)
        spoken = await self._store.segments(CallId(order.draft.call_id))
        rules = self._orders.profile(order.draft).quality
        found = score(spoken, order.draft.transcript.gaps, rules)
        return web.json_response(Scored(order=order.draft.id, score=found).model_dump(mode="json"))

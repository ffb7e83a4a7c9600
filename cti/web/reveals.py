"""Who called, of a caller who asked to be unknown: shown to whoever says why, and written down.

The reason is in the audit before the number is in the answer. Supervisors and administrators read
who asked for whom.
"""

from typing import Annotated, Final

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from cti.audited import AuditWanted
from cti.ids import mask
from cti.web.endpoint import SEATED, Ask, Endpoint, Role
from cti.web.errors import Refused
from cti.web.orders import ORDER, Orders, Page, shown
from cti.web.ports import Store
from cti.web.sight import centre_wanted, may_see
from records.draft import WorkOrderDraft
from records.masking import mask_text

WATCHERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})
REVEALED: Final = "order-revealed"
"""What the audit calls it."""


class Reason(BaseModel):
    """Why somebody must know."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    reason: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)
    ] = Field(description="为什么要看；号码会遮盖后写进审计")


class Reveal(BaseModel):
    """Who was shown whom, when and why."""

    at: AwareDatetime
    user: str
    order: str
    number: str = Field(description="来电号码，已遮盖")
    reason: str


class RevealPage(BaseModel):
    """A part of the list, the newest first."""

    items: list[Reveal]
    total: int
    limit: int
    offset: int


class Reveals:
    """Serves ``/api/v1/work-orders/{order}/reveal`` and ``/api/v1/reveals``."""

    def __init__(self, orders: Orders, store: Store) -> None:
        self._orders, self._store = orders, store

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Ask for one, and read who asked."""
        return (
            Endpoint(
                method="POST",
                path=f"/api/v1/work-orders/{ORDER}/reveal",
                does="看一张已提交的匿名工单的来电人：须写理由，先写审计再给出全文；不改变工单。",
                roles=SEATED,
                handler=self.reveal,
                body=Reason,
                answer=WorkOrderDraft,
                refusals=("order-unknown", "not-your-call"),
            ),
            Endpoint(
                method="GET",
                path="/api/v1/reveals",
                does="谁、何时、为什么看过匿名来电人，新的在前。",
                roles=WATCHERS,
                handler=self.list,
                query=Page,
                answer=RevealPage,
                refusals=("other-centre",),
            ),
        )

    async def reveal(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Write down why, then show the order whole. Refused: an order of another agent's call."""
        wanted: Reason = ask.body
        who = ask.identity
        order, call = await self._orders.read(request, who)
        draft = order.draft
        if not may_see(call, who):
            raise Refused("not-your-call")
        number = mask(draft.caller.number or "")
        data = {"order": draft.id, "number": number, "why": mask_text(wanted.reason)}
        await self._store.write_audit(who.centre, who.user, REVEALED, data)
        return web.json_response(shown(draft, who, is_whole=True))

    async def list(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Who was shown whom, of one centre."""
        query: Page = ask.query
        centre = centre_wanted(ask.identity, self._orders.hub.platform, query.centre)
        wanted = AuditWanted(
            centre=centre,
            what=REVEALED,
            since=query.since,
            until=query.until,
            limit=query.limit,
            offset=query.offset,
        )
        found, total = await self._store.audited(wanted)
        items = [
            Reveal(
                at=one.at,
                user=one.who,
                order=one.data.get("order", ""),
                number=one.data.get("number", ""),
                reason=one.data.get("why", ""),
            )
            for one in found
        ]
        page = RevealPage(items=items, total=total, limit=query.limit, offset=query.offset)
        return web.json_response(page.model_dump(mode="json"))

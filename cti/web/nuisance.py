"""Nuisance callers over HTTP: who is refused until when, who was refused, and whose number it is.

Numbers are masked in every list; a whole one is shown by ``reveal`` alone, which leaves a row in
the audit. In no address, because addresses stand in logs: rows are named by their own number.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aiohttp import web
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from cti.ids import CallId, mask
from cti.nuisance import LONGEST, Listing, area_code_at, check_until, listable
from cti.web.desk import DeskHub
from cti.web.endpoint import Ask, Endpoint, Role
from cti.web.errors import Refused
from cti.web.orders import OFFSET_LIMIT
from cti.web.ports import Store
from cti.web.sight import CentreWanted, centre_wanted

PATH: Final = "/api/v1/nuisance"
KEEPERS: Final = frozenset({Role.SUPERVISOR, Role.ADMIN})
ROW: Final = "{listing:[^/]+}"
MOST_DAYS: Final = LONGEST.days


class NuisanceQuery(BaseModel):
    """Which rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    standing: bool | None = Field(
        default=None, description="true 正在谢绝的，false 已到期或已移除的；不写为全部"
    )
    limit: int = Field(default=50, ge=1, le=200)
    offset: int = Field(default=0, ge=0, le=OFFSET_LIMIT)
    centre: CentreWanted = None


class BlockedQuery(BaseModel):
    """Which refused calls."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    limit: int = Field(default=50, ge=1, le=200)
    offset: int = Field(default=0, ge=0, le=OFFSET_LIMIT)
    centre: CentreWanted = None


class ToList(BaseModel):
    """Whom to refuse, why and until when: by number, or by a call of this centre."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: str | None = Field(default=None, max_length=40)
    call: str | None = Field(default=None, max_length=80)
    reason: str = Field(min_length=1, max_length=200, pattern=r"\S")
    until: AwareDatetime | None = None
    days: int | None = Field(default=None, ge=1, le=MOST_DAYS)

    @model_validator(mode="after")
    def _says_once(self) -> "ToList":
        if (self.number is None) == (self.call is None):
            raise ValueError("号码和通话写一个，且只写一个")
        if (self.until is None) == (self.days is None):
            raise ValueError("到期时间和天数写一个，且只写一个")
        return self

    def ends(self, now: datetime) -> datetime:
        """When the listing ends."""
        return self.until or now + timedelta(days=self.days or 0)


class ListingShown(BaseModel):
    """One number on the list."""

    id: int
    centre: str
    number: str
    """Masked; whole in the answer to ``reveal`` only."""
    reason: str
    added_by: str
    added_at: datetime
    until: datetime
    removed_by: str | None
    removed_at: datetime | None
    is_standing: bool
    """Whether its caller is refused now."""
    blocked: int | None
    """How often it has been refused since; null where nobody counted."""


class ListingPage(BaseModel):
    """A part of the list."""

    items: list[ListingShown]
    limit: int
    offset: int


class BlockedShown(BaseModel):
    """One refused call."""

    call_id: str
    centre: str
    line: str
    number: str
    """Masked."""
    arrived_at: datetime
    ended_at: datetime | None


class BlockedPage(BaseModel):
    """A part of the refused calls."""

    items: list[BlockedShown]
    limit: int
    offset: int


class NuisanceCallers:
    """Serves ``/api/v1/nuisance``."""

    def __init__(self, store: Store, hub: DeskHub) -> None:
        self._store = store
        self._hub = hub

    def endpoints(self) -> tuple[Endpoint, ...]:
        """List, add, remove, reveal, and the refused calls."""
        return (
            Endpoint(
                method="GET",
                path=PATH,
                does="骚扰来电名单，新列入的在前；号码只显示末两位，附列入以来谢绝的次数。",
                roles=KEEPERS,
                handler=self.list,
                query=NuisanceQuery,
                answer=ListingPage,
                refusals=("other-centre",),
            ),
            Endpoint(
                method="POST",
                path=PATH,
                does="把一个号码（或一通来电的号码）列入骚扰名单，须写原因和期限，立即生效，留痕。",
                roles=KEEPERS,
                handler=self.add,
                body=ToList,
                answer=ListingShown,
                status=201,
                refusals=("nuisance-number", "nuisance-until", "nuisance-listed", "call-unknown"),
            ),
            Endpoint(
                method="DELETE",
                path=f"{PATH}/{ROW}",
                does="从骚扰名单移除，立即生效，留痕；再次移除不变。",
                roles=KEEPERS,
                handler=self.remove,
                answer=ListingShown,
                refusals=("nuisance-unknown",),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/{ROW}/reveal",
                does="显示名单中一条的完整号码，留痕。",
                roles=KEEPERS,
                handler=self.reveal,
                answer=ListingShown,
                refusals=("nuisance-unknown",),
            ),
            Endpoint(
                method="GET",
                path=f"{PATH}/calls",
                does="被谢绝的来电，最近的在前；号码只显示末两位。",
                roles=KEEPERS,
                handler=self.calls,
                query=BlockedQuery,
                answer=BlockedPage,
                refusals=("other-centre",),
            ),
        )

    async def list(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """List a centre's numbers."""
        page: NuisanceQuery = ask.query
        now = datetime.now(UTC)
        found = await self._store.nuisance(
            centre=centre_wanted(ask.identity, self._hub.platform, page.centre),
            is_standing=page.standing,
            limit=page.limit,
            offset=page.offset,
            now=now,
        )
        items = [listing_shown(one, now, blocked=blocked) for one, blocked in found]
        return web.json_response({"items": items, "limit": page.limit, "offset": page.offset})

    async def add(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Put a number on the asker's own centre's list."""
        wish: ToList = ask.body
        who, now = ask.identity, datetime.now(UTC)
        area_code = area_code_at(self._hub.platform, who.centre)
        number = listable(await self._number(wish, ask), area_code)
        until = wish.ends(now)
        check_until(until, now)
        made = await self._store.add_nuisance(
            who.centre, number, reason=wish.reason.strip(), until=until, who=who.user, now=now
        )
        return web.json_response(listing_shown(made, now, blocked=0), status=201)

    async def remove(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Take a number off."""
        who, now = ask.identity, datetime.now(UTC)
        return _answer(
            await self._store.remove_nuisance(who.centre, _row(request), who.user, now), now
        )

    async def reveal(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Show the whole number to who asks, noted."""
        who, now = ask.identity, datetime.now(UTC)
        found = await self._store.reveal_nuisance(who.centre, _row(request), who.user, now)
        return _answer(found, now, is_whole=True)

    async def calls(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """List refused calls."""
        page: BlockedQuery = ask.query
        centre = centre_wanted(ask.identity, self._hub.platform, page.centre)
        found = await self._store.nuisance_calls(centre, limit=page.limit, offset=page.offset)
        items = [
            BlockedShown(
                call_id=record.call,
                centre=record.centre,
                line=record.line,
                number=mask(record.ani),
                arrived_at=record.arrived_at,
                ended_at=record.ended_at,
            ).model_dump(mode="json")
            for record in found
        ]
        return web.json_response({"items": items, "limit": page.limit, "offset": page.offset})

    async def _number(self, wish: ToList, ask: Ask) -> str:
        if wish.call is None:
            return wish.number or ""
        record = await self._store.call(CallId(wish.call))
        if record is None or record.centre != ask.identity.centre:
            raise Refused("call-unknown")
        return record.ani


def _row(request: web.Request) -> int:
    written = request.match_info["listing"]
    if not re.fullmatch(r"[0-9]{1,18}", written, re.ASCII):
        raise Refused("nuisance-unknown")
    return int(written)


def _answer(found: Listing | None, now: datetime, *, is_whole: bool = False) -> web.Response:
    if found is None:
        raise Refused("nuisance-unknown")
    return web.json_response(listing_shown(found, now, is_whole=is_whole))


def listing_shown(
    one: Listing, now: datetime, *, blocked: int | None = None, is_whole: bool = False
) -> dict[str, Any]:
    """A row as it is answered."""
    return ListingShown(
        id=one.id,
        centre=one.centre,
        number=one.number if is_whole else mask(one.number),
        reason=one.reason,
        added_by=one.added_by,
        added_at=one.added_at,
        until=one.until,
        removed_by=one.removed_by,
        removed_at=one.removed_at,
        is_standing=one.stands(now),
        blocked=blocked,
    ).model_dump(mode="json")

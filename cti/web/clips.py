"""A sentence heard again, also while the call goes on."""

import asyncio
from typing import Literal

from aiohttp import web
from pydantic import BaseModel, Field

from cti.ids import CallId
from cti.web.calls import CALL
from cti.web.desk import DeskHub
from cti.web.endpoint import READERS, Ask, Endpoint
from cti.web.errors import Refused
from cti.web.ports import Store
from cti.web.sight import centres_seen, may_see

AUDITED_S = 60.0
"""Who hears sentence after sentence is written down once in so long."""


class Moment(BaseModel):
    """Which seconds, and whose voice."""

    channel: Literal["caller", "agent"]
    from_s: float = Field(ge=0, le=86_400)
    to_s: float = Field(ge=0, le=86_400)


class Clips:
    """Serves ``/api/v1/calls/{call}/clip``."""

    def __init__(self, store: Store, hub: DeskHub) -> None:
        self._store, self._hub = store, hub
        self._audited: dict[tuple[str, str], float] = {}
        self.endpoint = Endpoint(
            method="GET",
            path=f"/api/v1/calls/{CALL}/clip",
            does="一通电话里的几秒，可在通话进行中重听；最多 30 秒，收听留痕。",
            roles=READERS,
            handler=self.hear,
            query=Moment,
            media="audio/wav",
            refusals=("call-unknown", "not-your-call", "recording-missing"),
        )

    async def hear(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Give the seconds asked for."""
        call, who, moment = CallId(request.match_info["call"]), ask.identity, ask.query
        record = await self._store.call(call)
        if record is None or record.centre not in centres_seen(who, self._hub.platform):
            raise Refused("call-unknown")
        if not may_see(record, who) and not self._hub.has_call(who.user, call):
            raise Refused("not-your-call")
        sound = await self._store.clip(
            call,
            is_callers=moment.channel == "caller",
            from_s=moment.from_s,
            to_s=moment.to_s,
        )
        if sound is None:
            raise Refused("recording-missing")
        if self._is_news(who.user, call):
            await self._store.write_audit(
                record.centre, who.user, "recording-heard", {"call": call, "part": "clip"}
            )
        return web.Response(
            body=sound, content_type="audio/wav", headers={"Cache-Control": "no-store, private"}
        )

    def _is_news(self, user: str, call: str) -> bool:
        now = asyncio.get_running_loop().time()
        self._audited = {one: at for one, at in self._audited.items() if now - at < AUDITED_S}
        is_news = (user, call) not in self._audited
        self._audited.setdefault((user, call), now)
        return is_news

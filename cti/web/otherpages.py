"""Other systems' pages: the one that opens for a call, and those that hold ours in a frame.

An address of another system never holds a number, a name or a call's id: it holds a key
(``popkeys``), which that system's own server brings here with its token. See decision 034.
"""

from datetime import UTC, datetime
from typing import Annotated

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from config.profile import Profile
from cti.ids import CallId, CentreId, mask
from cti.web.desk import DeskHub
from cti.web.endpoint import SEATED, Ask, Endpoint, Role
from cti.web.errors import Refused
from cti.web.popkeys import GOOD_FOR, PopKeys, Popped
from cti.web.ports import OrdersWanted, Store


class OtherPages(BaseModel):
    """What the centre's profile says of other systems' pages."""

    pops: bool
    """Whether a page opens for each call."""
    origins: list[str]
    """Whose pages may hold ours in a frame."""


class CallWanted(BaseModel):
    """Which call."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    call: str = Field(min_length=1, max_length=80, description="通话号，须在本座席上")


class PopGiven(BaseModel):
    """A key for the call, good once."""

    key: str
    url: str | None
    """The page to open, the key in it; null: the profile names none."""
    until: datetime


class KeyBrought(BaseModel):
    """What another system's server brings."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    key: Annotated[str, Field(min_length=16, max_length=100, repr=False, description="一次性密钥")]


class PopCaller(BaseModel):
    """Who calls."""

    number: str | None
    is_masked: bool
    place: str
    known_as: str | None


class PopLine(BaseModel):
    """What was dialled."""

    number: str
    name: str
    department: str


class PopFacts(BaseModel):
    """A call's card, as another system is told."""

    call_id: str
    order: str | None
    agent: str
    agent_name: str
    at: datetime
    waited_s: float
    caller: PopCaller
    line: PopLine


class PageRoutes:
    """Serves ``/api/v1/other-pages`` and ``/api/v1/pops``."""

    def __init__(self, store: Store, hub: DeskHub, keys: PopKeys | None = None) -> None:
        self._store, self._hub, self._keys = store, hub, keys or PopKeys()

    def endpoints(self) -> tuple[Endpoint, ...]:
        """What is set, a key, what it stands for."""
        return (
            Endpoint(
                method="GET",
                path="/api/v1/other-pages",
                does="是否为来电打开其他系统的页面，哪些网页可以嵌入座席。",
                roles=SEATED,
                handler=self.show,
                answer=OtherPages,
            ),
            Endpoint(
                method="POST",
                path="/api/v1/pops",
                does="为本座席上的一通电话取一次性密钥，和填好密钥的弹屏地址；密钥一分钟内有效。",
                roles=SEATED,
                handler=self.give,
                body=CallWanted,
                answer=PopGiven,
                refusals=("pop-off", "not-on-call"),
            ),
            Endpoint(
                method="POST",
                path="/api/v1/pops/exchange",
                does="其他系统的服务器用一次性密钥换取来电信息，只能换一次；留痕。",
                roles=frozenset({Role.SYSTEM}),
                handler=self.exchange,
                body=KeyBrought,
                answer=PopFacts,
                refusals=("pop-key-gone",),
            ),
        )

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """What the centre's profile says."""
        profile = self._profile(ask.identity.centre)
        said = OtherPages(pops=bool(profile.pop_url), origins=list(profile.page_origins))
        return web.json_response(said.model_dump())

    async def give(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Give a key for a call whose card stands at the agent's seat."""
        who, wanted = ask.identity, CallId(ask.body.call)
        profile = self._profile(who.centre)
        if not profile.pop_url and not profile.page_origins:
            raise Refused("pop-off")
        card = self._hub.card_of(who.user, wanted)
        if card is None:
            raise Refused("not-on-call")
        until = datetime.now(UTC) + GOOD_FOR
        popped = Popped(
            centre=who.centre, agent=who.user, name=who.name, call=wanted, card=card, until=until
        )
        key = self._keys.give(popped)
        url = profile.pop_url.replace("{key}", key) or None
        return web.json_response(PopGiven(key=key, url=url, until=until).model_dump(mode="json"))

    async def exchange(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Tell the other system's server what its key stands for, once and audited."""
        who = ask.identity
        popped = self._keys.take(ask.body.key, who.centre, datetime.now(UTC))
        if popped is None:
            raise Refused("pop-key-gone")
        is_whole = self._profile(who.centre).pop_whole_number
        told = {
            "call": popped.call,
            "agent": popped.agent,
            "number": "whole" if is_whole else "masked",
        }
        await self._store.write_audit(who.centre, who.user, "pop-exchanged", told)
        orders = await self._store.orders(OrdersWanted(centre=who.centre, call=popped.call))
        order = orders[0].draft.id if orders else None
        facts = _facts(popped, order, is_whole=is_whole)
        return web.json_response(facts.model_dump(mode="json"))

    def _profile(self, centre: CentreId) -> Profile:
        # the newest platform: it may have changed since the start
        return self._hub.platform.centre_or_home(centre)


def _facts(popped: Popped, order: str | None, *, is_whole: bool) -> PopFacts:
    card = popped.card
    known, number = card["known"], card["ani"]
    return PopFacts(
        call_id=popped.call,
        order=order,
        agent=popped.agent,
        agent_name=popped.name,
        at=datetime.fromisoformat(card["at"]),
        waited_s=card["waited_s"],
        caller=PopCaller(
            number=(number if is_whole else mask(number)) or None,
            is_masked=not is_whole,
            place=card["place"],
            known_as=known["name"] if known is not None and is_whole else None,
        ),
        line=PopLine(
            number=card["line"]["number"],
            name=card["line"]["name"],
            department=card["line"]["department"],
        ),
    )

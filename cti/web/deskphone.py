"""A seat's telephones: what the one in the page registers with, and the keys of the one beside it.

The phone in a page talks SIP to Asterisk itself; nothing of a talk passes through here.
"""

import re
from datetime import UTC, datetime
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from config.settings import Settings
from cti.errors import NotSignedIn
from cti.happened import PhoneKey
from cti.ids import CallId
from cti.moveevents import AgentPresses
from cti.ports import Brain
from cti.web.endpoint import SEATED, Ask, Endpoint, Identity
from cti.web.errors import Refused
from queues.seat import SeatView

PATH: Final = "/ws"
"""Where Asterisk's HTTP server takes SIP over a websocket."""
_HOST: Final = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")


class DeskPhone(BaseModel):
    """What a page's phone registers with. The password is in no log and is never kept."""

    url: str
    user: str
    password: str = Field(repr=False)


class KeyWanted(BaseModel):
    """What to press, and in which call: in a later one it is not pressed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    call: str = Field(max_length=128)
    key: PhoneKey


class Pressed(BaseModel):
    """The key was passed on. What comes of it the seat's own state shows."""

    call_id: str


def phone_url(settings: Settings, host: str) -> str:
    """Where the phone of a page that came from ``host`` goes; '' for a host that is none."""
    if settings.phone_url:
        return settings.phone_url
    named = _HOST.fullmatch(host)
    if named is None:
        return ""
    if settings.phone_certificate is not None:
        return f"wss://{named[1]}:{settings.wss_port}{PATH}"
    return f"ws://{named[1]}:{settings.ws_port}{PATH}"


class DeskPhones:
    """Serves ``/api/v1/desk/phone`` and ``…/phone/keys``."""

    def __init__(self, settings: Settings, brain: Brain) -> None:
        self._settings = settings
        self._brain = brain

    def endpoints(self) -> tuple[Endpoint, ...]:
        """The page's own telephone; the keys of the other."""
        return (
            Endpoint(
                method="GET",
                path="/api/v1/desk/phone",
                does="网页电话的注册地址与账号：只给签入该座席的本人。",
                roles=SEATED,
                handler=self.show,
                answer=DeskPhone,
                refusals=("not-signed-in", "page-phone-missing"),
            ),
            Endpoint(
                method="POST",
                path="/api/v1/desk/phone/keys",
                does="遥控桌上话机：接听、保持、恢复（话机须认得 Event: talk、hold）、静音、挂机。",
                roles=SEATED,
                handler=self.press,
                body=KeyWanted,
                answer=Pressed,
                status=202,
                refusals=("not-signed-in", "phone-idle", "switch-away"),
            ),
        )

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """The phone of the seat at which the asker is signed in."""
        user = f"{self._seat(ask.identity).seat}-web"
        url = phone_url(self._settings, request.host)
        try:
            password = (self._settings.home / "secrets" / f"seat-{user}").read_text("ascii")
        except FileNotFoundError:  # the seat was made before pages had phones
            raise Refused("page-phone-missing") from None
        if not url:
            raise Refused("malformed-request")
        phone = DeskPhone(url=url, user=user, password=password.strip())
        return web.json_response(phone.model_dump())

    async def press(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Steer the telephone beside the page, in the call that its seat has."""
        who, wanted = ask.identity, ask.body
        if not self._brain.is_ready():
            raise Refused("switch-away")
        wish = AgentPresses(
            at=datetime.now(UTC),
            seat=self._seat(who).seat,
            agent=who.user,
            call=CallId(wanted.call),
            key=wanted.key,
        )
        if why := self._brain.why_not_press(wish):
            raise Refused(why)
        self._brain.submit(wish)
        return web.json_response(Pressed(call_id=wanted.call).model_dump(), status=202)

    def _seat(self, who: Identity) -> SeatView:
        view = self._brain.seat_of(who.user)
        if view is None:
            raise NotSignedIn(f"{who.user} is not signed in")
        return view

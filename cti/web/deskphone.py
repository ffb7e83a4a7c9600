"""The telephone in a page: where it registers and as whom, for whoever is signed in at that seat.

The phone then talks SIP to Asterisk itself; nothing of a talk passes through here.
"""

import re
from typing import Final

from aiohttp import web
from pydantic import BaseModel, Field

from config.settings import Settings
from cti.errors import NotSignedIn
from cti.ports import Brain
from cti.web.endpoint import SEATED, Ask, Endpoint
from cti.web.errors import Refused

PATH: Final = "/ws"
"""Where Asterisk's HTTP server takes SIP over a websocket."""
_HOST: Final = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?")


class DeskPhone(BaseModel):
    """What a page's phone registers with. The password is in no log and is never kept."""

    url: str
    user: str
    password: str = Field(repr=False)


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
    """Serves ``/api/v1/desk/phone``."""

    def __init__(self, settings: Settings, brain: Brain) -> None:
        self._settings = settings
        self._brain = brain

    @property
    def endpoint(self) -> Endpoint:
        """One."""
        return Endpoint(
            method="GET",
            path="/api/v1/desk/phone",
            does="网页电话的注册地址与账号：只给签入该座席的本人。",
            roles=SEATED,
            handler=self.show,
            answer=DeskPhone,
            refusals=("not-signed-in", "page-phone-missing"),
        )

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """The phone of the seat at which the asker is signed in."""
        who = ask.identity
        view = self._brain.seat_of(who.user)
        if view is None:
            raise NotSignedIn(f"{who.user} is not signed in")
        user = f"{view.seat}-web"
        url = phone_url(self._settings, request.host)
        try:
            password = (self._settings.home / "secrets" / f"seat-{user}").read_text("ascii")
        except FileNotFoundError:  # the seat was made before pages had phones
            raise Refused("page-phone-missing") from None
        if not url:
            raise Refused("malformed-request")
        phone = DeskPhone(url=url, user=user, password=password.strip())
        return web.json_response(phone.model_dump())

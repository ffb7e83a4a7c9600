"""Somebody gives themselves another password, over HTTP."""

from datetime import UTC, datetime
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from cti.web.endpoint import DOERS, Ask, Endpoint, Role
from cti.web.errors import Refused
from cti.web.passwords import Passwords
from cti.web.people import Password
from cti.web.ports import Store
from cti.web.session import Sessions

PATH: Final = "/api/v1/session/password"
PEOPLE: Final = DOERS - {Role.SYSTEM}
"""Nobody stands at a wall, and a program has a token, which is changed by an administrator."""


class PasswordChange(BaseModel):
    """The password that somebody has, and the one that they want."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    old: str = Field(min_length=1, max_length=256, repr=False, description="原密码")
    new: Password = Field(repr=False, description="新密码")


class OwnPassword:
    """Serves ``/api/v1/session/password``."""

    def __init__(self, passwords: Passwords, sessions: Sessions, store: Store) -> None:
        self._passwords, self._sessions, self._store = passwords, sessions, store

    @property
    def endpoint(self) -> Endpoint:
        """Change the own password."""
        return Endpoint(
            method="POST",
            path=PATH,
            does="登录的人修改自己的密码，留痕。本次登录换发 Cookie，本人其他登录半分钟内结束。",
            roles=PEOPLE,
            handler=self.change,
            body=PasswordChange,
            status=204,
            refusals=(
                *("password-of-program", "old-password-wrong", "password-same"),
                *("too-many-attempts", "password-changed"),
            ),
        )

    async def change(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Check the old one, keep the new one, and go on under it."""
        if "Authorization" in request.headers:  # a token may have the name of a person
            raise Refused("password-of-program")
        wanted: PasswordChange = ask.body
        who = ask.identity
        session = self._sessions.session_of(request)
        try:
            account = await self._passwords.check(who.user, wanted.old, request.remote or "")
        except Refused as refused:
            if refused.id != "wrong-password":
                raise
            raise Refused("old-password-wrong") from None
        if wanted.new == wanted.old:
            raise Refused("password-same")
        now, made = datetime.now(UTC), await self._passwords.hashed(wanted.new)
        if not await self._store.renew_password(who.user, account.password_hash, made, now):
            raise Refused("password-changed")
        answer = web.Response(status=204)
        self._sessions.keep(answer, request, self._sessions.reborn(session, made, now))
        return answer

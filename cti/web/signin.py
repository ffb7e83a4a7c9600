"""Signing in and out over HTTP."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field

from cti.web.endpoint import EVERYBODY, PUBLIC, Ask, Endpoint, Role
from cti.web.errors import Refused
from cti.web.metrics import Metrics
from cti.web.passwords import Passwords
from cti.web.ports import Account
from cti.web.session import COOKIE, Sessions, check_same_site

TOLD: Final = {"too-many-attempts": "held-back", "wrong-password": "wrong"}
"""Refusals as they are counted."""


class Credentials(BaseModel):
    """What a person types."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    user: str = Field(min_length=1, max_length=64, description="用户名")
    password: str = Field(min_length=1, max_length=256, repr=False, description="密码")
    is_framed: bool = Field(False, description="在其他系统网页的框架里登录")


class Me(BaseModel):
    """Who is signed in."""

    user: str
    name: str
    role: str
    centre: str


class SignIn:
    """Serves ``/api/v1/session``."""

    def __init__(
        self,
        passwords: Passwords,
        sessions: Sessions,
        metrics: Metrics,
        framers: Callable[[], Sequence[str]] = lambda: (),
    ) -> None:
        self._framers = framers
        self._passwords = passwords
        self._sessions = sessions
        self._metrics = metrics

    def endpoints(self) -> tuple[Endpoint, ...]:
        """Sign in, who am I, sign out."""
        path = "/api/v1/session"
        return (
            Endpoint(
                method="POST",
                path=path,
                does="登录。成功后以 Cookie 保持会话。",
                roles=PUBLIC,
                handler=self.begin,
                body=Credentials,
                answer=Me,
                refusals=("wrong-password", "too-many-attempts", "origin-refused"),
            ),
            Endpoint(
                method="GET",
                path=path,
                does="当前登录的人。大屏（screen）每问一次，会话就续期 30 天。",
                roles=EVERYBODY,
                handler=self.show,
                answer=Me,
            ),
            Endpoint(
                method="DELETE",
                path=path,
                does="退出登录。座席保持原状态，须在工作台签出。",
                roles=EVERYBODY,
                handler=self.end,
                status=204,
            ),
        )

    async def begin(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Check the password and set the cookie."""
        if "Origin" in request.headers:
            check_same_site(request)
        account = await self._check(ask.body, request.remote or "")
        session = self._sessions.begin(account, datetime.now(UTC))
        answer = web.json_response(
            Me(
                user=account.user, name=account.name, role=account.role, centre=account.centre
            ).model_dump()
        )
        is_framed = ask.body.is_framed and bool(self._framers())
        self._sessions.keep(answer, request, session, is_framed=is_framed)
        return answer

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Say who asks."""
        who = ask.identity
        answer = web.json_response(
            Me(user=who.user, name=who.name, role=who.role.value, centre=who.centre).model_dump()
        )
        if who.role is Role.SCREEN and "Authorization" not in request.headers:
            session = self._sessions.session_of(request)
            self._sessions.keep(answer, request, self._sessions.renewed(session, datetime.now(UTC)))
        return answer

    async def end(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """End the session of the cookie; a token stays what it is."""
        if COOKIE in request.cookies and "Authorization" not in request.headers:
            self._sessions.end(self._sessions.session_of(request))
        answer = web.Response(status=204)
        answer.del_cookie(COOKIE, path="/")
        return answer

    async def _check(self, said: Credentials, address: str) -> Account:
        try:
            account = await self._passwords.check(said.user, said.password, address)
        except Refused as refused:
            self._metrics.signed_in(TOLD[refused.id])
            raise
        self._metrics.signed_in("ok")
        return account

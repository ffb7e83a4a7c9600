"""Signing in and out over HTTP, and holding back whoever guesses passwords."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from aiohttp import web
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from pydantic import BaseModel, ConfigDict, Field

from cti.ids import AgentId
from cti.web.endpoint import EVERYBODY, PUBLIC, Ask, Endpoint, Role
from cti.web.errors import Refused
from cti.web.metrics import Metrics
from cti.web.ports import Account, Accounts
from cti.web.session import COOKIE, Session, Sessions, check_same_site, life_of

FREE_TRIES: Final = 5
FREE_TRIES_OF_ADDRESS: Final = 50
LONGEST_S: Final = 300.0
FORGET_S: Final = 900.0
REMEMBERED: Final = 10_000
HASHES_AT_ONCE: Final = 2
"""Each takes 64 MB and a core for some 50 ms: more at once would only be slower."""


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


@dataclass(slots=True)
class _Tries:
    failed: int = 0
    last_s: float = 0.0


class BackOff:
    """Counts failures and says how long to hold back. Bounded: the oldest are forgotten."""

    def __init__(self, free: int) -> None:
        self._free = free
        self._tries: OrderedDict[tuple[str, ...], _Tries] = OrderedDict()

    def wait_s(self, key: tuple[str, ...], now_s: float) -> float:
        """Seconds until the next try is looked at; 0: now."""
        tries = self._tries.get(key)
        if tries is None or tries.failed < self._free:
            return 0.0
        held_s = min(LONGEST_S, 2.0 ** min(tries.failed - self._free, 20))
        return max(0.0, tries.last_s + held_s - now_s)

    def failed(self, key: tuple[str, ...], now_s: float) -> None:
        """Count one failure. Counted before the hash is checked, so a burst gains nothing."""
        tries = self._tries.setdefault(key, _Tries())
        if now_s - tries.last_s > FORGET_S:
            tries.failed = 0
        tries.failed += 1
        tries.last_s = now_s
        self._tries.move_to_end(key)
        while len(self._tries) > REMEMBERED:
            self._tries.popitem(last=False)

    def succeeded(self, key: tuple[str, ...]) -> None:
        """The right password: start counting anew."""
        self._tries.pop(key, None)


class SignIn:
    """Serves ``/api/v1/session``."""

    def __init__(
        self,
        accounts: Accounts,
        sessions: Sessions,
        metrics: Metrics,
        framers: Callable[[], Sequence[str]] = lambda: (),
    ) -> None:
        self._framers = framers
        self._accounts = accounts
        self._sessions = sessions
        self._metrics = metrics
        self._hasher = PasswordHasher()
        self._hashing = asyncio.Semaphore(HASHES_AT_ONCE)
        self._by_user = BackOff(FREE_TRIES)
        self._by_address = BackOff(FREE_TRIES_OF_ADDRESS)

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
        self._keep(answer, request, session, is_framed=ask.body.is_framed)
        return answer

    async def show(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Say who asks."""
        who = ask.identity
        answer = web.json_response(
            Me(user=who.user, name=who.name, role=who.role.value, centre=who.centre).model_dump()
        )
        if who.role is Role.SCREEN and "Authorization" not in request.headers:
            session = self._sessions.session_of(request)
            self._keep(answer, request, self._sessions.renewed(session, datetime.now(UTC)))
        return answer

    def _keep(
        self,
        answer: web.Response,
        request: web.Request,
        session: Session,
        *,
        is_framed: bool = False,
    ) -> None:
        """Set the cookie. In another site's frame browsers send none that is ``Strict``.

        There it is one of that site's own partition, and never without encryption; what it could
        be used for by others is refused by its ``Origin``, as everywhere.
        """
        is_apart = is_framed and bool(self._framers()) and _is_encrypted(request)
        answer.set_cookie(
            COOKIE,
            self._sessions.seal(session),
            max_age=int(life_of(session.role).total_seconds()),
            path="/",
            httponly=True,
            secure=request.secure or is_apart,
            samesite="None" if is_apart else "Strict",
        )
        if is_apart:  # what the standard library's cookies do not know yet
            cookie = answer.cookies.pop(COOKIE)
            answer.headers.add("Set-Cookie", f"{cookie.OutputString()}; Partitioned")

    async def end(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """End the session of the cookie; a token stays what it is."""
        if COOKIE in request.cookies and "Authorization" not in request.headers:
            self._sessions.end(self._sessions.session_of(request))
        answer = web.Response(status=204)
        answer.del_cookie(COOKIE, path="/")
        return answer

    async def _check(self, said: Credentials, address: str) -> Account:
        now_s = asyncio.get_running_loop().time()
        one, all_of = (said.user, address), (address,)
        wait_s = max(self._by_user.wait_s(one, now_s), self._by_address.wait_s(all_of, now_s))
        if wait_s > 0:
            self._metrics.signed_in("held-back")
            after_s = int(wait_s) + 1
            raise Refused(
                "too-many-attempts", headers={"Retry-After": str(after_s)}, retry_after_s=after_s
            )
        self._by_user.failed(one, now_s)
        self._by_address.failed(all_of, now_s)
        account = await self._accounts.account(AgentId(said.user))
        stored = account.password_hash if account else None
        async with self._hashing:
            is_right = await asyncio.to_thread(self._verify, stored, said.password)
        if account is None or not is_right:
            self._metrics.signed_in("wrong")
            raise Refused("wrong-password")
        self._by_user.succeeded(one)
        self._by_address.succeeded(all_of)
        self._metrics.signed_in("ok")
        return account

    def _verify(self, stored: str | None, said: str) -> bool:
        """Runs in a thread. As slow for a user who does not exist (None)."""
        if stored is None:
            self._hasher.hash(said)
            return False
        try:
            return self._hasher.verify(stored, said)
        except (VerificationError, InvalidHashError):
            return False


def _is_encrypted(request: web.Request) -> bool:
    """Whether the page came by https, also where a proxy encrypts for us."""
    return request.secure or request.headers.get("Origin", "").startswith("https://")

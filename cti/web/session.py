"""Who asks: a person by a signed cookie, a program by a bearer token.

The cookie carries everything, signed with a key of this installation, so that a restart of the
brain signs nobody out and a database that is away does not lock the desks. A changed password
or a blocked account ends every session of that person within ``RECHECK_S``, open sockets included.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError
from yarl import URL

from cti.ids import AgentId, CentreId
from cti.web.endpoint import Identity, Role
from cti.web.errors import Refused
from cti.web.ports import STORE_FAULTS, Account, Accounts

COOKIE: Final = "hotline_session"
LIFE: Final = timedelta(hours=12)
"""A shift and a half; then people sign in again."""
SCREEN_LIFE: Final = timedelta(days=30)
"""Nobody stands beside a wall to sign in: each look at the session gives it its whole life again.
It ends as any does, when the account is blocked or its password changed."""
RECHECK_S: Final = 30.0
LOOK_S: Final = 1.0
"""How long a request waits for the database to say whether its account stands."""
LOOK_AGAIN_S: Final = 5.0
"""After it did not say so, for so long nobody waits for it again."""
CACHED: Final = 10_000
SESSION_BYTES: Final = 12
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class Session(BaseModel):
    """What the cookie says."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    id: str
    user: str
    name: str
    centre: str
    role: str
    stamp: str
    until: int


def stamp_of(password_hash: str) -> str:
    """Name a password hash without giving it away: changes when the password does."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]


def life_of(role: str) -> timedelta:
    """How long a session of that role stands."""
    return SCREEN_LIFE if role == Role.SCREEN.value else LIFE


def token_digest(token: str) -> str:
    """The form in which tokens are stored and looked up."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


def read_key(path: Path) -> bytes:
    """The installation's key, made at the first start; only its owner may read it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        handle = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(32).encode())
        os.link(made, path)  # whole or not at all, also when two processes start at once
    except FileExistsError:
        pass
    finally:
        made.unlink(missing_ok=True)
    key = path.read_bytes().strip()
    if len(key) < 32:
        raise ValueError(f"{path} is damaged: delete it, everybody signs in again")
    return key


class Sessions:
    """Seals and opens cookies, looks tokens up, and says who asks."""

    def __init__(self, key: bytes, accounts: Accounts, recheck_s: float = RECHECK_S) -> None:
        self._key = key
        self._accounts = accounts
        self._recheck_s = recheck_s
        self._ended: OrderedDict[str, int] = OrderedDict()
        self._checked: OrderedDict[str, tuple[float, bool]] = OrderedDict()
        """By session id: when its account was last looked up, and whether it stood."""

    # --- people ------------------------------------------------------------------------------

    def begin(self, account: Account, now: datetime) -> Session:
        """Make a session for somebody whose password was right."""
        return Session(
            id=secrets.token_hex(SESSION_BYTES),
            user=account.user,
            name=account.name,
            centre=account.centre,
            role=account.role,
            stamp=stamp_of(account.password_hash),
            until=int((now + life_of(account.role)).timestamp()),
        )

    def renewed(self, session: Session, now: datetime) -> Session:
        """The same session with its whole life before it."""
        until = int((now + life_of(session.role)).timestamp())
        return session.model_copy(update={"until": until})

    def reborn(self, session: Session, password_hash: str, now: datetime) -> Session:
        """One in its place under another password. The old one is refused from now on."""
        self.end(session)
        fresh = {"id": secrets.token_hex(SESSION_BYTES), "stamp": stamp_of(password_hash)}
        return self.renewed(session, now).model_copy(update=fresh)

    def seal(self, session: Session) -> str:
        """The cookie's value."""
        body = base64.urlsafe_b64encode(session.model_dump_json().encode()).decode()
        return f"{body}.{self._sign(body)}"

    def open(self, value: str, now: datetime) -> Session:
        """Read a cookie. Raises ``Refused('not-authenticated')`` for any that does not stand."""
        body, _, signature = value.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign(body).encode()):
            raise Refused("not-authenticated")
        try:
            session = Session.model_validate_json(base64.urlsafe_b64decode(body))
        except (ValidationError, binascii.Error, ValueError):
            raise Refused("not-authenticated") from None
        if session.until <= now.timestamp() or session.id in self._ended:
            raise Refused("not-authenticated")
        return session

    def keep(
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
        is_apart = is_framed and _is_encrypted(request)
        answer.set_cookie(
            COOKIE,
            self.seal(session),
            max_age=int(life_of(session.role).total_seconds()),
            path="/",
            httponly=True,
            secure=request.secure or is_apart,
            samesite="None" if is_apart else "Strict",
        )
        if is_apart:  # what the standard library's cookies do not know yet
            cookie = answer.cookies.pop(COOKIE)
            answer.headers.add("Set-Cookie", f"{cookie.OutputString()}; Partitioned")

    def end(self, session: Session) -> None:
        """Refuse this session from now on."""
        self._ended[session.id] = session.until
        while len(self._ended) > CACHED:
            self._ended.popitem(last=False)

    # --- whoever asks ------------------------------------------------------------------------

    async def identify(
        self, request: web.Request, now_s: float, within_s: float = LOOK_S
    ) -> Identity:
        """Say who asks, or raise ``Refused``.

        When the database does not say within that time whether a cookie's account stands, the
        cookie is judged by its signature and by what was found last.
        """
        header = request.headers.get("Authorization")
        if header is not None:
            return await self._by_token(header)
        session = self.session_of(request)
        check_origin(request)
        await self._recheck(session, now_s, within_s)
        return Identity(
            user=AgentId(session.user),
            name=session.name,
            centre=CentreId(session.centre),
            role=Role(session.role),
        )

    def session_of(self, request: web.Request) -> Session:
        """The session of a request's cookie, or ``Refused``."""
        return self.open(request.cookies.get(COOKIE, ""), datetime.now(UTC))

    def next_look_s(self, request: web.Request) -> float:
        """In how many seconds ``still_stands`` must be asked for a socket that stays open."""
        if "Authorization" in request.headers:
            return self._recheck_s
        try:
            until = self.session_of(request).until
        except Refused:
            return 0.0
        return min(self._recheck_s, until - datetime.now(UTC).timestamp())

    async def still_stands(self, request: web.Request, who: Identity, now_s: float) -> bool:
        """Whether the credentials with which a socket was opened still make it ``who``.

        The account is looked up now, whenever that was last done. While the database is away,
        what is signed and not over stands.
        """
        try:
            if "Authorization" in request.headers:
                return await self._by_token(request.headers["Authorization"]) == who
            await self._look(self.session_of(request), now_s)
        except STORE_FAULTS:
            return True
        except Refused:
            return False
        return True

    async def _by_token(self, header: str) -> Identity:
        scheme, _, token = header.partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            raise Refused("not-authenticated")
        account = await self._accounts.account_of_token(token_digest(token.strip()))
        if account is None:
            raise Refused("not-authenticated")
        return Identity(
            user=AgentId(account.user),
            name=account.name,
            centre=CentreId(account.centre),
            role=Role(account.role),
        )

    async def _recheck(self, session: Session, now_s: float, within_s: float) -> None:
        checked_s, stands = self._checked.get(session.id, (-self._recheck_s, True))
        if now_s - checked_s < self._recheck_s:
            if not stands:
                raise Refused("not-authenticated")
            return
        try:
            async with asyncio.timeout(within_s):
                await self._look(session, now_s)
        except STORE_FAULTS:  # what stood stands: agents work on while it is away
            again_s = min(LOOK_AGAIN_S, self._recheck_s)
            self._note(session, now_s - self._recheck_s + again_s, stands=stands)
            if not stands:
                raise Refused("not-authenticated") from None

    async def _look(self, session: Session, now_s: float) -> None:
        account = await self._accounts.account(AgentId(session.user))
        stands = account is not None and _is_same(account, session)
        self._note(session, now_s, stands=stands)
        if not stands:
            raise Refused("not-authenticated")

    def _note(self, session: Session, at_s: float, *, stands: bool) -> None:
        self._checked[session.id] = (at_s, stands)
        self._checked.move_to_end(session.id)
        while len(self._checked) > CACHED:
            self._checked.popitem(last=False)

    def _sign(self, body: str) -> str:
        return hmac.new(self._key, body.encode(), hashlib.sha256).hexdigest()


def _is_same(account: Account, session: Session) -> bool:
    return (account.centre, account.role, stamp_of(account.password_hash)) == (
        session.centre,
        session.role,
        session.stamp,
    )


def check_origin(request: web.Request) -> None:
    """Refuse a cookie that another site's page sent: unsafe methods and websockets.

    Browsers put ``Origin`` on both; a program without a browser uses a token instead.
    """
    is_upgrade = request.headers.get("Upgrade", "").lower() == "websocket"
    if request.method in SAFE and not is_upgrade:
        return
    check_same_site(request)


def check_same_site(request: web.Request) -> None:
    """Refuse a request whose ``Origin`` is missing or is not this server."""
    try:
        origin = URL(request.headers.get("Origin", ""))
        is_ours = bool(origin.host) and origin.authority.lower() == request.host.lower()
    except ValueError:
        is_ours = False
    if not is_ours:
        raise Refused("origin-refused")


def _is_encrypted(request: web.Request) -> bool:
    """Whether the page came by https, also where a proxy encrypts for us."""
    return request.secure or request.headers.get("Origin", "").startswith("https://")

"""One route: who may use it, what it takes, what it answers. Nothing is served that is not one.

The table of endpoints is the only way into the application, so a test can walk it and the
OpenAPI document can be made from it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from aiohttp import web
from pydantic import BaseModel

from cti.ids import AgentId, CentreId

BODY_LIMIT: Final = 256 * 1024
"""Bytes of a request's body, unless the endpoint bears more."""


class Role(Enum):
    """What a person or a program may do."""

    AGENT = "agent"
    EXPERT = "expert"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    SYSTEM = "system"
    SCREEN = "screen"
    """A wallboard on the wall of its centre: sees the day's figures, and does nothing."""


EVERYBODY = frozenset(Role)
"""Anyone who has signed in, whatever the role."""
DOERS = EVERYBODY - {Role.SCREEN}
"""All who may do anything at all."""
SEATED = frozenset({Role.AGENT, Role.EXPERT, Role.SUPERVISOR})
"""People who may sit at a desk."""
READERS = SEATED | {Role.SYSTEM}
"""Who may read what callers said, each within the own centre and the rules of ``sight``."""
PUBLIC: frozenset[Role] = frozenset()
"""No credentials asked. Said explicitly, so that forgetting a role cannot mean it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who asks. Made from a session cookie or a bearer token, never from a request's body."""

    user: AgentId
    name: str
    centre: CentreId
    role: Role


Handler = Callable[[web.Request, "Ask"], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A request whose credentials, role, query and body have been checked."""

    who: Identity | None
    """None on public endpoints only."""
    query: Any = None
    """An instance of the endpoint's ``query`` model."""
    body: Any = None
    """An instance of the endpoint's ``body`` model."""
    upload: bytes = b""
    """The file sent to an endpoint that takes one."""

    @property
    def identity(self) -> Identity:
        """The caller of a non-public endpoint."""
        if self.who is None:
            raise LookupError("a public endpoint has no identity")
        return self.who


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A route and its rules."""

    method: str
    path: str
    does: str
    """One Chinese sentence for the OpenAPI document."""
    roles: frozenset[Role]
    handler: Handler
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    upload: tuple[str, ...] = ()
    """Media types of a file that is sent as the body itself, whichever of them it names."""
    body_limit: int = BODY_LIMIT
    """Bytes of a body or a file at most."""
    answer: type[BaseModel] | None = None
    status: int = 200
    media: str = "application/json"
    also: tuple[int, ...] = ()
    """Other statuses that carry the same answer: 206, 503 of ``/readyz``."""
    refusals: tuple[str, ...] = ()
    """Error ids beyond those every endpoint can answer."""
    is_documented: bool = True
    is_urgent: bool = False
    """Must work at once while the database is away or slow: it is hardly waited for, and who asks
    is known by the signed cookie and by what was found last."""

    @property
    def is_public(self) -> bool:
        """No credentials asked."""
        return self.roles is PUBLIC

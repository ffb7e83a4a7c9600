"""Who may sign in, over HTTP: an administrator's own centre. Those below are read, not changed.

User names stand in no address: addresses stand in logs. Passwords are hashed beside the loop, for
each costs some 50 ms of a core; they are in no log, no answer and no audit.
"""

import asyncio
import re
from datetime import UTC, datetime
from typing import Annotated, Final, Literal

from aiohttp import web
from argon2 import PasswordHasher
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from cti.ids import AgentId
from cti.person import Person
from cti.web.desk import DeskHub
from cti.web.endpoint import Ask, Endpoint, Role
from cti.web.errors import Refused
from cti.web.ports import Store
from cti.web.sight import CentreWanted, centre_wanted

PATH: Final = "/api/v1/people"
PASSWORD_LEAST: Final = 8
LIKE_A_NUMBER: Final = re.compile(r"[0-9]{7}")


def _no_number(user: str) -> str:
    """User names stand in logs, telephone numbers must not."""
    if LIKE_A_NUMBER.search(user):
        raise ValueError("用户名不能像电话号码")
    return user


UserName = Annotated[
    str,
    Field(pattern=r"^[^\s/\\\x00-\x1f]{1,40}$", description="用户名，不含空格；不用电话号码"),
    AfterValidator(_no_number),
]
Password = Annotated[str, Field(min_length=PASSWORD_LEAST, max_length=200)]
RoleName = Literal["agent", "expert", "supervisor", "admin", "screen"]
"""Programs are no people: they have tokens."""


class PeopleQuery(BaseModel):
    """Whose people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    centre: CentreWanted = None


class PersonWanted(BaseModel):
    """Somebody new in the asker's centre."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: UserName
    role: RoleName
    password: Password


class PersonChange(BaseModel):
    """What is to become of somebody; what is not named stays."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user: str = Field(min_length=1, max_length=200)
    role: RoleName | None = None
    is_active: bool | None = None
    password: Password | None = None


class PersonShown(BaseModel):
    """One account."""

    user: str
    centre: str
    role: str
    is_active: bool
    """Whether they may sign in."""
    is_me: bool


class PeopleShown(BaseModel):
    """Everybody of a centre."""

    items: list[PersonShown]


class People:
    """Serves ``/api/v1/people``."""

    def __init__(self, store: Store, hub: DeskHub) -> None:
        self._store, self._hub = store, hub
        self._hasher = PasswordHasher()

    def endpoints(self) -> tuple[Endpoint, ...]:
        """List, add, change."""
        only = frozenset({Role.ADMIN})
        return (
            Endpoint(
                method="GET",
                path=PATH,
                does="一个中心的登录用户，含已停用的，按用户名排列。",
                roles=only,
                handler=self.list,
                query=PeopleQuery,
                answer=PeopleShown,
                refusals=("other-centre",),
            ),
            Endpoint(
                method="POST",
                path=PATH,
                does="在本中心新增一名登录用户，留痕。",
                roles=only,
                handler=self.add,
                body=PersonWanted,
                answer=PersonShown,
                status=201,
                refusals=("user-taken",),
            ),
            Endpoint(
                method="POST",
                path=f"{PATH}/change",
                does="修改本中心一名用户的角色、密码，或停用、恢复，留痕；原有登录半分钟内结束。",
                roles=only,
                handler=self.change,
                body=PersonChange,
                answer=PersonShown,
                refusals=("user-unknown", "last-administrator"),
            ),
        )

    async def list(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Everybody of a centre."""
        query: PeopleQuery = ask.query
        centre = centre_wanted(ask.identity, self._hub.platform, query.centre)
        found = await self._store.people(centre)
        items = [_shown(person, ask) for person in found]
        return web.json_response(PeopleShown(items=items).model_dump(mode="json"))

    async def add(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Let somebody sign in."""
        wanted: PersonWanted = ask.body
        who = ask.identity
        person = Person(
            user=AgentId(wanted.user), centre=who.centre, role=wanted.role, is_active=True
        )
        hashed = await self._hash(wanted.password)
        made = await self._store.add_person(person, hashed, who.user, datetime.now(UTC))
        return web.json_response(_shown(made, ask).model_dump(mode="json"), status=201)

    async def change(self, request: web.Request, ask: Ask) -> web.StreamResponse:
        """Change somebody."""
        wanted: PersonChange = ask.body
        who = ask.identity
        changes: dict[str, str | bool] = wanted.model_dump(
            include={"role", "is_active"}, exclude_none=True
        )
        if wanted.password is not None:
            changes["password"] = await self._hash(wanted.password)
        changed = await self._store.change_person(
            who.centre, AgentId(wanted.user), changes, who.user, datetime.now(UTC)
        )
        if changed is None:
            raise Refused("user-unknown")
        return web.json_response(_shown(changed, ask).model_dump(mode="json"))

    async def _hash(self, password: str) -> str:
        return await asyncio.to_thread(self._hasher.hash, password)


def _shown(person: Person, ask: Ask) -> PersonShown:
    return PersonShown(
        user=person.user,
        centre=person.centre,
        role=person.role,
        is_active=person.is_active,
        is_me=person.user == ask.identity.user,
    )

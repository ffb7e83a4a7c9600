"""People who may sign in and programs with tokens, as rows. A token itself is never kept."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Literal

from argon2 import PasswordHasher
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from cti.ids import AgentId, CentreId
from records.database import Database
from records.tables import tokens, users

Role = Literal["agent", "expert", "supervisor", "admin", "system", "screen"]
TOKEN_BYTES: Final = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person, or a program (whose ``password_hash`` is '')."""

    user: AgentId
    name: str
    centre: CentreId
    role: str
    password_hash: str


class NameTaken(ValueError):  # noqa: N818 - an error is named for what is wrong
    """A person or a program of that name exists."""


def token_digest(token: str) -> str:
    """The form in which tokens are kept and looked up."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()


class Accounts:
    """Who exists. Hashing a password takes some 50 ms of a core: call from a command line, or
    from a thread.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hasher = PasswordHasher()

    async def account(self, user: AgentId) -> Account | None:
        """The person of that user name, unless blocked."""
        wanted = select(users).where(users.c.name == user, users.c.is_active.is_(True))
        async with self._database.reading() as connection:
            row = (await connection.execute(wanted)).one_or_none()
        if row is None:
            return None
        return Account(
            user=AgentId(row.name),
            name=row.name,
            centre=CentreId(row.centre),
            role=row.role,
            password_hash=row.password,
        )

    async def account_of_token(self, digest: str) -> Account | None:
        """The program whose token has that digest."""
        async with self._database.reading() as connection:
            row = (
                await connection.execute(select(tokens).where(tokens.c.digest == digest))
            ).one_or_none()
        if row is None:
            return None
        return Account(
            user=AgentId(row.name),
            name=row.name,
            centre=CentreId(row.centre),
            role=row.role,
            password_hash="",
        )

    async def add_person(self, user: str, centre: CentreId, role: Role, password: str) -> None:
        """Let a person sign in. Raises ``NameTaken``."""
        row = {
            "name": user,
            "centre": centre,
            "role": role,
            "password": self._hasher.hash(password),
            "is_active": True,
        }
        try:
            async with self._database.writing() as connection:
                await connection.execute(insert(users), row)
        except IntegrityError:
            raise NameTaken(user) from None

    async def change_password(self, user: str, password: str) -> bool:
        """Give a person another password, which ends their sessions; False: nobody of that name."""
        return await self._set(user, password=self._hasher.hash(password))

    async def block(self, user: str, *, is_active: bool = False) -> bool:
        """Keep a person out, or let them in again; False: nobody of that name."""
        return await self._set(user, is_active=is_active)

    async def people(self) -> Sequence[tuple[str, CentreId, str, bool]]:
        """User name, centre, role and whether they may sign in, by name."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(users).order_by(users.c.name))
            return [(row.name, CentreId(row.centre), row.role, row.is_active) for row in rows]

    async def create_token(self, name: str, centre: CentreId, role: Role) -> str:
        """Make a program's token and return it: the only time it can be seen."""
        token = secrets.token_urlsafe(TOKEN_BYTES)
        row = {
            "digest": token_digest(token),
            "name": name,
            "centre": centre,
            "role": role,
            "created_at": datetime.now(UTC),
        }
        try:
            async with self._database.writing() as connection:
                await connection.execute(insert(tokens), row)
        except IntegrityError:
            raise NameTaken(name) from None
        return token

    async def withdraw_token(self, name: str) -> bool:
        """Make a program's token worth nothing; False: there was none of that name."""
        async with self._database.writing() as connection:
            gone = await connection.execute(delete(tokens).where(tokens.c.name == name))
            return bool(gone.rowcount)

    async def programs(self) -> Sequence[tuple[str, CentreId, str, datetime]]:
        """Every token's name, centre, role and birth, by name. No token itself is kept."""
        async with self._database.reading() as connection:
            rows = await connection.execute(select(tokens).order_by(tokens.c.name))
            return [(row.name, CentreId(row.centre), row.role, row.created_at) for row in rows]

    async def _set(self, user: str, **values: object) -> bool:
        async with self._database.writing() as connection:
            changed = await connection.execute(
                update(users).where(users.c.name == user).values(values)
            )
            return bool(changed.rowcount)

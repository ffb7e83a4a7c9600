"""A centre's accounts as administrators keep them; every change is audited, no password is."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from cti.ids import AgentId, CentreId
from cti.person import ADMIN, Changes, LastAdministrator, Person, UserTaken
from records.audits import add_audit
from records.tables import users

PEOPLE_LOCK = 0x12348
"""PostgreSQL advisory lock under which accounts change: two administrators cannot take the last
place from each other at once. SQLite has one writer anyway."""


async def people(connection: AsyncConnection, centre: CentreId) -> list[Person]:
    """Everybody of that centre, blocked ones too, by user name."""
    wanted = select(users).where(users.c.centre == centre).order_by(users.c.name)
    return [_read(row) for row in await connection.execute(wanted)]


async def add(
    connection: AsyncConnection, person: Person, password_hash: str, who: AgentId, now: datetime
) -> Person:
    """Let somebody sign in. Raises ``UserTaken``."""
    row = {
        "name": person.user,
        "centre": person.centre,
        "role": person.role,
        "password": password_hash,
        "is_active": person.is_active,
    }
    try:
        await connection.execute(insert(users), row)
    except IntegrityError:
        raise UserTaken("the name is somebody's", user=person.user) from None
    data = {"user": person.user, "role": person.role}
    await add_audit(connection, now, person.centre, who, "user-added", data)
    return person


async def change(
    connection: AsyncConnection,
    centre: CentreId,
    user: AgentId,
    changes: Changes,
    who: AgentId,
    now: datetime,
) -> Person | None:
    """Change somebody of that centre; None: nobody there. Raises ``LastAdministrator``."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({PEOPLE_LOCK})"))
    before = {person.user: person for person in await people(connection, centre)}
    if user not in before:
        return None
    row = (users.c.name == user, users.c.centre == centre)
    if changes:
        await connection.execute(update(users).where(*row).values(**changes))
    after = await people(connection, centre)
    if _administers(before.values()) and not _administers(after):
        raise LastAdministrator("nobody would administer the centre", user=user)
    said = {name: str(value) for name, value in changes.items() if name != "password"}
    if "password" in changes:
        said["password"] = "changed"
    await add_audit(connection, now, centre, who, "user-changed", {"user": user, **said})
    return next(person for person in after if person.user == user)


async def renew_password(
    connection: AsyncConnection, user: AgentId, was: str, password_hash: str, now: datetime
) -> bool:
    """Somebody changes their own password. False, and nothing is changed: they are blocked, or the
    hash is not ``was`` any more, because somebody else has changed it meanwhile.
    """
    mine = (users.c.name == user, users.c.password == was, users.c.is_active.is_(True))
    renewed = update(users).where(*mine).values(password=password_hash).returning(users.c.centre)
    centre = (await connection.execute(renewed)).scalar_one_or_none()
    if centre is None:
        return False
    await add_audit(connection, now, CentreId(centre), user, "own-password-changed", {"user": user})
    return True


def _administers(some: Iterable[Person]) -> bool:
    return any(person.role == ADMIN and person.is_active for person in some)


def _read(row: Row[Any]) -> Person:
    return Person(
        user=AgentId(row.name),
        centre=CentreId(row.centre),
        role=row.role,
        is_active=row.is_active,
    )

"""A centre's accounts in the database: each its own, always one administrator, all audited."""

import pytest
from sqlalchemy import select

from cti.ids import AgentId, CentreId
from cti.person import LastAdministrator, Person, UserTaken
from records import people
from records.accounts import Accounts
from records.store import CallStore
from records.tables import audit, users
from tests.records.samples import NOON

HERE, THERE = CentreId("chifeng"), CentreId("ningcheng")
ADMIN = AgentId("admin")


def person(user: str, role: str = "agent", centre: CentreId = HERE) -> Person:
    return Person(user=AgentId(user), centre=centre, role=role, is_active=True)


async def added(store: CallStore, one: Person) -> Person:
    async with store.database.writing() as connection:
        return await people.add(connection, one, "a hash", ADMIN, NOON)


async def changed(
    store: CallStore, user: str, centre: CentreId = HERE, **changes: str | bool
) -> Person | None:
    async with store.database.writing() as connection:
        return await people.change(connection, centre, AgentId(user), changes, ADMIN, NOON)


async def everybody(store: CallStore, centre: CentreId = HERE) -> list[Person]:
    async with store.database.reading() as connection:
        return await people.people(connection, centre)


async def test_each_centre_has_its_own_people(store: CallStore) -> None:
    """Another centre's are neither listed nor changed; a name is somebody's everywhere."""
    await added(store, person("wang"))
    await added(store, person("bao", centre=THERE))
    assert await everybody(store) == [person("wang")]
    assert await changed(store, "bao", is_active=False) is None
    assert await everybody(store, THERE) == [person("bao", centre=THERE)]
    with pytest.raises(UserTaken):
        await added(store, person("bao"))


async def test_who_is_blocked_cannot_sign_in_and_is_let_in_again(store: CallStore) -> None:
    """Blocked people stay in the list, with their role."""
    await added(store, person("wang"))
    accounts = Accounts(store.database)
    blocked = await changed(store, "wang", is_active=False)
    assert blocked is not None
    assert not blocked.is_active
    assert await accounts.account(AgentId("wang")) is None
    await changed(store, "wang", is_active=True, role="supervisor")
    account = await accounts.account(AgentId("wang"))
    assert account is not None
    assert account.role == "supervisor"


async def test_a_centre_keeps_an_administrator(store: CallStore) -> None:
    """The last one can neither be blocked nor made something else, and nothing is changed."""
    await added(store, person("admin", "admin"))
    await added(store, person("other", "admin", THERE))
    for change in ({"is_active": False}, {"role": "agent"}):
        with pytest.raises(LastAdministrator):
            await changed(store, "admin", **change)
    assert await everybody(store) == [person("admin", "admin")]
    await added(store, person("second", "admin"))
    assert await changed(store, "admin", role="agent") == person("admin", "agent")


async def test_somebodys_own_password_is_changed_if_it_is_still_the_one_they_had(
    store: CallStore,
) -> None:
    """Another's change in between stands, a blocked account's does, and each change is audited."""
    await added(store, person("wang"))
    await changed(store, "wang", password="first")

    async def renewed(was: str, new: str) -> bool:
        async with store.database.writing() as connection:
            return await people.renew_password(connection, AgentId("wang"), was, new, NOON)

    assert await renewed("first", "second")
    assert not await renewed("first", "third")
    await changed(store, "wang", is_active=False)
    assert not await renewed("second", "third")
    async with store.database.reading() as connection:
        rows = (await connection.execute(select(audit).order_by(audit.c.id))).all()
        kept = (await connection.execute(select(users.c.password))).scalar_one()
    assert kept == "second"
    mine = [(row.who, row.centre, row.data) for row in rows if row.what == "own-password-changed"]
    assert mine == [("wang", HERE, {"user": "wang"})]


async def test_every_change_is_audited_and_no_password_is(store: CallStore) -> None:
    """Who changed whom and what; of a password only that it was."""
    await added(store, person("wang"))
    await changed(store, "wang", password="another hash", role="expert")
    async with store.database.reading() as connection:
        rows = (await connection.execute(select(audit).order_by(audit.c.id))).all()
    assert [(row.what, row.who) for row in rows] == [
        ("user-added", ADMIN),
        ("user-changed", ADMIN),
    ]
    assert rows[1].data == {"user": "wang", "role": "expert", "password": "changed"}
    assert "hash" not in str([row.data for row in rows])

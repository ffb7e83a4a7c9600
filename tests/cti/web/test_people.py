"""An administrator's people over HTTP."""

from typing import Any

import pytest
from argon2 import PasswordHasher

from cti.ids import AgentId, CentreId
from cti.person import Person
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import FakeStore

PATH = "/api/v1/people"
NEW = {"user": "wang", "role": "agent", "password": "long enough"}


async def ask(client: Client, method: str, path: str, **options: Any) -> tuple[int, Any]:
    answer = await client.request(method, path, headers=bearer("admin"), **options)
    return answer.status, await answer.json()


async def test_somebody_is_let_in_changed_and_kept_out(client: Client, store: FakeStore) -> None:
    """The password is kept as its hash only; what is not named stays as it was."""
    status, made = await ask(client, "POST", PATH, json=NEW)
    assert (status, made["user"], made["centre"], made["is_active"]) == (
        *(201, "wang", "chifeng", True),
    )
    assert "password" not in made
    assert PasswordHasher().verify(store.hashes["wang"], "long enough")
    status, again = await ask(client, "POST", PATH, json=NEW)
    assert (status, again["error"]["id"]) == (409, "user-taken")

    wish = {"user": "wang", "is_active": False}
    status, blocked = await ask(client, "POST", f"{PATH}/change", json=wish)
    assert (status, blocked["is_active"], blocked["role"]) == (200, False, "agent")
    wish = {"user": "wang", "password": "another one"}
    await ask(client, "POST", f"{PATH}/change", json=wish)
    assert PasswordHasher().verify(store.hashes["wang"], "another one")
    _, shown = await ask(client, "GET", PATH)
    assert [(one["user"], one["is_active"]) for one in shown["items"]] == [("wang", False)]


async def test_another_centres_people_are_nobodys_here(client: Client, store: FakeStore) -> None:
    """They are not listed, and to change them is to change nobody."""
    there = CentreId("ningcheng")
    bao = Person(user=AgentId("bao"), centre=there, role="agent", is_active=True)
    store.persons["bao"] = bao
    assert (await ask(client, "GET", PATH))[1]["items"] == []
    status, told = await ask(
        client, "POST", f"{PATH}/change", json={"user": "bao", "role": "admin"}
    )
    assert (status, told["error"]["id"]) == (404, "user-unknown")
    assert store.persons["bao"] == bao


@pytest.mark.parametrize(
    "wrong",
    [
        {**NEW, "password": "short"},
        {**NEW, "user": "13847652301"},
        {**NEW, "user": "two words"},
        {**NEW, "user": ""},
        {**NEW, "role": "system"},
        {**NEW, "centre": "ningcheng"},
    ],
)
async def test_what_no_account_may_be_is_refused(
    client: Client, store: FakeStore, wrong: dict[str, str]
) -> None:
    """Short passwords, telephone numbers as names, programs, another centre."""
    status, told = await ask(client, "POST", PATH, json=wrong)
    assert (status, told["error"]["id"]) == (422, "invalid-body")
    assert not store.persons

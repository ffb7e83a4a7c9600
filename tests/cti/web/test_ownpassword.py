"""Somebody's own password over HTTP."""

import hashlib
from http.cookies import SimpleCookie
from typing import Any

import pytest

from cti.web.passwords import FREE_TRIES
from cti.web.session import COOKIE
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import PASSWORD, FakeStore

PATH = "/api/v1/session/password"
NEW = "quite another"


async def signed_in(client: Client, password: str = PASSWORD) -> str:
    """The cookie of a new session of anna's, or how she was refused."""
    client.session.cookie_jar.clear()
    who = {"user": "anna", "password": password}
    answer = await client.post("/api/v1/session", json=who)
    client.session.cookie_jar.clear()
    if answer.status != 200:
        return str((await answer.json())["error"]["id"])
    return SimpleCookie(answer.headers["Set-Cookie"])[COOKIE].value


async def asked(
    client: Client, cookie: str, old: str, new: str, **more: str
) -> tuple[int, str, str]:
    """The status, the refusal, and the cookie that came."""
    headers = {"Cookie": f"{COOKIE}={cookie}", "Origin": str(client.make_url("/")).rstrip("/")}
    body = {"old": old, "new": new}
    answer = await client.post(PATH, json=body, headers={**headers, **more})
    told: Any = await answer.json() if answer.status != 204 else {"error": {"id": ""}}
    cookies = SimpleCookie(answer.headers.get("Set-Cookie", ""))
    client.session.cookie_jar.clear()
    return answer.status, told["error"]["id"], cookies[COOKIE].value if COOKIE in cookies else ""


async def status_of(client: Client, cookie: str) -> int:
    answer = await client.get("/api/v1/session", headers={"Cookie": f"{COOKIE}={cookie}"})
    return answer.status


async def test_the_new_password_stands_and_every_other_session_ends(
    client: Client, store: FakeStore
) -> None:
    """Whoever changed it goes on; a copy of the old cookie is worth nothing, nor the old password.

    It is audited as what it was, and no password is.
    """
    mine, elsewhere = await signed_in(client), await signed_in(client)
    status, _, cookie = await asked(client, mine, PASSWORD, NEW)
    assert status == 204
    assert [await status_of(client, one) for one in (cookie, mine, elsewhere)] == [200, 401, 401]
    assert await signed_in(client) == "wrong-password"
    assert await status_of(client, await signed_in(client, NEW)) == 200
    assert store.audit == [("anna", "own-password-changed", {"user": "anna"})]


@pytest.mark.parametrize(
    ("old", "new", "refusal"),
    [
        ("not mine", NEW, (403, "old-password-wrong")),
        (PASSWORD, PASSWORD, (422, "password-same")),
        (PASSWORD, "short", (422, "invalid-body")),
    ],
)
async def test_a_refused_change_changes_nothing(
    client: Client, store: FakeStore, old: str, new: str, refusal: tuple[int, str]
) -> None:
    """And signs nobody out, who may only have mistyped."""
    mine = await signed_in(client)
    assert (await asked(client, mine, old, new))[:2] == refusal
    assert await status_of(client, mine) == 200
    assert await status_of(client, await signed_in(client)) == 200
    assert store.audit == []


async def test_whoever_finds_a_desk_open_cannot_guess(client: Client) -> None:
    """Tries are counted with those at the door, and held back as they are."""
    mine = await signed_in(client)
    tries = [await asked(client, mine, "guess", NEW) for _ in range(FREE_TRIES)]
    assert {one[1] for one in tries} == {"old-password-wrong"}
    assert (await asked(client, mine, PASSWORD, NEW))[:2] == (429, "too-many-attempts")
    assert await signed_in(client) == "too-many-attempts"


async def test_a_password_that_an_administrator_gave_meanwhile_stays(
    client: Client, store: FakeStore
) -> None:
    """Whoever had the old one does not get it back by being slower."""
    mine = await signed_in(client)
    store.is_renewed_meanwhile = True
    assert (await asked(client, mine, PASSWORD, NEW))[:2] == (409, "password-changed")
    assert store.audit == []


async def test_a_program_changes_nobodys_password(client: Client, store: FakeStore) -> None:
    """Not even with the rights and the name of a person whose password it knows."""
    assert hashlib.sha256(b"token-of-anna").hexdigest() in store.tokens
    status, refusal, _ = await asked(
        client, await signed_in(client), PASSWORD, NEW, **bearer("anna")
    )
    assert (status, refusal) == (403, "password-of-program")

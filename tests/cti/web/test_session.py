"""Signing in by password, staying signed in by cookie."""

import asyncio
import base64
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from aiohttp.test_utils import make_mocked_request

from cti.web.errors import Refused
from cti.web.passwords import FREE_TRIES, BackOff
from cti.web.session import COOKIE, LIFE, LOOK_S, SCREEN_LIFE, Session, Sessions, read_key
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import HASHER, NOON, PASSWORD, FakeStore


def origin(client: Client) -> dict[str, str]:
    return {"Origin": str(client.make_url("/")).rstrip("/")}


async def sign_in(client: Client, user: str = "anna", password: str = PASSWORD) -> int:
    answer = await client.post("/api/v1/session", json={"user": user, "password": password})
    return answer.status


async def test_the_right_password_opens_a_session(client: Client) -> None:
    """The cookie is for HTTP only, for this site only, and says who one is."""
    answer = await client.post("/api/v1/session", json={"user": "anna", "password": PASSWORD})
    cookie = SimpleCookie(answer.headers["Set-Cookie"])["hotline_session"]
    assert answer.status == 200
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")
    me = await (await client.get("/api/v1/session")).json()
    assert me == {"user": "anna", "name": "anna先生", "role": "agent", "centre": "chifeng"}


async def test_signing_out_ends_the_session_for_copies_too(client: Client) -> None:
    """A copied cookie is worth nothing once its owner has signed out."""
    answer = await client.post("/api/v1/session", json={"user": "anna", "password": PASSWORD})
    copy = SimpleCookie(answer.headers["Set-Cookie"])["hotline_session"].value
    assert (await client.delete("/api/v1/session", headers=origin(client))).status == 204
    again = await client.get("/api/v1/session", headers={"Cookie": f"hotline_session={copy}"})
    assert again.status == 401


async def test_wrong_user_and_wrong_password_look_alike(client: Client) -> None:
    """Nobody learns from the answer which user names exist."""
    answers = [
        await (
            await client.post("/api/v1/session", json={"user": user, "password": "wrong"})
        ).json()
        for user in ("anna", "nobody")
    ]
    assert answers[0] == answers[1]
    assert answers[0]["error"]["id"] == "wrong-password"


async def test_guessing_is_held_back(client: Client, store: FakeStore) -> None:
    """After some failures the next try is not looked at, even a right one; others still sign in."""
    statuses = [await sign_in(client, password="wrong") for _ in range(FREE_TRIES)]
    assert statuses == [401] * FREE_TRIES
    held = await client.post("/api/v1/session", json={"user": "anna", "password": PASSWORD})
    assert (held.status, held.headers["Retry-After"]) == (429, "1")
    assert await sign_in(client, "bao") == 200


def test_back_off_doubles_and_forgets() -> None:
    """1 s, 2 s, 4 s … 300 s at most; a success starts anew; a quiet quarter of an hour too."""
    back_off = BackOff(free=2)
    key = ("anna", "127.0.0.1")
    waits = []
    for n in range(12):
        back_off.failed(key, float(n))
        waits.append(back_off.wait_s(key, float(n)))
    assert waits == [0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 300.0, 300.0]
    back_off.failed(key, 2000.0)
    assert back_off.wait_s(key, 2000.0) == 0.0
    back_off.failed(key, 2001.0)
    back_off.succeeded(key)
    assert back_off.wait_s(key, 2001.0) == 0.0


async def test_a_changed_password_ends_the_session(client: Client, store: FakeStore) -> None:
    """At its next look at the account, the server refuses cookies of the old password."""
    assert await sign_in(client) == 200
    store.accounts["anna"] = replace(
        store.accounts["anna"], password_hash=HASHER.hash("a new password")
    )
    assert (await client.get("/api/v1/session")).status == 401


async def test_a_database_that_is_away_locks_nobody_out(client: Client, store: FakeStore) -> None:
    """Who is signed in stays so without the database; signing in says what is wrong."""
    assert await sign_in(client) == 200
    store.is_away = True
    assert (await client.get("/api/v1/session")).status == 200
    answer = await client.get("/api/v1/work-orders")
    assert (answer.status, (await answer.json())["error"]["id"]) == (503, "store-unavailable")
    assert await sign_in(client, "bao") == 503


async def test_a_database_that_hangs_is_waited_for_once(client: Client, store: FakeStore) -> None:
    """For a moment, and not again at once; who was found blocked stays out meanwhile."""
    assert await sign_in(client) == 200
    store.hangs = True
    async with asyncio.timeout(2 * LOOK_S):
        statuses = [(await client.get("/api/v1/session")).status for _ in range(10)]
    assert statuses == [200] * 10


async def test_the_blocked_stay_out_while_the_database_is_away(store: FakeStore) -> None:
    """What was found last is what counts, not the signature alone."""
    sessions = Sessions(b"k" * 64, store, recheck_s=1.0)
    value = sessions.seal(sessions.begin(store.accounts["anna"], datetime.now(UTC)))
    request = make_mocked_request("GET", "/", headers={"Cookie": f"{COOKIE}={value}"})
    assert (await sessions.identify(request, 0.0)).user == "anna"
    blocked = store.accounts.pop("anna")
    with pytest.raises(Refused):
        await sessions.identify(request, 2.0)
    store.is_away = True
    for now_s in (2.5, 4.0, 4.1, 9.0):
        with pytest.raises(Refused):
            await sessions.identify(request, now_s)
    store.is_away, store.accounts["anna"] = False, blocked
    assert (await sessions.identify(request, 20.0)).user == "anna"


@pytest.mark.parametrize(
    "origin",
    [None, "null", "http://evil.example", "http://127.0.0.1:1", "https://[bad", "", "javascript:1"],
)
async def test_another_sites_page_cannot_use_the_cookie(client: Client, origin: str | None) -> None:
    """An unsafe method or a websocket with the cookie needs our own ``Origin``."""
    assert await sign_in(client) == 200
    headers = {} if origin is None else {"Origin": origin}
    answer = await client.post("/api/v1/work-orders/x/submit", headers=headers)
    assert (answer.status, (await answer.json())["error"]["id"]) == (403, "origin-refused")
    upgrade = {**headers, "Upgrade": "websocket", "Connection": "Upgrade"}
    assert (await client.get("/api/v1/desk", headers=upgrade)).status == 403


async def test_our_own_page_can(client: Client) -> None:
    """With our own ``Origin`` the cookie works for unsafe methods and for the desk."""
    assert await sign_in(client) == 200
    answer = await client.post("/api/v1/work-orders/x/submit", headers=origin(client))
    assert answer.status == 404
    async with client.ws_connect("/api/v1/desk", headers=origin(client)) as ws:
        assert (await ws.receive_json())["seq"] == 0


async def test_another_sites_page_cannot_sign_in(client: Client) -> None:
    """Nobody is signed in as somebody else by a foreign page."""
    answer = await client.post(
        "/api/v1/session",
        json={"user": "anna", "password": PASSWORD},
        headers={"Origin": "http://evil.example"},
    )
    assert answer.status == 403


def test_a_cookie_is_whole_or_nothing(store: FakeStore) -> None:
    """Any changed letter, any other key, any late hour: refused."""
    sessions = Sessions(b"k" * 64, store)
    sealed = sessions.seal(sessions.begin(store.accounts["anna"], NOON))
    assert sessions.open(sealed, NOON).user == "anna"
    body, signature = sealed.split(".")
    promoted = json.loads(base64.urlsafe_b64decode(body)) | {"role": "supervisor"}
    forged = base64.urlsafe_b64encode(json.dumps(promoted).encode()).decode()
    late = NOON + LIFE + timedelta(seconds=1)
    for value, now in (
        (f"{forged}.{signature}", NOON),
        (body, NOON),
        ("", NOON),
        (f".{signature}", NOON),
        (sealed + "0", NOON),
        ("é.é", NOON),
        (sealed, late),
    ):
        with pytest.raises(Refused):
            sessions.open(value, now)
    with pytest.raises(Refused):
        Sessions(b"o" * 64, store).open(sealed, NOON)


def test_the_key_outlives_a_restart(tmp_path: Path) -> None:
    """Two starts read one key, so a restart of the brain signs nobody out."""
    assert read_key(tmp_path / "secrets" / "session") == read_key(tmp_path / "secrets" / "session")
    (tmp_path / "secrets" / "session").write_bytes(b"short")
    with pytest.raises(ValueError, match="damaged"):
        read_key(tmp_path / "secrets" / "session")


def test_a_session_lasts_a_shift(store: FakeStore) -> None:
    """Twelve hours from signing in."""
    now = datetime(2026, 11, 22, tzinfo=UTC)
    session: Session = Sessions(b"k" * 64, store).begin(store.accounts["anna"], now)
    assert session.until == int((now + timedelta(hours=12)).timestamp())


async def test_a_wall_stays_signed_in_for_as_long_as_it_stands(client: Client) -> None:
    """Each look at the session gives a screen's thirty days again, and nobody else's anything."""
    month = str(30 * 24 * 3600)
    for user, renewed in (("chief", []), ("wall", [month])):
        await sign_in(client, user)
        answer = await client.get("/api/v1/session")
        told = SimpleCookie(answer.headers.get("Set-Cookie", ""))
        assert [one["max-age"] for one in told.values()] == renewed


def test_a_renewed_session_is_the_same_for_longer(store: FakeStore) -> None:
    """What ends it ends it yet: its id, whose it is and the password it was opened with stand."""
    sessions, later = Sessions(b"k" * 64, store), NOON + timedelta(days=29)
    first = sessions.begin(store.accounts["wall"], NOON)
    assert first.until == int((NOON + SCREEN_LIFE).timestamp())
    again = sessions.renewed(first, later)
    assert again.until == int((later + SCREEN_LIFE).timestamp())
    assert again.model_copy(update={"until": first.until}) == first
    sessions.end(first)
    with pytest.raises(Refused):
        sessions.open(sessions.seal(again), later)


async def test_a_wall_shows_the_day_and_nothing_by_person(client: Client) -> None:
    """Lines and half-hours of its own centre."""
    asked = {"line": 200, "half-hour": 200, "agent": 422, "seat": 422, "day": 422}
    for by, status in asked.items():
        answer = await client.get(f"/api/v1/stats?by={by}", headers=bearer("wall"))
        assert (by, answer.status) == (by, status)
    answer = await client.get("/api/v1/live?centre=hulunbuir", headers=bearer("wall"))
    assert answer.status == 403

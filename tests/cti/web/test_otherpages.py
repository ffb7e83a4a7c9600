"""Other systems' pages: a key in the address, exchanged once by their server; frames by a list."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from config.platform import Platform
from config.profile import Profile
from cti.ids import AgentId, CallId
from cti.web.desk import DeskHub
from cti.web.popkeys import GOOD_FOR, KEPT, PopKeys, Popped
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import CHIFENG, NOON, PASSWORD, FakeStore
from tests.cti.web.test_gate import pop_for

ANNA = AgentId("anna")
WISH = pop_for(ANNA)
POP = "https://crm.example/pop?key={key}"


def know(hub: DeskHub, profile: Profile, **told: Any) -> None:
    hub.know(Platform(centres=(profile.model_copy(update=told),)))


async def give(client: Client, user: str = "anna", call: str = "") -> tuple[int, Any]:
    body = {"call": call or WISH.call}
    answer = await client.post("/api/v1/pops", json=body, headers=bearer(user))
    return answer.status, await answer.json()


async def exchange(client: Client, key: str) -> tuple[int, Any]:
    body = {"key": key}
    answer = await client.post("/api/v1/pops/exchange", json=body, headers=bearer("robot"))
    return answer.status, await answer.json()


async def test_nothing_pops_unless_the_profile_says_so(client: Client, hub: DeskHub) -> None:
    """Neither an address nor a key; and the page is told so before it asks."""
    hub.pop(WISH)
    said = await (await client.get("/api/v1/other-pages", headers=bearer("anna"))).json()
    assert said == {"pops": False, "origins": []}
    status, refused = await give(client)
    assert (status, refused["error"]["id"]) == (409, "pop-off")


async def test_the_address_holds_a_key_and_nothing_of_the_caller(
    client: Client, hub: DeskHub, profile: Profile
) -> None:
    """No number, no call; another key each time."""
    know(hub, profile, pop_url=POP)
    hub.pop(WISH)
    status, given = await give(client)
    _, again = await give(client)
    assert status == 200
    assert given["url"] == POP.replace("{key}", given["key"])
    assert urlsplit(given["url"]).netloc == "crm.example"
    assert WISH.ani not in given["url"]
    assert WISH.call not in given["url"]
    assert again["key"] != given["key"]


async def test_a_key_is_given_for_the_own_call_only(
    client: Client, hub: DeskHub, profile: Profile
) -> None:
    """Not for a colleague's, nor for one that is gone."""
    know(hub, profile, pop_url=POP)
    hub.pop(WISH)
    for user, call in (("bao", ""), ("anna", "node1-9.9")):
        status, refused = await give(client, user, call)
        assert (status, refused["error"]["id"]) == (409, "not-on-call")


async def test_a_key_is_exchanged_once_and_audited(
    client: Client, hub: DeskHub, profile: Profile, store: FakeStore
) -> None:
    """By a program's token, for the card with the number masked."""
    know(hub, profile, pop_url=POP)
    hub.pop(WISH)
    key = (await give(client))[1]["key"]
    status, told = await exchange(client, key)
    assert status == 200
    assert (told["call_id"], told["agent"], told["line"]["number"]) == (
        WISH.call,
        "anna",
        "8337772",
    )
    assert told["caller"]["is_masked"]
    assert told["caller"]["number"].endswith(WISH.ani[-2:])
    assert WISH.ani not in str(told)
    what = {"call": WISH.call, "agent": "anna", "number": "masked"}
    assert store.audit == [("robot", "pop-exchanged", what)]
    status, refused = await exchange(client, key)
    assert (status, refused["error"]["id"]) == (404, "pop-key-gone")


async def test_the_whole_number_is_told_where_the_profile_says_so(
    client: Client, hub: DeskHub, profile: Profile, store: FakeStore
) -> None:
    """And the audit says that it was; without an audit nothing is told."""
    know(hub, profile, pop_url=POP, pop_whole_number=True)
    hub.pop(WISH)
    told = (await exchange(client, (await give(client))[1]["key"]))[1]
    assert (told["caller"]["number"], told["caller"]["is_masked"]) == (WISH.ani, False)
    assert store.audit[-1][2]["number"] == "whole"
    key = (await give(client))[1]["key"]
    store.keeps_audit = False
    assert (await exchange(client, key))[0] == 503


async def test_frames_are_for_the_listed_origins(
    client: Client, hub: DeskHub, profile: Profile
) -> None:
    """Nobody's by default; the list stands in the policy as soon as the profile has it."""
    before = (await client.get("/")).headers["Content-Security-Policy"]
    assert before.endswith("frame-ancestors 'none'")
    know(hub, profile, page_origins=("https://crm.example", "http://10.1.2.3:8080"))
    after = (await client.get("/")).headers["Content-Security-Policy"]
    assert after.endswith("frame-ancestors https://crm.example http://10.1.2.3:8080")
    said = await (await client.get("/api/v1/other-pages", headers=bearer("anna"))).json()
    assert said["origins"] == ["https://crm.example", "http://10.1.2.3:8080"]
    hub.pop(WISH)
    given = (await give(client))[1]
    assert given["url"] is None


@pytest.mark.parametrize(
    ("origins", "scheme", "is_framed", "expected"),
    [
        (("https://crm.example",), "https", True, "None"),
        (("https://crm.example",), "http", True, "Strict"),
        (("https://crm.example",), "https", False, "Strict"),
        ((), "https", True, "Strict"),
    ],
)
async def test_a_session_in_anothers_frame_is_of_that_frame_alone(
    client: Client,
    hub: DeskHub,
    profile: Profile,
    origins: tuple[str, ...],
    scheme: str,
    is_framed: bool,
    expected: str,
) -> None:
    """Partitioned and encrypted where frames are allowed; else no other site's frame has one."""
    know(hub, profile, page_origins=origins)
    answer = await client.post(
        "/api/v1/session",
        json={"user": "anna", "password": PASSWORD, "is_framed": is_framed},
        headers={"Origin": f"{scheme}://{client.host}:{client.port}"},
    )
    assert answer.status == 200, await answer.text()
    [cookie] = answer.headers.getall("Set-Cookie")
    assert f"SameSite={expected}" in cookie
    is_apart = expected == "None"
    assert ("Partitioned" in cookie, "Secure" in cookie) == (is_apart, is_apart)


def popped() -> Popped:
    return Popped(
        centre=CHIFENG,
        agent=ANNA,
        name="王芳",
        call=CallId("node1-1.1"),
        card={},  # type: ignore[typeddict-item]  # nobody looks at it here
        until=NOON + GOOD_FOR,
    )


def test_a_key_is_good_for_a_minute_and_for_its_centre() -> None:
    """Brought by another centre's program it stays good for its own."""
    keys = PopKeys()
    key = keys.give(popped())
    assert keys.take(key, type(CHIFENG)("xining"), NOON) is None
    assert keys.take("x" * 43, CHIFENG, NOON) is None
    assert keys.take(key, CHIFENG, NOON + GOOD_FOR - timedelta(seconds=1)) == popped()
    late = keys.give(popped())
    assert keys.take(late, CHIFENG, NOON + GOOD_FOR) is None


def test_keys_that_nobody_brings_are_forgotten() -> None:
    """The oldest first."""
    keys = PopKeys()
    first = keys.give(popped())
    rest = [keys.give(replace(popped(), name=str(at))) for at in range(KEPT)]
    assert keys.take(first, CHIFENG, NOON) is None
    assert keys.take(rest[0], CHIFENG, NOON) is not None

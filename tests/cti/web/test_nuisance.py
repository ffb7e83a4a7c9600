"""Nuisance callers over HTTP: listed with reason and end, shown masked, seen by supervisors."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cti.effects import ShowBlocked
from cti.ids import AgentId, CallId, LineId
from cti.nuisance import MOST_DIGITS
from cti.web.desk import DeskHub
from records.callrecord import Disposition
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import CHIFENG, FakeStore
from tests.cti.web.sample import ANI, call_record

PATH = "/api/v1/nuisance"
MASKED = "*********01"
WISH = {"number": ANI, "reason": "反复辱骂话务员", "days": 30}


async def add(client: Client, user: str = "chief", **wish: object) -> tuple[int, Any]:
    answer = await client.post(PATH, json=wish or WISH, headers=bearer(user))
    return answer.status, await answer.json()


async def test_a_listing_has_a_reason_and_an_end_and_hides_the_number(
    client: Client, store: FakeStore
) -> None:
    """What is kept is the number in the one form; what is answered is masked."""
    status, made = await add(client, number="+86 139-0000-0001", reason=" 辱骂 ", days=30)
    assert (status, made["number"], made["reason"]) == (201, MASKED, "辱骂")
    assert (made["added_by"], made["is_standing"], made["blocked"]) == ("chief", True, 0)
    [kept] = store.listings
    assert (kept.number, kept.centre) == ("13900000001", CHIFENG)
    assert kept.until - kept.added_at == timedelta(days=30)


async def test_a_local_number_is_listed_with_its_area_code(
    client: Client, store: FakeStore
) -> None:
    """As the centre's trunk may leave it out and another may not: it is one caller, one row."""
    for number in ("8337772", "0476-8337772"):
        assert (await add(client, number=number, reason="辱骂", days=30))[0] == 201
    assert {one.number for one in store.listings} == {"04768337772"}


@pytest.mark.parametrize(
    ("wish", "id"),
    [
        ({**WISH, "number": "110"}, "nuisance-number"),
        ({**WISH, "number": "1" * (MOST_DIGITS + 1)}, "nuisance-number"),
        ({"number": ANI, "reason": "x", "until": "2020-01-01T00:00:00Z"}, "nuisance-until"),
        ({"number": ANI, "reason": "x", "until": "2090-01-01T00:00:00Z"}, "nuisance-until"),
        ({"number": ANI, "reason": " ", "days": 1}, "invalid-body"),
        ({"number": ANI, "reason": "x"}, "invalid-body"),
        (
            {"number": ANI, "reason": "x", "days": 1, "until": "2090-01-01T00:00:00Z"},
            "invalid-body",
        ),
        ({"number": ANI, "call": "c", "reason": "x", "days": 1}, "invalid-body"),
        ({"reason": "x", "days": 1}, "invalid-body"),
        ({"call": "nobody", "reason": "x", "days": 1}, "call-unknown"),
    ],
)
async def test_what_cannot_be_listed_is_refused(
    client: Client, store: FakeStore, wish: dict[str, Any], id: str
) -> None:
    status, told = await add(client, **wish)
    assert (status >= 400, told["error"]["id"], store.listings) == (True, id, [])


async def test_a_caller_is_listed_by_its_call(client: Client, store: FakeStore) -> None:
    """Nobody need see the number to refuse it; another centre's call is not known here."""
    record = call_record()
    store.kept_calls[record.call] = record
    status, made = await add(client, call=record.call, reason="辱骂", days=1)
    assert (status, made["number"], store.listings[0].number) == (201, MASKED, ANI)
    store.kept_calls[record.call] = replace(record, centre=type(CHIFENG)("hulunbuir"))
    status, told = await add(client, call=record.call, reason="辱骂", days=1)
    assert (status, told["error"]["id"]) == (404, "call-unknown")


async def test_the_list_says_how_often_each_was_refused(client: Client, store: FakeStore) -> None:
    await add(client)
    store.blocked[1] = 7
    answer = await client.get(f"{PATH}?standing=true", headers=bearer("admin"))
    [item] = (await answer.json())["items"]
    assert (item["number"], item["blocked"], item["id"]) == (MASKED, 7, 1)
    answer = await client.get(f"{PATH}?standing=false", headers=bearer("admin"))
    assert (await answer.json())["items"] == []


async def test_a_whole_number_leaves_a_row_in_the_audit(client: Client, store: FakeStore) -> None:
    await add(client)
    answer = await client.post(f"{PATH}/1/reveal", headers=bearer("chief"))
    assert (await answer.json())["number"] == ANI
    assert store.audit == [("chief", "nuisance-revealed", {"id": "1"})]


async def test_a_number_is_taken_off(client: Client, store: FakeStore) -> None:
    """It stays in the list of what was, with who took it off."""
    await add(client)
    answer = await client.delete(f"{PATH}/1", headers=bearer("admin"))
    shown = await answer.json()
    assert (answer.status, shown["is_standing"], shown["removed_by"]) == (200, False, "admin")


@pytest.mark.parametrize("row", ["99", "calls", "x", "9" * 30])
async def test_a_row_that_is_not_there_is_said(client: Client, row: str) -> None:
    for answer in (
        await client.delete(f"{PATH}/{row}", headers=bearer("chief")),
        await client.post(f"{PATH}/{row}/reveal", headers=bearer("chief")),
    ):
        assert answer.status == 404
        assert (await answer.json())["error"]["id"] == "nuisance-unknown"


async def test_every_refused_call_is_listed(client: Client, store: FakeStore) -> None:
    store.kept_calls = {
        one.call: one
        for one in (
            replace(call_record(), call=CallId("c1"), disposition=Disposition.BLOCKED),
            replace(call_record(), call=CallId("c2")),
        )
    }
    answer = await client.get(f"{PATH}/calls", headers=bearer("chief"))
    [item] = (await answer.json())["items"]
    assert (item["call_id"], item["number"]) == ("c1", MASKED)


async def test_a_refusal_is_shown_at_the_desks_of_the_centres_supervisors(hub: DeskHub) -> None:
    """At once and masked; agents and other centres' supervisors see nothing of it."""
    chief = hub.open(AgentId("chief"), None, CHIFENG)
    anna = hub.open(AgentId("anna"), None)
    other = hub.open(AgentId("other"), None, type(CHIFENG)("hulunbuir"))
    for desk in (chief, anna, other):
        await desk.take()  # its snapshot
    at = datetime(2026, 11, 20, 4, tzinfo=UTC)
    hub.show_blocked(
        ShowBlocked(call=CallId("c1"), centre=CHIFENG, line=LineId("8337772"), ani=ANI, at=at)
    )
    told = await chief.take()
    assert told is not None
    assert json.loads(told[0]) == {
        "seq": 1,
        "type": "blocked",
        "blocked": {"call": "c1", "line": "8337772", "number": MASKED, "at": at.isoformat()},
    }
    assert [len(desk._owed) for desk in (anna, other)] == [0, 0]
    hub.close(chief)
    again = hub.open(AgentId("chief"), None)
    await again.take()
    hub.show_blocked(
        ShowBlocked(call=CallId("c2"), centre=CHIFENG, line=LineId("8337772"), ani=ANI, at=at)
    )
    assert len(again._owed) == 0

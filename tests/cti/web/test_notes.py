"""What supervisors tell agents over HTTP: to who sits in the centre, kept until it is read."""

from typing import Any

import pytest

from cti.ids import AgentId, SeatId
from cti.web.desk import DeskHub
from queues.live import LiveBoard
from queues.seat import AgentState
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import CHIFENG, NOON, FakeBrain, FakeStore, seat_view
from tests.cti.web.messages import heard

ANNA = AgentId("anna")


@pytest.fixture(autouse=True)
def _sits(brain: FakeBrain) -> None:
    seat = seat_view("1001", agent=ANNA, state=AgentState.AVAILABLE)
    brain.seats[SeatId("chifeng-1001")] = seat
    brain.board[CHIFENG] = LiveBoard(NOON).live(CHIFENG, NOON, [], brain.seats.values())


async def tells(client: Client, **body: Any) -> tuple[int, Any]:
    """As the supervisor; the status and the answer."""
    answer = await client.post("/api/v1/notes", json=body, headers=bearer("chief"))
    return answer.status, await answer.json()


async def unread(client: Client, user: str) -> list[str]:
    """The words that user has not read."""
    answer = await client.get("/api/v1/notes/unread", headers=bearer(user))
    return [one["text"] for one in (await answer.json())["items"]]


async def test_a_note_stays_until_its_reader_has_read_it(
    client: Client, hub: DeskHub, store: FakeStore
) -> None:
    """At once at the desk, after a refresh, and gone from all desks once it is read."""
    desk = hub.open(ANNA, None)
    assert await tells(client, to=None, text=" 请到\n培训室 ") == (201, {"sent": 1})
    assert await unread(client, "anna") == ["请到 培训室"]
    note = store.notes[0].id
    answer = await client.post(f"/api/v1/notes/{note}/read", headers=bearer("anna"))
    assert answer.status == 200
    assert await unread(client, "anna") == []
    assert [one["type"] for one in heard(desk)][1:] == ["note", "note-read"]
    told = await (await client.get("/api/v1/notes", headers=bearer("chief"))).json()
    assert [(one["to"], one["read_at"] is not None) for one in told["items"]] == [("anna", True)]


async def test_only_who_sits_in_the_centre_is_told(client: Client, brain: FakeBrain) -> None:
    """Not who has left; and nobody is not all."""
    status, answer = await tells(client, to="bao", text="请来")
    assert (status, answer["error"]["id"]) == (409, "agent-away")
    brain.board[CHIFENG] = LiveBoard(NOON).live(CHIFENG, NOON, [], [])
    status, answer = await tells(client, to=None, text="请来")
    assert (status, answer["error"]["id"]) == (409, "nobody-seated")


async def test_a_note_has_words_and_an_end(client: Client) -> None:
    """Not nothing, not a book."""
    for text in ("", "  ", "长" * 201):
        assert (await tells(client, to=None, text=text))[0] == 422


async def test_nobody_reads_what_another_was_told(client: Client, store: FakeStore) -> None:
    """Nor can it be said to be read in their stead."""
    await tells(client, to="anna", text="请来")
    assert await unread(client, "chief") == []
    path = f"/api/v1/notes/{store.notes[0].id}/read"
    assert (await client.post(path, headers=bearer("chief"))).status == 404
    assert await unread(client, "anna") == ["请来"]

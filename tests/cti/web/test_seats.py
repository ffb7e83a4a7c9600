"""What a supervisor does to a seat over HTTP: of the own centre, to whom it was meant, audited."""

from typing import Any

import pytest

from cti.events import AgentNotReady, AgentReady, AgentSignedOut, Reskilled
from cti.ids import AgentId, SeatId
from cti.web.desk import DeskHub
from queues.seat import AgentState
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import CHIFENG, NOON, FakeBrain, FakeStore, seat_view

ANNA = AgentId("anna")
SEAT = SeatId("chifeng-1001")


@pytest.fixture(autouse=True)
def _sits(brain: FakeBrain) -> None:
    brain.seats[SEAT] = seat_view("1001", agent=ANNA, state=AgentState.AVAILABLE)


async def asks(client: Client, method: str, path: str, **body: Any) -> tuple[int, str]:
    """As the supervisor; returns the status, and the error's id or ''."""
    answer = await client.request(
        method, f"/api/v1/seats/{path}", json=body or None, headers=bearer("chief")
    )
    told = await answer.json()
    return answer.status, told.get("error", {}).get("id", "")


async def test_a_seat_is_made_ready_not_ready_and_signed_out(
    client: Client, brain: FakeBrain, store: FakeStore
) -> None:
    """As if the agent had asked; who did it is in the audit."""
    for state, event in (
        ("not-ready", AgentNotReady),
        ("ready", AgentReady),
        ("sign-out", AgentSignedOut),
    ):
        told = await asks(client, "POST", "1001/state", agent="anna", state=state)
        assert told == (202, "")
        assert isinstance(brain.submitted[-1], event)
        about = {"seat": "1001", "agent": "anna", "state": state}
        assert store.audit[-1] == ("chief", "seat-state-set", about)


async def test_skills_are_changed_and_given_back(
    client: Client, brain: FakeBrain, store: FakeStore, hub: DeskHub
) -> None:
    """Only to skills that the centre has; null is what the plan says."""
    skill = hub.platform.home.skills[0]
    assert await asks(client, "PUT", "1001/skills", agent="anna", skills={skill: 2}) == (202, "")
    [said] = brain.submitted
    assert isinstance(said, Reskilled)
    assert (said.seat, said.agent, said.skills) == (SEAT, ANNA, {skill: 1})
    about = {"seat": "1001", "agent": "anna", "skills": f"{skill}2"}
    assert store.audit[-1] == ("chief", "seat-skills-set", about)
    assert await asks(client, "PUT", "1001/skills", agent="anna", skills=None) == (202, "")
    wrong = await asks(client, "PUT", "1001/skills", agent="anna", skills={"飞行": 1})
    assert wrong == (422, "skill-unknown")
    for skills in ({}, {skill: 0}, {skill: 10}):
        assert await asks(client, "PUT", "1001/skills", agent="anna", skills=skills) == (
            422,
            "invalid-body",
        )
    assert len(brain.submitted) == 2


async def test_what_was_meant_for_somebody_else_is_refused(
    client: Client, brain: FakeBrain, store: FakeStore
) -> None:
    """Who sat there has gone, or there is no such seat; nothing happens and nothing is noted."""
    assert await asks(client, "POST", "1001/state", agent="bao", state="ready") == (
        409,
        "seat-empty",
    )
    assert (await asks(client, "POST", "9/state", agent="anna", state="ready"))[0] == 404
    assert await asks(client, "DELETE", "1002/hand") == (409, "seat-empty")
    assert (brain.submitted, store.audit) == ([], [])


async def test_what_cannot_be_audited_does_not_happen(
    client: Client, brain: FakeBrain, store: FakeStore
) -> None:
    """Nobody is signed out unseen while the database is away."""
    store.keeps_audit = False
    told = await asks(client, "POST", "1001/state", agent="anna", state="sign-out")
    assert told == (503, "store-unavailable")
    assert brain.submitted == []


async def test_a_hand_is_shown_and_lowered(client: Client, hub: DeskHub) -> None:
    """By the supervisor here; it goes down at sign-out, too."""
    hub.hands.rise(ANNA, CHIFENG, NOON)
    answer = await client.get("/api/v1/live", headers=bearer("chief"))
    assert list((await answer.json())["hands"]) == ["anna"]
    assert await asks(client, "DELETE", "1001/hand") == (202, "")
    assert hub.hands.of(CHIFENG) == {}

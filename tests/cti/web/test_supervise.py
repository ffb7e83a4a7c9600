"""A supervisor joins a talk over HTTP: of the own centre, from an own seat, and never unseen."""

from dataclasses import replace

import pytest

from cti.ids import AgentId, CentreId
from cti.moveevents import SupervisorJoins, SupervisorTakes
from cti.web.desk import DeskHub
from queues.seat import AgentState
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import FakeBrain, FakeStore, seat_view
from tests.cti.web.movesample import CALL, OTHER_SEAT, talks
from transfer.step import Mode

CHIEF = AgentId("chief")


@pytest.fixture(autouse=True)
def _talk(brain: FakeBrain, hub: DeskHub) -> None:
    talks(brain, hub)
    brain.seats[OTHER_SEAT] = seat_view("1002", agent=CHIEF, state=AgentState.NOT_READY)


async def wants(client: Client, what: str, user: str = "chief", **body: str) -> tuple[int, str]:
    """Ask; returns the status, and the error's id or ''."""
    path = f"/api/v1/calls/{CALL}/{what}"
    answer = await client.post(path, json=body or None, headers=bearer(user))
    told = await answer.json()
    return answer.status, told.get("error", {}).get("id", "")


@pytest.mark.parametrize("mode", list(Mode))
async def test_a_supervisor_joins_a_talk(
    client: Client, brain: FakeBrain, store: FakeStore, mode: Mode
) -> None:
    """From the own seat, in the mode that is asked for; that it was done is in the audit."""
    assert await wants(client, "supervise", mode=mode.value) == (202, "")
    [said] = brain.submitted
    assert isinstance(said, SupervisorJoins)
    assert (said.seat, said.agent, said.call, said.mode) == (OTHER_SEAT, CHIEF, CALL, mode)
    assert store.audit == [("chief", "call-supervised", {"call": CALL, "mode": mode.value})]


async def test_a_supervisor_takes_a_talk_over(
    client: Client, brain: FakeBrain, store: FakeStore
) -> None:
    """While hearing it, so at a seat that has to do with that call already."""
    hears = replace(brain.seats[OTHER_SEAT], state=AgentState.TALKING, call=CALL)
    brain.seats[OTHER_SEAT] = hears
    assert await wants(client, "take-over") == (202, "")
    [said] = brain.submitted
    assert isinstance(said, SupervisorTakes)
    assert store.audit == [("chief", "call-taken-over", {"call": CALL})]


async def test_what_cannot_be_audited_does_not_happen(
    client: Client, brain: FakeBrain, store: FakeStore
) -> None:
    """Nobody listens unseen while the database is away."""
    store.keeps_audit = False
    assert await wants(client, "supervise", mode="listen") == (503, "store-unavailable")
    assert await wants(client, "take-over") == (503, "store-unavailable")
    assert brain.submitted == []


async def test_what_is_refused(client: Client, brain: FakeBrain) -> None:
    """No seat, a busy one, one without its phone, another centre's call, no exchange."""
    view = brain.seats[OTHER_SEAT]
    for changed, refusal in (
        (replace(view, agent=None), (409, "not-signed-in")),
        (replace(view, state=AgentState.OFFERED), (409, "seat-busy")),
        (replace(view, has_phone=False), (409, "phone-missing")),
    ):
        brain.seats[OTHER_SEAT] = changed
        assert await wants(client, "supervise", mode="listen") == refusal
    brain.seats[OTHER_SEAT] = view
    assert await wants(client, "supervise", mode="hide") == (422, "invalid-body")
    assert await wants(client, "supervise", "anna", mode="listen") == (403, "role-refused")
    brain.calls[CALL] = CentreId("hulunbuir")
    assert await wants(client, "take-over") == (404, "call-unknown")
    brain.ready = False
    assert await wants(client, "take-over") == (503, "switch-away")
    assert brain.submitted == []

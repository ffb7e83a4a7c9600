"""Follow-up calls over HTTP."""

from typing import Any

import pytest

from config.settings import Settings
from cti.ids import AgentId, SeatId
from cti.outevents import AgentDials
from queues.seat import AgentState
from records.draft import WorkOrderDraft
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import FakeBrain, FakeStore, seat_view
from tests.cti.web.sample import ANI, CALL, fill

PATH = "/api/v1/follow-ups"
TOLD = {"office": "松山区住建局", "result": "已恢复供热，联系电话13800000001"}


@pytest.fixture
def order(store: FakeStore, brain: FakeBrain, settings: Settings) -> WorkOrderDraft:
    """A submitted order; Bao sits at a desk."""
    view = seat_view("1002", agent=AgentId("bao"), state=AgentState.AVAILABLE)
    brain.seats[SeatId("chifeng-1002")] = view
    draft = fill(store, settings.recordings).model_copy(update={"status": "submitted"})
    store.kept_orders[draft.id] = draft
    return draft


async def did(client: Client, path: str, user: str, body: Any = None) -> tuple[int, Any]:
    answer = await client.post(path, json=body, headers=bearer(user))
    told = await answer.json()
    return answer.status, told["error"]["id"] if answer.status >= 400 else told


async def finished(client: Client, order: WorkOrderDraft) -> Any:
    return await did(client, f"/api/v1/work-orders/{order.id}/handled", "robot", TOLD)


async def test_a_finished_order_owes_its_citizen_a_call(
    client: Client, brain: FakeBrain, store: FakeStore, order: WorkOrderDraft
) -> None:
    """Claimed, dialled, answered: the number for the holder only, each step audited without it."""
    status, told = await finished(client, order)
    assert (status, told["state"], told["number"]) == (200, "owed", "*********01")
    assert "13800000001" not in told["result"]
    one = f"{PATH}/{order.id}"
    assert await did(client, f"{one}/dial", "bao") == (409, "follow-up-not-claimed")
    assert (await did(client, f"{one}/claim", "bao"))[1]["number"] == ANI
    assert await did(client, f"{one}/claim", "anna") == (409, "follow-up-taken")
    listed = await (await client.get(PATH, headers=bearer("anna"))).json()
    assert ANI not in str(listed)
    status, out = await did(client, f"{one}/dial", "bao")
    assert status == 200
    [wish] = [one for one in brain.submitted if isinstance(one, AgentDials)]
    assert (wish.call, wish.about, wish.number) == (out["call_id"], CALL, ANI)
    status, told = await did(client, f"{one}/answer", "bao", {"mark": 4, "remark": "热了"})
    assert (status, told["state"], told["mark"], told["answered_by"]) == (200, "done", 4, "bao")
    assert await did(client, f"{one}/claim", "anna") == (409, "follow-up-not-open")
    assert [what for _, what, _ in store.audit] == [
        "follow-up-claimed",
        "follow-up-dialled",
        "follow-up-answered",
    ]
    assert ANI not in str(store.audit)


@pytest.mark.parametrize("body", [{}, {"mark": 6}, {"mark": 3, "outcome": "busy"}])
async def test_an_answer_is_a_mark_or_a_reason_for_none(
    client: Client, order: WorkOrderDraft, body: Any
) -> None:
    """One of the two, and a mark between 1 and 5."""
    await finished(client, order)
    await did(client, f"{PATH}/{order.id}/claim", "bao")
    assert await did(client, f"{PATH}/{order.id}/answer", "bao", body) == (422, "invalid-body")
    for _ in range(3):
        await did(client, f"{PATH}/{order.id}/claim", "bao")
        _, told = await did(client, f"{PATH}/{order.id}/answer", "bao", {"outcome": "no-answer"})
    assert told["state"] == "failed"


async def test_only_what_was_handed_in_can_be_finished(
    client: Client, store: FakeStore, order: WorkOrderDraft
) -> None:
    """No draft, no void order, no unknown one."""
    for status in ("draft", "void"):
        store.kept_orders[order.id] = order.model_copy(update={"status": status})
        assert await finished(client, order) == (409, "order-not-submitted")
    assert await did(client, "/api/v1/work-orders/x-1/handled", "robot", TOLD) == (
        404,
        "order-unknown",
    )
    assert await did(client, f"{PATH}/x-1/claim", "bao") == (404, "follow-up-unknown")


async def test_who_asked_to_be_anonymous_is_followed_up_by_whom_it_told(
    client: Client, store: FakeStore, order: WorkOrderDraft
) -> None:
    """Not by an agent to whom the caller did not speak."""
    hidden = order.caller.model_copy(update={"anonymous": True})
    store.kept_orders[order.id] = order.model_copy(update={"caller": hidden})
    await finished(client, order)
    assert await did(client, f"{PATH}/{order.id}/claim", "bao") == (403, "order-anonymous")
    assert (await did(client, f"{PATH}/{order.id}/claim", "anna"))[0] == 200

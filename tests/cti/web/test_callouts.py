"""Calling out from a work order."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from config.settings import Settings
from cti.ids import AgentId, CallId, SeatId
from cti.outevents import AgentDials
from queues.seat import AgentState
from records.callrecord import Direction, Disposition, Offered
from records.draft import WorkOrderDraft
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import NOON, FakeBrain, FakeStore, seat_view
from tests.cti.web.sample import ANI, CALL, call_record, fill, missed_task

LIST = "/api/v1/work-orders"


@pytest.fixture
def order(store: FakeStore, brain: FakeBrain, settings: Settings) -> WorkOrderDraft:
    """Anna's order; she sits at her desk, and so does Bao."""
    for extension, user in (("1001", "anna"), ("1002", "bao")):
        view = seat_view(extension, agent=AgentId(user), state=AgentState.AVAILABLE)
        brain.seats[SeatId(f"chifeng-{extension}")] = view
    return fill(store, settings.recordings)


async def call_out(client: Client, order: str, user: str) -> tuple[int, Any]:
    answer = await client.post(f"{LIST}/{order}/call-out", headers=bearer(user))
    told = await answer.json()
    return answer.status, told["error"]["id"] if answer.status >= 400 else told


async def test_an_order_has_its_citizen_called_by_who_took_the_call(
    client: Client, brain: FakeBrain, store: FakeStore, order: WorkOrderDraft
) -> None:
    """About that call, over its line; audited without the number; which no address holds."""
    status, told = await call_out(client, order.id, "anna")
    assert status == 200
    [wish] = [one for one in brain.submitted if isinstance(one, AgentDials)]
    assert (wish.call, wish.about, wish.line) == (told["call_id"], CALL, "8337772")
    assert (wish.seat, wish.agent, wish.number) == ("chifeng-1001", "anna", ANI)
    assert store.audit == [
        ("anna", "order-called-out", {"order": order.id, "out": told["call_id"]})
    ]


async def test_nobody_is_called_who_may_not_be(
    client: Client, brain: FakeBrain, store: FakeStore, order: WorkOrderDraft
) -> None:
    """Another agent's order, no number, no seat, and whatever the switch would not do."""
    assert await call_out(client, order.id, "bao") == (403, "not-your-call")
    assert await call_out(client, order.id, "chief") == (409, "not-signed-in")
    assert await call_out(client, "20261122-nothing", "anna") == (404, "order-unknown")
    brain.keeps_from_dialling = "citizen-on-call"
    assert await call_out(client, order.id, "anna") == (409, "citizen-on-call")
    brain.keeps_from_dialling = ""
    unknown = order.caller.model_copy(update={"number": None})
    store.kept_orders[order.id] = order.model_copy(update={"caller": unknown})
    assert await call_out(client, order.id, "anna") == (409, "number-missing")
    assert (brain.submitted, store.audit) == ([], [])


async def test_who_asked_to_be_anonymous_is_called_by_nobody_else(
    client: Client, store: FakeStore, order: WorkOrderDraft
) -> None:
    """The agent who was told may; one at another desk may not, though nobody of ours talked."""
    hidden = order.caller.model_copy(update={"anonymous": True})
    store.kept_orders[order.id] = order.model_copy(update={"caller": hidden})
    assert (await call_out(client, order.id, "anna"))[0] == 200
    store.kept_calls[CALL] = replace(call_record(), talks=())
    assert await call_out(client, order.id, "bao") == (403, "order-anonymous")


async def test_what_came_of_each_call_is_shown(
    client: Client, store: FakeStore, order: WorkOrderDraft
) -> None:
    """In the order they were made, with agent, outcome and length; and until when it is owed."""
    answered = replace(
        call_record(CallId("out-2.1"), at=NOON + timedelta(hours=2)),
        direction=Direction.OUT,
        about=CALL,
    )
    rung = Offered(seat=SeatId(""), at=NOON + timedelta(hours=1), outcome="rejected")
    busy = replace(
        call_record(CallId("out-1.1"), agent=None, at=rung.at),
        direction=Direction.OUT,
        about=CALL,
        disposition=Disposition.UNREACHED,
        offers=(rung,),
    )
    store.kept_calls |= {one.call: one for one in (answered, busy)}
    store.tasks[CALL] = task = missed_task(CALL)
    answer = await client.get(f"{LIST}/{order.id}/calls", headers=bearer("bao"))
    told = await answer.json()
    assert [(one["call_id"], one["agent"], one["outcome"]) for one in told["items"]] == [
        ("out-1.1", "", "busy"),
        ("out-2.1", "anna", "answered"),
    ]
    assert told["items"][1]["seconds"] == 60.0
    assert told["due_at"] == task.due_at.isoformat().replace("+00:00", "Z")
    assert ANI not in str(told)

"""Who called, of a caller who asked to be unknown."""

from typing import Any

import pytest

from config.settings import Settings
from cti.ids import CentreId
from records.draft import WorkOrderDraft
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import FakeStore
from tests.cti.web.sample import ANI, fill

ORDERS = "/api/v1/work-orders"
MASKED = "*********01"
WHY = "来电人要求撤诉，需本人核实，他的电话是13800000001"


@pytest.fixture
def order(store: FakeStore, settings: Settings) -> WorkOrderDraft:
    """Anna's order, handed in; its caller asked to be unknown."""
    draft = fill(store, settings.recordings)
    caller = draft.caller.model_copy(update={"anonymous": True, "name": "王小明"})
    told = f"王小明的电话是{ANI}"
    hidden = draft.model_copy(update={"caller": caller, "status": "submitted", "summary": told})
    store.kept_orders[hidden.id] = hidden
    return hidden


async def asked(client: Client, method: str, path: str, user: str, body: Any = None) -> Any:
    answer = await client.request(method, path, json=body, headers=bearer(user))
    return answer.status, await answer.json()


@pytest.mark.parametrize("user", ["anna", "chief", "bao", "admin"])
async def test_nobody_sees_who_called_without_saying_why(
    client: Client, order: WorkOrderDraft, user: str
) -> None:
    """Not the agent who took the call, nor the supervisor; neither in the order nor in a list."""
    for path in (ORDERS, f"{ORDERS}/{order.id}"):
        status, found = await asked(client, "GET", path, user)
        assert status == 200
        assert ANI not in str(found)
        assert "王小明" not in str(found)


async def test_it_is_whole_while_it_is_written_and_for_systems(
    client: Client, store: FakeStore, order: WorkOrderDraft
) -> None:
    """Whoever writes it needs it; a city's platform has rules of its own for whom it tells."""
    assert (await asked(client, "GET", f"{ORDERS}/{order.id}", "robot"))[1]["caller"][
        "number"
    ] == ANI
    store.kept_orders[order.id] = order.model_copy(update={"status": "draft"})
    assert (await asked(client, "GET", f"{ORDERS}/{order.id}", "anna"))[1]["caller"][
        "number"
    ] == ANI


@pytest.mark.parametrize("user", ["anna", "chief"])
async def test_who_says_why_is_shown_it_and_written_down(
    client: Client, store: FakeStore, order: WorkOrderDraft, user: str
) -> None:
    """Once: who asks again without a reason sees it masked again. No number is in the audit."""
    path = f"{ORDERS}/{order.id}/reveal"
    status, whole = await asked(client, "POST", path, user, {"reason": f" {WHY} "})
    assert (status, whole["caller"]["number"], whole["caller"]["name"]) == (200, ANI, "王小明")
    [(who, what, data)] = store.audit
    assert (who, what, data["order"], data["number"]) == (user, "order-revealed", order.id, MASKED)
    assert data["why"] == "来电人要求撤诉，需本人核实，他的电话是*********01"
    again = await asked(client, "GET", f"{ORDERS}/{order.id}", user)
    assert again[1]["caller"]["number"] == MASKED


async def test_no_audit_no_number(client: Client, store: FakeStore, order: WorkOrderDraft) -> None:
    """It is written down first: a database that is away shows nothing."""
    store.keeps_audit = False
    answer = await client.post(
        f"{ORDERS}/{order.id}/reveal", json={"reason": WHY}, headers=bearer("chief")
    )
    assert answer.status >= 500
    assert ANI not in await answer.text()


@pytest.mark.parametrize(
    ("user", "body", "refused"),
    [
        ("bao", {"reason": WHY}, (403, "not-your-call")),
        ("xia", {"reason": WHY}, (404, "order-unknown")),
        ("chief", {"reason": " 1 "}, (422, "invalid-body")),
        ("chief", {"reason": "长" * 201}, (422, "invalid-body")),
        ("chief", {}, (422, "invalid-body")),
    ],
)
async def test_who_may_not_or_says_nothing_is_refused(
    client: Client, store: FakeStore, order: WorkOrderDraft, user: str, body: Any, refused: Any
) -> None:
    """And nothing is written down."""
    status, answer = await asked(client, "POST", f"{ORDERS}/{order.id}/reveal", user, body)
    assert (status, answer["error"]["id"]) == refused
    assert store.audit == []


async def test_supervisors_read_who_asked(
    client: Client, store: FakeStore, order: WorkOrderDraft
) -> None:
    """The newest first, of the own centre; agents do not."""
    for why in ("核实撤诉", "回复本人"):
        await asked(client, "POST", f"{ORDERS}/{order.id}/reveal", "anna", {"reason": why})
    await store.write_audit(CentreId("hulunbuir"), "xia", "order-revealed", {"order": "x"})
    status, told = await asked(client, "GET", "/api/v1/reveals?limit=1", "chief")
    assert (status, told["total"]) == (200, 2)
    [one] = told["items"]
    assert (one["user"], one["order"], one["number"], one["reason"]) == (
        "anna",
        order.id,
        MASKED,
        "回复本人",
    )
    assert (await asked(client, "GET", "/api/v1/reveals", "admin"))[1]["total"] == 2
    assert (await asked(client, "GET", "/api/v1/reveals", "anna"))[0] == 403

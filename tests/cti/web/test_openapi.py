"""The API does what its OpenAPI document says, for whatever the document allows to be sent."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import Case
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Err
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from config.settings import Settings
from cti.web.app import make_app
from cti.web.desk import DeskHub
from cti.web.serving import serving
from tests.cti.web.conftest import bearer
from tests.cti.web.fakeledger import FakeLedger
from tests.cti.web.fakes import FakeBrain, FakeStore
from tests.cti.web.sample import fill, missed_task

EXAMPLES = 15
"""Per operation: all of them within half a minute."""
SKIPPED = {"/api/v1/desk"}
"""A websocket: its frames are judged in ``test_desksocket``."""
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


async def test_the_api_keeps_to_its_document(
    settings: Settings, brain: FakeBrain, store: FakeStore, hub: DeskHub
) -> None:
    """Every answer to every generated request has a documented status, type and shape."""
    fill(store, settings.recordings)
    task = missed_task()
    store.tasks[task.call] = task
    app = make_app(settings, brain, store, hub, FakeLedger())
    async with serving(app, "127.0.0.1", 0) as port:
        async with asyncio.timeout(100):
            # In a process of its own: a speech engine that another test has loaded into this
            # one rounds the smallest numbers to nothing, and then none can be generated.
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
                asking = apart.submit(ask_everything, f"http://127.0.0.1:{port}")
                asked = await asyncio.wrap_future(asking)
    assert asked >= 32 * EXAMPLES // 2


def ask_everything(address: str) -> int:
    """Put generated requests to every operation of the document; returns how many."""
    document = schemathesis.openapi.from_url(f"{address}/api/v1/openapi.json")
    asked = 0
    for found in document.get_all_operations():
        assert not isinstance(found, Err), found.err()
        operation = found.ok()
        if operation.path in SKIPPED:
            continue
        roles = operation.definition.raw["x-roles"]
        user = "admin" if roles == ["admin"] else "chief"
        asked += ask(operation.as_strategy(), address, user)
    return asked


def ask(cases: st.SearchStrategy[Case[Any]], address: str, user: str) -> int:
    """Put generated requests to one operation."""
    asked = 0

    @given(case=cases)
    @settings_of_fuzz
    def one(case: Case[Any]) -> None:
        nonlocal asked
        asked += 1
        case.call_and_validate(base_url=address, headers=bearer(user), checks=CHECKS, timeout=10)

    one()
    return asked


settings_of_fuzz = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

"""A sentence is heard again by whoever may hear the call."""

import pytest

from config.settings import Settings
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import FakeStore
from tests.cti.web.sample import CALL, fill

CLIP = f"/api/v1/calls/{CALL}/clip?channel=caller&from_s=1.5&to_s=3"


@pytest.fixture(autouse=True)
def _kept(store: FakeStore, settings: Settings) -> None:
    fill(store, settings.recordings)
    store.clips[CALL, True] = b"RIFFsound"


async def test_its_agent_hears_it_and_that_is_written_down_once(
    client: Client, store: FakeStore
) -> None:
    """Sentence after sentence is one hearing."""
    for _ in range(3):
        answer = await client.get(CLIP, headers=bearer("anna"))
        assert (answer.status, await answer.read()) == (200, b"RIFFsound")
    assert store.audit == [("anna", "recording-heard", {"call": CALL, "part": "clip"})]


@pytest.mark.parametrize(
    ("user", "query", "status", "error"),
    [
        ("bao", "channel=caller&from_s=1&to_s=2", 403, "not-your-call"),
        ("xia", "channel=caller&from_s=1&to_s=2", 404, "call-unknown"),
        ("anna", "channel=agent&from_s=1&to_s=2", 404, "recording-missing"),
        ("anna", "channel=both&from_s=1&to_s=2", 422, "invalid-query"),
        ("anna", "channel=caller&from_s=-1&to_s=2", 422, "invalid-query"),
    ],
)
async def test_others_and_nonsense_are_refused(
    client: Client, user: str, query: str, status: int, error: str
) -> None:
    """Another agent, another centre, a side that was not recorded, a time that cannot be."""
    answer = await client.get(f"/api/v1/calls/{CALL}/clip?{query}", headers=bearer(user))
    assert (answer.status, (await answer.json())["error"]["id"]) == (status, error)

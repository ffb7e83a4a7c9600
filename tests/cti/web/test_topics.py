"""Hot topics over HTTP."""

from datetime import UTC, datetime, timedelta

from records.hottopics import Said
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import CHIFENG, FakeStore

TOPICS = "/api/v1/topics"


async def test_a_supervisor_reads_what_many_call_about(client: Client, store: FakeStore) -> None:
    """With figures and orders; no other centre's; asked again in a moment it is as before."""
    now = datetime.now(UTC)
    store.said[CHIFENG] = [
        (Said(order=f"o{n}", at=now - timedelta(hours=n + 3), caller=f"c{n}", words=()), "停水了")
        for n in range(5)
    ]
    for _ in range(2):
        answer = await client.get(TOPICS, headers=bearer("chief"))
        [topic] = (await answer.json())["items"]
        assert (topic["word"], topic["kinds"], topic["count"]) == ("停水", ["hot"], 5)
        assert topic["why"] == ["24小时内5人反映"]
        assert topic["orders"] == ["o0", "o1", "o2", "o3", "o4"]
        store.said.clear()
    assert (await client.get(TOPICS, headers=bearer("anna"))).status == 403
    other = await client.get(f"{TOPICS}?centre=hulunbuir", headers=bearer("chief"))
    assert (other.status, (await other.json())["error"]["id"]) == (403, "other-centre")

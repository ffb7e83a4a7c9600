"""What orders are about, read from both kinds of database."""

from datetime import timedelta
from typing import Any

from cti.effects import WriteCall
from cti.ids import CallId, CentreId
from records.hottopics import with_words
from records.store import CallStore
from records.topicrows import said_since
from tests.records.samples import NOON, arrived

HERE = CentreId("chifeng")


async def test_orders_since_then_are_read_with_place_caller_and_words(store: CallStore) -> None:
    """Not older ones, not another centre's, not void ones; one without a title is still one."""
    calls: dict[str, dict[str, Any]] = {
        "node1-1.1": {},
        "node1-2.1": {"arrived_at": NOON - timedelta(days=2)},
        "node1-3.1": {"centre": CentreId("xining")},
        "node1-4.1": {"arrived_at": NOON - timedelta(hours=1)},
        "node1-5.1": {},
    }
    for call, facts in calls.items():
        await store.write_facts([WriteCall(record=arrived(call, **facts))])
    told_later: tuple[tuple[str, dict[str, Any]], ...] = (
        ("node1-1.1", {"title": "停水三天", "summary": "自来水没有"}),
        ("node1-5.1", {"status": "void"}),
    )
    for call, said in told_later:
        order = await store.order_of(CallId(call))
        assert order is not None
        place = order.draft.place.model_copy(update={"region": "红山区", "township": "哈达街道"})
        draft = order.draft.model_copy(update={"place": place, **said})
        assert await store.save_draft(CallId(call), draft, [])
    async with store.database.reading() as connection:
        read = await said_since(connection, HERE, NOON - timedelta(days=1))
    told, bare = with_words(read)
    assert (told.at, told.caller, told.words) == (NOON, "13847652301", ("自来水", "停水"))
    assert (told.region, told.township) == ("红山区", "哈达街道")
    assert (bare.region, bare.words) == ("", ())

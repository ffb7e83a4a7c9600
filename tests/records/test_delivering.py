"""Versions of an order are owed to the platform: each state once, by whoever's transaction."""

from collections.abc import Callable
from datetime import timedelta

from cti.effects import WriteCall
from records import delivering, edits, messages
from records.draft import WorkOrderDraft
from records.handing import ORDER_KINDS, STUBBORN
from records.messages import Due
from records.orders import Order
from records.store import CallStore
from tests.records.conftest import NOON
from tests.records.samples import CALL, arrived

HOLD = timedelta(seconds=30)
LATER = NOON + timedelta(hours=1)


def with_title(title: str, status: str = "submitted") -> Callable[[WorkOrderDraft], WorkOrderDraft]:
    return lambda draft: draft.model_copy(update={"title": title, "status": status})


async def written(store: CallStore, title: str, status: str = "submitted") -> bool:
    """Write that into the call's order as a person would; whether a version was owed."""
    kept = await store.order_of(CALL)
    assert kept is not None
    async with store.database.writing() as connection:
        changed = await edits.change(connection, kept.draft.id, with_title(title, status), NOON)
        assert changed is not None
        return await delivering.note(connection, changed.draft, lambda _centre: True, NOON)


async def due(store: CallStore) -> list[Due]:
    async with store.database.writing() as connection:
        return await messages.claim(connection, LATER, HOLD, kinds=ORDER_KINDS, in_turn=True)


async def order(store: CallStore) -> Order:
    kept = await store.order_of(CALL)
    assert kept is not None
    return kept


async def test_an_order_is_told_from_its_submission_on(store: CallStore) -> None:
    """Not as a draft, not when it is void before; then each state once, and void at last."""
    await store.write_facts([WriteCall(record=arrived())])
    assert not await written(store, "路灯", "draft")
    assert not await written(store, "路灯", "void")
    assert await written(store, "路灯")
    assert not await written(store, "路灯")
    assert await written(store, "路灯不亮")
    assert await written(store, "路灯不亮", "void")
    assert (await messages_of(store)) == [(1, "submitted"), (2, "submitted"), (3, "void")]


async def test_nothing_is_owed_where_no_platform_is_named(store: CallStore) -> None:
    """Off is off: orders of such a centre wait for nobody."""
    await store.write_facts([WriteCall(record=arrived())])
    kept = (await order(store)).draft.model_copy(update={"status": "submitted"})
    async with store.database.writing() as connection:
        assert not await delivering.note(connection, kept, lambda _centre: False, NOON)


async def test_versions_wait_for_each_other(store: CallStore) -> None:
    """The next is sent when the one before has arrived or was given up, however long that takes."""
    await store.write_facts([WriteCall(record=arrived())])
    for title in ("一", "二", "三"):
        await written(store, title)
    [first] = await due(store)
    assert first.message.body["version"] == 1
    assert await due(store) == []  # held by whoever claimed it
    async with store.database.writing() as connection:
        await messages.sent(connection, first.message.key, LATER)
        await delivering.delivered(connection, first.message, LATER)
    assert (await order(store)).draft.status == "delivered"
    [second] = await due(store)
    async with store.database.writing() as connection:
        await messages.not_sent(connection, second, "http-422", LATER, STUBBORN, is_final=True)
    [third] = await due(store)
    assert (second.message.body["version"], third.message.body["version"]) == (2, 3)


async def test_what_is_undone_owes_nothing(store: CallStore) -> None:
    """A transaction that fails takes the version with it."""
    await store.write_facts([WriteCall(record=arrived())])
    kept = (await order(store)).draft
    try:
        async with store.database.writing() as connection:
            changed = await edits.change(connection, kept.id, with_title("路灯"), NOON)
            assert changed is not None
            assert await delivering.note(connection, changed.draft, lambda _centre: True, NOON)
            raise LookupError
    except LookupError:
        pass
    assert await due(store) == []
    assert (await order(store)).draft.status == "draft"


async def messages_of(store: CallStore) -> list[tuple[int, str]]:
    """Version and status of all that is owed, by draining it."""
    found = []
    while claimed := await due(store):
        for one in claimed:
            found.append((one.message.body["version"], one.message.body["status"]))
            async with store.database.writing() as connection:
                await messages.sent(connection, one.message.key, LATER)
    return found

"""What the records know of a caller's past, read from both kinds of database."""

from datetime import timedelta
from typing import Any

from cti.ids import AgentId, CallId, CentreId
from records.callerhistory import LOOKED_AT, SHOWN, caller_past
from records.callerpast import CallerPast
from records.callrecord import Disposition
from records.nuisance import add, remove
from records.store import CallStore
from tests.records.samples import NOON, arrived, ended
from tests.records.test_lastseat import talked

HERE, ANI, NOW = CentreId("chifeng"), "13847652301", NOON + timedelta(days=1)


async def past(store: CallStore, but: str = "", ani: str = ANI) -> CallerPast:
    async with store.database.reading() as connection:
        return await caller_past(connection, HERE, ani, ani, CallId(but), NOW)


async def change(store: CallStore, call: str, **said: Any) -> None:
    order = await store.order_of(CallId(call))
    assert order is not None
    caller = order.draft.caller.model_copy(update=said.pop("caller", {}))
    draft = order.draft.model_copy(update={"caller": caller, **said})
    assert await store.save_draft(CallId(call), draft, [])


async def test_the_last_calls_come_newest_first_with_who_took_them_and_their_orders(
    store: CallStore,
) -> None:
    """The call that is being announced is none of them."""
    await store.write_calls(
        [
            talked(1, "chifeng-1001", "anna"),
            arrived("node1-1.2", arrived_at=NOON + timedelta(hours=1)),
            talked(3, "chifeng-1002", "ben", NOON + timedelta(hours=2)),
        ]
    )
    await change(store, "node1-1.1", title="路灯不亮", demand_type="complaint")
    found = await past(store, but="node1-1.3")
    assert [one.call for one in found.calls] == ["node1-1.2", "node1-1.1"]
    assert [one.is_answered for one in found.calls] == [False, True]
    assert (found.calls[1].agents, found.count) == (("anna",), 2)
    assert found.calls[1].order is not None
    assert found.calls[1].order.title == "路灯不亮"
    assert "路灯不亮" in [one.title for one in found.open]


async def test_neither_another_number_nor_another_centre_is_told(store: CallStore) -> None:
    """Each centre's callers are its own."""
    await store.write_calls(
        [
            ended("node1-1.1", ani="13900000000"),
            ended("node1-1.2", centre=CentreId("wuhai")),
        ]
    )
    assert await past(store) == CallerPast()


async def test_a_caller_is_named_by_the_last_order_that_is_not_anonymous(
    store: CallStore,
) -> None:
    """Who asked to be anonymous is not called by the name of that order."""
    await store.write_calls(
        [
            talked(1, "chifeng-1001", "anna"),
            talked(2, "chifeng-1001", "anna", NOON + timedelta(hours=1)),
        ]
    )
    await change(store, "node1-1.1", caller={"name": "张某"})
    await change(store, "node1-1.2", caller={"name": "李某", "anonymous": True}, title="秘密")
    found = await past(store)
    assert found.name == "张某"
    assert "秘密" not in repr(found)
    assert "李某" not in repr(found)


async def test_whoever_calls_every_hour_costs_no_more_than_others(store: CallStore) -> None:
    """A few are shown, all are counted, and an open order among the last ones is found."""
    many = LOOKED_AT + 3
    await store.write_calls(
        [ended(f"node1-1.{n}", arrived_at=NOON - timedelta(minutes=n)) for n in range(many)]
    )
    found = await past(store)
    assert (len(found.calls), found.count) == (SHOWN, many)
    assert len(found.open) == LOOKED_AT


async def test_a_listing_as_a_nuisance_is_told_standing_or_ended(store: CallStore) -> None:
    """The latest counts; numbers in its reason are covered."""
    blocked = ended("node1-1.9", disposition=Disposition.BLOCKED)
    await store.write_call(blocked)
    assert (await past(store)).nuisance is None
    async with store.database.writing() as connection:
        listing = await add(
            connection,
            HERE,
            ANI,
            reason="反复拨打，自称13900001234",
            until=NOW + timedelta(days=9),
            who=AgentId("chief"),
            now=NOON,
        )
    found = (await past(store)).nuisance
    assert found is not None
    assert (found.stands, found.since, found.reason) == (True, NOON, "反复拨打，自称*********34")
    async with store.database.writing() as connection:
        await remove(connection, HERE, listing.id, AgentId("chief"), NOON + timedelta(hours=1))
    found = (await past(store)).nuisance
    assert found is not None
    assert (found.stands, found.until) == (False, NOON + timedelta(hours=1))

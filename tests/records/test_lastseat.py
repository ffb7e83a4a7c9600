"""Who talked with a caller last about a demand that is still open."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from cti.ids import AgentId, CallId, CentreId, PeerId, SeatId
from records.callerpast import OPEN_FOR
from records.callrecord import CallRecord, Talk
from records.lastseat import LOOKED_AT, LastSeats
from records.store import CallStore
from tests.records.samples import NOON, arrived, ended

HERE, ANI = CentreId("chifeng"), "13847652301"
LATER = NOON + timedelta(days=1)


def talked(number: int, seat: str, agent: str, at: datetime = NOON, **other: Any) -> CallRecord:
    talk = Talk(seat=SeatId(seat), agent=AgentId(agent), since=at, until=at + timedelta(seconds=9))
    return ended(f"node1-1.{number}", arrived_at=at, talks=(talk,), **other)


async def settle(store: CallStore, call: str, **said: str) -> None:
    """Write a decision, a kind or a state into the call's order."""
    order = await store.order_of(CallId(call))
    assert order is not None
    assert await store.save_draft(CallId(call), order.draft.model_copy(update=said), [])


async def known(store: CallStore, now: datetime = LATER) -> tuple[str, str] | None:
    return await LastSeats(store.database).last_seat(HERE, ANI, now)


async def test_the_last_talk_of_the_newest_open_demand_counts(store: CallStore) -> None:
    """Of two seats in one call the later one knows more."""
    one = talked(1, "chifeng-1001", "anna")
    two = talked(2, "chifeng-1002", "ben", NOON + timedelta(hours=1))
    passed_on = replace(two.talks[0], seat=SeatId("chifeng-1003"), agent=AgentId("carl"))
    await store.write_calls([replace(two, talks=(*two.talks, passed_on)), one])
    assert await known(store) == ("chifeng-1003", "carl")


async def test_a_talk_at_another_exchange_is_nobodys_seat(store: CallStore) -> None:
    """The seat before it is remembered, if there was one."""
    one = talked(1, "chifeng-1001", "anna")
    outside = replace(one.talks[0], seat=SeatId(""), agent=AgentId(""), peer=PeerId("shuiwu"))
    two = talked(2, "", "", NOON + timedelta(hours=1))
    two = replace(two, talks=(outside,))
    await store.write_calls([replace(one, talks=(*one.talks, outside)), two])
    assert await known(store) == ("chifeng-1001", "anna")


@pytest.mark.parametrize(
    "said",
    [
        {"status": "void"},
        {"decision": "answered"},
        {"decision": "decline"},
        {"demand_type": "praise"},
    ],
)
async def test_a_demand_that_is_settled_is_forgotten(
    store: CallStore, said: dict[str, str]
) -> None:
    """The one before it that is open is remembered."""
    await store.write_call(talked(1, "chifeng-1001", "anna", NOON + timedelta(hours=1)))
    await settle(store, "node1-1.1", **said)
    assert await known(store) is None
    await store.write_call(talked(2, "chifeng-1002", "ben"))
    assert await known(store) == ("chifeng-1002", "ben")


@pytest.mark.parametrize("said", [{"status": "submitted"}, {"decision": "accept"}])
async def test_a_demand_under_way_is_open(store: CallStore, said: dict[str, str]) -> None:
    await store.write_call(talked(1, "chifeng-1001", "anna"))
    await settle(store, "node1-1.1", **said)
    assert await known(store) == ("chifeng-1001", "anna")


async def test_nobody_is_known_who_never_talked_here_lately(store: CallStore) -> None:
    """Called in vain, at another centre, by another number, or too long ago."""
    await store.write_calls(
        [
            arrived("node1-1.1", ended_at=NOON),
            talked(2, "tongliao-1001", "dora", centre=CentreId("tongliao")),
            talked(3, "chifeng-1001", "anna", ani="13847650000"),
        ]
    )
    assert await known(store) is None
    await store.write_call(talked(4, "chifeng-1001", "anna"))
    assert await known(store, NOON + OPEN_FOR) == ("chifeng-1001", "anna")
    assert await known(store, NOON + OPEN_FOR + timedelta(seconds=1)) is None


async def test_only_the_newest_calls_are_looked_at(store: CallStore) -> None:
    """Who calls every hour costs no more than others."""
    await store.write_call(talked(0, "chifeng-1001", "anna"))
    for number in range(1, LOOKED_AT + 1):
        at = NOON + timedelta(minutes=number)
        await store.write_call(talked(number, "chifeng-1002", "ben", at))
        await settle(store, f"node1-1.{number}", decision="answered")
    assert await known(store) is None

"""The list of nuisance callers in the database: one row a listing, counted, audited, per centre."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from cti.ids import AgentId, CentreId
from cti.nuisance import Listing
from records import nuisance
from records.callrecord import CallRecord, Disposition
from records.nuisance import AlreadyListed
from records.store import CallStore
from records.tables import audit
from tests.records.samples import NOON, arrived

HERE, THERE = CentreId("chifeng"), CentreId("ningcheng")
CHIEF = AgentId("chief")
A_WEEK = timedelta(days=7)
NUMBER = "13847652301"


async def add(store: CallStore, number: str = NUMBER, centre: CentreId = HERE) -> Listing:
    async with store.database.writing() as connection:
        return await nuisance.add(
            connection, centre, number, reason="辱骂", until=NOON + A_WEEK, who=CHIEF, now=NOON
        )


def refused(count: int, ani: str = NUMBER, **other: object) -> CallRecord:
    at = NOON + timedelta(hours=count)
    return replace(
        arrived(f"call.{count}"),
        ani=ani,
        arrived_at=at,
        ended_at=at + timedelta(seconds=8),
        disposition=Disposition.BLOCKED,
        cause=16,
        **other,  # type: ignore[arg-type]  # keyword names are checked by replace
    )


async def test_a_number_stands_on_a_centres_list_once(store: CallStore) -> None:
    """Until it is taken off or its time is over; another centre decides for itself."""
    made = await add(store)
    assert (made.number, made.reason, made.added_by, made.until) == (
        NUMBER,
        "辱骂",
        CHIEF,
        NOON + A_WEEK,
    )
    with pytest.raises(AlreadyListed):
        await add(store)
    assert (await add(store, centre=THERE)).centre == THERE
    async with store.database.writing() as connection:
        off = await nuisance.remove(connection, HERE, made.id, CHIEF, NOON)
    assert off is not None
    assert (off.removed_by, off.removed_at) == (CHIEF, NOON)
    assert (await add(store)).id != made.id


async def test_a_row_is_its_centres_and_is_taken_off_once(store: CallStore) -> None:
    """Taken off again, who did it first is kept; nobody elsewhere can touch it."""
    made = await add(store)
    async with store.database.writing() as connection:
        assert await nuisance.remove(connection, THERE, made.id, CHIEF, NOON) is None
        assert await nuisance.remove(connection, HERE, made.id + 99, CHIEF, NOON) is None
        first = await nuisance.remove(connection, HERE, made.id, CHIEF, NOON)
        again = await nuisance.remove(connection, HERE, made.id, AgentId("ben"), NOON + A_WEEK)
    assert first == again


async def test_what_stands_is_what_asterisk_is_told(store: CallStore) -> None:
    """Of all centres, without what is over."""
    mine, theirs = await add(store), await add(store, centre=THERE)
    off = await add(store, "13800000002")
    async with store.database.writing() as connection:
        await nuisance.remove(connection, HERE, off.id, CHIEF, NOON)
        now = await nuisance.standing(connection, NOON)
        later = await nuisance.standing(connection, NOON + A_WEEK)
        over = await nuisance.listings(connection, HERE, now=NOON, is_standing=False)
        every = await nuisance.listings(connection, None, now=NOON)
        standing = await nuisance.listings(connection, HERE, now=NOON, is_standing=True)
    assert (sorted(one.id for one in now), later) == ([mine.id, theirs.id], [])
    assert [one.id for one in over] == [off.id]
    assert [one.id for one in standing] == [mine.id]
    assert [one.id for one in every] == [off.id, theirs.id, mine.id]


async def test_calls_are_counted_since_the_number_was_listed(store: CallStore) -> None:
    """However the network writes the number, and only those that were refused, here."""
    made, other = await add(store), await add(store, "04768337772")
    await store.write_calls(
        [
            refused(1),
            refused(2, f"+86{NUMBER}"),
            refused(3, "8337772"),
            refused(4, centre=THERE),
            replace(refused(5), disposition=Disposition.ABANDONED),
            refused(-1),
            refused(24 * 8),
            refused(6, "04768337772"),
            refused(7, "2"),
        ]
    )
    async with store.database.reading() as connection:
        counted = await nuisance.count_blocked(connection, [made, other])
        assert await nuisance.count_blocked(connection, []) == {}
        shown = await nuisance.blocked_calls(connection, HERE, limit=3)
    assert counted == {made.id: 2, other.id: 2}
    assert [one.call for one in shown] == ["call.192", "call.7", "call.6"]


async def test_a_refused_call_is_owed_no_call_back(store: CallStore) -> None:
    await store.write_call(refused(1))
    async with store.database.reading() as connection:
        rows = await connection.exec_driver_sql("SELECT count(*) FROM callbacks")
        assert rows.scalar() == 0
    assert (await store.order_of(refused(1).call)) is not None


async def test_who_did_what_is_in_the_audit_without_a_number(store: CallStore) -> None:
    made = await add(store)
    async with store.database.writing() as connection:
        shown = await nuisance.reveal(connection, HERE, made.id, CHIEF, NOON)
        assert await nuisance.reveal(connection, THERE, made.id, CHIEF, NOON) is None
        await nuisance.remove(connection, HERE, made.id, CHIEF, NOON)
    async with store.database.reading() as connection:
        rows = (await connection.execute(select(audit.c.what, audit.c.who, audit.c.data))).all()
    assert shown == made
    assert [(row.what, row.who) for row in rows] == [
        ("nuisance-added", "chief"),
        ("nuisance-revealed", "chief"),
        ("nuisance-removed", "chief"),
    ]
    assert NUMBER not in str(rows)

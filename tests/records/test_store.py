"""The store's rules, on a real SQLite and a real PostgreSQL."""

import itertools
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest
import sqlalchemy

from config.workdays import CHINA
from cti.effects import CompleteDraft, WriteCall, WriteJournal
from cti.ids import CallId, CentreId
from records.callrecord import Disposition, Source
from records.draft import Evidence, WorkOrderDraft
from records.orders import OrderFilter, Segment
from records.store import CallStore, RecordingFiles
from records.tables import audit, metadata
from tests.records.samples import CALL, NOON, arrived, ended

LINE = WriteJournal(call=CALL, at=NOON, what="CallArrived", data=(("dnis", "8337772"),))


async def test_a_call_comes_back_as_it_was_written(store: CallStore) -> None:
    """Times, offers, talks and Chinese names survive the database."""
    await store.write_call(ended(satisfaction=4))
    assert ended(satisfaction=4) == await store.call(CALL)


async def test_an_unknown_call_is_none(store: CallStore) -> None:
    """Nobody knows a call that never was."""
    assert None is await store.call(CALL)


async def test_every_call_owes_one_order_from_its_first_record(store: CallStore) -> None:
    """The draft opens with the call, abandoned or not, and never a second time."""
    await store.write_call(arrived())
    await store.write_call(arrived(ended_at=NOON, disposition=Disposition.ABANDONED))
    (order,) = await store.orders()
    assert (
        order.draft.status,
        order.draft.dialled.number,
        order.draft.caller.number,
        order.draft.received_at,
        order.is_complete,
    ) == ("draft", "8337772", "13847652301", NOON, False)
    assert {"dialled.number", "caller.number", "received_at"} == {
        e.field for e in order.draft.evidence if e.kind == "signalling"
    }


async def test_an_order_shows_its_callers_mark(store: CallStore) -> None:
    """Pressed after the order was opened, or handed in: the call's row is the truth of it."""
    await store.write_call(arrived())
    [before] = await store.orders()
    await store.write_call(ended(satisfaction=3))
    [after] = await store.orders()
    found = await store.order(after.draft.id)
    assert (before.draft.satisfaction, after.draft.satisfaction) == (None, 3)
    assert found == after


async def test_the_order_of_writing_does_not_matter(store: CallStore) -> None:
    """Live and replayed records of one call end in the same row whatever comes first."""
    live = ended()
    records = [
        arrived(),
        live,
        replace(live, source=Source.LOG, cause=17),
        arrived(source=Source.LOG, waited_since=NOON),
    ]
    for n, order in enumerate(itertools.permutations(records)):
        call = CallId(f"node1-{n}")
        for record in order:
            await store.write_call(replace(record, call=call))
        assert replace(live, call=call) == await store.call(call)


async def test_a_draft_nobody_worked_on_follows_its_call(store: CallStore) -> None:
    """A replay that knew little is corrected when more is known; the order's id stays."""
    await store.write_call(arrived(line="", dnis="", ani="", ended_at=NOON, source=Source.LOG))
    (before,) = await store.orders()
    await store.write_call(ended())
    (after,) = await store.orders()
    assert (before.draft.id, "8337772", "13847652301") == (
        after.draft.id,
        after.draft.dialled.number,
        after.draft.caller.number,
    )


async def test_a_journal_line_twice_is_one_line(store: CallStore) -> None:
    """An outbox that is read twice appends nothing twice."""
    await store.write_facts([LINE, LINE])
    await store.write_journal(LINE)
    assert await store.journal(CALL) == [LINE]


async def test_early_rows_get_their_centre_with_the_call(store: CallStore) -> None:
    """A journal line or job that came before its call belongs to the call's centre afterwards."""
    await store.write_facts([LINE, CompleteDraft(call=CALL)])
    await store.write_call(arrived())
    async with store.database.reading() as connection:
        for table in ("journal", "jobs", "calls", "work_orders"):
            centre = sqlalchemy.text(f"SELECT centre FROM {table}")
            assert list(await connection.scalars(centre)) == ["chifeng"]


def test_every_table_carries_its_centre() -> None:
    """One installation may serve many centres: no table is without."""
    assert [table.name for table in metadata.sorted_tables if "centre" not in table.c] == []


async def test_a_batch_is_written_whole_or_not_at_all(store: CallStore) -> None:
    """A batch that cannot be written leaves nothing behind, so that it can be written again."""
    naive = replace(arrived("node1-2"), arrived_at=NOON.replace(tzinfo=None))
    with pytest.raises(Exception, match="naive"):
        await store.write_facts([WriteCall(record=arrived()), WriteCall(record=naive)])
    assert None is await store.call(CALL)


async def test_text_no_database_can_keep_is_kept_without_it(store: CallStore) -> None:
    """A NUL or half a surrogate pair in a caller's number never stops the batch."""
    await store.write_facts(
        [
            WriteCall(record=arrived(ani="138\0\ud800")),
            replace(LINE, data=(("name", "\0王\udfff"),)),
        ]
    )
    record = await store.call(CALL)
    assert record is not None
    assert record.ani == "138?"
    assert (await store.journal(CALL))[0].data == (("name", "王?"),)


async def test_times_of_any_zone_come_back_in_utc(store: CallStore) -> None:
    """What was said in China's time is kept as the same instant."""
    await store.write_call(arrived(arrived_at=NOON.astimezone(CHINA)))
    record = await store.call(CALL)
    assert record is not None
    assert (record.arrived_at, record.arrived_at.tzinfo) == (NOON, UTC)


async def _draft(store: CallStore) -> WorkOrderDraft:
    order = await store.order_of(CALL)
    assert order is not None
    return order.draft


async def test_a_saved_draft_replaces_draft_and_transcript(store: CallStore) -> None:
    """Saved twice, the second one stands alone."""
    await store.write_call(ended())
    draft = (await _draft(store)).model_copy(
        update={
            "title": "路灯不亮",
            "evidence": (Evidence(field="title", kind="speech", text="路灯不亮了"),),
        }
    )
    first = [Segment(channel="caller", start_s=0, end_s=2, text="你好", confidence=0.9)]
    second = [
        Segment(channel="agent", start_s=0, end_s=2, text="您好,12345", confidence=None),
        Segment(
            channel="caller",
            start_s=2,
            end_s=4,
            text="路灯不亮了",
            confidence=0.8,
            raw="露灯不亮了",
        ),
    ]
    assert await store.save_draft(CALL, draft, first)
    assert await store.save_draft(CALL, draft, second)
    assert second == await store.segments(CALL)
    (order,) = await store.orders(OrderFilter(is_complete=True))
    assert draft == order.draft
    assert order == await store.order(draft.id)


async def test_a_draft_an_agent_has_submitted_is_left_alone(store: CallStore) -> None:
    """A job that runs again never undoes a person's work."""
    await store.write_call(ended())
    draft = await _draft(store)
    submitted = draft.model_copy(update={"status": "submitted", "title": "人写的"})
    assert await store.save_draft(CALL, submitted, [])
    assert not await store.save_draft(CALL, draft, [])
    assert submitted == await _draft(store)


async def test_orders_are_narrowed_by_every_field_of_the_filter(store: CallStore) -> None:
    """Centre, time, caller, call and status each narrow the list, newest first."""
    for n in range(4):
        at = NOON + timedelta(hours=n)
        await store.write_call(ended(f"node1-{n}", arrived_at=at, ani=f"1380000000{n}"))
    await store.write_call(arrived("node9-9", centre=CentreId("tongliao"), arrived_at=NOON))

    async def calls(**chosen: Any) -> list[str]:
        found = await store.orders(OrderFilter(**chosen))
        return [order.draft.call_id for order in found]

    assert (await calls(centre="chifeng", since=NOON + timedelta(hours=1))) == [
        "node1-3",
        "node1-2",
        "node1-1",
    ]
    assert await calls(centre="chifeng", until=NOON + timedelta(hours=1)) == ["node1-0"]
    assert await calls(caller="13800000002") == ["node1-2"]
    assert await calls(centre="tongliao") == ["node9-9"]
    assert await calls(call="node1-1") == ["node1-1"]
    assert await calls(status="submitted") == []
    assert await calls(centre="chifeng", limit=1, offset=1) == ["node1-2"]
    assert await store.count_orders(OrderFilter(centre=CentreId("chifeng"), limit=1)) == 4


async def test_calls_are_listed_newest_first(store: CallStore) -> None:
    """By centre and time."""
    for n in range(3):
        await store.write_call(ended(f"node1-{n}", arrived_at=NOON + timedelta(hours=n)))
    found = await store.calls(centre=CentreId("chifeng"), since=NOON + timedelta(hours=1))
    assert [record.call for record in found] == ["node1-2", "node1-1"]
    assert await store.calls(until=NOON) == []


async def test_a_recording_keeps_what_was_known_of_it(store: CallStore) -> None:
    """The worker adds the stereo file to what the replay found; unknown calls have none."""
    await store.write_call(ended())
    found = RecordingFiles(call=CALL, rx="a-rx.wav", tx="a-tx.wav", stereo=None, seconds=0.0)
    await store.write_recordings([found, replace(found, call=CallId("stranger"))])
    await store.write_recordings([replace(found, rx=None, stereo="a.wav", seconds=63.5)])
    assert replace(found, stereo="a.wav", seconds=63.5) == await store.recording(CALL)
    assert None is await store.recording(CallId("stranger"))


async def test_a_cursor_is_remembered(store: CallStore) -> None:
    """Reading goes on where it stopped."""
    assert await store.cursor("cel") == (0, 0)
    await store.set_cursor("cel", 7, 100)
    await store.set_cursor("cel", 8, 2**40)
    assert await store.cursor("cel") == (8, 2**40)


async def test_calls_that_ended_without_a_job_are_named(store: CallStore) -> None:
    """What a dead brain could not say is found: ended calls nobody owes a draft, and unended."""
    await store.write_calls([ended("node1-1"), ended("node1-2"), arrived("node1-3")])
    await store.owe_draft(CallId("node1-1"))
    assert await store.without_job() == ["node1-2"]
    assert [record.call for record in await store.unended()] == ["node1-3"]


async def test_many_calls_go_in_at_once(store: CallStore) -> None:
    """A batch larger than one statement holds is written whole, and again changes nothing."""
    records = [ended(f"node1-{n}", arrived_at=NOON + timedelta(seconds=n)) for n in range(1200)]
    await store.write_calls(records)
    await store.write_calls(records)
    assert await store.count_orders() == 1200
    assert records[::-1] == await store.calls(limit=2000)


async def test_what_people_did_is_remembered(store: CallStore) -> None:
    """The audit keeps who, what and when, in the centre it concerns."""
    await store.write_audit(CentreId("chifeng"), "王芳", "listen", {"call": CALL})
    async with store.database.reading() as connection:
        (row,) = (await connection.execute(sqlalchemy.select(audit))).all()
    assert (row.centre, row.who, row.what, row.data) == (
        *("chifeng", "王芳", "listen", {"call": CALL}),
    )
    assert row.at.tzinfo is not None

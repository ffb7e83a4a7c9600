"""Facts are never lost: SQL locked, stopped, slow; the disk full; the process killed."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import aiosqlite
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cti.effects import (
    CloseSeatTimes,
    CompleteDraft,
    Fact,
    WriteCall,
    WriteJournal,
    WriteSeatTime,
)
from cti.ids import AgentId, CallId, CentreId, SeatId
from queues.seat import AgentState, SeatStretch
from records.database import Database, upgrade
from records.outbox import FactOutbox, SpillFile, decode, encode
from records.store import CallStore
from tests.records.conftest import Postgres
from tests.records.samples import CALL, NOON, arrived, ended

CHECKOUT = Path(__file__).resolve().parents[2]

SEATED = SeatStretch(
    seat=SeatId("chifeng-1001"),
    centre=CentreId("chifeng"),
    agent=AgentId("anna"),
    state=AgentState.NOT_READY,
    reason="用餐",
    call=None,
    since=NOON,
)


def facts_of(n: int) -> list[Fact]:
    """What the switch says about one call."""
    call = CallId(f"node1-{n}")
    return [
        WriteCall(record=arrived(call)),
        WriteJournal(call=call, at=NOON + timedelta(seconds=n), what="CallArrived"),
        WriteCall(record=ended(call)),
        CompleteDraft(call=call),
    ]


@asynccontextmanager
async def running(outbox: FactOutbox) -> AsyncIterator[FactOutbox]:
    """Run an outbox as the brain does, and stop it as the brain does."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(outbox.run())
        yield outbox
        task.cancel()


async def settled(outbox: FactOutbox) -> None:
    """Wait until everything is in SQL."""
    async with asyncio.timeout(60):
        await outbox.settled()


async def all_is_kept(store: CallStore, calls: int) -> bool:
    """Every call is ended, journalled once, and owed one draft."""
    records = await store.calls(limit=calls + 10)
    journals = [await store.journal(record.call) for record in records]
    return (calls, calls, calls, {1}) == (
        sum(record.ended_at is not None for record in records),
        await store.count_orders(),
        len(await store.jobs(limit=calls + 10)),
        {len(journal) for journal in journals},
    )


class Sink:
    """A database that fails when told to, and remembers what it took."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.taken: list[Fact] = []
        self.open = asyncio.Event()
        self.open.set()

    async def write_facts(self, facts: Sequence[Fact]) -> None:
        await self.open.wait()
        if self.error is not None:
            raise self.error
        self.taken += facts


@given(n=st.integers(0, 10**6), ani=st.text(), agent=st.text())
def test_a_fact_survives_its_line(n: int, ani: str, agent: str) -> None:
    """What is read back is what was put, whatever the network or an agent was called."""
    record = ended(f"node1-{n}", ani=ani)
    talk = replace(record.talks[0], agent=AgentId(agent))
    facts: list[Fact] = [WriteCall(record=replace(record, talks=(talk,))), *facts_of(n)]
    facts += [
        WriteSeatTime(stretch=SEATED),
        CloseSeatTimes(centres=(SEATED.centre,), begun_before=NOON, seen_at=NOON),
    ]
    assert facts == [decode(encode(fact)) for fact in facts]


@given(st.binary())
@settings(max_examples=50)
def test_a_line_that_is_no_fact_is_refused(line: bytes) -> None:
    """Any bytes a crash may leave are a ValueError, nothing else."""
    with pytest.raises(ValueError):  # noqa: PT011 - any of ValueError's kinds
        decode(line)


async def test_facts_reach_sql_in_order(store: CallStore, tmp_path: Path) -> None:
    """The plain day: nothing touches the disk, the bell rings once all is in SQL."""
    rung: list[tuple[CallId, int]] = []

    async def ring(call: CallId) -> None:
        rung.append((call, len(await store.jobs())))

    async with running(FactOutbox(store, tmp_path / "outbox.jsonl", ring)) as outbox:
        for n in range(50):
            for fact in facts_of(n):
                outbox.put(fact)
        await settled(outbox)
    assert await all_is_kept(store, 50)
    assert rung == [(CallId("node1-49"), 50)]
    assert not (tmp_path / "outbox.jsonl").exists()


async def test_a_locked_database_loses_nothing(tmp_path: Path) -> None:
    """Another program holds SQLite for 10 s: facts wait in the file and follow in order."""
    path = tmp_path / "hotline.db"
    url = f"sqlite+aiosqlite:///{path}"
    await upgrade(url)
    store = CallStore(Database(url, busy_s=2))
    async with running(FactOutbox(store, tmp_path / "outbox.jsonl")) as outbox:
        async with aiosqlite.connect(path, isolation_level=None) as other:
            await other.execute("BEGIN EXCLUSIVE")
            for n in range(100):
                for fact in facts_of(n):
                    outbox.put(fact)
                await asyncio.sleep(0.1)
            assert outbox.figures()["outbox_spilled_bytes"] > 0
            await other.execute("COMMIT")
        await settled(outbox)
    assert await all_is_kept(store, 100)
    assert (tmp_path / "outbox.jsonl").stat().st_size == 0
    await store.close()


@pytest.mark.postgres
async def test_a_database_that_stops_and_starts_loses_nothing(
    own_postgres: Postgres, tmp_path: Path
) -> None:
    """PostgreSQL is stopped under the outbox and started again."""
    url = await own_postgres.make()
    store = await CallStore.open(url)
    async with running(FactOutbox(store, tmp_path / "outbox.jsonl")) as outbox:
        for n in range(60):
            if n == 20:
                await settled(outbox)
                await asyncio.to_thread(own_postgres.stop)
            if n == 40:
                async with asyncio.timeout(30):
                    while not outbox.figures()["outbox_spilled_bytes"]:  # noqa: ASYNC110
                        await asyncio.sleep(0.05)  # nothing rings for it
                await asyncio.to_thread(own_postgres.start)
            for fact in facts_of(n):
                outbox.put(fact)
        await settled(outbox)
    assert await all_is_kept(store, 60)
    await store.close()


async def test_memory_is_bounded_and_order_kept(tmp_path: Path) -> None:
    """Beyond its room the outbox keeps facts in the file; they come out as they went in."""
    sink = Sink()
    sink.open.clear()
    facts = [fact for n in range(100) for fact in facts_of(n)]
    async with running(FactOutbox(sink, tmp_path / "outbox.jsonl", room=50)) as outbox:
        for fact in facts:
            outbox.put(fact)
            assert outbox.figures()["outbox_waiting"] <= 50
        sink.open.set()
        await settled(outbox)
        assert outbox.figures()["outbox_lost"] == 0
    assert list(dict.fromkeys(sink.taken)) == facts


async def test_sql_that_hangs_sends_facts_to_the_file(tmp_path: Path) -> None:
    """A write that does not return is not trusted: a crash now would lose nothing."""
    sink = Sink()
    sink.open.clear()
    async with running(FactOutbox(sink, tmp_path / "outbox.jsonl")) as outbox:
        for fact in facts_of(1):
            outbox.put(fact)
        async with asyncio.timeout(10):
            while outbox.figures()["outbox_waiting"]:  # noqa: ASYNC110 - nothing rings for it
                await asyncio.sleep(0.05)
        kept, _, _ = SpillFile(tmp_path / "outbox.jsonl").peek(10)
        assert kept == facts_of(1)
        sink.open.set()
        await settled(outbox)
    assert list(dict.fromkeys(sink.taken)) == facts_of(1)


async def test_a_stopped_outbox_leaves_its_facts_to_the_next(tmp_path: Path) -> None:
    """A brain that stops while SQL is away hands over through the file."""
    sink = Sink()
    sink.error = ConnectionRefusedError()
    facts = [fact for n in range(300) for fact in facts_of(n)]
    async with running(FactOutbox(sink, tmp_path / "outbox.jsonl")) as outbox:
        for fact in facts:
            outbox.put(fact)
        await asyncio.sleep(0)  # its task has begun
    sink.error = None
    async with running(FactOutbox(sink, tmp_path / "outbox.jsonl")) as outbox:
        outbox.put(CompleteDraft(call=CALL))
        await settled(outbox)
    assert sink.taken == [*facts, CompleteDraft(call=CALL)]


CHILD = """
import asyncio, sys
from pathlib import Path
from records.database import Database
from records.outbox import FactOutbox
from records.store import CallStore
from tests.records.test_outbox import facts_of

async def main():
    store = CallStore(Database(sys.argv[1], busy_s=0.2))
    outbox = FactOutbox(store, Path(sys.argv[2]))
    async with asyncio.TaskGroup() as group:
        group.create_task(outbox.run())
        for n in range(200):
            for fact in facts_of(n):
                outbox.put(fact)
            await asyncio.sleep(0.005)
        while outbox.figures()["outbox_waiting"]:
            await asyncio.sleep(0.01)
        sys.stdout.write("all put\\n")
        sys.stdout.flush()
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_facts_survive_kill_9(tmp_path: Path) -> None:
    """A brain killed while SQL is locked: the next one finds every fact, a torn line aside."""
    path, spill = tmp_path / "hotline.db", tmp_path / "outbox.jsonl"
    url = f"sqlite+aiosqlite:///{path}"
    store = await CallStore.open(url)
    async with aiosqlite.connect(path, isolation_level=None) as other:
        await other.execute("BEGIN EXCLUSIVE")
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CHILD, url, str(spill), cwd=CHECKOUT, stdout=subprocess.PIPE
        )
        assert child.stdout is not None
        async with asyncio.timeout(60):
            async for line in child.stdout:  # its log comes this way too
                if line == b"all put\n":
                    break
        child.kill()
        await child.wait()
        await other.execute("COMMIT")
    with spill.open("ab") as file:
        file.write(encode(CompleteDraft(call=CALL))[:-9])  # the write the kill cut
    async with running(FactOutbox(store, spill)) as outbox:
        await settled(outbox)
        assert outbox.figures()["outbox_bad_lines"] == 1
    assert await all_is_kept(store, 200)
    await store.close()


async def test_a_full_disk_is_counted_and_the_rest_goes_on(tmp_path: Path) -> None:
    """SQL away and the disk full: memory keeps what it can, what it cannot is counted."""
    full = tmp_path / "outbox.jsonl"
    full.symlink_to("/dev/full")
    sink = Sink()
    sink.error = ConnectionRefusedError()
    facts = [fact for n in range(20) for fact in facts_of(n)]
    async with running(FactOutbox(sink, full, room=50)) as outbox:
        for fact in facts:
            outbox.put(fact)
        assert outbox.figures()["outbox_lost"] == 30
        sink.error = None
        await settled(outbox)
        for fact in facts[50:]:
            outbox.put(fact)
        await settled(outbox)
    assert sink.taken == facts


async def test_a_fact_no_database_takes_does_not_hold_up_the_others(
    store: CallStore, tmp_path: Path
) -> None:
    """It is set aside and counted; everything before and behind it is written."""
    bad = WriteJournal(call=CALL, at=NOON.replace(tzinfo=None), what="naive")
    async with running(FactOutbox(store, tmp_path / "outbox.jsonl")) as outbox:
        for fact in (*facts_of(1), bad, *facts_of(2)):
            outbox.put(fact)
        await settled(outbox)
        assert outbox.figures()["outbox_rejected"] == 1
    assert await all_is_kept(store, 2)
    aside = (tmp_path / "outbox-rejected.jsonl").read_bytes()
    assert [decode(line) for line in aside.splitlines()] == [bad]

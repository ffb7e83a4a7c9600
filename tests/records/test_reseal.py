"""A sealed database: nothing of a caller in its file, everything found, keys changed under it."""

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from cti.effects import WriteCall, WriteJournal
from cti.ids import CallId, CentreId
from records.callerhistory import caller_past
from records.callrecord import CallRecord
from records.draft import Caller
from records.edits import change
from records.keyring import KeyFileError, PatientRing, add, key_file, ring
from records.orders import OrderFilter
from records.outbox import FactOutbox
from records.reseal import forget_plain, reseal
from records.sealing import KeyMissingError
from records.store import CallStore
from tests.records.conftest import binaries
from tests.records.samples import CALL, NOON, ended

LATER = NOON + timedelta(minutes=5)
NUMBER = "13847652301"
NAME = "欧阳明珠"
SECRETS = (NUMBER, NAME, "一三八四七六五二三零一", "油烟呛人")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


@pytest.fixture
async def store(url: str, settings: Settings) -> AsyncIterator[CallStore]:
    store = await CallStore.open(url, ring(settings))
    yield store
    await store.close()


async def fill(store: CallStore, record: CallRecord | None = None) -> None:
    """A call with an anonymous caller's order, in which everything is said."""
    record = record or ended()
    await store.write_call(record)
    await store.write_journal(
        WriteJournal(call=record.call, at=NOON, what="asked", data=(("number", NUMBER),))
    )
    order = await store.order_of(record.call)
    assert order is not None
    told = {
        "caller": Caller(number=NUMBER, name=NAME, anonymous=True),
        "content": f"油烟呛人，我叫{NAME}，电话一三八四七六五二三零一",
    }
    async with store.database.writing() as connection:
        await change(connection, order.draft.id, lambda d: d.model_copy(update=told), NOON)


def in_files(url: str) -> list[str]:
    """Which secrets stand in the database's files, in the letters as they are or as JSON's."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite+aiosqlite:///"))
        kept = b"".join(one.read_bytes() for one in path.parent.glob(f"{path.name}*"))
    else:
        dump = [str(binaries() / "pg_dump"), f"--dbname={url.replace('+asyncpg', '')}"]
        told = subprocess.run(dump, check=True, capture_output=True, timeout=60)
        kept = told.stdout.replace(rb"\\", b"\\")  # as COPY writes a backslash
    forms = {secret: (secret, secret.encode("unicode_escape").decode()) for secret in SECRETS}
    return [one for one, written in forms.items() if any(w.encode() in kept for w in written)]


async def resealed(store: CallStore, settings: Settings) -> int:
    newest = ring(settings)().aged(0)
    return sum([changed async for _, changed in reseal(store.database, newest)])


async def found(store: CallStore) -> int:
    return len(await store.orders(OrderFilter(caller=NUMBER)))


async def test_nothing_of_a_caller_stands_in_the_file(store: CallStore, url: str) -> None:
    """Neither digits nor spoken ones, name or words; yet all of it is read as it was written."""
    await fill(store)
    assert in_files(url) == []
    order = await store.order_of(CALL)
    assert order is not None
    assert (order.draft.caller.number, order.draft.caller.name) == (NUMBER, NAME)
    assert [line.data for line in await store.journal(CALL)] == [(("number", NUMBER),)]


async def test_without_keys_the_same_would_stand_there(url: str) -> None:
    """The search above finds what is not sealed."""
    store = await CallStore.open(url)
    await fill(store)
    await store.close()
    assert set(in_files(url)) == set(SECRETS)


async def test_a_number_is_looked_up_without_being_read(
    store: CallStore, settings: Settings
) -> None:
    """Has this number called before: also under two keys, and from before there were any."""
    await fill(store)
    assert await found(store) == 1
    add(key_file(settings), "sm4-gcm")
    later = replace(ended("node1-1.9"), about=None)
    await fill(store, later)
    assert await found(store) == 2
    async with store.database.reading() as connection:
        past = await caller_past(
            connection,
            CentreId("chifeng"),
            NUMBER,
            NUMBER,
            CallId("node1-2.1"),
            NOON + timedelta(minutes=5),
        )
    assert past.count == 2


async def test_a_database_from_before_is_sealed_row_by_row(url: str, settings: Settings) -> None:
    """What was plain is found before and after; at the end no old page of the file says it."""
    plain = await CallStore.open(url)
    await fill(plain)
    await plain.close()
    store = await CallStore.open(url, ring(settings))
    assert await found(store) == 1
    assert await resealed(store, settings) > 0
    assert await resealed(store, settings) == 0
    await forget_plain(store.database)
    assert (in_files(url), await found(store)) == ([], 1)
    await store.close()


async def test_a_new_key_takes_everything_over(
    store: CallStore, settings: Settings, url: str
) -> None:
    """Stopped in the middle and begun again it ends the same; then the old key is not needed."""
    await fill(store)
    made = add(key_file(settings), "sm4-gcm")
    async for _ in reseal(store.database, made):
        break
    assert await found(store) == 1
    assert await resealed(store, settings) > 0
    alone = lambda: replace(ring(settings)(), known=(made,))  # noqa: E731 - a ring of one key
    other = await CallStore.open(url, alone)
    assert (await found(other), await resealed(other, settings)) == (1, 0)
    await other.close()


async def test_other_keys_are_refused_before_anything_is_written(
    store: CallStore, url: str, tmp_path: Path
) -> None:
    """Whoever lost the file hears of it at the start, not at the first old order."""
    await fill(store)
    foreign = ring(Settings(home=tmp_path / "other"))
    for keys, error in ((foreign, KeyMissingError), (None, KeyFileError)):
        with pytest.raises(error):
            await CallStore.open(url, keys)


async def test_calls_wait_in_a_file_until_lost_keys_are_back(
    store: CallStore, settings: Settings, url: str
) -> None:
    """Who answers calls opens all the same; no fact is held for faulty, and all are written."""
    await fill(store)
    path = key_file(settings)
    kept = path.read_text()
    path.unlink()
    other = await CallStore.open(url, PatientRing(settings))
    outbox = FactOutbox(other, settings.home / "outbox.jsonl")
    async with asyncio.TaskGroup() as group:
        running = group.create_task(outbox.run())
        outbox.put(WriteCall(record=ended("node1-7.7")))
        while not outbox.figures()["outbox_spilled_bytes"]:  # noqa: ASYNC110 - our own figures
            await asyncio.sleep(0.01)
        assert await store.order_of(CallId("node1-7.7")) is None
        path.write_text(kept)
        os.utime(path, ns=(1, 1))
        async with asyncio.timeout(20):
            await outbox.settled()
        running.cancel()
    assert await store.order_of(CallId("node1-7.7")) is not None
    assert outbox.figures()["outbox_rejected"] == 0
    await other.close()

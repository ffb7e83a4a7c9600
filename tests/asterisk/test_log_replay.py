"""What a dead brain did not see, read back from what the real Asterisk logged and recorded."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.phone import PhoneCall, PhoneLine, Softphone
from cti.ids import CallId
from queues.task import TaskState
from records import callbacks, wav
from records.callrecord import CallRecord, Disposition
from records.reconcile import Report, reconcile
from records.store import CallStore
from tests.asterisk.caller import Waiting, logged, marked, seat_phone, wait_in_line
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import AsteriskWorld, eventually

pytestmark = pytest.mark.asterisk

SLACK = timedelta(seconds=0.3)
BORN_APART_S = 1.0
"""Channels born closer together than that may stand in the log in the other order."""


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[CallStore]:
    """An empty database: the brain has written nothing."""
    store = await CallStore.open(f"sqlite+aiosqlite:///{tmp_path / 'hotline.db'}")
    yield store
    await store.close()


async def replay(world: AsteriskWorld, store: CallStore, call: str) -> tuple[Report, CallRecord]:
    """Reconcile with an Asterisk that has no live calls, long enough afterwards."""
    later = datetime.now(UTC) + timedelta(minutes=5)
    report = await reconcile(world.settings, store, live=frozenset(), now=later)
    record = await store.call(CallId(call))
    assert record is not None
    return report, record


async def to_call_back(store: CallStore, *numbers: str) -> list[tuple[str, str, TaskState]]:
    """Whom of these we owe a call back, and for which call."""
    async with store.database.reading() as connection:
        found = await callbacks.tasks(connection, None)
    told = [(task.call, task.number, task.state) for task in found if task.number in numbers]
    return sorted(told, key=lambda one: one[1])


async def put_through(
    tap: AmiTap, caller: Waiting, seat: PhoneLine, name: str, *, talk_s: float
) -> PhoneCall:
    """Offer the caller to the seat, which answers and hangs up; its call."""
    await tap.offer(caller.channel, f"offer-{name}", name, 10)
    ringing = await seat.incoming(5)
    await ringing.answer()
    await ringing.connected(5)
    await asyncio.sleep(talk_s)
    await ringing.hangup()
    return ringing


async def test_a_caller_who_gave_up_is_written(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, store: CallStore
) -> None:
    """Number dialled, caller, waiting time and end are all in the log; one call back is owed."""
    caller = await wait_in_line(world, tap, phones, "13900000701", "8337772")
    await asyncio.sleep(0.5)
    await caller.phone.hangup()
    await caller.phone.ended()
    await logged(world, caller.call)
    report, record = await replay(world, store, caller.call)
    assert (report.bad_lines, report.unreadable) == (0, 0)
    assert (record.centre, record.line, record.dnis, record.ani) == (
        *("chifeng", "8337772", "8337772", "13900000701"),
    )
    assert (record.disposition, record.cause) == (Disposition.ABANDONED, 16)
    assert (record.offers, record.talks, record.has_fallen_back) == ((), (), False)
    assert record.waited_since is not None
    assert record.ended_at is not None
    assert record.arrived_at < record.waited_since < record.ended_at
    found = await store.recording(CallId(caller.call))
    assert found is not None
    assert found.seconds == pytest.approx((record.ended_at - record.arrived_at).seconds, abs=1)
    assert len(await store.jobs(call=CallId(caller.call))) == 1
    owed = [(caller.call, "13900000701", TaskState.OWED)]
    assert await to_call_back(store, "13900000701") == owed
    await replay(world, store, caller.call)
    assert await to_call_back(store, "13900000701") == owed


async def test_a_missed_and_an_answered_offer_are_written(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, store: CallStore
) -> None:
    """One seat let it ring, another talked for a second and hung up."""
    first, second = [await seat_phone(world, phones, e) for e in ("1021", "1022")]
    caller = await wait_in_line(world, tap, phones, "13900000702")
    await tap.offer(caller.channel, "o-1", "chifeng-1021", 1)
    await first.incoming(5)
    await tap.user_event("Wait", after=1, Call=caller.call)
    talked = await put_through(tap, caller, second, "chifeng-1022", talk_s=1.0)
    talked_s = (await talked.ended(5)).at - await talked.connected()
    await caller.phone.ended(10)
    await logged(world, caller.call)
    _, record = await replay(world, store, caller.call)
    assert [(o.seat, o.outcome) for o in record.offers] == [
        ("chifeng-1021", "missed"),
        ("chifeng-1022", "answered"),
    ]
    (talk,) = record.talks
    assert talk.seat == "chifeng-1022"
    assert talk.until is not None
    assert abs(talk.until - talk.since - timedelta(seconds=talked_s)) < SLACK
    assert (record.disposition, record.cause) == (Disposition.ANSWERED, 16)
    assert await to_call_back(store, "13900000702") == []


async def test_a_call_of_the_fall_back_is_written(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, store: CallStore
) -> None:
    """Served by Asterisk's own queue: the seat is known by its leg."""
    seat = await seat_phone(world, phones, "1023")
    phone = "PJSIP/chifeng-1023"
    await tap.ask(
        "QueueAdd",
        Queue="fallback-chifeng",
        Interface=phone,
        MemberName="dora",
        StateInterface=phone,
    )
    caller = await wait_in_line(world, tap, phones, "13900000703")
    await tap.beat(stale=True)
    ringing = await seat.incoming(8)
    await ringing.answer()
    await asyncio.sleep(0.8)
    await ringing.hangup()
    await caller.phone.ended(10)
    await tap.ask("QueueRemove", Queue="fallback-chifeng", Interface=phone)
    await logged(world, caller.call)
    _, record = await replay(world, store, caller.call)
    assert record.has_fallen_back
    assert [(o.seat, o.outcome) for o in record.offers] == [("chifeng-1023", "answered")]
    assert [talk.seat for talk in record.talks] == ["chifeng-1023"]
    assert record.disposition is Disposition.ANSWERED


async def test_calls_cut_by_kill_9_are_closed_and_their_recordings_mended(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, store: CallStore
) -> None:
    """One talked, one waited; Asterisk is killed and started, and a later call goes well."""
    seat = await seat_phone(world, phones, "1024")
    talking = await wait_in_line(world, tap, phones, "13900000704")
    await tap.offer(talking.channel, "o-4", "chifeng-1024", 10)
    await (await seat.incoming(5)).answer()
    waiting = await wait_in_line(world, tap, phones, "13900000705")
    sides = [world.settings.recordings / f"{talking.call}-{side}.wav" for side in ("rx", "tx")]
    await eventually("sound on the disk", lambda: min(map(wav.seconds, sides)) > 2, 10)
    await marked(world, waiting.call, "WAIT")
    world.kill()
    world.start()
    async with AmiTap(world) as again:
        later = await wait_in_line(world, again, phones, "13900000706")
        await later.phone.hangup()
        await later.phone.ended()
        await logged(world, later.call)
    _, cut = await replay(world, store, talking.call)
    assert (cut.disposition, cut.cause) == (Disposition.ANSWERED, 27)
    assert [talk.seat for talk in cut.talks] == ["chifeng-1024"]
    _, lost = await replay(world, store, waiting.call)
    assert (lost.disposition, lost.cause, lost.talks) == (Disposition.CUT, 27, ())
    _, well = await replay(world, store, later.call)
    assert (well.disposition, well.cause) == (Disposition.ABANDONED, 16)
    numbers = ("13900000704", "13900000705", "13900000706")
    assert await to_call_back(store, *numbers) == [
        (waiting.call, "13900000705", TaskState.OWED),
        (later.call, "13900000706", TaskState.OWED),
    ]
    assert all(wav.seconds(side) > 1 for side in sides)
    assert not any(wav.mend(side) for side in sides)  # mended already


async def test_a_restart_is_seen_in_the_log_alone(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, store: CallStore
) -> None:
    """Nobody could ask Asterisk what lives: its numbering from 0 says what its death cut."""
    caller = await wait_in_line(world, tap, phones, "13900000707")
    await marked(world, caller.call, "WAIT")
    await asyncio.sleep(BORN_APART_S)
    world.kill()
    world.start()
    async with AmiTap(world) as again:
        later = await wait_in_line(world, again, phones, "13900000708")
        await reconcile(world.settings, store)
        cut, alive = [await store.call(CallId(c.call)) for c in (caller, later)]
        await later.phone.hangup()
    assert cut is not None
    assert (cut.disposition, cut.cause) == (Disposition.CUT, 27)
    assert alive is not None
    assert alive.disposition is Disposition.LIVE

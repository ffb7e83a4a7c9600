"""Moved calls on the real Asterisk, read back from its log: one call, one record, one draft."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cti.ids import CallId
from records import consults, wav
from records.callrecord import CallRecord, Disposition
from records.reconcile import reconcile
from records.store import CallStore
from tests.asterisk.caller import logged
from tests.asterisk.ear import gaps
from tests.asterisk.moving import AGENT_HZ, CALLER_HZ, EXPERT_HZ, Scene
from tests.asterisk.world import eventually

pytestmark = [pytest.mark.asterisk, pytest.mark.alone]

SLACK = 0.4


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[CallStore]:
    """An empty database."""
    store = await CallStore.open(f"sqlite+aiosqlite:///{tmp_path / 'hotline.db'}")
    yield store
    await store.close()


async def replay(here: Scene, store: CallStore) -> CallRecord:
    """Reconcile with an Asterisk that has no live calls, long enough afterwards; twice is once."""
    await eventually("everybody's end", lambda: all(map(here.is_gone, here.channels)))
    await logged(here.world, here.call)
    later = datetime.now(UTC) + timedelta(minutes=5)
    await reconcile(here.world.settings, store, live=frozenset(), now=later)
    again = await reconcile(here.world.settings, store, live=frozenset(), now=later)
    assert (again.added, again.corrected) == (0, 0)
    record = await store.call(CallId(here.call))
    assert record is not None
    assert len(await store.jobs(call=record.call)) == 1
    return record


def talks(record: CallRecord) -> list[tuple[str, str]]:
    return [(talk.seat, talk.leg.removeprefix(f"{record.call}-")) for talk in record.talks]


def rung(record: CallRecord) -> list[tuple[str, str, str]]:
    return [
        (one.seat, one.leg.removeprefix(f"{record.call}-"), one.outcome) for one in record.offers
    ]


async def test_a_consult_and_a_three_way_are_one_call(here: Scene, store: CallStore) -> None:
    """Each talk has its time; what was said aside is a recording of its own, without a gap."""
    await here.call_in("13900001101")
    agent = await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await here.set_aside()
    expert = await here.expert("1002", RECORDS="yes")
    await here.ear("expert").comes_to_hear(AGENT_HZ, not_=(CALLER_HZ,))
    await here.redirect("caller", "room")
    await here.ear("caller").comes_to_hear(AGENT_HZ, EXPERT_HZ)
    await asyncio.sleep(1)
    await agent.hangup()
    await here.ear("caller").comes_to_hear(EXPERT_HZ, not_=(AGENT_HZ,))
    await asyncio.sleep(1)
    await expert.hangup()
    assert here.caller is not None
    await here.caller.phone.ended(5)
    record = await replay(here, store)
    assert (record.disposition, record.cause) == (Disposition.ANSWERED, 16)
    assert talks(record) == [
        ("chifeng-1001", ""),
        ("chifeng-1001", ""),
        ("chifeng-1002", "m1"),
    ]
    assert rung(record) == [
        ("chifeng-1001", "", "answered"),
        ("chifeng-1002", "m1", "answered"),
    ]
    [_, together, expert_alone] = record.talks
    assert abs((together.since - expert_alone.since).total_seconds()) < SLACK
    assert together.until is not None
    assert expert_alone.until is not None
    assert (expert_alone.until - together.until).total_seconds() > 1
    assert record.ended_at is not None
    [consult] = consults.find(here.world.settings.recordings, record)
    assert gaps(consult.rx, EXPERT_HZ) == []
    assert gaps(consult.tx, AGENT_HZ) == []
    [(since, until)] = consults.alone(record, consult)[:1]
    assert since == 0
    joined_at = consult.begun_at + timedelta(seconds=until)
    assert abs((joined_at - expert_alone.since).total_seconds()) < SLACK
    own = here.world.settings.recordings / f"{here.call}-rx.wav"
    assert wav.seconds(own) == pytest.approx(
        (record.ended_at - record.arrived_at).total_seconds(), abs=1
    )
    assert gaps(own, CALLER_HZ) == []


def _is_rung(here: Scene, leg: str) -> bool:
    told = (e for e in here.tap.events if e.get("Event") == "OriginateResponse")
    return any(event["Uniqueid"] == leg for event in told)


@pytest.mark.parametrize(("how", "outcome"), [("rings", "missed"), ("rejects", "rejected")])
async def test_a_recipient_who_did_not_answer_stands_in_the_log(
    here: Scene, store: CallStore, how: str, outcome: str
) -> None:
    """As what it was; then the caller is with the agent again, and hangs up."""
    await here.call_in("1390000111" + ("1" if how == "rings" else "2"))
    await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await here.set_aside()
    leg = await here.ring("1002", ring_s=1)
    ringing = await here.lines["1002"].incoming()
    if how == "rejects":
        await ringing.reject(486)
    await eventually("the end of its ringing", lambda: _is_rung(here, leg))
    await here.redirect("caller", "room")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    assert here.caller is not None
    await here.caller.phone.hangup()
    record = await replay(here, store)
    assert rung(record) == [("chifeng-1001", "", "answered"), ("chifeng-1002", "m1", outcome)]
    assert talks(record) == [("chifeng-1001", ""), ("chifeng-1001", "")]
    assert [one.seat for one in record.rung] == ["chifeng-1001"]


async def test_a_caller_sent_away_stands_in_the_log(here: Scene, store: CallStore) -> None:
    """Whom its own dialplan dialled is that leg, whatever its channel is called."""
    await here.call_in("13900001121")
    await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    line = await here.phone("1002")
    await here.away(seat="chifeng-1002")
    await here.send_away()
    expert = await here.answer(line, "expert", EXPERT_HZ)
    await here.ear("caller").comes_to_hear(EXPERT_HZ, not_=(AGENT_HZ,))
    await asyncio.sleep(0.5)
    await expert.hangup()
    assert here.caller is not None
    await here.caller.phone.ended(8)
    record = await replay(here, store)
    assert talks(record) == [("chifeng-1001", ""), ("chifeng-1002", "m1")]
    assert rung(record) == [
        ("chifeng-1001", "", "answered"),
        ("chifeng-1002", "m1", "answered"),
    ]
    assert [talk.until is not None for talk in record.talks] == [True, True]

"""Kept places on the whole hotline: what the log tells of them, and Asterisk's own death."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bench.phone import Softphone
from cti.ids import CallId
from queues.task import TaskState
from records.callbacks import tasks_of
from records.callrecord import CallRecord, Disposition, Source
from records.cel import read_block
from records.database import Database
from records.keyring import ring
from records.rebuild import Replay
from tests.system.city import until
from tests.system.keptplaces import RUNG_WITHIN_S, Town, town

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(240)]

LOGGED_WITHIN = timedelta(milliseconds=500)
"""How much later than Asterisk a brain on a busy machine may have seen something."""


async def test_the_log_tells_of_a_call_back_what_the_brain_saw(
    folder: Path, phones: Softphone
) -> None:
    """A seat that refuses, a citizen who is busy, then a talk: the same record, both ways."""
    async with town(folder, phones) as here:
        await here.all_talk()
        caller = await here.wait()
        await here.keep(caller)
        await here.free_one()
        await until(lambda: here.ringing_for(caller.ani) is not None, RUNG_WITHIN_S, "rung")
        agent = here.ringing_for(caller.ani)
        assert agent is not None
        assert agent.now is not None
        await agent.now.phone.reject()
        await asyncio.sleep(1)
        await here.free_one()
        _, visit = await here.called_back(caller.ani)
        visit.refuse()
        _, visit = await here.called_back(caller.ani)
        visit.answer()
        await asyncio.sleep(1)
        await here.everybody_leaves()
        seen = next(r for r in await all_ended(here, 3) if r.ani == caller.ani)
        logged = from_log(here, seen.call)

        assert (seen.source, logged.source) == (Source.LIVE, Source.LOG)
        assert [offer.outcome for offer in seen.offers] == ["rejected", "answered", "answered"]
        assert story(seen) == story(logged)
        for one, other in zip(times(seen), times(logged), strict=True):
            assert abs(one - other) < LOGGED_WITHIN


async def test_who_is_never_reached_is_owed_a_call_back_by_hand(
    folder: Path, phones: Softphone
) -> None:
    """Twice dialled, twice busy: the request is over, and a task says that it was tried."""
    async with town(folder, phones) as here:
        await here.all_talk()
        caller = await here.wait()
        await here.keep(caller)
        await here.free_one()
        for _ in range(2):
            _, visit = await here.called_back(caller.ani)
            visit.refuse()
        await until(lambda: here.kept() == {}, 5, "the request is over")
        await here.everybody_leaves()
        record = next(r for r in await all_ended(here, 3) if r.ani == caller.ani)

        assert here.carrier.visits.empty()
        assert (record.disposition, record.talks) == (Disposition.ABANDONED, ())
        assert record.kept_at is not None
        settings = here.city.settings
        database = Database(settings.sql_url, ring(settings))
        async with database.reading() as connection:
            (task,) = await tasks_of(connection, [record.call])
        await database.close()
        assert task.state is TaskState.OWED
        assert task.number == caller.ani
        assert len(task.attempts) == 2


async def test_a_kept_place_outlives_asterisk(folder: Path, phones: Softphone) -> None:
    """``kill -9``: the talks are lost, the place is not; the citizen is called back."""
    async with town(folder, phones) as here:
        await here.all_talk()
        caller = await here.wait()
        await here.keep(caller)
        await asyncio.sleep(2)  # Asterisk's database writes once a second
        await here.city.kill("asterisk")
        here.city.start("asterisk")
        await here.city.ready()
        assert here.kept() == {caller.ani: 0}
        _, visit = await here.called_back(caller.ani)
        visit.answer()
        await until(lambda: here.kept() == {}, 3, "reached")
        await asyncio.sleep(1)
        await here.everybody_leaves()

        assert here.carrier.visits.empty()
        record = next(r for r in await all_ended(here, 3) if r.ani == caller.ani)
        assert record.disposition is Disposition.ANSWERED
        assert len(record.talks) == 1


async def all_ended(here: Town, count: int) -> list[CallRecord]:
    """The records of so many calls, once all are over."""

    async def are_over() -> bool:
        return len([r for r in await here.city.records() if r.ended_at]) == count

    await until(are_over, 45, f"{count} calls are over")
    return await here.city.records()


def from_log(here: Town, call: CallId) -> CallRecord:
    """The record as Asterisk's own log has it."""
    replay = Replay(here.city.profile.centre)
    replay.feed(read_block(here.city.settings.cel_file.read_bytes()).events)
    return next(record for record in replay.take() if record.call == call)


def story(record: CallRecord) -> tuple[object, ...]:
    return (
        record.disposition,
        record.cause,
        [(offer.seat, offer.outcome) for offer in record.offers],
        [talk.seat for talk in record.talks],
        record.kept_at,
        record.dnis,
        record.line,
    )


def times(record: CallRecord) -> list[datetime]:
    ends = [at for talk in record.talks for at in (talk.since, talk.until)]
    found = [record.arrived_at, record.waited_since, *ends, record.ended_at]
    assert None not in found
    return [at for at in found if at is not None] + [offer.at for offer in record.offers]

"""A day's figures as they went by and as they are kept are the same, call by call."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from cti.liveboard import Stamp
from records.callrecord import CallRecord, Disposition, Source
from records.history import report
from records.store import CallStore
from tests.records.dayparts import CENTRE, PLAN
from tests.records.dayworld import DayWorld

MORNING = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)  # eight o'clock in China
MIDNIGHT = MORNING - timedelta(hours=8)
DAY = timedelta(days=1)


async def kept(store: CallStore) -> list[CallRecord]:
    return (await store.calls(since=MIDNIGHT, until=MIDNIGHT + DAY, limit=100_000))[::-1]


async def is_as_kept(world: DayWorld) -> None:
    """In the middle of the day: every call that is over stands on the board as it does in SQL."""
    if world.brain is None:
        return
    board = world.brain.board
    over = {one.call: one for one in board.calls() if one.ended_at is not None}
    assert over == {one.call: one for one in await kept(world.store) if one.ended_at is not None}
    world.checked += 1


async def by_the_journal(store: CallStore, record: CallRecord) -> CallRecord:
    """The call as its journal tells it, where it differs from nothing but names."""
    since = until = waited = None
    talks: list[tuple[datetime, datetime | None]] = []
    for line in await store.journal(record.call):
        match line.what:
            case "waiting":
                waited = line.at
            case "talking":
                talks.append((line.at, None))
            case "talk-ended":
                talks[-1] = (talks[-1][0], line.at)
            case "ended":
                until = line.at
            case "arrived":
                since = line.at
            case _:
                pass
    told = [
        replace(talk, since=begun, until=over)
        for talk, (begun, over) in zip(record.talks, talks, strict=True)
    ]
    assert since is not None
    return replace(record, arrived_at=since, waited_since=waited, ended_at=until, talks=tuple(told))


async def test_a_day_as_it_went_by_is_the_day_as_it_is_kept(
    store: CallStore, tmp_path: Path
) -> None:
    """1,000 calls with abandons, missed offers, seats that vanish, kept places, holders of such who
    call in again, and eight restarts.

    The board that lived, the report from SQL, the rows and the journal agree, call by call, at any
    moment of the day; and they say of each caller what truly happened.
    """
    world = DayWorld(Random(12345), store, Stamp(tmp_path / "brain.seen"), MORNING, calls=1000)
    world.checks.append(is_as_kept)
    await world.run()
    assert world.brain is not None
    board, rows = world.brain.board, await kept(store)

    assert board.calls() == rows
    found = await report(store.database, MIDNIGHT, world.now, centre=CENTRE, now=world.now)
    assert board.today(CENTRE) == found.whole
    assert board.spent(CENTRE, world.now) == found.seats
    assert (found.whole.offered, found.whole.live) == (len(world.callers), 0)
    assert len(world.callers) >= 1000

    truth = {caller.id: caller for caller in world.callers.values()}
    assert {row.call for row in rows} == set(truth)
    wrong = [
        (row.call, row.disposition, len(row.talks), len(truth[row.call].talks), row.source)
        for row in rows
        if len(row.talks) != len(truth[row.call].talks)
        or (row.disposition is Disposition.ANSWERED) != bool(truth[row.call].talks)
    ]
    assert wrong == []

    seen = [row for row in rows if row.source is Source.LIVE]
    assert [await by_the_journal(store, row) for row in seen] == seen

    what = Counter(row.disposition for row in rows)
    assert world.restarts == 8
    assert world.checked >= 6
    assert min(what[Disposition.ANSWERED], what[Disposition.ABANDONED]) > 50
    assert sum(row.has_fallen_back for row in rows) > 5
    assert sum(row.kept_at is not None and bool(row.talks) for row in rows) > 5
    assert sum(caller.lost for caller in truth.values()) > 20
    assert len(rows) - len(seen) > 20


async def test_seats_talk_as_long_as_callers_do(store: CallStore, tmp_path: Path) -> None:
    """Without a restart the book of seats and the rows of calls, each by rules of its own, agree
    to the microsecond.
    """
    stamp = Stamp(tmp_path / "brain.seen")
    world = DayWorld(Random(7), store, stamp, MORNING, calls=150, is_mortal=False)
    await world.run()
    found = await report(store.database, MIDNIGHT, world.now, by="seat", now=world.now)
    talked = Counter[str]()
    for row in await kept(store):
        for talk in row.talks:
            assert talk.until is not None
            talked[talk.seat] += (talk.until - talk.since) // timedelta(microseconds=1)
    spent = {row: figures.talking_s for row, figures in found.seat_rows.items()}
    assert spent == {seat: micros / 1_000_000 for seat, micros in talked.items()}
    assert found.seats.wrap_up_s is not None
    assert 0 < found.seats.wrap_up_s <= PLAN.wrap_up_of(CENTRE).total_seconds()

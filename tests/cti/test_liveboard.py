"""The live board among the others: what was before, and the sign of life."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cti.effects import CloseSeatTimes, CompleteDraft, Fact, WriteCall, WriteSeatTime
from cti.ids import AgentId, CallId, CentreId, SeatId
from cti.liveboard import NEVER, Stamp, Told, remember
from queues.live import LiveBoard
from queues.seat import AgentState, SeatStretch
from records.database import Database
from records.store import CallStore
from tests.records.samples import NOON, arrived, ended

HERE = CentreId("chifeng")


def stretch(until: datetime | None) -> SeatStretch:
    return SeatStretch(
        seat=SeatId("chifeng-1001"),
        centre=HERE,
        agent=AgentId("anna"),
        state=AgentState.AVAILABLE,
        reason="",
        call=None,
        since=NOON,
        until=until,
    )


class Kept:
    """``cti.ports.Facts`` that keeps them."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def put(self, fact: Fact) -> None:
        self.facts.append(fact)


def test_facts_reach_the_board_on_their_way_to_sql() -> None:
    """Each goes on as it came; calls and stretches count at once, whether or not SQL lives."""
    kept, board = Kept(), LiveBoard(NOON)
    told = Told(kept, board)
    facts: list[Fact] = [
        WriteCall(record=ended("node1-1.1")),
        WriteSeatTime(stretch=stretch(NOON + timedelta(seconds=9))),
        CompleteDraft(call=CallId("node1-1.1")),
    ]
    for fact in facts:
        told.put(fact)
    assert kept.facts == facts
    assert board.today(HERE).answered == 1
    assert board.spent(HERE, NOON).ready_s == 9


async def test_the_stamp_says_when_the_brain_before_us_lived(tmp_path: Path) -> None:
    """To the second; the first brain of a home has none before it, and none was seen tomorrow."""
    place = tmp_path / "run" / "brain.seen"
    assert Stamp(place).seen_at == NEVER
    async with asyncio.TaskGroup() as group:
        task = group.create_task(Stamp(place).run())
        async with asyncio.timeout(5):
            while not place.exists():  # noqa: ASYNC110 - a file rings no bell
                await asyncio.sleep(0.01)
        task.cancel()
    now = datetime.now(UTC)
    assert timedelta(0) <= now - Stamp(place).seen_at < timedelta(seconds=5)
    os.utime(place, (now.timestamp() + 999, now.timestamp() + 999))
    assert Stamp(place).closing((HERE,), now) == CloseSeatTimes(
        centres=(HERE,), begun_before=now, seen_at=now
    )


async def test_a_disk_that_takes_no_stamp_stops_nobody(tmp_path: Path) -> None:
    """It is said once; the next brain then knows less."""
    (tmp_path / "run").write_text("not a directory")
    async with asyncio.TaskGroup() as group:
        task = group.create_task(Stamp(tmp_path / "run" / "brain.seen").run())
        await asyncio.sleep(0.05)
        assert not task.done()
        task.cancel()


async def test_the_day_before_us_is_remembered_once_sql_answers(tmp_path: Path) -> None:
    """A database that is away is asked again; the day's figures are not whole until then."""
    begun = NOON + timedelta(hours=1)
    board, database = LiveBoard(begun), Database(f"sqlite+aiosqlite:///{tmp_path}/var/hotline.db")
    store = await CallStore.open(f"sqlite+aiosqlite:///{tmp_path}/away/hotline.db")
    await store.write_calls([ended("node1-1.1"), arrived("node1-1.2")])
    await store.write_facts([WriteSeatTime(stretch=stretch(None))])
    await store.close()
    async with asyncio.TaskGroup() as group:
        seen_at = NOON + timedelta(seconds=30)
        work = group.create_task(remember(database, board, begun, seen_at, again_s=0.01))
        await asyncio.sleep(0.1)
        assert not board.has_past
        (tmp_path / "away").rename(tmp_path / "var")
        async with asyncio.timeout(10):
            await work
    assert board.has_past
    assert (board.today(HERE).offered, board.today(HERE).live) == (2, 1)
    assert board.spent(HERE, begun).ready_s == 30
    await database.close()

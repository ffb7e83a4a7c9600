"""The live board among the others: what the day was before us, and that somebody is alive. Ring 3.

The board itself is ``queues.live``. It is told by the driver (``Told``) and by the store, whose
other writer is the replay of Asterisk's log; what was before this process comes from SQL, once.
"""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from cti.effects import CloseSeatTimes, Fact, WriteCall, WriteSeatTime
from cti.ids import CentreId
from cti.ports import Facts
from queues.breakdown import midnight
from queues.live import LiveBoard
from records.database import Database
from records.history import calls_between
from records.seattimes import stretches_between

STAMP_EVERY_S: Final = 2.0
"""How exactly the next brain will know when this one was last alive."""
AGAIN_S: Final = 5.0
NEVER: Final = datetime.fromtimestamp(0, UTC)

log = structlog.get_logger()


class Told:
    """``cti.ports.Facts`` that tells the board of each fact on its way to SQL."""

    def __init__(self, facts: Facts, board: LiveBoard) -> None:
        self._facts, self._board = facts, board

    def put(self, fact: Fact) -> None:
        """Take one fact over."""
        if isinstance(fact, WriteCall):
            self._board.see(fact.record)
        elif isinstance(fact, WriteSeatTime):
            self._board.spend(fact.stretch)
        self._facts.put(fact)


class Stamp:
    """A file whose age says when a brain of this home was last alive. ``run`` keeps it young."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self.seen_at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        except OSError:
            self.seen_at = NEVER
        """When the brain before this one was last seen; 1970 when there was none."""

    async def run(self) -> None:
        """Say that we live until cancelled. A full disk keeps nobody from working."""
        is_said = False
        while True:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                self._path.touch()
                os.utime(self._path)
            except OSError as error:
                if not is_said:
                    log.error("cannot leave a sign of life", why=str(error))
                is_said = True
            await asyncio.sleep(STAMP_EVERY_S)

    def closing(self, centres: tuple[CentreId, ...], now: datetime) -> CloseSeatTimes:
        """What is to be written first of all: nobody's stretch goes on through our absence."""
        return CloseSeatTimes(
            centres=centres, begun_before=now, seen_at=min(now, max(self.seen_at, NEVER))
        )


async def remember(
    database: Database,
    board: LiveBoard,
    begun: datetime,
    seen_at: datetime,
    again_s: float = AGAIN_S,
) -> None:
    """Tell the board of the day before ``begun``. Tries again while SQL is away; then ends."""
    since = midnight(begun)
    while not board.has_past:
        try:
            async for record in calls_between(database, since, since + timedelta(days=1)):
                board.see(record)
            stretches = [one async for one in stretches_between(database, since, begun)]
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("the day so far cannot be read", why=type(error).__name__)
            await asyncio.sleep(again_s)
            continue
        for stretch in stretches:
            board.recall(stretch, seen_at)
        board.has_past = True
        log.info("live board whole", calls=len(board.calls()), stretches=len(stretches))

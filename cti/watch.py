"""Notices a process that lives but is stuck, and kills it so that it is started again. Ring 3."""

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

import structlog

from cti.supervisor import Process

log = structlog.get_logger()


class Watch:
    """Asks one process again and again whether it turns.

    Counting begins with its first answer: a start may take as long as it takes. A process that
    ended meanwhile is the supervisor's business; the next one is waited for in the same way.
    """

    def __init__(
        self,
        process: Process,
        answers: Callable[[], Awaitable[bool]],
        *,
        every_s: float = 5.0,
        misses: int = 6,
    ) -> None:
        """``answers`` asks once and is quicker than ``every_s``."""
        self._process, self._answers = process, answers
        self._every_s, self._misses = every_s, misses
        self._watched: int | None = None
        """The pid that has answered once; the silences of no other are counted."""

    def answered(self) -> None:
        """The process answered somebody else: its silences count from now on."""
        self._watched = self._process.pid

    async def run(self) -> None:
        """Watch until cancelled. After ``misses`` unanswered questions in a row: ``kill -9``."""
        missed = 0
        while True:
            asked_at, asked = monotonic(), self._process.pid
            does_answer = await self._answers()
            if does_answer:
                self._watched, missed = asked, 0
            elif asked is not None and asked == self._watched == self._process.pid:
                missed += 1
                log.warning("process does not answer", process=self._process.name, times=missed)
                if missed >= self._misses:
                    self._watched, missed = None, 0
                    self._process.kill("stuck: it lives and does not answer")
            else:
                missed = 0
            # The first answer is waited for closely: what gets stuck right after it counts too.
            is_watched = self._watched is not None and self._watched == self._process.pid
            every_s = self._every_s if is_watched else self._every_s / 10
            await asyncio.sleep(max(every_s - (monotonic() - asked_at), 0.0))

"""Live text in the brain: tells the listener which talks go on, and the desks what it heard.

Ring 3, holds no rules: whose screen shows what, ``cti.web.textboard`` says.
"""

import asyncio
from contextlib import suppress

import structlog

from cti.web.desk import DeskHub
from records.live.line import LiveLine
from records.live.told import HEARD, TALKS, Heard, LiveTalks

log = structlog.get_logger()

TELL_S = 1.0
"""A listener that has just begun knows after this what goes on."""


class LiveText:
    """``run`` it as a task, until it is cancelled."""

    def __init__(self, url: str, hub: DeskHub) -> None:
        self._line, self._hub = LiveLine(url), hub

    async def run(self) -> None:
        """Tell and hear."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._tell())
                group.create_task(self._hear())
        finally:
            await self._line.close()

    async def _tell(self) -> None:
        changed = self._hub.texts.changed
        while True:
            changed.clear()
            talks = LiveTalks(talks=self._hub.texts.talks())
            await self._line.tell(TALKS, talks.model_dump_json())
            with suppress(TimeoutError):
                async with asyncio.timeout(TELL_S):
                    await changed.wait()

    async def _hear(self) -> None:
        async for text in self._line.hear(HEARD):
            try:
                heard = Heard.model_validate_json(text)
            except ValueError:
                log.warning("live text cannot be read")
                continue
            self._hub.show_said(heard)

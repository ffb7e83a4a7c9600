"""Watches the disk that recordings go to, and says loudly when they are being lost. Ring 3.

Asterisk drops what it cannot write and goes on with the call, which is right; but somebody must
be told while there is still something to be saved.
"""

import asyncio
import shutil
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from time import monotonic

import structlog

from cti.doctor import ROOM_BYTES

log = structlog.get_logger()

LOOK_EVERY_S = 2.0
SAY_AGAIN_S = 60.0
FULL_BYTES = 1 << 20
"""With less than this nothing can be written any more: half a minute of one call."""


class Room(Enum):
    """How much is left."""

    ENOUGH = "enough"
    SCARCE = "scarce"
    NONE = "none"


def judge(free: int) -> Room:
    """Judge so many free bytes."""
    if free < FULL_BYTES:
        return Room.NONE
    return Room.SCARCE if free < ROOM_BYTES else Room.ENOUGH


class RecordingRoom:
    """Run ``run`` once, as a task; ``figures`` may be asked any time."""

    def __init__(self, recordings: Path) -> None:
        self._recordings = recordings
        self._room = Room.ENOUGH
        self._said_at = 0.0
        self._free = -1.0

    def figures(self) -> Mapping[str, float]:
        """Free bytes; -1 when nobody can say."""
        return {"recordings_free_bytes": self._free}

    async def run(self) -> None:
        """Look until cancelled. A disk that cannot be asked is said, and asked again."""
        while True:
            try:
                self._look(shutil.disk_usage(self._recordings).free)
            except OSError as error:
                self._free = -1.0
                log.error("recordings cannot be reached", error=error.strerror)
            await asyncio.sleep(LOOK_EVERY_S)

    def _look(self, free: int) -> None:
        before, self._room, self._free = self._room, judge(free), float(free)
        is_news = self._room is not before
        if not is_news and (self._room is Room.ENOUGH or monotonic() - self._said_at < SAY_AGAIN_S):
            return
        self._said_at = monotonic()
        if self._room is Room.NONE:
            log.error("disk full, calls go on unrecorded", free_bytes=free)
        elif before is Room.NONE:
            log.info("disk has room again, recording goes on", free_bytes=free)
        elif self._room is Room.SCARCE:
            log.warning("disk almost full, recordings will be lost", free_bytes=free)
        else:
            log.info("disk has room enough again", free_bytes=free)

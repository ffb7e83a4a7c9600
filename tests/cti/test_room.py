"""The disk of the recordings: what is judged, and what is said about it."""

import asyncio
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs

from cti.doctor import ROOM_BYTES
from cti.room import FULL_BYTES, RecordingRoom, Room, judge


@pytest.mark.parametrize(
    ("free", "room"),
    [
        (0, Room.NONE),
        (FULL_BYTES - 1, Room.NONE),
        (FULL_BYTES, Room.SCARCE),
        (ROOM_BYTES - 1, Room.SCARCE),
        (ROOM_BYTES, Room.ENOUGH),
    ],
)
def test_how_much_is_enough(free: int, room: Room) -> None:
    assert judge(free) is room


async def test_a_disk_that_cannot_be_asked_is_said(tmp_path: Path) -> None:
    """And its figure is no number of bytes; where it is there, it is one."""
    structlog.reset_defaults()
    with capture_logs() as said:
        for place, is_there in ((tmp_path / "gone", False), (tmp_path, True)):
            room = RecordingRoom(place)
            async with asyncio.TaskGroup() as group:
                looking = group.create_task(room.run())
                await asyncio.sleep(0.05)
                looking.cancel()
            assert (room.figures()["recordings_free_bytes"] > 0) is is_there
    assert [line["event"] for line in said if line["log_level"] == "error"] == [
        "recordings cannot be reached"
    ]

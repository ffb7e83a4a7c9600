"""``hotline up`` notices a brain that lives but is stuck, and puts another in its place."""

import os
import signal
from pathlib import Path

import pytest

from tests.system.up import Up, installation, is_alive, nothing_left

pytestmark = [pytest.mark.asterisk, pytest.mark.speech, pytest.mark.timeout(400)]

ANOTHER_WITHIN_S = 45.0
"""Six questions, five seconds apart, and a start."""


async def test_a_brain_that_is_stuck_is_started_anew_and_asterisk_left_alone(folder: Path) -> None:
    """It would never end by itself; meanwhile and afterwards Asterisk keeps its calls."""
    settings = installation(folder)
    async with Up(settings) as up:
        await up.serving()
        asterisk, stuck = up.pid("asterisk"), up.pid("brain")
        os.kill(stuck, signal.SIGSTOP)
        await up.restarted("brain", stuck, ANOTHER_WITHIN_S)
        assert not is_alive(stuck)
        await up.says("brain 意外退出, 正在重启")
        assert asterisk == up.pid("asterisk")
        assert up.console.count("意外退出") == 1
        await up.interrupt()
        await nothing_left(settings)

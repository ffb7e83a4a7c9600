"""A table put in force beside a running brain: it takes it over, and mends what was interrupted."""

import asyncio
import json
import multiprocessing
import os
import signal
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from bench.phone import Softphone
from config.apply import apply, rollback
from config.profile import NUMBERS
from config.readback import differences
from config.revisions import Revisions
from config.settings import Settings
from tests.config.town import silent
from tests.system.city import City, until
from tests.system.numberstable import with_line

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(240)]

TAKEN_OVER_WITHIN_S = 2.0


def taken_over(city: City) -> list[dict[str, Any]]:
    """What the brain said of each table it took over."""
    lines = city.logs()["brain.log"].splitlines()
    return [json.loads(line) for line in lines if '"event": "profile taken over"' in line]


def add_line(settings: Settings, number: str) -> None:
    """Put a line into the working copy."""
    table = Path(settings.profile) / NUMBERS
    table.write_text(with_line(table.read_text(encoding="utf-8"), number), encoding="utf-8")


async def test_the_brain_takes_over_what_others_put_in_force(
    folder: Path, phones: Softphone
) -> None:
    """Within two seconds, and calls to a new line carry its number; a rollback likewise."""
    async with City(folder, seats=1) as city:
        for count in range(1, 4):
            add_line(city.settings, f"899000{count}")
            await asyncio.to_thread(apply, city.settings, who="anna", why="", make_prompts=silent)
            began = monotonic()
            await until(lambda n=count: len(taken_over(city)) == n, 10, "taken over")  # type: ignore[misc]
            assert monotonic() - began < TAKEN_OVER_WITHIN_S
        assert [told["revision"] for told in taken_over(city)] == [1, 2, 3]
        host, port = city.target
        caller = await phones.call("8990002", ani="13900000125", host=host, port=port)
        await caller.connected()
        await caller.hangup()
        await asyncio.to_thread(rollback, city.settings, 1, who="anna", why="", make_prompts=silent)
        await until(lambda: taken_over(city)[-1]["revision"] == 4, 10, "rolled back")
        lines = [told["lines"] for told in taken_over(city)]
        assert lines == [lines[0], lines[0] + 1, lines[0] + 2, lines[0]]


async def test_the_brain_ends_what_a_killed_apply_left_open(folder: Path) -> None:
    """Nobody has to come by: disk, Asterisk and brain agree again by themselves."""
    async with City(folder, seats=1) as city:
        add_line(city.settings, "8990001")
        await asyncio.to_thread(apply, city.settings, who="anna", why="", make_prompts=silent)
        revisions = Revisions(city.settings)
        for step in ("placed", "flipped", "reloaded"):
            add_line(city.settings, f"89900{len(step)}{revisions.numbers()[-1]}")

            def work(step: str = step) -> None:
                def on_step(at: str) -> None:
                    if at == step:
                        os.kill(os.getpid(), signal.SIGKILL)

                apply(city.settings, who="x", why="", make_prompts=silent, on_step=on_step)

            child = multiprocessing.get_context("fork").Process(target=work)
            child.start()
            await asyncio.to_thread(child.join)
            newest = revisions.newest()
            assert newest is not None
            number = newest.number
            await until(lambda n=number: revisions.revision(n).state != "pending", 5, "ended")  # type: ignore[misc]
            current = revisions.current()
            assert current is not None
            assert (current.number == number) == (step != "placed")
            assert differences(city.settings, revisions.rendered(current.number)) == []
            await until(
                lambda n=current.number: taken_over(city)[-1]["revision"] == n,  # type: ignore[misc]
                5,
                "taken over",
            )

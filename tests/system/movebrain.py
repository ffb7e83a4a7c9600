"""A ``Stage`` whose brain dies and is back before anybody who holds has given it up."""

import asyncio

from tests.system.movestage import Stage

BACK_S = 7
"""Whoever holds goes to the room or the queue by itself once no brain has beaten for 8 s."""


async def back_at_once(on: Stage) -> None:
    """The brain dies, and is there again; everybody's desk, too."""
    await is_back(on, await killed(on))
    await on.staff()


async def killed(on: Stage) -> int:
    """The brain dies; when it beat last."""
    await on.city.kill("brain")
    return await _beat(on)


async def is_back(on: Stage, last: int) -> None:
    """The brain is there again. It fails by itself when that took so long that nothing can be said
    of what must go on.
    """
    on.city.start("brain")
    async with asyncio.TaskGroup() as group:
        beats = group.create_task(_beat_after(on, last))
        await on.city.ready()
    was_silent_s = beats.result() - last
    assert was_silent_s <= BACK_S, f"no brain beat for {was_silent_s} s: whoever held has gone on"


async def _beat(on: Stage) -> int:
    """When the brain beat last, as Asterisk was told (in seconds)."""
    return int((await on.tap.ask("Getvar", Variable="BRAIN_BEAT"))["Value"])


async def _beat_after(on: Stage, last: int) -> int:
    """The first beat after that one."""
    while (now := await _beat(on)) == last:  # noqa: ASYNC110 - Asterisk tells nobody of it
        await asyncio.sleep(0.1)
    return now

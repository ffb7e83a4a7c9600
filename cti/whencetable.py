"""Loads where numbers belong, outside the brain: the whole table is large and slow to read."""

import asyncio
import os
import sys
from collections.abc import Callable
from typing import Final

import structlog

from config.whence import Whence, china, read, written

WITHIN_S: Final = 60.0

log = structlog.get_logger()


async def load(know: Callable[[Whence], None]) -> None:
    """Have the table read by a process of its own and say what is in it, once.

    Without it cards name no city; nothing else needs it.
    """
    try:
        async with asyncio.timeout(WITHIN_S):
            table = await _printed()
        know(read(table))
    except (OSError, ValueError, TimeoutError) as error:
        log.warning("where numbers belong is not known", why=type(error).__name__)
    else:
        log.info("where numbers belong is known")


async def _printed() -> str:
    """What ``python -m cti.whencetable`` prints."""
    pipe = asyncio.subprocess.PIPE
    reading = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cti.whencetable", stdin=asyncio.subprocess.DEVNULL, stdout=pipe
    )
    try:
        printed, _ = await reading.communicate()
    finally:
        if reading.returncode is None:
            reading.kill()
            await reading.wait()
    return printed.decode("utf-8")


if __name__ == "__main__":
    os.nice(19)  # nobody waits for it, and callers must not wait behind it
    print(written(china()))  # noqa: T201 - its output is what it is for

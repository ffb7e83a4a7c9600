"""Loads where numbers belong, outside the brain: the whole table is large and slow to read.

China's part is kept in the cache once it was read, by the version it is of: to read the whole
costs seconds of CPU, and a brain that comes back has better to do.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Final

import structlog

from config.whence import Whence, china, read, written

WITHIN_S: Final = 60.0

log = structlog.get_logger()


def kept(cache: Path) -> Path:
    """Where the table of the installed ``phonenumbers`` is kept, for every installation here."""
    return cache / "whence" / f"{version('phonenumbers')}.json"


async def load(know: Callable[[Whence], None], cache: Path) -> None:
    """Have the table read, from the cache or by a process of its own, and say what is in it, once.

    Without it cards name no city; nothing else needs it. A file in the cache that is no table is
    made anew.
    """
    try:
        path = kept(cache)
        table = await asyncio.to_thread(_before, path)
        if table is None:
            async with asyncio.timeout(WITHIN_S):
                line = await _printed()
            table = read(line)
            await asyncio.to_thread(_keep, path, line)
        know(table)
    except (OSError, ValueError, ImportError, TimeoutError) as error:
        log.warning("where numbers belong is not known", why=type(error).__name__)
    else:
        log.info("where numbers belong is known")


def _before(path: Path) -> Whence | None:
    """What was kept; None if nothing was, or nothing that can be read."""
    with suppress(OSError, ValueError):
        return read(path.read_text(encoding="utf-8"))
    return None


def _keep(path: Path, line: str) -> None:
    """Write it whole or not at all; brains that start at once write the same."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.stem}-", suffix=".part")
        unfinished = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                stream.write(line)
            unfinished.chmod(0o644)
            unfinished.replace(path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    except OSError as error:
        log.warning("where numbers belong is not kept", why=type(error).__name__)


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

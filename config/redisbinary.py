"""Where the Redis server's program stands. Standard library only.

Debian's ``redis-server`` package starts a system service; the program itself is in
``redis-tools`` under the name ``redis-check-rdb`` (it looks at its own name to know what to be).
The installer therefore installs only ``redis-tools`` and names the program under ``home/bin``,
so that a machine never gets a service it did not ask for.
"""

import shutil
from pathlib import Path


def redis_server(home: Path, path: str | None = None) -> Path | None:
    """The program to start as ``redis-server``; None when there is none. ``path``: as ``PATH``."""
    ours = home / "bin" / "redis-server"
    if ours.exists():
        return ours
    found = shutil.which("redis-server", path=path)
    return Path(found) if found else None

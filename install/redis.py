"""A ``redis-server`` under ``home/bin`` where the machine has only Debian's ``redis-tools``."""

import shutil

from config.redisbinary import redis_server
from install.command import InstallError
from install.place import Place


def is_named(place: Place) -> bool:
    """Whether there is a program to start as the private Redis."""
    return redis_server(place.home) is not None


def name_it(place: Place) -> None:
    """Name the program in ``redis-tools`` for what we want of it. Idempotent."""
    if is_named(place):
        return
    program = shutil.which("redis-check-rdb")
    if program is None:
        raise InstallError("redis-tools 已安装，但找不到 redis-check-rdb")
    link = place.home / "bin" / "redis-server"
    link.parent.mkdir(parents=True, exist_ok=True)
    link.unlink(missing_ok=True)  # one that leads nowhere
    link.symlink_to(program)

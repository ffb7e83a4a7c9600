"""Ports nobody uses just now, for benches and tests that run beside other things.

A port is given once until all others were: who asked first may not have bound it yet, and a block
for media is bound only as calls come. Processes that run side by side each have their own share
(``share``), so that none finds free what another has just been given.
"""

import os
import random
import socket
from typing import Final

HOST: Final = "127.0.0.1"
MEDIA: Final = range(10_000, 29_900)
"""Below the ports that the kernel gives out by itself."""
SINGLES: Final = range(29_900, 32_700)
"""For everything else: a SIP port amid somebody's media is sent that media's reports."""
SHARE: Final = "HOTLINE_PORT_SHARE"
"""The variable with the share of this process and those it starts: ``1/2`` is the second of two."""
STEP: Final = 20


class Given:
    """What this process was given so far of its share of a range."""

    def __init__(self, ports: range) -> None:
        self._ports = ports
        self._next: int | None = None

    def take(self, size: int) -> int:
        """The first of ``size`` free ports. ``OSError``: there are none in the whole share."""
        mine = share(self._ports)
        if size > len(mine):
            raise OSError(f"{size} ports are more than the share {mine.start}-{mine.stop - 1}")
        if self._next is None:
            # Another run of ours on this machine has most likely begun elsewhere.
            self._next = random.randrange(mine.start, mine.stop, STEP)
        for _ in range(2 * len(mine)):
            if self._next + size > mine.stop:
                self._next = mine.start
            first, self._next = self._next, self._next + size
            if all(_is_free(port) for port in range(first, first + size, STEP)):
                return first
        raise OSError("no free port")


def share(ports: range) -> range:
    """What of ``ports`` is for this process and those it starts."""
    mine, _, of = os.environ.get(SHARE, "0/1").partition("/")
    each = len(ports) // int(of) // STEP * STEP
    first = ports.start + int(mine) * each
    return range(first, first + each)


_media, _singles = Given(MEDIA), Given(SINGLES)


def free_port() -> int:
    """A port free for UDP and TCP."""
    return _singles.take(1)


def free_block(size: int) -> int:
    """The first of ``size`` ports for media, free for UDP and TCP by a sample."""
    return _media.take(size + size % 2)


def _is_free(port: int) -> bool:
    for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM):
        with socket.socket(socket.AF_INET, kind) as probe:
            try:
                probe.bind((HOST, port))
            except OSError:
                return False
    return True

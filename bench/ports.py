"""Ports nobody uses just now, for benches that run beside other things."""

import random
import socket

HOST = "127.0.0.1"
FIRST, LAST = 20000, 31999
"""For media. Below the ports the kernel gives out by itself."""
SINGLE_FIRST, SINGLE_LAST = 12000, 16999
"""For everything else: a SIP port amid somebody's media is sent that media's reports."""


def free_udp() -> int:
    """A port free for UDP and TCP."""
    for _ in range(100):
        port = random.randrange(SINGLE_FIRST, SINGLE_LAST)
        if _is_free(port, socket.SOCK_DGRAM) and _is_free(port, socket.SOCK_STREAM):
            return port
    raise OSError("no free port")


def free_block(size: int) -> int:
    """The first of ``size`` UDP ports of which none of a sample is in use."""
    for _ in range(100):
        first = random.randrange(FIRST, LAST - size, 2)
        if all(_is_free(port, socket.SOCK_DGRAM) for port in range(first, first + size, 25)):
            return first
    raise OSError("no free block of ports")


def _is_free(port: int, kind: socket.SocketKind) -> bool:
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True

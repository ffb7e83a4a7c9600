"""Who holds a port of this machine: a bind that is tried, and what ``/proc`` tells about it."""

import errno
import os
import socket
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

_PROC = Path("/proc")
_TCP_LISTEN = "0A"


class Transport(Enum):
    """How a port is used."""

    TCP = "tcp"
    UDP = "udp"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The process that holds a port, and its forebears' pids up to init."""

    pid: int
    name: str
    ancestors: frozenset[int]


def is_taken(host: str, port: int, transport: Transport) -> bool:
    """Whether the address cannot be bound because somebody holds it. Binds and lets go at once.

    Raises ``OSError`` when the address cannot be bound for another reason (not this machine's,
    not allowed).
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    kind = socket.SOCK_STREAM if transport is Transport.TCP else socket.SOCK_DGRAM
    with socket.socket(family, kind) as attempt:
        if transport is Transport.TCP:  # a port in TIME_WAIT is free for every server
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as fault:
            if fault.errno == errno.EADDRINUSE:
                return True
            raise
    return False


def holder(port: int, transport: Transport, proc: Path = _PROC) -> Holder | None:
    """The process that holds a port on any address; None when ``/proc`` does not say."""
    sockets = {f"socket:[{inode}]" for inode in _inodes(port, transport, proc)}
    if not sockets:
        return None
    for directory in proc.glob("[0-9]*"):
        if _opens_one_of(directory, sockets):
            pid = int(directory.name)
            return Holder(pid=pid, name=_name(directory), ancestors=_ancestors(pid, proc))
    return None


def _inodes(port: int, transport: Transport, proc: Path) -> set[str]:
    found: set[str] = set()
    for table in (transport.value, transport.value + "6"):
        try:
            lines = (proc / "net" / table).read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            words = line.split()
            is_open = transport is Transport.UDP or words[3] == _TCP_LISTEN
            if is_open and int(words[1].rpartition(":")[2], 16) == port:
                found.add(words[9])
    return found


def _opens_one_of(directory: Path, sockets: set[str]) -> bool:
    try:
        return any(os.readlink(entry) in sockets for entry in (directory / "fd").iterdir())
    except OSError:  # gone meanwhile, or another user's
        return False


def _name(directory: Path) -> str:
    try:
        return (directory / "comm").read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return "?"


def _ancestors(pid: int, proc: Path) -> frozenset[int]:
    found: set[int] = set()
    while pid > 1 and pid not in found:
        found.add(pid)
        try:
            stat = (proc / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
        except OSError:
            break
        pid = int(stat.rpartition(")")[2].split()[1])
    return frozenset(found)

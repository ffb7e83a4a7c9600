"""When sound was really sent, by the kernel's clock: by telephones to our Asterisk, and by it.

A hole in a recording is the telephone's if that sent nothing meanwhile, and ours if it did. Another
process looks at the packets that come over the loopback, and is asked about them afterwards. The
kernel writes the time onto each as it is sent, so it does not matter when the process gets to read
it. Needs the right to capture (``may_look``).
"""

import ctypes
import selectors
import socket
import struct
import subprocess
import sys
from array import array
from collections import defaultdict
from collections.abc import Sequence
from time import clock_gettime_ns
from types import TracebackType
from typing import Final, Self

A_LAW: Final = 8
_ATTACH_FILTER: Final = 26
_TIMESTAMP_NS: Final = 35
_RECEIVE_BUFFER_FORCE: Final = 33
_STATISTICS: Final = 6
_PACKET: Final = 263
_TO_US: Final = 0
_IPV4: Final = 0x0800
_REALTIME: Final = 0
_MONOTONIC: Final = 1


class Sending:
    """Looks at the sound that is sent to a range of ports. Use as ``with``."""

    def __init__(self, first: int, last: int) -> None:
        self._ports = first, last
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        argv = [sys.executable, "-m", __name__, *map(str, self._ports)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(argv, stdin=pipe, stdout=pipe, text=True)
        self._asked("0 0 0")  # from now on it looks
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.communicate()

    def by(self, port: int, since: float, until: float) -> Sequence[float]:
        """When each packet of sound left that telephone in that time (CLOCK_MONOTONIC)."""
        return self._asked(f"{port} {since} {until}")

    def to(self, port: int, since: float, until: float) -> Sequence[float]:
        """When each was sent to it."""
        return self._asked(f"{-port} {since} {until}")

    def _asked(self, question: str) -> list[float]:
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(question + "\n")
        self._process.stdin.flush()
        lost, *times = self._process.stdout.readline().split() or ["nobody answers"]
        assert lost == "0", f"packets that nobody has looked at: {lost}"
        return [float(time) for time in times]


def may_look() -> bool:
    """Whether packets may be captured here."""
    try:
        socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM).close()
    except PermissionError:
        return False
    return True


def _program(first: int, last: int) -> Sequence[tuple[int, int, int, int]]:
    """For the kernel's packet filter: UDP to those ports, or from them. The rest costs nothing."""
    load, half, byte = 0x20, 0x28, 0x30
    equal, at_least, above, give = 0x15, 0x35, 0x25, 0x06
    return [
        (load, 0, 0, 0xFFFFF004),  # the packet's direction
        (equal, 0, 9, _TO_US),
        (byte, 0, 0, 9),  # its protocol
        (equal, 0, 7, socket.IPPROTO_UDP),
        (half, 0, 0, 22),  # the port it goes to
        (at_least, 0, 1, first),
        (above, 0, 3, last),
        (half, 0, 0, 20),  # the port it comes from
        (at_least, 0, 2, first),
        (above, 1, 0, last),
        (give, 0, 0, 64),
        (give, 0, 0, 0),
    ]


def _opened(first: int, last: int) -> socket.socket:
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_IPV4))
    code = b"".join(struct.pack("HBBI", *line) for line in _program(first, last))
    held = ctypes.create_string_buffer(code)
    program = struct.pack("HL", len(code) // 8, ctypes.addressof(held))
    tap.setsockopt(socket.SOL_SOCKET, _ATTACH_FILTER, program)
    tap.setsockopt(socket.SOL_SOCKET, _TIMESTAMP_NS, 1)
    tap.setsockopt(socket.SOL_SOCKET, _RECEIVE_BUFFER_FORCE, 16 << 20)
    tap.bind(("lo", _IPV4))
    tap.setblocking(False)
    return tap


class _Looking:
    """The process that looks."""

    def __init__(self, first: int, last: int) -> None:
        self._tap, self._ports = _opened(first, last), range(first, last + 1)
        self._offset = clock_gettime_ns(_MONOTONIC) - clock_gettime_ns(_REALTIME)
        self._sent: dict[int, array[float]] = defaultdict(lambda: array("d"))
        self._lost = 0

    def run(self) -> None:
        """Look, and answer whoever asks, until nobody can ask any more."""
        selector = selectors.DefaultSelector()
        selector.register(self._tap, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            found = [key.fileobj for key, _ in selector.select()]
            self._look()
            if sys.stdin in found:
                question = sys.stdin.readline()
                if not question:
                    return
                port, since, until = question.split()
                self._answer(int(port), float(since), float(until))

    def _look(self) -> None:
        while True:
            try:
                packet, told, _, _ = self._tap.recvmsg(64, 64)
            except BlockingIOError:
                return
            if packet[29] & 0x7F == A_LAW:
                seconds, nanos = struct.unpack("qq", told[0][2][:16])
                source, to = struct.unpack_from("!HH", packet, 20)
                whose = source if to in self._ports else -to
                self._sent[whose].append((seconds * 10**9 + nanos + self._offset) / 1e9)

    def _answer(self, port: int, since: float, until: float) -> None:
        self._lost += struct.unpack("II", self._tap.getsockopt(_PACKET, _STATISTICS, 8))[1]
        times = (f"{at:.4f}" for at in self._sent[port] if since <= at <= until)
        sys.stdout.write(" ".join((str(self._lost), *times)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _Looking(int(sys.argv[1]), int(sys.argv[2])).run()

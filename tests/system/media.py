"""Telephones' ears and mouths: RTP in G.711 A-law for hundreds of calls at once, in one thread.

Signalling is done elsewhere (SIPp, ``tests.asterisk.exchange``); it only names a voice's port.
What a voice heard is what really came over the wire.
"""

import io
import selectors
import socket
import struct
import threading
from contextlib import AbstractContextManager
from time import monotonic
from types import TracebackType
from typing import Self

import numpy as np
import soundfile

from bench.wavetools import RATE, Samples

PACKET = 160
PACKET_S = PACKET / RATE
A_LAW = 8
SILENCE = b"\xd5"

_HEADER = struct.Struct("!BBHII")


def encode(samples: Samples) -> bytes:
    """As it goes over the wire."""
    wire = io.BytesIO()
    soundfile.write(wire, samples, RATE, format="RAW", subtype="ALAW")
    return wire.getvalue()


def _levels() -> Samples:
    every = io.BytesIO(bytes(range(256)))
    samples, _ = soundfile.read(
        every, channels=1, samplerate=RATE, format="RAW", subtype="ALAW", dtype="float64"
    )
    return np.asarray(samples, dtype=np.float64)


_LEVELS = _levels()


def decode(wire: bytes) -> Samples:
    """As it is heard."""
    found: Samples = _LEVELS[np.frombuffer(wire, dtype=np.uint8)]
    return found


class Voice:
    """One end of one call: silent for ``quiet_s`` after the first it hears, then says ``sound``.

    Where to is where it is spoken to from, as a telephone behind a router has it. Having said it,
    it sends nothing more: what is sent to a port after the call would meddle with the next one's.
    """

    def __init__(self, sound: Samples, quiet_s: float) -> None:
        self._socket, self._beside = _pair()
        wire = SILENCE * PACKET * round(quiet_s / PACKET_S) + encode(sound)
        self._packets = [wire[at : at + PACKET] for at in range(0, len(wire), PACKET)]
        self._packets[-1] = self._packets[-1].ljust(PACKET, SILENCE)
        self._said = 0
        self._them: tuple[str, int] | None = None
        self._heard: list[bytes] = []

    @property
    def address(self) -> tuple[str, int]:
        """Where it listens."""
        host, port = self._socket.getsockname()
        return str(host), int(port)

    @property
    def heard(self) -> Samples:
        """All that it heard so far, without the pauses in which nothing was sent."""
        return decode(b"".join(self._heard))

    def fileno(self) -> int:
        """For a selector."""
        return self._socket.fileno()

    def listen(self) -> None:
        """Take what has come."""
        while True:
            try:
                packet, them = self._socket.recvfrom(2048)
            except BlockingIOError:
                return
            except ConnectionError:
                continue  # it was told that nobody listens any more
            if packet[1] & 0x7F == A_LAW and self._them in (None, them):
                self._them = them
                self._heard.append(packet[12:])

    def speak(self) -> None:
        """Send the next packet, if there is one, and somebody to hear it."""
        count = self._said
        if self._them is None or count == len(self._packets):
            return
        self._said += 1
        sound = self._packets[count]
        header = _HEADER.pack(0x80, A_LAW, count & 0xFFFF, count * PACKET, id(self) & 0xFFFFFFFF)
        try:
            self._socket.sendto(header + sound, self._them)
        except OSError:
            return  # gone: the next packet would meet the same

    def close(self) -> None:
        """Give its port back; what it heard stays."""
        self._socket.close()
        self._beside.close()


def _pair() -> tuple[socket.socket, socket.socket]:
    """A port for media and the next one, where RTCP goes: nobody else may get that."""
    while True:
        media, control = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        media.setblocking(False)
        media.bind(("127.0.0.1", 0))
        try:
            control.bind(("127.0.0.1", media.getsockname()[1] + 1))
        except (OSError, OverflowError):
            media.close()
            control.close()
            continue
        return media, control


class Voices(AbstractContextManager["Voices"]):
    """All voices, kept speaking by a thread while the context is open."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._voices: list[Voice] = []
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="voices")

    def voice(self, sound: Samples, quiet_s: float) -> Voice:
        """One more voice, on a free port of its own."""
        found = Voice(sound, quiet_s)
        with self._lock:
            self._selector.register(found, selectors.EVENT_READ, found)
            self._voices.append(found)
        return found

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()
        for voice in self._voices:
            voice.close()
        self._selector.close()

    def _run(self) -> None:
        due = monotonic()
        while not self._is_over.wait(max(0.0, due - monotonic())):
            now = monotonic()
            with self._lock:
                for key, _ in self._selector.select(0):
                    key.data.listen()
                for voice in self._voices:
                    voice.speak()
            due += PACKET_S
            if due < now - 1:
                due = now  # this machine stood still: nobody catches up on a second

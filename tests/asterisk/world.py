"""A real Asterisk for tests: rendered from a profile into a home of its own, on free ports.

For everybody's tests: ``with AsteriskWorld(home) as world``, or the ``world`` fixture here.
Nothing is shared with a running installation, and ``stop`` leaves no process behind.
"""

import asyncio
import math
import os
import signal
import struct
import subprocess
import time
import wave
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from bench.ports import free_block, free_port
from config.asteriskroot import asterisk_argv
from config.files import load_platform
from config.numberplan import explain
from config.profile import Profile
from config.render import cli, etc, render, secret
from config.settings import CHECKOUT, Settings
from cti.ids import SeatId
from cti.supervisor import let_first
from ivr.text import line_prompts, number_texts, prompt_name, standing_texts

BOOT_DEADLINE_S = 20.0
RING_BACK_HZ, LISTENED_HZ = 560, 1400
"""The ring-back tone, in these worlds unlike every prompt, and the tone of who listens."""
STOP_DEADLINE_S = 10.0
RTP_PORTS = 1000


def find_root() -> Path | None:
    """Where tests find Asterisk; None leaves it to the machine's own."""
    if root := os.environ.get("HOTLINE_ASTERISK_ROOT"):
        return Path(root)
    cached = sorted(Path("~/.cache/hotline/asterisk").expanduser().glob("*/usr/sbin/asterisk"))
    for program in (CHECKOUT / "var/asterisk/usr/sbin/asterisk", *reversed(cached)):
        if program.is_file():
            return program.parent.parent.parent
    return None


def free_rtp_range() -> int:
    """The first of ``RTP_PORTS`` ports that nobody else is given."""
    return free_block(RTP_PORTS)


def time_of_day() -> float:
    """Asterisk's clock, which is this machine's."""
    return datetime.now(UTC).timestamp()


def write_tone(path: Path, hertz: int, seconds: float) -> None:
    """Write a prompt's stand-in: a quiet tone, 8 kHz mono."""
    count = int(8000 * seconds)
    samples = (int(3000 * math.sin(2 * math.pi * hertz * n / 8000)) for n in range(count))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))


AT_ASTERISK_START = "registered during operation. Enable PJSIP_SAFE_MODULE"
"""Asterisk's SIP modules say so of each other now and then while it starts, and no more."""
ASKED_FROM_LOOPBACK = "'Invalid argument' sending OPTIONS request to endpoint peer-"
"""The exchanges of a shipped profile are elsewhere, and these worlds speak SIP on the loopback:
the first question whether one is there comes at a random moment, and cannot leave."""


ASKED_AFTER_THE_TALK = "survey"
"""The one prompt without a sound: nobody is asked then, and calls end with the talk. A test that
wants callers asked writes it."""


class AsteriskWorld:
    """One Asterisk process. Make one with an empty directory, then ``start``.

    ``settings`` and ``profile`` are what it was rendered from; a brain for this world takes the
    same. ``prompt_s`` is how long every stand-in prompt sounds; music is ten times that.
    """

    def __init__(
        self,
        home: Path,
        *,
        profile: str = "chifeng",
        prompt_s: float = 0.3,
    ) -> None:
        rtp = free_rtp_range()
        self.settings = Settings(
            home=home,
            profile=profile,
            asterisk_root=find_root(),
            sip_port=free_port(),
            rtp_first=rtp,
            rtp_last=rtp + RTP_PORTS - 1,
            ami_port=free_port(),
            ws_port=free_port(),
            http_port=free_port(),
            agi_port=free_port(),
            redis_port=free_port(),
        )
        self.platform = load_platform(self.settings)
        self.profile: Profile = self.platform.home
        self._process: subprocess.Popen[bytes] | None = None
        render(self.settings, self.platform)
        self._make_sounds(prompt_s)

    @property
    def home(self) -> Path:
        """Where everything of this world lies."""
        return self.settings.home

    @property
    def sip_port(self) -> int:
        """UDP port of SIP, on 127.0.0.1."""
        return self.settings.sip_port

    @property
    def ami_port(self) -> int:
        """TCP port of AMI, on 127.0.0.1."""
        return self.settings.ami_port

    @property
    def ami_secret(self) -> str:
        """The secret of AMI user ``hotline``."""
        return secret(self.settings, "ami")

    @property
    def pid(self) -> int:
        """The process id of the running Asterisk, for ``SIGSTOP`` and for its CPU time."""
        assert self._process is not None
        return self._process.pid

    def seat_password(self, seat: SeatId) -> str:
        """The SIP password of that seat's phone."""
        return secret(self.settings, f"seat-{seat}")

    def sentence(self, dialled: str) -> Path:
        """The file of the sentence that a caller of that number hears first now."""
        plan = explain(self.platform, dialled, at=datetime.now(UTC))
        name = prompt_name(self.platform.centre(plan.centre), plan.prompt)
        return self.home / "sounds" / "zh" / f"{name}.wav"

    def start(self) -> None:
        """Start Asterisk and return when it takes calls."""
        assert self._process is None
        argv = [
            *asterisk_argv(self.settings),
            "-f",
            "-C",
            str(etc(self.settings) / "asterisk.conf"),
        ]
        log = (self.home / "asterisk-run" / "log" / "console").open("ab")
        with log:
            self._process = subprocess.Popen(
                argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        let_first(self._process.pid)  # as in service: what its recorder cannot write it drops
        deadline = time.monotonic() + BOOT_DEADLINE_S
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise RuntimeError(f"Asterisk ended at its start: {self.console()}")
            try:
                if "fully booted" in self.rx("core waitfullybooted"):
                    return
            except subprocess.SubprocessError:
                time.sleep(0.05)
        raise RuntimeError(f"Asterisk did not boot: {self.console()}")

    def stop(self) -> None:
        """End Asterisk as an operator would, or by force after a while. Twice does no harm."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        try:
            self._process.wait(STOP_DEADLINE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def kill(self) -> None:
        """``kill -9``: no good-bye, no flushed file."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self._process = None

    def restart(self) -> None:
        """Stop and start again, with the same files, ports and state directory."""
        self.stop()
        self.start()

    def rx(self, command: str) -> str:
        """What ``asterisk -rx command`` prints."""
        return cli(self.settings, command)

    def beat(self, epoch: int | None = None) -> None:
        """Give the dialplan a heartbeat as a living brain does; 1 makes it stale."""
        value = int(time_of_day()) if epoch is None else epoch
        self.rx(f"dialplan set global BRAIN_BEAT {value}")

    def console(self) -> str:
        """What Asterisk printed so far."""
        return (self.home / "asterisk-run" / "log" / "console").read_text(errors="replace")

    def complaints(self) -> list[str]:
        """The WARNING and ERROR lines of the log so far."""
        log = self.home / "asterisk-run" / "log" / "messages"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        loud = (line for line in lines if "WARNING[" in line or "ERROR[" in line)
        harmless = (AT_ASTERISK_START, ASKED_FROM_LOOPBACK)
        return [line for line in loud if not any(words in line for words in harmless)]

    def _make_sounds(self, seconds: float) -> None:
        prompts = [prompt.name for profile in self.platform for prompt in line_prompts(profile)]
        told = (*standing_texts(), *number_texts())
        standing = {found.id for found in told} - {ASKED_AFTER_THE_TALK}
        for name in (*prompts, *sorted(standing)):
            write_tone(self.home / "sounds" / "zh" / f"{name}.wav", 440, seconds)
        write_tone(self.home / "sounds" / "moh" / "music.wav", 330, seconds * 10)
        write_tone(self.home / "sounds" / "ringback" / "ringback.wav", RING_BACK_HZ, 1)
        write_tone(self.home / "sounds" / "listened.wav", LISTENED_HZ, 0.3)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


async def eventually(what: str, condition: Callable[[], bool], within_s: float = 5.0) -> None:
    """Wait until ``condition()`` is true; fail with ``what`` when it never is."""
    deadline = time.monotonic() + within_s
    while not condition():  # noqa: ASYNC110 - what is waited for happens in another process
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        await asyncio.sleep(0.02)

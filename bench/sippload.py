"""SIPp as many callers, and as many seats that answer by themselves. Cheap in CPU, unlike phones.

``Seats`` registers endpoints and answers for them; ``call_in`` places calls at a rate and tells
how they went. Both speak raw A-law (``bench.wavetools.write_alaw``) and neither listens: what was
heard is in the switch's recordings. ``dial_each`` places calls whose media is somebody else's.
Ports are the caller's choice; nothing is left running.
"""

import asyncio
import csv
import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

SCENARIOS = Path(__file__).parent / "sipp"
STOP_S = 5.0
FOR_EVER = -1


class LoadFailed(Exception):  # noqa: N818  # we name an error for what is wrong
    """SIPp itself could not do its work; the text is what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """Where a load comes from: its SIP port and the first of its media ports.

    SIPp always takes four media ports, and stops if one of them is in use.
    """

    sip_port: int
    media_port: int
    host: str = "127.0.0.1"
    media_host: str = ""
    """If it is another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How a load went, from SIPp's own counters."""

    placed: int
    done: int
    failed: int
    retransmissions: int
    most_at_once: int
    mean_s: float
    """Mean length of a call, from the INVITE to its end."""
    answer_s: float
    """Mean time from the INVITE to its 200."""
    lasted_s: float
    """From the first INVITE to the last end."""

    @property
    def call_seconds(self) -> float:
        """Calls times their length: what CPU is divided by."""
        return (self.done + self.failed) * self.mean_s

    @property
    def rate(self) -> float:
        """Calls a second that were really placed and ended."""
        return self.done / self.lasted_s if self.lasted_s else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """A load: ``count`` calls to ``number``, ``rate`` a second, never more than ``at_once``.

    ``stay_s`` is when the caller hangs up, should nobody else do so before. ``anis`` are taken in
    turn, so that the n-th call (from 0) comes from ``anis[n % len(anis)]``.
    """

    number: str
    rate: float
    count: int
    at_once: int
    stay_s: float
    audio: Path
    anis: Sequence[str]
    times: int = FOR_EVER


def invented_numbers(count: int, seed: int = 0) -> list[str]:
    """Mobile numbers that differ within a run and between processes. Nobody's: 139 0000 …"""
    first = (os.getpid() * 131 + seed * 7919) % 10_000_000
    return [f"1390{(first + n) % 10_000_000:07d}" for n in range(count)]


async def call_in(
    traffic: Traffic, target: tuple[str, int], source: Endpoint, folder: Path
) -> Tally:
    """Place the calls and wait until the last is over.

    Cancelling ends SIPp; calls in progress are then cut. Open your own deadline around it.
    Raises ``LoadFailed`` when SIPp could not run at all; refused calls are counted, not raised.
    """
    scenario = _scenario(
        "caller",
        folder,
        audio=traffic.audio,
        times=traffic.times,
        stay_ms=round(traffic.stay_s * 1000),
    )
    numbers = _rows(folder / "callers.csv", [(ani,) for ani in traffic.anis])
    options = ["-s", traffic.number, "-inf", str(numbers), *_rate(traffic.rate)]
    options += ["-m", str(traffic.count), "-l", str(traffic.at_once)]
    return await _counted(scenario, target, source, folder, options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialling:
    """One call whose media goes to and comes from ``media``, an address that is not SIPp's."""

    ani: str
    number: str
    media: tuple[str, int]


async def dial_each(
    calls: Sequence[Dialling],
    target: tuple[str, int],
    source: Endpoint,
    folder: Path,
    *,
    rate: float,
    stay_s: float,
) -> Tally:
    """Place each call once, in order, and wait until the last is over; else as ``call_in``.

    A caller hangs up ``stay_s`` after the answer, should nobody else do so before.
    """
    scenario = _scenario("dialler", folder, stay_ms=round(stay_s * 1000))
    rows = [(call.ani, call.number, call.media[0], str(call.media[1])) for call in calls]
    table = _rows(folder / "diallers.csv", rows)
    count = str(len(calls))
    options = ["-inf", str(table), *_rate(rate), "-m", count, "-l", count]
    return await _counted(scenario, target, source, folder, options)


class Seats:
    """Registered seats that answer every call by themselves. Use as ``async with``.

    ``passwords``: endpoint → SIP password. A seat takes any number of calls at once: that it
    gets one at a time is for the switch to see to.
    """

    def __init__(
        self,
        passwords: Mapping[str, str],
        target: tuple[str, int],
        source: Endpoint,
        folder: Path,
        *,
        audio: Path,
        talk_s: float,
        ring_s: float = 0.0,
    ) -> None:
        self._passwords = passwords
        self._target = target
        self._source = source
        self._folder = folder
        self._words = {
            "audio": audio,
            "times": FOR_EVER,
            "talk_ms": round(talk_s * 1000),
            "ring_ms": round(ring_s * 1000),
        }
        self._sipp: asyncio.subprocess.Process | None = None
        self._statistics = folder / "seat-stat.csv"

    async def __aenter__(self) -> Self:
        await self._register(3600)
        scenario = _scenario("seat", self._folder, **self._words)
        self._statistics.unlink(missing_ok=True)
        counting = ["-trace_stat", "-stf", str(self._statistics), "-fd", "1"]
        self._sipp = await _start(scenario, self._target, self._source, self._folder, counting)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._sipp is not None:
            await _end(self._sipp)
        if error is None:
            await self._register(0)

    @property
    def pids(self) -> list[int]:
        """SIPp's process, for weighing what it costs."""
        return [] if self._sipp is None else [self._sipp.pid]

    def counted(self) -> tuple[int, int, int]:
        """Calls that came to these seats, those of them that went wrong, and the most at once, by
        SIPp's own counters: at most a second old, and the last word once the seats are gone.
        """
        rows = _statistics(self._statistics)
        last = rows[-1]
        most = max(int(row["CurrentCall"]) for row in rows)
        return int(last["TotalCallCreated"]), int(last["FailedCall(C)"]), most

    async def _register(self, expires_s: int) -> None:
        logins = _rows(
            self._folder / "seats.csv",
            [
                (seat, f"[authentication username={seat} password={password}]")
                for seat, password in self._passwords.items()
            ],
        )
        try:
            scenario = _scenario("register", self._folder, expires_s=expires_s)
            count = len(self._passwords)
            options = ["-inf", str(logins), "-m", str(count), "-r", "50"]
            sipp = await _start(scenario, self._target, self._source, self._folder, options)
            try:
                async with asyncio.timeout(10 + count / 10):
                    code = await sipp.wait()
            finally:
                await _end(sipp)
        finally:
            logins.unlink()
        if code != 0:
            raise LoadFailed(f"seats not registered: {_said(self._folder, 'register')}")


def read_tally(statistics: Path) -> Tally:
    """Read the last line of SIPp's statistics file."""
    rows = _statistics(statistics)
    last = rows[-1]
    return Tally(
        placed=int(last["TotalCallCreated"]),
        done=int(last["SuccessfulCall(C)"]),
        failed=int(last["FailedCall(C)"]),
        retransmissions=int(last["Retransmissions(C)"]),
        most_at_once=max(int(row["CurrentCall"]) for row in rows),
        mean_s=_seconds(last["CallLength(C)"]),
        answer_s=_seconds(last["ResponseTime1(C)"]),
        lasted_s=_seconds(last["ElapsedTime(C)"]),
    )


def _statistics(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="ascii") as lines:
        return list(csv.DictReader(lines, delimiter=";"))


def _seconds(text: str) -> float:
    """SIPp writes 00:00:01:250000, or 00:00:01 with the rest left out."""
    hours, minutes, seconds, *rest = text.split(":")
    whole = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + (int(rest[0]) / 1_000_000 if rest else 0.0)


def _scenario(name: str, folder: Path, **words: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    text = (SCENARIOS / f"{name}.xml").read_text(encoding="utf-8")
    for word, value in words.items():
        text = text.replace("{{" + word + "}}", str(value))
    path = folder / f"{name}.xml"
    path.write_text(text, encoding="utf-8")
    return path


def _rate(calls_per_s: float) -> list[str]:
    """Below one call a second it is given as one call in so many milliseconds."""
    return ["-r", "1000", "-rp", str(round(1_000_000 / calls_per_s))]


async def _counted(
    scenario: Path,
    target: tuple[str, int],
    source: Endpoint,
    folder: Path,
    options: Sequence[str],
) -> Tally:
    """Have SIPp place its calls to the last, and read what it counted."""
    statistics = folder / "callers-stat.csv"
    statistics.unlink(missing_ok=True)
    counting = ["-trace_stat", "-stf", str(statistics), "-fd", "1"]
    sipp = await _start(scenario, target, source, folder, [*options, *counting])
    try:
        code = await sipp.wait()
    finally:
        await _end(sipp)
    if code not in (0, 1) or not statistics.exists():  # 1: at least one call failed
        raise LoadFailed(f"SIPp ended with {code}: {_said(folder, scenario.stem)}")
    return read_tally(statistics)


def _rows(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ["SEQUENTIAL", *(";".join(row) for row in rows)]
    with open(os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as file:
        file.write("\n".join(lines) + "\n")
    return path


async def _start(
    scenario: Path,
    target: tuple[str, int],
    source: Endpoint,
    folder: Path,
    options: Sequence[str],
) -> asyncio.subprocess.Process:
    command = ["sipp", f"{target[0]}:{target[1]}", "-sf", str(scenario), "-i", source.host]
    command += ["-p", str(source.sip_port), "-mi", source.media_host or source.host]
    command += ["-mp", str(source.media_port)]
    command += [
        "-nostdin",
        "-aa",
        "-trace_err",
        "-error_file",
        str(folder / f"{scenario.stem}.errors"),
    ]
    with (folder / f"{scenario.stem}.out").open("wb") as output:
        return await asyncio.create_subprocess_exec(
            *command,
            *options,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=asyncio.subprocess.STDOUT,
            cwd=folder,
        )


async def _end(sipp: asyncio.subprocess.Process) -> None:
    """Let it finish its calls (SIGUSR1 asks so), else end it. Returns when it is gone."""
    if sipp.returncode is not None:
        return
    sipp.send_signal(signal.SIGUSR1)
    try:
        async with asyncio.timeout(STOP_S):
            await sipp.wait()
    except TimeoutError:
        sipp.kill()
        await sipp.wait()


def _said(folder: Path, name: str) -> str:
    for path in (folder / f"{name}.errors", folder / f"{name}.out"):
        if path.exists() and (text := path.read_text(errors="replace").strip()):
            return text[-1500:]
    return "nothing"

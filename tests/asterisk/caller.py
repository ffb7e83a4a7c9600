"""Steps that tests of calls share: dial, be told of the wait, listen, read the log to its end."""

import json
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.phone import PhoneCall, PhoneLine, Softphone
from cti.ids import seat_id
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import AsteriskWorld, eventually


@dataclass(frozen=True, slots=True)
class Waiting:
    """A caller in ``[wait]``: the telephone's side and Asterisk's."""

    phone: PhoneCall
    call: str
    channel: str
    since: str


async def dial(
    world: AsteriskWorld,
    phones: Softphone,
    number: str,
    *,
    ani: str = "13900000001",
    play: Path | None = None,
    record: Path | None = None,
) -> PhoneCall:
    """Call that number as the trunk would."""
    return await phones.call(
        number,
        ani=ani,
        host="127.0.0.1",
        port=world.sip_port,
        play=play,
        loop=play is not None,
        record=record,
    )


async def wait_in_line(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, ani: str, number: str = "8337772"
) -> Waiting:
    """Call, and return when the caller stands in ``[wait]`` (a fresh beat is given)."""
    await tap.beat()
    phone = await dial(world, phones, number, ani=ani)
    arrived = await tap.user_event("Arrived", Ani=ani)
    await tap.ask("Setvar", Channel=arrived["Channel"], Variable="ANSWER", Value="plan")
    heard = await tap.user_event("Wait", Ani=ani)
    return Waiting(phone, heard["Call"], heard["Channel"], heard["Since"])


async def seat_phone(world: AsteriskWorld, phones: Softphone, extension: str) -> PhoneLine:
    """The registered telephone of that seat."""
    seat = seat_id(world.profile.centre, extension)
    return await phones.register(seat, world.seat_password(seat), "127.0.0.1", world.sip_port)


async def logged(world: AsteriskWorld, call: str) -> None:
    """Wait until Asterisk's log, which is written behind, tells the end of all of that call."""

    def is_told() -> bool:
        events = _log(world)
        mine = {one["linkedid"] for one in events if one["accountcode"] == call}
        ended = {one["linkedid"] for one in events if one["eventtype"] == "LINKEDID_END"}
        return bool(mine) and mine <= ended

    await eventually(f"the end of {call} in the log", is_told)


async def marked(world: AsteriskWorld, call: str, mark: str) -> None:
    """Wait until the log has that mark of the call."""

    def is_told() -> bool:
        return (call, mark) in {(one["accountcode"], one["userdeftype"]) for one in _log(world)}

    await eventually(f"{mark} of {call} in the log", is_told)


def _log(world: AsteriskWorld) -> list[dict[str, str]]:
    lines = world.settings.cel_file.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.endswith("}")]  # the last may grow


def heard_seconds(path: Path, hertz: int) -> float:
    """How long a tone is in a recording, in 50 ms steps. The header's length is not believed."""
    samples = np.frombuffer(path.read_bytes()[44:], dtype="<i2").astype(np.float64)
    frames = samples[: len(samples) // 400 * 400].reshape(-1, 400)
    spectra = np.abs(np.fft.rfft(frames * np.hanning(400), axis=1))
    bins = np.fft.rfftfreq(400, 1 / 8000)
    peaks = bins[spectra.argmax(axis=1)]
    loud = spectra.max(axis=1) > 20_000
    return float(np.sum(loud & (np.abs(peaks - hertz) <= 20)) * 0.05)


async def has_heard(path: Path, hertz: int, seconds: float) -> None:
    """Wait until a tone was heard for so long, in a recording that grows."""
    await eventually(
        f"{seconds} s of {hertz} Hz in {path.stem}",
        lambda: path.exists() and heard_seconds(path, hertz) > seconds,
        10,
    )


def length_s(path: Path) -> float:
    """How long a finished recording is, by its own header."""
    with wave.open(str(path), "rb") as file:
        return file.getnframes() / file.getframerate()

"""What somebody hears, tone by tone, while it is being recorded."""

import asyncio
import time
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

RATE = 8000
WINDOW = 800
"""100 ms: tones 20 Hz apart are told from each other."""
LOUD = 0.004
"""Of full scale; the tones of tests are at 0.09, and a mixed one may be lower."""


def samples(path: Path) -> npt.NDArray[np.float64]:
    """A recording so far, of full scale 1. The header's length is not believed."""
    if not path.exists():
        return np.zeros(0)
    data = path.read_bytes()[44:]
    return np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2").astype(np.float64) / 32768


def level(sound: npt.NDArray[np.float64], hertz: int) -> float:
    """How loud that tone is in the sound, of full scale."""
    window = np.hanning(len(sound))
    turn = np.exp(-2j * np.pi * hertz * np.arange(len(sound)) / RATE)
    return float(2 * abs(np.sum(sound * window * turn)) / np.sum(window))


@dataclass(frozen=True, slots=True)
class Ear:
    """A recording that grows."""

    path: Path

    def hears(self, hertz: int) -> bool:
        """Whether that tone is in the last 200 ms."""
        sound = samples(self.path)[-2 * WINDOW :]
        return len(sound) == 2 * WINDOW and level(sound, hertz) > LOUD

    async def comes_to_hear(self, *tones: int, not_: tuple[int, ...] = ()) -> None:
        """Wait until all those tones are heard at once, and none of the others."""
        deadline = time.monotonic() + 5
        while True:
            is_so = all(map(self.hears, tones)) and not any(map(self.hears, not_))
            if is_so:
                return
            heard = [hertz for hertz in (*tones, *not_) if self.hears(hertz)]
            assert time.monotonic() < deadline, f"{self.path.stem} hears {heard}, not {tones}"
            await asyncio.sleep(0.05)

    def has_heard_s(self, hertz: int) -> float:
        """How long that tone was heard in all, other tones beside it or not."""
        sound = samples(self.path)
        frames = sound[: len(sound) // 400 * 400].reshape(-1, 400)
        return sum(level(frame, hertz) > LOUD for frame in frames) * 0.05

    def longest_silence_s(self) -> float:
        """The longest time in which nothing at all was heard, since the first sound."""
        sound = samples(self.path)
        frames = np.abs(sound[: len(sound) // 160 * 160]).reshape(-1, 160).max(axis=1) > 0.002
        heard = np.flatnonzero(frames)
        if len(heard) < 2:
            return len(frames) * 0.02
        return float((np.diff(heard).max() - 1) * 0.02)


def gaps(path: Path, hertz: int) -> list[float]:
    """Where a tone is missing in a recording though it is there before and after, each 20 ms."""
    sound = samples(path)
    frames = sound[: len(sound) // 160 * 160].reshape(-1, 160)
    loud = np.array([level(frame, hertz) > LOUD for frame in frames])
    heard = np.flatnonzero(loud)
    assert len(heard), "never heard"
    return [float(n * 0.02) for n in range(int(heard[0]), int(heard[-1]) + 1) if not loud[n]]


def write_long_tone(path: Path, hertz: int, seconds: float = 100) -> None:
    """Write a voice that lasts as long as any test: a tone, 8 kHz mono."""
    tone = 3000 * np.sin(2 * np.pi * hertz * np.arange(int(RATE * seconds)) / RATE)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(tone.astype("<i2").tobytes())

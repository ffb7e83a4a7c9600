"""A seat whose telephone is in its page, and a caller who talks with it."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from playwright.async_api import Page, expect

from bench.phone import PhoneCall, Softphone
from bench.wavetools import RATE, write_wav
from tests.desk.browser import Desks
from tests.system.city import City
from tests.system.ears import HEADER, heard_now

CALLER_HZ = 620
AGENT_HZ = 900
WITHIN_S = 10.0


def speech(path: Path, hertz: int, seconds: float = 3.0, loudness: float = 0.4) -> Path:
    """A tone in syllables: what cleans a microphone's sound takes a steady one for noise."""
    at = np.arange(int(seconds * RATE)) / RATE
    syllables = np.clip(np.sin(2 * np.pi * 2.5 * at) * 8, 0, 1)
    return write_wav(path, loudness * syllables * np.sin(2 * np.pi * hertz * at))


async def until(holds: Callable[[], bool], what: str, within_s: float = WITHIN_S) -> None:
    """Wait until something holds."""
    end = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end, what
        await asyncio.sleep(0.1)


async def sits(desks: Desks, user: str, extension: str) -> Page:
    """An agent signed in at a seat, with the telephone of the page, ready for calls."""
    page = await desks.open(user)
    await page.locator("[name=extension], .seat-keys").first.wait_for()
    if await page.locator("[name=extension]").count():  # else it still sits there
        await page.locator("[name=extension]").select_option(extension)
        await page.get_by_role("button", name="签入").click()
    await page.locator(".phone-kind").select_option("page")
    await ready(page)
    return page


async def ready(page: Page) -> None:
    """The telephone is there, and the agent takes calls."""
    await expect(page.locator(".phone")).to_have_attribute("data-line", "up")
    await expect(page.locator(".seat-alarm")).to_have_count(0)
    await page.keyboard.press("F2")
    await expect(page.locator(".seat")).to_have_attribute("data-state", "available")


async def calls(
    city: City, phones: Softphone, folder: Path, ani: str = "13900000001"
) -> tuple[PhoneCall, Path]:
    """A caller who speaks all the time; and the file of what it hears."""
    host, port = city.target
    heard = folder / f"heard-{ani}.wav"
    hum = speech(folder / f"caller-{ani}.wav", CALLER_HZ)
    call = await phones.call(
        "8337772", ani=ani, host=host, port=port, play=hum, loop=True, record=heard
    )
    return call, heard


async def talks(page: Page) -> None:
    """The page's telephone is in a talk."""
    await expect(page.locator(".phone")).to_have_attribute("data-talk", "talks")


async def answered(page: Page) -> None:
    """The telephone of the page rings, the call is announced, and the agent answers by key."""
    await expect(page.locator(".phone")).to_have_attribute("data-talk", "rings")
    await expect(page.locator(".caller-card")).to_be_visible()
    await page.keyboard.press("Alt+A")
    await talks(page)


def hears_agent(heard: Path) -> bool:
    """Whether the caller hears the agent now."""
    return AGENT_HZ in heard_now(heard, {AGENT_HZ})


def longest_gap_s(recording: Path, hertz: int) -> float:
    """For how long a tone that is spoken in syllables is missing from a recording, at most."""
    raw = np.frombuffer(recording.read_bytes()[HEADER:], dtype="<i2").astype(np.float64) / 32768
    step = RATE // 10
    frames = raw[: len(raw) // step * step].reshape(-1, step)
    at = np.arange(step) / RATE
    levels = np.abs(frames @ np.exp(-2j * np.pi * hertz * at)) / step
    loud = np.flatnonzero(levels > 0.02)
    assert len(loud), "the tone is nowhere"
    return float(np.diff(loud, prepend=loud[0]).max() * step / RATE)


async def page_hears(page: Page, hertz: int) -> float:
    """How much of what the page's telephone hears in a second is that tone, 0 to 1."""
    return float(
        await page.evaluate(
            """async (hertz) => {
              const stream = document.querySelector('audio[data-phone]')?.srcObject;
              if (!stream) return 0;
              const context = new AudioContext();
              const ear = context.createAnalyser();
              ear.fftSize = 8192;
              ear.smoothingTimeConstant = 0;
              context.createMediaStreamSource(stream).connect(ear);
              const bins = new Float32Array(ear.frequencyBinCount);
              let most = 0;
              for (let turn = 0; turn < 10; turn++) {
                await new Promise((done) => setTimeout(done, 100));
                ear.getFloatFrequencyData(bins);
                const wide = context.sampleRate / ear.fftSize;
                let mine = 0, all = 1e-12;
                bins.forEach((level, n) => {
                  const power = 10 ** (level / 10);
                  all += power;
                  if (Math.abs(n * wide - hertz) < 25) mine += power;
                });
                if (all > 1e-7) most = Math.max(most, mine / all);
              }
              await context.close();
              return most;
            }""",
            hertz,
        )
    )

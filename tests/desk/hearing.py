"""Who is heard, and whether it is what was spoken: everybody babbles in a tone and a rhythm.

What cleans a microphone's sound changes samples, not the rhythm of syllables: what is compared is
how loud somebody's tone is, 20 ms at a time.
"""

import base64
from pathlib import Path

import numpy as np
from playwright.async_api import Page

from bench.wavetools import RATE, Samples, write_wav
from tests.system.ears import HEADER

LASTS_S = 5.0
STEP = RATE // 50
ALIKE = 0.7
"""Correlation of two rhythms: the same voice has 0.85 and more, another one 0.4 at most."""


def babble(path: Path, hertz: int, seed: int) -> Path:
    """Syllables and pauses of a tenth to a third of a second, for ``LASTS_S``."""
    dice = np.random.default_rng(seed)
    speaks = np.zeros(round(LASTS_S * RATE))
    at, is_loud = 0, True
    while at < len(speaks):
        long = round(dice.uniform(0.1, 0.33) * RATE)
        speaks[at : at + long] = is_loud
        at, is_loud = at + long, not is_loud
    soft = np.convolve(speaks, np.hanning(160) / np.hanning(160).sum(), mode="same")
    when = np.arange(len(soft)) / RATE
    return write_wav(path, 0.4 * soft * np.sin(2 * np.pi * hertz * when))


def read(path: Path, last_s: float | None = None) -> Samples:
    """A WAV, also one that is being written; or its end."""
    raw = path.read_bytes()[HEADER:]
    samples = np.frombuffer(raw[: len(raw) // 2 * 2], dtype="<i2").astype(np.float64) / 32768
    return samples if last_s is None else samples[-round(last_s * RATE) :]


def rhythm(samples: Samples, hertz: int) -> Samples:
    """How loud that tone is, fifty times a second."""
    frames = samples[: len(samples) // STEP * STEP].reshape(-1, STEP)
    tone = np.exp(-2j * np.pi * hertz * np.arange(STEP) / RATE)
    levels: Samples = np.abs(frames @ tone) / STEP
    return levels


def likeness(heard: Samples, spoken: Samples) -> float:
    """How alike two rhythms are, wherever in what was spoken, over and over, one began."""
    if not len(heard) or heard.std() < 1e-4:
        return 0.0
    turns = np.tile(spoken, -(-len(heard) // len(spoken)) + 1)
    windows = np.lib.stride_tricks.sliding_window_view(turns, len(heard))[: len(spoken)]
    mine = (heard - heard.mean()) / heard.std()
    spread = windows.std(axis=1)
    theirs = (windows - windows.mean(axis=1, keepdims=True)) / np.maximum(spread, 1e-9)[:, None]
    return float((theirs @ mine / len(heard)).max())


def hears(heard: Path, spoken: Path, hertz: int) -> bool:
    """Whether the last two seconds of a recording are what that voice says."""
    return likeness(rhythm(read(heard, 2.0), hertz), rhythm(read(spoken), hertz)) > ALIKE


def missing(heard: Path, spoken: Path, hertz: int) -> list[int]:
    """The seconds of a whole recording in which that voice, which never stops, is not there.

    The first and the last of them may be cut.
    """
    mine, said = rhythm(read(heard), hertz), rhythm(read(spoken), hertz)
    seconds = [mine[first : first + 50] for first in range(0, len(mine) - 50, 50)]
    return [n for n, one in enumerate(seconds[1:], 1) if likeness(one, said) < ALIKE]


async def page_hears(page: Page, spoken: Path, hertz: int) -> float:
    """How alike what the page's telephone plays for two seconds is to that voice."""
    raw = await page.evaluate(
        """async (rate) => {
          const stream = document.querySelector('audio[data-phone]')?.srcObject;
          if (!stream) return '';
          const context = new AudioContext({ sampleRate: rate });
          const ear = context.createScriptProcessor(1024, 1, 1);
          const heard = [];
          const full = new Promise((done) => {
            ear.onaudioprocess = ({ inputBuffer }) => {
              for (const one of inputBuffer.getChannelData(0)) heard.push(one * 32767);
              if (heard.length > 2 * rate) done();
            };
          });
          context.createMediaStreamSource(stream).connect(ear);
          ear.connect(context.destination);
          await Promise.race([full, new Promise((done) => setTimeout(done, 4000))]);
          ear.onaudioprocess = null;
          await context.close();
          const bytes = new Uint8Array(Int16Array.from(heard).buffer);
          let text = '';
          for (const one of bytes) text += String.fromCharCode(one);
          return btoa(text);
        }""",
        RATE,
    )
    samples = np.frombuffer(base64.b64decode(raw), dtype="<i2").astype(np.float64) / 32768
    return likeness(rhythm(samples, hertz), rhythm(read(spoken), hertz))

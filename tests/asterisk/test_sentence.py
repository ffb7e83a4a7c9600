"""The first sentence: who talks over it or presses a key goes on at once, noise does not."""

import asyncio
from itertools import count
from pathlib import Path

import numpy as np
import pytest

from bench.phone import Softphone
from tests.asterisk.caller import dial, heard_seconds
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import AsteriskWorld, write_tone
from tests.records.sounds import WATER_CUT, Pcm, noise, silence, speech, write

pytestmark = pytest.mark.asterisk

LINE, SENTENCE_S, HERTZ = "12369", 5.0, 440
_NUMBERS = count(13900000500)


async def _said_for(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, file: Path, sound: Pcm
) -> float:
    """How long the sentence went on for a caller from whom that sound comes."""
    write_tone(world.sentence(LINE), HERTZ, SENTENCE_S)
    await tap.beat(stale=True)
    ani = str(next(_NUMBERS))
    phone = await phones.call(
        LINE, ani=ani, host="127.0.0.1", port=world.sip_port, play=write(file, sound)
    )
    arrived = await tap.user_event("Arrived", Ani=ani)
    waiting = await tap.user_event("Wait", Ani=ani, within_s=2 * SENTENCE_S)
    await phone.hangup()
    return float(waiting["Timestamp"]) - float(arrived["Timestamp"])


def _after_a_second(sound: Pcm) -> Pcm:
    return np.concatenate([silence(1), sound, silence(SENTENCE_S)])


def _talk(seconds: float, dbfs: float) -> Pcm:
    """The beginning of 您好，我要投诉…, so loud."""
    said = speech(WATER_CUT)[: int(seconds * 8000)].astype(np.float64)
    loudness = np.sqrt(np.mean(said[np.abs(said) > 200] ** 2))
    return np.asarray(said * 32768 * 10 ** (dbfs / 20) / loudness, dtype=np.int16)


@pytest.mark.parametrize("dbfs", [-18, -24, -30])
async def test_speech_ends_the_sentence(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, tmp_path: Path, dbfs: float
) -> None:
    """您好 is enough, loud or soft: the sentence stops when it is over."""
    said = _after_a_second(_talk(0.7, dbfs))

    assert 1.2 < await _said_for(world, tap, phones, tmp_path / "talk.wav", said) < SENTENCE_S - 1.4


SOUNDS = {
    "silence": silence(SENTENCE_S),
    "hiss": noise(SENTENCE_S, 0.003),
    "a street": noise(SENTENCE_S, 0.025),
    "a click": _after_a_second(noise(0.06, 0.3)),
    "crackle": np.concatenate([silence(1), *[noise(0.03, 0.3), silence(0.25)] * 12]),
    "a cough": _after_a_second(noise(0.15, 0.2)),
    "people far away": _after_a_second(_talk(0.7, -48)),
}


@pytest.mark.parametrize("name", SOUNDS)
async def test_noise_does_not_end_the_sentence(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, tmp_path: Path, name: str
) -> None:
    """It is heard to its end."""
    lasted = await _said_for(world, tap, phones, tmp_path / "noise.wav", SOUNDS[name])

    assert lasted > SENTENCE_S - 0.1


async def test_a_key_ends_the_sentence(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone
) -> None:
    """At once, whichever key."""
    write_tone(world.sentence(LINE), HERTZ, SENTENCE_S)
    await tap.beat(stale=True)
    for key in "5*#":
        ani = str(next(_NUMBERS))
        phone = await dial(world, phones, LINE, ani=ani)
        arrived = await tap.user_event("Arrived", Ani=ani)
        await phone.media()
        await asyncio.sleep(0.3)
        await phone.dtmf(key)
        waiting = await tap.user_event("Wait", Ani=ani)
        await phone.hangup()

        assert float(waiting["Timestamp"]) - float(arrived["Timestamp"]) < SENTENCE_S - 1


async def test_the_sentence_begins_with_the_answer(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, tmp_path: Path
) -> None:
    """Nobody hears silence first: what was looked up was looked up before."""
    write_tone(world.sentence(LINE), HERTZ, 1)
    await tap.beat(stale=True)
    ear, ani = tmp_path / "ear.wav", str(next(_NUMBERS))
    phone = await dial(world, phones, LINE, ani=ani, record=ear)
    await tap.user_event("Wait", Ani=ani)
    await phone.hangup()
    await phone.ended()

    first = np.frombuffer(ear.read_bytes()[44:], dtype="<i2")[:4000]
    assert np.flatnonzero(np.abs(first) > 500)[0] < 0.25 * 8000
    assert heard_seconds(ear, HERTZ) > 0.8

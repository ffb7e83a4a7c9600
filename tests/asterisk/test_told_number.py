"""A number that the caller has to be told is told once, at its time, or not at all."""

import pytest

from tests.asterisk.caller import heard_seconds, length_s
from tests.asterisk.moving import AGENT_HZ, CALLER_HZ, MUSIC_HZ, PROMPT_HZ, Scene
from tests.asterisk.world import write_tone

pytestmark = pytest.mark.asterisk

NUMBER, NUMBER_HZ = "96100", 620
UNSPOKEN = "87659999"
"""A number that has no sentence."""


@pytest.fixture
async def here(here: Scene) -> Scene:
    """A scene in which that number has a sentence of its own."""
    write_tone(here.world.home / "sounds" / "zh" / f"dial-{NUMBER}.wav", NUMBER_HZ, 0.5)
    return here


async def left(here: Scene) -> str:
    """What is still to be said."""
    answer = await here.tap.ask("Getvar", Channel=here.channels["caller"], Variable="SAY_NUMBER")
    return answer.get("Value", "")


@pytest.mark.parametrize("where", ["wait", "hold"])
async def test_a_number_is_heard_once_and_then_the_music(here: Scene, where: str) -> None:
    """As a sentence of its own, or else digit by digit after a word."""
    await here.call_in("1390000402" + ("1" if where == "wait" else "2"))
    if where == "hold":
        await here.talk("1001")
        await here.ear("caller").comes_to_hear(AGENT_HZ)
        await here.set_aside()
    await here.ear("caller").comes_to_hear(MUSIC_HZ)
    heard = here.folder / "caller.wav"
    word_s = length_s(here.world.home / "sounds" / "zh" / "dial-yourself.wav")

    await here.set(here.channels["caller"], SAY_NUMBER=NUMBER)
    await here.ear("caller").comes_to_hear(NUMBER_HZ)
    await here.ear("caller").comes_to_hear(MUSIC_HZ)
    assert await left(here) == ""
    before_s = heard_seconds(heard, PROMPT_HZ)
    await here.set(here.channels["caller"], SAY_NUMBER=UNSPOKEN)
    await here.ear("caller").comes_to_hear(PROMPT_HZ)
    await here.ear("caller").comes_to_hear(MUSIC_HZ, not_=(PROMPT_HZ,))

    assert await left(here) == ""
    assert 0.3 < heard_seconds(heard, NUMBER_HZ) < 0.7
    words = (heard_seconds(heard, PROMPT_HZ) - before_s) / word_s
    assert 1 + len(UNSPOKEN) == pytest.approx(words, abs=0.5)


async def test_a_number_is_told_before_the_seat_that_is_free_at_once_rings(here: Scene) -> None:
    """The brain offers the caller in the moment in which it is to be told."""
    await here.call_in("13900004001")
    await here.set(here.channels["caller"], SAY_NUMBER=NUMBER)
    await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    assert await left(here) == ""
    assert 0.3 < heard_seconds(here.folder / "caller.wav", NUMBER_HZ) < 0.7
    await here.ear("agent").comes_to_hear(CALLER_HZ)


@pytest.mark.parametrize("to", ["hold", "away"])
async def test_a_number_of_before_is_not_told_while_somebody_else_is_asked(
    here: Scene, to: str
) -> None:
    """It was meant for one who waits alone."""
    await here.call_in("1390000401" + ("2" if to == "hold" else "3"))
    await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await here.set(here.channels["caller"], SAY_NUMBER=NUMBER)
    if to == "hold":
        await here.set_aside()
    else:
        await here.phone("1002")
        await here.away(seat="chifeng-1002", ring_s=1)
        await here.send_away()
        await here.told("Away")
    assert await left(here) == ""
    await here.ear("caller").comes_to_hear(MUSIC_HZ)
    assert heard_seconds(here.folder / "caller.wav", NUMBER_HZ) == 0


async def test_a_number_is_told_from_its_beginning_to_whom_a_seat_cut_it_off(here: Scene) -> None:
    """A seat that becomes free takes the caller out of the sentence."""
    await here.call_in("13900004004")
    write_tone(here.world.home / "sounds" / "zh" / "dial-96101.wav", NUMBER_HZ, 1.5)
    await here.set(here.channels["caller"], SAY_NUMBER="96101")
    await here.ear("caller").comes_to_hear(NUMBER_HZ)
    await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    assert heard_seconds(here.folder / "caller.wav", NUMBER_HZ) > 1.6
    assert await left(here) == ""

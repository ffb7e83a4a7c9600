"""A caller who talks again after somebody has left it: who ended the second talk is known, too.

Asterisk notes on the caller's channel who hung up, once; a moved caller may outlive that.
"""

import pytest

from bench.phone import PhoneCall
from tests.asterisk.caller import marked
from tests.asterisk.moving import AGENT_HZ, EXPERT_HZ, MUSIC_HZ, Scene
from tests.asterisk.world import eventually

pytestmark = pytest.mark.asterisk


async def left_by_the_first(here: Scene, ani: str, go: str) -> None:
    """A caller whose first agent has hung up while a move was under way."""
    await here.call_in(ani)
    agent = await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await here.set(here.channels["caller"], GO=go)
    await agent.hangup()


async def again(here: Scene, extension: str) -> PhoneCall:
    """From hold to the queue, and a talk with that seat."""
    await here.told("Held")
    await here.redirect("caller", "wait")
    await here.told("Wait", after=1)
    await here.phone(extension)
    await here.tap.offer(here.channels["caller"], f"{here.call}/2", f"chifeng-{extension}", 5)
    second = await here.answer(here.lines[extension], "second", EXPERT_HZ)
    await here.ear("caller").comes_to_hear(EXPERT_HZ)
    return second


async def vanish(here: Scene, who: str) -> None:
    """That leg ends though nobody hung up."""
    answer = await here.tap.ask("Hangup", Channel=here.channels[who])
    assert answer["Response"] == "Success"


async def test_the_next_seat_hangs_up_as_any_seat_does(here: Scene) -> None:
    """Goodbye, and no seat is taken for lost."""
    await left_by_the_first(here, "13900001201", "hold")
    second = await again(here, "1002")
    await second.hangup()
    assert here.caller is not None
    assert (await here.caller.phone.ended(8)).by == "remote"
    await marked(here.world, here.call, "BYE")
    assert (here.count("SeatLost"), here.marks()[-1]) == (0, "BYE")


@pytest.mark.parametrize("extension", ["1001", "1002"])
async def test_the_next_seat_vanishes_as_any_seat_does(here: Scene, extension: str) -> None:
    """The caller waits again, though the same seat hung up before."""
    await left_by_the_first(here, f"1390000121{extension[-1]}", "hold")
    await again(here, extension)
    await vanish(here, "second")
    await here.told("SeatLost")
    await here.told("Wait", after=2)
    await here.ear("caller").comes_to_hear(MUSIC_HZ)
    assert here.ear("caller").longest_silence_s() < 2


@pytest.mark.parametrize("how", ["hangs up", "vanishes"])
async def test_who_was_dialled_away_is_known_too(here: Scene, how: str) -> None:
    """By the leg itself: goodbye, or the wait."""
    line = await here.phone("1001")
    await here.call_in("1390000122" + str(int(how == "vanishes")))
    agent = await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await here.away(seat="chifeng-1001")
    await here.set(here.channels["caller"], GO="away")
    await agent.hangup()
    second = await here.answer(line, "second", EXPERT_HZ)
    await here.ear("caller").comes_to_hear(EXPERT_HZ)
    if how == "hangs up":
        await second.hangup()
        assert here.caller is not None
        assert (await here.caller.phone.ended(8)).by == "remote"
        assert here.count("SeatLost") == 0
    else:
        await vanish(here, "second")
        await here.told("SeatLost")
        await here.told("Wait", after=1)


async def test_a_member_of_asterisks_own_queue_is_known_too(here: Scene) -> None:
    """The brain is dead by then."""
    await left_by_the_first(here, "13900001231", "hold")
    await here.told("Held")
    line = await here.phone("1002")
    added = await here.tap.ask(
        "QueueAdd", Queue="fallback-chifeng", Interface="PJSIP/chifeng-1002", MemberName="x"
    )
    assert added["Response"] == "Success"
    try:
        await here.redirect("caller", "fallback")
        second = await here.answer(line, "second", EXPERT_HZ)
        await here.ear("caller").comes_to_hear(EXPERT_HZ)
        await second.hangup()
        assert here.caller is not None
        assert (await here.caller.phone.ended(8)).by == "remote"
        await eventually("goodbye", lambda: here.marks()[-1] == "BYE")
        assert here.count("SeatLost") == 0
    finally:
        await here.tap.ask("QueueRemove", Queue="fallback-chifeng", Interface="PJSIP/chifeng-1002")

"""Consult and three-way on the real Asterisk, each step proved by who hears whose tone.

The orders are given by hand, one channel each: what the dialplan does by itself is what it does.
"""

import asyncio

import pytest

from tests.asterisk.caller import heard_seconds, logged
from tests.asterisk.ear import gaps
from tests.asterisk.moving import (
    AGENT_HZ,
    CALLER_HZ,
    EXPERT_HZ,
    MUSIC_HZ,
    Scene,
)
from tests.asterisk.world import RING_BACK_HZ, eventually

pytestmark = pytest.mark.asterisk


async def test_consult_join_and_the_agent_leaves(here: Scene) -> None:
    """Held with music, then all three, then two: nobody hears more or less than that."""
    await here.call_in("13900001001")
    agent = await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await here.set_aside()
    await here.ear("agent").comes_to_hear(RING_BACK_HZ, not_=(CALLER_HZ,))
    await here.ear("caller").comes_to_hear(MUSIC_HZ, not_=(AGENT_HZ,))
    expert = await here.expert("1002")
    await here.ear("agent").comes_to_hear(EXPERT_HZ, not_=(CALLER_HZ, RING_BACK_HZ))
    await here.ear("expert").comes_to_hear(AGENT_HZ, not_=(CALLER_HZ,))
    await here.ear("caller").comes_to_hear(MUSIC_HZ, not_=(AGENT_HZ, EXPERT_HZ))
    await here.redirect("caller", "room")
    await here.ear("caller").comes_to_hear(AGENT_HZ, EXPERT_HZ, not_=(MUSIC_HZ,))
    await here.ear("agent").comes_to_hear(CALLER_HZ, EXPERT_HZ)
    await here.ear("expert").comes_to_hear(CALLER_HZ, AGENT_HZ)
    await agent.hangup()
    await here.ear("caller").comes_to_hear(EXPERT_HZ, not_=(AGENT_HZ, MUSIC_HZ))
    await here.ear("expert").comes_to_hear(CALLER_HZ, not_=(AGENT_HZ,))
    assert here.ear("caller").longest_silence_s() < 2
    await expert.hangup()
    assert here.caller is not None
    ended = await here.caller.phone.ended(5)

    assert ended.by == "remote"
    assert [here.count(name) for name in ("SeatLost", "Lost", "Room", "Held")] == [0, 0, 3, 1]
    await logged(here.world, here.call)
    assert sorted(here.marks()[2:]) == sorted(["OFFER", "HELD", "ROOM", "ROOM", "ROOM", "BYE"])
    recorded = here.world.settings.recordings / f"{here.call}-rx.wav"
    await eventually("the recording's end", lambda: recorded.read_bytes()[40:44] != bytes(4))
    assert gaps(recorded, CALLER_HZ) == []
    assert here.rooms() == []


async def test_swap_and_back(here: Scene) -> None:
    """The recipient holds while agent and caller talk, then the other way round."""
    await here.call_in("13900001002")
    await here.consult("1001", "1002")
    await here.redirect("expert", "hold")
    await here.redirect("caller", "room")
    await here.ear("expert").comes_to_hear(MUSIC_HZ, not_=(AGENT_HZ, CALLER_HZ))
    await here.ear("caller").comes_to_hear(AGENT_HZ, not_=(MUSIC_HZ, EXPERT_HZ))
    await here.redirect("caller", "hold")
    await here.redirect("expert", "seat-room")
    await here.ear("caller").comes_to_hear(MUSIC_HZ, not_=(AGENT_HZ, EXPERT_HZ))
    await here.ear("expert").comes_to_hear(AGENT_HZ, not_=(MUSIC_HZ, CALLER_HZ))
    assert not here.is_gone("expert")
    assert here.count("Held") == 2


async def test_three_way_gathers_all_by_one_order(here: Scene) -> None:
    """Agent and caller talk on until the recipient is there; the caller then follows the agent."""
    await here.call_in("13900001003")
    await here.talk("1001")
    expert = await here.expert("1002")
    await here.ear("expert").comes_to_hear(RING_BACK_HZ)
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await here.set_aside("room")
    await here.ear("caller").comes_to_hear(AGENT_HZ, EXPERT_HZ)
    await here.ear("expert").comes_to_hear(AGENT_HZ, CALLER_HZ, not_=(RING_BACK_HZ,))
    await expert.hangup()
    await here.ear("caller").comes_to_hear(AGENT_HZ, not_=(EXPERT_HZ,))
    assert here.caller is not None
    await here.caller.phone.hangup()
    await eventually("the agent's end", lambda: here.is_gone("agent"))
    assert here.rooms() == []


@pytest.mark.parametrize("how", ["hangs up", "vanishes"])
async def test_the_last_one_leaves_the_room(here: Scene, how: str) -> None:
    """Who hung up ends the call with a goodbye; from who vanished the caller goes back to wait."""
    await here.call_in("1390000101" + ("1" if how == "vanishes" else "2"))
    agent, expert = await here.consult("1001", "1002")
    await here.redirect("caller", "room")
    await here.ear("caller").comes_to_hear(AGENT_HZ, EXPERT_HZ)
    await agent.hangup()
    await here.ear("caller").comes_to_hear(EXPERT_HZ, not_=(AGENT_HZ,))
    assert here.caller is not None
    await here.tap.beat()
    if how == "hangs up":
        await expert.hangup()
        assert (await here.caller.phone.ended(5)).by == "remote"
        assert here.count("SeatLost") == 0
    else:
        await here.tap.ask("Hangup", Channel=here.channels["expert"])
        await here.told("SeatLost")
        again = await here.told("Wait", after=1)
        assert again["Since"] == here.caller.since
        assert here.count("Lost") == 1
        assert not here.caller.phone.is_over


@pytest.mark.parametrize("first", ["agent", "expert"])
async def test_one_leaves_aside_and_the_other_ends_the_call(here: Scene, first: str) -> None:
    """Asterisk keeps the first name of who hung up: it must not be taken for the second's."""
    await here.call_in("1390000102" + ("1" if first == "agent" else "2"))
    phones = dict(zip(("agent", "expert"), await here.consult("1001", "1002"), strict=True))
    other, hertz = ("expert", EXPERT_HZ) if first == "agent" else ("agent", AGENT_HZ)
    await phones[first].hangup()
    await eventually("the first's end", lambda: here.is_gone(first))
    await here.redirect("caller", "room")
    await here.ear("caller").comes_to_hear(hertz)
    await phones[other].hangup()
    assert here.caller is not None
    assert (await here.caller.phone.ended(5)).by == "remote"
    assert (here.count("SeatLost"), here.count("Lost")) == (0, 0)


async def test_a_seat_that_takes_the_caller_after_another_hung_up_ends_the_call(
    here: Scene,
) -> None:
    """And one that vanishes in the talk that follows gives the caller back once more."""
    await here.call_in("13900001031")
    agent = await here.talk("1001")
    await here.bridged("caller")
    await here.set(here.channels["caller"], GO="hold")
    await agent.hangup()
    await here.told("Held")
    await here.redirect("caller", "wait")
    await here.told("Wait", after=1)
    await here.tap.beat()
    await here.talk("1002", "second", EXPERT_HZ)
    await here.ear("caller").comes_to_hear(EXPERT_HZ)
    await here.tap.ask("Hangup", Channel=here.channels["second"])
    await here.told("SeatLost")
    await here.told("Wait", after=2)
    await here.tap.beat()
    third = await here.talk("1001", "third", AGENT_HZ)
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await third.hangup()
    assert here.caller is not None
    assert (await here.caller.phone.ended(5)).by == "remote"
    assert here.count("SeatLost") == 1


async def test_a_caller_finds_nobody_in_the_room(here: Scene) -> None:
    """It waits, with the place it had."""
    await here.call_in("13900001005")
    assert here.caller is not None
    await here.redirect("caller", "room")
    again = await here.told("Wait", after=1)
    assert again["Since"] == here.caller.since
    assert here.count("SeatLost") == 0


async def test_a_held_caller_whose_brain_dies_comes_to_whoever_is_there(here: Scene) -> None:
    """After 8 s without a beat: with the agent again, since nobody else would bring it there."""
    await here.call_in("13900001006")
    agent, expert = await here.consult("1001", "1002")
    await here.tap.beat(stale=True)
    await here.told("Room", after=2)
    await here.ear("caller").comes_to_hear(AGENT_HZ, EXPERT_HZ)
    await here.redirect("caller", "hold")
    await agent.hangup()
    await expert.hangup()
    await here.told("Fallback")
    assert here.caller is not None
    assert not here.caller.phone.is_over


async def test_a_recipient_held_when_the_brain_dies_comes_back(here: Scene) -> None:
    """Into the room, to agent and caller."""
    await here.call_in("13900001007")
    await here.consult("1001", "1002")
    await here.redirect("expert", "hold")
    await here.redirect("caller", "room")
    await here.ear("caller").comes_to_hear(AGENT_HZ, not_=(EXPERT_HZ,))
    await here.tap.beat(stale=True)
    await here.ear("caller").comes_to_hear(AGENT_HZ, EXPERT_HZ)


async def test_a_caller_on_hold_hangs_up(here: Scene) -> None:
    """Those who spoke about it are let go, and a recipient that still rings finds nobody."""
    await here.call_in("13900001008")
    await here.consult("1001", "1002")
    await here.phone("1003")
    await here.ring("1003", 2)
    third = await here.lines["1003"].incoming()
    assert here.caller is not None
    await here.caller.phone.hangup()
    await eventually("both gone", lambda: here.is_gone("agent") and here.is_gone("expert"))
    await third.answer()
    assert (await third.ended(5)).by == "remote"
    assert here.rooms() == []


async def test_a_recipient_to_whom_nobody_comes_is_let_go(here: Scene) -> None:
    """With a goodbye, after a while; the caller, who waits, never knew of it."""
    await here.call_in("13900001011")
    expert = await here.expert("1002", ALONE_S="1")
    await here.ear("expert").comes_to_hear(RING_BACK_HZ)
    assert (await expert.ended(5)).by == "remote"
    assert (here.count("Lost"), here.count("Wait")) == (0, 1)


async def test_a_waiting_caller_is_joined_with_whoever_answered(here: Scene) -> None:
    """Out of the queue into the room, though nobody was there but one who waited for it."""
    await here.call_in("13900001012")
    await here.expert("1002")
    await here.redirect("caller", "room")
    await here.ear("caller").comes_to_hear(EXPERT_HZ, not_=(MUSIC_HZ,))
    await here.ear("expert").comes_to_hear(CALLER_HZ, not_=(RING_BACK_HZ,))


async def test_what_is_said_aside_is_a_file_of_its_own(here: Scene) -> None:
    """The recipient and the agent without the caller, if it was asked for; the caller in none."""
    await here.call_in("13900001009")
    await here.talk("1001")
    await here.set_aside()
    expert = await here.expert("1002", RECORDS="yes")
    await here.ear("agent").comes_to_hear(EXPERT_HZ)
    await asyncio.sleep(0.5)
    await expert.hangup()
    await eventually("the expert's end", lambda: here.is_gone("expert"))
    said, heard = (
        here.world.settings.recordings / f"{here.call}-m1-{side}.wav" for side in ("rx", "tx")
    )
    await eventually("the file's end", lambda: heard.read_bytes()[40:44] != bytes(4))
    assert heard_seconds(said, EXPERT_HZ) > 0.5
    assert heard_seconds(heard, AGENT_HZ) > 0.4
    assert heard_seconds(heard, CALLER_HZ) == 0

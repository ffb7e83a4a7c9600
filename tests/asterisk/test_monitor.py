"""A supervisor hears a talk, speaks to the agent alone or to both, and takes it over."""

import pytest

from bench.phone import PhoneCall
from tests.asterisk.ear import Ear, gaps
from tests.asterisk.moving import (
    AGENT_HZ,
    CALLER_HZ,
    CHIEF_HZ,
    EXPERT_HZ,
    MUSIC_HZ,
    Scene,
)
from tests.asterisk.world import LISTENED_HZ, eventually

pytestmark = pytest.mark.asterisk

CHIEF = "1004"


async def listen(here: Scene, mode: str, *, tone: str = "") -> PhoneCall:
    """Ring the supervisor's own phone, as the brain does."""
    line = await here.phone(CHIEF)
    seat = f"chifeng-{CHIEF}"
    carried = {
        "CALL": here.call,
        "CALLER": here.channels["caller"],
        "CENTRE": "chifeng",
        "SEAT": seat,
        "SPIED": here.channels["agent"],
        "MODE": mode,
        "TONE": tone,
    }
    answer = await here.tap.ask(
        "Originate",
        Channel=f"PJSIP/{seat}",
        ChannelId=f"{here.call}-s-{seat}",
        Context="monitor",
        Exten="s",
        Priority="1",
        Timeout="5000",
        Async="true",
        Variable=",".join(f"{name}={value}" for name, value in carried.items()),
    )
    assert answer["Response"] == "Success", answer
    call = await here.answer(line, "chief", CHIEF_HZ)
    await here.told("Monitor")
    return call


async def change(here: Scene, mode: str, told_as: str = "") -> None:
    """Another mode, in the same call of the supervisor's; the phone says in which it is."""
    before = here.count("Monitor")
    await here.set(here.channels["chief"], MODE=mode)
    await here.redirect("chief", "monitor")
    told = await here.told("Monitor", after=before)
    assert told["Mode"] == (told_as or mode)


async def barge(here: Scene) -> None:
    """Agent and caller to the room, then the supervisor, as the brain does."""
    await here.set_aside("room")
    await change(here, "barge")


async def test_listen_whisper_barge(here: Scene) -> None:
    """Heard by nobody, by the agent, by both; whatever the mode, the supervisor hears both."""
    await here.call_in("13900003001")
    agent = await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await listen(here, "listen")
    await here.ear("chief").comes_to_hear(CALLER_HZ, AGENT_HZ)
    await here.ear("agent").comes_to_hear(CALLER_HZ, not_=(CHIEF_HZ,))
    await change(here, "whisper")
    await here.ear("agent").comes_to_hear(CALLER_HZ, CHIEF_HZ)
    await here.ear("caller").comes_to_hear(AGENT_HZ, not_=(CHIEF_HZ,))
    await barge(here)
    await here.ear("caller").comes_to_hear(AGENT_HZ, CHIEF_HZ)
    await here.ear("agent").comes_to_hear(CALLER_HZ, CHIEF_HZ)
    await here.ear("chief").comes_to_hear(CALLER_HZ, AGENT_HZ)
    await change(here, "whisper")
    await here.ear("agent").comes_to_hear(CALLER_HZ, CHIEF_HZ)
    await here.ear("caller").comes_to_hear(AGENT_HZ, not_=(CHIEF_HZ,))
    await here.ear("chief").comes_to_hear(CALLER_HZ, AGENT_HZ)
    assert here.count("MonitorEnd") == 0
    await agent.hangup()
    await here.told("MonitorEnd")
    assert here.count("MonitorEnd") == 1
    assert here.count("SeatLost") == 0


async def test_the_supervisor_leaves_and_the_talk_goes_on(here: Scene) -> None:
    """Nobody hears that it has gone."""
    await here.call_in("13900003002")
    await here.talk("1001")
    chief = await listen(here, "listen")
    await barge(here)
    await here.ear("caller").comes_to_hear(AGENT_HZ, CHIEF_HZ)
    await chief.hangup()
    ended = await here.told("MonitorEnd")
    await here.ear("caller").comes_to_hear(AGENT_HZ, not_=(CHIEF_HZ,))
    assert ended["Seat"] == f"chifeng-{CHIEF}"
    assert not here.is_gone("agent")


async def test_a_tone_tells_both_where_the_city_wants_it(here: Scene) -> None:
    """Once, to either."""
    await here.call_in("13900003003")
    await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await listen(here, "listen", tone="yes")
    caller, agent = here.ear("caller"), here.ear("agent")
    await eventually("the caller's tone", lambda: caller.has_heard_s(LISTENED_HZ) > 0.15)
    await eventually("the agent's tone", lambda: agent.has_heard_s(LISTENED_HZ) > 0.15)
    await here.ear("chief").comes_to_hear(CALLER_HZ, AGENT_HZ)
    assert max(caller.has_heard_s(LISTENED_HZ), agent.has_heard_s(LISTENED_HZ)) < 0.5


async def test_no_tone_is_heard_where_the_city_wants_none(here: Scene) -> None:
    """Nobody who talks can hear that somebody comes to listen, changes the mode, or leaves."""
    await here.call_in("13900003007")
    await here.talk("1001")
    caller, agent = here.ear("caller"), here.ear("agent")
    await caller.comes_to_hear(AGENT_HZ)
    chief = await listen(here, "listen")
    await here.ear("chief").comes_to_hear(CALLER_HZ, AGENT_HZ)
    await change(here, "listen")
    await here.ear("chief").comes_to_hear(CALLER_HZ, AGENT_HZ)
    await chief.hangup()
    await here.told("MonitorEnd")
    await agent.comes_to_hear(CALLER_HZ, not_=(CHIEF_HZ,))
    # the edge of another tone may sound like it for a moment
    assert max(caller.has_heard_s(LISTENED_HZ), agent.has_heard_s(LISTENED_HZ)) < 0.1


async def test_what_both_hear_a_supervisor_say_is_on_the_recording(here: Scene) -> None:
    """And what the agent alone hears is not. The caller's own voice is never interrupted."""
    await here.call_in("13900003008")
    await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    folder = here.world.settings.recordings
    heard, said = (Ear(folder / f"{here.call}-{side}.wav") for side in ("tx", "rx"))
    await listen(here, "whisper")
    await here.ear("agent").comes_to_hear(CALLER_HZ, CHIEF_HZ)
    await heard.comes_to_hear(AGENT_HZ, not_=(CHIEF_HZ,))
    assert heard.has_heard_s(CHIEF_HZ) < 0.1
    await barge(here)
    await heard.comes_to_hear(AGENT_HZ, CHIEF_HZ)
    await change(here, "listen")
    await heard.comes_to_hear(AGENT_HZ, not_=(CHIEF_HZ,))
    assert here.ear("caller").longest_silence_s() < 1
    assert here.caller is not None
    await here.caller.phone.hangup()
    await eventually("the recording's end", lambda: said.path.read_bytes()[40:44] != bytes(4))
    assert gaps(said.path, CALLER_HZ) == []


async def test_where_nobody_is_in_the_room_a_supervisor_hears_and_says_so(here: Scene) -> None:
    """It is heard by nobody then, and the brain is told in which mode it is in truth."""
    await here.call_in("13900003009")
    await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await listen(here, "whisper")
    await here.ear("agent").comes_to_hear(CALLER_HZ, CHIEF_HZ)
    await change(here, "barge", told_as="listen")
    await here.ear("chief").comes_to_hear(CALLER_HZ, AGENT_HZ)
    await here.ear("agent").comes_to_hear(CALLER_HZ, not_=(CHIEF_HZ,))
    await here.ear("caller").comes_to_hear(AGENT_HZ, not_=(CHIEF_HZ,))


async def test_barge_into_a_conference_is_heard_by_all(here: Scene) -> None:
    """Agent, caller and expert; when these have gone the supervisor does not keep the caller."""
    await here.call_in("13900003004")
    agent, expert = await here.consult("1001", "1002")
    await here.redirect("caller", "room")
    await here.ear("caller").comes_to_hear(AGENT_HZ, EXPERT_HZ)
    await listen(here, "barge")
    await here.ear("caller").comes_to_hear(AGENT_HZ, EXPERT_HZ, CHIEF_HZ)
    await here.ear("expert").comes_to_hear(AGENT_HZ, CALLER_HZ, CHIEF_HZ)
    await agent.hangup()
    await expert.hangup()
    assert here.caller is not None
    assert (await here.caller.phone.ended(5)).by == "remote"
    await here.told("MonitorEnd")


async def test_taking_over_from_the_room(here: Scene) -> None:
    """Who was heard by both stays as the one who has the caller; nobody moves but it."""
    await here.call_in("13900003010")
    await here.talk("1001")
    await listen(here, "listen")
    await barge(here)
    await here.ear("caller").comes_to_hear(AGENT_HZ, CHIEF_HZ)
    await here.redirect("chief", "seat-room")
    await here.told("MonitorEnd")
    await here.tap.ask("Hangup", Channel=here.channels["agent"])
    await here.ear("caller").comes_to_hear(CHIEF_HZ, not_=(AGENT_HZ,))
    await here.ear("chief").comes_to_hear(CALLER_HZ, not_=(AGENT_HZ,))
    assert here.count("SeatLost") == 0


async def test_taking_over(here: Scene) -> None:
    """The supervisor goes into the room, the caller follows, the agent is let go."""
    await here.call_in("13900003005")
    await here.talk("1001")
    chief = await listen(here, "whisper")
    await here.set(here.channels["caller"], GO="room")
    await here.redirect("chief", "seat-room")
    await here.told("MonitorEnd")
    await here.told("Room")
    await here.tap.ask("Hangup", Channel=here.channels["agent"])
    await here.ear("caller").comes_to_hear(CHIEF_HZ, not_=(AGENT_HZ,))
    await here.ear("chief").comes_to_hear(CALLER_HZ, not_=(AGENT_HZ,))
    await chief.hangup()
    assert here.caller is not None
    assert (await here.caller.phone.ended(5)).by == "remote"
    assert (here.count("MonitorEnd"), here.count("SeatLost")) == (1, 0)


async def test_who_is_heard_by_both_is_not_heard_by_a_caller_on_hold(here: Scene) -> None:
    """What the supervisor says to agent and expert stays among them."""
    await here.call_in("13900003006")
    await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await listen(here, "listen")
    await barge(here)
    await here.ear("caller").comes_to_hear(AGENT_HZ, CHIEF_HZ)
    await here.redirect("caller", "hold")
    await here.expert("1002")
    await here.ear("expert").comes_to_hear(AGENT_HZ, CHIEF_HZ)
    await here.ear("caller").comes_to_hear(MUSIC_HZ, not_=(CHIEF_HZ, AGENT_HZ))
    await here.redirect("caller", "room")
    await here.ear("caller").comes_to_hear(AGENT_HZ, EXPERT_HZ, CHIEF_HZ)

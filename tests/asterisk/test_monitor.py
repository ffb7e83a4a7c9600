"""A supervisor hears a talk, speaks to the agent alone or to both, and takes it over."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.phone import PhoneCall, Softphone
from tests.asterisk.moving import (
    AGENT_HZ,
    CALLER_HZ,
    CHIEF_HZ,
    EXPERT_HZ,
    MUSIC_HZ,
    Scene,
    scene,
)
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import LISTENED_HZ, AsteriskWorld, eventually

pytestmark = pytest.mark.asterisk

CHIEF = "1004"


@pytest.fixture
async def here(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, tmp_path: Path
) -> AsyncIterator[Scene]:
    """A scene whose brain beats until the test lets it die."""
    async with scene(world, tap, phones, tmp_path) as here:
        yield here


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


async def change(here: Scene, mode: str) -> None:
    """Another mode, in the same call of the supervisor's."""
    before = here.count("Monitor")
    await here.set(here.channels["chief"], MODE=mode)
    await here.redirect("chief", "monitor")
    told = await here.told("Monitor", after=before)
    assert told["Mode"] == mode


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
    await change(here, "barge")
    await here.ear("caller").comes_to_hear(AGENT_HZ, CHIEF_HZ)
    await here.ear("agent").comes_to_hear(CALLER_HZ, CHIEF_HZ)
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
    chief = await listen(here, "barge")
    await here.ear("caller").comes_to_hear(AGENT_HZ, CHIEF_HZ)
    await chief.hangup()
    ended = await here.told("MonitorEnd")
    await here.ear("caller").comes_to_hear(AGENT_HZ, not_=(CHIEF_HZ,))
    assert ended["Seat"] == f"chifeng-{CHIEF}"
    assert not here.is_gone("agent")


async def test_a_tone_tells_both_where_the_city_wants_it(here: Scene) -> None:
    """Once, to either; where it is not wanted there is none."""
    await here.call_in("13900003003")
    await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await listen(here, "listen", tone="yes")
    caller, agent = here.ear("caller"), here.ear("agent")
    await eventually("the caller's tone", lambda: caller.has_heard_s(LISTENED_HZ) > 0.15)
    await eventually("the agent's tone", lambda: agent.has_heard_s(LISTENED_HZ) > 0.15)
    await here.ear("chief").comes_to_hear(CALLER_HZ, AGENT_HZ)
    assert max(caller.has_heard_s(LISTENED_HZ), agent.has_heard_s(LISTENED_HZ)) < 0.5


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


async def test_who_barges_follows_the_agent_and_leaves_the_callers_ear(here: Scene) -> None:
    """Ordered anew when the agent is in the room; the caller on hold hears music alone."""
    await here.call_in("13900003006")
    await here.talk("1001")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await listen(here, "barge")
    await here.ear("caller").comes_to_hear(AGENT_HZ, CHIEF_HZ)
    await here.set_aside()
    await change(here, "barge")
    await here.expert("1002")
    await here.ear("expert").comes_to_hear(AGENT_HZ, CHIEF_HZ)
    await here.ear("caller").comes_to_hear(MUSIC_HZ, not_=(CHIEF_HZ,))

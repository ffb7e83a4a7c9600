"""Whoever comes into the room while the last one before it is leaving."""

import pytest

from tests.asterisk.moving import AGENT_HZ, CALLER_HZ, Scene
from tests.asterisk.world import eventually

pytestmark = pytest.mark.asterisk


async def bystander(here: Scene, name: str, **where: str) -> str:
    """A channel of nobody's, for three seconds; its name."""
    answer = await here.tap.ask(
        "Originate",
        Channel="Local/s@nobody/n",
        ChannelId=f"{here.call}-{name}",
        OtherChannelId=f"{here.call}-{name}-2",
        Async="true",
        Variable=f"CALL={here.call},CALLER={here.channels['caller']}",
        **where,
    )
    assert answer["Response"] == "Success", answer

    def found() -> list[str]:
        born = (e for e in here.tap.events if e.get("Event") == "Newchannel")
        return [e["Channel"] for e in born if e["Uniqueid"] == f"{here.call}-{name}"]

    await eventually(f"{name}'s channel", lambda: found() != [])
    return found()[0]


async def test_who_comes_as_the_last_one_leaves_keeps_the_room(here: Scene) -> None:
    """The leaver looks for a caller who came too late, and must not take the newcomer for it."""
    await here.call_in("13900005001")
    await here.talk("1001")
    await here.bridged("caller")
    await here.set_aside()
    await here.redirect("agent", "hold")
    await eventually("an empty room", lambda: here.rooms() == [])
    leaver = await bystander(here, "leaver", Context="nobody", Exten="s", Priority="1")
    late = f"{here.call},room,caller"
    await bystander(here, "late", Application="ConfBridge", Data=late)
    await eventually("who came late", lambda: here.rooms() != [])
    await here.set(here.channels["caller"], **{"SHARED(ENTERED)": "99999999999999"})
    await here.set(leaver, **{"CHANNEL(hangup_handler_push)": "party,gone,1"})
    await here.tap.ask("Hangup", Channel=leaver)
    await here.redirect("agent", "seat-room")
    await here.told("Room", after=1)
    await eventually(
        "the leaver's end",
        lambda: any(e.get("Event") == "Hangup" and e["Channel"] == leaver for e in here.tap.events),
    )
    await here.redirect("caller", "room")
    await here.ear("caller").comes_to_hear(AGENT_HZ)
    await here.ear("agent").comes_to_hear(CALLER_HZ)
    assert not here.is_gone("agent")

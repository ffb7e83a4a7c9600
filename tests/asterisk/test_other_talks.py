"""Talks that did not begin with an offer can be moved as well: from the fall-back queue, to a
citizen called back, to one whom a task had called.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench.phone import PhoneCall, Softphone
from tests.asterisk.caller import seat_phone
from tests.asterisk.ear import Ear, write_long_tone
from tests.asterisk.moving import AGENT_HZ, CALLER_HZ, MUSIC_HZ, scene
from tests.asterisk.tap import AmiTap
from tests.asterisk.test_calling_out import dial, out
from tests.asterisk.test_keeping import Town, _move_carrier, town
from tests.asterisk.world import RING_BACK_HZ, AsteriskWorld, eventually

pytestmark = pytest.mark.asterisk

QUEUE = "fallback-chifeng"


async def test_out_of_the_fall_back_queue(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, tmp_path: Path
) -> None:
    """A talk that Asterisk's own queue has made is set aside like any other."""
    async with scene(world, tap, phones, tmp_path) as here:
        line = await here.phone("1001")
        phone = "PJSIP/chifeng-1001"
        await here.call_in("13900004001")
        await tap.ask(
            "QueueAdd", Queue=QUEUE, Interface=phone, MemberName="a", StateInterface=phone
        )
        await here.redirect("caller", "fallback")
        await here.answer(line, "agent", AGENT_HZ)
        await tap.ask("QueueRemove", Queue=QUEUE, Interface=phone)
        await here.ear("caller").comes_to_hear(AGENT_HZ)
        await tap.beat()
        await here.set_aside()
        await here.ear("caller").comes_to_hear(MUSIC_HZ, not_=(AGENT_HZ,))
        await here.ear("agent").comes_to_hear(RING_BACK_HZ, not_=(CALLER_HZ,))
        await here.redirect("caller", "room")
        await here.ear("caller").comes_to_hear(AGENT_HZ)
        assert not here.is_gone("agent")


class Called:
    """A citizen called by a seat, both with voices."""

    def __init__(self, here: Town, folder: Path, call: str) -> None:
        self.here, self.call = here, call
        self.citizen, self.agent = Ear(folder / "ear.wav"), Ear(folder / "agents.wav")
        self.citizens, self.seats = "", ""

    async def order(self, channel: str, context: str) -> None:
        answer = await self.here.tap.ask(
            "Redirect", Channel=channel, Context=context, Exten="s", Priority="1"
        )
        assert answer["Response"] == "Success", answer


@asynccontextmanager
async def called(
    folder: Path, phones: Softphone, order: Callable[[Town], Awaitable[str]]
) -> AsyncIterator[tuple[Called, PhoneCall]]:
    """A town in which a seat talks with a citizen whom it was told to call."""
    mine, theirs = folder / "mine.wav", folder / "theirs.wav"
    write_long_tone(mine, CALLER_HZ)
    write_long_tone(theirs, AGENT_HZ)
    others = Softphone()
    async with others, town(folder, phones) as here:
        citizen = await seat_phone(here.world, others, "1002")
        call = await order(here)
        _move_carrier(here.world, "testcity-1002")
        it = Called(here, folder, call)
        seat = await here.seat.incoming()
        await seat.answer(play=theirs, record=it.agent.path)
        rung = await citizen.incoming()
        await rung.answer(play=mine, record=it.citizen.path)
        await it.agent.comes_to_hear(CALLER_HZ)
        await it.citizen.comes_to_hear(AGENT_HZ)
        names = [e["Channel"] for e in here.tap.events if e.get("Event") == "BridgeEnter"]
        it.seats = next(name for name in names if "testcity-1001" in name)
        it.citizens = next(name for name in names if "out-testcity" in name)
        yield it, rung
        if not rung.is_over:
            await rung.hangup()


async def moved(it: Called, rung: PhoneCall) -> None:
    """Held, back with the seat, and the goodbye when that hangs up."""
    tap = it.here.tap
    await tap.ask("Setvar", Channel=it.citizens, Variable="GO", Value="hold")
    await it.order(it.seats, "seat-room")
    await tap.user_event("Held", Call=it.call)
    await it.citizen.comes_to_hear(MUSIC_HZ, not_=(AGENT_HZ,))
    await it.agent.comes_to_hear(RING_BACK_HZ, not_=(CALLER_HZ,))
    await it.order(it.citizens, "room")
    await it.citizen.comes_to_hear(AGENT_HZ, not_=(MUSIC_HZ,))
    await it.agent.comes_to_hear(CALLER_HZ)
    await tap.ask("Hangup", Channel=it.seats)
    await tap.user_event("SeatLost", Call=it.call)
    wait = await tap.user_event("Wait", Call=it.call, within_s=3)
    assert (wait["Centre"], wait["Line"]) == ("testcity", "8337772")
    assert not rung.is_over


async def test_a_citizen_called_back(tmp_path: Path, phones: Softphone) -> None:
    """It is the caller: held, brought back, and given back to the wait when the seat is lost."""

    async def order(here: Town) -> str:
        kept = await here.keep("13900004002")
        await here.call_back(kept, "13900004002", 1)
        here.tap.events[:] = [e for e in here.tap.events if e.get("UserEvent") != "Wait"]
        return kept.call

    async with called(tmp_path, phones, order) as (it, rung):
        await moved(it, rung)
        parts = it.here.world.settings.recordings
        await eventually("recorded", lambda: (parts / f"{it.call}-1-rx.wav").exists())


async def test_a_citizen_called_from_a_task(tmp_path: Path, phones: Softphone) -> None:
    """It is the caller from then on, with a recording of its own, for the seat's ends."""

    async def order(here: Town) -> str:
        call = out(7)
        await dial(here, call)
        return call

    async with called(tmp_path, phones, order) as (it, rung):
        await moved(it, rung)
        parts = it.here.world.settings.recordings
        await eventually("recorded", lambda: (parts / f"{it.call}-1-rx.wav").exists())

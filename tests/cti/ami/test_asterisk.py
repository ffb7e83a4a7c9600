"""The link against the real Asterisk: its answers, its lists, its limits, its deaths."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from config.render import etc
from cti.ami.errors import AmiError, LinkDown, ListRefused, OrderTimedOut
from cti.ami.link import AmiLink
from cti.ami.message import MAX_LINE
from cti.ami.timing import Timing
from tests.asterisk.world import AsteriskWorld
from tests.cti.ami.peer import Ear, linking, until

pytestmark = pytest.mark.asterisk

NORMAL = Timing()

# A line break in a name and in a number, as a hostile trunk can write them, encoded, into a From.
FORGED = "%0D%0ACall: forged%0D%0A%0D%0AEvent: UserEvent%0D%0AUserEvent: SeatLost%0D%0ACall: evil"
DIALPLAN = f"""
[edges]
exten => s,1,Answer()
 same => n,Set(CALLERID(name)=${{URIDECODE(x{FORGED})}})
 same => n,UserEvent(Named,Call: real)
 same => n,Set(CALLERID(name)=)
 same => n,Set(CALLERID(num)=${{URIDECODE(138{FORGED})}})
 same => n,UserEvent(Numbered,Call: real)
 same => n,Set(CALLERID(num)=)
 same => n,UserEvent(Last,Call: real)
[edges-wait]
exten => s,1,Answer()
 same => n,Wait(30)
"""


RIGHTS = """
[hotline](+)
write = system,call,user,agent,reporting,originate
"""
"""The brain itself may do less: these tests also make calls and events, and list channels."""


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskWorld]:
    """A world with contexts of our own."""
    world = AsteriskWorld(tmp_path_factory.mktemp("ami"))
    with (etc(world.settings) / "extensions.conf").open("a", encoding="utf-8") as file:
        file.write(DIALPLAN)
    with (etc(world.settings) / "manager.conf").open("a", encoding="utf-8") as file:
        file.write(RIGHTS)
    with world:
        yield world


async def freeze(pid: int) -> None:
    """``SIGSTOP``, and wait until every thread stands: one that still runs may answer an order."""
    os.kill(pid, signal.SIGSTOP)
    threads = Path(f"/proc/{pid}/task")

    def is_frozen() -> bool:
        stats = [(thread / "stat").read_text() for thread in threads.iterdir()]
        return all(stat.rpartition(")")[2].split()[0] == "T" for stat in stats)

    await until(is_frozen, within_s=5)


@asynccontextmanager
async def up(world: AsteriskWorld, ear: Ear, timing: Timing = NORMAL) -> AsyncIterator[AmiLink]:
    """A link that is up."""
    secret = world.ami_secret
    async with linking(
        world.ami_port, ear, username="hotline", secret=secret, timing=timing
    ) as link:
        await until(lambda: link.is_up)
        yield link


async def test_asterisk_answers_and_lists(edges: AsteriskWorld) -> None:
    """An answer, an error answer, a list, an empty list and a refused one."""
    async with up(edges, Ear()) as link:
        pong = await link.ask("Ping")
        assert (pong["Response"], pong["Ping"]) == ("Success", "Pong")
        gone = await link.ask("Redirect", Channel="PJSIP/no-1", Context="wait", Exten="s")
        assert gone["Response"] == "Error"
        queues = await link.ask_list("QueueStatus")
        assert [one["Event"] for one in queues] == ["QueueParams"]
        assert await link.ask_list("CoreShowChannels") == []
        with pytest.raises(ListRefused):
            await link.ask_list("NoSuchAction")


async def test_members_are_added_without_waiting_for_more(edges: AsteriskWorld) -> None:
    """``QueueAdd`` and an asynchronous ``Originate`` end at their first answer."""
    async with up(edges, Ear()) as link:
        queue = "fallback-chifeng"
        seat = {"Queue": queue, "Interface": "Local/s@edges-wait", "MemberName": "坐席一号"}
        assert (await link.ask("QueueAdd", **seat))["Response"] == "Success"
        members = [one for one in await link.ask_list("QueueStatus") if "Name" in one]
        assert [one["Name"] for one in members] == ["坐席一号"]
        removed = await link.ask("QueueRemove", Queue=queue, Interface="Local/s@edges-wait")
        assert removed["Response"] == "Success"


async def test_values_come_back_as_they_went(edges: AsteriskWorld) -> None:
    """Chinese, quotes, blanks; and the longest line we send is one Asterisk takes."""
    values = ["坐席 “一号”", 'a "b" \\c, $ ; ', "x" * (MAX_LINE - len("Value: "))]
    async with up(edges, Ear()) as link:
        for value in values:
            await link.ask("Setvar", Variable="EDGE", Value=value)
            assert (await link.ask("Getvar", Variable="EDGE"))["Value"] == value


async def test_a_burst_of_asterisks_own_comes_in_order(edges: AsteriskWorld) -> None:
    """2,000 events made as fast as Asterisk makes them."""
    ear = Ear()
    async with up(edges, ear) as link:
        for number in range(2_000):
            link.tell("UserEvent", UserEvent="Burst", N=str(number))
            if number % 100 == 99:
                await link.ask("Ping")
        await until(lambda: len(ear.messages) >= 2_000)
    assert [one["N"] for one in ear.messages] == [str(number) for number in range(2_000)]


async def test_a_line_break_in_a_caller_makes_no_event(edges: AsteriskWorld) -> None:
    """Asterisk escapes names and not numbers: what a number forges has no stamp and is dropped."""
    ear = Ear()
    async with up(edges, ear) as link:
        await link.ask(
            "Originate", Channel="Local/s@edges-wait/n", Context="edges", Exten="s", Priority="1"
        )
        await until(lambda: any(one.get("UserEvent") == "Last" for one in ear.messages))
    events = [one for one in ear.messages if one["Event"] == "UserEvent"]
    assert [one.get("UserEvent") for one in events] == ["Named", None, "Last"]
    assert [one.get("Call") for one in events] == ["real", "forged", "real"]
    assert "\\r\\n" in str(events[0]["CallerIDName"])


async def test_a_wrong_secret_is_refused_and_not_repeated_fast(
    edges: AsteriskWorld, capsys: pytest.CaptureFixture[str]
) -> None:
    """One login, then seconds of patience."""
    ear = Ear()
    async with linking(
        edges.ami_port, ear, username="hotline", secret="wrong", timing=NORMAL
    ) as link:
        await asyncio.sleep(2)
        assert not link.is_up
    assert len(re.findall("ami login refused", capsys.readouterr().out)) == 1


async def test_a_frozen_asterisk_is_found_out(edges: AsteriskWorld) -> None:
    """SIGSTOP: orders time out, the link goes down in 3 to 5 s, and comes back by itself."""
    ear = Ear()
    loop = asyncio.get_running_loop()
    async with up(edges, ear) as link:
        await freeze(edges.pid)
        try:
            began = loop.time()
            with pytest.raises((OrderTimedOut, LinkDown)):
                await link.ask("Status")
            await until(lambda: bool(ear.downs()), within_s=8)
            assert 2.5 < loop.time() - began < 6
        finally:
            os.kill(edges.pid, signal.SIGCONT)
        await until(lambda: link.is_up, within_s=15)


async def test_a_killed_asterisk_gets_no_order_twice(edges: AsteriskWorld) -> None:
    """``kill -9`` in the middle of orders: they fail at once, and the new Asterisk hears none."""
    ear = Ear()
    loop = asyncio.get_running_loop()
    async with up(edges, ear, replace(NORMAL, retry_most_s=0.5)) as link:
        await freeze(edges.pid)  # so that the orders stay unanswered
        link.tell("UserEvent", UserEvent="Old")

        async def order() -> type[BaseException] | None:
            try:
                await link.ask("UserEvent", UserEvent="Old")
            except AmiError as exc:
                return type(exc)
            return None

        async with asyncio.TaskGroup() as tasks:
            orders = [tasks.create_task(order()) for _ in range(20)]
            await asyncio.sleep(0.1)
            began = loop.time()
            edges.kill()
        assert {one.result() for one in orders} == {LinkDown}
        assert loop.time() - began < 1
        await asyncio.to_thread(edges.start)
        await until(lambda: link.is_up, within_s=10)
        await link.ask("UserEvent", UserEvent="New")
        await until(lambda: bool(ear.messages))
        await asyncio.sleep(0.5)
    assert [one["UserEvent"] for one in ear.messages] == ["New"]

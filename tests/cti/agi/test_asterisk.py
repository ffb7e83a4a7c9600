"""A dialogue led with the real Asterisk calling ``AGI(agi://…)``."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator

import pytest

from config.render import etc
from cti.agi.errors import CallerLeft, CommandRefused
from cti.agi.session import AgiSession
from tests.asterisk.world import AsteriskWorld
from tests.cti.agi.phone import serving
from tests.cti.ami.peer import until

pytestmark = pytest.mark.asterisk

# The channel of the dialogue runs ;2's other side: [edges-key] presses a key, [edges-quiet] waits.
DIALPLAN = """
[edges-agi]
exten => s,1,Answer()
 same => n,Set(CALLERID(name)=${URIDECODE(%s)})
 same => n,Set(EVIL=${URIDECODE(%s)})
 same => n,Set(AGIEXITONHANGUP=${EDGEEXIT})
 same => n,AGI(agi://127.0.0.1:${EDGEPORT}/survey,one)
 same => n,Set(GLOBAL(EDGESAID)=${SAID})
 same => n,Wait(5)
[edges-key]
exten => s,1,Answer()
 same => n,Wait(0.3)
 same => n,SendDTMF(7)
 same => n,Wait(5)
[edges-quiet]
exten => s,1,Answer()
 same => n,Wait(10)
"""
NAME = '坐 "一"\r\n200 result=1 (x)\n\nHANGUP ${CHANNEL} (x'


def encoded(text: str) -> str:
    """The text with every byte percent-encoded."""
    return "".join(f"%{byte:02X}" for byte in text.encode())


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AsteriskWorld]:
    """A world with the AGI modules and contexts of our own."""
    world = AsteriskWorld(tmp_path_factory.mktemp("agi"))
    with (etc(world.settings) / "extensions.conf").open("a", encoding="utf-8") as file:
        file.write(DIALPLAN % (encoded("坐席"), encoded(NAME)))
    with world:
        for module in ("app_senddtmf", "res_clioriginate"):
            assert "Loaded" in world.rx(f"module load {module}.so")
        yield world


async def lead(
    world: AsteriskWorld,
    dialogue: Callable[[AgiSession], Awaitable[object]],
    *,
    other: str = "edges-quiet",
    exits: str = "no",
) -> object:
    """Have Asterisk call the dialogue; what it returned, or the error it ended with."""
    ends: list[object] = []

    async def survey(session: AgiSession) -> None:
        try:
            ends.append(await dialogue(session))
        except (CallerLeft, CommandRefused) as exc:
            ends.append(exc)

    async with serving({"survey": survey}) as server:
        for command in (
            "dialplan set global EDGESAID none",
            f"dialplan set global EDGEEXIT {exits}",
            f"dialplan set global EDGEPORT {server.port}",
            f"channel originate Local/s@{other}/n extension s@edges-agi",
        ):
            await asyncio.to_thread(world.rx, command)
        await until(lambda: bool(ends), within_s=15)
        await until(lambda: server.sessions == 0)
        assert server.turned_away == 0
    await asyncio.to_thread(world.rx, "channel request hangup all")
    return ends[0]


async def test_a_survey_is_led(edges: AsteriskWorld) -> None:
    """Header block, answer, sound, key, variables both ways, and back into the dialplan."""
    sound = str(edges.home / "sounds" / "zh" / "bye")

    async def survey(session: AgiSession) -> tuple[object, ...]:
        await session.answer()
        assert await session.play(sound) is None
        key = await session.wait_for_digit(3)
        await session.set_variable("SAID", f'键 {key} "a\\b"')
        said = await session.get_variable("SAID")
        nothing = await session.get_variable("NOSUCH")
        await session.execute("Wait", "0.1")
        return session.headers["agi_calleridname"], session.headers["agi_arg_1"], key, said, nothing

    assert await lead(edges, survey, other="edges-key") == (
        "坐席",
        "one",
        "7",
        '键 7 "a\\b"',
        "",
    )


async def test_what_asterisk_does_not_have_is_refused(edges: AsteriskWorld) -> None:
    """A sound and an application that are not there; the next command is in step."""

    async def survey(session: AgiSession) -> object:
        with pytest.raises(CommandRefused):
            await session.play("/no/such/sound")
        with pytest.raises(CommandRefused):
            await session.execute("NoSuchApplication")
        await session.set_variable("SAID", "still")
        return await session.get_variable("SAID")

    assert await lead(edges, survey) == "still"


async def test_line_breaks_in_a_value_put_nothing_out_of_step(edges: AsteriskWorld) -> None:
    """A value that looks like replies is read whole, and the next reply is the next one's."""

    async def survey(session: AgiSession) -> object:
        first = await session.get_variable("EVIL")
        await session.set_variable("SAID", "next")
        return first, await session.get_variable("SAID")

    assert await lead(edges, survey) == (NAME, "next")


@pytest.mark.parametrize("exits", ["no", "yes"])
async def test_a_caller_who_hangs_up_ends_the_dialogue(edges: AsteriskWorld, exits: str) -> None:
    """In the middle of a wait, at once, with Asterisk closing the session and without."""
    seen: list[AgiSession] = []

    async def survey(session: AgiSession) -> object:
        seen.append(session)
        began = time.monotonic()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(
                asyncio.to_thread(
                    edges.rx, f"channel request hangup {session.headers['agi_channel']}"
                )
            )
            with pytest.raises(CallerLeft):
                await session.wait_for_digit(8)
        assert time.monotonic() - began < 3
        if exits == "no":  # the dead may still be asked
            assert await session.get_variable("CHANNEL(uniqueid)")
        with pytest.raises(CallerLeft):
            await session.play("any")
        return "noticed"

    assert await lead(edges, survey, exits=exits) == "noticed"
    assert seen[0].is_hung_up


async def test_hanging_up_is_ours_to_do(edges: AsteriskWorld) -> None:
    """``hang_up`` ends the call; nothing can be played afterwards."""

    async def survey(session: AgiSession) -> object:
        await session.hang_up()
        await session.play("any")
        return None

    assert isinstance(await lead(edges, survey), CallerLeft)

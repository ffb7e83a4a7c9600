"""Orders and hang-ups in the same instant, again and again, with no brain to mend anything."""

import asyncio
import os
import random
import re
import signal
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.phone import PhoneCall, Softphone
from tests.asterisk.moving import AGENT_HZ, EXPERT_HZ, Scene, scene
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import AsteriskWorld, eventually

pytestmark = [pytest.mark.asterisk, pytest.mark.soak]

AT_ONCE, ROUNDS = 4, 12
SETTLED_S = 2.8
"""Every wait of the dialplan's own has ended by then, but a hold that the brain must end."""
SOMEWHERE = frozenset({"room", "hold", "wait", "fallback", "away"})


@dataclass(eq=False)
class Round:
    """One call on which several things happen at once."""

    here: Scene
    dice: random.Random
    agents: str
    experts: str

    async def play(self) -> None:
        """A talk, then what the dice say; at the end the caller is somewhere it may be."""
        here = self.here
        agent = await here.talk(self.agents)
        await here.bridged("caller")
        await here.bridged("agent")
        expert = await self._prepare()
        kinds = [self._move_caller(), self._leaves("agent", agent)]
        if expert is not None and self.dice.random() < 0.6:
            kinds.append(self._leaves("expert", expert))
        await asyncio.gather(*kinds)
        await asyncio.sleep(SETTLED_S)
        await self._look()
        assert here.caller is not None
        for phone in (here.caller.phone, agent, expert):
            if phone is not None and not phone.is_over:
                await phone.hangup()
        await eventually("all gone", lambda: all(map(here.is_gone, here.channels)))

    async def _prepare(self) -> PhoneCall | None:
        if self.dice.random() < 0.3:
            return None
        await self.here.set_aside(self.dice.choice(["hold", "room"]))
        return await self.here.expert(self.experts) if self.dice.random() < 0.7 else None

    async def _move_caller(self) -> None:
        await self._pause()
        here = self.here
        if "expert" not in here.channels and not here.count("Room"):
            await here.set(here.channels["caller"], GO=self.dice.choice(["hold", "room"]))
            order = ("agent", "seat-room")
        else:
            order = ("caller", self.dice.choice(["hold", "room", "room"]))
        await here.tap.ask(
            "Redirect", Channel=here.channels[order[0]], Context=order[1], Exten="s", Priority="1"
        )

    async def _leaves(self, who: str, phone: PhoneCall) -> None:
        await self._pause()
        if self.dice.random() < 0.5:
            await self.here.tap.ask("Hangup", Channel=self.here.channels[who])
        elif not phone.is_over:
            await phone.hangup()

    def _pause(self) -> Awaitable[None]:
        longest = self.dice.choice([0, 0.003, 0.02, 0.1])
        return asyncio.sleep(self.dice.uniform(0, longest))

    async def _look(self) -> None:
        here = self.here
        assert here.caller is not None
        if here.caller.phone.is_over:  # somebody hung up by itself, and the talk was over
            return
        shown = here.world.rx(f"core show channel {here.channels['caller']}")
        context = re.search(r"Context: (\S+)", shown)
        assert context is not None
        assert context[1] in SOMEWHERE
        if context[1] == "room":
            assert "0" not in await self._marked()

    async def _marked(self) -> list[str]:
        answer = await self.here.tap.ask(
            "Getvar",
            Channel=self.here.channels["caller"],
            Variable=f"CONFBRIDGE_INFO(marked,{self.here.call})",
        )
        return [answer.get("Value", "0")]


@pytest.mark.parametrize("seed", [1, 2])
async def test_nobody_is_lost_whoever_leaves_in_that_instant(
    world: AsteriskWorld, tap: AmiTap, tmp_path: Path, seed: int
) -> None:
    """The caller is with somebody, on hold or in the queue; no channel and no room is left."""
    folders = [tmp_path / str(n) for n in range(AT_ONCE)]
    for folder in folders:
        folder.mkdir()
    async with asyncio.TaskGroup() as group:
        beating = group.create_task(tap.beat_for_ever())
        async with asyncio.TaskGroup() as callers:
            for n, folder in enumerate(folders):
                callers.create_task(_caller(world, tap, folder, n, seed))
        beating.cancel()
    await eventually("no channel", lambda: world.rx("core show channels concise").strip() == "")
    assert "node1-" not in world.rx("confbridge list")
    assert world.complaints() == []


async def _caller(world: AsteriskWorld, tap: AmiTap, folder: Path, n: int, seed: int) -> None:
    phones = Softphone()
    async with phones, scene(world, tap, phones, folder) as here:
        for count in range(ROUNDS):
            here.channels.clear()
            await here.call_in(f"1390{seed}{n}{count:05d}")
            dice = random.Random(f"{seed} {n} {count}")
            await Round(here, dice, f"10{11 + 2 * n}", f"10{12 + 2 * n}").play()


async def test_a_party_whose_network_is_gone_gives_the_caller_back(
    world: AsteriskWorld, tap: AmiTap, phones: Softphone, tmp_path: Path
) -> None:
    """No packet from a seat in the room for 20 s: it is let go, and the caller waits again."""
    async with asyncio.TaskGroup() as group, scene(world, tap, phones, tmp_path) as here:
        beating = group.create_task(tap.beat_for_ever())
        await here.call_in("13900009001")
        agent, _ = await here.consult("1001", "1002")
        await here.redirect("caller", "room")
        await here.ear("caller").comes_to_hear(AGENT_HZ, EXPERT_HZ)
        await agent.hangup()
        (expert,) = here.desks[-1].pids
        os.kill(expert, signal.SIGSTOP)
        try:
            await here.tap.user_event("SeatLost", Call=here.call, within_s=30)
            await here.told("Wait", after=1)
        finally:
            os.kill(expert, signal.SIGCONT)
        assert here.count("Lost") == 1
        beating.cancel()

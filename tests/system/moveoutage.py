"""Walks of moved callers whose agents' networks are cut at random: for a moment, or for good.

After a moment nothing may have happened. A telephone that is gone for good is let go by Asterisk
after 20 s; then its network is whole again, and the agent says that it is.
"""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from random import Random

from bench.phone import CallEnded, TooLate
from tests.system.city import until
from tests.system.movescene import Scene
from tests.system.movestage import Place
from tests.system.movewalk import Walk
from tests.system.networks import Network
from tests.system.people import Agent, Ring
from transfer.step import Kind

MOMENT_S = (0.5, 3.0)
LET_GO_S = 40.0
"""By then Asterisk has given up a telephone of which it hears nothing."""


@dataclass(slots=True)
class Outages:
    """Whose networks can be cut, how often they were, and how the walks ended."""

    networks: Mapping[str, Network]
    """Extension → the network of its telephone."""
    moments: int = 0
    for_good: int = 0
    served: int = 0
    """Callers who were with somebody in the end; the others had hung up, or were hung up on."""


class LostWalk(Walk):
    """One caller's. Used as ``Walk`` is; ``outages`` is the whole stage's."""

    def __init__(
        self, outages: Outages, scene: Scene, kind: Kind, place: Place, dice: Random, did: list[str]
    ) -> None:
        super().__init__(scene, kind, place, dice, did)
        self._outages = outages
        self._away: asyncio.Task[None] | None = None

    async def go(self) -> None:
        """As any walk; at the end the network that was cut in it is whole again."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            await super().go()

    async def _rarely(self) -> None:
        """Cut the network of the agent's telephone, if it has one of its own."""
        agent = self.scene.stage.people.agent_of(self.scene.caller)
        is_ours = agent is not None and agent.extension in self._outages.networks
        if agent is None or not is_ours or agent.extension in self.scene.stage.out_of_reach:
            await super()._rarely()
        elif self.dice.random() < 0.5:
            await self._for_a_moment(agent)
        elif self._away is None:
            self._away = self._group.create_task(self._for_good(agent))

    async def _for_a_moment(self, agent: Agent) -> None:
        network = self._outages.networks[agent.extension]
        lasts_s = self.dice.uniform(*MOMENT_S)
        self.did.append(f"{agent.extension} is out of reach for {lasts_s:.1f} s")
        self._outages.moments += 1
        self.scene.stage.out_of_reach.add(agent.extension)
        network.cut()
        try:
            await asyncio.sleep(lasts_s)
        finally:
            network.mend()
            self.scene.stage.out_of_reach.discard(agent.extension)

    async def _for_good(self, agent: Agent) -> None:
        network, ring = self._outages.networks[agent.extension], agent.now
        if ring is None:
            return
        self.did.append(f"{agent.extension} is out of reach for good")
        self._outages.for_good += 1
        self.scene.stage.out_of_reach.add(agent.extension)
        network.cut()
        try:
            await self._is_let_go(agent)
        finally:
            network.mend()
            await _hung_up(ring)
            self.scene.stage.out_of_reach.discard(agent.extension)

    async def _is_let_go(self, agent: Agent) -> None:
        """Asterisk has no channel of that telephone any more."""
        city = self.scene.stage.city
        name = f"PJSIP/{city.profile.centre}-{agent.extension}-"

        async def is_gone() -> bool:
            return name not in await asyncio.to_thread(city.rx, "core show channels concise")

        await until(is_gone, LET_GO_S, f"{agent.extension} is let go", every_s=0.5)

    async def _finds_somebody(self) -> None:
        """Once the telephone that is out of reach is let go."""
        if self._away is not None:
            await self._away
        await super()._finds_somebody()
        self._outages.served += not self.scene.caller.phone.is_over


async def _hung_up(ring: Ring) -> None:
    """At the telephone that was out of reach: it does not know yet that the call is over."""
    await ring.phone.hangup()
    with suppress(CallEnded, TooLate):
        await ring.phone.ended(5)

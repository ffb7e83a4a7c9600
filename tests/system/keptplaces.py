"""A city in which callers keep their places, and a carrier that the test leads."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from bench.phone import PhoneRefused, Softphone
from records.callrecord import Disposition
from tests.asterisk.exchange import Exchange, Visit, exchange
from tests.system.city import City, until
from tests.system.people import Agent, Caller, People, people_of

SEATS = 2
"""So few that nobody can say how long the wait is: callers are asked in the first telling."""
ASKED_WITHIN_S = 25.0
RUNG_WITHIN_S = 8.0


@dataclass
class Town:
    """A city whose carrier is led by the test."""

    city: City
    people: People
    carrier: Exchange
    visits: list[Visit] = field(default_factory=list)

    async def all_talk(self) -> list[Caller]:
        """Every seat is taken, by hand."""
        for agent in self.people.agents:
            agent.answers_after_s, agent.talks_s = 0.1, None
        talking = [await self.people.call() for _ in range(SEATS)]
        await until(lambda: all(map(self.people.talks, talking)), 15, "every seat talks")
        for agent in self.people.agents:
            agent.answers_after_s = None
        return talking

    async def wait(self) -> Caller:
        caller = await self.people.call()
        await caller.phone.connected(5)
        await asyncio.sleep(1.1)  # whole seconds tell who was first after a restart
        return caller

    async def keep(self, *callers: Caller) -> None:
        """Press 1 until the caller was asked, and is told goodbye."""

        async def press(caller: Caller) -> None:
            with suppress(PhoneRefused):  # it is over since it was looked at
                while not caller.phone.is_over:
                    await caller.phone.dtmf("1")
                    await asyncio.sleep(0.7)

        async with asyncio.timeout(ASKED_WITHIN_S), asyncio.TaskGroup() as group:
            for caller in callers:
                group.create_task(press(caller))

    def kept(self) -> dict[str, int]:
        """Whose place Asterisk's own database has, and how often each was dialled."""
        shown = self.city.rx("database show kept")
        entries = [line.partition(": ")[2] for line in shown.splitlines() if "/kept/" in line]
        return {entry.split(",")[3]: int(entry.split(",")[8]) for entry in entries}

    async def called_back(self, ani: str) -> tuple[Agent, Visit]:
        """A seat rings for that place, answers, and the citizen is dialled."""
        await until(lambda: self.ringing_for(ani) is not None, RUNG_WITHIN_S, f"rung for {ani}")
        agent = self.ringing_for(ani)
        assert agent is not None
        await agent.answer()
        visit = await self.carrier.visit(RUNG_WITHIN_S)
        self.visits.append(visit)
        assert visit.number == ani
        visit.ring()
        return agent, visit

    def ringing_for(self, ani: str) -> Agent | None:
        """The seat whose phone rings for that number, not yet answered."""
        for agent in self.people.agents:
            if agent.now is not None and agent.now.ani == ani and not agent.is_talking:
                return agent
        return None

    async def free_one(self) -> None:
        """One seat ends its talk."""
        agent = next(agent for agent in self.people.agents if agent.is_talking)
        await agent.hang_up()

    async def brain_again(self) -> None:
        self.city.start("brain")
        await self.city.ready()

    async def everybody_leaves(self) -> None:
        for agent in self.people.agents:
            if agent.now is not None:
                await agent.hang_up()
        for caller in self.people.callers:
            await caller.phone.hangup()
        await until(lambda: self.city.channels() == 0, 10, "every channel gone")

    async def each_has_one_record(self, kept: list[Caller]) -> None:
        """One record and one draft for each call; who kept a place and was reached is answered."""
        count = len(self.people.callers)

        async def are_over() -> bool:
            ended = [record for record in await self.city.records() if record.ended_at]
            return len(ended) >= count and len(await self.city.orders()) >= count

        await until(are_over, 20, "the end of each call, and its draft")
        records = {record.ani: record for record in await self.city.records()}
        assert len(await self.city.records()) == count
        assert {record.disposition for record in records.values()} == {Disposition.ANSWERED}
        assert {ani for ani, record in records.items() if record.kept_at} == {c.ani for c in kept}
        for record in records.values():
            assert len(record.talks) == 1, record
            assert record.ended_at is not None


@asynccontextmanager
async def town(folder: Path, phones: Softphone) -> AsyncIterator[Town]:
    async with exchange() as carrier:
        address = f"127.0.0.1:{carrier.port}"
        async with (
            City(folder, seats=SEATS, wrap_up_s=1, dial_out=address) as city,
            people_of(city, phones, SEATS) as people,
        ):
            await city.staff(SEATS)
            yield Town(city, people, carrier)

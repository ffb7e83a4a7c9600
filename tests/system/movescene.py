"""One caller of a ``Stage``, from the call to what is left of it: moved, heard, written down."""

import asyncio
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from bench.deskclient import DeskClient
from config.ledger import HOTLINE
from cti.ids import CallId, MoveId
from records.callrecord import CallRecord
from tests.system.city import NotInTime, until
from tests.system.ears import heard_now
from tests.system.movestage import Stage
from tests.system.people import Agent, Caller, Ring
from transfer.step import Kind, Step, What

SETTLES_S = 10.0
"""Within which what is heard must be what it should be."""


REFUSED = (404, 409)
"""How a key is answered that means nothing any more: no such move, or not in this step."""


@dataclass(slots=True, eq=False)
class Scene:
    """One call. Made by ``calling``; then ``talks`` or ``waits``, ``begin`` … ``over``."""

    stage: Stage
    caller: Caller
    hertz: int
    """In which tone the caller speaks."""
    call: CallId = CallId("")
    agent: Agent | None = None
    """Who took the call first."""
    move: MoveId = MoveId("")
    began: float = field(default_factory=monotonic)
    """When the caller dialled."""
    waited_s: float = field(default_factory=lambda: waited_s())
    """For how long somebody here had waited for a processor by then."""
    _heard_before: dict[DeskClient, int] = field(default_factory=dict)
    """How much each desk had been told when the move began: nothing of it."""

    async def talks(self) -> Agent:
        """Wait until an agent has the caller; who."""
        people = self.stage.people
        await until(lambda: people.talks(self.caller), 15, f"{self.caller.ani} talks")
        agent = people.agent_of(self.caller)
        assert agent is not None
        if self.agent is None:
            self.agent = agent
        arrived = await self.stage.tap.user_event("Arrived", Ani=self.caller.ani)
        self.call = CallId(arrived["Call"])
        states = self.stage.city.seat_states
        await until(lambda: states()[agent.extension] == "talking", 10, "the desk knows of it")
        return agent

    async def waits(self) -> None:
        """Wait until the caller stands in the queue."""
        told = await self.stage.tap.user_event("Wait", within_s=15, Ani=self.caller.ani)
        self.call = CallId(told["Call"])

    @property
    def desk(self) -> DeskClient:
        """Of whoever took the call."""
        assert self.agent is not None
        return self.stage.desks[self.agent.extension]

    async def begin(self, kind: Kind, target: str, *, desk: DeskClient | None = None) -> None:
        """Ask for a move, as the page does."""
        self.move = MoveId(f"m{secrets.token_hex(6)}")
        self._heard_before = {desk: len(desk.heard) for desk in self.stage.desks.values()}
        body = {"move": self.move, "kind": kind.value, "target": target}
        status, answer = await (desk or self.desk).post(f"/api/v1/calls/{self.call}/moves", body)
        assert status < 300, (status, answer)

    async def press(self, key: What, *, desk: DeskClient | None = None) -> None:
        """Press a key of the move."""
        status, answer = await self._pressed(key, desk or self.desk)
        assert status < 300, (status, answer)

    async def wants(self, key: What) -> bool:
        """Press a key of the move that may mean nothing by now; whether it was taken."""
        status, answer = await self._pressed(key, self.desk)
        assert status < 300 or status in REFUSED, (status, answer)
        return status < 300

    async def _pressed(self, key: What, desk: DeskClient) -> tuple[int, Any]:
        return await desk.post(f"/api/v1/calls/{self.call}/moves/{self.move}/{key.value}", {})

    @property
    def shown(self) -> list[Mapping[str, Any]]:
        """What the desks were told of the move, in order."""
        told = [
            (heard.at, move)
            for desk in self.stage.desks.values()
            for heard in desk.heard[self._heard_before.get(desk, 0) :]
            for move in _moves_in(heard.body)
            if move["move"] == self.move
        ]
        return [move for _, move in sorted(told, key=lambda pair: pair[0])]

    @property
    def step(self) -> Step | None:
        """How far the move is."""
        return Step(self.shown[-1]["step"]) if self.shown else None

    async def reaches(self, *steps: Step, within_s: float = 10.0) -> None:
        """Wait until the move is in one of these steps."""
        try:
            await until(lambda: self.step in steps, within_s)
        except NotInTime:
            went = [shown["step"] for shown in self.shown]
            wanted = [step.value for step in steps]
            raise NotInTime(f"{self.caller.ani}: {went} in {within_s:g} s, not {wanted}") from None

    async def rung(self, there: Agent, *, within_s: float = 10.0) -> None:
        """Wait until somebody's telephone rings for this caller."""
        await until(
            lambda: there.now is not None and self.is_for_us(there.now),
            within_s,
            f"{there.extension} rings for {self.caller.ani}",
        )

    def is_for_us(self, ring: Ring) -> bool:
        """Whether it rings for this call: an expert's or an office's telephone shows 12345, and
        has one caller at a time here.
        """
        return ring.ani in (self.caller.ani, HOTLINE)

    async def hears(self, expected: Mapping[Caller | Agent, Collection[int]]) -> None:
        """Wait until each of them hears just these tones of all that people and music have."""
        wanted = {_name(who): frozenset(tones) for who, tones in expected.items()}
        now: dict[str, frozenset[int]] = {}

        def is_so() -> bool:
            now.update(
                {_name(who): heard_now(self.ear(who), self.stage.voices) for who in expected}
            )
            return now == wanted

        try:
            await until(is_so, SETTLES_S)
        except NotInTime:
            raise NotInTime(f"{self.caller.ani}: {now}, not {wanted}") from None

    def ear(self, who: Caller | Agent) -> Path:
        """The recording of what is heard there in this call."""
        if isinstance(who, Caller):
            return who.heard
        ring = next((ring for ring in reversed(who.rings) if self.is_for_us(ring)), None)
        assert ring is not None, f"{who.extension} was never rung"
        return ring.heard

    async def lose(self, part: str) -> None:
        """Somebody vanishes: the leg of this call with that in its channel's name ends, though
        nobody hung up.
        """
        channel = await self.channel(part)
        answer = await self.stage.tap.ask("Hangup", Channel=channel)
        assert answer["Response"] == "Success", answer

    async def channel(self, part: str) -> str:
        """The newest channel of this call with that in its name."""
        found: list[str] = []

        async def is_there() -> bool:
            printed = await asyncio.to_thread(self.stage.city.rx, "core show channels concise")
            rows = [row.split("!") for row in printed.splitlines() if row.count("!") > 8]
            found[:] = [row[0] for row in rows if part in row[0] and self.call in row[8:]]
            return bool(found)

        await until(is_there, 5, f"a channel of {self.call} with {part}")
        return found[-1]

    async def over(self) -> CallRecord:
        """The caller hangs up, unless the call is over; its record when that has ended."""
        await self.caller.phone.hangup()
        await self.caller.phone.ended(10)
        return await self.ended()

    async def ended(self) -> CallRecord:
        """The record of the call, once it has ended."""

        async def is_written() -> bool:
            record = await self.stage.city.store().call(self.call)
            return record is not None and record.ended_at is not None

        await until(is_written, 20, f"{self.call} has ended")
        record = await self.stage.city.store().call(self.call)
        assert record is not None
        return record


def waited_s() -> float:
    """For how long somebody on this machine has waited for a processor, since it was started."""
    some, _ = Path("/proc/pressure/cpu").read_text(encoding="ascii").splitlines()
    return int(some.rpartition("total=")[2]) / 1e6


def _moves_in(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The moves a desk is told of in a message."""
    if body.get("type") == "move":
        return [body["move"]]
    return list(body["desk"]["moves"]) if body.get("type") == "snapshot" else []


def _name(who: Caller | Agent) -> str:
    return "caller" if isinstance(who, Caller) else who.extension


async def calling(stage: Stage, slot: int = 0) -> Scene:
    """Somebody calls, in that slot's tone."""
    ani = f"1390{secrets.randbelow(10**7):07}"
    hum = stage.callers[slot]
    return Scene(stage, await stage.people.call(ani=ani, hum=hum), stage.tones[hum])

"""Callers moved at random by people who act at random, and whether any of them is ever lost.

A walk is one caller: a move of a random kind, then keys, answers, refusals, hang-ups and legs that
vanish at random instants. Afterwards everybody who is left behaves, and the caller must find
somebody, or have been hung up on by the one it was alone with.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from bench.phone import PhoneRefused
from records.callrecord import CallRecord
from tests.system.city import NotInTime, until
from tests.system.ears import heard_now
from tests.system.movedoing import is_whole
from tests.system.movescene import Scene, calling
from tests.system.movestage import MUSIC, Place, Stage
from tests.system.people import Agent, is_connected
from transfer.step import KEYS, Kind, Step, What

ACTS = (1, 6)
PAUSE_S = (0.0, 1.2)
FINDS_S = 30.0
"""Until the caller hears somebody: the longest route rings 20 s."""


@dataclass(slots=True)
class Walk:
    """One caller's. ``did`` is what was done, in order, for a failure."""

    scene: Scene
    kind: Kind
    place: Place
    dice: Random
    did: list[str]
    hung_up: list[Agent] = field(default_factory=list)
    """Who put the receiver down, in order."""
    caller_hung_up: bool = False

    async def go(self) -> None:
        """Act at random, then have everybody behave until the caller is with somebody."""
        scene = self.scene
        await scene.talks()
        await scene.begin(self.kind, self.place.target)
        for _ in range(self.dice.randint(*ACTS)):
            await asyncio.sleep(self.dice.uniform(*PAUSE_S))
            if scene.caller.phone.is_over:
                break
            await self.dice.choice((self._key, self._there, self._agent, self._rarely))()
        if self.caller_hung_up:
            return
        await self._finds_somebody()
        if scene.caller.phone.is_over:
            assert await self.is_dismissed(), "the caller is gone, and nobody hung up on it"

    async def _key(self) -> None:
        """Some key; the desk refuses those that mean nothing now."""
        shown = self.scene.shown[-1] if self.scene.shown else None
        wanted = [What(key) for key in shown["keys"]] if shown else []
        key = self.dice.choice(wanted or sorted(KEYS, key=lambda what: what.value))
        self.did.append(key.value)
        if not await self.scene.wants(key):
            self.did[-1] += " (refused)"

    async def _there(self) -> None:
        """Whoever is rung answers or refuses; whoever talks hangs up now and then."""
        for who in self.place.people:
            ring = who.now
            if ring is None or not self.scene.is_for_us(ring):
                continue
            if not is_connected(ring.phone):
                if self.dice.random() < 0.8:
                    self.did.append(f"{who.extension} answers")
                    await who.take(ring)
                else:
                    self.did.append(f"{who.extension} refuses")
                    with suppress(PhoneRefused):  # it rings no more
                        await ring.phone.reject()
            elif self.dice.random() < 0.4:
                await self._hang_up(who)
            return

    async def _agent(self) -> None:
        agent = self.scene.stage.people.agent_of(self.scene.caller)
        if agent is not None and agent.is_talking and self.dice.random() < 0.5:
            await self._hang_up(agent)

    async def _rarely(self) -> None:
        """The caller gives up, or a leg is lost on the way."""
        if self.dice.random() < 0.3:
            self.did.append("caller hangs up")
            self.caller_hung_up = True
            await self.scene.caller.phone.hangup()
            return
        part = self.dice.choice(("PJSIP/chifeng-", "PJSIP/peer-"))
        self.did.append(f"{part} lost")
        try:
            async with asyncio.timeout(0.5):
                await self.scene.lose(part)
        except (AssertionError, TimeoutError):
            self.did[-1] += " (nobody)"

    async def _hang_up(self, who: Agent) -> None:
        """Put the receiver down; on the caller, if the two were alone."""
        ring = who.now
        assert ring is not None
        self.did.append(f"{who.extension} hangs up")
        self.hung_up.append(who)
        await ring.phone.hangup()

    async def is_dismissed(self) -> bool:
        """Whether the call is over because somebody hung up who alone had the caller last."""
        record = await self.scene.ended()
        if not record.talks or not self.hung_up:
            return False
        last = max(record.talks, key=lambda talk: (talk.until or talk.since, talk.since))
        with_it = [talk for talk in record.talks if talk.until == last.until]
        who = self.hung_up[-1].extension
        is_agent = who in self.scene.stage.desks
        whose = last.seat.endswith(f"-{who}") if is_agent else bool(last.peer)
        return whose and len(with_it) == 1

    async def _finds_somebody(self) -> None:
        """Everybody who is rung for the caller answers from now on."""
        scene = self.scene
        people = scene.stage.voices - {MUSIC, scene.hertz}

        async def is_found() -> bool:
            for who in self.place.people:
                ring = who.now
                if ring is not None and scene.is_for_us(ring) and not _is_up(who):
                    await who.take(ring)
            if scene.step is Step.CONSULTING:  # else nobody takes the caller off hold
                await scene.wants(What.JOIN)
            await scene.stage.is_ready_again()
            return scene.caller.phone.is_over or bool(heard_now(scene.caller.heard, people))

        try:
            await until(is_found, FINDS_S, every_s=0.2)
        except NotInTime:
            shown = [move["step"] for move in scene.shown]
            raise NotInTime(f"the caller hears nobody; the move went {shown}") from None


def _is_up(who: Agent) -> bool:
    return who.now is not None and is_connected(who.now.phone)


async def walk(
    stage: Stage, slot: int, dice: Random, walks: Callable[..., Walk] = Walk
) -> CallRecord:
    """One caller's whole walk, and what is left of it: one record, and every packet it spoke."""
    scene = await calling(stage, slot)
    kind = dice.choice(tuple(Kind))
    places = {Kind.EMERGENCY: stage.emergency, Kind.HAND_OVER: stage.hotline}
    place = places.get(kind, dice.choice((stage.once, stage.twice)))[slot]
    walked = walks(scene, kind, place, dice, [f"{kind.value} to {place.target}"])
    try:
        await walked.go()
        record = await scene.over()
        assert [talk for talk in record.talks if talk.until is None] == []
        is_whole(scene, record)
        return record
    except Exception as error:
        error.add_note(f"{scene.caller.ani} {scene.call}: {', '.join(walked.did)}")
        raise
    finally:
        await scene.caller.phone.hangup()
        for who in place.people:
            if who.now is not None:
                await who.now.phone.hangup()

"""How a supervisor's listening ends or is refused, on the real thing: the talk never notices.

One stage for all of it; after each way everybody is free for the next.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.deskclient import DeskClient
from bench.phone import Softphone
from tests.standstill import Watch
from tests.system.chief import HEARD_WITHIN_S, chief_of, hears, refused, told, wants
from tests.system.city import until
from tests.system.movescene import Scene, calling
from tests.system.movestage import LEFT_S, Stage, stage
from tests.system.people import Agent
from transfer.step import Kind, Step, What

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(240)]


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk, its agent, and the supervisor beside it, who does nothing yet."""

    on: Stage
    scene: Scene
    agent: Agent
    chief: Agent
    desk: DeskClient

    async def listens(self) -> None:
        """The supervisor hears both."""
        before = len(self.chief.rings)
        await wants(self.desk, self.scene, "supervise", mode="listen")
        await until(lambda: len(self.chief.rings) > before, HEARD_WITHIN_S, "the chief rings")
        await hears(self.scene, self.chief, {self.scene.hertz, self.on.hertz(self.agent)})

    async def goes_on(self) -> None:
        """Agent and caller hear each other, and nobody else."""
        agent, scene = self.agent, self.scene
        await scene.hears({scene.caller: [self.on.hertz(agent)], agent: [scene.hertz]})

    async def is_let_go(self, last: str) -> None:
        """The supervisor's phone is free, and its desk was told so."""
        await until(lambda: self.chief.now is None, HEARD_WITHIN_S, "the chief is let go")
        await until(lambda: told(self.desk)[-1] == last, HEARD_WITHIN_S, f"{last} is told")


@asynccontextmanager
async def talk(on: Stage, desk: DeskClient) -> AsyncIterator[Talk]:
    """One call from its answer to its end; nothing is left of it."""
    scene = await calling(on)
    yield Talk(on, scene, await scene.talks(), on.people.agents[1], desk)
    await scene.over()
    await until(lambda: on.city.channels() == 0, LEFT_S, "no channel is left", every_s=0.2)


async def the_phone_is_refused(now: Talk) -> None:
    """It rings in vain."""
    now.chief.answers_after_s = None
    before = len(now.chief.rings)
    await wants(now.desk, now.scene, "supervise", mode="whisper")
    await until(lambda: len(now.chief.rings) > before, HEARD_WITHIN_S, "the chief rings")
    await now.chief.rings[-1].phone.reject(603)
    now.chief.answers_after_s = 0.05
    await now.is_let_go("over whisper unanswered")
    await now.goes_on()


async def the_caller_hangs_up(now: Talk) -> None:
    """Nobody is left to be heard."""
    await now.listens()
    await now.scene.caller.phone.hangup()
    await now.is_let_go("over listen")


async def the_supervisor_hangs_up(now: Talk) -> None:
    """In the midst of a whisper; the agent hears it no more."""
    await now.listens()
    await wants(now.desk, now.scene, "supervise", mode="whisper")
    mine, theirs = now.on.hertz(now.agent), now.on.hertz(now.chief)
    await now.scene.hears({now.scene.caller: [mine], now.agent: [now.scene.hertz, theirs]})
    await now.chief.hang_up()
    await now.is_let_go("over whisper")
    await now.goes_on()


async def a_move_is_under_way(now: Talk) -> None:
    """Nobody takes over then; once it is over, who barges in is heard by everybody."""
    await now.listens()
    place = now.on.once[0]
    await now.scene.begin(Kind.CONSULT, place.target)
    await now.scene.rung(place.people[0])
    assert await refused(now.desk, now.scene, "take-over") == "move-under-way"
    await now.scene.press(What.CANCEL)
    await now.scene.reaches(Step.RETURNED)
    await now.goes_on()
    await wants(now.desk, now.scene, "supervise", mode="barge")
    mine, theirs = now.on.hertz(now.agent), now.on.hertz(now.chief)
    await now.scene.hears({now.scene.caller: [mine, theirs]})
    await now.chief.hang_up()
    await now.is_let_go("over barge")
    await now.goes_on()


async def the_supervisor_signs_out(now: Talk) -> None:
    """A talk is heard by nobody whose name is not known. The last way: nobody sits there after."""
    await now.listens()
    await now.desk.do("sign-out")
    await until(lambda: now.chief.now is None, HEARD_WITHIN_S, "the chief is let go")
    await now.goes_on()


WAYS: tuple[Callable[[Talk], Awaitable[None]], ...] = (
    the_phone_is_refused,
    the_caller_hangs_up,
    the_supervisor_hangs_up,
    a_move_is_under_way,
    the_supervisor_signs_out,
)


async def test_however_listening_ends_the_talk_does_not_notice(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """Refused, hung up by either, barred by a move, and signed out."""
    async with stage(folder, phones, watch, agents=2) as on, chief_of(on) as desk:
        for way in WAYS:
            async with talk(on, desk) as now:
                await way(now)

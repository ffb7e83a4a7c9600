"""The brain dies while callers wait, keep a place, are offered and are called back."""

import asyncio
from pathlib import Path

import pytest

from bench.phone import Softphone
from tests.system.city import until
from tests.system.keptplaces import RUNG_WITHIN_S, town

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(240)]


async def test_places_are_as_before_after_the_brains_death(folder: Path, phones: Softphone) -> None:
    """Killed while callers wait, hold a place and are offered: each is served in the old order.

    Nobody is called by Asterisk alone, nobody twice, and nobody is lost.
    """
    async with town(folder, phones) as here:
        people = here.people
        await here.all_talk()
        offered, first, second, third, fourth = [await here.wait() for _ in range(5)]
        await here.keep(first, third)
        assert here.kept() == {first.ani: 0, third.ani: 0}
        await here.free_one()
        await until(lambda: here.ringing_for(offered.ani) is not None, 5, "offered")

        await here.city.kill("brain")
        await asyncio.sleep(6)
        agent = here.ringing_for(offered.ani)
        assert agent is not None, "the offer goes on"
        await agent.answer()
        await until(lambda: people.talks(offered), 3, "the offered one talks")
        assert here.carrier.visits.empty()
        assert here.kept() == {first.ani: 0, third.ani: 0}

        await here.brain_again()
        for caller in (first, second, third, fourth):
            await here.free_one()
            if caller in (first, third):
                _, visit = await here.called_back(caller.ani)
                visit.answer()
                await until(lambda ani=caller.ani: ani not in here.kept(), 3, "reached")  # type: ignore[misc]
            else:
                await until(
                    lambda ani=caller.ani: here.ringing_for(ani) is not None,  # type: ignore[misc]
                    RUNG_WITHIN_S,
                    "rung in order",
                )
                ringing = here.ringing_for(caller.ani)
                assert ringing is not None
                await ringing.answer()
        await asyncio.sleep(1)
        await here.everybody_leaves()

        assert [visit.number for visit in here.visits] == [first.ani, third.ani]
        assert here.carrier.visits.empty()
        assert [ring for ring in people.rings if ring.is_second] == []
        await here.each_has_one_record([first, third])


@pytest.mark.parametrize("moment", ["the seat rings", "the citizen rings"])
async def test_a_call_back_under_way_goes_on_without_the_brain(
    folder: Path, phones: Softphone, moment: str
) -> None:
    """Killed in the middle of an attempt: that attempt goes on and is counted, and no other.

    The citizen is busy then, and is called once more by the brain that came back.
    """
    async with town(folder, phones) as here:
        await here.all_talk()
        caller = await here.wait()
        await here.keep(caller)
        await here.free_one()
        await until(lambda: here.ringing_for(caller.ani) is not None, RUNG_WITHIN_S, "rung")
        if moment == "the seat rings":
            await here.city.kill("brain")
            await asyncio.sleep(1)
            _, visit = await here.called_back(caller.ani)
        else:
            _, visit = await here.called_back(caller.ani)
            await here.city.kill("brain")
        await here.brain_again()
        await asyncio.sleep(2)
        assert here.kept() == {caller.ani: 1}
        assert here.carrier.visits.empty()
        visit.refuse()
        _, again = await here.called_back(caller.ani)
        assert here.kept() == {caller.ani: 2}
        again.answer()
        await until(lambda: here.kept() == {}, 3, "reached")
        await asyncio.sleep(1)
        await here.everybody_leaves()

        assert here.carrier.visits.empty()
        await here.each_has_one_record([caller])

"""Whoever kept a place and calls in again: it gets that place, and nobody calls it back."""

import asyncio
from pathlib import Path

import pytest

from bench.phone import Softphone
from records.callrecord import CallRecord, Disposition, Source
from tests.system.city import until
from tests.system.keptplaces import RUNG_WITHIN_S, Town, town
from tests.system.people import Caller

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(240)]


async def calls_again(here: Town, caller: Caller) -> Caller:
    """The same number calls in once more, and waits."""
    again = await here.people.call(ani=caller.ani)
    await again.phone.connected(5)
    return again


async def rung_for(here: Town, caller: Caller) -> None:
    await until(lambda: here.ringing_for(caller.ani) is not None, RUNG_WITHIN_S, caller.ani)


async def both_records(here: Town, caller: Caller) -> tuple[CallRecord, CallRecord]:
    """The records of a number's two calls, once both are over."""

    async def of_it() -> list[CallRecord]:
        records = [one for one in await here.city.records() if one.ani == caller.ani]
        return sorted(records, key=lambda one: one.arrived_at)

    async def are_over() -> bool:
        records = await of_it()
        are_whole = [r.ended_at and r.source is not Source.GLIMPSED for r in records]
        return len(records) == 2 and all(are_whole)

    await until(are_over, 20, "the end of both calls")
    first, second = await of_it()
    return first, second


async def test_who_calls_in_again_has_its_place_also_after_the_brains_death(
    folder: Path, phones: Softphone
) -> None:
    """Kept, called in again, brain killed: rung before those who came later, never called back."""
    async with town(folder, phones) as here:
        await here.all_talk()
        first = await here.wait()
        later = await here.wait()
        await here.keep(first)
        again = await calls_again(here, first)
        await until(lambda: here.kept() == {}, 10, "the place is handed on")

        async def is_written() -> bool:
            return any(one.kept_at and one.ended_at for one in await here.city.records())

        await until(is_written, 5, "the end of the request")
        await here.city.kill("brain")
        await asyncio.sleep(5)
        await here.brain_again()
        await here.free_one()
        await rung_for(here, again)
        assert here.ringing_for(later.ani) is None
        agent = here.ringing_for(again.ani)
        assert agent is not None
        await agent.answer()
        await until(lambda: here.people.talks(again), 3, "they talk")
        await here.everybody_leaves()

        assert here.carrier.visits.empty()
        kept, served = await both_records(here, first)
        assert (kept.disposition, served.disposition) == (
            *(Disposition.ABANDONED, Disposition.ANSWERED),
        )
        assert kept.kept_at is not None
        assert served.kept_at is None
        assert served.waited_since is not None
        assert served.waited_since > kept.kept_at  # its own wait, not the place's
        assert kept.ended_at is not None
        assert kept.ended_at <= served.waited_since


async def test_a_call_back_is_broken_off_when_its_caller_is_here(
    folder: Path, phones: Softphone
) -> None:
    """The seat's phone stops ringing for nobody, and rings for the caller on the line."""
    async with town(folder, phones) as here:
        await here.all_talk()
        caller = await here.wait()
        await here.keep(caller)
        await here.free_one()
        await rung_for(here, caller)
        agent = here.ringing_for(caller.ani)
        assert agent is not None
        for_nobody = agent.now
        assert for_nobody is not None
        again = await calls_again(here, caller)
        await until(lambda: for_nobody.phone.is_over, 15, "the ringing is broken off")
        await until(
            lambda: agent.now is not None and agent.now is not for_nobody, 10, "it rings again"
        )
        await agent.answer()
        await until(lambda: here.people.talks(again), 3, "they talk")
        await here.everybody_leaves()

        assert here.carrier.visits.empty()
        kept, served = await both_records(here, caller)
        assert (kept.disposition, served.disposition) == (
            *(Disposition.ABANDONED, Disposition.ANSWERED),
        )
        assert here.kept() == {}

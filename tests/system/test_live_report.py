"""The day as it goes is the day as it is kept, on a whole hotline whose brain is killed."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bench.sippload import Tally, Traffic, call_in, invented_numbers
from bench.wavetools import chirp, write_alaw
from cti.happened import OfferOutcome
from records.accounts import Accounts
from tests.system.city import City, until

pytestmark = [pytest.mark.asterisk, pytest.mark.alone, pytest.mark.timeout(300)]

STAYING, LEAVING = 80, 24
RATE_PER_S = 2.4
SEATS = 6
TALK_S = 2.0
WRAP_UP_S = 0.5
LONGEST_S = 60.0
LEAVES_AFTER_S = 0.5
"""After the dialplan has answered: in the line's sentence, which lasts a second."""
AWAY_S = 8.0
NEAR = 0.02
"""How far occupancy may have moved between the two looks: seats are idle by then, and ready."""


async def test_the_day_as_it_goes_is_the_day_as_it_is_kept(folder: Path) -> None:
    """104 calls, some given up, some served by Asterisk alone while the brain is dead.

    The live figures of the brain that came back equal the report from SQL, figure by figure, and
    both the calls that SIPp placed.
    """
    async with AsyncExitStack() as stack:
        city = await stack.enter_async_context(City(folder, seats=SEATS, wrap_up_s=WRAP_UP_S))
        await stack.enter_async_context(city.phones(SEATS, talk_s=TALK_S))
        await city.staff(SEATS)
        watch = await stack.enter_async_context(await supervisor(city))
        before = await live(watch)
        assert (before["now"]["is_whole"], before["states"]["available"]) == (True, SEATS)
        tallies = await a_day_with_a_dead_brain(city, folder)
        await until(lambda: city.channels() == 0, 60, "every channel gone", every_s=0.5)

        async def is_still() -> bool:
            records = await city.records()
            are_over = len(records) == STAYING + LEAVING and all(one.ended_at for one in records)
            return are_over and (await live(watch))["today"]["live"] == 0

        async def is_told_alike() -> bool:
            now, kept = (await live(watch))["today"], (await report(watch))["whole"]
            return {name: now[name] for name in kept if name != "seats"} == {
                name: one for name, one in kept.items() if name != "seats"
            }

        await until(is_still, 30, "every call over, here and there", every_s=0.5)
        # Asterisk's log still has some calls to tell; then both know of them.
        await until(is_told_alike, 20, "the same figures", every_s=0.5)
        now, kept = await live(watch), await report(watch)
        placed = sum(tally.placed for tally in tallies)
        await figures_are_one(city, now, kept["whole"], placed)
        seats_time_is_kept(kept)


async def supervisor(city: City) -> aiohttp.ClientSession:
    """A program that may see what supervisors see."""
    accounts = Accounts(city.store().database)
    token = await accounts.create_token("watch", city.profile.centre, "supervisor")
    headers = {"Authorization": f"Bearer {token}"}
    return aiohttp.ClientSession(city.web, headers=headers)


async def live(watch: aiohttp.ClientSession) -> Any:
    async with watch.get("/api/v1/live") as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def report(watch: aiohttp.ClientSession) -> Any:
    async with watch.get("/api/v1/stats", params={"by": "seat"}) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


async def a_day_with_a_dead_brain(city: City, folder: Path) -> list[Tally]:
    """Callers who stay and callers who do not; in their middle the brain is killed."""
    audio = write_alaw(folder / "caller.alaw", chirp(3.0, seed=2))
    anis = iter([*invented_numbers(STAYING + LEAVING)])

    async def call(name: str, count: int, stay_s: float) -> Tally:
        load = Traffic(
            number=city.number,
            rate=RATE_PER_S * count / (STAYING + LEAVING),
            count=count,
            at_once=count,
            stay_s=stay_s,
            audio=audio,
            anis=tuple(next(anis) for _ in range(count)),
            times=1,
        )
        return await call_in(load, city.target, city.source(300), folder / name)

    async with asyncio.TaskGroup() as group:
        stay = group.create_task(call("stay", STAYING, LONGEST_S))
        leave = group.create_task(call("leave", LEAVING, LEAVES_AFTER_S))
        await asyncio.sleep(14)
        await city.kill("brain")
        await asyncio.sleep(AWAY_S)
        city.start("brain")
        await city.ready()
        await city.staff(SEATS)
    return [stay.result(), leave.result()]


async def figures_are_one(city: City, now: Any, kept: Any, placed: int) -> None:
    """Figure by figure; and the day was one worth reporting."""
    spent = kept.pop("seats")
    told = {name: now["today"][name] for name in kept}
    assert told == kept
    assert kept["offered"] == placed == STAYING + LEAVING
    assert kept["answered"] + kept["abandoned"] + kept["cut"] == placed
    assert abs(now["today"]["occupancy"] - spent["occupancy"]) < NEAR
    assert now["today"]["wrap_up_s"] == pytest.approx(spent["wrap_up_s"], abs=0.1)
    records = await city.records()
    assert sum(record.has_fallen_back for record in records) > 0
    assert kept["abandoned"] > LEAVING / 2
    assert {offer.outcome for record in records for offer in record.offers} >= {
        OfferOutcome.ANSWERED.value
    }


def seats_time_is_kept(kept: Any) -> None:
    """Each seat's row says how it spent the time; what nobody saw is nobody's time."""
    rows = [row["seats"] for row in kept["rows"]]
    assert len(rows) == SEATS
    for row in rows:
        assert row["talking_s"] > 0
        states = ("ready_s", "ringing_s", "talking_s", "wrapping_up_s", "not_ready_s")
        assert sum(row[state] for state in states) == pytest.approx(row["signed_in_s"])
    assert all(WRAP_UP_S - 0.2 < row["wrap_up_s"] < WRAP_UP_S + 0.5 for row in rows)

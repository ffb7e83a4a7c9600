"""After the talk, with a real brain beside a real Asterisk: the caller's mark, and the wrap-up.

The dialplan asks alone, so a dead brain costs no mark; the wrap-up ends with the work order.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from bench.deskclient import DeskClient
from bench.phone import PhoneCall, Softphone
from bench.wavetools import chirp, write_wav
from cti.ids import CallId
from records.callrecord import CallRecord
from records.history import report
from records.reconcile import reconcile
from records.store import CallStore
from tests.system.city import City, until
from tests.system.evidence import mirrored

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

SEAT, USER, WRAP_UP_S = "1001", "agent1001", 60.0
ASKED_S = 0.5
SOON_S = 10.0
"""Well before the wrap-up would end by itself."""


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[City]:
    """One seat that answers at once and hangs up after a second; callers are asked how it was."""
    city = City(folder, seats=1, wrap_up_s=WRAP_UP_S)
    zh = city.settings.home / "sounds" / "zh"
    zh.mkdir(parents=True)
    write_wav(zh / "survey.wav", chirp(ASKED_S))
    write_wav(zh / "rated.wav", chirp(0.2))
    async with city, city.phones(1, talk_s=1.0):
        await city.staff(1)
        yield city


async def served(city: City, phones: Softphone, ani: str) -> PhoneCall:
    """Call, be served, and be left by the seat, which wraps up now."""
    host, port = city.target
    call = await phones.call("8337772", ani=ani, host=host, port=port)
    await until(lambda: city.seat_states().get(SEAT) == "wrap-up", 10, "the wrap-up")
    return call


async def is_mirrored(city: City, state: str) -> bool:
    """Whether a brain that starts now would find the seat in that state."""
    return [view.state.value for view in await mirrored(city)] == [state]


async def ended(city: City, ani: str) -> CallRecord:
    """The caller's record, once the call is over."""

    async def found() -> list[CallRecord]:
        records = await city.records()
        return [one for one in records if one.ani == ani and one.ended_at is not None]

    async def is_there() -> bool:
        return bool(await found())

    await until(is_there, 20, f"the end of the call of {ani[-2:]}")
    [record] = await found()
    return record


async def hand_in(city: City, call: CallId) -> list[int]:
    """Hand the call's order in as its agent: before anything is filled in, and after."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(city.web, cookie_jar=jar) as session:
        await session.post("/api/v1/session", json={"user": USER, "password": city.password})
        listed = await (await session.get(f"/api/v1/work-orders?call_id={call}")).json()
        order = f"/api/v1/work-orders/{listed['items'][0]['id']}"
        same = {"Origin": city.web}
        early = await session.post(f"{order}/submit", headers=same)
        words = {"title": "供热不足", "demand_type": "help", "summary": "室温不到十六度。"}
        edited = await session.patch(order, json=words, headers=same)
        late = await session.post(f"{order}/submit", headers=same)
        return [early.status, edited.status, late.status]


async def available(city: City) -> float:
    """Wait until the seat is free again; the seconds it took."""
    return await until(lambda: city.seat_states().get(SEAT) == "available", SOON_S, "a free seat")


async def replayed(city: City, folder: Path) -> dict[str, int | None]:
    """Each caller's mark as Asterisk's log alone tells it."""
    store = await CallStore.open(f"sqlite+aiosqlite:///{folder / 'replayed.db'}")
    later = datetime.now(UTC) + timedelta(minutes=5)
    await reconcile(city.settings, store, live=frozenset(), now=later)
    found = await store.calls(limit=9)
    await store.close()
    return {record.ani: record.satisfaction for record in found}


async def test_marks_survive_the_brain_and_wrap_up_ends_with_the_order(tmp_path: Path) -> None:
    """One caller rates while the brain lives, one while it is dead: record, log and figures agree.

    Both wrap-ups end when the order is handed in, the second one after the brain came back.
    """
    alive, dead = "13900000401", "13900000402"
    async with town(tmp_path) as city, Softphone() as phones:
        phone = await served(city, phones, alive)
        await phone.dtmf("5")
        first = await ended(city, alive)
        assert await hand_in(city, first.call) == [422, 200, 200]
        await available(city)

        phone = await served(city, phones, dead)
        await until(partial(is_mirrored, city, "wrap-up"), 10, "the mirror knows")
        await city.kill("brain")
        await phone.dtmf("2")
        await phone.ended(10)
        city.start("brain")
        await city.ready()
        second = await ended(city, dead)
        assert (first.satisfaction, second.satisfaction) == (5, 2)
        async with asyncio.TaskGroup() as group, DeskClient(city.web, USER, city.password) as desk:
            group.create_task(desk.read())  # ends with the desk
            city.desks = [desk]
            seat = (await desk.wait("snapshot")).body["desk"]["seat"]
            assert (seat["state"], seat["wraps_up"]) == ("wrap-up", second.call)
            assert await hand_in(city, second.call) == [422, 200, 200]
            await available(city)

        since = first.arrived_at - timedelta(minutes=1)
        now = datetime.now(UTC) + timedelta(minutes=1)
        found = await report(city.store().database, since, now, by="seat")
        assert (found.whole.rated, found.whole.satisfaction) == (2, 3.5)
        assert found.rows[f"chifeng-{SEAT}"].satisfied_share == 0.5
        assert await replayed(city, tmp_path) == {alive: 5, dead: 2}

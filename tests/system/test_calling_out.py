"""From a caller lost to a citizen reached: tasks, desks, Asterisk and its log, all real."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bench.deskclient import DeskClient
from bench.phone import PhoneLine, Softphone
from config.profile import PROFILE
from cti.ids import CallId, SeatId
from queues.figures import figures
from queues.task import AttemptOutcome, Task, TaskState
from records import callbacks
from records.callrecord import CallRecord, Direction, Disposition, Source
from records.reconcile import reconcile
from records.store import CallStore
from tests.asterisk.exchange import Exchange, exchange
from tests.system.city import City, until

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(180)]

ANI = "13900000951"
QUIET_S = 5
ANY_HOUR = f'tasks_after_s = {QUIET_S}\ntasks_hours = "全天"\n'


@dataclass
class Office:
    """One seat with a phone led by the test, its desk, the carrier, and a caller lost just now."""

    city: City
    carrier: Exchange
    phones: Softphone
    phone: PhoneLine
    desk: DeskClient
    http: aiohttp.ClientSession
    missed: CallId

    async def press(self, what: str, call: str | None = None) -> tuple[int, Any]:
        """One of the task's buttons."""
        path = f"/api/v1/callbacks/{call or self.missed}/{what}"
        async with self.http.post(path, headers={"Origin": self.city.web}) as answer:
            return answer.status, await answer.json()

    async def task(self) -> Task:
        async with self.city.store().database.reading() as connection:
            [task] = await callbacks.tasks(connection, None)
        return task

    async def ended(self, call: str) -> CallRecord:
        """The call's record, once it is over."""

        async def is_there() -> bool:
            found = await self.city.store().call(CallId(call))
            return found is not None and found.ended_at is not None

        await until(is_there, 15, f"{call} has ended")
        record = await self.city.store().call(CallId(call))
        assert record is not None
        return record

    def heard(self, kind: str) -> int:
        return sum(told.body.get("type") == kind for told in self.desk.heard)

    def state(self) -> str:
        return self.city.seat_states()["1001"]


@asynccontextmanager
async def office(folder: Path, phones: Softphone) -> AsyncIterator[Office]:
    async with exchange() as carrier:
        city = City(folder, seats=1, wrap_up_s=1, dial_out=f"127.0.0.1:{carrier.port}")
        facts = city.settings.home / "profile" / PROFILE
        facts.write_text(ANY_HOUR + facts.read_text(encoding="utf-8"), encoding="utf-8")
        async with (
            city,
            aiohttp.ClientSession(city.web, cookie_jar=aiohttp.CookieJar(unsafe=True)) as http,
        ):
            missed = await lost(city, phones)
            host, port = city.target
            [(name, password)] = city.passwords.items()
            phone = await phones.register(SeatId(name), password, host, port)
            [desk] = await city.staff(1)
            await http.post("/api/v1/session", json={"user": desk.user, "password": desk.password})
            yield Office(city, carrier, phones, phone, desk, http, missed)


async def lost(city: City, phones: Softphone) -> CallId:
    """Somebody calls while nobody is there, and gives up."""
    host, port = city.target
    caller = await phones.call(city.profile.lines[0].number, ani=ANI, host=host, port=port)
    await caller.connected()
    await asyncio.sleep(2)
    await caller.hangup()

    async def is_owed() -> bool:
        async with city.store().database.reading() as connection:
            return bool(await callbacks.tasks(connection, None))

    await until(is_owed, 15, "the task")
    async with city.store().database.reading() as connection:
        [task] = await callbacks.tasks(connection, None)
    return task.call


async def replayed(office: Office, folder: Path, call: str) -> CallRecord:
    """The call as Asterisk's log alone tells it."""
    store = await CallStore.open(f"sqlite+aiosqlite:///{folder / 'replayed.db'}")
    later = datetime.now(UTC) + timedelta(minutes=5)
    await reconcile(office.city.settings, store, live=frozenset(), now=later)
    record = await store.call(CallId(call))
    await store.close()
    assert record is not None
    return record


def story(record: CallRecord) -> tuple[object, ...]:
    """What live and log must agree on."""
    return (
        (record.centre, record.line, record.ani, record.dnis, record.direction, record.about),
        record.disposition,
        [(one.seat, one.outcome) for one in record.offers],
        [talk.seat for talk in record.talks],
    )


async def test_given_a_lost_caller_when_the_queue_is_quiet_then_the_desk_is_asked_and_dials(
    tmp_path: Path, phones: Softphone
) -> None:
    """Busy the first time, reached the second: the switch notes both; no figure of callers moves.

    The order of the second call is linked to the lost one; live and log tell the same calls.
    """
    async with office(tmp_path, phones) as here:
        offered = await here.desk.wait("callback-offered", 20)
        assert offered.body["callback"]["call_id"] == here.missed
        assert here.state() == "available"
        status, shown = await here.press("claim")
        assert (status, shown["number"]) == (200, ANI)
        await until(lambda: here.heard("callback-withdrawn") == 1, 5, "no longer asked")

        status, out = await here.press("dial")
        assert status == 200
        first = out["call_id"]
        agent = await here.phone.incoming()
        await until(lambda: here.state() == "offered", 5, "the card")
        assert (await here.press("dial"))[0] == 409
        await agent.answer()
        visit = await here.carrier.visit()
        visit.ring()
        visit.refuse("486 Busy Here")
        busy = await here.ended(first)
        await until(lambda: here.state() == "available", 5, "free again")
        task = await here.task()
        assert (task.state, [one.outcome for one in task.attempts]) == (
            TaskState.OWED,
            [AttemptOutcome.BUSY],
        )
        due_at = task.due_at

        await here.press("claim")
        _, out = await here.press("dial")
        agent = await here.phone.incoming()
        await agent.answer()
        visit = await here.carrier.visit()
        visit.answer()
        await until(lambda: here.state() == "talking", 5, "the talk")
        await asyncio.sleep(1.5)
        await agent.hangup()
        reached = await here.ended(out["call_id"])
        async with asyncio.timeout(5):
            await visit.is_over.wait()
        task = await here.task()
        order = await here.city.store().order_of(CallId(out["call_id"]))
        journal = await here.city.store().journal(here.missed)
        counted = figures(await here.city.records())

        assert (task.state, task.due_at) == (TaskState.DONE, due_at)
        assert [(one.outcome, one.call, one.agent) for one in task.attempts] == [
            (AttemptOutcome.BUSY, first, here.desk.user),
            (AttemptOutcome.ANSWERED, out["call_id"], here.desk.user),
        ]
        assert (reached.direction, reached.about) == (Direction.OUT, here.missed)
        assert (reached.disposition, reached.source) == (Disposition.ANSWERED, Source.LIVE)
        assert busy.disposition is Disposition.UNREACHED
        assert order is not None
        assert here.missed in [one.text for one in order.draft.evidence if one.field == "about"]
        calls = [dict(line.data)["call"] for line in journal if line.what == "called-back"]
        assert calls == [first, out["call_id"]]
        assert (counted.offered, counted.abandoned, counted.answered) == (1, 1, 0)
        assert (counted.dialled_out, counted.reached_out) == (2, 1)
        assert here.carrier.visits.empty()
        for record in (busy, reached):
            assert story(await replayed(here, tmp_path, record.call)) == story(record)


async def test_given_an_offered_task_when_a_caller_comes_then_the_caller_rings(
    tmp_path: Path, phones: Softphone
) -> None:
    """Offered a task, the seat is free; declined, the offer goes."""
    async with office(tmp_path, phones) as here:
        await here.desk.wait("callback-offered", 20)
        host, port = here.city.target
        number = here.city.profile.lines[0].number
        caller = await here.phones.call(number, ani="13900000952", host=host, port=port)
        agent = await here.phone.incoming(10)
        await until(lambda: here.heard("callback-withdrawn") == 1, 5, "taken back")
        await agent.answer()
        await asyncio.sleep(0.5)
        await agent.hangup()
        await caller.ended(10)
        await until(lambda: here.heard("callback-offered") == 2, 20, "asked again")
        assert (await here.press("decline"))[0] == 200
        await until(lambda: here.heard("callback-withdrawn") == 2, 5, "declined")
        assert (await here.task()).state is TaskState.OWED


async def test_given_an_order_when_its_agent_calls_out_then_the_citizen_is_reached_about_it(
    tmp_path: Path, phones: Softphone
) -> None:
    """Recorded, linked to the order's call, counted as the attempt that its task was owed."""
    async with office(tmp_path, phones) as here:
        order = await here.city.store().order_of(here.missed)
        assert order is not None
        path = f"/api/v1/work-orders/{order.draft.id}"
        origin = {"Origin": here.city.web}
        async with here.http.post(f"{path}/call-out", headers=origin) as answer:
            assert answer.status == 200
            out = CallId((await answer.json())["call_id"])
        agent = await here.phone.incoming()
        async with here.http.post(f"{path}/call-out", headers=origin) as answer:
            assert (answer.status, (await answer.json())["error"]["id"]) == (409, "seat-busy")
        await agent.answer()
        visit = await here.carrier.visit()
        visit.answer()
        await until(lambda: here.state() == "talking", 5, "the talk")
        await asyncio.sleep(1.5)
        await agent.hangup()
        reached = await here.ended(out)
        async with here.http.get(f"{path}/calls") as answer:
            [shown] = (await answer.json())["items"]
        assert (reached.direction, reached.about) == (Direction.OUT, here.missed)
        assert (shown["call_id"], shown["outcome"]) == (out, "answered")
        assert shown["agent"] == here.desk.user
        assert shown["seconds"] > 1
        assert (await here.task()).state is TaskState.DONE
        recordings = here.city.settings.recordings
        assert list(recordings.glob(f"{out}*"))


async def test_given_a_call_out_when_the_brain_dies_then_it_is_noted_all_the_same(
    tmp_path: Path, phones: Softphone
) -> None:
    """In mid-ring: the citizen is not called twice, and the log says that the talk was."""
    async with office(tmp_path, phones) as here:
        await here.press("claim")
        _, out = await here.press("dial")
        agent = await here.phone.incoming()
        await agent.answer()
        visit = await here.carrier.visit()
        visit.ring()
        await here.city.kill("brain")
        visit.answer()
        await asyncio.sleep(1.5)
        here.city.start("brain")
        await here.city.ready()
        await asyncio.sleep(1)
        visit.hang_up()
        record = await here.ended(out["call_id"])

        async def is_done() -> bool:
            return (await here.task()).state is TaskState.DONE

        await until(is_done, 20, "the task is done")
        assert record.disposition is Disposition.ANSWERED
        assert len((await here.task()).attempts) == 1
        assert here.carrier.visits.empty()
        logged = await replayed(here, tmp_path, record.call)
        assert logged.disposition is Disposition.ANSWERED

"""Lines whose seats stay elsewhere, with a real brain beside a real Asterisk and a real exchange.

The dialplan puts the caller through alone; the brain follows it, before and after its own death.
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest

from bench.phone import PhoneCall, Softphone
from bench.wavetools import chirp, write_wav
from config.files import load_platform
from config.profile import PEERS, PROFILE
from cti.ids import CallId
from records.callrecord import CallRecord, Disposition, Source
from records.reconcile import reconcile
from records.store import CallStore
from tests.asterisk.exchange import Exchange, exchange
from tests.system.city import City, until

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

LINE, PEER, NUMBER = "12366", "shuiwu", "9306366"
SLACK = timedelta(seconds=0.5)
"""How much later than Asterisk a brain on a busy machine may have seen something."""


@asynccontextmanager
async def town(folder: Path, elsewhere: Exchange, *, ring_s: int = 5) -> AsyncIterator[City]:
    """Chifeng with its tax line's exchange at ``elsewhere``, and an agent who answers at once."""
    city = City(folder, seats=1)
    profile = city.settings.home / "profile"
    peers = (profile / PEERS).read_text(encoding="utf-8")
    peers, found = re.subn(rf"(?m)^({PEER},[^,]*,127\.0\.0\.1),\d+", rf"\1,{elsewhere.port}", peers)
    assert found == 1
    (profile / PEERS).write_text(peers, encoding="utf-8")
    facts = (profile / PROFILE).read_text(encoding="utf-8")
    facts = re.sub(r"(?m)^outside_ring_s *=.*\n", "", facts)
    facts = re.sub(r"(?m)^(centre *=)", rf"outside_ring_s = {ring_s}\n\1", facts, count=1)
    (profile / PROFILE).write_text(facts, encoding="utf-8")
    city.platform = load_platform(city.settings)
    city.profile = city.platform.home
    async with city:
        write_wav(city.settings.home / "sounds" / "zh" / "unreachable.wav", chirp(0.5))
        await until(lambda: _is_seen(city), 20, "the exchange is seen", every_s=0.5)
        async with city.phones(1, talk_s=1.0):
            await city.staff(1)
            yield city


def _is_seen(city: City) -> bool:
    """Asterisk asks each peer now and then; until it has answered once it is not dialled."""
    city.rx(f"pjsip qualify peer-{PEER}")
    contacts = city.rx("pjsip show contacts").splitlines()
    return any(f"peer-{PEER}/" in line and " Avail " in line for line in contacts)


async def dial(city: City, phones: Softphone, ani: str) -> PhoneCall:
    host, port = city.target
    call = await phones.call(LINE, ani=ani, host=host, port=port)
    await call.connected()
    return call


async def figure(city: City, name: str) -> float:
    """A figure of the brain's, as machines read it; -1 while it does not answer."""
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"{city.web}/metrics") as answer,
        ):
            text = await answer.text()
    except aiohttp.ClientError:
        return -1.0
    found = re.search(rf"(?m)^hotline_{name} (\S+)$", text)
    return float(found[1]) if found else -1.0


async def counted(city: City, name: str, value: float) -> None:
    async def is_so() -> bool:
        return await figure(city, name) == value

    await until(is_so, 20, f"{name} is {value}")


async def ended_record(city: City, call: str) -> CallRecord:
    async def is_there() -> bool:
        found = await city.store().call(CallId(call))
        return found is not None and found.ended_at is not None

    await until(is_there, 20, f"{call} has ended")
    record = await city.store().call(CallId(call))
    assert record is not None
    return record


async def replayed(city: City, folder: Path, call: str) -> CallRecord:
    """The call as Asterisk's log alone tells it."""
    store = await CallStore.open(f"sqlite+aiosqlite:///{folder / 'replayed.db'}")
    later = datetime.now(UTC) + timedelta(minutes=5)
    await reconcile(city.settings, store, live=frozenset(), now=later)
    record = await store.call(CallId(call))
    await store.close()
    assert record is not None
    return record


async def is_owed(city: City, call: str) -> bool:
    """Whether the call's draft is owed. A replay writes the calls first and then what is owed."""
    jobs = await city.store().jobs(call=CallId(call))
    assert len(jobs) <= 1
    return bool(jobs)


def story(record: CallRecord) -> list[tuple[str, str, str]]:
    """Who was rung, and how that ended."""
    return [(offered.peer, offered.seat, offered.outcome) for offered in record.offers]


async def test_given_seats_elsewhere_when_they_answer_then_nobody_here_is_rung(
    tmp_path: Path, phones: Softphone
) -> None:
    """The talk is a talk with the peer, in the record and in the log alike; a seat stayed free."""
    async with exchange() as elsewhere, town(tmp_path, elsewhere) as city:
        caller = await dial(city, phones, "13900000801")
        visit = await elsewhere.visit()
        assert (visit.number, bool(visit.hotline_call)) == (NUMBER, True)
        visit.ring()
        await counted(city, "calls_outside", 1.0)
        visit.answer()
        await counted(city, "calls_outside", 1.0)
        assert await figure(city, "calls_waiting") == 0.0
        assert sorted(city.seat_states().values()) == ["available"]
        visit.hang_up()
        await caller.ended(10)
        record = await ended_record(city, visit.hotline_call)
        assert (record.disposition, record.source) == (Disposition.ANSWERED, Source.LIVE)
        assert story(record) == [(PEER, "", "answered")]
        [talk] = record.talks
        assert (talk.peer, talk.seat, talk.agent) == (PEER, "", "")
        assert record.waited_since is None
        logged = await replayed(city, tmp_path, visit.hotline_call)
        assert (story(logged), logged.waited_since) == (story(record), None)
        assert abs(logged.talks[0].since - talk.since) < SLACK
        assert (logged.revision, logged.cause) == (record.revision, record.cause)
        assert city.complaints() == []


async def test_given_seats_elsewhere_when_they_do_not_answer_then_a_seat_here_does(
    tmp_path: Path, phones: Softphone
) -> None:
    """Rung in vain or busy: the caller waits since it was put through, and is served."""
    async with exchange() as elsewhere, town(tmp_path, elsewhere) as city:
        for ani, outcome in (("13900000802", "missed"), ("13900000803", "rejected")):
            caller = await dial(city, phones, ani)
            visit = await elsewhere.visit()
            visit.ring()
            if outcome == "rejected":
                visit.refuse()
            await caller.ended(30)
            record = await ended_record(city, visit.hotline_call)
            [first, second] = story(record)
            assert first == (PEER, "", outcome)
            assert second[1:] == ("chifeng-1001", "answered")
            assert [talk.seat for talk in record.talks] == ["chifeng-1001"]
            assert record.waited_since == record.offers[0].at
            logged = await replayed(city, tmp_path, visit.hotline_call)
            assert story(logged) == story(record)
            assert logged.waited_since is not None
            assert abs(logged.waited_since - record.offers[0].at) < SLACK


async def test_given_a_talk_elsewhere_when_the_brain_dies_then_the_next_one_follows_it(
    tmp_path: Path, phones: Softphone
) -> None:
    """The talk goes on; the new brain finds it outside, offers nobody, and the log writes it."""
    async with exchange() as elsewhere, town(tmp_path, elsewhere, ring_s=60) as city:
        talking = await dial(city, phones, "13900000804")
        visit = await elsewhere.visit()
        visit.answer()
        ringing = await dial(city, phones, "13900000805")
        other = await elsewhere.visit()
        other.ring()
        await counted(city, "calls_outside", 2.0)
        await city.kill("brain")
        city.start("brain")
        await city.ready()
        await counted(city, "calls_outside", 2.0)
        visit.hang_up()
        await talking.ended(10)
        other.answer()
        await ringing.hangup()
        await ringing.ended(10)
        records = [await ended_record(city, v.hotline_call) for v in (visit, other)]

        async def is_logged() -> bool:
            found = await city.store().records([r.call for r in records])
            return all(r.source is Source.LOG for r in found)

        await until(is_logged, 20, "the log's record prevails")
        for v in (visit, other):
            record = await city.store().call(CallId(v.hotline_call))
            assert record is not None
            assert story(record)[0][0] == PEER
            await until(partial(is_owed, city, v.hotline_call), 20, "its draft is owed, once")
        await counted(city, "calls_outside", 0.0)
        assert sorted(city.seat_states().values()) == ["available"]

"""Overflow with a real brain beside a real Asterisk and a real exchange, live and in the log."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from bench.phone import PhoneCall, Softphone
from bench.wavetools import chirp, write_wav
from config.files import load_platform
from config.overflow import OVERFLOW
from config.profile import PEERS
from cti.ids import CallId
from records.callrecord import Disposition, Source
from tests.asterisk.exchange import Exchange, Visit, exchange
from tests.system.city import City, until
from tests.system.test_outside import PEER, counted, ended_record, replayed, story

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

MAYOR, THERE, SEAT = "8337772", "047512345", "chifeng-1001"
HEAD = "次序,线路,等待秒,每席等待人数,去向,目标,号码,时段\n"
OUTSIDE = f"1,{MAYOR},2,,对端,{PEER},{THERE},\n"
LAST = "2,,5,,后备队列,,,\n"
SLACK = timedelta(seconds=1.5)
"""The log knows only whole seconds of a waiting."""


@asynccontextmanager
async def town(folder: Path, elsewhere: Exchange, steps: str) -> AsyncIterator[City]:
    """Chifeng with that overflow plan; its seat's phone answers, and nobody is signed in yet."""
    city = City(folder, seats=1)
    profile = city.settings.home / "profile"
    peers = (profile / PEERS).read_text(encoding="utf-8")
    peers = re.sub(rf"(?m)^({PEER},[^,]*,127\.0\.0\.1),\d+", rf"\1,{elsewhere.port}", peers)
    (profile / PEERS).write_text(peers, encoding="utf-8")
    (profile / OVERFLOW).write_text(HEAD + steps, encoding="utf-8")
    city.platform = load_platform(city.settings)
    city.profile = city.platform.home
    async with city:
        write_wav(city.settings.home / "sounds" / "zh" / "unreachable.wav", chirp(0.5))
        async with city.phones(1, talk_s=1.0):
            yield city


async def dial(city: City, phones: Softphone, ani: str) -> PhoneCall:
    host, port = city.target
    call = await phones.call(MAYOR, ani=ani, host=host, port=port)
    await call.connected()
    return call


async def visited(elsewhere: Exchange) -> Visit:
    visit = await elsewhere.visit(15)
    assert (visit.number, bool(visit.hotline_call)) == (THERE, True)
    return visit


async def test_who_waits_too_long_is_answered_elsewhere(tmp_path: Path, phones: Softphone) -> None:
    """The talk there is the call's; live and log tell the same story."""
    async with exchange() as elsewhere, town(tmp_path, elsewhere, OUTSIDE) as city:
        caller = await dial(city, phones, "13900000901")
        visit = await visited(elsewhere)
        visit.answer()
        await counted(city, "calls_outside", 1.0)
        visit.hang_up()
        await caller.ended(10)
        record = await ended_record(city, visit.hotline_call)
        assert record.disposition is Disposition.ANSWERED
        assert story(record) == [(PEER, "", "answered")]
        assert record.waited_since is not None
        assert record.talks[0].since - record.waited_since > timedelta(seconds=1.9)
        logged = await replayed(city, tmp_path, visit.hotline_call)
        assert (story(logged), logged.disposition) == (story(record), record.disposition)
        assert logged.waited_since is not None
        assert abs(logged.waited_since - record.waited_since) < SLACK
        assert city.complaints() == []


async def test_who_is_not_answered_there_comes_back_and_goes_to_asterisks_queue_at_last(
    tmp_path: Path, phones: Softphone
) -> None:
    """Place kept, not taken back out of that queue, and there whoever signs in takes the call."""
    async with exchange() as elsewhere, town(tmp_path, elsewhere, OUTSIDE + LAST) as city:
        caller = await dial(city, phones, "13900000902")
        visit = await visited(elsewhere)
        visit.refuse()
        await counted(city, "calls_waiting", 1.0)
        await counted(city, "calls_fallen_back", 1.0)
        assert elsewhere.visits.empty()
        await until(lambda: _waits_in_queue(city), 5, "it stands in Asterisk's queue")
        with pytest.raises(TimeoutError):
            await caller.ended(5)  # longer than the brain leaves others there
        assert _waits_in_queue(city)

        await city.staff(1)
        await caller.ended(20)
        await until(partial(_is_logged, city, visit.hotline_call), 20, "the log has told it")
        record = await ended_record(city, visit.hotline_call)
        assert story(record) == [(PEER, "", "rejected"), ("", SEAT, "answered")]
        assert [(talk.seat, bool(talk.agent)) for talk in record.talks] == [(SEAT, True)]
        assert record.has_fallen_back
        assert record.waited_since is not None
        assert record.offers[0].at - record.waited_since > timedelta(seconds=1.9)
        logged = await replayed(city, tmp_path, visit.hotline_call)
        assert story(logged) == story(record)
        assert logged.waited_since is not None
        assert abs(logged.waited_since - record.waited_since) < SLACK


async def test_a_brain_that_died_meanwhile_neither_forgets_the_place_nor_sends_anybody_twice(
    tmp_path: Path, phones: Softphone
) -> None:
    """The caller rings elsewhere on; back in the wait it is served here, as who came first."""
    async with exchange() as elsewhere, town(tmp_path, elsewhere, OUTSIDE) as city:
        caller = await dial(city, phones, "13900000903")
        visit = await visited(elsewhere)
        visit.ring()
        await counted(city, "calls_outside", 1.0)
        await city.kill("brain")
        city.start("brain")
        await city.ready()
        await counted(city, "calls_outside", 1.0)
        visit.refuse()
        await counted(city, "calls_waiting", 1.0)
        with pytest.raises(TimeoutError):
            await caller.ended(7)  # twice the step's waiting and the brain's look
        assert elsewhere.visits.empty()
        await city.staff(1)
        await caller.ended(20)
        await until(partial(_is_logged, city, visit.hotline_call), 20, "the log has told it")
        record = await ended_record(city, visit.hotline_call)
        assert story(record) == [(PEER, "", "rejected"), ("", SEAT, "answered")]
        assert record.waited_since is not None
        assert record.offers[0].at - record.waited_since > timedelta(seconds=1.5)


async def _is_logged(city: City, call: str) -> bool:
    record = await city.store().call(CallId(call))
    return record is not None and record.source is Source.LOG


def _waits_in_queue(city: City) -> bool:
    shown = city.rx("queue show fallback-chifeng")
    return "Callers:" in shown

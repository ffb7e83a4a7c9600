"""What must hold when a part dies under calls: Asterisk, Redis, the database, the disk.

Callers stay on the line as far as the part that died allows, what was owed is done afterwards,
nothing is lost and nothing done twice, and the log says loudly what happened.
"""

import asyncio
import os
import signal
import sqlite3
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from time import monotonic

import pytest

from bench.phone import PhoneCall, PhoneLine, Softphone
from bench.wavetools import tone, write_wav
from cti.ids import CallId
from records.callrecord import SWITCH_STOPPED, CallRecord, Disposition
from records.rebuild import SWITCH_DIED
from records.wav import seconds
from tests.system.city import City, until
from tests.system.evidence import (
    all_settled,
    is_whole,
    mirrored,
    offers_made,
    one_draft_each,
    refused_orders,
)

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.speech, pytest.mark.timeout(240)]

LINK_BACK_WITHIN_S = 10.0
LOCKED_S = 10.0
DISK_BYTES = 3_000_000
CUT_BY = {signal.SIGTERM: SWITCH_STOPPED, signal.SIGKILL: SWITCH_DIED}
NORMAL = 16


async def lines(city: City, phones: Softphone, count: int) -> list[PhoneLine]:
    """Telephones at the first ``count`` seats; none answers by itself yet."""
    return [
        await phones.register(seat, password, *city.target)
        for seat, password in list(city.passwords.items())[:count]
    ]


async def dial(
    city: City, phones: Softphone, count: int, *, first: int = 0, play: Path | None = None
) -> list[PhoneCall]:
    """Callers one after the other, each connected before the next dials."""
    host, port = city.target
    calls = []
    for n in range(first, first + count):
        ani = f"139000001{n:02}"
        call = await phones.call(
            "8337772", ani=ani, host=host, port=port, play=play, loop=play is not None
        )
        await call.connected()
        calls.append(call)
    return calls


async def hung_up(calls: Sequence[PhoneCall]) -> None:
    """Everybody hangs up; whose call Asterisk has lost gets no answer, and that is right."""
    for call in calls:
        await call.hangup()


async def states(city: City, *wanted: str) -> None:
    """Wait until the seats' desks show these states, in any order."""
    await until(
        lambda: sorted(city.seat_states().values()) == sorted(wanted),
        15,
        f"seats {wanted}, are {city.seat_states()}",
    )


def said(city: City, log: str, event: str) -> int:
    """How often a process has said that."""
    return city.logs().get(f"{log}.log", "").count(f'"event": "{event}"')


async def by_ani(city: City) -> dict[str, CallRecord]:
    """Each caller's record."""
    return {record.ani: record for record in await city.records()}


def ended_well(record: CallRecord) -> bool:
    """A person talked with the caller, and one of the two hung up."""
    return (record.disposition, record.cause) == (Disposition.ANSWERED, NORMAL)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["asked", "killed"])
async def test_asterisk_restarted_under_calls(
    folder: Path, phones: Softphone, how: signal.Signals
) -> None:
    """The link comes back, no order is sent twice, cut calls are closed, new ones are served."""
    async with City(folder, seats=3, workers=1, is_held=True) as city:
        seats = await lines(city, phones, 3)
        for seat in seats[:2]:
            await seat.auto_answer(0.1)
        await city.staff(3)
        callers = await dial(city, phones, 5)
        await states(city, "offered", "talking", "talking")
        await until(lambda: city.channels() == 8, 10, "two wait")
        await until(lambda: _sounds_kept(city) == 10, 10, "something to be cut in the recordings")
        before = offers_made(city)
        assert sorted(before.values()) == [1, 1, 1]

        os.kill(city.pid("asterisk"), how)
        died_at = monotonic()
        await until(lambda: said(city, "brain", "picture taken") == 2, 20, "the link again")
        assert monotonic() - died_at < LINK_BACK_WITHIN_S
        assert city.restarts == ["asterisk"]
        await hung_up(callers)
        await states(city, "available", "available", "available")
        await all_settled(city, 5)
        await until(lambda: _causes(city, {CUT_BY[how]}), 10, "Asterisk's log is reconciled")
        _all_are_cut(city, await city.records())
        assert offers_made(city) == before, "what was ordered before is not ordered again"
        phones_of_seats = 2  # its own and the one in its page
        members = city.rx("queue show fallback-chifeng").count("(dynamic)")
        assert members == 3 * phones_of_seats

        await seats[2].auto_answer(0.1)
        again = await dial(city, phones, 3, first=10)
        await states(city, "talking", "talking", "talking")
        await hung_up(again)
        await all_settled(city, 8)
        served = [record for ani, record in (await by_ani(city)).items() if ani >= "13900000110"]
        assert [ended_well(record) for record in served] == [True] * 3
        assert offers_made(city) - before == {record.call: 1 for record in served}
        assert refused_orders(city) == []
        await one_draft_each(city)


def _sounds_kept(city: City) -> int:
    """In how many recordings there is sound on the disk. Asterisk writes it there every 2 s."""
    return sum(seconds(file) > 0 for file in city.recordings.glob("*.wav"))


async def _causes(city: City, wanted: set[int]) -> bool:
    return {record.cause for record in await city.records()} == wanted


def _all_are_cut(city: City, records: Sequence[CallRecord]) -> None:
    assert sorted(record.disposition.value for record in records) == ["answered"] * 2 + ["cut"] * 3
    for record in records:
        assert all(talk.agent for talk in record.talks), "and who talked is still known"
        assert [talk.until for talk in record.talks if talk.until is None] == []
        assert "live" not in [offer.outcome for offer in record.offers]
        assert all(is_whole(file) for file in city.recording(record.call)), record.call


async def test_redis_away_and_back(folder: Path, phones: Softphone) -> None:
    """Calls are served as ever; seat states reach Redis when it is back, drafts need it not."""
    async with City(folder, seats=2, workers=1) as city:
        for seat in await lines(city, phones, 2):
            await seat.auto_answer(0.1)
        desks = await city.staff(2)
        [first] = await dial(city, phones, 1)
        await states(city, "available", "talking")
        await city.kill("redis")
        [second] = await dial(city, phones, 1, first=1)
        await states(city, "talking", "talking")
        await hung_up([first, second])
        await states(city, "available", "available")
        await desks[0].do("not-ready", reason="用餐")
        await all_settled(city, 2)
        await until(lambda: said(city, "brain", "mirror away, seats wait") == 1, 10, "it is said")
        assert said(city, "worker", "doorbell away, looking into sql meanwhile") >= 1

        city.start("redis")
        await until(lambda: said(city, "brain", "mirror is back") == 1, 15, "the mirror again")
        kept = {view.extension: (view.state.value, view.reason) for view in await mirrored(city)}
        assert kept == {"1001": ("not-ready", "用餐"), "1002": ("available", "")}
        await hung_up(await dial(city, phones, 1, first=2))
        await all_settled(city, 3)
        await one_draft_each(city)


async def test_the_database_locked_for_ten_seconds(folder: Path, phones: Softphone) -> None:
    """A caller who comes meanwhile is served at once; facts wait in a file and lose nothing."""
    async with City(folder, seats=2, workers=1) as city:
        for seat in await lines(city, phones, 2):
            await seat.auto_answer(0.1)
        await city.staff(2)
        [first] = await dial(city, phones, 1)
        await states(city, "available", "talking")
        async with _locked(city):
            began = monotonic()
            [second] = await dial(city, phones, 1, first=1)
            await states(city, "talking", "talking")
            assert monotonic() - began < LOCKED_S - 2, "the lock holds no caller up"
            await hung_up([first])
            await states(city, "available", "talking")
            [third] = await dial(city, phones, 1, first=2)
            await states(city, "talking", "talking")
            await hung_up([third])
            await first.ended(5)
            assert not second.is_over
            assert said(city, "brain", "database slow or away, facts go to the file") == 1
            assert (city.settings.home / "outbox.jsonl").stat().st_size > 0
            assert len(await city.records()) == 1, "nothing of it can be in the database yet"
        await hung_up([second])
        await all_settled(city, 3)
        assert [ended_well(record) for record in await city.records()] == [True] * 3
        assert said(city, "brain", "database writes again") == 1
        assert (city.settings.home / "outbox.jsonl").stat().st_size == 0
        assert sorted(offers_made(city).values()) == [1, 1, 1]
        await one_draft_each(city)


@asynccontextmanager
async def _locked(city: City) -> AsyncIterator[None]:
    """Another program holds the whole database for ``LOCKED_S``, as a careless backup does."""
    other = sqlite3.connect(city.settings.home / "hotline.db", isolation_level=None)
    until_then = monotonic() + LOCKED_S
    try:
        other.execute("BEGIN EXCLUSIVE")
        yield
        await asyncio.sleep(max(0.0, until_then - monotonic()))
        other.execute("ROLLBACK")
    finally:
        other.close()


async def test_the_disk_of_the_recordings_full(folder: Path, phones: Softphone) -> None:
    """Nobody is cut and callers are served; with room again all is recorded, one draft each."""
    async with City(folder, seats=2, workers=1) as city:
        with _small_disk(city.recordings) as filled:
            for seat in await lines(city, phones, 2):
                await seat.auto_answer(0.1)
            await city.staff(2)
            hum = write_wav(folder / "hum.wav", tone(500, 1.0))
            [first] = await dial(city, phones, 1, play=hum)
            await states(city, "available", "talking")
            await asyncio.sleep(1)
            filled.write_bytes(b"\0")
            _fill(filled)
            await until(
                lambda: said(city, "brain", "disk full, calls go on unrecorded") == 1, 5, "loud"
            )
            [second] = await dial(city, phones, 1, first=1, play=hum)
            await states(city, "talking", "talking")
            await asyncio.sleep(2)
            assert not first.is_over
            assert not second.is_over
            await hung_up([first])
            await states(city, "available", "talking")
            await until(lambda: said(city, "worker", "disk full, the job waits") >= 1, 30, "loud")

            filled.unlink()
            await until(
                lambda: said(city, "brain", "disk has room again, recording goes on") == 1, 5
            )
            [third] = await dial(city, phones, 1, first=2, play=hum)
            await states(city, "talking", "talking")
            await asyncio.sleep(2)
            await hung_up([second, third])
            await all_settled(city, 3)
            found = await by_ani(city)
            assert [ended_well(record) for record in found.values()] == [True] * 3
            await one_draft_each(city)
            await _is_kept(city, found["13900000100"].call, 1.0)
            await _is_kept(city, found["13900000102"].call, 2.0)


async def _is_kept(city: City, call: CallId, seconds: float) -> None:
    """At least that much of the call is in its recording, in a file anybody can play."""
    kept = await city.store().recording(call)
    assert kept is not None
    assert kept.stereo is not None
    assert kept.seconds >= seconds


@contextmanager
def _small_disk(place: Path) -> Iterator[Path]:
    """Make that directory a disk of its own of ``DISK_BYTES``; the file that will fill it."""
    options = ["-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(place)]
    mounted = subprocess.run(["mount", *options], capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.fail(
            f"no right to mount a small disk ({mounted.stderr.strip()}): run the tests as root, "
            "or this file in a namespace of your own: unshare -Urm .venv/bin/python -m pytest …"
        )
    try:
        yield place / "somebody-elses-file"
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def _fill(file: Path) -> None:
    with file.open("ab", buffering=0) as filler:
        try:
            while filler.write(b"\0" * 4096):
                pass
        except OSError:
            return

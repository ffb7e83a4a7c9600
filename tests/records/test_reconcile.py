"""After a blackout everything has its record and draft: log and recordings against a real store."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from cti.effects import WriteJournal, WriteSeatTime
from cti.ids import AgentId, CallId, CentreId, SeatId
from queues.seat import AgentState, SeatStretch
from records.callrecord import Direction, Disposition, Source
from records.leases import JobState
from records.logfiles import log_files, put_aside, read_on
from records.reconcile import Report, reconcile
from records.store import CallStore
from tests.records.cellog import OTHER, SEAT, Logged, abandoned, answered
from tests.records.samples import NOON, arrived, ended
from tests.records.test_wav import recording

NOW = NOON + timedelta(hours=1)
Run = Callable[..., Awaitable[Report]]


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """An installation's place."""
    settings = Settings(home=tmp_path / "var")
    settings.cel_file.parent.mkdir(parents=True)
    settings.recordings.mkdir()
    return settings


@pytest.fixture
def run(home: Settings, store: CallStore) -> Run:
    """Reconcile that installation, an hour after noon."""

    async def run(**told: Any) -> Report:
        return await reconcile(home, store, **{"now": NOW, **told})

    return run


def logged(home: Settings, *calls: Logged) -> None:
    """Append calls to the log."""
    append(home, sorted((line for call in calls for line in call.lines()), key=_time))


def append(home: Settings, lines: Iterable[bytes]) -> None:
    with home.cel_file.open("ab") as file:
        file.writelines(lines)


def _time(line: bytes) -> bytes:
    return line.partition(b'"eventtime"')[2][:24]


def recorded(home: Settings, call: str, sides: str = "rx tx", *, age_s: float = 600) -> None:
    """Leave a call's recording, as a killed Asterisk does."""
    for side in sides.split():
        path = recording(home.recordings / f"{call}-{side}.wav", [1] * 8000, is_open=True)
        at = NOW.timestamp() - age_s
        os.utime(path, (at, at))


async def story(store: CallStore, call: str) -> tuple[Disposition, int, str, int]:
    """What stands of a call: how it ended, its cause, its draft's status, its jobs."""
    record = await store.call(CallId(call))
    order = await store.order_of(CallId(call))
    assert record is not None
    assert order is not None
    jobs = await store.jobs(JobState.OWED, CallId(call))
    return (record.disposition, record.cause, order.draft.status, len(jobs))


async def test_calls_of_a_blackout_get_record_and_draft(
    home: Settings, store: CallStore, run: Run
) -> None:
    """The brain was dead all the time; run again, nothing is left to do."""
    calls = [answered(1), abandoned(2)]
    logged(home, *calls)
    first = await run(live=frozenset())
    assert (first.replayed, first.added, first.owed, first.bad_lines) == (2, 2, 2, 0)
    assert await story(store, calls[0].call) == (Disposition.ANSWERED, 16, "draft", 1)
    assert await story(store, calls[1].call) == (Disposition.ABANDONED, 16, "draft", 1)
    assert sum((await run(live=frozenset())).as_dict().values()) == 0
    again = await run(since=NOON - timedelta(days=1), live=frozenset())
    assert (again.replayed, again.added, again.corrected, again.owed) == (2, 0, 0, 0)


async def test_the_log_is_told_who_sat_where_and_whom_a_move_was_to_reach(
    home: Settings, store: CallStore, run: Run
) -> None:
    """It knows seats and legs: the people come from the seats' times, the target from the
    journal. Told again, nothing changes.
    """
    call = Logged(2).arrive().wait(3).offer(SEAT, 4)
    phone = call.leg()
    call.enter(5, phone, SEAT, "b").enter(5.001, bridge="b")
    call.leave(9, phone, SEAT, "b").leave(9.001, bridge="b").log("HELD", 9.01)
    leg = call.recipient("peer-tax", 10)
    call.joins(leg, "peer-tax", 12).log("ROOM", 13).enter(13.1).gone(phone, SEAT, 14)
    call.leave(20).end(20.1).gone(leg, "peer-tax", 20.2)
    logged(home, call)
    told = {"move": "a", "kind": "consult", "target": "expert:人社"}
    sat = SeatStretch(
        seat=SeatId(SEAT),
        centre=CentreId("chifeng"),
        agent=AgentId("anna"),
        state=AgentState.AVAILABLE,
        reason="",
        call=None,
        since=NOON,
        until=NOON + timedelta(seconds=1),
    )
    earlier = replace(sat, agent=AgentId("ben"), since=NOON - timedelta(hours=1))
    later = replace(sat, agent=AgentId("ben"), since=NOON + timedelta(minutes=1))
    at, of = NOON + timedelta(seconds=9), CallId(call.call)
    await store.write_facts(
        [
            *(WriteSeatTime(stretch=one) for one in (sat, earlier, later)),
            WriteJournal(call=of, at=at, what="move-begun", data=tuple(sorted(told.items()))),
            WriteJournal(call=of, at=at, what="move-rung", data=(("leg", leg), ("move", "a"))),
        ]
    )
    await run()
    record = await store.call(of)
    assert record is not None
    assert [(talk.agent, talk.target) for talk in record.talks] == [
        ("anna", ""),
        ("", "expert:人社"),
    ]
    assert [offer.target for offer in record.offers] == ["", "expert:人社"]
    again = await run(since=NOON)
    assert (again.replayed, again.added, again.corrected) == (1, 0, 0)


async def test_what_the_brain_wrote_is_left_as_it_is(
    home: Settings, store: CallStore, run: Run
) -> None:
    """The switch saw the end and knew the agent; a job that was done stays done."""
    call = answered(1)
    await store.write_call(ended(call.call))
    await store.owe_draft(CallId(call.call))
    job = await store.claim_job("w", timedelta(minutes=5))
    assert job is not None
    await store.finish_job(job)
    logged(home, call)
    report = await run(live=frozenset())
    assert (report.replayed, report.added, report.corrected, report.owed) == (1, 0, 0, 0)
    assert await store.call(CallId(call.call)) == ended(call.call)


async def test_what_the_brain_did_not_see_end_is_ended(
    home: Settings, store: CallStore, run: Run
) -> None:
    """Killed in mid-call: the row it opened is completed from the log."""
    call = answered(1)
    await store.write_call(arrived(call.call))
    logged(home, call)
    report = await run()
    assert (report.added, report.corrected, report.owed) == (0, 1, 1)
    assert await story(store, call.call) == (Disposition.ANSWERED, 16, "draft", 1)


async def test_a_call_that_lives_is_left_to_the_brain(
    home: Settings, store: CallStore, run: Run
) -> None:
    """And read from its beginning when it has ended without a brain after all."""
    call = answered(1)
    cut = len(call.lines()) - 5
    append(home, call.lines()[:cut])
    recorded(home, call.call)
    report = await run(live={CallId(call.call)})
    assert (report.live, report.replayed, report.recordings, report.orphans) == (1, 0, 0, 0)
    assert await store.call(CallId(call.call)) is None
    append(home, call.lines()[cut:])
    assert (await run(live=frozenset())).added == 1
    assert await story(store, call.call) == (Disposition.ANSWERED, 16, "draft", 1)


async def test_a_call_that_ended_between_the_question_and_the_log_is_written(
    home: Settings, store: CallStore, run: Run
) -> None:
    """The brain still thought it lived when it was asked; nobody would read its log again."""
    call = answered(1)
    glimpsed = replace(arrived(call.call), source=Source.GLIMPSED)
    await store.write_call(glimpsed)
    logged(home, call)
    report = await run(live={CallId(call.call)})
    assert (report.live, report.corrected) == (0, 1)
    assert await story(store, call.call) == (Disposition.ANSWERED, 16, "draft", 1)


async def test_calls_cut_by_the_death_of_asterisk_are_closed(
    home: Settings, store: CallStore, run: Run
) -> None:
    """Nobody logged their end: cause 27, answered if somebody had talked, cut if not."""
    talking = Logged(1).arrive().wait(3).offer(SEAT, 4).talk(SEAT, 5, None)
    waiting = Logged(2).arrive().wait(3).offer(OTHER, 4)
    logged(home, talking, waiting)
    unasked = await run()
    assert (unasked.added, unasked.owed) == (2, 0)
    asked = await run(live=frozenset())
    assert (asked.corrected, asked.owed) == (2, 2)
    assert await story(store, talking.call) == (Disposition.ANSWERED, 27, "draft", 1)
    assert await story(store, waiting.call) == (Disposition.CUT, 27, "draft", 1)


async def test_a_call_younger_than_the_question_is_not_called_dead(
    home: Settings, store: CallStore, run: Run
) -> None:
    """It came after the list of live calls was read: the next run sees what became of it."""
    call = Logged(1).arrive()
    append(home, call.lines())
    await run(live=frozenset(), now=NOON + timedelta(seconds=5))
    record = await store.call(CallId(call.call))
    assert record is not None
    assert record.ended_at is None
    assert (await run(live=frozenset())).corrected == 1


async def test_rows_that_neither_asterisk_nor_its_log_knows_are_closed(
    store: CallStore, run: Run
) -> None:
    """The log was lost with its disk: a call does not stay live for ever."""
    await store.write_calls([arrived("node1-1795147200.1"), arrived("node1-1795147200.2")])
    report = await run(live={CallId("node1-1795147200.2")})
    assert (report.closed, report.owed) == (1, 1)
    assert await story(store, "node1-1795147200.1") == (Disposition.CUT, 27, "draft", 1)
    assert [r.call for r in await store.unended()] == ["node1-1795147200.2"]


async def test_recordings_are_found_and_mended(home: Settings, store: CallStore, run: Run) -> None:
    """Each side stands by its call, with a header players believe."""
    call = answered(1)
    logged(home, call)
    recorded(home, call.call)
    (home.recordings / "notes.txt").write_text("not a recording")
    report = await run()
    assert (report.recordings, report.mended, report.orphans) == (1, 2, 0)
    found = await store.recording(CallId(call.call))
    assert found is not None
    assert (found.rx, found.tx, found.seconds) == (
        *(f"{call.call}-rx.wav", f"{call.call}-tx.wav", 1.0),
    )
    assert (await run()).recordings == 0


async def test_a_recording_of_an_unknown_call_gets_record_and_draft(
    home: Settings, store: CallStore, run: Run
) -> None:
    """Only the file is left: its name says when the call came, its date when it ended."""
    call = f"node1-{int(NOON.timestamp())}.7"
    recorded(home, call, "rx")
    recorded(home, f"node1-{int(NOON.timestamp())}.8", age_s=1)  # perhaps still being made
    report = await run(live=frozenset())
    assert (report.orphans, report.recordings, report.owed) == (1, 1, 1)
    record = await store.call(CallId(call))
    assert record is not None
    assert (record.arrived_at, record.ended_at) == (NOON, NOW - timedelta(minutes=10))
    assert await story(store, call) == (Disposition.CUT, 27, "draft", 1)
    assert (await run(live=frozenset())).orphans == 0


async def test_a_call_out_of_which_little_is_left_is_still_no_caller_lost(
    home: Settings, store: CallStore, run: Run
) -> None:
    """Neither one of which only the recording is there, nor one whose end nobody logged."""
    stray = f"out-{int(NOON.timestamp())}.1231001"
    recorded(home, stray, "rx")
    unended = arrived(f"out-{int(NOON.timestamp())}.4561001", direction=Direction.OUT)
    await store.write_call(unended)
    await run(live=frozenset())
    for call in (stray, unended.call):
        record = await store.call(CallId(call))
        assert record is not None
        assert (record.direction, record.disposition) == (Direction.OUT, Disposition.UNREACHED)


async def test_a_call_that_could_not_say_whose_it_is_belongs_to_the_home_centre(
    home: Settings, store: CallStore
) -> None:
    """The centre that is told, or the profile's own name, also where that is a path."""
    for number, centre, profile in (
        (7, CentreId("hunan"), "chifeng"),
        (8, None, "/somewhere/else/hunan/"),
    ):
        call = f"node1-{int(NOON.timestamp())}.{number}"
        recorded(home, call, "rx")
        settings = home.model_copy(update={"profile": profile})
        await reconcile(settings, store, now=NOW, live=frozenset(), home=centre)
        record = await store.call(CallId(call))
        assert record is not None
        assert record.centre == "hunan"


async def test_recordings_from_before_the_last_look_are_not_looked_at_again(
    home: Settings, store: CallStore, run: Run
) -> None:
    """An archive of years costs the brain nothing; looking at the whole of it finds the rest."""
    seconds = [int(NOON.timestamp()) + n for n in range(4)]
    recorded(home, f"node1-{seconds[0]}.1")
    assert (await run(live=frozenset(), whole=False)).orphans == 1  # the first look is at all
    recorded(home, f"node1-{seconds[1]}.2", age_s=3601)
    recorded(home, f"node1-{seconds[2] - 2 * 86400}.3", age_s=60)
    recorded(home, f"node1-{seconds[3]}.4", age_s=3500)
    later = await run(live=frozenset(), whole=False)
    assert (later.orphans, later.recordings) == (1, 1)
    assert await store.recording(CallId(f"node1-{seconds[3]}.4")) is not None
    assert (await run(live=frozenset())).orphans == 2


async def test_a_recording_left_for_later_is_looked_at_until_its_call_is_over(
    home: Settings, store: CallStore, run: Run
) -> None:
    """Nobody could ask Asterisk for hours: the recording has not moved, and is not forgotten."""
    call = CallId(f"node1-{int(NOON.timestamp())}.7")
    await store.write_call(arrived(call))
    recorded(home, call)
    for hours in (0, 3, 6):
        report = await run(whole=False, now=NOW + timedelta(hours=hours))
        assert (report.recordings, report.orphans) == (0, 0)
    report = await run(live=frozenset(), whole=False, now=NOW + timedelta(hours=9))
    assert (report.closed, report.recordings) == (1, 1)


async def test_a_file_that_is_no_recording_is_counted(
    home: Settings, store: CallStore, run: Run
) -> None:
    """Bytes of another kind are left alone, and the call is still written."""
    call = answered(1)
    logged(home, call)
    (home.recordings / f"{call.call}-rx.wav").write_bytes(b"ID3 something else" * 10)
    report = await run()
    assert (report.unreadable, report.recordings, report.owed) == (1, 1, 1)


async def test_reading_goes_on_after_a_rotation(home: Settings, run: Run) -> None:
    """Renamed between two runs, also in the middle of a call: nothing missed, nothing twice."""
    first, second, third = answered(1), answered(200), abandoned(400)
    append(home, [*first.lines(), *second.lines()[:4]])
    assert (await run()).added == 2
    append(home, second.lines()[4:6])
    home.cel_file.rename(home.cel_file.with_name("cel.jsonl.1"))
    append(home, [*second.lines()[6:], *third.lines()])
    report = await run()
    assert (report.added, report.corrected, report.owed) == (1, 1, 2)


async def test_a_log_that_has_grown_large_is_put_aside(home: Settings, run: Run) -> None:
    """In the middle of a call, too: what follows is read, and the old log stays while needed."""
    first, second = answered(1), answered(200)
    append(home, first.lines()[:4])
    assert (await run(log_limit=100_000)).added == 1
    assert logs(home) == ["cel.jsonl"]
    await run(log_limit=1000)
    assert logs(home) == ["cel.jsonl.1"]
    append(home, second.lines())
    assert (await run(log_limit=1000)).added == 1
    assert logs(home) == ["cel.jsonl", "cel.jsonl.1"]
    append(home, first.lines()[4:])
    report = await run(log_limit=1000)
    assert (report.corrected, report.owed, report.bad_lines) == (1, 1, 0)
    assert logs(home) == ["cel.jsonl.1", "cel.jsonl.2"]
    assert (await run(log_limit=1000)).events == 0


async def test_only_so_many_logs_are_kept_aside(home: Settings, run: Run) -> None:
    """The oldest goes; every call was written before."""
    for second in range(0, 8000, 1000):
        append(home, answered(second).lines())
        assert (await run(log_limit=1000)).added == 1
    assert logs(home) == [f"cel.jsonl.{n}" for n in range(1, 6)]
    assert b"1795152200" in home.cel_file.with_name("cel.jsonl.3").read_bytes()


def test_a_log_that_somebody_else_put_aside_is_left(home: Settings) -> None:
    """Two runs at once: the young log that stands in its place is not renamed as well."""
    append(home, answered(1).lines())
    inode = home.cel_file.stat().st_ino
    home.cel_file.rename(home.cel_file.with_name("cel.jsonl.1"))
    append(home, answered(200).lines())
    assert not put_aside(home.cel_file, inode, 1000)
    assert logs(home) == ["cel.jsonl", "cel.jsonl.1"]


def test_a_log_renamed_while_it_is_read_is_read_on(home: Settings) -> None:
    """Its inode says which it is; a log that is gone holds nothing."""
    append(home, answered(1).lines())
    (listed,) = log_files(home.cel_file)
    home.cel_file.rename(home.cel_file.with_name("cel.jsonl.1"))
    append(home, abandoned(200).lines())
    assert read_on(home.cel_file, listed, 0) == b"".join(answered(1).lines())
    home.cel_file.with_name("cel.jsonl.1").unlink()
    assert read_on(home.cel_file, listed, 0) == b""


def logs(home: Settings) -> list[str]:
    return sorted(path.name for path in home.cel_file.parent.iterdir())


async def test_a_torn_line_is_read_when_it_is_whole(home: Settings, run: Run) -> None:
    """Read while Asterisk writes: half a line is no bad line; a broken one is counted once."""
    data = b"".join(answered(1).lines())
    append(home, [b"{broken\n", data[:-50]])
    report = await run()
    assert (report.added, report.bad_lines) == (1, 1)
    append(home, [data[-50:]])
    report = await run()
    assert (report.corrected, report.owed) == (0, 0)


async def test_no_log_and_no_recordings_is_nothing_to_do(tmp_path: Path, store: CallStore) -> None:
    """A first start."""
    report = await reconcile(Settings(home=tmp_path / "new"), store, live=frozenset())
    assert sum(report.as_dict().values()) == 0


async def test_two_runs_at_once_write_everything_once(
    home: Settings, store: CallStore, run: Run
) -> None:
    """A start and an impatient administrator: one row, one draft, one job a call."""
    calls = [answered(100 * n) for n in range(30)]
    logged(home, *calls)
    async with asyncio.TaskGroup() as group:
        group.create_task(_run(run))
        group.create_task(_run(run))
    assert await store.count_orders() == 30
    assert (await store.count_jobs())[JobState.OWED] == 30


async def _run(run: Run) -> None:
    await run(live=frozenset())

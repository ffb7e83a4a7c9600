"""``hotline callbacks``: who is to be called back, on a terminal and for programs."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from cti.ids import AgentId, CallId, CentreId
from queues.callback import CLAIM, claim
from records import callbacks
from records.callrecord import Direction, Disposition
from records.keyring import ring
from records.store import CallStore
from tests.cli.test_commands import run, value
from tests.cti.web.sample import call_record

THERE = CentreId("ningcheng")
FIRST, LATE, AGAIN, THEIRS = "13900000011", "13900000022", "13900000033", "13900000044"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Four callers called in vain: one long ago, one has called again, one at another centre.

    Anna is calling the first one back; what she claimed of the late one has run out.
    """
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path / "home"))
    now = datetime.now(UTC)

    async def write() -> None:
        store = await CallStore.open(Settings(home=tmp_path / "home").sql_url)
        for number, (ani, centre, hours) in enumerate(
            (
                (FIRST, "chifeng", 2),
                (LATE, "chifeng", 30),
                (AGAIN, "chifeng", 3),
                (THEIRS, THERE, 1),
            )
        ):
            call, at = CallId(f"node1-1.{number}"), now - timedelta(hours=hours)
            lost = call_record(call, agent=None, ani=ani, centre=CentreId(centre), at=at)
            await store.write_call(lost)
        await store.write_call(call_record(CallId("node1-1.9"), ani=AGAIN, at=now))
        for call, at in ((CallId("node1-1.0"), now), (CallId("node1-1.1"), now - 2 * CLAIM)):
            async with store.database.writing() as connection:
                await callbacks.change(
                    connection,
                    call,
                    CentreId("chifeng"),
                    lambda task, at=at: claim(task, AgentId("anna"), at),  # type: ignore[misc]
                )
        await store.close()

    asyncio.run(write())
    return tmp_path / "home"


def test_the_most_urgent_comes_first_and_a_claim_that_ran_out_is_none() -> None:
    """As they stand now; numbers covered; those settled only when asked for."""
    told = value("callbacks", "list")
    assert [(task["number"], task["state"], task["is_overdue"]) for task in told] == [
        ("*********22", "owed", True),
        ("*********11", "claimed", False),
        ("*********44", "owed", False),
    ]
    assert [task["claimed_by"] for task in told] == [None, "anna", None]
    everything = value("callbacks", "list", "--all")
    assert [(task["number"], task["state"], task["closed_by"]) for task in everything][1] == (
        *("*********33", "closed", "node1-1.9"),
    )
    assert len(everything) == 4
    assert len(value("callbacks", "list", "--all", "--limit", "2")) == 2
    [theirs] = value("callbacks", "list", "--centre", THERE)
    assert theirs["number"] == "*********44"


def test_they_are_counted() -> None:
    counts = {"owed": 2, "claimed": 1, "done": 0, "closed": 1, "failed": 0, "overdue": 1}
    assert value("callbacks", "count") == counts
    theirs = dict.fromkeys(counts, 0) | {"owed": 1}
    assert value("callbacks", "count", "--centre", THERE) == theirs


def test_people_read_the_same_and_no_whole_number() -> None:
    shown = run("callbacks", "list", "--all", COLUMNS="200")
    counted = run("callbacks", "count", COLUMNS="200")
    assert (shown.exit_code, counted.exit_code) == (0, 0)
    for words in ("*********22", "超时", "短放弃", "回拨中", "已再次来电", "node1-1.0"):
        assert words in shown.stdout
    assert counted.stdout.strip() == (
        "待回拨 2  回拨中 1  已回拨 0  已再次来电 1  多次未通 0  已超时 1"
    )
    for form in ((), ("--json",), ("--all", "--json")):
        printed = run("callbacks", "list", *form).stdout
        assert [number for number in (FIRST, LATE, AGAIN, THEIRS) if number in printed] == []


def test_a_call_out_is_listed_with_how_it_ended_and_no_wait(home: Path) -> None:
    """Every end a call can have has its name on a terminal."""
    out = replace(
        call_record(CallId("out-1795310090.1231001"), agent=None, ani=FIRST),
        disposition=Disposition.UNREACHED,
        direction=Direction.OUT,
        about=CallId("node1-1.0"),
    )

    async def write() -> None:
        store = await CallStore.open(Settings(home=home).sql_url, ring(Settings(home=home)))
        await store.write_call(out)
        await store.close()

    asyncio.run(write())
    assert len({one.chinese for one in Disposition}) == len(Disposition)
    assert "呼出未接通" in run("calls", "list", COLUMNS="200").stdout

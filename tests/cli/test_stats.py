"""``hotline stats``: figures on a terminal, as JSON, as a spreadsheet."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from config.settings import Settings
from cti.effects import WriteSeatTime
from cti.ids import AgentId, CentreId, SeatId
from queues.seat import AgentState, SeatStretch
from records.callrecord import Disposition
from records.store import CallStore
from tests.cli.test_commands import run, value
from tests.records.samples import NOON, arrived, ended


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation of its own."""
    monkeypatch.setenv("HOTLINE_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


DAY = ("--since", "2026-11-20", "--until", "2026-11-21")


def fill(home: Path) -> None:
    """Three answered, one given up by somebody else, at noon of the twentieth."""

    async def write() -> None:
        store = await CallStore.open(Settings(home=home).sql_url)
        left = NOON + timedelta(seconds=40)
        lost = arrived(
            "node1-1.9",
            ani="13900000001",
            waited_since=NOON,
            ended_at=left,
            disposition=Disposition.ABANDONED,
        )
        await store.write_calls([*(ended(f"node1-1.{n}") for n in range(3)), lost])
        await store.close()

    asyncio.run(write())


def test_figures_of_a_day(home: Path, tmp_path: Path) -> None:
    """Days are China's: midnight there is 16:00 UTC of the day before."""
    fill(home)
    told = value("stats", *DAY, "--by", "half-hour")
    assert told["since"] == "2026-11-20T00:00:00+08:00"
    assert [row["row"] for row in told["rows"]] == ["2026-11-20 12:00"]
    assert told["whole"]["connection_share"] == 0.75
    assert (told["callbacks"]["owed"], told["callbacks"]["overdue"]) == (1, 1)
    assert value("stats", *DAY, "--centre", "ningcheng")["whole"]["offered"] == 0
    shown = run("stats", *DAY, "--by", "line", "--xlsx", str(tmp_path / "day.xlsx"))
    assert shown.exit_code == 0
    assert "75.0%" in shown.stdout
    assert "待回拨 1" in shown.stdout
    assert load_workbook(tmp_path / "day.xlsx").worksheets[1]["A2"].value == "8337772"


def seated(home: Path) -> None:
    """Anna was ready for an hour, talked for another half, and had lunch, by a spiteful name."""

    async def write() -> None:
        store = await CallStore.open(Settings(home=home).sql_url)
        at = NOON
        for state, minutes, reason in (
            (AgentState.AVAILABLE, 60, ""),
            (AgentState.TALKING, 30, ""),
            (AgentState.WRAP_UP, 1, ""),
            (AgentState.NOT_READY, 45, "=用餐"),
        ):
            until = at + timedelta(minutes=minutes)
            stretch = SeatStretch(
                seat=SeatId("chifeng-1001"),
                centre=CentreId("chifeng"),
                agent=AgentId("anna"),
                state=state,
                reason=reason,
                call=None,
                since=at,
                until=until,
            )
            await store.write_facts([WriteSeatTime(stretch=stretch)])
            at = until
        await store.close()

    asyncio.run(write())


def test_seats_time_by_seat(home: Path, tmp_path: Path) -> None:
    """On the terminal, as JSON and as a sheet of its own in which no reason is a formula."""
    seated(home)
    told = value("stats", *DAY, "--by", "seat")
    [row] = told["rows"]
    assert (row["row"], row["offered"]) == ("chifeng-1001", 0)
    assert (row["seats"]["ready_s"], row["seats"]["wrap_up_s"]) == (3600, 60)
    assert row["seats"]["occupancy"] == pytest.approx(31 / 91)
    shown = run("stats", *DAY, "--by", "seat", "--xlsx", str(tmp_path / "seats.xlsx"))
    assert all(word in shown.stdout for word in ("1:00:00", "34.1%", "60.0", "用餐 0:45:00"))
    sheet = load_workbook(tmp_path / "seats.xlsx")["座席时间"]
    head, anna, whole = ([cell.value for cell in line] for line in sheet.iter_rows())
    assert head[-1] == "示忙：=用餐（秒）"
    assert (anna[0], anna[-1], whole[0], whole[-1]) == ("chifeng-1001", 2700, "合计", 2700)
    assert all(cell.data_type != "f" for line in sheet.iter_rows() for cell in line)
    run("stats", *DAY, "--by", "line", "--xlsx", str(tmp_path / "lines.xlsx"))
    assert "座席时间" not in load_workbook(tmp_path / "lines.xlsx").sheetnames


def test_nothing_asked_for_is_the_last_week(home: Path) -> None:
    assert value("stats")["by"] == "day"
    assert run("stats").exit_code == 0


def test_a_stretch_or_breakdown_that_is_none_is_misuse(home: Path) -> None:
    assert run("stats", "--by", "phone").exit_code == 2
    assert run("stats", "--since", "2026-11-21", "--until", "2026-11-20").exit_code == 2

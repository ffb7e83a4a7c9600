"""Reports over what is kept: every call counted once, on a real SQLite and a real PostgreSQL."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import event

from cti.ids import AgentId, CallId, CentreId, SeatId
from queues.breakdown import BREAKDOWNS, breakdown
from queues.callback import claim, owed, tried
from queues.figures import CALLBACK_LABELS, LABELS, callback_figures, figures
from queues.task import Attempt, AttemptOutcome
from records.callbacks import change, tasks_of
from records.callrecord import CallRecord, Disposition
from records.history import PIECE, calls_between, report, tasks_between
from records.store import CallStore
from records.workbook import workbook
from tests.queues.test_callback import missed
from tests.records.samples import NOON, arrived, ended

HOUR = timedelta(hours=1)
HERE, THERE = CentreId("chifeng"), CentreId("ningcheng")


def a_week() -> list[CallRecord]:
    """Answered, given up and live calls of two centres; many in the same second."""
    records = []
    for number in range(PIECE + 60):
        at = NOON + number // 4 * timedelta(minutes=7)
        call = f"node1-1.{number}"
        if number % 5 == 4:
            left = at + timedelta(seconds=30)
            one = arrived(
                call,
                arrived_at=at,
                waited_since=at,
                ended_at=left,
                disposition=Disposition.ABANDONED,
            )
        elif number % 11 == 10:
            one = arrived(call, arrived_at=at)
        else:
            one = ended(call, arrived_at=at)
        records.append(one)
    return records


@pytest.mark.parametrize("by", sorted(BREAKDOWNS))
async def test_a_report_counts_what_is_kept(store: CallStore, by: str) -> None:
    """More calls than are read at once: the same figures as of the records themselves."""
    week = a_week()
    await store.write_calls(week)
    until = NOON + timedelta(days=8)
    found = await report(store.database, NOON, until, by=by)
    assert found.whole == figures(week)
    assert found.rows == breakdown(week, BREAKDOWNS[by])


async def test_a_stretch_begins_and_ends_where_it_says(store: CallStore) -> None:
    """The call at ``since`` counts, the call at ``until`` does not; another centre's never."""
    mine = [ended(f"node1-1.{n}", arrived_at=NOON + n * HOUR) for n in range(4)]
    other = ended("node1-2.1", arrived_at=NOON + HOUR, centre=CentreId("ningcheng"))
    await store.write_calls([*mine, other])
    found = await report(store.database, NOON + HOUR, NOON + 3 * HOUR, centre=CentreId("chifeng"))
    assert found.whole == figures(mine[1:3])
    seen = [r async for r in calls_between(store.database, NOON, NOON + 9 * HOUR)]
    assert [r.call for r in seen] == [
        "node1-1.0",
        "node1-1.1",
        "node1-2.1",
        "node1-1.2",
        "node1-1.3",
    ]


@pytest.mark.parametrize("centre", [None, HERE])
async def test_each_piece_of_a_report_is_found_where_the_last_one_ended(
    store: CallStore, centre: CentreId | None
) -> None:
    """Of one centre or of all: a year's report must not walk the year again for every piece."""
    if not store.database.is_sqlite:  # PostgreSQL plans by how much is there
        return
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, text: str, given: Any, *_rest: Any) -> None:
        asked.append((text, given))

    await store.write_calls(a_week())
    event.listen(store.database.engine.sync_engine, "before_cursor_execute", note)
    async for _ in calls_between(store.database, NOON, NOON + timedelta(days=8), centre):
        pass
    event.remove(store.database.engine.sync_engine, "before_cursor_execute", note)
    pieces = [one for one in asked if "ORDER BY calls.arrived_at" in one[0]]
    assert len(pieces) == 2
    async with store.database.reading() as connection:
        for text, given in pieces:
            rows = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given)
            plan = [str(row.detail) for row in rows]
            assert plan[0].startswith("SEARCH calls USING"), plan
            assert "arrived_at>?" in plan[0]
            assert text.count("calls.arrived_at >= ?") == 1
    first, second = pieces
    assert second[1] != first[1]


async def test_a_report_tells_what_became_of_its_own_calls_callers(store: CallStore) -> None:
    """Tasks of calls of the stretch and the centre, whenever somebody called back."""
    lost = [
        replace(
            missed(n, n // 4 * 420),
            ani=f"139{n:08}",
            centre=THERE if n % 9 == 0 else HERE,
        )
        for n in range(PIECE + 60)
    ]
    await store.write_calls(lost)
    until, now = NOON + 15.75 * HOUR, NOON + 30 * HOUR
    for one in lost[::20]:
        await _called_back(store, one.call, one.centre, now)
    in_order = sorted(lost, key=lambda one: (one.arrived_at, one.call))
    tasks = [task for one in in_order if (task := owed(one)) and one.arrived_at < until]
    assert PIECE < len(tasks) < len(lost)
    for centre in (None, HERE, THERE):
        mine = [task for task in tasks if centre in (None, task.centre)]
        async with store.database.reading() as connection:
            kept = {task.call: task for task in await tasks_of(connection, [t.call for t in mine])}
        assert set(kept) == {task.call for task in mine}
        found = await report(store.database, NOON, until, centre=centre, now=now)
        assert found.callbacks == callback_figures(kept.values(), now)
        assert min(found.callbacks.done, found.callbacks.owed, found.callbacks.overdue) > 0
        read = [task async for task in tasks_between(store.database, NOON, until, centre)]
        assert [task.call for task in read] == [task.call for task in mine]
    nothing = await report(store.database, until, until + HOUR, centre=CentreId("nowhere"))
    assert nothing.callbacks == callback_figures([], now)


async def _called_back(store: CallStore, call: CallId, centre: CentreId, at: datetime) -> None:
    reached = Attempt(at=at, agent=AgentId("anna"), outcome=AttemptOutcome.ANSWERED)
    async with store.database.writing() as connection:
        await change(
            connection, call, centre, lambda task: tried(claim(task, reached.agent, at), reached)
        )


async def test_what_callers_said_is_counted_from_the_database(store: CallStore) -> None:
    """Each mark of the whole, the line, and the seat that talked last; a mean to two places."""
    marks = (5, 3, None, 4)
    calls = [
        ended(f"node1-{n}", arrived_at=NOON + timedelta(minutes=n), satisfaction=mark)
        for n, mark in enumerate(marks)
    ]
    [talk] = calls[1].talks
    earlier = replace(talk, seat=SeatId("chifeng-1009"), agent=AgentId("wang"))
    calls[1] = replace(calls[1], talks=(earlier, talk))
    await store.write_calls(calls)
    by_seat = await report(store.database, NOON, NOON + HOUR, by="seat")
    by_line = await report(store.database, NOON, NOON + HOUR, by="line")
    for figures_of in (by_seat.whole, by_seat.rows[talk.seat], *by_line.rows.values()):
        found = (figures_of.rated, figures_of.satisfaction, figures_of.satisfied_share)
        assert found == (3, 4.0, 2 / 3)
    assert (by_seat.rows["chifeng-1009"].answered, by_seat.rows["chifeng-1009"].rated) == (1, 0)
    sheet = load_workbook(BytesIO(workbook(by_seat))).worksheets[0]
    [cell] = [row[1] for row in sheet.iter_rows() if row[0].value == LABELS["satisfaction"]]
    assert (cell.value, cell.number_format) == (4, "0.00")


async def test_a_workbook_shows_the_same_numbers(store: CallStore) -> None:
    """As numbers, not as text; the head stays in sight; an empty figure is an empty cell."""
    week = a_week()
    await store.write_calls(week)
    found = await report(store.database, NOON, NOON + timedelta(days=8), by="day")
    book = load_workbook(BytesIO(workbook(found)))
    whole, days = book.worksheets
    cells = {row[0].value: row[1].value for row in whole.iter_rows()}
    assert cells[LABELS["offered"]] == len(week)
    assert {label: cells[label] for label in CALLBACK_LABELS.values()} == {
        label: getattr(found.callbacks, name) for name, label in CALLBACK_LABELS.items()
    }
    assert cells[LABELS["connection_share"]] == pytest.approx(found.whole.connection_share)
    assert [cell.value for cell in days[1]] == ["日", *LABELS.values()]
    assert [row[0].value for row in days.iter_rows(min_row=2)] == list(found.rows)
    shown = {cell.value: cell.column for cell in days[1]}
    first = next(iter(found.rows.values()))
    assert days.cell(2, shown["来电量"]).value == first.offered
    assert days.freeze_panes == "B2"
    nothing = await report(store.database, NOON - HOUR, NOON)
    empty = load_workbook(BytesIO(workbook(nothing))).worksheets[0]
    assert {row[0].value: row[1].value for row in empty.iter_rows()}["接通率"] is None

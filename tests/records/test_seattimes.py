"""Seats' stretches as rows, on a real SQLite and a real PostgreSQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from cti.effects import CloseSeatTimes, WriteSeatTime
from cti.ids import AgentId, CallId, CentreId, SeatId
from queues.seat import AgentState, SeatStretch
from records import seattimes
from records.history import report
from records.seattimes import stretches_between
from records.store import CallStore

NOON = datetime(2026, 11, 20, 4, tzinfo=UTC)
HERE, THERE = CentreId("chifeng"), CentreId("ningcheng")
S = AgentState


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def stretch(
    state: AgentState,
    since: float,
    until: float | None = None,
    *,
    seat: str = "chifeng-1001",
    centre: CentreId = HERE,
    reason: str = "",
) -> SeatStretch:
    return SeatStretch(
        seat=SeatId(seat),
        centre=centre,
        agent=AgentId("anna"),
        state=state,
        reason=reason,
        call=CallId("node1-1.1") if state is S.TALKING else None,
        since=after(since),
        until=None if until is None else after(until),
    )


async def write(store: CallStore, *stretches: SeatStretch) -> None:
    await store.write_facts([WriteSeatTime(stretch=one) for one in stretches])


async def kept(
    store: CallStore, since: float = -86400, until: float = 86400, centre: CentreId | None = None
) -> list[SeatStretch]:
    found = stretches_between(store.database, after(since), after(until), centre)
    return [one async for one in found]


async def test_a_stretch_is_written_when_it_begins_and_closed_when_it_ends(
    store: CallStore,
) -> None:
    """One row, whatever was said of it last; what is read is what was written."""
    talk = stretch(S.TALKING, 5)
    await write(store, stretch(S.AVAILABLE, 0), stretch(S.AVAILABLE, 0, 5), talk)
    assert await kept(store) == [stretch(S.AVAILABLE, 0, 5), talk]
    await write(store, replace(talk, until=after(60)))
    assert await kept(store) == [stretch(S.AVAILABLE, 0, 5), stretch(S.TALKING, 5, 60)]


async def test_facts_written_again_change_nothing(store: CallStore) -> None:
    """The outbox may write a batch twice: a stretch that has ended stays ended."""
    told = [stretch(S.AVAILABLE, 0), stretch(S.AVAILABLE, 0, 5), stretch(S.TALKING, 5)]
    await write(store, *told)
    await write(store, told[0])
    assert await kept(store) == told[1:]


async def test_what_no_database_keeps_of_a_reason_is_left_out(store: CallStore) -> None:
    await write(store, stretch(S.NOT_READY, 0, 5, reason="小\0休\ud800"))
    [found] = await kept(store)
    assert found.reason == "小休?"


async def test_a_brain_that_begins_closes_what_was_open_as_of_when_we_were_last_seen(
    store: CallStore,
) -> None:
    """Nobody's stretch goes on through an absence; what this brain began, goes on."""
    await write(
        store,
        stretch(S.AVAILABLE, 0, 5, seat="a-1"),
        stretch(S.TALKING, 5, seat="a-1"),
        stretch(S.AVAILABLE, 40, seat="a-2"),
        stretch(S.AVAILABLE, 0, seat="b-1", centre=THERE),
    )
    closing = CloseSeatTimes(centres=(HERE,), begun_before=after(100), seen_at=after(30))
    late = stretch(S.AVAILABLE, 20, seat="a-3")  # spilled by the brain before, written only now
    ours = stretch(S.NOT_READY, 101, seat="a-1")
    await store.write_facts([WriteSeatTime(stretch=one) for one in (late,)] + [closing])
    await write(store, ours)
    assert {one.seat: (one.since, one.until) for one in await kept(store)} == {
        "a-1": (after(101), None),
        "a-2": (after(40), after(40)),  # began when nobody was seen any more: took no time
        "a-3": (after(20), after(30)),
        "b-1": (after(0), None),  # another brain's centre
    }
    talk = [one for one in await kept(store) if one.state is S.TALKING]
    assert [one.until for one in talk] == [after(30)]


async def test_stretches_are_read_in_order_and_in_pieces(store: CallStore) -> None:
    """All of which a part lies in the time, of one centre or of all, none twice."""
    many = [
        stretch(S.AVAILABLE, n // 3, n // 3 + 9, seat=f"s-{n % 3}")
        for n in range(seattimes.PIECE + 7)
    ]
    await write(store, *many, stretch(S.AVAILABLE, 3, 4, seat="t-1", centre=THERE))
    assert await kept(store, centre=HERE) == many
    assert len(await kept(store)) == len(many) + 1
    begun = [one.since for one in await kept(store, 100, 110, HERE)]
    assert begun == [one.since for one in many if after(91) < one.since < after(110)]


async def test_a_report_has_seats_time_beside_calls(store: CallStore) -> None:
    """By any breakdown; what is open lasts until now, not until the report's end."""
    await write(store, stretch(S.AVAILABLE, 0, 60), stretch(S.TALKING, 60))
    found = await report(store.database, after(0), after(3600), by="seat", now=after(90))
    assert (found.seats.ready_s, found.seats.talking_s) == (60, 30)
    assert list(found.rows) == list(found.seat_rows) == ["chifeng-1001"]
    assert found.rows["chifeng-1001"].offered == 0
    there = await report(store.database, after(0), after(3600), centre=THERE, now=after(90))
    assert (there.seats.signed_in_s, there.seats.occupancy) == (0, None)

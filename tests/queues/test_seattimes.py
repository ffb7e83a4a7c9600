"""Seats' time: stretches cut as they happen, and what they add up to, whole and by row."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.ids import AgentId, CallId, CentreId, SeatId
from queues.breakdown import BREAKDOWNS, PERIODS, midnight
from queues.figures import callback_figures, figures
from queues.followfigures import FollowUpTally
from queues.report import Report, all_rows
from queues.seat import AgentState, SeatStretch, SeatView
from queues.seattimes import SEAT_LABELS, SeatBook, SeatReport, SeatTally

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # Friday, 12:00 in China
DAY = timedelta(days=1)
SEAT, ANNA, CALL = SeatId("chifeng-1001"), AgentId("anna"), CallId("node1-1.1")
S = AgentState


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def view(state: AgentState, at: float, *, reason: str = "", call: CallId | None = None) -> SeatView:
    return SeatView(
        seat=SEAT,
        centre=CentreId("chifeng"),
        extension="1001",
        agent=None if state is S.LOGGED_OUT else ANNA,
        state=state,
        reason=reason,
        since=after(at),
        until=None,
        call=call,
        has_phone=True,
    )


def stretch(
    state: AgentState,
    since: float,
    until: float | None,
    *,
    seat: str = "chifeng-1001",
    reason: str = "",
) -> SeatStretch:
    return SeatStretch(
        seat=SeatId(seat),
        centre=CentreId("chifeng"),
        agent=ANNA,
        state=state,
        reason=reason,
        call=None,
        since=after(since),
        until=None if until is None else after(until),
    )


def kept(rows: list[SeatStretch]) -> list[tuple[AgentState, datetime, datetime | None]]:
    """What a table keyed by seat and beginning holds after those were written."""
    table = {row.since: row for row in rows}
    return [(row.state, row.since, row.until) for _, row in sorted(table.items())]


# --- the book ---------------------------------------------------------------------------------


def test_a_shift_is_cut_into_stretches_that_touch() -> None:
    """Each ends where the next begins; signing out ends the last, and nothing follows it."""
    book = SeatBook()
    life = [
        view(S.LOGGED_OUT, 0),
        view(S.NOT_READY, 1, reason="sign-in"),
        view(S.AVAILABLE, 5),
        view(S.OFFERED, 9, call=CALL),
        view(S.TALKING, 12, call=CALL),
        view(S.WRAP_UP, 40),
        view(S.AVAILABLE, 50),
        view(S.LOGGED_OUT, 60),
    ]
    rows = [row for one in life for row in book.note(one)]
    assert kept(rows) == [
        (S.NOT_READY, after(1), after(5)),
        (S.AVAILABLE, after(5), after(9)),
        (S.OFFERED, after(9), after(12)),
        (S.TALKING, after(12), after(40)),
        (S.WRAP_UP, after(40), after(50)),
        (S.AVAILABLE, after(50), after(60)),
    ]


def test_a_seat_that_did_not_change_writes_nothing() -> None:
    """A phone that comes and goes, or the same state told again, is no new stretch."""
    book = SeatBook()
    assert len(book.note(view(S.AVAILABLE, 0))) == 1
    assert book.note(replace(view(S.AVAILABLE, 0), has_phone=False)) == []
    assert book.note(view(S.AVAILABLE, 7)) == []


def test_another_reason_is_another_stretch() -> None:
    book = SeatBook()
    book.note(view(S.NOT_READY, 0, reason="小休"))
    rows = book.note(view(S.NOT_READY, 9, reason="用餐"))
    assert [row.reason for row in rows] == ["小休", "用餐"]


def test_a_stretch_of_no_length_leaves_no_row_of_its_own() -> None:
    """A wrap-up that ends into the next offer at once: the ready instant between is replaced."""
    book = SeatBook()
    rows = book.note(view(S.WRAP_UP, 0)) + book.note(view(S.AVAILABLE, 10))
    rows += book.note(view(S.OFFERED, 10, call=CALL))
    assert kept(rows) == [(S.WRAP_UP, after(0), after(10)), (S.OFFERED, after(10), None)]


def test_a_wrap_up_says_whose_it_is() -> None:
    book = SeatBook()
    [row] = book.note(replace(view(S.WRAP_UP, 0), wraps_up=CALL))
    assert row.call == CALL


def test_signed_in_and_out_in_one_instant_took_no_time() -> None:
    book = SeatBook()
    rows = book.note(view(S.NOT_READY, 3, reason="sign-in")) + book.note(view(S.LOGGED_OUT, 3))
    assert kept(rows) == [(S.NOT_READY, after(3), after(3))]


@pytest.mark.parametrize("by_s", [3600, -3600])
def test_a_clock_that_is_set_makes_no_stretch_longer(by_s: float) -> None:
    """Ready for ten seconds is ready for ten seconds, by whichever clock it began."""
    book = SeatBook()
    book.note(view(S.AVAILABLE, 0))
    book.shift_clock(timedelta(seconds=by_s))
    [over, next_one] = book.note(view(S.OFFERED, 10 + by_s, call=CALL))
    assert (over.since, over.until) == (after(0), after(10))
    assert next_one.since == after(10 + by_s)


# --- the sums ---------------------------------------------------------------------------------


def report(stretches: list[SeatStretch], by: str = "seat", *, until: float = 86400) -> SeatReport:
    found = SeatReport(NOON, after(until), by)
    for one in stretches:
        found.add(one)
    return found


def test_occupancy_is_the_share_of_work_with_a_caller() -> None:
    """Ringing, talking and wrapping up of those and ready; a break counts on neither side."""
    whole = report(
        [
            stretch(S.AVAILABLE, 0, 100),
            stretch(S.OFFERED, 100, 110),
            stretch(S.TALKING, 110, 250),
            stretch(S.WRAP_UP, 250, 300),
            stretch(S.NOT_READY, 300, 900, reason="用餐"),
        ]
    ).whole
    assert whole.occupancy == pytest.approx(200 / 300)
    assert (whole.signed_in_s, whole.ready_s, whole.not_ready_s) == (900, 100, 600)
    assert (whole.ringing_s, whole.talking_s, whole.wrapping_up_s) == (10, 140, 50)
    assert whole.not_ready_by_reason == {"用餐": 600}


def test_wrap_up_is_the_mean_of_those_that_began_here_and_are_over() -> None:
    """Whole lengths, wherever they end; one that lasts counts nothing yet."""
    whole = report(
        [
            stretch(S.WRAP_UP, -10, 50),  # began before
            stretch(S.WRAP_UP, 60, 80),
            stretch(S.WRAP_UP, 990, 1030),  # ends after the report's end
            stretch(S.WRAP_UP, 995, None),
        ],
        until=1000,
    ).whole
    assert whole.wrap_up_s == 30
    assert whole.wrapping_up_s == 50 + 20 + 10 + 5


def test_nothing_counted_has_neither_share_nor_mean() -> None:
    whole = report([]).whole
    assert (whole.occupancy, whole.wrap_up_s, whole.signed_in_s) == (None, None, 0)


def test_reasons_stand_the_longest_first() -> None:
    whole = report(
        [
            stretch(S.NOT_READY, 0, 10, reason="会议"),
            stretch(S.NOT_READY, 10, 40, reason="用餐"),
            stretch(S.NOT_READY, 40, 60, reason="会议"),
            stretch(S.NOT_READY, 60, 60, reason="培训"),
        ]
    ).whole
    assert list(whole.not_ready_by_reason.items()) == [("会议", 30), ("用餐", 30)]


@pytest.mark.parametrize(
    ("by", "rows"),
    [
        ("seat", ["chifeng-1001", "chifeng-1002"]),
        ("agent", ["anna"]),
        ("centre", ["chifeng"]),
        ("half-hour", ["2026-11-20 12:00", "2026-11-20 12:30"]),
        ("day", ["2026-11-20"]),
        ("line", []),
    ],
)
def test_stretches_stand_in_the_rows_of_which_they_fill_a_part(by: str, rows: list[str]) -> None:
    """Not only in the one where they begin; a line's calls say nothing of seats' time."""
    found = report(
        [stretch(S.AVAILABLE, 1700, 1900), stretch(S.AVAILABLE, 0, 60, seat="chifeng-1002")], by
    )
    assert list(found.rows) == rows
    if by == "half-hour":
        assert [row.ready_s for row in found.rows.values()] == [160, 100]


SPANS = st.tuples(
    st.sampled_from([state for state in AgentState if state is not S.LOGGED_OUT]),
    st.integers(-90 * 86400, 400 * 86400),
    st.none() | st.integers(0, 40 * 86400),
    st.sampled_from(["用餐", "小休"]),
)


@given(st.lists(SPANS, max_size=8), st.sampled_from(sorted(PERIODS)), st.integers(1, 20))
def test_the_rows_of_a_time_add_up_to_the_whole(
    spans: list[tuple[AgentState, int, int | None, str]], by: str, days: int
) -> None:
    """Whatever the stretches and the breakdown: no second is lost and none counted twice."""
    limit = days * 86400 if by == "half-hour" else days * 40 * 86400
    stretches = [
        stretch(state, since, None if lasts is None else since + lasts, reason=reason)
        for state, since, lasts, reason in spans
    ]
    found = report(stretches, by, until=limit)
    for name in (*SEAT_LABELS, "not_ready_by_reason"):
        if name.endswith("_s") and name != "wrap_up_s":
            parts = sum(getattr(row, name) for row in found.rows.values())
            assert parts == pytest.approx(getattr(found.whole, name))
    again = report(stretches[::-1], by, until=limit)
    assert (again.whole, again.rows) == (found.whole, found.rows)


@given(st.sampled_from(sorted(PERIODS)), st.integers(-200_000_000, 100_000_000))
def test_a_period_ends_where_the_next_one_begins(by: str, seconds: int) -> None:
    """The instant before the edge is in the same row, the edge in another; rows sort by time."""
    here = after(seconds)
    edge = PERIODS[by].next_edge(here)
    before = edge - timedelta(microseconds=1)
    assert edge > here
    assert PERIODS[by].name(before) == PERIODS[by].name(here) < PERIODS[by].name(edge)
    assert midnight(here) <= here < midnight(here) + DAY


# --- the report -------------------------------------------------------------------------------


def whole_report(by: str, stretches: list[SeatStretch]) -> Report:
    found = report(stretches, by)
    return Report(
        since=NOON,
        until=after(60),
        by=by,
        whole=figures([]),
        rows=all_rows({}, found.rows),
        worst_24_h=(NOON, 0.5),
        callbacks=callback_figures([], NOON),
        follow_ups=FollowUpTally(NOON).figures(),
        seats=found.whole,
        seat_rows=found.rows,
    )


def test_a_seat_without_a_call_has_its_row_all_the_same() -> None:
    """Ready all day and nobody called: its time stands in the report beside no calls."""
    told = whole_report("seat", [stretch(S.AVAILABLE, 0, 60)]).as_json()
    assert [row["row"] for row in told["rows"]] == ["chifeng-1001"]
    assert (told["rows"][0]["offered"], told["rows"][0]["seats"]["ready_s"]) == (0, 60)
    assert told["whole"]["seats"]["occupancy"] == 0
    assert told["worst_24_h"] == {"since": "2026-11-20T12:00:00+08:00", "connection_share": 0.5}


def test_a_row_that_says_nothing_of_seats_says_so() -> None:
    found = whole_report("line", [stretch(S.AVAILABLE, 0, 60)])
    told = replace(found, rows=all_rows({"12345": figures([])}, {}), worst_24_h=None).as_json()
    assert (told["rows"][0]["seats"], told["worst_24_h"]) == (None, None)


def test_every_figure_of_seats_has_a_name_for_people() -> None:
    assert [*SEAT_LABELS, "not_ready_by_reason"] == list(asdict(SeatTally().figures()))


def test_every_breakdown_by_time_is_one() -> None:
    assert set(PERIODS) < set(BREAKDOWNS)

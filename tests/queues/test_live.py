"""What supervisors see now: the same figures as a report's, whoever told what and when."""

import json
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cti.call import CallState
from cti.ids import AgentId, CallId, CentreId, LineId, SeatId
from queues.figures import figures
from queues.live import NAMED, LiveBoard, Standing, changes
from queues.seat import AgentState, SeatStretch, SeatView
from queues.seattimes import SeatTally
from records.callrecord import CallRecord, Direction, Disposition, Source, Talk
from records.merge import merge

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)  # 12:00 in China
MIDNIGHT = datetime(2026, 11, 19, 16, 0, tzinfo=UTC)
HERE, THERE = CentreId("chifeng"), CentreId("ningcheng")
S = AgentState


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def call(
    number: int,
    *,
    at: float = 0,
    answered: float | None = None,
    ended: float | None = None,
    source: Source = Source.LIVE,
    centre: CentreId = HERE,
) -> CallRecord:
    """A call; times in seconds after noon."""
    talks: tuple[Talk, ...] = ()
    if answered is not None:
        until = None if ended is None else after(ended)
        talks = (Talk(seat=SeatId("s1"), agent=AgentId("a"), since=after(answered), until=until),)
    disposition = Disposition.ANSWERED if talks else Disposition.ABANDONED
    return CallRecord(
        call=CallId(f"node1-{number}"),
        centre=centre,
        line=LineId("12345"),
        dnis="12345",
        ani="13900000001",
        arrived_at=after(at),
        waited_since=after(at),
        ended_at=None if ended is None else after(ended),
        disposition=Disposition.LIVE if ended is None else disposition,
        talks=talks,
        source=source,
    )


def stretch(
    state: AgentState, since: float, until: float | None, seat: str = "chifeng-1001"
) -> SeatStretch:
    return SeatStretch(
        seat=SeatId(seat),
        centre=HERE,
        agent=AgentId("anna"),
        state=state,
        reason="",
        call=None,
        since=after(since),
        until=None if until is None else after(until),
    )


def view(extension: str, state: AgentState, centre: CentreId = HERE) -> SeatView:
    return SeatView(
        seat=SeatId(f"{centre}-{extension}"),
        centre=centre,
        extension=extension,
        agent=None if state is S.LOGGED_OUT else AgentId(f"agent-{extension}"),
        state=state,
        reason="",
        since=NOON,
        until=None,
        call=None,
        has_phone=True,
    )


def shown(board: LiveBoard, at: datetime = NOON, **told: Any) -> Any:
    standing: Sequence[Standing] = told.get("standing", ())
    return board.live(HERE, at, standing, told.get("seats", ()))


# --- calls ------------------------------------------------------------------------------------

TELLINGS = st.lists(
    st.builds(
        call,
        st.integers(1, 4),
        at=st.integers(-5, 5),
        answered=st.none() | st.integers(5, 40),
        ended=st.none() | st.integers(40, 99),
        source=st.sampled_from(Source),
        centre=st.sampled_from([HERE, THERE]),
    ),
    max_size=20,
)


@given(TELLINGS)
def test_each_call_counts_once_whoever_told_of_it_and_how_often(told: list[CallRecord]) -> None:
    """As in SQL: of all records of a call the best, in whatever order they came."""
    board, truth = LiveBoard(NOON), dict[CallId, CallRecord]()
    for record in told:
        board.see(record)
        known = truth.get(record.call, record)
        truth[record.call] = merge(known, record)
    for centre in (HERE, THERE):
        best = [one for one in truth.values() if one.centre == centre]
        assert board.today(centre) == figures(best)
    assert {one.call: one for one in board.calls()} == truth


def test_a_call_that_goes_on_counts_as_it_stands() -> None:
    """Answered is shown when somebody answers, not when the call is over."""
    board = LiveBoard(NOON)
    board.see(call(1))
    talking = Standing(record=call(1, answered=7), state=CallState.TALKING)
    assert shown(board)["today"]["answered"] == 0
    assert shown(board, standing=[talking])["today"]["answered"] == 1
    shown(board, standing=[talking])
    board.see(call(1, answered=7, ended=60))
    today = shown(board, standing=[talking])["today"]  # the switch has not let go of it yet
    assert (today["answered"], today["live"], today["talk_s"]) == (1, 0, 53)


def test_a_call_of_another_day_is_in_another_days_figures() -> None:
    """Days are China's; a call belongs to the day of its arrival, however long it lasts."""
    board = LiveBoard(NOON)
    yesterday = (MIDNIGHT - NOON).total_seconds() - 1
    board.see(call(1, at=yesterday, ended=5))
    board.see(call(2, at=yesterday + 1, ended=5))
    late = Standing(record=call(1, at=yesterday), state=CallState.TALKING)
    assert shown(board, standing=[late])["today"]["offered"] == 1


def test_a_new_day_begins_with_its_own_calls_alone() -> None:
    """At midnight the figures begin anew; a call that came in the same instant is there."""
    board = LiveBoard(NOON)
    next_day = (MIDNIGHT + timedelta(days=1) - NOON).total_seconds()
    board.see(call(1, ended=5))
    board.spend(stretch(S.AVAILABLE, 0, 10))
    board.spend(stretch(S.TALKING, 10, None))
    before = shown(board, after(next_day - 1))
    assert (before["today"]["offered"], before["now"]["is_whole"]) == (1, False)
    board.see(call(2, at=next_day))
    now = shown(board, after(next_day + 60))
    assert (now["today"]["offered"], now["today"]["live"]) == (1, 1)
    assert (now["now"]["day"], now["now"]["is_whole"]) == ("2026-11-21", True)
    assert board.spent(HERE, after(next_day + 60)).talking_s == 60
    assert board.spent(HERE, after(next_day + 60)).ready_s == 0


def test_a_night_that_nobody_watches_is_counted_all_the_same() -> None:
    """Calls and seats' time of the new day begin it, and yesterday's are let go of."""
    board = LiveBoard(NOON)
    next_day = (MIDNIGHT + timedelta(days=1) - NOON).total_seconds()
    board.see(call(1, ended=5))
    board.spend(stretch(S.TALKING, next_day - 50, None))
    board.spend(stretch(S.TALKING, next_day - 50, next_day + 20))
    board.spend(stretch(S.WRAP_UP, next_day + 20, next_day + 30))
    board.see(call(2, at=next_day + 25, ended=next_day + 90))
    assert [one.call for one in board.calls()] == ["node1-2"]
    spent = board.spent(HERE, after(next_day + 3600))
    assert (spent.talking_s, spent.wrapping_up_s) == (20, 10)


def test_a_clock_set_back_over_midnight_finds_its_day_again() -> None:
    """What was counted by the wrong clock is another day's then."""
    board = LiveBoard(NOON)
    wrong = 86400.0
    board.see(call(1, at=wrong, ended=wrong + 5))
    assert shown(board, after(wrong + 9))["today"]["offered"] == 1
    now = shown(board, NOON)
    assert (now["today"]["offered"], now["now"]["day"]) == (0, "2026-11-20")


def test_who_waits_and_since_when() -> None:
    """Whom a seat is being rung for waits still; who talks or is to be called back does not."""
    waits = call(1, at=-30)
    standing = [
        Standing(record=waits, state=CallState.WAITING),
        Standing(record=call(2, at=-90), state=CallState.OFFERED),
        Standing(record=replace(call(3, at=-95), waited_since=None), state=CallState.FALLEN_BACK),
        Standing(record=call(4, at=-300), state=CallState.TALKING),
        Standing(record=call(5, at=-300), state=CallState.OUTSIDE),
        Standing(record=call(6, at=-300), state=CallState.KEPT),
        Standing(record=call(7, at=-300), state=CallState.HELD),
    ]
    live = shown(LiveBoard(NOON), standing=standing)
    now = live["now"]
    assert (now["waiting"], now["ringing"], now["talking"]) == (3, 1, 2)
    shown_waiting = [(name, one["rings"]) for name, one in live["waiting"].items()]
    assert shown_waiting == [("node1-3", False), ("node1-2", True), ("node1-1", False)]
    assert live["waiting"]["node1-1"] == {
        "line": "12345",
        "number": "*********01",
        "since": after(-30).isoformat(),
        "rings": False,
    }
    assert (now["outside"], now["kept"]) == (1, 1)
    assert datetime.fromisoformat(now["waiting_since"]) == after(-95)
    assert shown(LiveBoard(NOON))["now"]["waiting_since"] is None


def test_a_citizen_whom_a_seat_called_waits_once_it_was_asked_to() -> None:
    """Moved to a skill it stands in the queue as any caller; while a seat calls, it waits not."""
    called = replace(call(1), direction=Direction.OUT, waited_since=None)
    ringing = Standing(record=called, state=CallState.OFFERED)
    now = shown(LiveBoard(NOON), standing=[ringing])["now"]
    assert (now["waiting"], now["ringing"]) == (0, 0)
    waits = Standing(record=replace(called, waited_since=after(60)), state=CallState.WAITING)
    live = shown(LiveBoard(NOON), after(70), standing=[waits])
    assert live["now"]["waiting"] == 1
    assert live["waiting"]["node1-1"]["since"] == after(60).isoformat()


def test_a_caller_back_in_the_queue_waits_since_the_talk() -> None:
    """Its place is that of its first wait; a talk of twenty minutes was no waiting."""
    back = Standing(record=call(1, answered=5), state=CallState.WAITING)
    [talk] = back.record.talks
    over = replace(back.record, talks=(replace(talk, until=after(1200)),))
    fresh = Standing(record=call(2, at=1190), state=CallState.WAITING)
    board = LiveBoard(NOON)
    live = shown(board, after(1210), standing=[replace(back, record=over), fresh])
    assert live["now"]["waiting_since"] == after(1190).isoformat()
    assert live["waiting"]["node1-1"]["since"] == after(1200).isoformat()
    unseen = shown(board, after(1210), standing=[back])  # nobody saw the talk's end
    assert unseen["now"]["waiting_since"] == after(5).isoformat()


def test_only_so_many_of_those_who_wait_are_named() -> None:
    """Those who have waited longest; however many there are, all are counted."""
    many = [Standing(record=call(n, at=-n), state=CallState.WAITING) for n in range(1, NAMED + 3)]
    live = shown(LiveBoard(NOON), standing=many)
    assert (live["now"]["waiting"], len(live["waiting"])) == (NAMED + 2, NAMED)
    assert "node1-1" not in live["waiting"]


def test_a_citizen_whom_a_seat_calls_waits_for_nobody() -> None:
    """The talk is one, and the call stands among those out."""
    out = replace(call(1, at=-30), waited_since=None, direction=Direction.OUT)
    rung = shown(LiveBoard(NOON), standing=[Standing(record=out, state=CallState.OFFERED)])
    assert (rung["now"]["waiting"], rung["now"]["ringing"]) == (0, 0)
    assert rung["now"]["waiting_since"] is None
    assert (rung["today"]["offered"], rung["today"]["dialled_out"]) == (0, 1)
    talks = shown(LiveBoard(NOON), standing=[Standing(record=out, state=CallState.TALKING)])
    assert talks["now"]["talking"] == 1


# --- seats ------------------------------------------------------------------------------------


def test_seats_stand_by_state_and_by_name() -> None:
    """Those of the centre at which somebody is signed in."""
    seats = [
        view("1001", S.AVAILABLE),
        view("1002", S.TALKING),
        view("1003", S.LOGGED_OUT),
        view("1001", S.AVAILABLE, THERE),
    ]
    told = shown(LiveBoard(NOON), seats=seats)
    assert told["states"] == {
        "available": 1,
        "offered": 0,
        "talking": 1,
        "wrap-up": 0,
        "not-ready": 0,
    }
    assert list(told["seats"]) == ["chifeng-1001", "chifeng-1002"]
    assert told["seats"]["chifeng-1002"]["agent"] == "agent-1002"


def test_seats_time_is_that_before_us_and_that_since() -> None:
    """What is open lasts until now; what a brain before left open ended when it was last seen."""
    board = LiveBoard(NOON)
    board.recall(stretch(S.AVAILABLE, -100, -60), after(-40))
    board.recall(stretch(S.TALKING, -60, None), after(-40))
    board.recall(stretch(S.TALKING, -30, None, "chifeng-1002"), after(-40))
    board.recall(stretch(S.AVAILABLE, 5, None, "chifeng-1003"), after(-40))  # ours: told as it is
    board.spend(stretch(S.WRAP_UP, 5, None))
    board.spend(stretch(S.WRAP_UP, 5, 15))
    board.spend(stretch(S.AVAILABLE, 15, None))
    spent = board.spent(HERE, after(25))
    assert (spent.ready_s, spent.talking_s, spent.wrapping_up_s) == (50, 20, 10)
    told = shown(board, after(25))["today"]
    assert (told["occupancy"], told["wrap_up_s"]) == (0.375, 10)


def test_nobody_signed_in_has_spent_nothing() -> None:
    board = LiveBoard(NOON)
    board.spend(stretch(S.AVAILABLE, 0, None))
    assert asdict(board.spent(THERE, after(9))) == asdict(SeatTally().figures())


def test_the_day_is_whole_once_the_past_is_known() -> None:
    board = LiveBoard(NOON)
    assert not shown(board)["now"]["is_whole"]
    board.has_past = True
    assert shown(board)["now"]["is_whole"]


# --- changes ----------------------------------------------------------------------------------


def fold(before: dict[str, Any], said: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """As the page folds."""
    now = deepcopy(before)
    for group, told in said.items():
        now[group] = {**now.get(group, {}), **told}
        if group in ("seats", "waiting"):
            now[group] = {name: one for name, one in now[group].items() if one is not None}
    return now


def any_board(rolls: Random) -> Any:
    seats = [view(str(1000 + n), rolls.choice(list(S))) for n in range(rolls.randrange(4))]
    board = LiveBoard(NOON)
    for n in range(rolls.randrange(3)):
        board.see(call(n, ended=rolls.choice([None, 9])))
    states = [Standing(record=call(9), state=rolls.choice(list(CallState)))]
    return shown(board, standing=states[: rolls.randrange(2)], seats=seats)


@pytest.mark.parametrize("seed", range(30))
def test_what_was_shown_and_the_changes_are_what_is_shown(seed: int) -> None:
    """Old + said = new, from nothing too; and what is the same is not said."""
    rolls = Random(seed)
    states = [{}, *(any_board(rolls) for _ in range(6))]
    for before, now in zip(states, states[1:], strict=False):
        said = json.loads(json.dumps(changes(before, now)))
        assert fold(before, said) == now
        assert changes(now, now) == {}

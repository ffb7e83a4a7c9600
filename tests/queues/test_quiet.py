"""Whom free seats are offered to call back while nobody waits, at no caller's cost."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cti.ids import AgentId, CallId, CentreId, LineId, SeatId
from queues.callback import claim
from queues.quiet import AGAIN_AFTER, DECLINED_FOR, PATIENCE, QuietQueue, TaskOffer
from queues.seat import AgentState, SeatView
from queues.task import Attempt, AttemptOutcome, Task

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
AFTER = 20 * SECOND
ANNA, BAO = AgentId("anna"), AgentId("bao")


def at(seconds: float) -> datetime:
    return NOON + seconds * SECOND


def seat(
    number: int = 1, agent: AgentId | None = ANNA, *, since: float = 0, **other: object
) -> SeatView:
    view = SeatView(
        seat=SeatId(f"chifeng-100{number}"),
        centre=CentreId("chifeng"),
        extension=f"100{number}",
        agent=agent,
        state=AgentState.AVAILABLE,
        reason="",
        since=at(since),
        until=None,
        call=None,
        has_phone=True,
    )
    return replace(view, **other)  # type: ignore[arg-type]


def task(number: int = 1, due: float = 3600) -> Task:
    return Task(
        call=CallId(f"node1-1.{number}"),
        centre=CentreId("chifeng"),
        line=LineId("8337772"),
        number="13900000001",
        missed_at=at(-3600),
        due_at=at(due),
        is_short=False,
    )


class Desk:
    """A quiet queue that is looked at as the brain does, and what stands on the desks."""

    def __init__(self) -> None:
        self.queue = QuietQueue(NOON)

    def look(
        self,
        second: float,
        seats: Sequence[SeatView],
        tasks: Sequence[Task],
        *,
        waiting: int = 0,
        is_open: bool = True,
    ) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        now = at(second)
        is_quiet = self.queue.is_quiet(now, waiting=waiting, after=AFTER, is_open=is_open)
        gone, made = self.queue.look(now, is_quiet=is_quiet, seats=seats, tasks=tasks, after=AFTER)
        return _names(gone), _names(made)


def _names(offers: Sequence[TaskOffer]) -> list[tuple[str, str]]:
    return [(offer.task.call.rpartition(".")[2], offer.agent) for offer in offers]


def test_the_most_urgent_task_goes_to_the_seat_free_longest() -> None:
    """And the next to the next; each once."""
    desk = Desk()
    seats = [seat(1, ANNA, since=1), seat(2, BAO)]
    assert desk.look(30, seats, [task(2), task(1)]) == ([], [("2", BAO), ("1", ANNA)])
    assert desk.look(31, seats, [task(2), task(1)]) == ([], [])
    assert _names(desk.queue.offers) == [("2", BAO), ("1", ANNA)]


def test_nothing_is_offered_before_the_queue_and_the_seat_were_quiet_long_enough() -> None:
    desk = Desk()
    assert desk.look(19, [seat()], [task()]) == ([], [])
    assert desk.look(20, [seat(since=1)], [task()]) == ([], [])
    assert desk.look(21, [seat(since=1)], [task()]) == ([], [("1", ANNA)])


def test_a_caller_who_waits_goes_first() -> None:
    """The offer is taken back at once, and comes again only after a whole quiet time."""
    desk = Desk()
    desk.look(30, [seat()], [task()])
    assert desk.look(31, [seat()], [task()], waiting=1) == ([("1", ANNA)], [])
    assert desk.look(50, [seat()], [task()]) == ([], [])
    assert desk.look(51, [seat()], [task()]) == ([], [("1", ANNA)])


def test_who_rings_talks_is_away_or_has_no_phone_is_not_asked() -> None:
    desk = Desk()
    for view in (
        seat(state=AgentState.OFFERED),
        seat(state=AgentState.TALKING),
        seat(state=AgentState.WRAP_UP),
        seat(state=AgentState.NOT_READY),
        seat(has_phone=False),
        seat(agent=None),
    ):
        assert desk.look(60, [view], [task()]) == ([], [])
    desk.look(61, [seat()], [task()])
    assert desk.look(62, [seat(state=AgentState.OFFERED)], [task()]) == ([("1", ANNA)], [])


def test_an_offer_goes_with_the_agent_and_with_the_task() -> None:
    """Somebody else sits there now; somebody claimed it; the caller called again."""
    claimed = claim(task(), AgentId("chief"), at(30))
    for seats, tasks in (
        ([seat(agent=BAO, since=29)], [task()]),
        ([seat()], [claimed]),
        ([seat()], []),
        ([], [task()]),
    ):
        desk = Desk()
        desk.look(30, [seat()], [task()])
        assert desk.look(31, seats, tasks) == ([("1", ANNA)], [])


def test_whoever_declines_or_says_nothing_is_passed_over_for_a_while() -> None:
    """The next free seat is asked; with nobody else there, the same agent ten minutes later."""
    desk = Desk()
    both = [seat(1, ANNA), seat(2, BAO, since=1)]
    desk.look(30, both, [task()])
    desk.queue.decline(ANNA, task().call, at(32))
    assert desk.look(33, both, [task()]) == ([("1", ANNA)], [("1", BAO)])
    silent = 33 + PATIENCE.total_seconds()
    assert desk.look(silent - 1, both, [task()]) == ([], [])
    assert desk.look(silent, both, [task()]) == ([("1", BAO)], [])
    again = 32 + DECLINED_FOR.total_seconds()
    assert desk.look(again - 1, both, [task()]) == ([], [])
    assert desk.look(again, both, [task()]) == ([], [("1", ANNA)])


def test_an_agent_who_holds_a_task_is_offered_no_other() -> None:
    held = claim(task(1), ANNA, at(25))
    assert Desk().look(30, [seat()], [held, task(2)]) == ([], [])
    assert Desk().look(30 + 700, [seat()], [held]) == ([], [("1", ANNA)])  # the claim ran out


def test_whom_nobody_reached_is_not_offered_again_at_once() -> None:
    tried = replace(
        task(),
        attempts=(Attempt(at=at(0), agent=BAO, outcome=AttemptOutcome.NO_ANSWER),),
    )
    assert Desk().look(30, [seat()], [tried]) == ([], [])
    assert Desk().look(AGAIN_AFTER.total_seconds(), [seat()], [tried]) == ([], [("1", ANNA)])


def test_nobody_is_called_back_at_an_hour_when_nobody_may_be() -> None:
    """What was offered is taken back when that hour comes."""
    desk = Desk()
    assert desk.look(30, [seat()], [task()], is_open=False) == ([], [])
    assert desk.look(31, [seat()], [task()]) == ([], [("1", ANNA)])
    assert desk.look(32, [seat()], [task()], is_open=False) == ([("1", ANNA)], [])


SEATS = st.lists(
    st.builds(
        seat,
        st.integers(1, 4),
        st.sampled_from([ANNA, BAO, AgentId("chen"), AgentId("dong")]),
        since=st.integers(0, 60),
        state=st.sampled_from([AgentState.AVAILABLE, AgentState.TALKING]),
    ),
    unique_by=(lambda view: view.seat, lambda view: view.agent),
    max_size=4,
)
LOOK = st.tuples(st.integers(1, 15), SEATS, st.sets(st.integers(1, 4)), st.booleans())


@given(st.lists(LOOK, max_size=20))
def test_a_task_is_with_one_seat_and_a_seat_has_one_task_whatever_happens(
    looks: Sequence[tuple[int, Sequence[SeatView], set[int], bool]],
) -> None:
    """And what desks show, by what they are told, is what stands; nothing while somebody waits."""
    desk, shown, second = Desk(), set[tuple[str, str]](), 0
    for step, seats, numbers, is_waiting in looks:
        second += step
        gone, made = desk.look(
            second, seats, [task(number) for number in sorted(numbers)], waiting=int(is_waiting)
        )
        assert set(gone) <= shown
        shown = (shown - set(gone)) | set(made)
        assert shown == set(_names(desk.queue.offers))
        assert len({call for call, _ in shown}) == len({agent for _, agent in shown}) == len(shown)
        free = {view.agent for view in seats if view.state is AgentState.AVAILABLE}
        assert {agent for _, agent in shown} <= free
        assert not (is_waiting and shown)

"""When nobody waits, free seats are offered whom to call back. Pure.

An offer is a line on a desk and no more: the seat stays free, a caller who comes rings there at
once, and the offer is taken back. A task is offered to one seat at a time and a seat has one offer
at most; whoever declines it, or says nothing for ``PATIENCE``, is not asked about it again soon.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from cti.ids import AgentId, CallId, SeatId
from queues.seat import AgentState, SeatView
from queues.task import Task, TaskState

PATIENCE: Final = timedelta(seconds=30)
"""How long one agent is asked."""
DECLINED_FOR: Final = timedelta(minutes=10)
"""Whoever did not want a task is not asked about it for this long."""
AGAIN_AFTER: Final = timedelta(minutes=30)
"""Whom nobody reached is not offered again earlier; any agent may still claim the task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOffer:
    """A task as it is offered to whoever sits at a free seat."""

    task: Task
    seat: SeatId
    agent: AgentId
    at: datetime


class QuietQueue:
    """One centre's offers of call-back tasks. ``look`` now and then; nothing happens between."""

    def __init__(self, now: datetime) -> None:
        self._busy_at = now
        """When somebody last waited. A brain that has just come knows nothing of before."""
        self._offers: dict[CallId, TaskOffer] = {}
        self._unwanted: dict[tuple[CallId, AgentId], datetime] = {}

    @property
    def offers(self) -> list[TaskOffer]:
        """What is offered now."""
        return list(self._offers.values())

    def decline(self, agent: AgentId, call: CallId, now: datetime) -> None:
        """The agent does not want that task; the next look offers it to somebody else."""
        self._unwanted[call, agent] = now + DECLINED_FOR

    def is_quiet(
        self, now: datetime, *, waiting: int, after: timedelta, is_open: bool = True
    ) -> bool:
        """Whether nobody has waited for so long. Ask it each time before ``look``.

        ``is_open``: it is an hour at which citizens may be called unasked.
        """
        if waiting:
            self._busy_at = now
        return is_open and now - self._busy_at >= after

    def look(
        self,
        now: datetime,
        *,
        is_quiet: bool,
        seats: Iterable[SeatView],
        tasks: Sequence[Task],
        after: timedelta,
    ) -> tuple[list[TaskOffer], list[TaskOffer]]:
        """Say what to take back and what to offer now, in this order.

        ``seats``: those whose agents look at a desk. ``tasks``: the open ones, the most urgent
        first. ``after``: how long a seat must have been free.
        """
        standing = {task.call: task.as_of(now) for task in tasks}
        free = {seat.seat: seat for seat in seats if _is_free(seat)}
        gone = [one for one in self.offers if not self._stands(one, now, is_quiet, standing, free)]
        for offer in gone:
            del self._offers[offer.task.call]
        self._unwanted = {key: until for key, until in self._unwanted.items() if until > now}
        if not is_quiet:
            return gone, []
        return gone, self._offer(now, standing.values(), free.values(), after)

    def _stands(
        self,
        offer: TaskOffer,
        now: datetime,
        is_quiet: bool,
        standing: dict[CallId, Task],
        free: dict[SeatId, SeatView],
    ) -> bool:
        call = offer.task.call
        task, seat = standing.get(call), free.get(offer.seat)
        if now - offer.at >= PATIENCE:
            self.decline(offer.agent, call, now)
        is_owed = task is not None and task.state is TaskState.OWED
        is_there = seat is not None and seat.agent == offer.agent
        return is_quiet and is_owed and is_there and (call, offer.agent) not in self._unwanted

    def _offer(
        self, now: datetime, tasks: Iterable[Task], free: Iterable[SeatView], after: timedelta
    ) -> list[TaskOffer]:
        """Pair the most urgent tasks with the seats that have been free longest."""
        tasks = list(tasks)
        busy = {task.claimed_by for task in tasks} | {offer.agent for offer in self.offers}
        ready = sorted(
            (seat for seat in free if now - seat.since >= after and seat.agent not in busy),
            key=lambda seat: (seat.since, seat.seat),
        )
        made: list[TaskOffer] = []
        for task in tasks:
            if task.state is not TaskState.OWED or not self._may_be_tried(task, now):
                continue
            seat = next((s for s in ready if (task.call, s.agent) not in self._unwanted), None)
            if seat is None or seat.agent is None:
                continue
            ready.remove(seat)
            offer = TaskOffer(task=task, seat=seat.seat, agent=seat.agent, at=now)
            self._offers[task.call] = offer
            made.append(offer)
        return made

    def _may_be_tried(self, task: Task, now: datetime) -> bool:
        is_rested = not task.attempts or now - task.attempts[-1].at >= AGAIN_AFTER
        return task.call not in self._offers and is_rested


def _is_free(seat: SeatView) -> bool:
    return seat.state is AgentState.AVAILABLE and seat.has_phone and seat.agent is not None

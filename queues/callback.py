"""Call-back tasks: nobody who called in vain is forgotten. Pure.

Every call that ended before a person answered leaves a task, whenever it came and whoever noticed
it: the switch while it lived, or the replay of Asterisk's log afterwards. A number has one open
task at most: a later call of the same number that is answered closes it, a later one in vain
takes its place and its deadline.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from cti.errors import DomainError
from cti.happened import OfferOutcome
from cti.ids import AgentId, CallId
from queues.figures import is_reached, is_short_abandon
from queues.task import OPEN, REACHED, Attempt, AttemptOutcome, Task, TaskState
from records.callrecord import CallRecord, Direction, Disposition

WITHIN: Final = timedelta(hours=24)
"""A caller is called back within this (24 小时内回拨)."""
MOST_ATTEMPTS: Final = 3
"""Attempts before a task counts as failed (不少于3次)."""
MOST_DIALS: Final = 3 * MOST_ATTEMPTS
"""Of them and of calls out that rang nowhere: a number that no network knows is given up, too."""
CLAIM: Final = timedelta(minutes=10)
"""How long a task is one agent's: a closed laptop must not keep it."""

_CALLABLE: Final = re.compile(r"\+?[0-9]{3,20}")


class TaskNotOpen(DomainError):  # noqa: N818 - an error is named for what is wrong
    """The task is done, closed or failed: there is nothing left to do."""

    id = "callback-not-open"


class TaskTaken(DomainError):  # noqa: N818 - an error is named for what is wrong
    """Another agent is on it."""

    id = "callback-taken"


class TaskNotClaimed(DomainError):  # noqa: N818 - an error is named for what is wrong
    """Only who claimed a task may say how the attempt went."""

    id = "callback-not-claimed"


def owed(record: CallRecord) -> Task | None:
    """The task that a call leaves; None when a person answered, or nobody can be called back.

    A withheld number cannot: such a call is in the figures and in its draft only. Whoever kept
    its place was tried already, and those attempts count; who of the agents made them nobody notes.
    """
    lost = record.disposition in (Disposition.ABANDONED, Disposition.CUT) or _is_unkept(record)
    lost = lost and record.direction is Direction.IN
    if not lost or record.ended_at is None or not _CALLABLE.fullmatch(record.ani):
        return None
    return Task(
        call=record.call,
        centre=record.centre,
        line=record.line,
        number=record.ani,
        missed_at=record.ended_at,
        due_at=record.ended_at + WITHIN,
        is_short=is_short_abandon(record),
        attempts=tuple(_made(record)),
    )


def _is_unkept(record: CallRecord) -> bool:
    """Whether a caller talked, was lost, kept its place, and was not reached after that."""
    kept_at = record.kept_at
    is_answered = record.disposition is Disposition.ANSWERED
    return is_answered and kept_at is not None and all(t.since < kept_at for t in record.talks)


def _made(record: CallRecord) -> Iterator[Attempt]:
    """The attempts at a caller whose place was kept: the seat answered, the citizen did not."""
    for offered in record.rung:
        is_late = record.kept_at is not None and offered.at >= record.kept_at
        if is_late and offered.outcome == OfferOutcome.ANSWERED.value:
            yield Attempt(at=offered.at, agent=AgentId(""), outcome=AttemptOutcome.NO_ANSWER)


def line_up(records: Iterable[CallRecord], kept: Mapping[CallId, Task]) -> list[Task]:
    """All tasks of one number's calls, in the order of the calls.

    ``records``: the number's calls of one centre, from some moment on, in any order; ``kept``:
    the tasks already known of them. What people did (claims, attempts, what they settled) is
    kept; what follows from the calls alone is found anew, so that it does not matter in which
    order calls became known. A task that was closed by a later call in vain hands on its
    deadline: calling twice does not make anybody wait longer.
    """
    theirs = (one for one in records if one.direction is Direction.IN)
    in_order = sorted(theirs, key=lambda one: (one.arrived_at, one.call))
    tasks: dict[CallId, Task] = {}
    for place, record in enumerate(in_order):
        task = owed(record)
        if task is None:
            continue
        known = kept.get(task.call)
        if known is not None:
            task = _remembered(task, known)
        due_at = min(
            (one.due_at for one in tasks.values() if one.closed_by == task.call),
            default=task.due_at,
        )
        task = replace(task, due_at=min(due_at, task.due_at))
        if task.state in OPEN:
            task = _closed_by_the_first(task, in_order[place + 1 :])
        tasks[task.call] = task
    return list(tasks.values())


def _remembered(fresh: Task, known: Task) -> Task:
    """What people did with the task. That a call closed it follows from the calls."""
    if known.state is TaskState.CLOSED:
        return replace(fresh, attempts=known.attempts)
    return replace(
        fresh,
        state=known.state,
        attempts=known.attempts,
        claimed_by=known.claimed_by,
        claimed_until=known.claimed_until,
    )


def _closed_by_the_first(task: Task, later: Iterable[CallRecord]) -> Task:
    """Answered, or given up as well: the first such call after the loss makes it superfluous."""
    for record in later:
        is_after = record.arrived_at >= task.missed_at
        if is_after and (record.disposition is Disposition.ANSWERED or owed(record) is not None):
            return _over(task, TaskState.CLOSED, closed_by=record.call)
    return task


def claim(task: Task, agent: AgentId, now: datetime) -> Task:
    """Give the task to an agent for ``CLAIM``; again by the same agent: for longer.

    Raises ``TaskNotOpen`` or ``TaskTaken``.
    """
    stands = task.stands(now)
    if stands not in OPEN:
        raise TaskNotOpen(task.call)
    if stands is TaskState.CLAIMED and task.claimed_by != agent:
        raise TaskTaken(task.call)
    return replace(task, state=TaskState.CLAIMED, claimed_by=agent, claimed_until=now + CLAIM)


def release(task: Task, agent: AgentId, now: datetime) -> Task:
    """Give the task back untried. Raises ``TaskNotClaimed``."""
    _must_hold(task, agent, now)
    return _over(task, TaskState.OWED)


def tried(task: Task, attempt: Attempt) -> Task:
    """Note an attempt of the agent who holds the claim. Raises ``TaskNotClaimed``.

    Reached, the task is done. Not reached, it is owed again until it was tried often enough.
    """
    _must_hold(task, attempt.agent, attempt.at)
    task = replace(task, attempts=(*task.attempts, attempt))
    if attempt.outcome in REACHED:
        return _over(task, TaskState.DONE)
    is_last = is_enough(task.attempts)
    return _over(task, TaskState.FAILED if is_last else TaskState.OWED)


def is_enough(attempts: Sequence[Attempt]) -> bool:
    """Whether the caller was tried often enough to be given up.

    A call out that came through nowhere rang no telephone: our own trunk's outage must not use up
    a citizen's attempts. What an agent noted by hand counts, whatever it was.
    """
    unrung = [one for one in attempts if one.call and one.outcome is AttemptOutcome.UNREACHABLE]
    return len(attempts) - len(unrung) >= MOST_ATTEMPTS or len(attempts) >= MOST_DIALS


def dialling(task: Task, agent: AgentId, now: datetime) -> Task:
    """Let the holder call out: the claim lasts ``CLAIM`` from now. Raises ``TaskNotClaimed``."""
    _must_hold(task, agent, now)
    return replace(task, claimed_until=now + CLAIM)


_IN_VAIN: Final = {
    OfferOutcome.MISSED.value: AttemptOutcome.NO_ANSWER,
    OfferOutcome.REJECTED.value: AttemptOutcome.BUSY,
    OfferOutcome.UNREACHABLE.value: AttemptOutcome.UNREACHABLE,
    OfferOutcome.ANSWERED.value: AttemptOutcome.NO_ANSWER,
}
"""What came of ringing a citizen who was not reached. Answered: and cut off at once."""


def attempt_of(record: CallRecord) -> Attempt | None:
    """The attempt that a call out was; None: it is not over, or the agent gave up while it rang."""
    if record.direction is Direction.OUT and record.ended_at is not None and record.rung:
        rung = record.rung[-1]
        outcome = AttemptOutcome.ANSWERED if is_reached(record) else _IN_VAIN.get(rung.outcome)
        if outcome is not None:
            agent = record.talks[0].agent if record.talks else AgentId("")
            return Attempt(at=rung.at, agent=agent, outcome=outcome, call=record.call)
    return None


def noted(task: Task, attempt: Attempt) -> Task:
    """Note the attempt that a call out was, whoever holds the task; again changes nothing.

    Who reports a call out, the switch or later Asterisk's log, may know it better the second
    time: the attempt is then replaced. A task that is over keeps its state, unless the caller was
    reached after all.
    """
    known = next((one for one in task.attempts if one.call == attempt.call), None)
    agent = attempt.agent or (known.agent if known else task.claimed_by or AgentId(""))
    others = (one for one in task.attempts if one is not known)
    attempts = sorted((*others, replace(attempt, agent=agent)), key=lambda one: one.at)
    task = replace(task, attempts=tuple(attempts))
    if any(one.outcome in REACHED for one in attempts):
        return task if task.state is TaskState.CLOSED else _over(task, TaskState.DONE)
    if task.state not in OPEN:
        return task
    if is_enough(attempts):
        return _over(task, TaskState.FAILED)
    is_others = task.claimed_by not in (None, agent)
    return task if known or is_others else _over(task, TaskState.OWED)


def _must_hold(task: Task, agent: AgentId, now: datetime) -> None:
    if task.stands(now) is not TaskState.CLAIMED or task.claimed_by != agent:
        raise TaskNotClaimed(task.call)


def _over(task: Task, state: TaskState, closed_by: CallId | None = None) -> Task:
    return replace(task, state=state, claimed_by=None, claimed_until=None, closed_by=closed_by)

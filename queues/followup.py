"""Follow-up calls (回访): whoever's order is finished is asked how satisfied they are. Pure.

An outside platform says that an order is finished; from then on somebody owes its citizen a call.
Whoever reaches the citizen writes the answer down, 5 (very satisfied) to 1; who is not reached is
tried as often as a call-back is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from cti.errors import DomainError
from cti.ids import AgentId, CallId, CentreId, LineId
from queues.callback import CLAIM, is_enough
from queues.task import REACHED, Attempt

WITHIN: Final = timedelta(hours=24)
"""A citizen is asked within this of the order's end."""


class FollowUpState(Enum):
    """Where a follow-up stands."""

    OWED = "owed"
    CLAIMED = "claimed"
    """An agent is on it, until the claim runs out."""
    DONE = "done"
    """The citizen has answered."""
    FAILED = "failed"
    """Tried as often as the rule asks for, and not reached."""


OPEN: Final = frozenset({FollowUpState.OWED, FollowUpState.CLAIMED})


class FollowUpNotOpen(DomainError):  # noqa: N818 - an error is named for what is wrong
    """The citizen has answered, or was given up."""

    id = "follow-up-not-open"


class FollowUpTaken(DomainError):  # noqa: N818 - an error is named for what is wrong
    """Another agent is on it."""

    id = "follow-up-taken"


class FollowUpNotClaimed(DomainError):  # noqa: N818 - an error is named for what is wrong
    """Only who claimed a follow-up may dial for it, or say what came of it."""

    id = "follow-up-not-claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One citizen to be asked about one finished order, keyed by the order."""

    order: str
    call: CallId
    """The call that calls out are about."""
    centre: CentreId
    line: LineId
    number: str
    office: str
    """Who says it has finished the matter."""
    result: str
    """What was done, in that office's words."""
    handled_at: datetime
    due_at: datetime
    state: FollowUpState = FollowUpState.OWED
    dials: tuple[CallId, ...] = ()
    """The calls out that were made for it."""
    attempts: tuple[Attempt, ...] = ()
    claimed_by: AgentId | None = None
    claimed_until: datetime | None = None
    mark: int | None = None
    """How satisfied the citizen is with the finished order, 5 (very) to 1; None: not asked yet."""
    remark: str = ""
    answered_by: AgentId | None = None
    answered_at: datetime | None = None

    def stands(self, now: datetime) -> FollowUpState:
        """The state now: a claim that ran out is none."""
        is_held = self.claimed_until is not None and self.claimed_until > now
        return (
            FollowUpState.OWED
            if self.state is FollowUpState.CLAIMED and not is_held
            else (self.state)
        )

    def is_overdue(self, now: datetime) -> bool:
        """The citizen should have been asked by now, and nobody has."""
        return self.state in OPEN and self.due_at < now

    def is_held(self, agent: AgentId, now: datetime) -> bool:
        """Whether that agent is on it now."""
        return self.stands(now) is FollowUpState.CLAIMED and self.claimed_by == agent


def handled(known: FollowUp | None, fresh: FollowUp) -> FollowUp:
    """What is owed once an order is said to be finished: told again the same, nothing new.

    Told otherwise, the order was handled anew (重新办理): its citizen is asked anew.
    """
    if known is None:
        return fresh
    is_same = (known.office, known.result) == (fresh.office, fresh.result)
    return known if is_same else fresh


def claim(task: FollowUp, agent: AgentId, now: datetime) -> FollowUp:
    """Give it to an agent for ``CLAIM``; again by the same agent: for longer."""
    stands = task.stands(now)
    if stands not in OPEN:
        raise FollowUpNotOpen(task.order)
    if stands is FollowUpState.CLAIMED and task.claimed_by != agent:
        raise FollowUpTaken(task.order)
    return _held(task, agent, now)


def release(task: FollowUp, agent: AgentId, now: datetime) -> FollowUp:
    """Give it back."""
    _must_hold(task, agent, now)
    return _freed(task, FollowUpState.OWED)


def dialling(task: FollowUp, agent: AgentId, out: CallId, now: datetime) -> FollowUp:
    """Let the holder call out; what comes of that call will be noted here."""
    _must_hold(task, agent, now)
    return _held(replace(task, dials=(*task.dials, out)), agent, now)


def answered(task: FollowUp, agent: AgentId, mark: int, remark: str, now: datetime) -> FollowUp:
    """Write down what the citizen said."""
    _must_hold(task, agent, now)
    said = replace(task, mark=mark, remark=remark, answered_by=agent, answered_at=now)
    return _freed(said, FollowUpState.DONE)


def tried(task: FollowUp, attempt: Attempt) -> FollowUp:
    """Note by hand that the citizen was not reached, on whatever telephone."""
    _must_hold(task, attempt.agent, attempt.at)
    return _after(replace(task, attempts=(*task.attempts, attempt)))


def noted(task: FollowUp, attempt: Attempt, ended_at: datetime) -> FollowUp:
    """Note what came of a call out; the same again changes nothing.

    Reached, whoever called has ``CLAIM`` from the end of the talk to write the answer down.
    """
    if attempt.call not in task.dials:
        return task
    known = next((one for one in task.attempts if one.call == attempt.call), None)
    agent = attempt.agent or (known.agent if known else task.claimed_by or AgentId(""))
    others = (one for one in task.attempts if one is not known)
    attempts = sorted((*others, replace(attempt, agent=agent)), key=lambda one: one.at)
    task = replace(task, attempts=tuple(attempts))
    if task.state not in OPEN or known is not None:
        return task
    is_free = task.claimed_by in (None, agent)
    if attempt.outcome in REACHED:
        return _held(task, agent, ended_at) if is_free and agent else task
    return _after(task) if is_free else task


def _after(task: FollowUp) -> FollowUp:
    """Not reached: owed again until it was tried often enough."""
    is_last = is_enough(_in_vain(task.attempts))
    return _freed(task, FollowUpState.FAILED if is_last else FollowUpState.OWED)


def _in_vain(attempts: Sequence[Attempt]) -> list[Attempt]:
    return [one for one in attempts if one.outcome not in REACHED]


def _must_hold(task: FollowUp, agent: AgentId, now: datetime) -> None:
    if not task.is_held(agent, now):
        raise FollowUpNotClaimed(task.order)


def _held(task: FollowUp, agent: AgentId, now: datetime) -> FollowUp:
    return replace(task, state=FollowUpState.CLAIMED, claimed_by=agent, claimed_until=now + CLAIM)


def _freed(task: FollowUp, state: FollowUpState) -> FollowUp:
    return replace(task, state=state, claimed_by=None, claimed_until=None)

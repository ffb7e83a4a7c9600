"""A caller to be called back, and where that stands. Words; the rules are ``queues.callback``."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Final

from cti.ids import AgentId, CallId, CentreId, LineId


class TaskState(Enum):
    """Where a task stands."""

    OWED = "owed"
    CLAIMED = "claimed"
    """An agent is on it, until the claim runs out."""
    DONE = "done"
    """The caller was reached."""
    CLOSED = "closed"
    """The number called in again."""
    FAILED = "failed"
    """Tried as often as the rule asks for, and not reached."""


OPEN: Final = frozenset({TaskState.OWED, TaskState.CLAIMED})


class AttemptOutcome(Enum):
    """How calling back went."""

    ANSWERED = "answered"
    NO_ANSWER = "no-answer"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    """The caller was reached and wants nothing more."""


REACHED: Final = frozenset({AttemptOutcome.ANSWERED, AttemptOutcome.REFUSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try to reach the caller."""

    at: datetime
    agent: AgentId
    """'' when nobody knows who it was: the call out was found in Asterisk's log only."""
    outcome: AttemptOutcome
    call: CallId | None = None
    """The call out; None for one that was made elsewhere and noted by hand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One caller to be called back, keyed by the call that was missed."""

    call: CallId
    centre: CentreId
    line: LineId
    number: str
    missed_at: datetime
    """When the caller was lost."""
    due_at: datetime
    is_short: bool
    """The caller gave up before anybody could have answered."""
    state: TaskState = TaskState.OWED
    attempts: tuple[Attempt, ...] = ()
    claimed_by: AgentId | None = None
    claimed_until: datetime | None = None
    closed_by: CallId | None = None
    """The call that made it superfluous."""

    def stands(self, now: datetime) -> TaskState:
        """The state now: a claim that ran out is none."""
        if self.state is TaskState.CLAIMED and (
            self.claimed_until is None or self.claimed_until <= now
        ):
            return TaskState.OWED
        return self.state

    @property
    def is_open(self) -> bool:
        """Somebody still has to call."""
        return self.state in OPEN

    def as_of(self, now: datetime) -> "Task":
        """The task as it stands now: without a claim that ran out."""
        if self.stands(now) is self.state:
            return self
        return replace(self, state=TaskState.OWED, claimed_by=None, claimed_until=None)

    def is_overdue(self, now: datetime) -> bool:
        """The caller should have been called back by now, and nobody has."""
        return self.state in OPEN and self.due_at < now

    @property
    def reached_at(self) -> datetime | None:
        """When the caller was spoken to; None: not yet."""
        return next((one.at for one in self.attempts if one.outcome in REACHED), None)

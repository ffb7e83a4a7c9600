"""How citizens are asked about finished orders, and what they say, counted. Pure."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from queues.followup import OPEN, FollowUp, FollowUpState
from queues.satisfaction import SATISFIED_FROM


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUpFigures:
    """What became of the orders that were finished. Each stands in one of the first three.

    They are those finished in the stretch, whenever somebody asked.
    """

    owed: int
    """Citizens still to be asked; those whom an agent is on right now too."""
    done: int
    """Citizens who were asked and said how satisfied they are."""
    failed: int
    """Citizens tried as often as the rule asks for, and not reached."""
    overdue: int
    """Of the owed, those whose deadline has passed."""
    satisfied_share: float | None
    """Satisfied (4) and very satisfied (5) with the finished order, of those who said anything."""
    satisfaction: float | None
    """Their mean mark, 5 (very satisfied) to 1."""


FOLLOW_UP_LABELS: Final = {
    "owed": "待回访",
    "done": "已回访",
    "failed": "回访多次未通",
    "overdue": "待回访中超时",
    "satisfied_share": "办结满意率",
    "satisfaction": "办结满意度",
}
"""Each figure's name for people, in the order in which reports show them."""


@dataclass(slots=True)
class FollowUpTally:
    """Follow-ups counted so far, as they stand at ``now``."""

    now: datetime
    states: Counter[FollowUpState] = field(default_factory=Counter)
    overdue: int = 0
    marks: Counter[int] = field(default_factory=Counter)

    def add(self, task: FollowUp) -> None:
        """Count one."""
        self.states[task.state] += 1
        self.overdue += task.is_overdue(self.now)
        if task.mark is not None:
            self.marks[task.mark] += 1

    def figures(self) -> FollowUpFigures:
        """What was counted."""
        said = self.marks.total()
        satisfied = sum(self.marks[mark] for mark in self.marks if mark >= SATISFIED_FROM)
        return FollowUpFigures(
            owed=sum(self.states[state] for state in OPEN),
            done=self.states[FollowUpState.DONE],
            failed=self.states[FollowUpState.FAILED],
            overdue=self.overdue,
            satisfied_share=satisfied / said if said else None,
            satisfaction=sum(m * n for m, n in self.marks.items()) / said if said else None,
        )

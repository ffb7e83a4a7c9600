"""The first-answerer rule: who takes a matter that may be 12345's or an emergency line's. Pure.

Clearly the other's: handed to it by one key. Not clear: settled in a three-way call. Still not
settled: whoever answered first takes it. Which of the three it was follows from how the move went.
"""

from enum import Enum

from transfer.step import Kind, Step


class FirstAnswer(Enum):
    """How it was settled who takes it."""

    CLEAR = "clear"
    """The other's without a word: the agent left before all three talked."""
    THREE_WAY = "three-way"
    """All three talked, and the other side has the caller."""
    FIRST_ACCEPTS = "first-accepts"
    """All three talked, and the caller stayed with whoever answered first."""

    @property
    def chinese(self) -> str:
        """The words people read."""
        return {
            FirstAnswer.CLEAR: "诉求明确，直接转交对方",
            FirstAnswer.THREE_WAY: "三方通话商定，由对方受理",
            FirstAnswer.FIRST_ACCEPTS: "三方通话后由首接单位受理",
        }[self]


def settled(kind: Kind, step: Step, *, was_joined: bool) -> FirstAnswer | None:
    """By which of the three a move is settled that has come to that final step; None: by none.

    A move that nobody answered, or that the caller ended, has settled nothing.
    """
    if kind is not Kind.EMERGENCY:
        return None
    if step is Step.COMPLETED:
        return FirstAnswer.THREE_WAY if was_joined else FirstAnswer.CLEAR
    return FirstAnswer.FIRST_ACCEPTS if step is Step.RETURNED and was_joined else None

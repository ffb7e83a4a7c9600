"""What callers said of the talk, counted. Pure.

I4: one key after the talk, 5 (very satisfied) to 1. Who pressed nothing has said nothing and is
in no figure; the mark is the call's, and among seats and agents that of the last one who talked.
"""

from dataclasses import dataclass
from typing import Final

from records.callrecord import CallRecord

SATISFIED_FROM: Final = 4
"""Satisfied (4) and very satisfied (5)."""


@dataclass(slots=True)
class Marks:
    """Marks counted so far."""

    rated: int = 0
    total: int = 0
    satisfied: int = 0

    def count(self, record: CallRecord, one: int) -> None:
        """Count a call's mark (1) or take it back (-1)."""
        mark = record.satisfaction
        if mark is not None:
            self.rated += one
            self.total += one * mark
            self.satisfied += one * (mark >= SATISFIED_FROM)

    @property
    def mean(self) -> float | None:
        """The mean mark; None where nobody said anything."""
        return self.total / self.rated if self.rated else None

    @property
    def share(self) -> float | None:
        """The satisfied among those who said anything."""
        return self.satisfied / self.rated if self.rated else None

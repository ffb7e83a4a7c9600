"""A report: the figures of a stretch of time, of its calls and of its seats' time. Pure."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from config.workdays import CHINA
from queues.figures import CallbackFigures, Figures, Tally
from queues.followfigures import FollowUpFigures
from queues.seattimes import SeatFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The figures of the calls that arrived from ``since`` until just before ``until``.

    Of seats, those of their time between the two; what was not over at ``until`` lasts to it.
    """

    since: datetime
    until: datetime
    by: str
    """A name of ``queues.breakdown.BREAKDOWNS``."""
    whole: Figures
    rows: dict[str, Figures]
    """By the breakdown's rows, in their order; those too that only have seats' time."""
    worst_24_h: tuple[datetime, float] | None
    """The 24 hours with the lowest connection rate, and that rate."""
    callbacks: CallbackFigures
    """What became of those of these calls' callers who called in vain."""
    follow_ups: FollowUpFigures
    """What the citizens of the orders finished in that time say of them."""
    seats: SeatFigures
    """How all seats spent their time."""
    seat_rows: dict[str, SeatFigures]
    """The same by row; empty for a breakdown that says nothing of seats."""

    def as_json(self) -> dict[str, Any]:
        """As commands and the API give it. Times carry China's offset."""
        worst = self.worst_24_h
        return {
            "since": self.since.astimezone(CHINA).isoformat(),
            "until": self.until.astimezone(CHINA).isoformat(),
            "by": self.by,
            "whole": {**asdict(self.whole), "seats": asdict(self.seats)},
            "rows": [
                {"row": row, **asdict(figures), "seats": self._seats_of(row)}
                for row, figures in self.rows.items()
            ],
            "worst_24_h": None
            if worst is None
            else {"since": worst[0].astimezone(CHINA).isoformat(), "connection_share": worst[1]},
            "callbacks": asdict(self.callbacks),
            "follow_ups": asdict(self.follow_ups),
        }

    def _seats_of(self, row: str) -> dict[str, Any] | None:
        found = self.seat_rows.get(row)
        return None if found is None else asdict(found)


def all_rows(rows: dict[str, Figures], seat_rows: dict[str, SeatFigures]) -> dict[str, Figures]:
    """The rows of either, in order: a seat that was ready all day and got no call has one, too."""
    nothing = Tally().figures()
    return {row: rows.get(row, nothing) for row in sorted({*rows, *seat_rows})}

"""Seats' time: which stretches a seat's life is cut into, and what they add up to. Pure.

``SeatBook`` writes the stretches as they happen; ``SeatTally`` adds them up, for the live board
and for history alike. A stretch counts in every row (half-hour, day…) of which it fills a part.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from cti.ids import SeatId
from queues.breakdown import PERIODS, Period
from queues.seat import AgentState, SeatStretch, SeatView

_S = AgentState
HANDLING: Final = frozenset({_S.OFFERED, _S.TALKING, _S.WRAP_UP})
"""States in which a seat is with a caller: ringing, talking, writing down."""
AT_WORK: Final = HANDLING | {_S.AVAILABLE}


class SeatBook:
    """Cuts seats' lives into stretches. ``note`` is told every seat each time it may have changed.

    A stretch is told wholly by the clock by which it began: whoever sets the clock meanwhile makes
    it neither longer nor shorter.
    """

    def __init__(self) -> None:
        self._open: dict[SeatId, SeatStretch] = {}
        self._began: dict[SeatId, datetime] = {}
        """When the open stretch began, by today's clock."""

    def note(self, view: SeatView) -> list[SeatStretch]:
        """Take a seat as it is; return the rows to be written now, in order.

        A stretch of no length is replaced by the one that begins at the same instant.
        """
        known = self._open.get(view.seat)
        if known is not None and _is_same(known, view):
            return []
        rows = []
        if known is not None:
            lasted = max(timedelta(0), view.since - self._began[view.seat])
            is_over_at_once = known.since == view.since
            if not is_over_at_once or view.agent is None:
                rows.append(replace(known, until=known.since + lasted))
            del self._open[view.seat]
        if view.agent is not None:
            self._open[view.seat] = _beginning(view, view.agent)
            self._began[view.seat] = view.since
            rows.append(self._open[view.seat])
        return rows

    def shift_clock(self, by: timedelta) -> None:
        """Go on counting by a clock that was set by that much."""
        self._began = {seat: began + by for seat, began in self._began.items()}


def _is_same(known: SeatStretch, view: SeatView) -> bool:
    return (known.agent, known.state, known.reason, known.call) == (
        view.agent,
        view.state,
        view.reason,
        view.call or view.wraps_up,
    )


def _beginning(view: SeatView, agent: Any) -> SeatStretch:
    return SeatStretch(
        seat=view.seat,
        centre=view.centre,
        agent=agent,
        state=view.state,
        reason=view.reason,
        call=view.call or view.wraps_up,
        since=view.since,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFigures:
    """How seats spent their time. Shares and means are None where nothing was counted."""

    signed_in_s: float
    """Time somebody was signed in, in whatever state, all seats together."""
    ready_s: float
    """Of it, ready and without a caller."""
    ringing_s: float
    """Of it, being offered a caller."""
    talking_s: float
    """Of it, talking."""
    wrapping_up_s: float
    """Of it, wrapping up."""
    not_ready_s: float
    """Of it, not ready, for whatever reason."""
    occupancy: float | None
    """Of the time at work (ready, ringing, talking, wrapping up) that with a caller: all but ready.

    Who is not ready is not at work: a break makes nobody busier.
    """
    wrap_up_s: float | None
    """Mean length of the wrap-ups that began here and are over."""
    not_ready_by_reason: dict[str, float]
    """Not-ready seconds by reason, the longest first."""


SEAT_LABELS: Final = {
    "signed_in_s": "签入时长（秒）",
    "ready_s": "就绪（秒）",
    "ringing_s": "振铃（秒）",
    "talking_s": "通话（秒）",
    "wrapping_up_s": "话后整理（秒）",
    "not_ready_s": "示忙（秒）",
    "occupancy": "工时利用率",
    "wrap_up_s": "平均话后整理（秒）",
}
"""Each figure's name for people, in the order in which reports show them."""


@dataclass(slots=True)
class SeatTally:
    """Stretches counted so far, those open up to ``now``."""

    spans: Counter[AgentState] = field(default_factory=Counter)
    """Microseconds, so that sums are the same in whatever order."""
    reasons: Counter[str] = field(default_factory=Counter)
    wrap_ups: int = 0
    wrapped: int = 0

    def add(self, stretch: SeatStretch, since: datetime, until: datetime) -> None:
        """Count the part of a stretch that lies between; one that is open lasts to the end."""
        begin, end = max(stretch.since, since), min(stretch.until or until, until)
        part = max(0, _micros(end - begin))
        self.spans[stretch.state] += part
        if stretch.state is _S.NOT_READY and part:
            self.reasons[stretch.reason] += part
        is_here = since <= stretch.since < until
        if stretch.state is _S.WRAP_UP and stretch.until is not None and is_here:
            self.wrap_ups += 1
            self.wrapped += max(0, _micros(stretch.until - stretch.since))

    def figures(self) -> SeatFigures:
        """What was counted."""
        at_work = sum(self.spans[state] for state in AT_WORK)
        handling = sum(self.spans[state] for state in HANDLING)
        return SeatFigures(
            signed_in_s=_seconds(self.spans.total()),
            ready_s=_seconds(self.spans[_S.AVAILABLE]),
            ringing_s=_seconds(self.spans[_S.OFFERED]),
            talking_s=_seconds(self.spans[_S.TALKING]),
            wrapping_up_s=_seconds(self.spans[_S.WRAP_UP]),
            not_ready_s=_seconds(self.spans[_S.NOT_READY]),
            occupancy=handling / at_work if at_work else None,
            wrap_up_s=_seconds(self.wrapped) / self.wrap_ups if self.wrap_ups else None,
            not_ready_by_reason={
                reason: _seconds(span)
                for reason, span in sorted(self.reasons.items(), key=lambda one: (-one[1], one[0]))
            },
        )


def _micros(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def _seconds(micros: int) -> float:
    return micros / 1_000_000


_ROWS: Final[dict[str, Callable[[SeatStretch], str]]] = {
    "seat": lambda stretch: stretch.seat,
    "agent": lambda stretch: stretch.agent,
    "centre": lambda stretch: stretch.centre,
}


class SeatReport:
    """Adds stretches up, whole and by the rows of a breakdown, from ``since`` to ``until``.

    A breakdown that says nothing of seats' time (``line``) has no rows.
    """

    def __init__(self, since: datetime, until: datetime, by: str) -> None:
        self._since, self._until, self._by = since, until, by
        self._whole = SeatTally()
        self._rows: dict[str, SeatTally] = {}

    def add(self, stretch: SeatStretch) -> None:
        """Count one stretch."""
        self._whole.add(stretch, self._since, self._until)
        for row, since, until in self._parts(stretch):
            self._rows.setdefault(row, SeatTally()).add(stretch, since, until)

    @property
    def whole(self) -> SeatFigures:
        """Everything."""
        return self._whole.figures()

    @property
    def rows(self) -> dict[str, SeatFigures]:
        """By row, in the rows' order."""
        return {row: self._rows[row].figures() for row in sorted(self._rows)}

    def _parts(self, stretch: SeatStretch) -> Iterator[tuple[str, datetime, datetime]]:
        if self._by in _ROWS:
            yield _ROWS[self._by](stretch), self._since, self._until
        elif self._by in PERIODS:
            end = min(stretch.until or self._until, self._until)
            yield from _periods(PERIODS[self._by], max(stretch.since, self._since), end)


def _periods(
    period: Period, since: datetime, until: datetime
) -> Iterable[tuple[str, datetime, datetime]]:
    while since < until:
        edge = min(period.next_edge(since), until)
        yield period.name(since), since, edge
        since = edge

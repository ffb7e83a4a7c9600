"""What supervisors see now: kept up call by call, by the same definitions as every report. Pure.

``LiveBoard`` is told every record of a call that anybody writes, and every stretch of a seat's
time; in whatever order and however often, it counts each call of the day once, as SQL does.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cti.call import CallState
from cti.ids import CallId, CentreId, SeatId, mask
from cti.ports import Groups
from queues.breakdown import midnight
from queues.figures import Figures, Tally
from queues.seat import AgentState, SeatStretch, SeatView
from queues.seattimes import SeatFigures, SeatTally
from records.callrecord import CallRecord, Direction
from records.merge import merge

A_DAY: Final = timedelta(days=1)
WAITING: Final = frozenset({CallState.WAITING, CallState.OFFERED, CallState.FALLEN_BACK})
"""Where callers are who hold the line for a person; one who is being rung for still waits."""
WITH_US: Final = (CallState.TALKING, CallState.HELD)
"""Talking, or on hold while somebody is asked: not in the queue any more."""
NAMED: Final = 50
"""Waiting callers that are shown one by one: those who have waited longest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A call that is not over: its row as it stands, and where its caller is."""

    record: CallRecord
    state: CallState


class LiveBoard:
    """The day's calls and seats' time, of every centre. A new day begins by itself, watched or not.

    ``begun``: since when it is told everything. What was before must be given by ``see`` and
    ``recall``, and ``has_past`` be set then; until then the day's figures are not whole.
    """

    def __init__(self, begun: datetime) -> None:
        self.has_past = False
        self._begun = begun
        self._midnight = midnight(begun)
        self._known: dict[CallId, CallRecord] = {}
        """What is known of each call, today's and later ones."""
        self._counted: dict[CallId, CallRecord] = {}
        """Each of today's calls as it stands in the tally."""
        self._tallies: dict[CentreId, Tally] = {}
        self._open: dict[SeatId, SeatStretch] = {}
        self._spent: dict[CentreId, SeatTally] = {}

    def see(self, record: CallRecord) -> None:
        """Take a call's record, from wherever; of two of one call the better counts."""
        if record.arrived_at < self._midnight:
            return
        self._turn(record.arrived_at)
        known = self._known.get(record.call)
        best = record if known is None else merge(known, record)
        self._known[record.call] = best
        if best is not known:
            self._count(best)

    def spend(self, stretch: SeatStretch) -> None:
        """Take one stretch as the switch writes it: open, and once more when it is over."""
        self._turn(max(self._midnight, stretch.until or stretch.since))
        if stretch.until is None:
            self._open[stretch.seat] = stretch
            return
        self._open.pop(stretch.seat, None)
        self._add(stretch)

    def recall(self, stretch: SeatStretch, seen_at: datetime) -> None:
        """Take a stretch that began before ``begun``; an open one ended when we were last seen."""
        if stretch.since < self._begun:
            until = stretch.until or max(stretch.since, seen_at)
            self._add(replace(stretch, until=until))

    def live(
        self,
        centre: CentreId,
        at: datetime,
        standing: Iterable[Standing],
        seats: Iterable[SeatView],
    ) -> Groups:
        """All that the centre's supervisors see. ``standing``: its calls that are not over."""
        self._turn(at)
        calls = list(standing)
        for one in calls:
            self._stand(one.record)
        views = [view for view in seats if view.centre == centre and view.agent is not None]
        return {
            "now": self._now(calls, at),
            "waiting": _waiting(calls),
            "states": _states(views),
            "seats": {view.seat: _seat(view) for view in views},
            "today": {**asdict(self.today(centre)), **_spent(self.spent(centre, at))},
        }

    def today(self, centre: CentreId) -> Figures:
        """The figures of the calls that arrived today."""
        return self._tallies.get(centre, Tally()).figures()

    def spent(self, centre: CentreId, at: datetime) -> SeatFigures:
        """How the seats spent today until now."""
        whole = SeatTally()
        over = self._spent.get(centre)
        if over is not None:
            whole = SeatTally(
                over.spans.copy(), over.reasons.copy(), wrap_ups=over.wrap_ups, wrapped=over.wrapped
            )
        for stretch in self._open.values():
            if stretch.centre == centre:
                whole.add(stretch, self._midnight, at)
        return whole.figures()

    def calls(self) -> list[CallRecord]:
        """Today's calls as they are counted, by arrival."""
        return sorted(self._counted.values(), key=lambda one: (one.arrived_at, one.call))

    # --- counting -------------------------------------------------------------------------

    def _count(self, record: CallRecord) -> None:
        if not self._midnight <= record.arrived_at < self._midnight + A_DAY:
            return
        before = self._counted.get(record.call)
        if before is not None:
            self._tallies[before.centre].remove(before)
        self._counted[record.call] = record
        self._tallies.setdefault(record.centre, Tally()).add(record)

    def _stand(self, record: CallRecord) -> None:
        """Count a call that goes on as it stands; what is written of it follows when it is over."""
        known = self._known.get(record.call)
        if known is not None and known.ended_at is not None:
            return
        if self._counted.get(record.call) != record:
            self._count(record)

    def _add(self, stretch: SeatStretch) -> None:
        tally = self._spent.setdefault(stretch.centre, SeatTally())
        tally.add(stretch, self._midnight, self._midnight + A_DAY)

    def _turn(self, at: datetime) -> None:
        """Begin the day of that instant, if it is another: the next, or one before a set clock."""
        if self._midnight <= at < self._midnight + A_DAY:
            return
        self._midnight = midnight(at)
        self._known = {
            call: one for call, one in self._known.items() if one.arrived_at >= self._midnight
        }
        self._counted, self._tallies, self._spent = {}, {}, {}
        for record in self._known.values():
            self._count(record)

    # --- what is shown --------------------------------------------------------------------

    def _now(self, calls: list[Standing], at: datetime) -> dict[str, Any]:
        coming = _coming(calls)
        waits = [one.record for one in coming if one.state in WAITING]
        since = min(map(_since, waits), default=None)
        states = [one.state for one in calls]
        return {
            "day": f"{self._midnight:%Y-%m-%d}",
            "is_whole": self.has_past or self._midnight > self._begun,
            "waiting": len(waits),
            "waiting_since": None if since is None else since.astimezone(UTC).isoformat(),
            "ringing": sum(one.state is CallState.OFFERED for one in coming),
            "talking": sum(states.count(state) for state in WITH_US),
            "outside": states.count(CallState.OUTSIDE),
            "kept": states.count(CallState.KEPT),
        }


def _coming(calls: list[Standing]) -> list[Standing]:
    """Those who called us, or were called and then asked to wait: whom a seat calls does not."""
    return [
        one
        for one in calls
        if one.record.direction is Direction.IN or one.record.waited_since is not None
    ]


def _waiting(calls: list[Standing]) -> dict[str, dict[str, Any]]:
    """Who waits, by call: whoever watches may have one of them helped at once."""
    found = [one for one in _coming(calls) if one.state in WAITING]
    found.sort(key=lambda one: (_since(one.record), one.record.call))
    return {
        one.record.call: {
            "line": one.record.line,
            "number": mask(one.record.ani),
            "since": _since(one.record).astimezone(UTC).isoformat(),
            "rings": one.state is CallState.OFFERED,
        }
        for one in found[:NAMED]
    }


def _since(record: CallRecord) -> datetime:
    """Since when the caller waits: back in the queue, since it last was with somebody.

    Its place in the queue is that of its whole waiting, which is another matter.
    """
    began, last = record.waited_since or record.arrived_at, record.last_talk
    return began if last is None else max(began, last.until or last.since)


def _states(views: list[SeatView]) -> dict[str, int]:
    counts = {state.value: 0 for state in AgentState if state is not AgentState.LOGGED_OUT}
    for view in views:
        counts[view.state.value] += 1
    return counts


def _seat(view: SeatView) -> dict[str, Any]:
    return {
        "extension": view.extension,
        "agent": view.agent,
        "state": view.state.value,
        "reason": view.reason,
        "since": view.since.astimezone(UTC).isoformat(),
        "call": view.call,
        "has_phone": view.has_phone,
        "skills": {skill: behind + 1 for skill, behind in view.skills},
        "is_reskilled": view.is_reskilled,
    }


def _spent(figures: SeatFigures) -> dict[str, float | None]:
    """Seats' time so coarse that it changes when people see it change."""
    share, mean = figures.occupancy, figures.wrap_up_s
    return {
        "occupancy": None if share is None else round(share, 3),
        "wrap_up_s": None if mean is None else round(mean, 1),
    }


def changes(before: Groups, after: Groups) -> dict[str, dict[str, Any]]:
    """What must be said to whoever knows ``before``: names with their new values, None: gone."""
    said: dict[str, dict[str, Any]] = {}
    for group, now in after.items():
        was = before.get(group, {})
        told = {name: value for name, value in now.items() if name not in was or was[name] != value}
        told |= {name: None for name in was if name not in now}
        if told or group not in before:
            said[group] = told
    return said

"""Who wants whom: what a caller wants, and what a seat stands for, by the plan at one hour. Pure.

A caller wants, one after another: the seat of whoever talked with it last about a demand that is
still open; the seats on duty for its line; the skill its own entry in the list of known callers
names; the line's language; the line's skill; the general seats. When each opens,
``queues.acd`` says.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from config.dialled import key
from cti.call import Call
from cti.happened import Phone
from cti.ids import CentreId, LineId, SeatId
from cti.plan import CentreTimes, Duty, KnownCaller, SwitchPlan
from queues.acd import AT_ONCE, GENERAL, FreeSeat, Waiter
from queues.pool import PoolName, skill_pool
from queues.seat import AgentState
from queues.seatlife import Seat

AWAY = frozenset({AgentState.LOGGED_OUT, AgentState.NOT_READY})
"""States of a seat that nobody waits for."""

HEAD_OF_QUEUE = timedelta(days=1)
"""What it is worth, in waiting time, to have lost one's agent in mid-talk: before everybody."""
MOVED_FOR = timedelta(seconds=30)
"""How long a caller who was moved to a skill waits for it alone, while somebody of it is there."""


class Wanting:
    """The plan as it is at one hour. Make another when ``until`` has come or the plan changes."""

    def __init__(self, plan: SwitchPlan, at: datetime) -> None:
        self._plan = plan
        self._duties = {
            centre: [duty for duty in duties if duty.since <= at < duty.until]
            for centre, duties in plan.duties.items()
        }
        edges = (
            edge
            for duties in plan.duties.values()
            for duty in duties
            for edge in (duty.since, duty.until)
            if edge > at
        )
        self.until: datetime | None = min(edges, default=None)
        """When the next duty begins or ends; None: none does."""

    def known(self, centre: CentreId, ani: str, at: datetime) -> KnownCaller | None:
        """Whom the centre's list of known callers names by that number, if it still holds."""
        found = self._plan.known.get((centre, key(ani))) if ani else None
        if found is None or (found.until is not None and at >= found.until):
            return None
        return found

    def duty(self, line: LineId, seat: SeatId, centre: CentreId) -> str:
        """The name of the duty for which the seat takes that line's callers now; '': none."""
        return next((duty.name for duty in self.duties(centre, line) if seat in duty.seats), "")

    def waiter(
        self,
        call: Call,
        at: datetime,
        seats: Iterable[Seat],
        *,
        not_before: datetime | None = None,
        overflows: tuple[tuple[PoolName, timedelta], ...] = (),
    ) -> Waiter:
        """The caller as the ACD knows it. ``seats``: all there are."""
        known = self.known(call.centre, call.ani, at)
        times = self._plan.times_of(call.centre)
        skill = self._plan.skill_of.get((call.centre, call.line), GENERAL)
        knows_seat = call.stand.is_sent_back or bool(times.last_seat_for)
        first = tuple(self._first(call, known))
        most = next(iter(first), skill_pool(call.centre, skill))
        since, patience = call.since or at, times.widens_after
        kept = call.kept_until if call.kept_for is not None else None
        if call.stand.skill_at is not None:  # or a colleague of whoever moved it would ring at once
            patience = max(patience, call.stand.skill_at + MOVED_FOR - since)
        is_worth_it = bool(patience) and self._has(most, seats)
        return Waiter(
            since=since,
            call=call.id,
            centre=call.centre,
            skill=skill,
            head_start=HEAD_OF_QUEUE if call.was_lost else _head_start(call, known, times),
            first=first,
            widens_after=patience if is_worth_it else timedelta(0),
            last_seat=call.kept_for or (_last_seat(call, seats) if knows_seat else None),
            last_seat_for=max(kept - since, AT_ONCE) if kept else times.last_seat_for,
            overflows=overflows,
            not_before=not_before,
        )

    def _has(self, pool: PoolName, seats: Iterable[Seat]) -> bool:
        """Whether anybody is there who takes calls of the pool: else nobody waits for it alone."""
        return any(
            seat.centre == pool[1]
            and _is_here(seat)
            and (pool[2] in seat.takes if pool[0] == "skill" else pool in self._duties_of(seat))
            for seat in seats
        )

    def _duties_of(self, seat: Seat) -> frozenset[PoolName]:
        duties = self._duties.get(seat.centre, ())
        return frozenset(_pool(seat.centre, duty) for duty in duties if seat.id in duty.seats)

    def first(
        self, centre: CentreId, line: LineId, known: KnownCaller | None
    ) -> Iterator[Duty | str]:
        """What a caller wants before the line's own skill, best first: a duty, or a skill."""
        yield from self.duties(centre, line)
        if known is not None and known.skill:
            yield known.skill
        language = self._plan.language_of.get((centre, line))
        if language:
            yield language

    def _first(self, call: Call, known: KnownCaller | None) -> Iterator[PoolName]:
        if call.stand.skill:
            yield skill_pool(call.stand.skill_centre or call.centre, call.stand.skill)
        for want in self.first(call.centre, call.line, known):
            yield (
                skill_pool(call.centre, want) if isinstance(want, str) else _pool(call.centre, want)
            )

    def free_seat(self, seat: Seat) -> FreeSeat:
        """A free seat as the ACD knows it."""
        return FreeSeat(
            seat.id,
            seat.centre,
            seat.takes,
            seat.since,
            seat.takes,
            self._duties_of(seat),
        )

    def duties(self, centre: CentreId, line: LineId) -> list[Duty]:
        """The duties of the hour for that line's callers: those of the line itself first."""
        mine = [
            duty for duty in self._duties.get(centre, ()) if not duty.lines or line in duty.lines
        ]
        return sorted(mine, key=lambda duty: not duty.lines)


def _head_start(call: Call, known: KnownCaller | None, times: CentreTimes) -> timedelta:
    """The best of its classes: whom an emergency line hands over is one."""
    own = known.head_start if known else timedelta(0)
    return max(own, times.emergency_head_start) if call.is_emergency else own


def _pool(centre: CentreId, duty: Duty) -> PoolName:
    return "duty", centre, duty.name, *sorted(duty.lines)


def _is_here(seat: Seat) -> bool:
    """Whether somebody sits there who takes calls, now or after the one at hand."""
    return seat.state not in AWAY and seat.phone is not Phone.GONE


def _last_seat(call: Call, seats: Iterable[Seat]) -> SeatId | None:
    """Where whoever knows the demand sits now; None: nobody, or gone for a while."""
    if call.last_seat is None:
        return None
    for seat in seats:
        if seat.centre != call.centre or not _is_here(seat):
            continue
        knows = seat.agent == call.last_agent if call.last_agent else seat.id == call.last_seat
        if knows:
            return seat.id
    return None

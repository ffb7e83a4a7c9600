"""Where callers may go who wait too long, or with too many: the steps of the plan. Pure.

A step is passed once a caller has waited its time, while its load stands and its hours are on.
Steps to other seats of the platform are further pools of the ACD (``pools``): whoever waits by
time alone is let in by the ACD itself, all others when ``due`` says so. Steps out of the queue,
to another exchange or to Asterisk's own queue, are ``due`` once in a call each.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from cti.call import Call
from cti.ids import CentreId
from cti.plan import Overflow, SwitchPlan
from queues.acd import GENERAL
from queues.pool import PoolName, skill_pool

LOOK_EVERY: Final = timedelta(seconds=5)
"""How often a caller is looked at whose time has come while the load or the hour does not hold."""


def pools(plan: SwitchPlan, call: Call) -> tuple[tuple[PoolName, timedelta], ...]:
    """The further pools of a caller, in the order of the plan, each with its time."""
    found: dict[PoolName, timedelta] = {}
    for step in _steps(plan, call):
        pool = _pool(step, call.centre)
        if pool is not None and (_by_time_alone(step) or step in call.overflowed):
            found.setdefault(pool, step.after)
    return tuple(found.items())


def next_look(plan: SwitchPlan, call: Call, at: datetime) -> datetime | None:
    """When a waiting caller must be looked at again; None: never."""
    since = _on_the_line(call, at)
    times = [since + step.after for step in _open(plan, call)]
    if not times:
        return None
    first = min(times)
    return first if first > at else at + LOOK_EVERY


def due(
    plan: SwitchPlan, call: Call, at: datetime, *, waiting: int, seats: int
) -> tuple[Overflow, ...]:
    """The steps that a waiting caller takes now, in order; the last one may lead out of the queue.

    ``waiting``: callers of its centre on the line, itself among them; ``seats``: who is signed in.
    """
    found = []
    since = _on_the_line(call, at)
    for step in _open(plan, call):
        is_loaded = not step.per_seat or waiting > step.per_seat * seats
        if at - since < step.after or not is_loaded:
            continue
        if step.is_night and not is_night(plan, call.centre, at):
            continue
        found.append(step)
        if _leads_out(step):
            break
    return tuple(found)


def is_night(plan: SwitchPlan, centre: CentreId, at: datetime) -> bool:
    """Whether it is outside the centre's working hours."""
    return any(since <= at < until for since, until in plan.nights.get(centre, ()))


def _on_the_line(call: Call, at: datetime) -> datetime:
    """Since when the caller waits in this call, whatever place an earlier one kept for it."""
    return max(call.queued_at or call.since or at, call.arrived_at)


def _steps(plan: SwitchPlan, call: Call) -> Iterator[Overflow]:
    for step in plan.overflows.get(call.centre, ()):
        if not step.lines or call.line in step.lines:
            yield step


def _open(plan: SwitchPlan, call: Call) -> Iterator[Overflow]:
    """The steps that somebody must still decide about: the ACD opens the others by itself.

    A call that was handed over is never put through to an exchange, and none is tried twice.
    """
    rung = {one.peer for one in call.offers if not one.leg}
    tried = {step.peer for step in call.overflowed} | rung | call.tried
    for step in _steps(plan, call):
        is_in_vain = step.peer is not None and (call.is_handed_over or step.peer in tried)
        if step not in call.overflowed and not _by_time_alone(step) and not is_in_vain:
            yield step


def _by_time_alone(step: Overflow) -> bool:
    return not (_leads_out(step) or step.per_seat or step.is_night)


def _leads_out(step: Overflow) -> bool:
    return step.peer is not None or step.is_fallback


def _pool(step: Overflow, own: CentreId) -> PoolName | None:
    if _leads_out(step):
        return None
    if step.centre is not None:
        return skill_pool(step.centre, GENERAL)
    return skill_pool(own, step.skill)

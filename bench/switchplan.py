"""A simulated hotline as the switch is told of it."""

from collections.abc import Sequence
from datetime import timedelta

from bench.acdworld import CENTRE, EPOCH, Caller, World, seat_named
from cti.ids import LineId
from cti.plan import CentreTimes, Duty, KnownCaller, Overflow, PlannedSeat, SwitchPlan

YEARS = timedelta(days=3650)


def ani_of(number: int) -> str:
    """The n-th caller's own number. Nobody's: 139 …"""
    return f"139{number:08d}"


def line_of(caller: Caller) -> LineId:
    """The line that such callers dial."""
    return LineId(f"{caller.skill}{caller.duty}")


def plan_of(world: World, callers: Sequence[Caller], wrap_up: timedelta) -> SwitchPlan:
    """Say in the plan's words what the world says in its own."""
    keeping = world.keeping
    times = CentreTimes(
        ring=timedelta(seconds=60),
        wrap_up=wrap_up,
        widens_after=world.widens_after,
        last_seat_for=world.last_seat_for,
        keeps_places=keeping is not None,
        callback_attempts=keeping.attempts if keeping else 0,
        callback_pause=keeping.pause if keeping else timedelta(0),
    )
    seats = {
        seat_named(n): PlannedSeat(
            centre=CENTRE,
            extension=str(1001 + n),
            skills=skills,
            levels=world.levels[n] if world.levels else {},
        )
        for n, skills in enumerate(world.seats)
    }
    known = {
        (CENTRE, ani_of(n)): KnownCaller(name="", kind="其他", head_start=caller.head_start)
        for n, caller in enumerate(callers)
        if caller.head_start
    }
    steps = tuple(Overflow(after=after, skill=skill) for skill, after in world.overflows)
    return SwitchPlan(
        seats=seats,
        skill_of={(CENTRE, line_of(caller)): caller.skill for caller in callers},
        times={CENTRE: times},
        known=known,
        duties={CENTRE: tuple(_duties(world, callers))},
        overflows={CENTRE: steps},
    )


def _duties(world: World, callers: Sequence[Caller]) -> list[Duty]:
    names = sorted({caller.duty for caller in callers if caller.duty})
    return [
        Duty(
            name=name,
            since=EPOCH - YEARS,
            until=EPOCH + YEARS,
            seats=frozenset(seat_named(n) for n, does in enumerate(world.duties) if name in does),
            lines=frozenset(line_of(caller) for caller in callers if caller.duty == name),
        )
        for name in names
    ]

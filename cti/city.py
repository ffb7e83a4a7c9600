"""From the platform to what the switch must know of it. Ring 3: pure, but knows both."""

from collections.abc import Iterator
from datetime import timedelta

from config.ledger import Line
from config.platform import Platform
from config.profile import Profile
from cti.ids import LineId
from cti.plan import CentreTimes, PlannedSeat, SwitchPlan
from queues.acd import GENERAL


def switch_plan(platform: Platform) -> SwitchPlan:
    """Make the switch's plan. A line wants the skill that is named as its department is called.

    人社 is the skill for 人力资源社会保障局 when that office has 人社局 among its aliases.
    A line that no skill is named after wants the general one. Every centre has its own seats,
    skills and times; one number may be a line of several.
    """
    return SwitchPlan(
        seats={
            centre.seat_id(seat): PlannedSeat(
                centre=centre.centre, extension=seat.extension, skills=seat.skills
            )
            for centre in platform
            for seat in centre.seats
        },
        skill_of={
            (centre.centre, LineId(line.number)): skill
            for centre in platform
            for line, skill in _skills(centre)
        },
        times={
            centre.centre: CentreTimes(
                ring=timedelta(seconds=centre.ring_s),
                wrap_up=timedelta(seconds=centre.wrap_up_s),
                keeps_places=bool(centre.dial_out),
                callback_attempts=centre.callback_attempts,
                callback_pause=timedelta(seconds=centre.callback_pause_s),
            )
            for centre in platform
        },
    )


def _skills(centre: Profile) -> Iterator[tuple[Line, str]]:
    """Each line that a skill is named after, with it. Many lines are of few departments."""
    known: dict[tuple[str, ...], str | None] = {}
    for line in centre.lines:
        if line.departments not in known:
            known[line.departments] = _skill(centre, line.departments)
        skill = known[line.departments]
        if skill is not None:
            yield line, skill


def _skill(profile: Profile, departments: tuple[str, ...]) -> str | None:
    called = set(departments)
    for office in profile.offices:
        names = {office.name, *office.aliases}
        if not names.isdisjoint(departments):
            called |= names
    specific = [skill for skill in profile.skills if skill != GENERAL]
    return next((skill for skill in specific if any(skill in name for name in called)), None)

"""From the profile to what the switch must know of the city. Ring 3: pure, but knows both."""

from datetime import timedelta

from config.profile import Profile
from cti.ids import LineId
from cti.plan import PlannedSeat, SwitchPlan
from queues.acd import GENERAL


def switch_plan(profile: Profile) -> SwitchPlan:
    """Make the switch's plan. A line wants the skill that is named as its department is called.

    人社 is the skill for 人力资源社会保障局 when that office has 人社局 among its aliases.
    A line that no skill is named after wants the general one.
    """
    return SwitchPlan(
        seats={
            profile.seat_id(seat): PlannedSeat(
                centre=profile.centre, extension=seat.extension, skills=seat.skills
            )
            for seat in profile.seats
        },
        skill_of={
            LineId(line.number): skill
            for line in profile.lines
            if (skill := _skill(profile, line.departments)) is not None
        },
        ring=timedelta(seconds=profile.ring_s),
        wrap_up=timedelta(seconds=profile.wrap_up_s),
    )


def _skill(profile: Profile, departments: tuple[str, ...]) -> str | None:
    called = set(departments)
    for office in profile.offices:
        names = {office.name, *office.aliases}
        if not names.isdisjoint(departments):
            called |= names
    specific = [skill for skill in profile.skills if skill != GENERAL]
    return next((skill for skill in specific if any(skill in name for name in called)), None)

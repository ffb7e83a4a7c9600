"""From the platform to what the switch must know of it. Ring 3: pure, but knows both."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from config.callers import ENTERPRISE, Caller
from config.hours import read_hours
from config.ledger import Line
from config.overflow import Where, nights
from config.platform import Platform
from config.profile import Profile
from config.routes import typed
from config.seats import language_skill
from config.targets import targets
from config.workdays import CHINA
from cti.ids import CentreId, LineId, PeerId, SeatId, seat_id
from cti.plan import CentreTimes, Duty, KnownCaller, Overflow, PlannedSeat, SwitchPlan
from queues.acd import GENERAL

DUTY_DAYS = 10
"""For so many days from yesterday the plan knows duties and opening hours. It is made anew well
before."""
ENTERPRISE_SKILLS = ("政企通", "企业")
"""Names of the skill that an enterprise's call wants when its entry names none."""


def switch_plan(platform: Platform, at: datetime) -> SwitchPlan:
    """Make the switch's plan, with the duties of the days around ``at``.

    A line wants the skill that is named as its department is called.
    人社 is the skill for 人力资源社会保障局 when that office has 人社局 among its aliases.
    A line that no skill is named after wants the general one. Every centre has its own seats,
    skills and times; one number may be a line of several.
    """
    return SwitchPlan(
        seats=_seats(platform),
        skill_of={
            (centre.centre, LineId(line.number)): skill
            for centre in platform
            for line, skill in _skills(centre)
        },
        times={centre.centre: _times(centre) for centre in platform},
        language_of=_languages(platform),
        known={
            (centre.centre, number): _known(centre, caller)
            for centre in platform
            for caller in centre.callers
            for number in caller.keys(centre.area_code)
        },
        overflows={
            centre.centre: tuple(_overflows(centre)) for centre in platform if centre.overflow
        },
        nights={
            centre.centre: tuple(_nights(centre, at))
            for centre in platform
            if any(step.is_night for step in centre.overflow)
        },
        duties={centre.centre: tuple(_duties(centre, at)) for centre in platform if centre.duties},
        targets={
            centre.centre: targets(platform, centre, _yesterday(at), DUTY_DAYS)
            for centre in platform
        },
        typed={centre.centre: typed(centre) for centre in platform},
    )


def _seats(platform: Platform) -> dict[SeatId, PlannedSeat]:
    return {
        centre.seat_id(seat): PlannedSeat(
            centre=centre.centre,
            extension=seat.extension,
            skills=seat.skills,
            levels={skill: level - 1 for skill, level in seat.levels.items()},
        )
        for centre in platform
        for seat in centre.seats
    }


def _times(centre: Profile) -> CentreTimes:
    return CentreTimes(
        ring=timedelta(seconds=centre.ring_s),
        wrap_up=timedelta(seconds=centre.wrap_up_s),
        dials_out=bool(centre.dial_out),
        out_prefix=centre.dial_out_prefix,
        keeps_places=bool(centre.dial_out),
        callback_attempts=centre.callback_attempts,
        callback_pause=timedelta(seconds=centre.callback_pause_s),
        widens_after=timedelta(seconds=centre.widens_s),
        last_seat_for=timedelta(seconds=centre.last_seat_s),
        supervise_tone=centre.supervise_tone,
        emergency_head_start=timedelta(seconds=centre.emergency_head_start_s),
    )


def _languages(platform: Platform) -> dict[tuple[CentreId, LineId], str]:
    return {
        (centre.centre, line.number): language_skill(line.language)
        for centre in platform
        for line in centre.lines
        if line.language
    }


def _known(centre: Profile, caller: Caller) -> KnownCaller:
    skill = caller.skill
    if not skill and caller.kind == ENTERPRISE:
        skill = next((name for name in ENTERPRISE_SKILLS if name in centre.skills), "")
    until = None
    if caller.until is not None:
        until = datetime.combine(caller.until + timedelta(days=1), time(), CHINA)
    return KnownCaller(
        name=caller.name,
        kind=caller.kind,
        skill=skill,
        head_start=timedelta(seconds=centre.classes.get(caller.kind, 0)),
        until=until,
    )


def _yesterday(at: datetime) -> date:
    return at.astimezone(CHINA).date() - timedelta(days=1)


def _overflows(centre: Profile) -> Iterator[Overflow]:
    for step in centre.overflow:
        peer = centre.peer(step.target) if step.where is Where.PEER else None
        yield Overflow(
            after=timedelta(seconds=step.wait_s),
            per_seat=step.per_seat,
            lines=frozenset(LineId(line) for line in step.lines),
            skill=step.target if step.where is Where.SKILL else "",
            centre=CentreId(step.target) if step.where is Where.CENTRE else None,
            peer=PeerId(peer.id) if peer is not None else None,
            number=step.number,
            host=peer.address if peer is not None else "",
            port=peer.port if peer is not None else 0,
            ring=timedelta(seconds=centre.outside_ring_s),
            is_fallback=step.where is Where.FALLBACK,
            is_night=step.is_night,
        )


def _nights(centre: Profile, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    hours = read_hours(centre.work_hours)
    return nights(hours, _yesterday(at), DUTY_DAYS, centre.calendar)


def _duties(centre: Profile, at: datetime) -> Iterator[Duty]:
    for duty in centre.duties:
        for since, until in duty.spans(_yesterday(at), DUTY_DAYS, centre.calendar):
            yield Duty(
                name=duty.name,
                since=since,
                until=until,
                seats=frozenset(seat_id(centre.centre, seat) for seat in duty.seats),
                lines=frozenset(LineId(line) for line in duty.lines),
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

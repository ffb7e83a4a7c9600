"""Which calls are to be placed so that every line is met in every state of its life."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import count, islice

from config.ledger import Line, Mode
from config.numberplan import NumberPlan
from config.peers import RelationKind
from config.platform import Platform
from config.profile import Profile
from config.workdays import CHINA, is_workday
from cti.ids import CentreId

BY_DAY, BY_NIGHT = time(10, 0), time(3, 0)
"""When every line's own seats are there on a working day, and when only some are."""
A_DAY = timedelta(days=1)
CITIES_OF_A_FRONTED_LINE = 2
"""From so many of the province's cities a fronted line is called each time, in turn."""
MOST_CALLS = 5000
NOBODYS = "93999999"
"""Begins with 9 as no subscriber's number does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call to be placed. ``ani`` is unlike every other one's."""

    number: str
    ani: str
    trunk: CentreId
    at: datetime
    is_answered: bool = True
    """Whether the line's own seats elsewhere answer, if they are rung; else they are busy."""


def calls(platform: Platform, today: date) -> list[Call]:
    """Every line: in its transition, on the working day after it, at three in the morning, and
    before its merger where it has dates of its own. A line that rings elsewhere is called twice.

    Sorted by time, so that those of one time stand together.
    """
    plan = NumberPlan(platform)
    wanted = list(_twice_where_rung(plan, _wanted(platform, today)))
    assert len({call.ani for call in wanted}) == len(wanted)
    return sorted(wanted, key=lambda call: (call.at, call.trunk))


def _wanted(platform: Platform, today: date) -> Iterator[Call]:
    turn = count()
    fronts = count()

    def call(number: str, profile: Profile, at: datetime, area: str = "") -> Call:
        ani = _caller(area or profile.area_code, next(turn), is_near=bool(area))
        return Call(number=number, ani=ani, trunk=profile.centre, at=at)

    for profile in platform:
        usual, _ = Counter(line.begins for line in profile.lines).most_common(1)[0]
        for line in profile.lines:
            for at in _moments(line, today, is_usual=line.begins == usual):
                yield call(line.number, profile, at)
                if line.mode is Mode.FRONTED:
                    cities = [
                        r.area_code for r in profile.relations if r.kind is RelationKind.FRONT
                    ]
                    for front in islice(fronts, CITIES_OF_A_FRONTED_LINE):
                        yield call(line.number, profile, at, cities[front % len(cities)])
        for number in (profile.hotline.number, NOBODYS):
            for at in _moments(profile.hotline, today):
                yield call(number, profile, at)
    # 12345 is the centre's in whose area the caller lives, whosever trunk it is
    for profile in platform.centres[1:]:
        at = next(_moments(profile.hotline, today))
        yield call(profile.hotline.number, platform.home, at, profile.area_code)


def _twice_where_rung(plan: NumberPlan, wanted: Iterator[Call]) -> Iterator[Call]:
    for call in wanted:
        yield call
        told = plan.explain(call.number, ani=call.ani, at=call.at, trunk=call.trunk)
        if told.route == "dial":
            neighbour = f"{call.ani[:-4]}{int(call.ani[-4:]) + MOST_CALLS}"
            yield replace(call, ani=neighbour, is_answered=False)


def _moments(line: Line, today: date, *, is_usual: bool = True) -> Iterator[datetime]:
    first, last = line.begins or date.min, line.ends or date.max
    day = min(max(today, first), last)
    while day > first and not is_workday(day):
        day -= A_DAY
    yield _at(day, BY_DAY)
    yield _at(day + A_DAY, BY_NIGHT)
    if line.ends is not None:
        after = line.ends + A_DAY
        while not is_workday(after):
            after += A_DAY
        yield _at(after, BY_DAY)
    if line.begins is not None and not is_usual:
        yield _at(line.begins - A_DAY, BY_DAY)


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, CHINA)


def _caller(area: str, turn: int, *, is_near: bool) -> str:
    """A caller's number, none twice: a mobile of nowhere near, a fixed line there, a mobile there.

    139 and the area code are the oldest mobile numbers.
    """
    assert turn < MOST_CALLS
    match turn % 3:
        case 0 if not is_near:
            return f"1390000{turn:04d}"
        case 1:
            return f"{area}8{turn:07d}"
        case _:
            return f"139{area}{turn:04d}"

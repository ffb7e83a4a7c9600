"""What a number means, as the real Asterisk executes it: the same as ``explain`` says."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from config.city import parse_platform
from config.dialled import spellings
from config.files import city_files
from config.numberplan import CHINA
from config.platform import Platform
from config.settings import CHECKOUT
from tests.asterisk.law import Dialled, disagreements
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import AsteriskWorld
from tests.config.platforms import province

pytestmark = pytest.mark.asterisk

CITIES = ("chifeng", "hunan", "qinghai", "jiangxi", "shaoyang")
CALLS = 3000
"""A platform."""

NOBODYS = (
    "88888888",
    "12399",
    "096312399",
    "079288888888",
    "+15551234567",
    "110",
    "0",
    "*12345#",
    "+",
    "1" * 24,
    "0" * 24,
)
CALLERS = ("", "1001", "0791-8337772", "8337772", "4001234567", "+8613800138000")


def _moments(platform: Platform) -> list[datetime]:
    """Edges of every date and every opening hour, at several times of several kinds of day."""
    lines = [line for profile in platform for line in profile.lines]
    days = {day for line in lines for day in (line.begins, line.ends) if day}
    days |= {day + timedelta(days=shift) for day in days for shift in (-1, 1)}
    days |= {datetime(2026, *day, tzinfo=CHINA).date() for day in ((10, 1), (10, 10), (2, 28))}
    days |= {datetime(2026, 11, day, tzinfo=CHINA).date() for day in (20, 21, 22)}
    spans = {span for line in lines for span in line.hours.spans}
    minutes = {minute for span in spans for minute in (span.opens, span.closes)} | {0, 180, 600}
    seconds = sorted({minute * 60 + shift for minute in minutes for shift in (-1, 0, 1)})
    return [
        datetime(day.year, day.month, day.day, tzinfo=CHINA) + timedelta(seconds=second)
        for day, second in product(sorted(days), seconds)
    ]


def _callers(platform: Platform) -> list[str]:
    """From every area that matters, fixed and mobile (139 and the area code: the oldest ones)."""
    areas = {profile.area_code for profile in platform}
    areas |= {
        relation.area_code for p in platform for relation in p.relations if relation.area_code
    }
    found = [number for area in sorted(areas) for number in (f"{area}8337772", f"139{area}1234")]
    return [*CALLERS, *found, *(f"+86{number.removeprefix('0')}" for number in found)]


def _calls(platform: Platform, seed: int) -> Iterator[Dialled]:
    """Every line in every spelling, and then lines, times, callers and trunks at random."""
    draw = random.Random(seed)
    moments, callers = _moments(platform), _callers(platform)
    trunks = [profile.centre for profile in platform]
    numbers = [
        spelled
        for profile in platform
        for line in (profile.hotline, *profile.lines)
        for spelled in spellings(line.number, profile.area_code)
    ]

    def call(number: str) -> Dialled:
        return Dialled(number, draw.choice(callers), draw.choice(trunks), draw.choice(moments))

    yield from map(call, (*numbers, *NOBODYS))
    for _ in range(CALLS):
        yield call(draw.choice(numbers) if draw.random() < 0.95 else draw.choice(NOBODYS))


@pytest.mark.parametrize("city", CITIES)
async def test_asterisk_does_what_is_explained_in_every_city(
    world: AsteriskWorld, tap: AmiTap, city: str
) -> None:
    """Every line of the shipped profiles, by every spelling, time, caller and trunk."""
    files = city_files(Path(CHECKOUT / "config" / "profiles" / city))
    platform = parse_platform(files, revision=12)

    assert await disagreements(world, tap, platform, list(_calls(platform, 1))) == []


async def test_asterisk_does_what_is_explained_between_centres(
    world: AsteriskWorld, tap: AmiTap
) -> None:
    """A province with its cities: areas, trunks and fronts decide alike."""
    platform = province()

    assert await disagreements(world, tap, platform, list(_calls(platform, 2))) == []

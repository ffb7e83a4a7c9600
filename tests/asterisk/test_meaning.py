"""What a number means, as the real Asterisk executes it: the same as ``explain`` says."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path

import pytest

from bench.phone import Softphone
from config.city import parse_platform
from config.dialled import spellings
from config.files import city_files
from config.numberplan import NumberPlan
from config.platform import Platform
from config.settings import CHECKOUT
from config.workdays import CHINA
from tests.asterisk.caller import dial
from tests.asterisk.law import Dialled, disagreements, execute_under_reloads, expected
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import AsteriskWorld
from tests.config.anyplatform import any_platform
from tests.config.platforms import province, province_files

pytestmark = pytest.mark.asterisk

CITIES = ("chifeng", "hunan", "qinghai", "jiangxi", "shaoyang")
CALLS = 3000
"""A platform."""

NOBODYS = (
    "",
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


def _calls(platform: Platform, seed: int, more: int = CALLS) -> Iterator[Dialled]:
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
    for _ in range(more):
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


@pytest.mark.parametrize("seed", range(5))
async def test_asterisk_does_what_is_explained_on_any_platform(
    world: AsteriskWorld, tap: AmiTap, seed: int
) -> None:
    """Centres, lines, dates, hours, peers and relations at random."""
    platform = any_platform(seed)

    assert await disagreements(world, tap, platform, list(_calls(platform, seed, 1500))) == []


async def test_a_reload_takes_numbers_away_and_nobody_is_cut(
    world: AsteriskWorld, tap: AmiTap
) -> None:
    """Two tables take turns as fast as they can: every call goes on, by the one or the other."""
    one = province()
    fewer = (profile.model_copy(update={"lines": profile.lines[1:2]}) for profile in one)
    other = Platform(centres=tuple(fewer), revision=8)
    calls = list(_calls(one, 3, 500))

    done, reloads = await execute_under_reloads(world, tap, (one, other), calls, rounds=10)
    plans = NumberPlan(one), NumberPlan(other)
    lost = [
        f"{call}: {found.plan}"
        for call, found in zip(calls * 10, done, strict=True)
        if found.plan not in [expected(plan, call, found.at) for plan in plans]
    ]
    assert lost == []
    assert reloads > 20
    assert {found.plan[0] for found in done} == {"7", "8"}


async def test_the_trunk_a_call_comes_by_decides(tmp_path: Path) -> None:
    """Each centre's address is its own trunk, and a seat's calls are its own centre's."""
    files = province_files()
    for path, mine, its in (
        ("profile.toml", "10.0.0.0/16", "127.0.0.1"),
        ("shi/profile.toml", "10.1.0.1", "127.0.0.11"),
        ("zhou/profile.toml", "10.2.0.0/16", "127.0.12.0/24"),
    ):
        files[path] = files[path].replace(mine.encode(), its.encode())
    for path, data in files.items():
        (tmp_path / "home" / "profile" / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "home" / "profile" / path).write_bytes(data)
    with AsteriskWorld(tmp_path / "home", profile=str(tmp_path / "home" / "profile")) as world:
        async with AmiTap(world) as tap:
            await tap.beat(stale=True)
            for host, centre, ani in (
                ("127.0.0.1", "sheng", "13800000001"),
                ("127.0.0.11", "shi", "13800000002"),
                ("127.0.12.5", "zhou", "13800000003"),
            ):
                async with Softphone(host=host) as phones:
                    phone = await dial(world, phones, "88888888", ani=ani)
                    arrived = await tap.user_event("Arrived", Ani=ani)
                    await phone.hangup()
                assert (arrived["Centre"], arrived["Prompt"]) == (centre, f"{centre}-unknown")
            assert world.complaints() == []

"""Who wants whom, with a real brain, Asterisk and database: the city's tables decide who rings."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bench.phone import Softphone
from config.callers import CALLERS
from config.duties import DUTIES
from config.files import load_platform
from config.profile import PROFILE
from tests.system.city import City, until

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

MAYOR, SCHOOLS = "8337772", "8333110"
CITIZEN, OTHER, DEPUTY = "13900000501", "13900000502", "13900000503"
TABLES = {
    CALLERS: f"号码,名称,类别\n{DEPUTY},示例代表,人大代表\n",
    DUTIES: f"日期,名称,线路,座席\n每天,教育局值班,{SCHOOLS},100{{seats}}\n",
}


@asynccontextmanager
async def town(folder: Path, *, seats: int, talk_s: float) -> AsyncIterator[City]:
    """A city with those tables whose seats answer at once, the last of them on duty."""
    city = City(folder, seats=seats)
    profile = city.settings.home / "profile"
    for name, text in TABLES.items():
        (profile / name).write_text(text.format(seats=seats), encoding="utf-8")
    facts = (profile / PROFILE).read_text(encoding="utf-8")
    facts = re.sub(r"(?m)^last_seat_s *=.*$", "last_seat_s = 5", facts)
    (profile / PROFILE).write_text(facts, encoding="utf-8")
    city.platform = load_platform(city.settings)
    city.profile = city.platform.home
    assert city.profile.classes["人大代表"] == 60
    async with city, city.phones(seats, talk_s=talk_s):
        await city.staff(seats)
        yield city


def pops(city: City) -> list[tuple[str, Mapping[str, Any]]]:
    """Every card shown, in the order of time, with the seat where it was."""
    found = [
        (told.at, city.accounts[desk.user], told.body["card"])
        for desk in city.desks
        for told in desk.heard
        if told.body.get("type") == "pop"
    ]
    return [(extension, card) for _, extension, card in sorted(found, key=lambda one: one[0])]


async def call(city: City, phones: Softphone, ani: str, number: str = MAYOR) -> None:
    """Call in."""
    host, port = city.target
    await phones.call(number, ani=ani, host=host, port=port)


async def over(city: City, calls: int) -> None:
    """Wait until so many calls are over, written down, and every seat is free again."""

    async def is_written() -> bool:
        return sum(record.ended_at is not None for record in await city.records()) == calls

    await until(is_written, 20, f"the end of {calls} calls")
    await until(lambda: {*city.seat_states().values()} == {"available"}, 10, "free seats")


async def test_the_duty_rings_for_its_line_and_whoever_knows_the_demand_for_its_caller(
    folder: Path,
) -> None:
    """Three seats are free; the one free longest rings only where nobody is wanted more."""
    async with town(folder, seats=3, talk_s=0.5) as city, Softphone() as phones:
        await call(city, phones, CITIZEN)
        await over(city, 1)
        await call(city, phones, OTHER, SCHOOLS)
        await over(city, 2)
        await call(city, phones, CITIZEN)  # 1002 has been free for longest, 1001 knows it
        await over(city, 3)
        await call(city, phones, DEPUTY)
        await over(city, 4)
        rung = [
            (seat, card["duty"], card["known"] and card["known"]["kind"])
            for seat, card in pops(city)
        ]
        assert rung == [
            ("1001", "", None),
            ("1003", "教育局值班", None),
            ("1001", "", None),
            ("1002", "", "人大代表"),
        ]


async def test_a_deputy_is_served_before_who_waits_no_longer_than_the_class_is_worth(
    folder: Path,
) -> None:
    """One seat talks; a citizen waits, then a deputy calls. The places are as they were told."""
    async with town(folder, seats=1, talk_s=4.0) as city, Softphone() as phones:
        await call(city, phones, CITIZEN)
        await until(lambda: city.seat_states() == {"1001": "talking"}, 10, "the first talk")
        for number, ani in enumerate((OTHER, DEPUTY), 2):
            await call(city, phones, ani)
            await until(lambda number=number: city.channels() > number, 10, "the caller")  # type: ignore[misc]
        await over(city, 3)
        assert [card["ani"] for _, card in pops(city)] == [CITIZEN, DEPUTY, OTHER]

"""Nuisance callers with a real brain, database and Asterisk: listed over HTTP, refused for good.

Also while the brain is dead: the list stands in Asterisk.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bench.phone import PhoneCall, Softphone
from bench.wavetools import chirp, write_wav
from cti.ids import CentreId
from records.accounts import Accounts
from records.callrecord import CallRecord, Disposition
from tests.system.city import City, until
from tests.system.test_outside import replayed

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

LINE, NUISANCE, CITIZEN = "8337772", "13900000951", "13900000952"
CHIEF = "chief"


async def dial(city: City, phones: Softphone, ani: str) -> PhoneCall:
    host, port = city.target
    return await phones.call(LINE, ani=ani, host=host, port=port)


async def of(city: City, ani: str) -> list[CallRecord]:
    """That caller's calls that are over, the first one first."""
    found = [one for one in await city.records() if one.ani == ani and one.ended_at is not None]
    return found[::-1]


async def ended(city: City, ani: str, count: int) -> list[CallRecord]:
    async def are_there() -> bool:
        return len(await of(city, ani)) >= count

    await until(are_there, 30, f"{count} calls of that number are over")
    return await of(city, ani)


async def ask(city: City, method: str, path: str, body: object = None) -> Mapping[str, Any]:
    """Ask as the supervisor."""
    headers = {"Authorization": f"Bearer {await token(city)}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        address = f"{city.web}/api/v1/{path}"
        async with session.request(method, address, json=body) as answer:
            assert answer.status < 300, await answer.text()
            found: Mapping[str, Any] = await answer.json()
            return found


async def token(city: City) -> str:
    accounts = Accounts(city.store().database)
    name = f"{CHIEF}-{datetime.now(UTC).timestamp()}"
    return await accounts.create_token(name, CentreId("chifeng"), "supervisor")


def is_told(city: City) -> bool:
    return NUISANCE in city.rx("database show nuisance")


async def test_a_listed_caller_is_refused_brain_or_none_until_it_is_taken_off(
    tmp_path: Path, phones: Softphone
) -> None:
    """Others are served all the while; every refusal is written, shown and counted."""
    async with City(tmp_path, seats=1) as city, city.phones(1, talk_s=0.5):
        write_wav(city.settings.home / "sounds" / "zh" / "refused-politely.wav", chirp(0.5))
        await city.staff(1)
        wish = {"number": f"+86{NUISANCE}", "reason": "反复辱骂", "days": 30}
        listed = await ask(city, "POST", "nuisance", wish)
        await until(lambda: is_told(city), 5, "Asterisk knows")

        first = await dial(city, phones, NUISANCE)
        served = await dial(city, phones, CITIZEN)
        await first.ended(10)
        await served.ended(20)
        [refused] = await ended(city, NUISANCE, 1)
        [other] = await ended(city, CITIZEN, 1)
        assert (refused.disposition, refused.offers) == (Disposition.BLOCKED, ())
        assert other.disposition is Disposition.ANSWERED
        logged = await replayed(city, tmp_path, refused.call)
        assert (logged.disposition, logged.cause) == (refused.disposition, refused.cause)

        await city.kill("brain")
        assert is_told(city)
        second = await dial(city, phones, NUISANCE)
        assert (await second.ended(10)).by == "remote"
        city.start("brain")
        await city.ready()
        assert [one.disposition for one in await ended(city, NUISANCE, 2)] == [
            Disposition.BLOCKED,
            Disposition.BLOCKED,
        ]
        [shown] = (await ask(city, "GET", "nuisance"))["items"]
        assert (shown["id"], shown["blocked"]) == (listed["id"], 2)
        calls = (await ask(city, "GET", "nuisance/calls"))["items"]
        assert {one["call_id"] for one in calls} == {one.call for one in await of(city, NUISANCE)}
        assert (await ask(city, "GET", "callbacks"))["items"] == []
        figures = (await ask(city, "GET", "stats"))["whole"]
        assert (figures["blocked"], figures["connection_share"]) == (2, 1.0)

        await ask(city, "DELETE", f"nuisance/{listed['id']}")
        await until(lambda: not is_told(city), 5, "Asterisk has forgotten")
        third = await dial(city, phones, NUISANCE)
        await third.ended(20)
        *_, last = await ended(city, NUISANCE, 3)
        assert last.disposition is Disposition.ANSWERED

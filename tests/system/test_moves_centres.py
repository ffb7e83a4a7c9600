"""Province and city on one platform: a caller is handed up, and back, to whoever is free there."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bench.deskclient import DeskClient
from bench.phone import Softphone
from bench.wavetools import tone, write_wav
from config.files import load_platform
from config.profile import PROFILE, RELATIONS
from config.render import secret
from cti.ids import CentreId
from records.accounts import Accounts
from tests.system.city import City, until
from tests.system.ears import heard_now
from tests.system.people import AGENT_HZ, CALLER_HZ, Agent, Caller, people_of
from transfer.step import Kind

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

PROVINCE = CentreId("sheng")
PROVINCE_HZ = 900
FACTS = """\
centre = "sheng"
name = "某省12345热线"
city = "某省"
level = "province"
area_code = "0471"
skills = ["通用"]
wrap_up_s = 0
"""
TABLES = {
    PROFILE: FACTS,
    "numbers.csv": "部门,电话名称,电话号码,归并方式\n办公厅,省长热线,93617204,整体并入\n",
    "seats.csv": "分机,姓名,技能,类别\n2001,座席01,通用,话务员\n",
    RELATIONS: "关系,中心,名称,区号\n下级,chifeng,赤峰市12345热线,0476\n",
}


def add_province(city: City) -> None:
    """Put another centre on the platform, above the city."""
    profile = Path(city.settings.profile)
    facts = (profile / PROFILE).read_text(encoding="utf-8")
    (profile / PROFILE).write_text(f'centres = ["{PROVINCE}"]\n{facts}', encoding="utf-8")
    relations = (profile / RELATIONS).read_text(encoding="utf-8").rstrip("\n")
    above = f"{relations}\n上级,{PROVINCE},某省12345热线,0471,,,\n"
    (profile / RELATIONS).write_text(above, encoding="utf-8")
    (profile / PROVINCE).mkdir()
    for name, text in TABLES.items():
        (profile / PROVINCE / name).write_text(text, encoding="utf-8")
    city.platform = load_platform(city.settings)
    city.profile = city.platform.home


@asynccontextmanager
async def desk_there(city: City) -> AsyncIterator[DeskClient]:
    """Somebody at the province's desk, ready for calls."""
    password = secrets.token_urlsafe(12)
    await Accounts(city.store().database).add_person("pia", PROVINCE, "agent", password)
    async with asyncio.TaskGroup() as group, DeskClient(city.web, "pia", password) as desk:
        reading = group.create_task(desk.read())
        await desk.sit("2001")
        yield desk
        reading.cancel()


async def hand(desk: DeskClient, call: str, kind: Kind, target: str) -> None:
    """Press the key."""
    body = {"move": f"m-{secrets.token_hex(6)}", "kind": kind.value, "target": target}
    status, answer = await desk.post(f"/api/v1/calls/{call}/moves", body)
    assert status < 300, (status, answer)


async def hear_each_other(caller: Caller, agent: Agent, hertz: int) -> None:
    """Caller and agent, and neither hears anybody else."""
    everybody = {CALLER_HZ, AGENT_HZ, PROVINCE_HZ}
    await until(lambda: heard_now(caller.heard, everybody) == {hertz}, 10, "the caller hears")
    ring = agent.now
    assert ring is not None
    assert ring.ani == caller.ani
    await until(lambda: heard_now(ring.heard, everybody) == {CALLER_HZ}, 10, "the agent hears")


async def test_given_a_caller_handed_to_the_province_then_it_answers_and_can_hand_it_back(
    folder: Path, phones: Softphone
) -> None:
    """One call, one record, with both of its talks; each time the one who lets go is free again."""
    city = City(folder, seats=1)
    add_province(city)
    async with city, people_of(city, phones, 1) as people, asyncio.TaskGroup() as group:
        seat = f"{PROVINCE}-2001"
        line = await phones.register(seat, secret(city.settings, f"seat-{seat}"), *city.target)
        hum = write_wav(folder / "province.wav", tone(PROVINCE_HZ, 1.0))
        there = Agent("2001", line, people.agents[0].folder, hum)
        working = group.create_task(there.work())
        [desk] = await city.staff(1)
        async with desk_there(city) as above:
            here = people.agents[0]
            caller = await people.call()
            await until(lambda: people.talks(caller), 15, "the city answers")
            call = str((await desk.wait("pop")).body["card"]["call"])
            await until(lambda: city.seat_states()[here.extension] == "talking", 10, "it is known")
            await hand(desk, call, Kind.HAND_OVER, f"centre:{PROVINCE}")
            await until(lambda: there.is_talking, 15, "the province answers")
            await hear_each_other(caller, there, PROVINCE_HZ)
            assert here.now is None
            await hand(above, call, Kind.BLIND, "group:通用")
            await until(lambda: here.is_talking, 15, "the city answers again")
            await hear_each_other(caller, here, AGENT_HZ)
            await caller.phone.hangup()
            await until(lambda: city.channels() == 0, 15, "no channel is left", every_s=0.2)

            async def is_over() -> bool:
                return all(record.ended_at for record in await city.records())

            await until(is_over, 10, "the call has ended")
            [record] = await city.records()
            mine = f"chifeng-{here.extension}"
            assert [talk.seat for talk in record.talks] == [mine, seat, mine]
            assert city.seat_states() == {here.extension: "available"}
        working.cancel()

"""Numbers that stand in no table, dialled over the centre's own carrier: 110, and one typed."""

import secrets
from pathlib import Path
from typing import Any

import pytest

from bench.deskclient import DeskClient
from bench.phone import Softphone
from config.files import load_platform
from config.profile import PROFILE
from tests.asterisk.exchange import exchange
from tests.system.city import City, until
from tests.system.people import people_of
from transfer.step import Kind, Step, What

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

TYPED = "13900000009"
FACTS = 'typed_numbers = ["agent"]\ntyped_peer = ""\ndial_out_prefix = "9"\n'


def let_agents_type(city: City) -> None:
    """Numbers that they type go to the carrier, which wants a 9 first."""
    facts = Path(city.settings.profile) / PROFILE
    kept = [
        row
        for row in facts.read_text(encoding="utf-8").splitlines()
        if not row.startswith(("typed_", "dial_out_prefix"))
    ]
    facts.write_text(FACTS + "\n".join(kept) + "\n", encoding="utf-8")
    city.platform = load_platform(city.settings)
    city.profile = city.platform.home


async def move(desk: DeskClient, call: str, kind: Kind, **whom: str) -> str:
    """Have the call moved; the move's name."""
    name = f"m-{secrets.token_hex(6)}"
    body: dict[str, Any] = {"move": name, "kind": kind.value, **whom}
    status, answer = await desk.post(f"/api/v1/calls/{call}/moves", body)
    assert status < 300, (status, answer)
    return name


async def press(desk: DeskClient, call: str, name: str, key: What) -> None:
    status, answer = await desk.post(f"/api/v1/calls/{call}/moves/{name}/{key.value}", {})
    assert status < 300, (status, answer)


def steps(desk: DeskClient, name: str) -> list[str]:
    """The steps that the desk was told of."""
    told = (heard.body for heard in desk.heard if heard.body.get("type") == "move")
    return [body["move"]["step"] for body in told if body["move"]["move"] == name]


async def test_given_no_row_for_110_then_the_carrier_is_asked_for_it_and_for_what_is_typed(
    folder: Path, phones: Softphone
) -> None:
    """Both three-way: caller and agent talk on when the other side has gone, or never came."""
    async with exchange() as carrier:
        city = City(folder, seats=1, dial_out=f"127.0.0.1:{carrier.port}")
        let_agents_type(city)
        async with city, people_of(city, phones, 1) as people:
            [desk] = await city.staff(1)
            caller = await people.call()
            await until(lambda: people.talks(caller), 15, "the agent answers")
            call = str((await desk.wait("pop")).body["card"]["call"])
            await until(lambda: set(city.seat_states().values()) == {"talking"}, 10, "it is known")

            police = await move(desk, call, Kind.EMERGENCY, target="emergency:110")
            visit = await carrier.visit()
            assert visit.number == "9110"
            visit.ring()
            visit.answer()
            await until(lambda: steps(desk, police)[-1:] == [Step.JOINED.value], 10, "all three")
            visit.hang_up()
            await until(lambda: steps(desk, police)[-1:] == [Step.RETURNED.value], 10, "returned")
            assert people.talks(caller)

            typed = await move(desk, call, Kind.THREE_WAY, number=f"+86 {TYPED}")
            visit = await carrier.visit()
            assert visit.number == f"9{TYPED}"
            visit.ring()
            await press(desk, call, typed, What.CANCEL)
            await until(lambda: steps(desk, typed)[-1:] == [Step.RETURNED.value], 10, "returned")
            assert people.talks(caller)
            await caller.phone.hangup()
            await until(lambda: city.channels() == 0, 15, "no channel is left", every_s=0.2)
            assert TYPED not in city.logs()["brain.log"]

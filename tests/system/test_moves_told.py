"""An emergency line is told of a caller while it rings, and what it answers stands in the order."""

import asyncio
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bench.phone import Softphone
from cti.ids import CentreId
from records.accounts import Accounts
from tests.asterisk.tap import AmiTap
from tests.standstill import Watch
from tests.system.city import City, until
from tests.system.movedoing import Played
from tests.system.movescene import calling
from tests.system.movestage import stage
from transfer.step import Kind, Step, What

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

AHEAD_S = 10.0
"""Within which it is told, and told again."""


@dataclass
class Platform:
    """What the emergency line has in front of it."""

    told: list[dict[str, Any]] = field(default_factory=list)

    async def take(self, request: web.Request) -> web.Response:
        self.told.append(json.loads(await request.read()))
        return web.Response(status=503 if len(self.told) == 1 else 200)


async def says(city: City, path: str, body: dict[str, str]) -> Any:
    """The line's program tells us something; what it is answered."""
    accounts = Accounts(city.store().database)
    token = await accounts.create_token("jinji", CentreId("chifeng"), "system")
    async with asyncio.timeout(10), aiohttp.ClientSession(city.web) as session:
        headers = {"Authorization": f"Bearer {token}"}
        async with session.post(path, json=body, headers=headers) as answer:
            assert answer.status < 300, await answer.text()
            return await answer.json()


async def test_given_an_emergency_then_the_line_is_told_ahead_and_its_answer_is_kept(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """Again after its platform failed; and the journal says by which rule it was settled."""
    there = Platform()
    app = web.Application()
    app.router.add_post("/told", there.take)
    async with (
        TestServer(app, access_log=None) as server,
        stage(folder, phones, watch, interface=str(server.make_url("/told"))) as on,
    ):
        scene = await calling(on)
        await scene.talks()
        played = Played(scene, Kind.EMERGENCY, on.emergency[0])
        await played.start()
        await until(lambda: len(there.told) >= 2, AHEAD_S, "the line is told again")
        first, again = there.told[:2]
        assert first == again
        assert (first["kind"], first["call_id"]) == ("ahead", scene.call)
        assert first["caller"]["number"] == scene.caller.ani
        await played.do(What.ANSWERED)
        await scene.reaches(Step.JOINED)
        await played.do(What.COMPLETE)
        await scene.reaches(Step.COMPLETED)
        said = {"key": first["key"], "state": "taken", "case": "JJ-9", "result": "已派警"}
        await says(on.city, "/api/v1/linkage/110/answers", said)
        await scene.over()

        journal = await on.city.store().journal(scene.call)
        [over] = [dict(line.data) for line in journal if line.what == "move-over"]
        assert (over["step"], over["rule"]) == ("completed", "three-way")
        order = await on.city.store().order_of(scene.call)
        assert order is not None
        assert order.draft.case is not None
        assert (order.draft.case.line, order.draft.case.number) == ("110", "JJ-9")


async def test_given_a_case_handed_over_by_110_then_its_caller_goes_first_and_the_card_names_it(
    folder: Path, phones: Softphone, watch: Watch
) -> None:
    """Before one who has waited longer. Told of by HTTP as well, it is the same one order."""
    case = "JJ-2026/1122-7"
    async with stage(folder, phones, watch, agents=1) as on:
        desk = on.desks["1001"]
        await desk.do("not-ready", reason="用餐")
        waiting = await calling(on)
        await waiting.waits()
        house, police = on.houses["jinji"], on.emergency[0].people[0]
        exempt = f"127.0.0.1:{house.sip_port}"
        await until(lambda: exempt in on.city.rx("database show emergency"), 10, "110 is known")
        async with AmiTap(house) as theirs:
            answer = await theirs.ask("Setvar", Variable="CASE", Value=case)
            assert answer["Response"] == "Success", answer
        call = await police.line.call("12345", play=police.hum, loop=True)
        arrived = await on.tap.user_event("Arrived", Handed="emergency")
        await on.tap.user_event("Wait", Call=arrived["Call"])
        await desk.do("ready")
        card = (await desk.wait("pop")).body["card"]
        assert (card["call"], card["handed"]["case"]) == (arrived["Call"], case)
        assert card["handed"]["is_emergency"]
        told = {"case": case, "at": datetime.now(UTC).isoformat(), "content": "非警务类纠纷"}
        await says(on.city, "/api/v1/linkage/110/cases", told)  # as likely before its row as after
        await call.hangup()
        await waiting.over()
        await until(lambda: _is_one(on.city, arrived["Call"], case), 10, "one order of both")


async def _is_one(city: City, call: str, case: str) -> bool:
    """Whether the case has one order that is not void, the call's, with what was told of it."""
    orders = [one.draft for one in await city.store().orders() if one.draft.case]
    valid = [one for one in orders if one.status != "void"]
    return [(one.call_id, one.case and one.case.number) for one in valid] == [(call, case)] and any(
        "非警务类纠纷" in piece.text for piece in valid[0].evidence
    )

"""What a caller says stands on the agent's screen while the caller still talks."""

from pathlib import Path
from typing import Any

import pytest

from bench.deskclient import DeskClient
from bench.phone import Softphone
from bench.wavetools import tone
from cti.ids import CallId
from tests.records import sounds
from tests.system.city import City, until

pytestmark = [pytest.mark.asterisk, pytest.mark.redis, pytest.mark.timeout(120)]

MAYOR, CITIZEN = "8337772", "13900000601"


def said(desk: DeskClient, kind: str) -> list[dict[str, Any]]:
    return [
        told.body["said"]
        for told in list(desk.heard)
        if told.body.get("type") == "said" and told.body["said"]["kind"] == kind
    ]


def grown(desk: DeskClient) -> list[str]:
    return [
        told.body["grown"]["order"]
        for told in list(desk.heard)
        if told.body.get("type") == "draft-grown"
    ]


async def test_the_agent_reads_what_the_caller_says(folder: Path) -> None:
    """Text with its place marked, the draft growing with it, a listener that is killed in the
    middle and one that comes back, a page that is opened again, and the final draft at the end.
    """
    words = sounds.write(folder / "words.wav", sounds.speech(sounds.WATER_CUT))
    city = City(folder, seats=1, workers=1, is_held=True, has_live_text=True, prompt=tone(440, 0.3))
    async with city, city.phones(1, talk_s=45, audio=tone(440, 3.0, -90)), Softphone() as phones:
        await city.ready()
        (desk,) = await city.staff(1)
        host, port = city.target
        call = await phones.call(MAYOR, ani=CITIZEN, host=host, port=port, play=words, loop=True)
        await until(lambda: bool(said(desk, "final")), 25, "text of the first sentence")
        await until(lambda: bool(grown(desk)), 10, "a draft that grows")
        texts = "".join(one["text"] for one in said(desk, "final"))
        assert {one["channel"] for one in said(desk, "final")} == {"caller"}
        assert "停" in texts or "水" in texts, texts
        (order,) = {*grown(desk)}
        kept = await city.store().order(order)
        assert kept is not None
        assert not kept.is_complete
        assert any(one.kind == "speech" for one in kept.draft.evidence)

        await city.kill("listener")
        before = len(said(desk, "final"))
        await until(lambda: len(said(desk, "final")) > before, 30, "text after the listener died")

        number = len(desk.heard)
        await desk.reload()
        again = (await desk.wait("snapshot", after=number)).body["desk"]["said"]
        shown = {one["key"] for one in said(desk, "final")}
        assert shown <= {one["key"] for one in again}

        await call.hangup()
        await until(lambda: _is_final(city, kept.draft.call_id), 60, "the final draft")
    assert city.complaints(r"listener") == []


async def _is_final(city: City, call: str) -> bool:
    order = await city.store().order_of(CallId(call))
    return order is not None and order.is_complete

"""A page that stands open through a shift is no heavier at its end."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.async_api import CDPSession, Page, expect

from bench.sippload import Traffic, call_in, invented_numbers
from bench.wavetools import chirp, write_alaw
from cti.ids import AgentId
from records.callrecord import CallRecord, Talk
from tests.desk.browser import Desks
from tests.records.samples import NOON, SEAT, ended
from tests.system.city import City, until

AGENT: Final = AgentId("agent1001")
CALLS: Final = 36, 300
"""In `make test`, and in `make soak`: a shift of eight hours."""
WARMING: Final = 12
"""Calls after which a page has everything that it makes once."""
LISTED: Final = 80
"""Orders that are there before: more than any list shows, so that no list grows."""
TALK_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Weight:
    """What a page holds, once nothing is left in it that nobody needs."""

    nodes: int
    listeners: int
    own_kib: float
    """Of what its script keeps, by ``own_bytes``."""


MOST_GROWN: Final = Weight(nodes=60, listeners=12, own_kib=20.0)
"""Of the whole shift: far less than one of each a call, and a fourteenth of a kibibyte a call."""
OWN: Final = frozenset(
    {"object", "closure", "string", "concatenated string", "sliced string", "number", "regexp"}
)
OWN_ARRAYS: Final = frozenset({"(object elements)", "(object properties)"})


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    return {"seats": 1, "wrap_up_s": 0.2, "prompt": chirp(0.1, seed=9)}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("calls", [CALLS[0], pytest.param(CALLS[1], marks=pytest.mark.soak)])
async def test_a_shift_grows_neither_memory_nor_the_page(
    desks: Desks,
    city: City,
    calls: int,
    tmp_path: Path,
    record_property: Callable[[str, object], None],
) -> None:
    """Real calls, each announced, talked, wrapped up and left as an order."""
    await city.store().write_calls(before(city, n) for n in range(LISTED))
    page = await desks.open(AGENT)
    async with city.phones(1, talk_s=TALK_S):
        await page.get_by_role("button", name="签入", exact=True).click()
        await expect(page.locator(".seat")).to_have_attribute("data-state", "not-ready")
        await page.keyboard.press("F2")
        await expect(page.locator(".seat")).to_have_attribute("data-state", "available")
        cdp = await page.context.new_cdp_session(page)
        await take_calls(city, WARMING, tmp_path / "warming")
        first = await weigh(page, cdp)
        await take_calls(city, calls - WARMING, tmp_path / "shift")
        last = await weigh(page, cdp)
    assert await count(city) == calls + LISTED
    grown = Weight(
        last.nodes - first.nodes, last.listeners - first.listeners, last.own_kib - first.own_kib
    )
    record_property("grown", str(grown))
    assert grown.nodes <= MOST_GROWN.nodes, (first, last)
    assert grown.listeners <= MOST_GROWN.listeners, (first, last)
    assert grown.own_kib <= MOST_GROWN.own_kib, (first, last)


def before(city: City, number: int) -> CallRecord:
    """A call of an earlier day."""
    at = NOON - timedelta(days=1, minutes=number)
    talk = Talk(seat=SEAT, agent=AGENT, since=at, until=at + timedelta(minutes=1))
    return ended(f"old-{number}.1", arrived_at=at, centre=city.profile.centre, talks=(talk,))


async def take_calls(city: City, calls: int, folder: Path) -> None:
    """Have so many citizens call, a few at a time, and wait until all is written down."""
    known = await count(city)
    load = Traffic(
        number=city.number,
        rate=2,
        count=calls,
        at_once=3,
        stay_s=60,
        audio=write_alaw(folder.with_suffix(".alaw"), chirp(1.0, seed=2)),
        anis=invented_numbers(calls),
    )
    tally = await call_in(load, city.target, city.source(600), folder)
    assert (tally.done, tally.failed) == (calls, 0)

    async def are_written() -> bool:
        return await count(city) == known + calls

    await until(are_written, 20, "every call in the database", every_s=0.3)


async def count(city: City) -> int:
    """How many calls are over."""
    return sum(record.ended_at is not None for record in await city.records())


async def weigh(page: Page, cdp: CDPSession) -> Weight:
    """What the page holds once it is at rest."""
    await page.wait_for_load_state("networkidle")
    await asyncio.sleep(1.5)
    for _ in range(3):
        await cdp.send("HeapProfiler.collectGarbage")
    await cdp.send("Performance.enable")
    told = (await cdp.send("Performance.getMetrics"))["metrics"]
    of = {one["name"]: one["value"] for one in told}
    own = own_bytes(await heap(cdp))
    return Weight(round(of["Nodes"]), round(of["JSEventListeners"]), round(own / 1024, 1))


async def heap(cdp: CDPSession) -> dict[str, Any]:
    """All that is in the engine's memory, each thing with its kind, its name and its size."""
    parts: list[str] = []

    def take(told: dict[str, str]) -> None:
        parts.append(told["chunk"])

    cdp.on("HeapProfiler.addHeapSnapshotChunk", take)
    await cdp.send("HeapProfiler.takeHeapSnapshot")
    cdp.remove_listener("HeapProfiler.addHeapSnapshotChunk", take)
    found: dict[str, Any] = json.loads("".join(parts))
    return found


def own_bytes(heap: dict[str, Any]) -> int:
    """Of objects, functions and texts. Not the engine's machine code and caches, which grow with
    use until all that is ever used is compiled: of 360 KiB that 80 calls added, they were all.
    """
    meta, nodes, texts = heap["snapshot"]["meta"], heap["nodes"], heap["strings"]
    fields, kinds = meta["node_fields"], meta["node_types"][0]
    kind, name, size = (fields.index(one) for one in ("type", "name", "self_size"))
    return sum(
        nodes[at + size]
        for at in range(0, len(nodes), len(fields))
        if kinds[nodes[at + kind]] in OWN
        or (kinds[nodes[at + kind]] == "array" and texts[nodes[at + name]] in OWN_ARRAYS)
    )

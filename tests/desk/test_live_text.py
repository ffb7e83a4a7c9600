"""What a caller says, read on the page while it is said."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from bench.phone import Softphone
from cti.ids import SeatId
from tests.desk.axe import violations
from tests.desk.browser import LARGE, Desks
from tests.desk.conftest import Shot
from tests.desk.town import answers, sit, stands
from tests.records import sounds
from tests.system.city import City

HEARD_MS = 40_000
"""An engine is begun first."""

pytestmark = [pytest.mark.redis, pytest.mark.timeout(150)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(page_built: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    """One seat, and somebody who listens."""
    folder = tmp_path_factory.mktemp("l")
    async with City(folder, seats=1, wrap_up_s=30, is_held=True, has_live_text=True) as city:
        yield city


async def test_a_page_with_live_text_can_be_read_by_everybody(
    desks: Desks, city: City, phones: Softphone, shot: Shot, tmp_path: Path
) -> None:
    """Each line says when and who, what matters in it is marked, and axe finds nothing wrong."""
    words = sounds.write(tmp_path / "words.wav", sounds.speech(sounds.WATER_CUT))
    seat = f"{city.profile.centre}-1001"
    host, port = city.target
    phone = await phones.register(seat, city.passwords[SeatId(seat)], host, port)
    page = await desks.open("agent1001", size=LARGE)
    await sit(page, "1001")
    caller = await phones.call(
        "8337772", ani="13900000602", host=host, port=port, play=words, loop=True
    )
    await answers(phone)
    await stands(page, "talking")
    line = page.locator(".livetext li.caller.final").first
    await expect(line).to_contain_text(re.compile("[停水]"), timeout=HEARD_MS)
    await expect(line).to_contain_text("来电人")
    await expect(line.get_by_role("button")).to_have_accessible_name(re.compile(r"\d\d:\d\d"))
    assert await violations(page) == []
    await shot(page, "live-text")
    await caller.hangup()
    await stands(page, "wrap-up")
    assert await violations(page) == []

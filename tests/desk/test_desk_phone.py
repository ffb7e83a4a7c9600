"""A telephone on the desk as a seat's, with the page as its remote control."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from bench.phone import PhoneCall, PhoneLine, Softphone
from cti.ids import SeatId
from tests.desk.axe import violations
from tests.desk.browser import Desks
from tests.desk.conftest import Shot
from tests.desk.phoning import AGENT_HZ, CALLER_HZ, calls, hears_agent, longest_gap_s, speech, until
from tests.desk.town import sit, stands
from tests.system.city import City
from tests.system.ears import heard_now

pytestmark = [pytest.mark.redis, pytest.mark.timeout(90)]


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    """Two seats."""
    return {"seats": 2}


async def telephone(city: City, phones: Softphone, extension: str = "1001") -> PhoneLine:
    """The one on that desk, registered."""
    name = f"{city.profile.centre}-{extension}"
    return await phones.register(name, city.passwords[SeatId(name)], *city.target)


async def rings(page: Page, line: PhoneLine, folder: Path) -> tuple[PhoneCall, Path]:
    """Announced in the page, and then the telephone rings; and the file of what it will hear."""
    call = await line.incoming()
    await expect(page.locator(".caller-card")).to_be_visible()
    await expect(page.locator(".phone")).to_have_attribute("data-talk", "rings")
    heard = folder / "desk-phone.wav"
    await call.play(speech(folder / "agent.wav", AGENT_HZ), loop=True)
    await call.record(heard)
    return call, heard


async def test_the_page_answers_holds_mutes_and_hangs_up_the_telephone_on_the_desk(
    desks: Desks, city: City, phones: Softphone, tmp_path: Path, shot: Shot
) -> None:
    """By the keys of any other telephone; a page loaded anew still knows what was pressed."""
    line, page = await telephone(city, phones), await desks.open("agent1001")
    await sit(page, "1001")
    caller, heard = await calls(city, phones, tmp_path)
    rung, at_agent = await rings(page, line, tmp_path)
    assert await violations(page) == []
    await page.keyboard.press("Alt+A")
    await rung.connected()
    await stands(page, "talking")
    await until(lambda: hears_agent(heard), "the caller does not hear the agent")
    await until(lambda: CALLER_HZ in heard_now(at_agent, {CALLER_HZ}), "nor the agent the caller")

    await page.keyboard.press("Alt+M")
    await expect(page.locator(".phone-state")).to_have_text(re.compile("静音"))
    await until(lambda: not hears_agent(heard), "a muted agent is heard")
    await page.reload()
    await expect(page.locator(".phone-state")).to_have_text(re.compile("静音"))
    await page.keyboard.press("Alt+M")
    await until(lambda: hears_agent(heard), "mute does not end")

    await page.keyboard.press("Alt+H")
    await expect(page.locator(".phone-state")).to_have_text(re.compile("保持"))
    await until(lambda: not hears_agent(heard), "an agent on hold is heard")
    await shot(page, "desk-phone")
    assert await violations(page) == []
    await page.keyboard.press("Alt+H")
    await until(lambda: hears_agent(heard), "hold does not end")
    assert [one.facts["what"] for one in rung.events if one.name == "told"] == [
        *("talk", "hold", "talk")
    ]

    await page.keyboard.press("Alt+X")
    await rung.ended()
    await caller.ended()
    await stands(page, "available")  # this city has no wrap-up
    [recording] = city.recordings.glob("*-rx.wav")
    assert longest_gap_s(recording, CALLER_HZ) < 1.0


async def test_a_call_that_the_page_refuses_goes_on_to_whoever_is_ready(
    desks: Desks, city: City, phones: Softphone, tmp_path: Path
) -> None:
    """As if the telephone's own key had been pressed."""
    line, page = await telephone(city, phones), await desks.open("agent1001")
    await expect(page.locator(".seat")).to_be_visible()
    await expect(page.locator(".seat-alarm")).to_have_count(0)
    await page.keyboard.press("F2")
    await stands(page, "available")
    caller, _ = await calls(city, phones, tmp_path, "13900000002")
    rung, _ = await rings(page, line, tmp_path)
    other_line, other = await telephone(city, phones, "1002"), await desks.open("agent1002")
    await sit(other, "1002")
    await page.keyboard.press("Alt+X")
    await rung.ended()
    at_other = await other_line.incoming()
    await at_other.answer()
    await stands(other, "talking")
    await stands(page, "not-ready")
    await caller.hangup()
    await at_other.ended()

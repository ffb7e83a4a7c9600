"""A page that is loaded anew, or closed, in the middle of a call: the call goes on."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from bench.phone import Softphone
from tests.desk.browser import Desks
from tests.desk.phoning import (
    AGENT_HZ,
    CALLER_HZ,
    answered,
    calls,
    hears_agent,
    longest_gap_s,
    sits,
    speech,
    talks,
    until,
)
from tests.system.city import City


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    """Two seats."""
    return {"seats": 2}


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the agents' microphones say."""
    return speech(tmp_path_factory.mktemp("voice") / "voice.wav", AGENT_HZ)


async def test_a_page_loaded_anew_in_a_talk_goes_on_talking(
    desks: Desks, city: City, phones: Softphone, tmp_path: Path
) -> None:
    """The caller is back with the agent in seconds, nobody presses anything, nothing is lost of
    what it said; nor is a talk on hold. A hang-up then is a hang-up.
    """
    page = await sits(desks, "agent1001", "1001")
    other = await sits(desks, "agent1002", "1002")
    call, heard = await calls(city, phones, tmp_path)
    await answered(page)
    await until(lambda: hears_agent(heard), "the caller does not hear the agent")

    await page.reload()
    await until(lambda: not hears_agent(heard), "the page did not leave")
    await talks(page)
    await until(lambda: hears_agent(heard), "the talk does not go on")

    await page.keyboard.press("Alt+H")
    await expect(page.locator(".phone-state")).to_have_text(re.compile("保持"))
    await page.reload()
    await talks(page)
    await until(lambda: hears_agent(heard), "the talk that was on hold does not go on")
    await expect(other.locator(".phone")).to_have_attribute("data-talk", "none")

    await page.keyboard.press("Alt+X")
    await call.ended()
    [recording] = city.recordings.glob("*-rx.wav")
    assert longest_gap_s(recording, CALLER_HZ) < 1.0


async def test_a_page_loaded_anew_while_it_rings_rings_again(
    desks: Desks, city: City, phones: Softphone, tmp_path: Path
) -> None:
    """The caller was not greeted yet: it rings again, and is answered by hand."""
    page = await sits(desks, "agent1001", "1001")
    call, heard = await calls(city, phones, tmp_path, "13900000002")
    await expect(page.locator(".phone")).to_have_attribute("data-talk", "rings")
    await page.reload()
    await answered(page)
    await until(lambda: hears_agent(heard), "the caller does not hear the agent")
    await call.hangup()
    await expect(page.locator(".phone")).to_have_attribute("data-talk", "none")


async def test_a_second_tab_takes_the_talk_over(
    desks: Desks, city: City, phones: Softphone, tmp_path: Path
) -> None:
    """By one press; and the first has it again once the second is closed."""
    first = await sits(desks, "agent1001", "1001")
    call, heard = await calls(city, phones, tmp_path, "13900000003")
    await answered(first)
    second = await desks.tab(first)
    await second.get_by_role("button", name="转到本页").click()
    await talks(second)
    await until(lambda: hears_agent(heard), "the talk does not go on in the second tab")
    await second.close(run_before_unload=False)
    await talks(first)
    await until(lambda: hears_agent(heard), "the talk does not come back to the first tab")
    await call.hangup()
    await expect(first.locator(".phone")).to_have_attribute("data-talk", "none")

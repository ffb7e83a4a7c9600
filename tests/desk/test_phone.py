"""The telephone in the page: a real caller, a real Asterisk, a microphone that speaks."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from bench.phone import Softphone
from tests.desk.axe import violations
from tests.desk.browser import Desks
from tests.desk.conftest import Shot
from tests.desk.phoning import (
    AGENT_HZ,
    CALLER_HZ,
    answered,
    calls,
    hears_agent,
    longest_gap_s,
    page_hears,
    sits,
    speech,
    until,
)
from tests.system.city import City
from tests.system.ears import heard_now


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    """Two seats."""
    return {"seats": 2}


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the agents' microphones say."""
    return speech(tmp_path_factory.mktemp("voice") / "voice.wav", AGENT_HZ)


async def test_both_hear_each_other_and_mute_hold_and_hang_up_do_what_they_say(
    desks: Desks, city: City, phones: Softphone, tmp_path: Path, shot: Shot
) -> None:
    """A whole talk by keys alone; the caller's recording has no gap, muted or on hold."""
    page = await sits(desks, "agent1001", "1001")
    assert await violations(page) == []
    call, heard = await calls(city, phones, tmp_path)
    await answered(page)
    await until(lambda: hears_agent(heard), "the caller does not hear the agent")
    assert await page_hears(page, CALLER_HZ) > 0.5

    await page.keyboard.press("Alt+M")
    await expect(page.locator(".phone-state")).to_have_text(re.compile("静音"))
    await until(lambda: not hears_agent(heard), "a muted agent is heard")
    await page.keyboard.press("Alt+M")
    await until(lambda: hears_agent(heard), "mute does not end")

    await page.keyboard.press("Alt+H")
    await expect(page.locator(".phone-state")).to_have_text(re.compile("保持"))
    await until(lambda: not hears_agent(heard), "an agent on hold is heard")
    await page.keyboard.press("Alt+H")
    await until(lambda: hears_agent(heard), "hold does not end")

    await page.keyboard.press("Alt+D")
    await page.get_by_role("button", name="按 5").click()
    assert await call.key() == "5"
    assert await violations(page) == []
    await shot(page, "phone")

    await page.keyboard.press("Alt+X")
    await call.ended()
    await expect(page.locator(".phone")).to_have_attribute("data-talk", "none")
    [recording] = city.recordings.glob("*-rx.wav")
    assert longest_gap_s(recording, CALLER_HZ) < 1.0


async def test_a_call_that_is_refused_goes_on_to_whoever_is_ready(
    desks: Desks, city: City, phones: Softphone, tmp_path: Path
) -> None:
    """The refusing seat is not ready then; the other page rings."""
    first = await sits(desks, "agent1001", "1001")
    second = await sits(desks, "agent1002", "1002")
    call, heard = await calls(city, phones, tmp_path, "13900000002")
    await expect(first.locator(".phone")).to_have_attribute("data-talk", "rings")
    await first.keyboard.press("Alt+X")
    await expect(first.locator(".seat")).to_have_attribute("data-state", "not-ready")
    await answered(second)
    await until(lambda: hears_agent(heard), "the caller does not hear the second agent")
    await call.hangup()
    await expect(second.locator(".phone")).to_have_attribute("data-talk", "none")


async def test_a_headset_answers_by_itself(
    desks: Desks, city: City, phones: Softphone, tmp_path: Path
) -> None:
    """Chosen in the settings, with the microphone's level to look at; kept by the browser."""
    page = await sits(desks, "agent1001", "1001")
    await page.get_by_role("button", name="设置").click()
    await page.get_by_role("button", name="试一下麦克风").click()
    level = page.locator(".phone-settings meter")
    while await level.evaluate("(meter) => meter.value") < 0.2:
        await page.wait_for_timeout(100)
    await page.get_by_label(re.compile("自动接听")).check()
    await page.reload()
    await expect(page.locator(".phone")).to_have_attribute("data-line", "up")
    call, heard = await calls(city, phones, tmp_path, "13900000003")
    await expect(page.locator(".phone")).to_have_attribute("data-talk", "talks")
    await until(lambda: hears_agent(heard), "the caller does not hear the agent")
    assert heard_now(heard, {AGENT_HZ})
    await call.hangup()


async def test_only_one_of_two_tabs_has_the_telephone(desks: Desks) -> None:
    """The other says so, and takes it over when asked to."""
    first = await sits(desks, "agent1001", "1001")
    second = await desks.tab(first)
    await expect(second.locator(".phone-state")).to_have_text("电话在另一个页面")
    await second.get_by_role("button", name="转到本页").click()
    await expect(second.locator(".phone")).to_have_attribute("data-line", "up")
    await expect(first.locator(".phone-state")).to_have_text("电话在另一个页面")
    await second.close()
    await expect(first.locator(".phone")).to_have_attribute("data-line", "up")


async def test_a_microphone_that_is_not_allowed_is_explained(
    desks: Desks, city: City, phones: Softphone, tmp_path: Path
) -> None:
    """It rings on, and the sentence says what to press."""
    page = await sits(desks, "agent1002", "1002")
    await page.evaluate(
        """() => {
          navigator.mediaDevices.getUserMedia = async () => {
            throw new DOMException('no', 'NotAllowedError');
          };
        }"""
    )
    call, _ = await calls(city, phones, tmp_path, "13900000004")
    await expect(page.locator(".phone")).to_have_attribute("data-talk", "rings")
    await page.keyboard.press("Alt+A")
    await expect(page.locator(".phone-fault")).to_have_text(re.compile("允许"))
    await expect(page.locator(".phone")).to_have_attribute("data-talk", "rings")
    await call.hangup()

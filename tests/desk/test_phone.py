"""The telephone in the page: a real caller, a real Asterisk, a microphone that speaks."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect

from bench.phone import Softphone
from tests.desk.axe import violations
from tests.desk.browser import BRAIN_GONE, Desks
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
    talks,
    until,
)
from tests.system.city import City
from tests.system.ears import heard_now

PLUGS = """() => {
  const media = navigator.mediaDevices;
  const open = media.getUserMedia.bind(media);
  const list = media.enumerateDevices.bind(media);
  const out = new Set();
  const opened = [];
  const inputs = async () => (await list()).filter((one) => one.kind === "audioinput");
  media.enumerateDevices = async () => (await list()).filter((one) => !out.has(one.deviceId));
  media.getUserMedia = async (wanted) => {
    const left = (await inputs()).filter((one) => !out.has(one.deviceId));
    const id = wanted.audio.deviceId?.exact;
    if (left.length === 0 || out.has(id)) throw new DOMException("gone", "NotFoundError");
    opened.push(await open(wanted));
    return opened.at(-1);
  };
  const tell = () => media.dispatchEvent(new Event("devicechange"));
  window.pull = async (most) => {
    const used = opened.at(-1).getAudioTracks()[0].getSettings().deviceId;
    for (const { deviceId } of await inputs()) if (!most || deviceId === used) out.add(deviceId);
    for (const track of opened.at(-1).getTracks()) {
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
    tell();
  };
  window.plug = () => { out.clear(); tell(); };
}"""
"""A computer whose microphones can be pulled out: the one that is spoken into, or all."""


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


async def test_a_headset_that_is_pulled_out_is_told_and_replaced_in_the_talk(
    desks: Desks, city: City, phones: Softphone, tmp_path: Path
) -> None:
    """By another microphone; put in again it is used again; without any the agent is told so."""
    page = await sits(desks, "agent1001", "1001")
    await page.evaluate(PLUGS)
    await page.get_by_role("button", name="设置").click()
    await page.locator(".phone-settings select").first.select_option(index=1)
    call, heard = await calls(city, phones, tmp_path, "13900000005")
    await answered(page)
    await until(lambda: hears_agent(heard), "the caller does not hear the agent")

    await page.evaluate("pull(1)")
    await expect(page.locator(".notice")).to_contain_text("耳麦被拔出，已改用")
    await until(lambda: hears_agent(heard), "the other microphone is not heard")
    await page.evaluate("plug()")
    await expect(page.locator(".notice")).to_contain_text("现在用")

    await page.evaluate("pull()")
    await expect(page.locator(".phone-fault")).to_contain_text("对方听不到您")
    await until(lambda: not hears_agent(heard), "something speaks without a microphone")
    assert await violations(page) == []
    await page.evaluate("plug()")
    await expect(page.locator(".phone-fault")).to_have_count(0)
    await until(lambda: hears_agent(heard), "the agent is not heard again")
    await call.hangup()
    await expect(page.locator(".phone")).to_have_attribute("data-talk", "none")


async def test_a_page_without_a_network_says_so_and_the_talk_goes_on(
    desks: Desks, city: City, phones: Softphone, tmp_path: Path
) -> None:
    """At once, not when somebody misses an answer; it is back by itself, and so is what changed."""
    desks.expects(*BRAIN_GONE, "ERR_INTERNET_DISCONNECTED")
    page = await sits(desks, "agent1001", "1001")
    call, heard = await calls(city, phones, tmp_path, "13900000006")
    await answered(page)
    await until(lambda: hears_agent(heard), "the caller does not hear the agent")
    await page.context.set_offline(True)
    await expect(page.locator(".link")).to_have_class(re.compile("down"), timeout=5_000)
    await until(lambda: hears_agent(heard), "the talk is cut")
    await page.context.set_offline(False)
    await expect(page.locator(".link")).not_to_have_class(re.compile("down"), timeout=5_000)
    await expect(page.locator(".phone")).to_have_attribute("data-line", "up")
    await talks(page)
    assert hears_agent(heard)
    await call.hangup()
    await expect(page.locator(".phone")).to_have_attribute("data-talk", "none")
    await expect(page.locator(".seat")).not_to_have_attribute("data-state", "talking")

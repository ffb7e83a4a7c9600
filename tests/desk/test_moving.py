"""A caller taken to somebody, as the agent and the expert see it on their pages."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bench.phone import PhoneCall
from tests.asterisk.exchange import Visit
from tests.desk.axe import violations
from tests.desk.browser import Desks
from tests.desk.conftest import Shot
from tests.desk.town import (
    AGENT,
    EXPERT,
    Town,
    answers,
    sit,
    stands,
    still,
    town,
)
from tests.system.city import City

pytestmark = [pytest.mark.redis, pytest.mark.timeout(120)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(page_built: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """The town of this module."""
    async with town(tmp_path_factory.mktemp("d")) as here:
        yield here


@pytest.fixture(scope="module")
def city(here: Town) -> City:
    """Its city, for the desks."""
    return here.city


async def in_talk(page: Page, here: Town) -> PhoneCall:
    """A caller at the agent's seat, answered."""
    caller = await here.dial()
    await stands(page, "offered")
    await answers(await here.phone(AGENT))
    await stands(page, "talking")
    return caller


async def says(page: Page, words: str) -> None:
    """The newest move's sentence."""
    await expect(page.locator(".move-says").last).to_contain_text(re.compile(words))


async def visit_of(here: Town, number: str) -> Visit:
    """The next call at the other exchanges, for that number."""
    visit = await here.others.visit()
    assert visit.number == number
    visit.ring()
    return visit


async def test_an_expert_is_consulted_joined_and_dropped(
    here: Town, desks: Desks, shot: Shot
) -> None:
    """Found by pinyin; who hears whom is drawn; a refreshed page shows the same."""
    agent, expert = await desks.open("agent1001"), await desks.open("expert")
    other = (await here.phone(AGENT), await here.phone(EXPERT))[1]
    await sit(agent, AGENT)
    await sit(expert, EXPERT, is_ready=False)
    caller = await in_talk(agent, here)
    await expect(agent.locator(".who-hears")).to_have_attribute("aria-label", re.compile("您"))
    await expert.keyboard.press("F2")
    await stands(expert, "available")
    await shot(agent, "talking")
    await agent.keyboard.press("F3")
    await agent.keyboard.type("zfcx zixun")
    await expect(agent.locator(".target-closed")).to_contain_text("现在没有人值守")
    await expect(agent.locator(".target-chosen")).to_contain_text("可请来电人拨打 930 6501")
    await expect(agent.locator(".target-ways .primary")).to_be_disabled()
    await agent.locator(".targets input").fill("")
    await shot(agent, "targets")
    await agent.keyboard.type("rs")
    await expect(agent.locator("#target-list [aria-selected=true]")).to_contain_text("人社")
    assert await violations(agent) == []
    await agent.keyboard.press("Enter")
    await says(agent, "正在呼叫人社.*来电人听着音乐")
    await says(expert, "座席转来")
    await shot(expert, "expert-rings")
    await answers(other)
    await says(agent, "您与人社.*单独通话")
    await shot(agent, "consulting")
    await still(agent, "talking")
    await says(agent, "您与人社.*单独通话")
    await expect(agent.locator(".who-hears .holds title")).to_have_text("来电人")
    await shot(expert, "expert-consulted")
    await agent.keyboard.press("Alt+1")
    await says(agent, "三方通话")
    await expect(agent.locator(".who-hears .hears")).to_have_count(3)
    assert await violations(agent) == []
    await shot(agent, "three-way")
    await agent.keyboard.press("Alt+0")
    await says(agent, "人社.*已退出通话")
    await expect(agent.locator(".who-hears .hears")).to_have_count(1)
    await caller.hangup()
    await stands(agent, "wrap-up")


async def test_an_emergency_is_undone_within_five_seconds_and_else_joins(
    here: Town, desks: Desks, shot: Shot
) -> None:
    """One press calls, Esc takes it back; else all three talk, and the agent may leave."""
    agent = await desks.open("agent1001")
    await stands(agent, "wrap-up")
    await agent.keyboard.press("F2")
    await stands(agent, "available")
    caller = await in_talk(agent, here)
    await agent.keyboard.press("Shift+F1")
    await expect(agent.locator(".undoing")).to_contain_text("110")
    visit = await visit_of(here, "110")
    await shot(agent, "emergency-undo")
    await agent.reload()
    await expect(agent.locator(".undoing")).to_contain_text("110")
    await agent.keyboard.press("Escape")
    await says(agent, "已取消|还在我们这里")
    await visit.is_over.wait()
    await stands(agent, "talking")
    await agent.get_by_role("button", name=re.compile("^120")).click()
    visit = await visit_of(here, "120")
    visit.answer()
    await says(agent, "三方通话：来电人、您、急救")
    await expect(agent.locator(".undoing")).to_have_count(0)
    await shot(agent, "emergency-joined")
    await agent.keyboard.press("Alt+2")
    await stands(agent, "wrap-up")
    await says(agent, "来电人已与急救通话")
    visit.hang_up()
    await caller.ended()


async def test_a_line_that_cannot_be_reached_is_read_out_in_large_digits(
    here: Town, desks: Desks, shot: Shot
) -> None:
    """As people say it: 幺幺九. The caller is still at the seat."""
    agent = await desks.open("agent1001")
    await stands(agent, "wrap-up")
    await agent.keyboard.press("F2")
    await stands(agent, "available")
    caller = await in_talk(agent, here)
    await agent.keyboard.press("Shift+F2")
    (await visit_of(here, "119")).refuse()
    await expect(agent.locator(".read-out")).to_contain_text("119")
    await expect(agent.locator(".read-out")).to_contain_text("幺幺九")
    await shot(agent, "read-out")
    await still(agent, "talking")
    await expect(agent.locator(".read-out")).to_contain_text("119")
    await caller.hangup()
    await stands(agent, "wrap-up")

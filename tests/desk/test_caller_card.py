"""The caller card: there before the phone rings, and with the caller's past behind it."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.desk.axe import violations
from tests.desk.browser import Desks
from tests.desk.conftest import Shot
from tests.desk.town import AGENT, Town, answers, sit, stands, town
from tests.system.city import City

ANI = "15604760001"
WATCH = """() => {
  window.cards = [];
  new MutationObserver(() => {
    const said = document.querySelector(".caller-card .card-who")?.innerText ?? "";
    if (said && window.cards.at(-1)?.said !== said) window.cards.push({ said, at: Date.now() });
  }).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""
"""Notes when a card comes to stand in the page."""

pytestmark = [pytest.mark.redis, pytest.mark.timeout(120)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(page_built: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """The town of this module."""
    async with town(tmp_path_factory.mktemp("c"), wrap_up_s=3) as here:
        yield here


@pytest.fixture(scope="module")
def city(here: Town) -> City:
    """Its city, for the desks."""
    return here.city


async def test_a_caller_is_announced_before_the_phone_rings_and_known_the_second_time(
    here: Town, desks: Desks, shot: Shot
) -> None:
    """Number, city, line and what to say first; then the order still open, one key away."""
    agent = await desks.open("agent1001")
    seat = await here.phone(AGENT)
    await sit(agent, AGENT)
    await agent.evaluate(WATCH)
    card = agent.locator(".caller-card")

    caller = await here.dial(ani=ANI)
    phone = await seat.incoming()
    shown_before_it_rang = await agent.evaluate("window.cards.length")
    assert shown_before_it_rang == 1
    await expect(card.locator(".card-who")).to_contain_text("156 0476 0001")
    await expect(card).to_contain_text("市长热线")
    await expect(card.locator(".card-words")).to_contain_text("现由12345统一受理")
    await expect(card).to_contain_text("90 天内没有来电记录")
    await expect(agent.get_by_role("alert").filter(has_text="156 0476 0001")).to_have_text(
        re.compile("来电，156 0476 0001，.*市长热线。您好")
    )
    assert await violations(agent) == []
    await shot(agent, "card-new")
    await phone.answer()
    await stands(agent, "talking")
    await agent.get_by_label("标题", exact=True).fill("路灯不亮")
    await agent.keyboard.press("Control+S")
    await caller.hangup()
    await stands(agent, "available")
    await expect(card).to_have_count(0)

    again = await here.dial(ani=ANI)
    await stands(agent, "offered")
    await expect(card).to_contain_text("可能是同一诉求：上次也打这个号码")
    known = card.get_by_role("button", name="路灯不亮")
    await expect(known).to_be_visible()
    await agent.reload()
    await expect(card).to_contain_text("可能是同一诉求")
    assert await violations(agent) == []
    await shot(agent, "card-known")
    await answers(seat)
    await stands(agent, "talking")
    await known.focus()
    await agent.keyboard.press("Enter")
    await expect(agent.get_by_label("标题", exact=True)).to_have_value("路灯不亮")
    await shot(agent, "card-talking")
    await again.hangup()

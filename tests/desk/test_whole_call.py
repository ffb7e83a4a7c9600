"""One call from the first ring to the order handed in, by the keys of an agent's own page."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bench.wavetools import chirp, write_wav
from tests.desk.axe import violations
from tests.desk.browser import Desks
from tests.desk.conftest import Shot
from tests.desk.phoning import (
    AGENT_HZ,
    CALLER_HZ,
    answered,
    calls,
    hears_agent,
    page_hears,
    sits,
    speech,
    until,
)
from tests.desk.town import EXPERT, Town, sit, stands, town
from tests.system.city import City
from tests.system.ears import heard_now

ANI = "13900000952"

pytestmark = [pytest.mark.redis, pytest.mark.timeout(150)]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(page_built: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """The town of this module, which asks callers how it was."""
    async with town(tmp_path_factory.mktemp("w"), wrap_up_s=60) as here:
        for name, seconds in (("survey", 0.5), ("rated", 0.2)):
            write_wav(here.city.settings.home / "sounds" / "zh" / f"{name}.wav", chirp(seconds))
        yield here


@pytest.fixture(scope="module")
def city(here: Town) -> City:
    """Its city, for the desks."""
    return here.city


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the agent's microphone says."""
    return speech(tmp_path_factory.mktemp("voice") / "voice.wav", AGENT_HZ)


async def says(page: Page, words: str) -> None:
    """The newest move's sentence."""
    await expect(page.locator(".move-says").last).to_contain_text(re.compile(words))


async def test_a_call_from_the_first_ring_to_the_order_handed_in(
    here: Town, desks: Desks, tmp_path: Path, shot: Shot
) -> None:
    """Announced, answered, held, an expert asked and joined, 110 brought, rated, written, sent."""
    agent, expert = await sits(desks, "agent1001", "1001"), await desks.open("expert")
    desk_phone = await here.phone(EXPERT)
    await sit(expert, EXPERT)
    caller, heard = await calls(here.city, here.phones, tmp_path, ANI)
    await answered(agent)
    await until(lambda: hears_agent(heard), "the caller does not hear the agent")
    assert await page_hears(agent, CALLER_HZ) > 0.5

    await agent.keyboard.press("Alt+H")
    await until(lambda: not hears_agent(heard), "an agent on hold is heard")
    await agent.keyboard.press("Alt+H")
    await until(lambda: hears_agent(heard), "hold does not end")

    await agent.keyboard.press("F3")
    await agent.keyboard.type("rs")
    await expect(agent.locator("#target-list [aria-selected=true]")).to_contain_text("人社")
    await agent.keyboard.press("Enter")
    at_expert = tmp_path / "expert.wav"
    asked = await desk_phone.incoming()
    await asked.answer(0.3, record=at_expert)
    await says(agent, "您与人社.*单独通话")
    both = {AGENT_HZ, CALLER_HZ}
    await until(lambda: heard_now(at_expert, both) == {AGENT_HZ}, "the expert hears the agent")
    await agent.keyboard.press("Alt+1")
    await says(agent, "三方通话")
    await until(lambda: heard_now(at_expert, both) == both, "the expert hears both")
    await expect(expert.locator(".orders")).to_have_count(0)
    await shot(agent, "whole-three-way")
    await agent.keyboard.press("Alt+0")
    await asked.ended()
    await until(lambda: hears_agent(heard), "the caller is with the agent again")

    await agent.keyboard.press("Shift+F1")
    visit = await here.others.visit()
    assert visit.number == "110"
    visit.ring()
    visit.answer()
    await says(agent, "三方通话：来电人、您、公安")
    visit.hang_up()
    await expect(agent.locator(".who-hears .hears")).to_have_count(1)

    await agent.get_by_label("标题", exact=True).fill("工伤待遇怎么办理")
    await agent.keyboard.press("Alt+X")
    await stands(agent, "wrap-up")
    await says(agent, "公安已退出通话")
    await caller.dtmf("5")
    await caller.ended(15)
    await agent.get_by_label("诉求类型").select_option("consult")
    await agent.get_by_label("摘要").fill("来电人询问工伤待遇的办理手续，专家已答复。")
    await agent.get_by_role("radio", name="在线答复").check()
    await shot(agent, "whole-wrap-up")
    assert await violations(agent) == []
    await agent.keyboard.press("F8")
    await stands(agent, "available")
    await expect(agent.locator(".locked")).to_have_text("工单已提交，只能查看。")
    assert await agent.locator(".order-view").get_by_text("非常满意").count() == 0

    chief = await desks.open("chief")  # what callers say of agents is not for the agents
    await expect(chief.locator(".order-view")).to_contain_text("非常满意")
    await expect(chief.locator(".order-view h2")).to_have_text("工伤待遇怎么办理")

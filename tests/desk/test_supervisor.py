"""What whoever watches over the calls sees and does: wall, seats, talks, messages, lists."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bench.phone import PhoneCall, Softphone
from tests.desk.axe import violations
from tests.desk.browser import LARGE, Desks
from tests.desk.conftest import Shot
from tests.system.city import City, until

LINE = "8337772"
TALK_S = 600.0
AGENT = "agent1001"


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    """Seats for agents, and one for the supervisor."""
    return {"seats": 5, "wrap_up_s": 300}


@pytest_asyncio.fixture(scope="module", loop_scope="module", autouse=True)
async def _agents(city: City) -> AsyncIterator[None]:
    """Three agents at work, whose phones answer by themselves."""
    async with city.phones(4, talk_s=TALK_S):
        await city.staff(3)
        yield


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def phones() -> AsyncIterator[Softphone]:
    """Callers; of the module's own loop."""
    async with Softphone() as phones:
        yield phones


async def comes(city: City, phones: Softphone, ani: str) -> PhoneCall:
    """A caller who is talked with."""
    host, port = city.target
    caller = await phones.call(LINE, ani=ani, host=host, port=port)
    await caller.connected()
    await until(lambda: "talking" in city.seat_states().values(), 15, "an agent talks")
    return caller


async def api(page: Page, path: str) -> Any:
    """What the server says to whose page it is."""
    answer = await page.context.request.get(f"{page.url.split('#')[0]}api/v1/{path}")
    assert answer.status == 200, await answer.text()
    return await answer.json()


async def test_the_wall_shows_what_the_server_counts(
    desks: Desks, city: City, phones: Softphone, shot: Shot
) -> None:
    """To a supervisor over the socket, to an administrator and a screen who have none, the same."""
    caller = await comes(city, phones, "13900000601")
    for user in ("chief", "admin", "wall"):
        page = await desks.open(user, "/wallboard", size=LARGE)
        talking = page.get_by_role("group", name="通话中")
        await expect(talking.locator(".wall-figure")).to_have_text("1")
        today = (await api(page, "live"))["today"]
        calls = page.get_by_role("group", name="今日来电")
        await expect(calls.locator(".wall-figure")).to_have_text(str(today["offered"]))
        await expect(page.locator(".wall-lines tbody tr").first).to_be_visible()
        await expect(page.locator(".wall-old span")).to_have_count(0)
        await shot(page, f"wallboard-{user}")
        assert await violations(page) == []
        scrolls = "document.querySelector('.wall').scrollHeight > innerHeight"
        assert not await page.evaluate(scrolls)
    await caller.hangup()


async def test_a_supervisor_sees_who_talks_and_listens_by_key(
    desks: Desks, city: City, phones: Softphone, shot: Shot
) -> None:
    """Found by arrow keys; the page's telephone hears the talk, speaks in it, and takes it over."""
    caller = await comes(city, phones, "13900000602")
    page = await desks.open("chief")
    await page.keyboard.press("F6")
    await page.locator("[name=extension]").select_option("1005")
    await page.get_by_role("button", name="签入").click()
    await page.locator(".phone-kind").select_option("page")
    await expect(page.locator(".phone")).to_have_attribute("data-line", "up")
    await expect(page.locator(".seat-alarm")).to_have_count(0)
    seat = page.locator(".seat-chip[data-state=talking]")
    await expect(seat).to_have_count(1)
    await expect(seat).to_contain_text(LINE)
    await page.locator(".seat-chip").first.focus()
    await page.keyboard.press("Home")  # who talks stands first
    await expect(seat).to_have_attribute("aria-pressed", "true")
    await page.keyboard.press("Alt+L")
    await expect(page.locator(".acts-said")).to_have_text("请接起本席话机，监听")
    await page.keyboard.press("Alt+A")
    await expect(page.locator(".acts-said")).to_have_text("正在监听")
    await shot(page, "supervisor")
    assert await violations(page) == []
    await expect(page.locator(".chief-along")).to_be_visible()  # reading along
    for key, says in (("Alt+W", "正在耳语"), ("Alt+J", "正在强插"), ("Alt+L", "正在监听")):
        await page.keyboard.press(key)
        await expect(page.locator(".acts-said")).to_have_text(says)
    page.once("dialog", lambda dialog: dialog.accept())
    await page.keyboard.press("Alt+O")
    mine = page.locator(".seat-chip", has_text="chief")
    await expect(mine).to_have_attribute("data-state", "talking")
    await expect(seat).to_have_count(1)  # the agent has left it, the caller talks on
    await expect(page.locator(".chief-along")).to_have_count(0)
    await caller.hangup()
    await expect(mine).to_have_attribute("data-state", "wrap-up")


async def test_changed_skills_have_effect_on_the_next_call(
    desks: Desks, city: City, phones: Softphone, shot: Shot
) -> None:
    """Who wraps up is made ready; who would ring first is put behind the others, and back."""
    page = await desks.open("chief", "/supervisor")
    await expect(page.locator(".seat-chip").first).to_be_visible()
    busy = page.locator(".seat-chip[data-state=wrap-up]", has_text="agent")
    while await busy.count():
        left = await busy.count()
        await busy.first.click()
        await page.get_by_role("button", name="就绪", exact=True).first.click()
        await expect(busy).to_have_count(left - 1)
    seats = (await api(page, "live"))["seats"].values()
    free = [seat for seat in seats if seat["state"] == "available"]
    first = min(free, key=lambda seat: seat["since"])
    assert len(free) >= 2
    chip = page.locator(".seat-chip", has_text=first["extension"])
    await chip.click()
    await page.keyboard.press("Alt+S")
    for skill in first["skills"]:
        await page.locator(f"[name='skill-{skill}']").select_option("9")
    await shot(page, "supervisor-skills")
    assert await violations(page) == []
    await page.get_by_role("button", name="生效").click()
    await expect(chip).to_contain_text("技能已改")
    caller = await comes(city, phones, "13900000603")
    talking = page.locator(".seat-chip[data-state=talking]")
    await expect(talking).to_have_count(1)
    await expect(talking).not_to_contain_text(first["extension"])
    await chip.click()
    await page.keyboard.press("Alt+S")
    await page.get_by_role("button", name="恢复原配置").click()
    await expect(chip).not_to_contain_text("技能已改")
    await caller.hangup()


async def test_a_message_is_read_and_a_raised_hand_is_seen(desks: Desks, shot: Shot) -> None:
    """Both by key; what was not read is there again after the page was opened anew."""
    chief = await desks.open("chief", "/supervisor")
    agent = await desks.open(AGENT)
    for text in ("请到培训室", "回电给三楼"):
        await chief.keyboard.press("Alt+N")
        await chief.keyboard.type(text)
        await chief.keyboard.press("Control+Enter")
        await expect(chief.locator("[name=note]")).to_have_value("")
    await expect(agent.locator(".agent-note")).to_have_count(2)
    await agent.keyboard.press("Alt+R")
    note = agent.locator(".agent-note")
    await expect(note).to_have_count(1)
    await agent.reload()
    await expect(note).to_contain_text("回电给三楼")
    await agent.keyboard.press("Alt+P")
    await expect(agent.locator(".agent-hand")).to_have_attribute("aria-pressed", "true")
    chip = chief.locator(".seat-chip", has_text=AGENT)
    await expect(chip).to_contain_text("举手求助")
    await shot(agent, "agent-note")
    assert await violations(agent) == []
    row = chief.locator(".notes li", has_text="请到培训室").filter(has_text=AGENT)
    await expect(row).to_contain_text("已读")
    await chip.click()
    await shot(chief, "supervisor-hand")
    assert await violations(chief) == []
    await chief.keyboard.press("Alt+U")
    await expect(agent.locator(".agent-hand")).to_have_attribute("aria-pressed", "false")
    await agent.keyboard.press("Alt+R")
    await expect(note).to_have_count(0)


async def test_a_number_is_listed_as_a_nuisance_and_taken_off_again(
    desks: Desks, shot: Shot
) -> None:
    """By F10, with a reason and days; the figures' page stands beside it."""
    page = await desks.open("chief", "/supervisor")
    await page.keyboard.press("F10")
    await page.locator("[name=number]").fill("13900000699")
    await page.locator("[name=reason]").fill("反复拨打不说话")
    await page.get_by_role("button", name="列入").click()
    row = page.locator(".nuisance-list li").filter(has_text="反复拨打不说话")
    await row.get_by_role("button", name="显示").click()
    await expect(row).to_contain_text("13900000699")
    await shot(page, "nuisance")
    assert await violations(page) == []
    page.once("dialog", lambda dialog: dialog.accept())
    await row.get_by_role("button", name="移除").click()
    await expect(row).to_contain_text("chief 移除")
    await page.get_by_role("link", name="统计").click()
    await expect(page.locator(".stats-table")).to_be_visible()
    await shot(page, "stats")
    assert await violations(page) == []

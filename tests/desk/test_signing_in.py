"""Getting in and out, and what every page has: language, type, the link."""

import re

from playwright.async_api import Error, Page, expect

from tests.desk.browser import BRAIN_GONE, Desks
from tests.desk.conftest import PASSWORD, Shot
from tests.system.city import City, until

AGENT = "agent1001"


async def is_outside(page: Page) -> None:
    """The sign-in page is shown, and nothing else."""
    await expect(page.locator("[name=password]")).to_be_visible()
    await expect(page.get_by_role("banner")).to_have_count(0)


async def test_a_wrong_password_is_told_in_chinese_and_the_right_one_opens_the_desk(
    desks: Desks, shot: Shot
) -> None:
    """What was typed as the name is kept."""
    desks.expects("status of 401")
    page = await desks.stranger()
    await shot(page, "sign-in")
    await desks.sign_in(page, AGENT, "wrong")
    await expect(page.get_by_role("alert")).to_have_text(re.compile("[\u4e00-\u9fff]{4}"))
    await expect(page.locator("[name=user]")).to_have_value(AGENT)
    await desks.sign_in(page, AGENT)
    await expect(page.locator(".bar .link.up")).to_have_text("已连接")
    await expect(page.locator(".bar .me")).to_have_text(AGENT)


async def test_each_role_begins_on_its_own_page(desks: Desks) -> None:
    """And finds the way to its others, no further."""
    for user, begins, pages in (
        (AGENT, "#/", []),
        ("chief", "#/", ["座席", "班长", "大屏", "统计", "骚扰来电", "匿名查看"]),
        ("wall", "#/wallboard?big", []),
        ("admin", "#/admin", ["管理", "大屏", "统计", "骚扰来电", "匿名查看"]),
    ):
        page = await desks.stranger()
        await desks.sign_in(page, user, None)
        await expect(page).to_have_url(re.compile(re.escape(begins) + "$"))
        await expect(page.get_by_role("banner").locator("nav a")).to_have_text(pages)


async def test_language_and_type_are_remembered(desks: Desks) -> None:
    """By this browser; the page says its language to screen readers."""
    page = await desks.open(AGENT)
    size = "getComputedStyle(document.documentElement).fontSize"
    small = await page.evaluate(size)
    await page.get_by_role("button", name="English").click()
    await page.get_by_role("button", name="Large type").click()
    for _ in range(2):
        await expect(page.locator(".bar .link.up")).to_have_text("Connected")
        await expect(page.locator("html")).to_have_attribute("lang", "en")
        assert await page.evaluate(size) > small
        await page.reload()
    await page.get_by_role("button", name="中文").click()
    await expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


async def test_who_signs_out_in_one_tab_is_out_in_all(desks: Desks) -> None:
    """A second tab asks for no password; the end of the session ends both."""
    first = await desks.open(AGENT)
    second = await desks.tab(first)
    await expect(second.locator(".bar .link.up")).to_be_visible()
    await first.get_by_role("button", name="退出登录").click()
    await is_outside(first)
    await is_outside(second)
    await second.reload()
    await is_outside(second)


async def test_a_lost_link_is_shown_at_once_and_comes_back_by_itself(
    desks: Desks, city: City
) -> None:
    """The page stays, so that nothing typed is lost."""
    desks.expects(*BRAIN_GONE)
    page = await desks.open(AGENT)
    await expect(page.locator(".bar .link.up")).to_be_visible()
    await page.evaluate("window.isTheSame = true")
    await city.kill("brain")
    await expect(page.locator(".bar .link.down")).to_have_text(re.compile("连接断开"))
    city.start("brain")
    await city.ready()
    await expect(page.locator(".bar .link.up")).to_have_text("已连接")
    assert await page.evaluate("window.isTheSame")


async def test_the_page_brings_nothing_from_elsewhere(desks: Desks, city: City) -> None:
    """No inline script or style, no other site; all that it loads is the brain's own."""
    page = await desks.stranger()
    text = await (await page.context.request.get(city.web)).text()
    for forbidden in ("<style", "style=", "onclick=", "http://", "https://", "<script>"):
        assert forbidden not in text
    loaded = await page.evaluate("performance.getEntriesByType('resource').map((one) => one.name)")
    assert len(loaded) >= 2
    assert [one for one in loaded if not one.startswith(city.web)] == []


async def test_a_password_is_not_kept_by_the_page(desks: Desks) -> None:
    """Neither in an address nor in what the browser stores."""
    page = await desks.stranger()
    await desks.sign_in(page, "chief")
    await expect(page.get_by_role("banner")).to_be_visible()
    kept = await page.evaluate("JSON.stringify([location.href, localStorage, sessionStorage])")
    assert PASSWORD not in kept


async def test_a_page_older_than_the_server_loads_itself_anew(desks: Desks) -> None:
    """When a part it never needed before is gone; nobody has to know why."""
    desks.expects("status of 404", "dynamically imported module", "preload")
    page = await desks.open("chief")
    await page.evaluate("window.isOld = true")
    await page.context.route(
        # asked for twice: ahead, with the parts it shares, and when it is needed
        "**/assets/WallboardPage*.js",
        lambda route: route.fulfill(status=404),
        times=2,
    )
    await page.get_by_role("link", name="大屏").click()
    await until(lambda: _is_new(page), 15, "the page loads itself anew")
    await expect(page).to_have_url(re.compile("#/wallboard$"))


async def _is_new(page: Page) -> bool:
    try:
        return not await page.evaluate("window.isOld")
    except Error:  # it is being loaded just now
        return False


async def test_while_the_server_is_away_the_page_stays(desks: Desks, city: City) -> None:
    """A page that was never opened cannot be had then: that is said, and what stands remains."""
    desks.expects(*BRAIN_GONE, "dynamically imported module", "preload")
    page = await desks.open("chief")
    await page.evaluate("window.isOld = true")
    await city.kill("brain")
    await page.get_by_role("link", name="大屏").click()
    await expect(page.get_by_role("alert").first).to_contain_text("服务器")
    assert await page.evaluate("window.isOld")
    city.start("brain")
    await city.ready()
    await page.get_by_role("link", name="大屏").click()
    await expect(page).to_have_url(re.compile("#/wallboard$"))

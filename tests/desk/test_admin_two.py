"""Two administrators at one table, what is applied, and the way back."""

import asyncio
import re

from playwright.async_api import Locator, Page, expect

from bench.manylines import write_sounds
from cti.ledger import CityLedger
from cti.prompting import today, wanted
from tests.desk.axe import violations
from tests.desk.browser import Desks
from tests.desk.conftest import Shot
from tests.desk.test_admin import PASTE, explained
from tests.system.city import City

NUMBER = "8333110"
OTHER = "8337772"
WATER = "96116"


async def at(page: Page, section: str) -> None:
    """Go there in the page, as a click on its name does."""
    await page.goto(page.url.split("#")[0] + f"#/admin/{section}")


async def cell(page: Page, number: str, column: str) -> Locator:
    """The cell of that number's row."""
    row = page.locator(".grid-box tbody tr", has_text=number)
    await expect(row).to_be_visible()
    heads = await page.locator(".grid-box thead th").all_inner_texts()
    return row.locator("td").nth(heads.index(column) - 1)


async def write(page: Page, number: str, column: str, text: str) -> None:
    """Type over that cell."""
    await (await cell(page, number, column)).click()
    await page.keyboard.type(text)
    await page.keyboard.press("Enter")


def make_sounds(city: City) -> None:
    """Put a sound under the name of every prompt that an apply will want."""
    prompts = wanted(CityLedger(city.settings).working(), today())
    write_sounds(city.settings, (prompt.name for prompt in prompts))


async def test_two_who_change_one_table_lose_nothing(desks: Desks, shot: Shot) -> None:
    """Other cells of both stand; of one cell, whoever comes second says which; a fault walks
    with its row; a block is cut and put elsewhere.
    """
    desks.expects("status of 412", "status of 409", "status of 422")
    one, two = (
        await desks.open("admin", "/admin/numbers"),
        await desks.open("admin2", "/admin/numbers"),
    )
    await write(one, NUMBER, "备注", "甲写的")
    await write(one, OTHER, "备注", "甲改市长")
    await write(two, NUMBER, "部门", "教育体育局")
    await write(two, OTHER, "备注", "乙改市长")
    await one.keyboard.press("Control+s")
    await expect(one.get_by_text("已保存到工作副本。")).to_be_visible()
    await two.keyboard.press("Control+s")
    clashes = two.get_by_role("alert", name="两边都改了的")
    await expect(clashes.locator("li")).to_have_count(1)
    await expect(clashes).to_contain_text("甲改市长")
    await expect(clashes).to_contain_text("乙改市长")
    await expect(await cell(two, NUMBER, "备注")).to_have_text("甲写的")
    await expect(await cell(two, NUMBER, "部门")).to_have_text("教育体育局")
    await expect(await cell(two, OTHER, "备注")).to_have_text("乙改市长")
    brought = two.get_by_role("status", name=re.compile("^admin 于 .+ 改了 1 处"))
    await expect(brought).to_contain_text("甲写的")
    await expect(await cell(two, NUMBER, "备注")).to_have_class(re.compile("theirs"))
    assert await violations(two) == []
    await shot(two, "admin-clash")
    await brought.get_by_role("button", name="知道了").click()
    await expect(brought).to_have_count(0)
    await clashes.get_by_role("button", name="用别人的").click()
    await expect(await cell(two, OTHER, "备注")).to_have_text("甲改市长")
    await expect(clashes).to_have_count(0)

    await write(two, NUMBER, "归并方式", "双号并")
    await two.keyboard.press("Control+s")
    await expect(await cell(two, NUMBER, "归并方式")).to_have_class(re.compile("wrong"))
    await (await cell(two, OTHER, "电话号码")).click()
    await two.keyboard.press("Control+Enter")  # a row above the fault
    await expect(
        two.locator(".grid-box tbody tr", has_text=OTHER).locator("td.wrong")
    ).to_have_count(0)
    await expect(await cell(two, NUMBER, "归并方式")).to_have_class(re.compile("wrong"))
    await two.keyboard.press("Control+z")
    await write(two, NUMBER, "归并方式", "双号并行")
    await two.keyboard.press("Control+s")
    await expect(two.get_by_text("已保存到工作副本。")).to_be_visible()
    await expect(two.locator("td.wrong")).to_have_count(0)


async def test_what_was_applied_is_taken_back(desks: Desks, city: City, shot: Shot) -> None:
    """A block pasted from a spreadsheet is applied; a call meets it; it is rolled back, each with
    its own reason in the history.
    """
    make_sounds(city)
    page = await desks.open("admin", "/admin/changes")
    await page.get_by_label("为什么改").fill("首次")
    await page.get_by_role("button", name="应用", exact=True).click()
    await expect(page.get_by_text("已生效：版本 1")).to_be_visible(timeout=40_000)

    await at(page, "numbers")
    await (await cell(page, OTHER, "归并方式")).click()
    await page.evaluate(PASTE, "双号并行\t并入")
    await page.keyboard.press("Control+s")
    await expect(page.get_by_text("已保存到工作副本。")).to_be_visible()
    await at(page, "changes")
    await expect(page.locator(".faults")).to_contain_text("在「例外理由」写明依据")
    await expect(page.get_by_role("button", name="应用", exact=True)).to_be_disabled()
    await at(page, "numbers")
    await expect(await cell(page, OTHER, "归并方式")).to_have_text("双号并行")
    await page.get_by_label("加一列").select_option("例外理由")
    await write(page, OTHER, "例外理由", "市政府〔2026〕12号")
    await page.keyboard.press("Control+s")
    await expect(page.get_by_text("有改动，尚未应用")).to_be_visible()
    await expect(page.get_by_text("格未保存")).to_have_count(0)
    make_sounds(city)
    await at(page, "changes")
    await expect(page.locator(".diff").first).to_contain_text(OTHER)
    await page.get_by_label("为什么改").fill("市长热线改双号")
    await page.get_by_role("button", name="应用", exact=True).click()
    await expect(page.get_by_text("已生效：版本 2")).to_be_visible(timeout=40_000)
    history = page.locator("table", has_text="增、改、减")
    await expect(history.locator("tbody tr").first).to_contain_text("市长热线改双号")
    await shot(page, "admin-applied")
    await explained(page, OTHER)
    await expect(page.locator(".steps")).to_contain_text("双号并行")

    await at(page, "changes")
    await history.get_by_role("button", name="回退到这版").click()
    await page.get_by_label("为什么回退").fill("公告尚未发布")
    assert await violations(page) == []
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("已生效：版本 3")).to_be_visible(timeout=40_000)
    await expect(history.locator("tbody tr").first).to_contain_text("公告尚未发布")
    await explained(page, OTHER)
    await expect(page.locator(".steps")).to_contain_text("整体并入")


async def test_a_linked_service_is_added_applied_and_taken_back(
    desks: Desks, city: City, shot: Shot
) -> None:
    """Another table than the numbers goes the same way, and says how each cell is written."""
    desks.expects("status of 422")
    make_sounds(city)
    ledger = CityLedger(city.settings)  # the same again is no new revision
    await asyncio.to_thread(ledger.apply, who="admin", why="以前的")
    page = await desks.open("admin", "/admin/tables?table=linkage")
    which = page.get_by_role("navigation", name="哪张表")
    linked = which.get_by_role("link", name="联动线路")
    await expect(linked).to_have_attribute("aria-current", "page")
    await page.get_by_role("button", name="加一行").click()
    await page.locator(".grid-box td").first.click()
    await page.evaluate(PASTE, f"{WATER}\t供水服务\t公共服务\t告知")
    await (await cell(page, WATER, "处理")).click()
    await expect(page.locator(".column-hint")).to_contain_text("告知号码")
    await page.keyboard.press("Control+s")
    await expect(await cell(page, WATER, "处理")).to_have_class(re.compile("wrong"))
    assert await violations(page) == []
    await shot(page, "admin-tables")
    await which.get_by_role("link", name="座席").click()
    await expect(page.locator(".grid-box tbody tr", has_text="1001")).to_be_visible()
    await page.reload()
    await linked.click()  # what was typed there is there
    await write(page, WATER, "处理", "告知号码")
    await page.keyboard.press("Control+s")
    await expect(page.get_by_text("已保存到工作副本。")).to_be_visible()

    await at(page, "changes")
    await expect(page.locator(".diff").first).to_contain_text(WATER)
    history = page.locator("table", has_text="增、改、减")
    number = int((await history.locator("tbody th").first.inner_text()).split()[0])
    await page.get_by_label("为什么改").fill("水务集团来函")
    await page.get_by_role("button", name="应用", exact=True).click()
    await expect(page.get_by_text(f"已生效：版本 {number + 1}")).to_be_visible(timeout=40_000)
    await at(page, "tables?table=linkage")
    await expect(page.get_by_text("与正在使用的一致")).to_be_visible()
    await expect(await cell(page, WATER, "处理")).to_have_text("告知号码")

    await at(page, "changes")
    before = history.locator("tbody tr").nth(1)
    await before.get_by_role("button", name="回退到这版").click()
    await page.get_by_label("为什么回退").fill("号码有误")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text(f"已生效：版本 {number + 2}")).to_be_visible(timeout=40_000)
    await at(page, "tables?table=linkage")
    await expect(page.get_by_text("与正在使用的一致")).to_be_visible()
    await expect(page.locator(".grid-box tbody tr", has_text=WATER)).to_have_count(0)

"""An administrator's morning: a block pasted with a fault in it, mended, simulated."""

import re

from playwright.async_api import Page, expect

from tests.desk.axe import violations
from tests.desk.browser import Desks
from tests.desk.conftest import Shot
from tests.system.city import City

PASTE = """text => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  const paste = new ClipboardEvent("paste", {clipboardData: data, bubbles: true});
  document.activeElement.dispatchEvent(paste);
}"""
NUMBER = "8333110"


async def explained(page: Page, dialled: str) -> None:
    """Simulate a call to that number."""
    await page.goto(page.url.split("#")[0] + "#/admin/simulator")
    await page.get_by_label("拨打的号码").fill(dialled)
    await page.get_by_role("button", name="看会怎样").click()


async def test_a_line_is_changed_told_where_it_is_wrong_mended_and_simulated(
    desks: Desks, city: City, shot: Shot
) -> None:
    """Nothing typed is lost on the way, and the simulator says what the callers will meet."""
    desks.expects("status of 422")
    page = await desks.open("admin", "/admin/numbers")
    rows = page.locator(".grid-box tbody th")
    await expect(rows.first).to_have_text("1")
    await shot(page, "admin-numbers")

    await explained(page, NUMBER)
    await expect(page.locator(".steps li").first).to_contain_text("播报")
    await expect(page.locator(".steps")).to_contain_text("整体并入")

    await page.goto(page.url.split("#")[0] + "#/admin/numbers")
    row = page.locator(".grid-box tbody tr", has_text=NUMBER)
    heads = await page.locator(".grid-box thead th").all_inner_texts()
    mode = row.locator("td").nth(heads.index("归并方式") - 1)
    await mode.click()
    await page.evaluate(PASTE, "双号并")
    await page.keyboard.press("Control+s")
    await expect(page.locator("td.wrong").first).to_be_visible()
    await expect(page.locator(".faults")).to_contain_text("双号并行")
    assert await violations(page) == []
    await shot(page, "admin-fault")

    await page.reload()  # what was typed is still there
    await expect(page.get_by_text(re.compile(r"\d+ 格未保存"))).to_be_visible()
    await mode.click()
    await page.keyboard.type("双号并行")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Control+s")
    await expect(page.get_by_text("已保存到工作副本。")).to_be_visible()
    await expect(page.get_by_text("有改动，尚未应用")).to_be_visible()

    await page.goto(page.url.split("#")[0] + "#/admin/changes")
    await expect(page.get_by_text("还没有应用过")).to_be_visible()
    await expect(page.get_by_role("button", name="应用", exact=True)).to_be_enabled()
    assert await violations(page) == []
    await shot(page, "admin-changes")
    await explained(page, NUMBER)
    await expect(page.locator(".steps")).to_contain_text("双号并行")
    await expect(page.locator(".flow svg")).to_be_visible()
    assert await violations(page) == []
    await shot(page, "admin-simulator")

    await page.goto(page.url.split("#")[0] + "#/admin/prompts")
    await expect(page.locator(".prompts tbody tr").first).to_be_visible()
    assert await violations(page) == []
    await shot(page, "admin-prompts")

"""An administrator's people: let in, given another role, kept out."""

import re

from playwright.async_api import expect

from tests.desk.axe import violations
from tests.desk.browser import Desks
from tests.desk.conftest import Shot

OUT_MS = 40_000
"""Sessions end within half a minute."""


async def test_an_agent_is_added_signs_in_and_is_kept_out(desks: Desks, shot: Shot) -> None:
    """With a password that is shown once; a blocked agent's open page is signed out by itself."""
    desks.expects("status of 401", "status of 409", "WebSocket")
    admin = await desks.open("admin", "/admin/people")
    rows = admin.locator(".people tbody tr")
    await expect(rows.filter(has_text="agent1001")).to_have_count(1)
    await admin.keyboard.press("Alt+A")
    await admin.keyboard.type("wangfang")
    password = await admin.get_by_label(re.compile("^密码")).input_value()
    assert len(password) >= 8
    assert await violations(admin) == []
    await shot(admin, "admin-people")
    await admin.keyboard.press("Enter")
    wang = rows.filter(has_text="wangfang")
    await expect(wang).to_contain_text("在用")

    page = await desks.stranger()
    await desks.sign_in(page, "wangfang", password)
    await expect(page.locator(".bar .me")).to_have_text("wangfang")
    await wang.get_by_role("button", name="停用").click()
    await expect(wang).to_contain_text("已停用")
    await expect(page.locator("[name=password]")).to_be_visible(timeout=OUT_MS)
    await desks.sign_in(page, "wangfang", password)
    await expect(page.get_by_role("alert")).to_have_text(re.compile("[\u4e00-\u9fff]{4}"))

    await wang.get_by_role("button", name="恢复").click()
    await expect(wang).to_contain_text("在用")
    await desks.sign_in(page, "wangfang", password)
    await expect(page.locator(".bar .me")).to_have_text("wangfang")


async def test_somebody_changes_their_own_password(desks: Desks, shot: Shot) -> None:
    """From their name in the bar: what is refused is said there, then the page goes on, and the
    same person's other page is signed out.
    """
    desks.expects("status of 401", "status of 403", "WebSocket")
    page, elsewhere = await desks.open("agent1002"), await desks.open("agent1002")
    await page.locator(".bar .me").click()
    box = page.get_by_role("dialog")

    async def ask(old: str, new: str, again: str) -> None:
        for name, value in (("old", old), ("new", new), ("again", again)):
            await box.locator(f"[name={name}]").fill(value)
        await page.keyboard.press("Enter")

    await ask(desks.password_of("agent1002"), "quite another", "quite an other")
    await expect(box.get_by_role("alert")).to_have_text("两次输入的新密码不一样。")
    await ask("not mine", "quite another", "quite another")
    await expect(box.get_by_role("alert")).to_have_text("原密码不对。")
    assert await violations(page) == []
    await shot(page, "own-password")
    await ask(desks.password_of("agent1002"), "quite another", "quite another")
    await expect(page.get_by_text("密码已修改。")).to_be_visible()
    await expect(box).to_have_count(0)
    await expect(elsewhere.locator("[name=password]")).to_be_visible(timeout=OUT_MS)
    await page.reload()
    await expect(page.locator(".bar .me")).to_have_text("agent1002")
    await desks.sign_in(elsewhere, "agent1002", "quite another")
    await expect(elsewhere.locator(".bar .me")).to_have_text("agent1002")


async def test_the_last_administrator_stays(desks: Desks) -> None:
    """Whoever would leave the centre without one is told so, and the page shows what stands."""
    desks.expects("status of 409")
    admin = await desks.open("admin", "/admin/people")
    rows = admin.locator(".people tbody tr")
    other = rows.filter(has=admin.get_by_role("rowheader", name="admin2"))
    await other.get_by_label("角色").select_option("supervisor")
    await expect(admin.get_by_text("已修改 admin2。")).to_be_visible()
    me = rows.filter(has_text="我").filter(has=admin.get_by_role("rowheader", name="admin 我"))
    await me.get_by_label("角色").select_option("agent")
    await expect(admin.get_by_text("本中心至少要有一名在用的管理员")).to_be_visible()
    await expect(me.get_by_label("角色")).to_have_value("admin")
    await other.get_by_label("角色").select_option("admin")
    await expect(other.get_by_label("角色")).to_have_value("admin")

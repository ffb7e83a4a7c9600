"""The orders' room: found, filled in, saved, never written over, handed in."""

import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from config.files import load_platform
from config.rules import REFUSALS
from config.settings import CHECKOUT
from cti.ids import CallId, CentreId, LineId
from queues.followup import FollowUp
from records import followups
from records.accounts import Accounts
from records.draft import Caller, When
from tests.desk.axe import violations
from tests.desk.browser import Desks
from tests.desk.conftest import OTHERS, PASSWORD, Shot
from tests.desk.orderbook import ANI, call_of, draft_of, order_of
from tests.system.city import City, until

AGENT = "agent1001"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(page_built: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[City]:
    """Two seats, and the reasons to decline that Chifeng has."""
    city = City(tmp_path_factory.mktemp("o"), seats=2, wrap_up_s=30)
    reasons = CHECKOUT / "config" / "profiles" / "chifeng" / REFUSALS
    shutil.copy(reasons, city.settings.home / "profile" / REFUSALS)
    city.platform = load_platform(city.settings)
    city.profile = city.platform.home
    async with city:
        accounts = Accounts(city.store().database)
        for user, role in OTHERS:
            await accounts.add_person(user, city.profile.centre, role, PASSWORD)
        yield city


def field(page: Page, path: str) -> Any:
    return page.locator(f'[id="order-{path}"]')


async def played(page: Page, at_s: float) -> None:
    """The recording is played at that second; the page's policy forbids a waiting function."""
    sound = page.locator(".sound audio")
    while await sound.evaluate("(audio) => audio.currentTime") < at_s:
        await page.wait_for_timeout(100)


async def is_kept(city: City, call: str, **words: Any) -> None:
    """The order says that, in the database."""

    async def says() -> bool:
        kept = await city.store().order_of(CallId(call))
        return kept is not None and all(
            getattr(kept.draft, name) == word for name, word in words.items()
        )

    await until(says, 10, f"the order of {call}")


async def test_a_field_shows_where_it_was_heard_and_what_was_typed_survives(
    desks: Desks, city: City, shot: Shot
) -> None:
    """The chip plays that second; a refresh brings the typed words back; a pause saves them."""
    made = await order_of(city, "node1-1.1")
    page = await desks.open(AGENT)
    await expect(field(page, "title")).to_have_value(made.title or "")
    await shot(page, "orders")
    await page.locator('[data-field="content"] button.chip').last.click()
    await played(page, 8.5)
    await field(page, "title").fill("我写的标题")
    await page.reload()
    await expect(field(page, "title")).to_have_value("我写的标题")
    await field(page, "summary").fill("我写的摘要")
    await expect(page.locator(".saving.saved")).to_be_visible()
    await is_kept(city, "node1-1.1", title="我写的标题", summary="我写的摘要")
    assert await violations(page) == []


async def test_the_machine_never_writes_over_the_agent_and_two_people_choose(
    desks: Desks, city: City
) -> None:
    """Untouched fields follow the worker; what the supervisor wrote meanwhile stands beside."""
    desks.expects("status of 409")
    made = await order_of(city, "node1-2.1", title="机器写的")
    page, chief = await desks.open(AGENT), await desks.open("chief")
    for one in (page, chief):
        await expect(field(one, "title")).to_have_value("机器写的")
    await field(chief, "title").fill("班长写的")
    await chief.keyboard.press("Control+s")
    await is_kept(city, "node1-2.1", title="班长写的")
    await field(page, "title").fill("话务员写的")
    await page.keyboard.press("Control+s")
    beside = page.locator('[data-field="title"] .theirs')
    await expect(beside).to_contain_text("班长写的")
    await expect(field(page, "title")).to_have_value("话务员写的")
    await beside.get_by_role("button", name="用我的").click()
    await page.keyboard.press("Control+s")
    await is_kept(city, "node1-2.1", title="话务员写的", summary=made.summary)


async def test_what_is_missing_is_named_beside_it_and_a_submitted_order_is_read_only(
    desks: Desks, city: City
) -> None:
    """The first missing field has the cursor; declined, with the sentence to say; handed in."""
    desks.expects("status of 422")
    await order_of(city, "node1-3.1", title=None)
    page = await desks.open(AGENT)
    await page.get_by_role("radio", name="不予受理").check()
    await page.keyboard.press("Control+Enter")
    await expect(page.locator('[data-field="title"] .lack')).to_have_text("请填写标题。")
    await expect(field(page, "title")).to_be_focused()
    await field(page, "title").fill("要求立案")
    await field(page, "decline_reason").select_option("litigation")
    await expect(page.locator(".to-say")).to_contain_text("人民法院")
    await page.keyboard.press("F8")
    await expect(page.locator(".locked")).to_have_text("工单已提交，只能查看。")
    await expect(field(page, "title")).to_be_disabled()
    await is_kept(city, "node1-3.1", status="submitted", decline_reason="litigation")


async def test_the_list_is_found_in_and_walked_by_keys(desks: Desks, city: City) -> None:
    """By status and title; down opens the next, Enter goes to its form."""
    await order_of(city, "node1-4.1", title="路灯不亮", ago_s=5)
    await order_of(city, "node1-4.2", title="井盖缺失", ago_s=4, agent="agent1002")
    page = await desks.open(AGENT)
    find = page.get_by_role("searchbox", name="按号码尾号")
    await find.fill("路灯")
    await expect(page.locator(".items [role=option]")).to_have_count(1)
    await find.press("Enter")
    await expect(field(page, "title")).to_be_focused()
    await find.fill("井盖")
    await find.press("ArrowDown")
    await expect(page.locator(".locked")).to_contain_text("不是您接听的")
    await expect(page.locator(".talk-text")).to_have_count(0)
    await expect(page.locator(".sound")).to_have_text(re.compile("录音和通话文字不能查看"))
    await expect(field(page, "title")).to_have_value("井盖缺失")


async def test_a_talk_that_is_refused_says_so_beside_an_order_that_stands(
    desks: Desks, city: City
) -> None:
    """In the server's own words; the order is shown, and can be worked on."""
    desks.expects("status of 403")
    await order_of(city, "node1-6.1", title="录音已封存", ago_s=1)
    page = await desks.open(AGENT)
    told = {"error": {"id": "not-your-call", "message": "录音已封存。"}}
    await page.route("**/transcript", lambda route: route.fulfill(status=403, json=told))
    await page.reload()
    await expect(field(page, "title")).to_have_value("录音已封存")
    await expect(page.locator(".sound")).to_have_text(re.compile("录音已封存。"))
    await expect(page.locator(".notice")).to_have_count(0)
    await field(page, "title").fill("可以照写")
    await page.keyboard.press("Control+s")
    await is_kept(city, "node1-6.1", title="可以照写")


async def test_answered_online_anonymous_and_when_it_happened_are_kept_as_chosen(
    desks: Desks, city: City, shot: Shot
) -> None:
    """Anonymous is marked at the order's head; a day is typed or chosen, what is none stays put."""
    await order_of(city, "node1-7.1", title="匿名反映噪声", ago_s=0)
    page = await desks.open(AGENT)
    await expect(field(page, "title")).to_have_value("匿名反映噪声")
    await page.get_by_role("radio", name="在线答复").check()
    await field(page, "caller.anonymous").select_option("yes")
    start = field(page, "when.start")
    await start.fill("2026年11月30日 9点")
    await page.get_by_role("button", name="打开日历").click()
    assert await violations(page) == []
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("Enter")
    await expect(start).to_have_value("2026-12-01 09:00")
    await start.fill("前天")
    await expect(start).to_have_attribute("aria-invalid", "true")
    await page.keyboard.press("Control+s")
    at = datetime(2026, 12, 1, 1, tzinfo=UTC)
    await is_kept(city, "node1-7.1", decision="answered", when=When(text="这三天", start=at))
    await expect(start).to_have_value("前天")
    await start.fill("")
    await expect(page.locator(".order-head")).to_contain_text("匿名")
    await shot(page, "orders-anonymous")
    assert await violations(page) == []
    await page.keyboard.press("F8")
    await is_kept(city, "node1-7.1", status="submitted", decision="answered")


async def test_who_asked_to_be_unknown_is_shown_for_a_reason_and_listed(
    desks: Desks, city: City, shot: Shot
) -> None:
    """Handed in, nobody sees the number; for a reason it is shown once, and gone from the page."""
    record = await call_of(city, "node1-8.1", ago_s=0)
    caller = Caller(number=ANI, name="王小明", anonymous=True)
    draft = draft_of(record, title="匿名反映油烟", caller=caller, status="submitted")
    await city.store().save_draft(record.call, draft, [])
    chief = await desks.open("chief")
    await expect(field(chief, "title")).to_have_value("匿名反映油烟")
    await expect(chief.locator(".order-facts")).to_contain_text("*********01")
    await chief.get_by_role("button", name="查看匿名来电人").click()
    box = chief.get_by_role("dialog")
    await box.get_by_label("为什么要看").fill(f"核实撤诉，回电{ANI}")
    assert await violations(chief) == []
    await shot(chief, "orders-reveal")
    await chief.keyboard.press("Tab")
    await chief.keyboard.press("Tab")
    await chief.keyboard.press("Enter")
    await expect(box).to_contain_text(ANI)
    await expect(box).to_contain_text("王小明")
    await box.get_by_role("button", name="看完了").click()
    await expect(chief.locator(".order-view")).not_to_contain_text(ANI)
    await chief.get_by_role("link", name="匿名查看").click()
    listed = chief.locator(".reveals li")
    await expect(listed).to_have_count(1)
    await expect(listed).to_contain_text("核实撤诉，回电*********01")
    assert await violations(chief) == []
    await shot(chief, "reveals")


async def test_a_finished_order_is_followed_up(desks: Desks, city: City) -> None:
    """Claimed from the panel, answered with one of five; it is gone from the list then."""
    made = await order_of(city, "node1-5.1", title="已经办结的事", status="submitted")
    await city.store().database.check()
    async with city.store().database.writing() as connection:
        now = datetime.now(UTC)
        await followups.take(
            connection,
            FollowUp(
                order=made.id,
                call=CallId(made.call_id),
                centre=CentreId(made.centre),
                line=LineId("8337772"),
                number=made.caller.number or "",
                office="松山区住建局",
                result="已恢复供热",
                handled_at=now,
                due_at=now + timedelta(hours=24),
            ),
        )
    page = await desks.open("agent1002")
    await page.keyboard.press("Alt+v")
    box = page.locator(".follow-box")
    await expect(box).to_contain_text("已经办结的事")
    assert (made.caller.number or "") not in await box.inner_text()
    await box.get_by_role("button", name="认领").click()
    await expect(box).to_contain_text(made.caller.number or "")
    assert await violations(page) == []
    await box.get_by_role("textbox").fill("热了，谢谢")
    await box.get_by_role("button", name="满意", exact=True).click()
    await expect(box).to_contain_text("没有待回访")
    async with city.store().database.reading() as connection:
        found = await followups.find(connection, CentreId(made.centre), made.id)
    assert found is not None
    assert (found.mark, found.remark, found.answered_by) == (4, "热了，谢谢", "agent1002")

"""An agent's day on the page: the seat, a caller, the order handed in, a citizen called back."""

import re
from asyncio import sleep
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from cti.ids import CallId, CentreId, LineId
from queues.followup import FollowUp
from records import followups
from tests.desk.axe import violations
from tests.desk.browser import Desks
from tests.desk.conftest import Shot
from tests.desk.orderbook import ANI as CITIZEN
from tests.desk.orderbook import order_of
from tests.desk.town import AGENT, Town, answers, sit, stands, still, town
from tests.system.city import City

FITS = "document.scrollingElement.scrollHeight <= innerHeight"
ANI = "13900000951"

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


async def test_a_seat_from_signing_in_to_the_order_handed_in(
    here: Town, desks: Desks, shot: Shot
) -> None:
    """Reasons by one digit; what the seat does is there again after a reload; F8 ends it all."""
    agent = await desks.open("agent1001")
    await shot(agent, "seat-choose")
    seat = await here.phone(AGENT)
    await sit(agent, AGENT)
    await agent.keyboard.press("F4")
    await shot(agent, "seat-reasons")
    await agent.keyboard.press("2")
    await stands(agent, "not-ready")
    await expect(agent.locator(".panel.seat")).to_contain_text("用餐")
    await agent.keyboard.press("F2")
    await stands(agent, "available")
    caller = await here.dial(ani=ANI)
    await stands(agent, "offered")
    await still(agent, "offered")
    await shot(agent, "ringing")
    await answers(seat)
    await stands(agent, "talking")
    await still(agent, "talking")
    assert await agent.evaluate(FITS)
    assert await violations(agent) == []
    await agent.get_by_label("标题", exact=True).fill("路灯不亮")
    await agent.get_by_label("诉求类型").select_option("help")
    await agent.get_by_label("摘要").fill("小区门口的路灯三天不亮")
    await caller.hangup()
    await stands(agent, "wrap-up")
    await expect(agent.locator(".seat-clock")).to_have_text(re.compile("剩 00:[0-2]"))
    await shot(agent, "wrap-up")
    await still(agent, "wrap-up")
    await agent.keyboard.press("F8")
    await stands(agent, "available")


async def test_every_key_that_can_be_pressed_is_listed(desks: Desks, shot: Shot) -> None:
    """F1 opens the list, in the language of the page, and closes it."""
    agent = await desks.open("agent1001")
    await stands(agent, "available")
    await agent.keyboard.press("F1")
    listed = agent.get_by_role("dialog")
    for key in ("F2", "F4", "F7", "F8", "Shift+F1", "Alt+1"):
        await expect(
            listed.locator("dt", has_text=re.compile(f"^{re.escape(key)}$"))
        ).to_be_visible()
    assert await violations(agent) == []
    await shot(agent, "keys")
    await agent.keyboard.press("Escape")
    await expect(listed).to_have_count(0)


async def offered(page: Page) -> None:
    """A call-back is asked for, its number covered."""
    asked = page.locator(".callbacks.asked")
    await expect(asked).to_contain_text("现在无人排队")
    await expect(asked).not_to_contain_text(ANI)


async def test_a_citizen_who_was_missed_is_claimed_dialled_and_reached(
    here: Town, desks: Desks, shot: Shot
) -> None:
    """F7 takes the task and shows the number, F7 again calls; a claim is there after a reload."""
    agent = await desks.open("agent1001")
    await stands(agent, "available")
    await agent.keyboard.press("F4")
    await agent.keyboard.press("1")
    await stands(agent, "not-ready")
    caller = await here.dial(ani=ANI)
    await caller.connected()
    await sleep(2)
    await caller.hangup()
    await agent.keyboard.press("F2")
    await offered(agent)
    await shot(agent, "callback-offered")
    await agent.keyboard.press("F7")
    await expect(agent.locator(".callback-number")).to_have_text(ANI)
    await agent.reload()
    await expect(agent.locator(".callback-number")).to_have_text(ANI)
    await shot(agent, "callback-claimed")
    assert await violations(agent) == []
    await agent.keyboard.press("F7")
    await stands(agent, "out")
    await answers(await here.phone(AGENT))
    visit = await here.others.visit()
    visit.ring()
    visit.answer()
    await stands(agent, "talking")
    await shot(agent, "calling-out")
    await sleep(1)
    visit.hang_up()
    await stands(agent, "wrap-up")
    await expect(agent.locator(".panel.callbacks")).to_have_count(0)


async def test_the_citizen_of_an_order_is_called_out_until_reached(
    here: Town, desks: Desks, shot: Shot
) -> None:
    """By one key; the citizen sees the hotline's number; attempts and times stay in sight."""
    agent = await desks.open("agent1001")
    await stands(agent, "wrap-up")
    await agent.keyboard.press("F2")
    await stands(agent, "available")
    await order_of(here.city, "node1-9.1", ago_s=1, title="要求修路")
    await agent.reload()
    await expect(agent.locator(".order-view h2")).to_have_text("要求修路")
    made = agent.locator(".calls-out li")
    for attempt in (1, 2):
        await agent.keyboard.press("Alt+C")
        await expect(agent.locator(".notice")).to_contain_text("请接起您的话机")
        seat = await answers(await here.phone(AGENT))
        visit = await here.others.visit()
        assert visit.number == CITIZEN
        assert re.search(r"(?m)^From:.*12345", visit.invite), visit.invite
        visit.ring()
        if attempt == 1:
            visit.refuse()
            await expect(made).to_have_count(1)
            await expect(made.first).to_contain_text("占线")
            await stands(agent, "available")
    visit.answer()
    await stands(agent, "talking")
    await expect(agent.locator(".order-view h2")).to_have_text("要求修路")
    await sleep(1.5)
    await seat.hangup()
    await stands(agent, "wrap-up")
    await expect(made).to_have_count(2)
    await expect(made.last).to_contain_text("已接通")
    await expect(made.last).to_contain_text(re.compile(r"agent1001\s*00:0[1-9]"))
    await agent.reload()
    await expect(agent.locator(".order-view h2")).to_have_text("要求修路")
    await expect(made.last).to_contain_text("已接通")
    await shot(agent, "called-out")


async def test_a_citizen_is_followed_up_by_keys(here: Town, desks: Desks) -> None:
    """Claimed, called by one key at the agent's own telephone, and answered with one of five."""
    made = await order_of(here.city, "node1-9.2", ago_s=1, title="已办结的路灯", status="submitted")
    now = datetime.now(UTC)
    owed = FollowUp(
        order=made.id,
        call=CallId(made.call_id),
        centre=CentreId(made.centre),
        line=LineId("8337772"),
        number=CITIZEN,
        office="松山区住建局",
        result="已修好",
        handled_at=now,
        due_at=now + timedelta(hours=24),
    )
    async with here.city.store().database.writing() as connection:
        await followups.take(connection, owed)
    agent = await desks.open("agent1001")
    await stands(agent, "wrap-up")
    await agent.keyboard.press("F2")
    await stands(agent, "available")
    await agent.keyboard.press("Alt+V")
    box = agent.locator(".follow-box")
    await expect(box.get_by_role("button", name="认领")).to_be_focused()
    await agent.keyboard.press("Enter")
    await expect(box).to_contain_text(CITIZEN)
    await agent.keyboard.press("Alt+T")
    await expect(agent.locator(".notice")).to_contain_text("请接起您的话机")
    seat = await answers(await here.phone(AGENT))
    visit = await here.others.visit()
    assert visit.number == CITIZEN
    visit.ring()
    visit.answer()
    await stands(agent, "talking")
    await seat.hangup()
    await stands(agent, "wrap-up")
    await box.get_by_role("button", name="非常满意").click()
    await expect(box).to_contain_text("没有待回访")

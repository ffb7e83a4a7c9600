"""The orders' room: found, filled in, saved, never written over, handed in."""

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.desk.browser import Desks
from tests.desk.conftest import Shot
from tests.desk.orderbook import order_of
from tests.system.city import City

AGENT = "agent1001"


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    """A seat that finishes its calls for a while."""
    return {"seats": 2, "wrap_up_s": 30}


def field(page: Page, path: str) -> Any:
    return page.locator(f'[id="order-{path}"]')


async def test_a_field_shows_where_it_was_heard_and_what_was_typed_survives(
    desks: Desks, city: City, shot: Shot
) -> None:
    """The chip plays that second; a refresh brings the typed words back; a pause saves them."""
    made = await order_of(city, "node1-1.1")
    await order_of(city, "node1-1.2", ago_s=3000, title="路灯不亮", demand_type="help")
    page = await desks.open(AGENT)
    await expect(field(page, "title")).to_have_value(made.title or "")
    await shot(page, "orders")
    await page.screenshot(path="/tmp/lab/orders-1366.png")
    await page.set_viewport_size({"width": 1920, "height": 1080})
    await page.screenshot(path="/tmp/lab/orders-1920.png")

"""The orders' room: the newest order opens by itself, with what was heard in its fields."""

from typing import Any

import pytest
from playwright.async_api import expect

from tests.desk.browser import Desks
from tests.desk.conftest import Shot
from tests.desk.orderbook import order_of
from tests.system.city import City

AGENT = "agent1001"


@pytest.fixture(scope="module")
def plan() -> dict[str, Any]:
    """A seat that finishes its calls for a while."""
    return {"seats": 2, "wrap_up_s": 30}


async def test_the_newest_order_stands_open_with_what_was_heard(
    desks: Desks, city: City, shot: Shot
) -> None:
    """Its title in the form, and the older one in the list."""
    made = await order_of(city, "node1-1.1")
    await order_of(city, "node1-1.2", ago_s=3000, title="路灯不亮", demand_type="help")
    page = await desks.open(AGENT)
    await expect(page.locator('[id="order-title"]')).to_have_value(made.title or "")
    await shot(page, "orders")

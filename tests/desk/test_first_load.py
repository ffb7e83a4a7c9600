"""The page is there at once: little to fetch, and nothing twice."""

from playwright.async_api import Page

from tests.desk.browser import Desks

MOST_BYTES = 600_000
"""Compressed, of all that an agent's page needs at its first load."""
FETCHED = """
[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .filter((one) => one.transferSize > 0)
    .map((one) => [new URL(one.name).pathname, one.transferSize])
"""


async def fetched(page: Page) -> dict[str, int]:
    """What came over the network for this page, by path, in bytes."""
    await page.wait_for_load_state("networkidle")
    return {path: size for path, size in await page.evaluate(FETCHED)}


async def test_an_agents_page_is_small_and_kept(desks: Desks) -> None:
    """600 kB at most; the second time only what may have changed is asked for."""
    page = await desks.open("agent1001")
    first = await fetched(page)
    assert sum(first.values()) < MOST_BYTES, first
    await page.reload()
    again = await fetched(page)
    assert [path for path in again if path.startswith("/assets/")] == []

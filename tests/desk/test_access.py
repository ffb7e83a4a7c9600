"""Every page can be used without eyes and without a mouse, as far as axe can tell (WCAG 2.1 AA)."""

import pytest
from playwright.async_api import Page, expect

from tests.desk.axe import violations
from tests.desk.browser import LARGE, SMALL, Desks

PEOPLE = ("agent1001", "expert", "chief", "admin")
SIZES = pytest.mark.parametrize("size", [SMALL, LARGE], ids=lambda size: str(size[0]))
LINKS = "[...document.querySelectorAll('a[href^=\"#/\"]')].map((a) => a.getAttribute('href'))"


@SIZES
async def test_the_sign_in_page_is_for_everybody(desks: Desks, size: tuple[int, int]) -> None:
    page = await desks.stranger(size=size)
    await expect(page.locator("[name=password]")).to_be_visible()
    assert await violations(page) == []


@SIZES
@pytest.mark.parametrize("user", PEOPLE)
async def test_every_page_of_a_role_is_for_everybody(
    desks: Desks, user: str, size: tuple[int, int]
) -> None:
    """Whatever page a link leads to; also in large type, where more is cut off."""
    page = await desks.open(user, size=size)
    await walk(page)
    await page.get_by_role("button", name="大字").click()
    assert await wrong(page) == []


async def test_what_is_wrong_is_seen(desks: Desks) -> None:
    """Else the tests above say nothing: a field without a name, a pale word, a page too wide."""
    page = await desks.stranger()
    await page.evaluate(
        """() => {
            const app = document.querySelector("main");
            app.append(document.createElement("input"));
            const word = app.appendChild(document.createElement("p"));
            word.textContent = "颜色太浅了";
            word.style.color = "#ccc";
            word.style.width = "3000px";
        }"""
    )
    said = " ".join(await wrong(page))
    assert ("label:" in said, "color-contrast:" in said, "px wider" in said) == (True, True, True)


async def walk(page: Page) -> None:
    """Go wherever links lead, and judge each page."""
    found: dict[str, list[str]] = {}
    owed = ["#/"]
    while owed:
        at = owed.pop()
        await page.evaluate("(at) => { location.hash = at }", at)
        await settled(page)
        found[at] = await wrong(page)
        owed += [link for link in await page.evaluate(LINKS) if link not in {*found, *owed}]
    assert {at: why for at, why in found.items() if why} == {}


async def wrong(page: Page) -> list[str]:
    """What is wrong with the page as it stands, at its size."""
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    over = await page.evaluate(wide)
    return [*await violations(page), *([f"{over} px wider than the window"] if over > 0 else [])]


async def settled(page: Page) -> None:
    """Until the page has what it asked for, and shows it."""
    await page.wait_for_load_state("networkidle")
    await page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")

"""Debian's Chromium as the people of a ``City`` have it: a microphone that speaks a file, no web.

``chromium`` starts one; ``Desks`` opens pages in it and keeps whatever a page complains of.
"""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    async_playwright,
)

from tests.system.city import City

SMALL = (1366, 768)
LARGE = (1920, 1080)
WITHIN_MS = 15_000
"""How long a page may take for whatever it is asked, on a machine that plays calls beside."""
ALWAYS = (r"status of 401 .*/api/v1/session",)
"""Each page asks first whether somebody is signed in."""
BRAIN_GONE = (r"WebSocket connection to .* failed", r"ERR_CONNECTION_\w+", r"ERR_EMPTY_RESPONSE")
"""What a page complains of while there is no brain; for ``Desks.expects``."""
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--allow-loopback-in-peer-connection",
    "--autoplay-policy=no-user-gesture-required",
)


@asynccontextmanager
async def chromium(voice: Path, *flags: str) -> AsyncIterator[Browser]:
    """One browser; its microphone speaks that WAV file, over and over. ``flags``: more of them."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    assert program is not None, "Chromium is not installed"
    speaks = f"--use-file-for-fake-audio-capture={voice}"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, args=[*_FLAGS, speaks, *flags]
        )
        try:
            yield browser
        finally:
            await browser.close()


class Desks:
    """The pages of one test, each person's in a context (cookies, storage) of its own.

    What a page complains of (an error or a warning on its console, what its policy forbids, a
    request that failed, an exception nobody caught) fails the test unless it was expected.
    """

    def __init__(self, browser: Browser, city: City, password: str) -> None:
        self._browser = browser
        self._city = city
        self._password = password
        self._complaints: list[str] = []
        self._expected: list[str] = [*ALWAYS]
        self._contexts: list[BrowserContext] = []

    async def open(self, user: str, at: str = "/", *, size: tuple[int, int] = SMALL) -> Page:
        """That user's page, signed in, as it stands once its frame is there."""
        context = await self._context(size)
        who = {"user": user, "password": self.password_of(user)}
        answer = await context.request.post(
            f"{self._city.web}/api/v1/session", data=who, headers={"Origin": self._city.web}
        )
        assert answer.status == 200, await answer.text()
        page = await context.new_page()
        await page.goto(f"{self._city.web}/#{at}")
        await page.get_by_role("banner").wait_for()
        return page

    async def stranger(self, *, size: tuple[int, int] = SMALL) -> Page:
        """The page of somebody who has not signed in."""
        page = await (await self._context(size)).new_page()
        await page.goto(self._city.web)
        return page

    async def tab(self, page: Page, at: str = "/") -> Page:
        """A second tab of the same person."""
        tab = await page.context.new_page()
        await tab.goto(f"{self._city.web}/#{at}")
        return tab

    async def sign_in(self, page: Page, user: str, password: str | None = None) -> None:
        """Fill the sign-in page in, and press its key."""
        await page.locator("[name=user]").fill(user)
        await page.locator("[name=password]").fill(password or self.password_of(user))
        await page.locator("[type=submit]").click()

    def expects(self, *rules: str) -> None:
        """Complaints (regular expressions) that the test itself causes."""
        self._expected += rules

    def complaints(self) -> list[str]:
        """What nobody expected."""
        rules = [re.compile(rule) for rule in self._expected]
        return [one for one in self._complaints if not any(rule.search(one) for rule in rules)]

    async def close(self) -> None:
        """Close every page."""
        for context in self._contexts:
            await context.close()

    def password_of(self, user: str) -> str:
        return self._city.password if user in self._city.accounts else self._password

    async def _context(self, size: tuple[int, int]) -> BrowserContext:
        width, height = size
        context = await self._browser.new_context(
            viewport={"width": width, "height": height},
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            permissions=["microphone"],
        )
        context.set_default_timeout(WITHIN_MS)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("requestfailed", self._on_failed)
        self._contexts.append(context)
        return context

    def _on_console(self, said: ConsoleMessage) -> None:
        if said.type in ("error", "warning"):
            self._complaints.append(f"{said.type}: {said.text} {said.location.get('url', '')}")

    def _on_error(self, error: WebError) -> None:
        self._complaints.append(f"uncaught: {error.error}")

    def _on_failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # the page was left meanwhile
            self._complaints.append(f"failed: {request.failure} {request.url}")

"""Other systems' pages: ours in a frame of theirs, theirs opened for a call, and what they hear."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import pytest_asyncio
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from playwright.async_api import FrameLocator, Page, expect

from bench.phone import Softphone
from config.files import load_platform
from config.profile import PROFILE
from records.accounts import Accounts
from tests.desk.browser import Desks
from tests.desk.phoning import AGENT_HZ, calls, hears_agent, sits, speech, until
from tests.system.city import City

ANI = "13900000071"
CRM = """<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><title>CRM</title>
<div id="desk" style="width: 340px; height: 700px"></div>
<script src="{home}/embed.js" data-into="#desk"></script>
<script>
  window.heard = [];
  for (const event of ["ready", "announce", "answer", "end"])
    hotline.on(event, (said) => window.heard.push([event, said]));
</script>"""


ELSEWHERE = """() => {
  try { window.opener.top.location = "about:blank"; return "sent" }
  catch (fault) { return fault.name }
}"""


@dataclass
class Crm:
    """Another system: a page with our script in it, a page that pops, and an ear for events."""

    home: str = ""
    url: str = ""
    token: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/", self._page)
        app.router.add_get("/pop", self._pop)
        app.router.add_post("/events", self._hear)
        return app

    async def _page(self, request: web.Request) -> web.Response:
        return web.Response(text=CRM.replace("{home}", self.home), content_type="text/html")

    async def _pop(self, request: web.Request) -> web.Response:
        self.asked.append(str(request.url))
        page = '<link rel="icon" href="data:,"><h1>CRM</h1>'
        return web.Response(text=page, content_type="text/html")

    async def _hear(self, request: web.Request) -> web.Response:
        self.events.append(json.loads(await request.read()))
        return web.Response()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crm() -> AsyncIterator[Crm]:
    """On a port of its own, which the profile lists."""
    crm = Crm()
    async with TestServer(crm.app(), access_log=None) as server:
        crm.url = str(server.make_url("")).rstrip("/")
        yield crm


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def city(
    page_built: None, crm: Crm, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[City]:
    """Two seats, and a profile that names the other system."""
    city = City(tmp_path_factory.mktemp("d"), seats=2)
    profile = city.settings.home / "profile" / PROFILE
    facts = (
        f'events_url = "{crm.url}/events"\n'
        f'pop_url = "{crm.url}/pop?key={{key}}"\n'
        f'page_origins = ["{crm.url}"]\n'
    )
    profile.write_text(facts + profile.read_text(encoding="utf-8"), encoding="utf-8")
    city.platform = load_platform(city.settings)
    city.profile = city.platform.home
    async with city:
        crm.home = city.web
        accounts = Accounts(city.store().database)
        crm.token = await accounts.create_token("crm", city.profile.centre, "system")
        yield city


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the agents' microphones say."""
    return speech(tmp_path_factory.mktemp("voice") / "voice.wav", AGENT_HZ)


async def exchange(city: City, crm: Crm, key: str) -> tuple[int, Any]:
    """As the other system's server."""
    headers = {"Authorization": f"Bearer {crm.token}"}
    at = f"{city.web}/api/v1/pops/exchange"
    async with (
        ClientSession() as session,
        session.post(at, json={"key": key}, headers=headers) as answer,
    ):
        return answer.status, await answer.json()


async def told(page: Page, event: str) -> dict[str, Any]:
    """What the other system's page was told of that kind, once it was."""
    await page.wait_for_function("(event) => heard.some(([kind]) => kind === event)", arg=event)
    said = await page.evaluate("(event) => heard.find(([kind]) => kind === event)[1]", event)
    return dict(said)


async def sits_in_frame(page: Page, extension: str) -> FrameLocator:
    """Take a seat in the frame, with the telephone of the page, ready for calls."""
    frame = page.frame_locator("#desk iframe")
    await frame.locator("[name=extension]").select_option(extension)
    await frame.get_by_role("button", name="签入").click()
    await frame.locator(".phone-kind").select_option("page")
    await expect(frame.locator(".phone")).to_have_attribute("data-line", "up")
    await expect(frame.locator(".seat-alarm")).to_have_count(0)
    await frame.locator(".seat").get_by_role("button", name="就绪").first.click()
    await expect(frame.locator(".seat")).to_have_attribute("data-state", "available")
    return frame


async def test_another_systems_page_is_told_of_a_call_answers_it_and_hangs_up(
    desks: Desks, city: City, crm: Crm, phones: Softphone, tmp_path: Path
) -> None:
    """With our script in it and our page in a frame; its server is told the same, signed."""
    page = await desks.open("agent1001")
    await page.goto(crm.url)
    frame = await sits_in_frame(page, "1001")
    assert (await told(page, "ready")).keys() == {"seat", "state", "call"}
    call, heard = await calls(city, phones, tmp_path, ANI)
    announced = await told(page, "announce")
    assert announced["line"]["number"] == "8337772"
    assert announced["number"] == "*" * 9 + ANI[-2:]
    await expect(frame.locator(".caller-card")).to_be_visible()
    await expect(frame.locator(".phone")).to_have_attribute("data-talk", "rings")
    await page.evaluate("hotline.answer()")
    assert (await told(page, "answer"))["call"] == announced["call"]
    await until(lambda: hears_agent(heard), "the caller does not hear the agent")
    given = await page.evaluate("(call) => hotline.key(call)", announced["call"])
    status, facts = await exchange(city, crm, given["key"])
    assert (status, facts["call_id"]) == (200, announced["call"])
    await page.evaluate("hotline.hangup()")
    await call.ended()
    assert (await told(page, "end")) == {"call": announced["call"], "answered": True}
    refused = await page.evaluate("hotline.answer().catch((fault) => fault.message)")
    assert refused == "现在没有可以这样操作的电话。"
    await until(lambda: len(crm.events) >= 3, "the other system's server is not told")
    assert {one["kind"] for one in crm.events} == {"announce", "answer", "end"}
    assert {one["call_id"] for one in crm.events} == {announced["call"]}
    assert ANI not in json.dumps(crm.events)


async def test_a_page_that_is_not_listed_cannot_hold_ours(
    desks: Desks, city: City, crm: Crm
) -> None:
    """The browser keeps our page out of its frame, for our policy names whose it may be in."""
    desks.expects("frame-ancestors", "ERR_BLOCKED_BY_RESPONSE", "recipient window's origin")
    page = await desks.open("agent1002")
    stranger = Crm(home=city.web)
    async with TestServer(stranger.app(), access_log=None) as server:
        await page.goto(str(server.make_url("/")))
        await page.locator("#desk iframe").wait_for()
        await asyncio.sleep(1)
        assert await page.evaluate("heard") == []
        assert not any(frame.url.startswith(city.web) for frame in page.frames)


async def test_a_call_opens_the_other_systems_page_with_a_key_and_no_number(
    desks: Desks, city: City, crm: Crm, phones: Softphone, tmp_path: Path
) -> None:
    """One window for all calls; the key is good once; Alt+G opens it again.

    That page cannot send the agent's elsewhere, as whoever has an opener otherwise can.
    """
    page = await sits(desks, "agent1002", "1002")
    async with page.expect_popup() as opening:
        call, _ = await calls(city, phones, tmp_path, ANI)
    window = await opening.value
    await expect(window.get_by_role("heading", name="CRM")).to_be_visible()
    asked = crm.asked[-1]
    assert ANI not in asked
    [key] = parse_qs(urlsplit(asked).query)["key"]
    status, facts = await exchange(city, crm, key)
    assert (status, facts["caller"]["number"]) == (200, "*" * 9 + ANI[-2:])
    assert (await exchange(city, crm, key))[0] == 404
    await page.bring_to_front()
    await page.keyboard.press("Alt+G")
    await until(lambda: len(crm.asked) == 2, "the key does not open it again")
    assert crm.asked[0] != crm.asked[1]
    assert len(page.context.pages) == 2
    await window.wait_for_url(lambda url: url.endswith(crm.asked[1]))
    desks.expects("Unsafe attempt to initiate navigation")  # theirs, of our page
    sent = await window.evaluate(ELSEWHERE)
    assert sent == "SecurityError"
    assert page.url.startswith(city.web)
    await call.hangup()
    await expect(page.locator(".pop-button")).to_have_count(0)

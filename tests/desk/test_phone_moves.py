"""Callers moved by an agent whose telephone is the page, which goes away at every turn of it."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bench.phone import PhoneCall
from bench.wavetools import write_wav
from records.callrecord import CallRecord
from tests.asterisk.exchange import Visit
from tests.desk.browser import Desks
from tests.desk.hearing import ALIKE, babble, hears, missing, page_hears
from tests.desk.phoning import answered, sits, talks
from tests.desk.town import AGENT, EXPERT, Town, sit, stands, town
from tests.system.city import City, until
from tests.system.ears import longest_silence_s

pytestmark = [pytest.mark.redis, pytest.mark.timeout(150)]

CALLER_HZ, AGENT_HZ, EXPERT_HZ = 620, 900, 1300
WITHIN_S = 12.0
SILENCE_S = 2.0
"""A caller who hears nothing for so long thinks that the line is dead."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def here(page_built: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """The town of this module, which asks after the talk how it was."""
    async with town(tmp_path_factory.mktemp("d")) as here:
        zh = here.city.settings.home / "sounds" / "zh"
        for name in ("survey", "rated"):
            write_wav(zh / f"{name}.wav", here.city.prompt)
        yield here


@pytest.fixture(scope="module")
def city(here: Town) -> City:
    """Its city, for the desks."""
    return here.city


@pytest.fixture(scope="module")
def voice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the agents' microphones say."""
    return babble(tmp_path_factory.mktemp("voice") / "agent.wav", AGENT_HZ, 1)


@dataclass(slots=True)
class Ear:
    """A telephone that is heard by, and hears, whoever it is put through to."""

    call: PhoneCall
    says: Path
    heard: Path

    async def hears(self, voice: Path, hertz: int, what: str) -> None:
        """It hears that voice soon: what it says, not just its tone."""
        await until(lambda: hears(self.heard, voice, hertz), WITHIN_S, what, every_s=0.3)

    async def hears_no_more(self, voice: Path, hertz: int, what: str) -> None:
        """It does not, soon."""
        await until(lambda: not hears(self.heard, voice, hertz), WITHIN_S, what, every_s=0.3)


async def calls(here: Town, folder: Path, ani: str) -> Ear:
    """A citizen who calls, and never stops speaking."""
    says, heard = babble(folder / "caller.wav", CALLER_HZ, 2), folder / "heard.wav"
    host, port = here.city.target
    call = await here.phones.call(
        "8337772", ani=ani, host=host, port=port, play=says, loop=True, record=heard
    )
    return Ear(call, says, heard)


async def picks_up(here: Town, folder: Path) -> Ear:
    """The expert's telephone rings, and is answered."""
    says, heard = babble(folder / "expert.wav", EXPERT_HZ, 3), folder / "expert-heard.wav"
    call = await (await here.phone(EXPERT)).incoming()
    await call.answer(play=says, loop=True, record=heard)
    return Ear(call, says, heard)


async def page_hears_soon(page: Page, voice: Path, hertz: int) -> None:
    """The agent hears that voice, in the page."""
    for _ in range(3):
        likeness = await page_hears(page, voice, hertz)
        if likeness > ALIKE:
            return
    raise AssertionError(f"the agent does not hear {hertz} Hz: {likeness:.2f}")


async def says(page: Page, words: str) -> None:
    """The newest move's sentence."""
    await expect(page.locator(".move-says").last).to_contain_text(re.compile(words))


async def ended(city: City, ani: str) -> CallRecord:
    """The caller's record, once the call is over."""

    async def found() -> list[CallRecord]:
        return [one for one in await city.records() if one.ani == ani and one.ended_at]

    async def is_there() -> bool:
        return bool(await found())

    await until(is_there, 20, f"the end of the call of {ani[-2:]}", every_s=0.2)
    [record] = await found()
    return record


async def visit_of(here: Town, number: str) -> Visit:
    """The next call at the other exchanges, for that number."""
    visit = await here.others.visit()
    assert visit.number == number
    visit.ring()
    return visit


async def test_a_whole_call_with_the_page_loaded_anew_at_every_turn(
    here: Town, desks: Desks, voice: Path, tmp_path: Path
) -> None:
    """Both hear what the other says; a consult, a talk of three and the caller's mark outlive the
    page; the order is the call's; nothing that was said is missing from the recording.
    """
    ani = "13900000961"
    desks.expects("ScriptProcessorNode is deprecated")
    page, expert_page = await sits(desks, "agent1001", AGENT), await desks.open("expert")
    await here.phone(EXPERT)
    await sit(expert_page, EXPERT)
    caller = await calls(here, tmp_path, ani)
    await answered(page)
    await caller.hears(voice, AGENT_HZ, "the caller does not hear what the agent says")
    await page_hears_soon(page, caller.says, CALLER_HZ)
    await page.get_by_label("标题", exact=True).fill("路灯不亮")
    await page.get_by_label("诉求类型").select_option("help")
    await page.get_by_label("摘要").fill("小区门口的路灯三天不亮")

    await page.keyboard.press("F3")
    await page.keyboard.type("rs")
    await page.keyboard.press("Enter")
    expert = await picks_up(here, tmp_path)
    await says(page, "您与人社.*单独通话")
    await expert.hears(voice, AGENT_HZ, "the expert does not hear the agent")
    await page.reload()
    await expert.hears_no_more(voice, AGENT_HZ, "the page did not leave the consult")
    await talks(page)
    await says(page, "您与人社.*单独通话")
    await expert.hears(voice, AGENT_HZ, "the consult does not go on")
    await page_hears_soon(page, expert.says, EXPERT_HZ)
    assert not hears(caller.heard, voice, AGENT_HZ), "the caller hears what is not for it"

    await page.keyboard.press("Alt+1")
    await says(page, "三方通话")
    await caller.hears(voice, AGENT_HZ, "the caller does not hear the agent of three")
    await caller.hears(expert.says, EXPERT_HZ, "the caller does not hear the expert")
    await page.close(run_before_unload=False)
    await caller.hears_no_more(voice, AGENT_HZ, "the page did not leave the talk of three")
    assert hears(caller.heard, expert.says, EXPERT_HZ), "two of three do not talk on"
    page = await desks.tab(page)
    await talks(page)
    await caller.hears(voice, AGENT_HZ, "the agent does not come back to the three")
    await expert.hears(caller.says, CALLER_HZ, "the expert does not hear the caller")
    await page_hears_soon(page, expert.says, EXPERT_HZ)

    await page.keyboard.press("Alt+0")
    await expert.call.ended()
    await says(page, "已退出通话")
    await page.reload()
    await caller.hears_no_more(voice, AGENT_HZ, "the page did not leave")
    await talks(page)
    await caller.hears(voice, AGENT_HZ, "the talk in the room does not go on")

    await page.keyboard.press("Alt+X")
    await stands(page, "wrap-up")
    await page.reload()
    await caller.call.dtmf("5")
    await stands(page, "wrap-up")
    await page.keyboard.press("F8")
    await stands(page, "available")
    await caller.call.ended()
    record = await ended(here.city, ani)
    assert record.satisfaction == 5
    [order] = [one.draft for one in await here.city.orders() if one.draft.call_id == record.call]
    assert (order.status, order.title) == ("submitted", "路灯不亮")
    rx, tx = here.city.recording(record.call)
    assert missing(rx, caller.says, CALLER_HZ) == []
    assert longest_silence_s(tx) < SILENCE_S
    assert abs(rx.stat().st_size - tx.stat().st_size) < 16_000 * 0.3


async def test_an_emergency_line_that_hangs_up_while_the_page_is_away(
    here: Town, desks: Desks, voice: Path, tmp_path: Path
) -> None:
    """It rings on while the page is loaded anew; all three talk; then the caller stays ours."""
    page = await sits(desks, "agent1001", AGENT)
    caller = await calls(here, tmp_path, "13900000962")
    await answered(page)
    await page.keyboard.press("Shift+F1")
    visit = await visit_of(here, "110")
    await caller.hears(voice, AGENT_HZ, "agent and caller do not talk while it rings")
    await page.reload()
    await caller.hears_no_more(voice, AGENT_HZ, "the page did not leave")
    await talks(page)
    await caller.hears(voice, AGENT_HZ, "the caller does not come back to the agent")
    assert not visit.is_over.is_set(), "110 rings no more"
    visit.answer()
    await says(page, "三方通话：来电人、您、公安")
    await page.reload()
    await caller.hears_no_more(voice, AGENT_HZ, "the page did not leave the three")
    visit.hang_up()
    await talks(page)
    await caller.hears(voice, AGENT_HZ, "the caller does not come back from 110")
    await asyncio.sleep(1)
    await caller.call.hangup()
    await stands(page, "wrap-up")
    record = await ended(here.city, "13900000962")
    rx, tx = here.city.recording(record.call)
    assert missing(rx, caller.says, CALLER_HZ) == []
    assert longest_silence_s(tx) < SILENCE_S

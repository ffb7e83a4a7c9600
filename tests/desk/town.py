"""A small city whose callers can be taken to somebody: an expert at a seat, and other exchanges.

``town()`` opens it: the city, and one exchange that is the carrier and every peer at once, led by
the test visit by visit. ``Seat`` is a telephone that answers when it is told to.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Page, expect

from bench.phone import PhoneCall, PhoneLine, Softphone
from bench.wavetools import tone, write_wav
from config.files import load_platform
from config.linkage import LINKAGE
from config.profile import PROFILE
from cti.ids import SeatId
from ivr.text import standing_texts
from records.accounts import Accounts
from tests.asterisk.exchange import Exchange, exchange
from tests.asterisk.world import ASKED_AFTER_THE_TALK
from tests.desk.conftest import OTHERS, PASSWORD
from tests.system.city import City, until
from tests.system.neighbours import move_peers

AGENT, EXPERT, THIRD = "1001", "1002", "1003"
PEERS = ("jinji", "gongwang", "shuiwu", "yancao", "neimenggu")
QUIET_S = 5
FACTS = f'tasks_after_s = {QUIET_S}\ntasks_hours = "全天"\n'
TABLES = {
    LINKAGE: """\
号码,名称,类别,处理,对端,转接号码,备用对端,备用号码,座席时间,接口
110,公安,紧急,三方,jinji,110,,,全天,
119,消防,紧急,三方,jinji,119,,,全天,
120,急救,紧急,三方,jinji,120,,,全天,
122,交通,紧急,三方,jinji,122,,,全天,
96116,供水公司,公共服务,转接,gongwang,96116,,,全天,
""",
    "experts.csv": f"""\
专业,姓名,座席,对端,号码,次序,日期,时间
人社,专家,{EXPERT},,,1,每天,
""",
    "contacts.csv": """\
部门,类别,对端,号码,次序,日期,时间,告知号码
住房城乡建设局,咨询,gongwang,9306501,1,2020-01-01,,9306501
住房城乡建设局,值班,gongwang,9306502,1,,,
""",
}
WORD_S = 0.3


@dataclass(slots=True)
class Town:
    """The city, and the one exchange that is everybody else."""

    city: City
    others: Exchange
    phones: Softphone
    """Used all through the module: a telephone stays registered."""
    lines: dict[str, PhoneLine] = field(default_factory=dict)

    async def phone(self, extension: str) -> PhoneLine:
        """The telephone of that seat, registered."""
        if extension not in self.lines:
            name = f"{self.city.profile.centre}-{extension}"
            password = self.city.passwords[SeatId(name)]
            line = await self.phones.register(name, password, *self.city.target)
            self.lines[extension] = line
        return self.lines[extension]

    async def dial(self, number: str = "8337772", ani: str = "13900000951") -> PhoneCall:
        """A citizen calls."""
        host, port = self.city.target
        return await self.phones.call(number, ani=ani, host=host, port=port)


@asynccontextmanager
async def town(folder: Path, *, wrap_up_s: float = 30) -> AsyncIterator[Town]:
    """Three seats, an account for each, and ``OTHERS``; prompts of a third of a second."""
    async with exchange() as others:
        prompt = tone(380, WORD_S, -20.0)
        carrier = f"127.0.0.1:{others.port}"
        city = City(folder, seats=3, wrap_up_s=wrap_up_s, prompt=prompt, dial_out=carrier)
        profile = city.settings.home / "profile"
        for name, table in TABLES.items():
            (profile / name).write_text(table, encoding="utf-8")
        facts = profile / PROFILE
        facts.write_text(FACTS + facts.read_text(encoding="utf-8"), encoding="utf-8")
        move_peers(profile, dict.fromkeys(PEERS, others.port))
        city.platform = load_platform(city.settings)
        city.profile = city.platform.home
        async with city, Softphone() as phones:
            for told in standing_texts():
                if told.id != ASKED_AFTER_THE_TALK:
                    sound = city.settings.home / "sounds" / "zh" / f"{told.id}.wav"
                    write_wav(sound, prompt)
            accounts = Accounts(city.store().database)
            for user, role in OTHERS:
                await accounts.add_person(user, city.profile.centre, role, PASSWORD)
            await _peers_are_seen(city)
            yield Town(city, others, phones)


async def _peers_are_seen(city: City) -> None:
    """Asterisk asks each peer now and then; until it has answered once it may count as away."""

    def are_seen() -> bool:
        for peer in PEERS:
            city.rx(f"pjsip qualify peer-{peer}")
        seen = [line for line in city.rx("pjsip show contacts").splitlines() if " Avail " in line]
        return all(any(f"peer-{peer}/" in line for line in seen) for peer in PEERS)

    await until(are_seen, 20, "the peers are seen", every_s=0.3)


async def sit(page: Page, extension: str, *, is_ready: bool = True) -> None:
    """Take that seat on the page, and be ready."""
    await page.locator("select[name=extension]").select_option(extension)
    await page.get_by_role("button", name="签入").click()
    await stands(page, "not-ready")
    if is_ready:
        await expect(page.locator(".seat-alarm")).to_have_count(0)
        await page.keyboard.press("F2")
        await stands(page, "available")


async def stands(page: Page, state: str) -> None:
    """The seat's panel shows that state."""
    await expect(page.locator(".panel.seat")).to_have_attribute("data-state", state)


async def still(page: Page, state: str) -> None:
    """Reload the page; it shows the same state again."""
    await page.reload()
    await stands(page, state)


async def answers(line: PhoneLine) -> PhoneCall:
    """The telephone rings, and is answered."""
    call = await line.incoming()
    await asyncio.sleep(0.3)
    await call.answer()
    return call

"""From the ACD's decision to the caller card on the screen, and to the phone that rings after it.

Three pages in Chromium and seven clients without one are the desks of ten seats, whose phones are
real; callers come at five a second. A page says when it has painted a card by its own clock,
which is this machine's; the decision is the card's own ``at``. Nobody else is measured beside it:
no other system here announces a call before it rings.
"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Any, Final

from playwright.async_api import Page, async_playwright

from bench.deskclient import DeskClient
from bench.ours import Ours
from bench.phone import PhoneLine, Softphone
from bench.pop import percentile
from bench.ports import free_block, free_port
from bench.result import Result
from bench.sippload import Endpoint, Traffic, call_in, invented_numbers
from bench.wavetools import chirp, write_alaw

SEATS, PAGES = 10, 3
RATE, CALLS = 5, 120
TALK_S = 0.5
PROMPT_S = 0.2
REACH_SHARE = 0.99
REACH_MS = 100.0
NOTES: Final = """
window.painted = [];
window.decided = {};
const send = WebSocket.prototype.send;
WebSocket.prototype.send = function (text) {
  const said = JSON.parse(text);
  if (said.do === "popped") {
    window.painted.push([said.offer, performance.timeOrigin + performance.now()]);
  }
  send.call(this, text);
};
const Plain = window.WebSocket;
window.WebSocket = class extends Plain {
  constructor(...where) {
    super(...where);
    this.addEventListener("message", ({ data }) => {
      const heard = JSON.parse(data);
      if (heard.type === "pop") window.decided[heard.card.offer] = Date.parse(heard.card.at);
    });
  }
};
"""
"""Notes in a page when the brain decided and when the page said that the card is painted."""


@dataclass(frozen=True, slots=True)
class Announced:
    """One call at one seat, by the calendar's clock, in milliseconds."""

    seat: str
    is_page: bool
    decided: float
    seen: float


def paired(cards: Sequence[Announced], rings: Mapping[str, Sequence[float]]) -> list[float]:
    """By how many milliseconds each ring came after its card was seen; the n-th has the n-th."""
    ahead: list[float] = []
    for seat, rung in rings.items():
        seen = sorted(card.seen for card in cards if card.seat == seat)
        ahead += [ring - card for card, ring in zip(seen, sorted(rung), strict=False)]
    return ahead


def judge(
    cards: Sequence[Announced], rings: Mapping[str, Sequence[float]], load: float
) -> tuple[dict[str, Any], bool]:
    """The figures, and whether 99 of 100 cards were seen before their rings, within 100 ms."""
    ahead = paired(cards, rings)
    count = sum(map(len, rings.values()))
    pages = [one.seen - one.decided for one in cards if one.is_page]
    clients = [one.seen - one.decided for one in cards if not one.is_page]
    share = sum(one > 0 for one in ahead) / max(1, count)
    ms = {
        f"{who}_p{share_}_ms": round(percentile(waits, share_), 1)
        for who, waits in (("page", pages), ("client", clients), ("ring_after", ahead))
        for share_ in (5, 50, 95)
        if waits
    }
    figures = {"rings": count, "cards": len(cards), "before_ring": round(share, 4)}
    figures |= ms | {"load": round(load, 2)}
    holds = bool(pages) and share >= REACH_SHARE and percentile(pages, 95) < REACH_MS
    return figures, holds


@asynccontextmanager
async def pages(ours: Ours, users: Mapping[str, str]) -> AsyncIterator[dict[str, Page]]:
    """A page for each of those, at its seat and ready."""
    program = shutil.which("chromium")
    async with async_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = await playwright.chromium.launch(executable_path=program, args=flags)
        found: dict[str, Page] = {}
        for user, extension in users.items():
            context = await browser.new_context(viewport={"width": 1366, "height": 768})
            await context.add_init_script(NOTES)
            who = {"user": user, "password": ours.password}
            await context.request.post(
                f"{ours.web}/api/v1/session", data=who, headers={"Origin": ours.web}
            )
            page = await context.new_page()
            await page.goto(f"{ours.web}/#/")
            await page.locator("select[name=extension]").select_option(extension)
            await page.get_by_role("button", name="签入").click()
            await page.locator('.panel.seat[data-state="not-ready"]').wait_for()
            await page.keyboard.press("F2")
            await page.locator('.panel.seat[data-state="available"]').wait_for()
            found[extension] = page
        try:
            yield found
        finally:
            await browser.close()


async def answer(line: PhoneLine, rung: list[float], clock: float) -> None:
    """Pick up whatever rings, talk a moment, hang up, until cancelled."""
    while True:
        call = await line.incoming(60)
        [incoming] = [event for event in call.events if event.name == "incoming"]
        rung.append((incoming.at + clock) * 1000)
        await call.answer()
        await call.connected(5)
        await asyncio.sleep(TALK_S)
        await call.hangup()
        await call.ended(5)


async def measure(folder: Path) -> tuple[list[Announced], dict[str, list[float]], float]:
    """Every card, every ring, and how busy the machine was."""
    clock = datetime.now(UTC).timestamp() - monotonic()
    async with AsyncExitStack() as stack:
        ours = await stack.enter_async_context(
            Ours(folder, seats=SEATS, prompt=chirp(PROMPT_S, seed=9))
        )
        phones = await stack.enter_async_context(Softphone())
        lines = {
            seat.rpartition("-")[2]: await phones.register(seat, password, *ours.target)
            for seat, password in ours.passwords.items()
        }
        users = list(ours.accounts.items())
        clients = await _clients(ours, stack, users[PAGES:])
        shown = await stack.enter_async_context(pages(ours, dict(users[:PAGES])))
        rings: dict[str, list[float]] = {extension: [] for extension in lines}
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(answer(line, rings[extension], clock))
                for extension, line in lines.items()
            ]
            source = Endpoint(sip_port=free_port(), media_port=free_block(200))
            await call_in(_callers(ours, folder), ours.target, source, folder / "callers")
            await asyncio.sleep(1)
            for task in tasks:
                task.cancel()
        cards = _clients_cards(clients)
        for extension, page in shown.items():
            decided = await page.evaluate("window.decided")
            for offer, seen in await page.evaluate("window.painted"):
                cards.append(Announced(extension, True, decided[offer], seen))
    return cards, rings, os.getloadavg()[0]


async def _clients(
    ours: Ours, stack: AsyncExitStack, users: Sequence[tuple[str, str]]
) -> dict[str, DeskClient]:
    group = await stack.enter_async_context(asyncio.TaskGroup())
    found = {}
    for user, extension in users:
        desk = await stack.enter_async_context(DeskClient(ours.web, user, ours.password))
        group.create_task(desk.read())  # ends when the stack closes its socket
        await desk.sit(extension)
        found[extension] = desk
    return found


def _clients_cards(clients: Mapping[str, DeskClient]) -> list[Announced]:
    return [
        Announced(
            extension,
            False,
            datetime.fromisoformat(told.body["card"]["at"]).timestamp() * 1000,
            told.at.timestamp() * 1000,
        )
        for extension, desk in clients.items()
        for told in desk.heard
        if told.body.get("type") == "pop"
    ]


def _callers(ours: Ours, folder: Path) -> Traffic:
    return Traffic(
        number=ours.number,
        rate=RATE,
        count=CALLS,
        at_once=CALLS,
        stay_s=60,
        audio=write_alaw(folder / "caller.alaw", chirp(3.0, seed=1)),
        anis=invented_numbers(CALLS),
        times=1,
    )


def run(folder: Path) -> Result:
    """Measure; about a minute."""
    figures, holds = judge(*asyncio.run(measure(folder)))
    reach = {"before_ring": f">= {REACH_SHARE:g}", "page_p95_ms": f"< {REACH_MS:g}"}
    return Result(bench="deskring", figures=figures, reach=reach, holds=holds)

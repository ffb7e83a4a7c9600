"""How soon an agent's page can be used when nothing of it is in the browser yet, and its bytes.

Chromium, an empty cache each time, this machine: from the beginning of the navigation until the
seat's panel is painted, by the page's own clock. Peer: a page of that panel alone, served by bare
aiohttp; what it takes is the browser's.
"""

import asyncio
import os
import shutil
import statistics
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from playwright.async_api import Browser, async_playwright

from bench.ours import Ours
from bench.ports import free_port
from bench.result import Result
from bench.wavetools import chirp

ROUNDS: Final = 7
REACH_MS: Final = 1500.0
REACH_KB: Final = 600.0
PAINTED: Final = """
new MutationObserver((_, watch) => {
  if (!document.querySelector(".panel.seat")) return;
  watch.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => window.painted(performance.now())));
}).observe(document, {childList: true, subtree: true});
"""
"""Two frames after it came: then it is on the screen."""
BYTES: Final = """
[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
    .reduce((sum, one) => sum + one.transferSize, 0)
"""
BARE: Final = "<!doctype html><title>bare</title><body><div class='panel seat'>签入</div>"


def run(folder: Path) -> Result:
    """Measure both, round by round."""
    ours, bare, sent = asyncio.run(_measure(folder))
    figures: dict[str, Any] = {
        "ours_ms": round(statistics.median(ours), 1),
        "ours_most_ms": round(max(ours), 1),
        "bare_ms": round(statistics.median(bare), 1),
        "of_bare": round(statistics.median(ours) / max(0.1, statistics.median(bare)), 1),
        "kb": round(sent / 1000, 1),
        "rounds": ROUNDS,
        "load": round(os.getloadavg()[0], 2),
    }
    return Result(
        bench="load",
        figures=figures,
        reach={"ours_ms": f"< {REACH_MS:g}", "kb": f"< {REACH_KB:g}"},
        holds=figures["ours_ms"] < REACH_MS and figures["kb"] < REACH_KB,
    )


async def _measure(folder: Path) -> tuple[list[float], list[float], float]:
    async def bare(_: web.Request) -> web.StreamResponse:
        return web.Response(text=BARE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", bare)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    ours_ms, bare_ms, sent = [], [], 0.0
    try:
        house = Ours(folder, seats=2, prompt=chirp(0.2, seed=9))
        async with house as ours, async_playwright() as playwright:
            flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            program = shutil.which("chromium")
            browser = await playwright.chromium.launch(executable_path=program, args=flags)
            user = next(iter(ours.accounts))
            who = {"user": user, "password": ours.password}
            for _ in range(ROUNDS):
                ms, sent = await _opened(browser, ours.web, who)
                ours_ms.append(ms)
                ms, _sent = await _opened(browser, f"http://127.0.0.1:{port}", None)
                bare_ms.append(ms)
            await browser.close()
    finally:
        await runner.cleanup()
    return ours_ms, bare_ms, sent


async def _opened(browser: Browser, site: str, who: dict[str, str] | None) -> tuple[float, float]:
    """Milliseconds until the panel is painted, and the bytes that came."""
    context = await browser.new_context(viewport={"width": 1366, "height": 768})
    painted: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    await context.expose_function("painted", lambda ms: painted.set_result(ms))
    await context.add_init_script(PAINTED)
    if who is not None:
        await context.request.post(f"{site}/api/v1/session", data=who, headers={"Origin": site})
    page = await context.new_page()
    await page.goto(f"{site}/")
    async with asyncio.timeout(30):
        ms = float(await painted)
    await page.wait_for_load_state("networkidle")
    sent = float(await page.evaluate(BYTES))
    await context.close()
    return ms, sent

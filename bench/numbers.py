"""What ten thousand lines cost: to check and plan, to apply, and in the caller's time.

- ``check_plan_s``: reading the working copy from disk, every check, and the comparison with the
  revision in force, as ``hotline numbers check`` and ``plan`` do it.
- ``apply_s``: one line changed, no prompt to be made, a running Asterisk told and read back.
- ``route``: from the call's first event to its being answered, which in both is the moment its
  line is known, by Asterisk's own channel event log; at 50 lines and at 10,000, in turn, A B A B.
  Peer: the same numbers as rows of AstDB, one pattern and one ``DB()``.
"""

import asyncio
import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from bench.astdb import AstDbAsterisk
from bench.manylines import (
    another_destination,
    asterisk_running,
    number,
    settings_for,
    write_city,
    write_sounds,
)
from bench.ours import private_root
from bench.ports import free_block, free_port
from bench.result import Result
from bench.sippload import Endpoint, Traffic, call_in, invented_numbers
from bench.wavetools import chirp, write_alaw
from config.settings import Settings
from cti.cli.main import collect_seldom
from cti.ledger import CityLedger
from cti.prompting import today, wanted

FEW, MANY = 50, 10_000
TIMES = 3
"""Each of check, plan and apply is done so often; the best counts, the others are shown."""
ROUNDS = 8
CALLS = 24
RATE = 12.0
STAY_S = 0.3
SETTLE_S = 0.5
CHECK_PLAN_REACH_S = 2.0
APPLY_REACH_S = 5.0
RATIO_REACH = 1.2


@dataclass(slots=True, eq=False)
class Site:
    """One switch with so many lines, and how long each of its calls took to be routed."""

    name: str
    lines: int
    target: tuple[str, int]
    cel_file: Path
    read_to: int = 0
    """How far its log was read."""
    routed_ms: list[float] = field(default_factory=list)
    answer_ms: list[float] = field(default_factory=list)
    """Of each round, the callers' mean time from INVITE to 200."""


def quiet(_what: str, _done: int, _total: int) -> None:
    """Nobody watches."""


class City:
    """A generated city with its home, its ledger and every sound it can play."""

    def __init__(self, folder: Path, lines: int) -> None:
        home = Path(tempfile.mkdtemp(prefix=f"lines{lines}-", dir=folder))
        self.directory = write_city(home / "profile", lines, today())
        self.settings: Settings = settings_for(home, self.directory)
        self.ledger = CityLedger(self.settings)
        self.make_sounds()
        self.apply("first")

    def make_sounds(self) -> None:
        """Have every sound there, so that none is to be made."""
        prompts = wanted(self.ledger.working(), today())
        write_sounds(self.settings, (prompt.name for prompt in prompts))

    def apply(self, why: str) -> None:
        """Put the working copy in force."""
        self.ledger.apply(who="bench", why=why, tell=quiet)


def check_and_plan(city: City) -> float:
    """Seconds of both, nothing remembered from before."""
    another_destination(city.directory, 0, 7_000_000)
    began = perf_counter()
    ledger = CityLedger(city.settings)
    checked, planned = ledger.check(), ledger.plan()
    took = perf_counter() - began
    if not checked.is_right or not planned.changes or planned.faults:
        raise ValueError(f"the generated table is wrong: {checked.faults} {planned.faults}")
    return took


def apply_one(city: City, turn: int) -> float:
    """Seconds of an apply of one changed line."""
    another_destination(city.directory, 0, 7_000_001 + turn)
    began = perf_counter()
    city.apply(f"turn {turn}")
    return perf_counter() - began


def routed(lines: Iterable[str]) -> list[float]:
    """Milliseconds from CHAN_START to ANSWER, for each call in these lines of the log."""
    began: dict[str, float] = {}
    took: list[float] = []
    for line in lines:
        event = json.loads(line)
        at = float(event["eventtime"])
        if event["eventtype"] == "CHAN_START":
            began[event["uniqueid"]] = at
        elif event["eventtype"] == "ANSWER":
            took.append((at - began[event["uniqueid"]]) * 1000)
    return took


def new_lines(site: Site) -> list[str]:
    """What its log has gained since it was last read."""
    with site.cel_file.open(encoding="utf-8") as file:
        file.seek(site.read_to)
        text = file.read()
        site.read_to = file.tell()
    return text.splitlines()


async def call_round(site: Site, turn: int, folder: Path, audio: Path) -> None:
    """Place some calls to one of the lines, and note how long each took."""
    line = number((turn * 37) % site.lines)
    load = Traffic(
        number=line,
        rate=RATE,
        count=CALLS,
        at_once=CALLS,
        stay_s=STAY_S,
        audio=audio,
        anis=invented_numbers(CALLS),
        times=1,
    )
    source = Endpoint(sip_port=free_port(), media_port=free_block(200))
    async with asyncio.timeout(60):
        tally = await call_in(load, site.target, source, folder / "callers")
    await asyncio.sleep(SETTLE_S)
    found = await asyncio.to_thread(lambda: routed(new_lines(site)))
    if len(found) < CALLS or tally.failed:
        raise RuntimeError(f"{site.name} at {site.lines} lines: {len(found)} of {CALLS} answered")
    site.routed_ms += found
    site.answer_ms.append(tally.answer_s * 1000)


async def route(cities: Sequence[City], folder: Path) -> list[Site]:
    """Call ours and the peer, few lines and many, in turn."""
    audio = write_alaw(folder / "caller.alaw", chirp(0.2))
    async with AsyncExitStack() as stack:
        sites = [
            Site(
                "ours", lines, (city.settings.host, city.settings.sip_port), city.settings.cel_file
            )
            for city, lines in zip(cities, (FEW, MANY), strict=True)
        ]
        for lines in (FEW, MANY):
            peer = await stack.enter_async_context(astdb(folder, lines))
            sites.append(Site("astdb", lines, peer.target, peer.cel_file))
        for site in sites:  # what is done once, on the first call, is nobody's time
            await call_round(site, 0, folder, audio)
            site.routed_ms.clear()
            site.answer_ms.clear()
        for turn in range(ROUNDS):
            for site in sites:
                await call_round(site, turn, folder, audio)
    return sites


def astdb(folder: Path, lines: int) -> AstDbAsterisk:
    """The peer with so many rows."""
    rtp = free_block(1000)
    peer = AstDbAsterisk(
        Path(tempfile.mkdtemp(prefix=f"astdb{lines}-", dir=folder)),
        sip_port=free_port(),
        ami_port=free_port(),
        rtp=(rtp, rtp + 999),
        seats=(),
        root=private_root(),
    )
    peer.fill(number(index) for index in range(lines))
    return peer


def figures_of(
    checks: Sequence[float], applies: Sequence[float], sites: Sequence[Site]
) -> dict[str, Any]:
    """What was measured, ours and the peer's side by side."""
    took = {(site.name, site.lines): median(site.routed_ms) for site in sites}
    answered = {(site.name, site.lines): median(site.answer_ms) for site in sites}
    return {
        "lines": MANY,
        "check_plan_s": [round(took, 2) for took in checks],
        "apply_s": [round(took, 2) for took in applies],
        "calls_each": len(sites[0].routed_ms),
        **{
            name: {
                f"route_ms_at_{FEW}": round(took[name, FEW], 3),
                f"route_ms_at_{MANY}": round(took[name, MANY], 3),
                "ratio": round(took[name, MANY] / took[name, FEW], 3),
                f"invite_to_200_ms_at_{FEW}": round(answered[name, FEW], 1),
                f"invite_to_200_ms_at_{MANY}": round(answered[name, MANY], 1),
            }
            for name in ("ours", "astdb")
        },
    }


def run(folder: Path) -> Result:
    """Generate, check, plan, apply and call, as the program does."""
    collect_seldom()
    few, many = City(folder, FEW), City(folder, MANY)
    checks = [check_and_plan(many) for _ in range(TIMES)]
    with ExitStack() as stack:
        for city in (few, many):
            stack.enter_context(asterisk_running(city.settings))
        applies = [apply_one(many, turn) for turn in range(TIMES)]
        sites = asyncio.run(route((few, many), folder))
    figures = figures_of(checks, applies, sites)
    for city in (few, many):
        shutil.rmtree(city.settings.home, ignore_errors=True)
    holds = (
        min(checks) <= CHECK_PLAN_REACH_S
        and min(applies) <= APPLY_REACH_S
        and figures["ours"]["ratio"] <= RATIO_REACH
    )
    reach = {
        "check_plan_s": f"<= {CHECK_PLAN_REACH_S:g}",
        "apply_s": f"<= {APPLY_REACH_S:g}",
        "ours.ratio": f"<= {RATIO_REACH:g}",
    }
    return Result(bench="numbers", figures=figures, reach=reach, holds=holds)

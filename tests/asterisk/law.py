"""The rendered dialplan, executed by a real Asterisk for thousands of calls, without telephones.

Everything is as rendered but ``[arrive]``, where a caller is answered: in its place the plan is
told and the next call begins, all on one channel. A call costs a fraction of a millisecond.
"""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from config.dialplan import render_numbers
from config.numberplan import NumberPlan, Plan
from config.platform import Platform
from config.render import NUMBERS, etc
from ivr.text import prompt_name
from tests.asterisk.tap import AmiTap
from tests.asterisk.world import AsteriskWorld, eventually

WITHIN_S = 60.0


@dataclass(frozen=True, slots=True)
class Dialled:
    """A call: the number as it arrives, the caller's as it arrives, the trunk's centre, when."""

    number: str
    ani: str
    trunk: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Executed:
    """What Asterisk made of it, and the second at which it did."""

    plan: tuple[str, ...]
    at: datetime


async def execute(
    world: AsteriskWorld, tap: AmiTap, platform: Platform, calls: Sequence[Dialled]
) -> list[Executed]:
    """Render the platform into the world and put every call through it."""
    _write(world, platform, calls)
    world.rx("dialplan reload")
    return await _run(world, tap, len(calls))


async def execute_under_reloads(
    world: AsteriskWorld,
    tap: AmiTap,
    platforms: Sequence[Platform],
    calls: Sequence[Dialled],
    *,
    rounds: int,
) -> tuple[list[Executed], int]:
    """Put the calls through, again and again, while the platforms take turns as fast as they can.

    What was made of each, in order, and how many reloads there were.
    """
    for platform in reversed(platforms):
        _write(world, platform, calls)
    world.rx("dialplan reload")
    texts = [render_numbers(platform) for platform in platforms]
    turns = 0

    async def turn() -> None:
        nonlocal turns
        while True:
            turns += 1
            (etc(world.settings) / NUMBERS).write_text(texts[turns % len(texts)], encoding="utf-8")
            await asyncio.to_thread(world.rx, "dialplan reload")

    async with asyncio.TaskGroup() as group:
        turning = group.create_task(turn())
        done = [each for _ in range(rounds) for each in await _run(world, tap, len(calls))]
        turning.cancel()
    return done, turns


def _write(world: AsteriskWorld, platform: Platform, calls: Sequence[Dialled]) -> None:
    directory = etc(world.settings)
    (directory / NUMBERS).write_text(render_numbers(platform), encoding="utf-8")
    fixed = (directory / "extensions.conf").read_text(encoding="utf-8")
    if "law.conf" not in fixed:
        fixed = re.sub(r"^\[arrive\]\n.*?(?=^\[)", _telling, fixed, count=1, flags=re.M | re.S)
    (directory / "extensions.conf").write_text(fixed, encoding="utf-8")
    now = time.time()  # noqa: TID251 - Asterisk's own clock
    (directory / "law.conf").write_text(
        "[law]\n" + "\n".join(_step(n, call, now) for n, call in enumerate(calls)) + _END,
        encoding="utf-8",
    )


async def _run(world: AsteriskWorld, tap: AmiTap, calls: int) -> list[Executed]:
    tap.forget()
    world.rx("module load res_clioriginate.so")
    world.rx("channel originate Local/0@law application Wait 600")
    await eventually("the last call", lambda: bool(tap.said("LawEnd")), WITHIN_S)
    told = tap.said("Law")
    tap.forget()
    assert [event["Case"] for event in told] == [str(n) for n in range(calls)]
    return [
        Executed(
            tuple(event["Plan"].split("/")),
            datetime.fromtimestamp(int(event["Now"]) - 8 * 3600, UTC),
        )
        for event in told
    ]


def _telling(found: re.Match[str]) -> str:
    """In place of [arrive]: PLAN split up as it does, and told."""
    split = re.search(r"Set\(ARRAY\(([A-Z,]+)\)=\$\{PLAN\}\)", found[0])
    again = re.search(r"GotoIf\(.*\?revision,s,1\)", found[0])
    assert split is not None
    assert again is not None
    facts = "/".join(f"${{{name}}}" for name in split[1].split(","))
    return (
        f"[arrive]\nexten => s,1,{split[0]}\n same => n,{again[0]}\n"
        f" same => n,UserEvent(Law,Case: ${{CASE}},Plan: {facts},Now: ${{NOW}})\n"
        ' same => n,Goto(law,$[${CASE}+1],1)\n\n#include "law.conf"\n\n'
    )


def _step(count: int, call: Dialled, now: float) -> str:
    offset = int(call.at.timestamp() - now)
    facts = f"CASE={count},ANI={call.ani},HOME={call.trunk},CLOCK_OFFSET={offset}"
    return f"exten => {count},1,MSet({facts})\n same => n,Goto(from-trunk,{call.number or 's'},1)"


_END = "\nexten => _X!,1,UserEvent(LawEnd)\n same => n,Hangup()\n"


def expected(plan: NumberPlan, call: Dialled, at: datetime) -> tuple[str, ...]:
    """What ``explain`` says of that call at that second, in the dialplan's words."""
    told = plan.explain(call.number, ani=call.ani, at=at, trunk=call.trunk)
    return written(plan.platform, told)


def written(platform: Platform, plan: Plan) -> tuple[str, ...]:
    """A plan as the dialplan carries it."""
    prompt = plan.prompt
    if prompt:
        speaker = next(p for p in platform if p.centre == prompt.partition("-")[0])
        prompt = prompt_name(speaker, prompt)
    there = ("", "", "", "", "")
    for step in plan.steps:
        if step.do == "dial":
            peer = platform.centre(plan.centre).peer(step.peer)
            assert peer is not None
            there = (step.peer, step.number, str(step.ring_s), peer.address, str(peer.port))
    facts = (plan.centre, plan.line.number, plan.state.value, prompt, plan.route)
    return (str(plan.revision), *facts, *there)


async def disagreements(
    world: AsteriskWorld, tap: AmiTap, platform: Platform, calls: Sequence[Dialled]
) -> list[str]:
    """The calls that Asterisk and ``explain`` treat differently. None."""
    plan = NumberPlan(platform)
    done = await execute(world, tap, platform, calls)
    return [
        f"{call}: Asterisk {found.plan}, explain {wanted}"
        for call, found in zip(calls, done, strict=True)
        if found.plan != (wanted := expected(plan, call, found.at))
    ]

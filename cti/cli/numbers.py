"""``hotline numbers``: the city's ledger, what it means, and how it is changed."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from config.files import load_platform
from config.numberplan import CHINA, Step, explain
from config.platform import Platform
from cti.cli.faults import profile_or_refuse
from cti.cli.options import (
    TIME_FORMATS,
    JsonOption,
    ProfileOption,
    answer,
    out,
    say_refused,
    settings_for,
)
from cti.ids import CentreId, mask
from ivr.text import prompt

numbers = typer.Typer(help="归并号码表")


@numbers.command("list")
def list_numbers(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """列出所有号码."""
    city = profile_or_refuse(settings_for(profile), as_json=json)

    def show() -> None:
        table = Table("号码", "名称", "部门", "归并方式")
        for line in city.lines:
            table.add_row(line.number, line.name, line.department, line.mode.chinese)
        out.print(table)

    answer([line.model_dump(mode="json") for line in city.lines], as_json=json, show=show)


@numbers.command("check")
def check(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """检查号码表, 一次列出全部错误."""
    city = profile_or_refuse(settings_for(profile), as_json=json)
    counts: dict[str, int] = {}
    for line in city.lines:
        counts[line.mode.chinese] = counts.get(line.mode.chinese, 0) + 1
    rows = sum(len(line.entries) for line in city.lines)
    value = {"numbers": len(city.lines), "rows": rows, "modes": counts}
    told = "、".join(f"{mode} {count}" for mode, count in counts.items())
    answer(
        value,
        as_json=json,
        show=lambda: out.print(f"没有错误: {rows} 行, {len(city.lines)} 个号码 ({told})"),
    )


@numbers.command("explain")
def explain_number(
    number: Annotated[str, typer.Argument(help="来电人拨打的号码")],
    ani: Annotated[str | None, typer.Option("--from", help="来电号码")] = None,
    at: Annotated[
        datetime | None, typer.Option(help="来电时间, 如 2026-10-01T03:00", formats=TIME_FORMATS)
    ] = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """说明拨打一个号码会听到什么、转到哪里、为什么."""
    settings = settings_for(profile)
    profile_or_refuse(settings, as_json=json)
    if not re.fullmatch(r"[+]?[0-9-]{3,24}", number, re.ASCII):
        say_refused(f"「{number}」不是电话号码, 只写数字, 如 8337772")
        raise typer.Exit(code=2)
    platform = load_platform(settings)
    moment = (at if at.tzinfo else at.replace(tzinfo=CHINA)) if at else datetime.now(UTC)
    plan = explain(platform, number, ani=ani or "", at=moment)
    texts = {step.prompt: _prompt_text(platform, step.prompt) for step in plan.steps if step.prompt}
    steps = [_step(step, texts) for step in plan.steps]
    line = {
        "number": plan.line.number,
        "name": plan.line.name,
        "department": plan.line.department,
        "mode": plan.line.mode.value,
        "state": plan.state.value if plan.is_known else "unknown",
    }
    value = {"dialled": number, "line": line, "steps": steps, "why": list(plan.why)}
    if ani is not None:
        value["from"] = mask(ani)
    if at is not None:
        value["at"] = at.isoformat()

    def show() -> None:
        whole = f"{line['department']} {line['name']}".strip()
        out.print(f"{number} → {line['number']} {whole} ({plan.line.mode.chinese})", soft_wrap=True)
        for count, (step, why) in enumerate(zip(plan.steps, plan.why, strict=True), 1):
            did = _told(step, texts)
            out.print(f"{count}. {did}\n   因为: {why}", soft_wrap=True, highlight=False)

    answer(value, as_json=json, show=show)


def _step(step: Step, texts: Mapping[str, str]) -> dict[str, str | int]:
    match step.do:
        case "say":
            return {"do": "say", "prompt": step.prompt, "text": texts[step.prompt]}
        case "dial":
            there: dict[str, str | int] = {"peer": step.peer, "number": step.number}
            return {"do": "dial", "line": step.line, **there, "ring_s": step.ring_s}
        case "queue":
            return {"do": "queue", "line": step.line}
        case "hangup":
            return {"do": "hangup"}


def _told(step: Step, texts: Mapping[str, str]) -> str:
    match step.do:
        case "say":
            return f"播报「{texts[step.prompt]}」"
        case "dial":
            return f"转接 {step.number} (对端 {step.peer}), 振铃 {step.ring_s} 秒"
        case "queue":
            return f"按 {step.line} 排队等候座席"
        case "hangup":
            return "挂机"


def _prompt_text(platform: Platform, prompt_id: str) -> str:
    centres = {profile.centre: profile for profile in platform}
    owner = CentreId(prompt_id.partition("-")[0])
    return prompt(centres.get(owner, platform.home), prompt_id).text

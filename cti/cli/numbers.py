"""``hotline numbers``: the city's ledger, what it says, and how a sheet comes into it.

``cti.cli.revisions`` has what puts it in force and takes it back.
"""

import re
import unicodedata
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Column, Table

from config.ledger import Mode
from config.ledgertable import COLUMNS
from config.ledgerview import (
    CheckShown,
    ImportShown,
    LedgerLine,
    PlanShown,
    Question,
    Sheet,
    StepShown,
)
from config.workdays import CHINA
from cti.cli.faults import show_shown
from cti.cli.options import (
    TIME_FORMATS,
    JsonOption,
    ProfileOption,
    Refused,
    answer,
    os_user,
    out,
    say_refused,
    settings_for,
)
from cti.cli.refusals import refusing
from cti.ids import CentreId
from cti.ledger import IN_FORCE, CityLedger

numbers = typer.Typer(help="归并号码表")

STATES = {
    "planned": "未开始",
    "transition": "过渡期",
    "cancelled": "已取消",
    "kept": "已保留",
    "unknown": "不在清单",
}
MODES = {mode.value: mode.chinese for mode in Mode}
ROWS_SHOWN = 40

CentreOption = Annotated[
    str | None, typer.Option("--centre", help="平台上的哪个中心; 不写为主中心")
]


def ledger_of(profile: str | None) -> CityLedger:
    """The ledger of that profile."""
    return CityLedger(settings_for(profile))


@numbers.command("list")
def list_numbers(
    centre: CentreOption = None, profile: ProfileOption = None, json: JsonOption = False
) -> None:
    """列出所有号码: 归并方式、今天的状态、座席和去处."""
    with refusing(as_json=json):
        found = ledger_of(profile).lines(CentreId(centre) if centre else None)
    has_several = len({whose for whose, _ in found}) > 1

    def show() -> None:
        columns = ["号码", "名称", "部门", "归并方式", "状态", "座席"]
        named = [*(["中心"] if has_several else []), *columns]
        table = Table(*(Column(name, overflow="fold") for name in named))
        for whose, line in found:
            table.add_row(*([whose] if has_several else []), *_cells(line))
        out.print(table)

    value = [{"centre": whose, **line.model_dump(mode="json")} for whose, line in found]
    answer(value, as_json=json, show=show)


def _cells(line: LedgerLine) -> list[str]:
    kept = f"保留 {line.hours} → {line.peer} {line.destination}"
    return [
        line.number,
        line.name,
        line.department,
        MODES[line.mode],
        f"{STATES[line.state]} {_turning_day(line)}".strip(),
        kept if line.seating == "kept" else "并入",
    ]


def _turning_day(line: LedgerLine) -> str:
    """The day that the state of today began or will end."""
    match line.state:
        case "planned" if line.begins:
            return f"{line.begins} 起"
        case "transition" if line.ends:
            return f"至 {line.ends}"
        case "cancelled" if line.ends:
            return f"{line.ends} 止"
    return ""


@numbers.command("check")
def check(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """检查号码表, 一次列出全部错误."""
    with refusing(as_json=json):
        found = ledger_of(profile).check()
    answer(found.model_dump(mode="json"), as_json=json, show=lambda: _show_check(found))
    if not found.is_right:
        raise Refused


def _show_check(found: CheckShown) -> None:
    if found.faults:
        show_shown(found.faults, f"配置有 {len(found.faults)} 处错误, 未生效")
        return
    told = "、".join(f"{mode} {count}" for mode, count in found.modes.items())
    several = f", {len(found.centres)} 个中心" if len(found.centres) > 1 else ""
    out.print(f"没有错误: {found.rows} 行, {found.numbers} 个号码{several} ({told})")


@numbers.command("explain")
def explain_number(
    number: Annotated[str, typer.Argument(help="来电人拨打的号码")],
    ani: Annotated[str, typer.Option("--from", help="来电号码")] = "",
    at: Annotated[
        datetime | None,
        typer.Option(help="来电时间, 如 2026-10-01T03:00; 不写为现在", formats=TIME_FORMATS),
    ] = None,
    via: Annotated[str | None, typer.Option(help="从哪个中心的中继进来; 不写为主中心")] = None,
    revision: Annotated[
        int | None, typer.Option(min=1, help="按以前的某个版本; 不写为工作副本")
    ] = None,
    in_force: Annotated[bool, typer.Option("--in-force", help="按正在使用的版本")] = False,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """说明拨打一个号码会听到什么、转到哪里、为什么."""
    number, ani = (_typed(written) for written in (number, ani))
    for written in (number, ani):
        if written and not re.fullmatch(r"[+]?[0-9]{3,24}", written, re.ASCII):
            say_refused(f"「{written}」不是电话号码, 只写数字, 如 8337772")
            raise typer.Exit(code=2)
    if in_force and revision is not None:
        raise typer.BadParameter("不能与 --revision 同用", param_hint="--in-force")
    asked = Question(
        dialled=number,
        ani=ani,
        at=at if at is None or at.tzinfo else at.replace(tzinfo=CHINA),
        via=CentreId(via) if via else None,
        revision=IN_FORCE if in_force else revision,
    )
    with refusing(as_json=json):
        found = ledger_of(profile).explain(asked)
    answer(found.model_dump(mode="json", by_alias=True), as_json=json, show=lambda: _show(found))


def _typed(written: str) -> str:
    """A number without what people write between its digits (full-width ones, too)."""
    return re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", written))


def _show(found: PlanShown) -> None:
    line = found.line
    which = f"版本 {found.revision}" if found.revision else "工作副本"
    caller = f", 来电 {found.ani}" if found.ani else ""
    out.print(
        f"{found.dialled} → {line.number} {line.department} {line.name}".strip()
        + f" ({MODES[line.mode]}, {STATES[line.state]})",
        soft_wrap=True,
        highlight=False,
    )
    out.print(
        f"中心 {found.centre}, {found.at.astimezone(CHINA):%Y-%m-%d %H:%M}{caller}, 按{which}",
        soft_wrap=True,
        highlight=False,
        style="dim",
    )
    for count, (step, why) in enumerate(zip(found.steps, found.why, strict=True), 1):
        out.print(f"{count}. {_did(step)}\n   因为: {why}", soft_wrap=True, highlight=False)


def _did(step: StepShown) -> str:
    match step.do:
        case "say":
            return f"播报「{step.text}」"
        case "queue":
            return f"按 {step.line} 排队等候座席"
        case "dial":
            return f"转接 {step.peer} {step.number}, 振铃 {step.ring_s} 秒"
        case "hangup":
            return "挂机"


@numbers.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV 或 XLSX 文件")
    ],
    replace_part: Annotated[
        bool, typer.Option("--replace-part", help="只替换表中有的号码, 其余保持不变")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看不写")] = False,
    centre: CentreOption = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """读入 CSV 或 XLSX: 说明认出了什么、错在哪里、会改变什么; 没有错误才写入工作副本."""
    ledger = ledger_of(profile)
    with refusing(as_json=json):
        whose = CentreId(centre) if centre else ledger.home()
        found = ledger.import_sheet(
            whose,
            Sheet(name=file.name, data=file.read_bytes()),
            tag=None if dry_run else ledger.tag(whose),
            who=os_user(),
            is_part=replace_part,
        )
    answer(found.model_dump(mode="json"), as_json=json, show=lambda: _show_import(found))
    if found.faults:
        raise Refused


def show_lines(lines: list[str]) -> None:
    """Print sentences, one a line."""
    for line in lines:
        out.print(f"· {line}", soft_wrap=True, highlight=False, markup=False)


def _show_import(found: ImportShown) -> None:
    show_lines(found.notes)
    if found.faults:
        show_shown(found.faults, f"有 {len(found.faults)} 处看不懂或不允许, 什么都没有写入")
        return
    out.print(f"导入后的号码表共 {len(found.rows)} 行:")
    table = Table(*(Column(name, overflow="fold") for name in COLUMNS))
    for row in found.rows[:ROWS_SHOWN]:
        table.add_row(*(row.get(column, "") for column in COLUMNS))
    out.print(table)
    if len(found.rows) > ROWS_SHOWN:
        out.print(f"… 另有 {len(found.rows) - ROWS_SHOWN} 行")
    if found.changes:
        out.print("与原来的号码表相比:")
        show_lines(found.changes)
    else:
        out.print("与原来的号码表没有区别")
    told = "已写入工作副本, 用 hotline numbers apply 应用" if found.is_written else "没有写入"
    out.print(told)
    if found.refused:
        show_shown(
            found.refused, f"按归并清单的规定, 有 {len(found.refused)} 处不能这样改, 应用会被拒绝"
        )

"""``hotline numbers plan | apply | history | rollback``: the ledger put in force and taken back."""

from typing import Annotated

import typer
from rich.table import Table

from config.ledgerview import ChangesShown, RevisionShown
from config.workdays import CHINA
from cti.cli.faults import show_shown
from cti.cli.numbers import ledger_of, show_lines
from cti.cli.options import (
    JsonOption,
    ProfileOption,
    Refused,
    answer,
    err,
    os_user,
    out,
)
from cti.cli.progress import Watcher
from cti.cli.refusals import refusing

KINDS = {"start": "启动", "apply": "应用", "rollback": "回退"}
RESULTS = {"pending": "进行中", "applied": "已应用", "refused": "未生效"}

Why = Annotated[str, typer.Option("--why", help="为什么改, 记入历史和审计")]
Who = Annotated[
    str | None, typer.Option("--who", help="是谁要求的; 不写为运行命令的系统用户, 总是一并记下")
]


def plan(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """比较工作副本与正在使用的版本: 哪些来电人从哪天起会察觉什么."""
    with refusing(as_json=json):
        found = ledger_of(profile).plan()
    answer(found.model_dump(mode="json"), as_json=json, show=lambda: show_plan(found))
    if found.faults:
        raise Refused


def show_plan(found: ChangesShown) -> None:
    """Print what would change, and why it would be refused."""
    if found.before is None:
        out.print("还没有应用过任何版本; 应用后全部号码开始生效")
    elif not found.lines:
        out.print(f"与正在使用的版本 {found.before} 没有区别")
    else:
        out.print(f"与正在使用的版本 {found.before} 相比:")
        show_lines(found.lines)
    for exception in found.exceptions:
        out.print(f"例外: {exception}", soft_wrap=True, highlight=False, markup=False)
    if found.faults:
        show_shown(
            found.faults, f"按归并清单的规定, 有 {len(found.faults)} 处不能这样改, 应用会被拒绝"
        )


def apply(
    why: Why = "", who: Who = None, profile: ProfileOption = None, json: JsonOption = False
) -> None:
    """应用工作副本: 先合成提示音, 再整体切换, 不断开任何来电; 不成则恢复原来的."""
    ledger = ledger_of(profile)
    with refusing(as_json=json), Watcher(err) as watcher:
        made = ledger.apply(who=_by(who), why=why, tell=watcher.tell)
    answer(made.model_dump(mode="json"), as_json=json, show=lambda: show_made(made))


def rollback(
    revision: Annotated[int, typer.Argument(min=1, help="版本号, 见 history")],
    why: Why = "",
    who: Who = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """回退: 以前版本的内容成为新的版本, 也写回工作副本."""
    ledger = ledger_of(profile)
    with refusing(as_json=json), Watcher(err) as watcher:
        made = ledger.rollback(revision, who=_by(who), why=why, tell=watcher.tell)
    answer(made.model_dump(mode="json"), as_json=json, show=lambda: show_made(made))


def _by(who: str | None) -> str:
    """Who asked for it, never without the account that ran the command."""
    account = os_user()
    return f"{who} ({account})" if who and who != account else account


def show_made(made: RevisionShown) -> None:
    """Print which revision is in force now, and from when it counts."""
    told = f"新增 {made.added}, 修改 {made.changed}, 去掉 {made.removed} 个号码"
    out.print(f"版本 {made.number} 正在使用 ({told if made.is_new else '内容没有改变'})")
    if not made.is_live:
        out.print("Asterisk 没有运行, 下次启动时生效")
    if made.waits:
        out.print(f"这些文件等 Asterisk 下次启动才生效: {'、'.join(made.waits)}")
    if made.aside:
        out.print(f"工作副本里还没有应用的修改另存为: {'、'.join(made.aside)}", soft_wrap=True)
    for exception in made.exceptions if made.is_new else ():
        out.print(f"例外: {exception}", soft_wrap=True)


def history(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """列出历次应用和回退: 何时、何人、为何."""
    with refusing(as_json=json):
        found = ledger_of(profile).history()

    def show() -> None:
        table = Table("版本", "时间", "何人", "方式", "结果", "为何")
        for one in found:
            kind = KINDS[one.kind] + (f"到 {one.of}" if one.kind == "rollback" else "")
            result = "正在使用" if one.is_in_force else RESULTS[one.state]
            when = f"{one.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
            table.add_row(str(one.number), when, one.who, kind, result, one.problem or one.why)
        out.print(table)

    answer([one.model_dump(mode="json") for one in found], as_json=json, show=show)

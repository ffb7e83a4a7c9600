"""``hotline numbers | prompts``: the city's lines and what callers hear."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from config.faults import ProfileFaults
from config.files import load_profile
from config.profile import Profile
from config.settings import Settings
from cti.cli.faults import show_faults
from cti.cli.options import JsonOption, ProfileOption, Refused, answer, out, settings_for

numbers = typer.Typer(help="归并号码表")
prompts = typer.Typer(help="提示音")


def profile_or_refuse(settings: Settings) -> Profile:
    """Read the profile; its faults are printed and end the command with status 1."""
    try:
        return load_profile(settings)
    except ProfileFaults as faults:
        show_faults(faults)
        raise Refused from None


@numbers.command("list")
def list_numbers(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """列出所有号码."""
    city = profile_or_refuse(settings_for(profile))

    def show() -> None:
        table = Table("号码", "名称", "部门", "归并方式")
        for line in city.lines:
            table.add_row(line.number, line.name, line.department, line.mode.chinese)
        out.print(table)

    answer([line.model_dump(mode="json") for line in city.lines], as_json=json, show=show)


@numbers.command("check")
def check(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """检查号码表, 一次列出全部错误."""
    city = profile_or_refuse(settings_for(profile))
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


@prompts.command("list")
def list_prompts(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """列出全部提示音文本."""
    from cti.prompting import wanted

    found = wanted(profile_or_refuse(settings_for(profile)))

    def show() -> None:
        table = Table("编号", "文本")
        for prompt in found:
            table.add_row(prompt.id, prompt.text)
        out.print(table)

    answer([{"id": p.id, "text": p.text} for p in found], as_json=json, show=show)


@prompts.command("build")
def build_prompts(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """合成缺少的提示音."""
    from cti.cli.options import err
    from cti.prompting import build_with_progress, wanted

    settings = settings_for(profile)
    city = profile_or_refuse(settings)
    made = build_with_progress(settings, city, wanted(city), err)
    value = {"sentences_made": made.sentences_made, "recorded": list(made.recorded)}
    answer(value, as_json=json, show=lambda: out.print(f"新合成 {made.sentences_made} 句"))


@prompts.command("say")
def say_text(
    text: Annotated[str, typer.Argument(help="要说的话")],
    to: Annotated[Path, typer.Option("--to", help="写入的 WAV 文件")] = Path("say.wav"),
    voice: Annotated[str | None, typer.Option(help="音色")] = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """把一句话合成为声音文件."""
    from ivr.prompts import say

    settings = settings_for(profile)
    city = profile_or_refuse(settings)
    seconds = say(settings, text, voice or city.voice, to)
    answer(
        {"file": str(to), "seconds": seconds},
        as_json=json,
        show=lambda: out.print(f"{to} ({seconds:.1f} 秒)"),
    )

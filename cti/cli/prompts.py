"""``hotline prompts``: what callers hear."""

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from config.platform import Platform
from cti.cli.faults import profile_or_refuse
from cti.cli.options import JsonOption, ProfileOption, answer, err, out, settings_for
from cti.prompting import build_with_progress, today, wanted

prompts = typer.Typer(help="提示音")


@prompts.command("list")
def list_prompts(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """列出全部提示音文本."""
    city = profile_or_refuse(settings_for(profile), as_json=json)
    found = wanted(Platform(centres=(city,)), today())

    def show() -> None:
        table = Table("编号", "文本")
        for prompt in found:
            table.add_row(prompt.id, prompt.text)
        out.print(table)

    answer([{"id": p.id, "text": p.text} for p in found], as_json=json, show=show)


@prompts.command("build")
def build_prompts(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """合成缺少的提示音."""
    settings = settings_for(profile)
    city = profile_or_refuse(settings, as_json=json)
    platform = Platform(centres=(city,))
    made = build_with_progress(settings, platform, wanted(platform, today()), err)
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
    city = profile_or_refuse(settings, as_json=json)
    seconds = say(settings, text, voice or city.voice, to)
    answer(
        {"file": str(to), "seconds": seconds},
        as_json=json,
        show=lambda: out.print(f"{to} ({seconds:.1f} 秒)"),
    )

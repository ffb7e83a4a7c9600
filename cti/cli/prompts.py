"""``hotline prompts``: what callers hear."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Column, Table

from config.ledgerview import Sheet
from config.platform import Platform
from config.settings import Settings
from cti.cli.options import (
    JsonOption,
    ProfileOption,
    Refused,
    answer,
    err,
    os_user,
    out,
    say_refused,
    settings_for,
)
from cti.cli.record import print_plain
from cti.cli.refusals import refusing
from cti.ids import CentreId
from cti.ledger import CityLedger
from cti.prompting import build_with_progress, today, wanted
from cti.promptshelf import PromptUnknown
from ivr.prompts import seconds_of
from ivr.sound import RecordingUnusable
from ivr.text import PromptText, has_prompt
from ivr.text import prompt as prompt_of

prompts = typer.Typer(help="提示音")

PromptArgument = Annotated[str, typer.Argument(help="提示音编号, 如 chifeng-8337772-transition")]

LISTED = ("编号", "文字", "秒", "声音", "文件")
PLAYERS = (("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"), ("aplay", "-q"), ("paplay",))


@prompts.command("list")
def list_prompts(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """列出全部提示音: 编号, 文字, 时长, 音色或录音, 文件."""
    settings = settings_for(profile)
    platform = _platform(settings, as_json=json)
    found = [_shown(settings, prompt) for prompt in wanted(platform, today())]

    def show() -> None:
        rows = [_cells(one) for one in found]
        if not out.is_terminal:
            print_plain(["  ".join(row) for row in rows])
            return
        table = Table(*(Column(name, overflow="fold") for name in LISTED))
        for row in rows:
            table.add_row(*row)
        out.print(table)

    answer(found, as_json=json, show=show)


def _cells(one: dict[str, Any]) -> tuple[str, ...]:
    seconds = "未合成" if one["seconds"] is None else f"{one['seconds']:.1f}"
    source = "录音" if one["recorded"] else one["voice"]
    return (one["id"], one["text"], seconds, source, one["file"])


def _shown(settings: Settings, prompt: PromptText) -> dict[str, Any]:
    return {
        "id": prompt.id,
        "text": prompt.text,
        "seconds": seconds_of(settings, prompt),
        "voice": prompt.voice,
        "speed": prompt.speed,
        "recorded": bool(prompt.recording),
        "file": f"{prompt.name}.wav",
    }


@prompts.command("build")
def build_prompts(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """合成缺少的提示音, 今天要用的在前."""
    settings = settings_for(profile)
    platform = _platform(settings, as_json=json)
    made = build_with_progress(settings, platform, wanted(platform, today()), err)
    refused = [str(error) for error in made.refused]
    for why in refused:
        say_refused(f"录音未采用, 改为合成: {why}")
    value = {
        "sentences_made": made.sentences_made,
        "recorded": list(made.recorded),
        "refused": refused,
    }
    answer(value, as_json=json, show=lambda: out.print(f"新合成 {made.sentences_made} 句"))
    if refused:
        raise Refused


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
    platform = _platform(settings, as_json=json)
    seconds = say(settings, text, voice or platform.home.voice, to)
    answer(
        {"file": str(to), "seconds": seconds},
        as_json=json,
        show=lambda: out.print(f"{to} ({seconds:.1f} 秒)"),
    )


@prompts.command("export")
def export_prompt(
    prompt: PromptArgument,
    to: Annotated[Path, typer.Option("--to", help="写入的 WAV 文件")],
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """把来电人听到的声音存为文件; 还没有合成的先合成."""
    settings = settings_for(profile)
    file, found = _in_place(settings, prompt, as_json=json)
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, to)
    value = {**_shown(settings, found), "to": str(to)}
    answer(value, as_json=json, show=lambda: out.print(f"{to} ({value['seconds']:.1f} 秒)"))


@prompts.command("play")
def play_prompt(
    prompt: PromptArgument, profile: ProfileOption = None, json: JsonOption = False
) -> None:
    """在本机扬声器上播放一条提示音."""
    settings = settings_for(profile)
    file, found = _in_place(settings, prompt, as_json=json)
    player = next((player for player in PLAYERS if shutil.which(player[0])), None)
    if player is None:
        say_refused(f"本机没有播放器; 请用 hotline prompts export {prompt} --to 文件.wav")
        raise Refused
    if not json:
        out.print(found.text, markup=False, highlight=False, soft_wrap=True)
    # what a player says of sound cards helps nobody
    nowhere = subprocess.DEVNULL
    done = subprocess.run([*player, str(file)], check=False, stdout=nowhere, stderr=nowhere)
    if done.returncode:
        say_refused(f"{player[0]} 不能播放, 本机可能没有声卡; 声音文件是 {file}")
        raise Refused
    answer(_shown(settings, found), as_json=json, show=lambda: None)


@prompts.command("replace")
def replace_prompt(
    prompt: PromptArgument,
    file: Annotated[Path, typer.Argument(help="录音文件", exists=True, dir_okay=False)],
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """用录音代替合成的声音, 任何常见格式; 音量自动调整, 应用后生效."""

    def record(ledger: CityLedger, centre: CentreId) -> None:
        sheet = Sheet(name=file.name, data=file.read_bytes())
        ledger.record_prompt(centre, prompt, sheet, who=os_user())

    _changed(settings_for(profile), prompt, record, "将播放录音", as_json=json)


@prompts.command("restore")
def restore_prompt(
    prompt: PromptArgument, profile: ProfileOption = None, json: JsonOption = False
) -> None:
    """不再用录音, 恢复合成的声音, 应用后生效."""

    def unrecord(ledger: CityLedger, centre: CentreId) -> None:
        ledger.unrecord_prompt(centre, prompt, who=os_user())

    _changed(settings_for(profile), prompt, unrecord, "恢复为合成的声音", as_json=json)


@prompts.command("check")
def check_prompts(
    is_mended: Annotated[
        bool, typer.Option("--mend", help="听不清的换语速、音色或说法, 写入 prompts.csv")
    ] = False,
    only: Annotated[str, typer.Option("--only", help="只检查编号以此开头的")] = "",
    report: Annotated[
        Path | None, typer.Option("--report", help="把每条的结果写入这个 CSV 文件")
    ] = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """按电话音质听写每条提示音, 核对名称和号码."""
    from cti.cli.proofs import Wishes, check

    settings = settings_for(profile)
    platform = _platform(settings, as_json=json)
    wished = Wishes(only=only, is_mended=is_mended, report=report)
    if not check(settings, platform, wished, as_json=json):
        raise Refused


def _platform(settings: Settings, *, as_json: bool) -> Platform:
    with refusing(as_json=as_json):
        return CityLedger(settings).working()


def _in_place(settings: Settings, prompt_id: str, *, as_json: bool) -> tuple[Path, PromptText]:
    """The prompt and its file, which is made if it is not there. Refuses an unknown id."""
    from cti.prompting import make_prompts
    from ivr.prompts import prompt_file

    platform = _platform(settings, as_json=as_json)
    profile = next((one for one in platform if has_prompt(one, prompt_id)), None)
    if profile is None:
        _unknown(prompt_id)
        raise Refused
    found = prompt_of(profile, prompt_id)
    make_prompts(settings, platform, [found], workers=0)
    return prompt_file(settings, found), found


def _changed(
    settings: Settings,
    prompt_id: str,
    change: Callable[[CityLedger, CentreId], None],
    done: str,
    *,
    as_json: bool,
) -> None:
    ledger = CityLedger(settings)
    platform = _platform(settings, as_json=as_json)
    owner = next((one for one in platform if has_prompt(one, prompt_id)), platform.home)
    try:
        with refusing(as_json=as_json):
            change(ledger, owner.centre)
    except PromptUnknown:
        _unknown(prompt_id)
        raise Refused from None
    except RecordingUnusable as error:
        say_refused(str(error))
        raise Refused from None
    found = prompt_of(_platform(settings, as_json=as_json).centre(owner.centre), prompt_id)
    told = f"{prompt_id} {done}; 用 hotline numbers apply 应用后生效"
    answer(_shown(settings, found), as_json=as_json, show=lambda: out.print(told, soft_wrap=True))


def _unknown(prompt_id: str) -> None:
    say_refused(f"没有提示音「{prompt_id}」; 用 hotline prompts list 查看全部编号")

"""``hotline transcribe | draft``: recordings without a call."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from cti.cli.faults import profile_or_refuse
from cti.cli.options import TIME_FORMATS, JsonOption, ProfileOption, answer, settings_for
from cti.cli.record import print_plain


def transcribe(
    audio: Annotated[list[Path], typer.Argument(help="录音文件", exists=True, dir_okay=False)],
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """把录音转成文字, 带时间."""
    from cti.cli.listening import line, result, transcripts

    settings = settings_for(profile)
    city = profile_or_refuse(settings, as_json=json)
    heard = list(zip(audio, transcripts(settings, city, audio), strict=True))

    def show() -> None:
        for path, transcript in heard:
            print_plain([str(path), *map(line, transcript.segments)])

    results = [result(path, transcript) for path, transcript in heard]
    answer(results[0] if len(results) == 1 else results, as_json=json, show=show)


def draft(
    audio: Annotated[Path, typer.Argument(help="录音文件", exists=True, dir_okay=False)],
    dialled: Annotated[str, typer.Option("--dialled", help="来电人拨打的号码")] = "12345",
    ani: Annotated[str, typer.Option("--from", help="来电号码")] = "",
    at: Annotated[
        datetime | None,
        typer.Option(help="来电时间 (北京时间), 如 2026-10-01T03:00", formats=TIME_FORMATS),
    ] = None,
    is_explained: Annotated[bool, typer.Option("--explain", help="说明每一项的依据")] = False,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """由一段录音生成工单草稿, 不需要真实来电, 也不写入数据库."""
    from cti.cli.listening import draft_of, why
    from records.reading import read_evidence, read_order

    settings = settings_for(profile)
    city = profile_or_refuse(settings, as_json=json)
    made, transcript = draft_of(settings, city, audio, dialled, ani, at)

    def show() -> None:
        print_plain(read_order(made, transcript.segments, file=str(audio)))
        if is_explained:
            print_plain(["", "依据", *read_evidence(made.evidence)])
            print_plain(["", "类型和部门如何判定", *why(made, transcript, city)])

    answer(made.model_dump(mode="json"), as_json=json, show=show)

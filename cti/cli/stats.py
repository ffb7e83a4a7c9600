"""``hotline stats``: the figures of any stretch of time."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from config.workdays import CHINA
from cti.cli.options import (
    TIME_FORMATS,
    JsonOption,
    ProfileOption,
    answer,
    out,
    say_refused,
    settings_for,
)
from cti.cli.record import with_store
from cti.ids import CentreId
from queues.breakdown import BREAKDOWNS, ROW_NAMES
from queues.figures import CALLBACK_LABELS, LABELS, Figures
from queues.followfigures import FOLLOW_UP_LABELS
from queues.report import Report
from queues.seattimes import SEAT_LABELS, SeatFigures
from records.history import report
from records.workbook import workbook

SHOWN: tuple[str, ...] = (
    "offered",
    "answered",
    "connection_share",
    "within_15_s_share",
    "speed_of_answer_s",
    "longest_wait_s",
    "abandoned",
    "short_abandoned",
    "talk_s",
    "satisfied_share",
)
"""What a terminal has room for; --json and --xlsx have all of it."""

SEAT_HEAD: tuple[str, ...] = ("签入", "就绪", "振铃", "通话", "整理", "示忙", "利用率", "均整理")
"""The same for seats' time: hours, minutes, seconds, then occupancy and the mean wrap-up."""

When = typer.Option(formats=TIME_FORMATS, help="时间按北京时间, 如 2026-11-20 或 2026-11-20T08:00")


def stats(
    since: Annotated[datetime | None, When] = None,
    until: Annotated[datetime | None, When] = None,
    by: Annotated[str, typer.Option(help="分组: " + " ".join(BREAKDOWNS))] = "day",
    centre: Annotated[str | None, typer.Option(help="只统计这个中心")] = None,
    xlsx: Annotated[Path | None, typer.Option(help="另存为 Excel 文件")] = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """统计来电量、接通率、15秒接通率、平均应答、放弃等; 默认最近七天, 按日."""
    if by not in BREAKDOWNS:
        say_refused(f"没有「{by}」这种分组, 可用: {' '.join(BREAKDOWNS)}")
        raise typer.Exit(code=2)
    end = _in_china(until) if until is not None else datetime.now(UTC)
    begin = _in_china(since) if since is not None else _midnight(end) - timedelta(days=6)
    if begin >= end:
        say_refused("开始时间应早于结束时间")
        raise typer.Exit(code=2)
    settings = settings_for(profile)
    wanted = None if centre is None else CentreId(centre)
    found = asyncio.run(
        with_store(settings, lambda store: report(store.database, begin, end, by=by, centre=wanted))
    )
    if xlsx is not None:
        xlsx.write_bytes(workbook(found))
    answer(found.as_json(), as_json=json, show=lambda: _show(found, xlsx))


def _in_china(at: datetime) -> datetime:
    return at.replace(tzinfo=CHINA) if at.tzinfo is None else at


def _midnight(at: datetime) -> datetime:
    return at.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)


def _show(found: Report, xlsx: Path | None) -> None:
    table = _table(ROW_NAMES[found.by], *(LABELS[name] for name in SHOWN))
    for row, figures in found.rows.items():
        table.add_row(row, *_cells(figures))
    table.add_section()
    table.add_row("合计", *_cells(found.whole), style="bold")
    out.print(table)
    if found.seats.signed_in_s:
        out.print(_seat_table(found))
    if found.worst_24_h is not None:
        since, share = found.worst_24_h
        out.print(
            f"接通率最低的24小时: 自 {since.astimezone(CHINA):%Y-%m-%d %H:%M} 起, {share:.1%}"
            "(国标要求任意24小时不低于95%)"
        )
    owed = (
        f"{label} {_cell(name, getattr(found.callbacks, name))}"
        for name, label in CALLBACK_LABELS.items()
    )
    out.print("  ".join(owed))
    asked = (
        f"{label} {_cell(name, getattr(found.follow_ups, name))}"
        for name, label in FOLLOW_UP_LABELS.items()
    )
    out.print("  ".join(asked))
    if xlsx is not None:
        out.print(f"已存为 {xlsx}")


def _seat_table(found: Report) -> Table:
    table = _table(ROW_NAMES[found.by], *SEAT_HEAD)
    for row, figures in found.seat_rows.items():
        table.add_row(row, *_seat_cells(figures))
    table.add_section()
    table.add_row("合计", *_seat_cells(found.seats), style="bold")
    reasons = found.seats.not_ready_by_reason.items()
    if reasons:
        told = "  ".join(f"{reason} {_clock(span)}" for reason, span in reasons)
        table.caption = Text(f"示忙原因: {told}")
    return table


def _table(*head: str) -> Table:
    """A table that still says everything on 80 columns: headings fold, nothing is cut off."""
    table = Table(box=SIMPLE_HEAD, padding=0, pad_edge=False, caption_justify="left")
    for name in head:
        table.add_column(name, overflow="fold")
    return table


def _seat_cells(figures: SeatFigures) -> list[str]:
    spans = [name for name in SEAT_LABELS if name not in ("occupancy", "wrap_up_s")]
    shares = figures.occupancy, figures.wrap_up_s
    return [
        *(_clock(getattr(figures, name)) for name in spans),
        "-" if shares[0] is None else f"{shares[0]:.1%}",
        "-" if shares[1] is None else f"{shares[1]:.1f}",
    ]


def _clock(seconds: float) -> str:
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def _cells(figures: Figures) -> list[str]:
    return [_cell(name, getattr(figures, name)) for name in SHOWN]


def _cell(name: str, value: object) -> str:
    if value is None:
        return "-"
    if name.endswith("_share"):
        return f"{value:.1%}"
    return f"{value:.1f}" if isinstance(value, float) else str(value)

"""``hotline targets``: where callers can be taken, who is there at what time, and what is rung."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

import typer
from rich.table import Column, Table

from config.platform import Platform
from config.profile import Profile
from config.targets import targets as made
from config.workdays import CHINA
from cti.cli.faults import platform_or_refuse
from cti.cli.numbers import CentreOption
from cti.cli.options import (
    TIME_FORMATS,
    JsonOption,
    ProfileOption,
    Refused,
    answer,
    out,
    say_refused,
    settings_for,
)
from cti.ids import mask
from transfer.step import Kind
from transfer.target import Route, Target, TargetKind

targets = typer.Typer(help="转接目标: 座席、专家、部门、分中心、上下级热线、紧急电话、公共服务")

DAYS: Final = 31
"""Of so many days from that time on it is looked when somebody is there next."""
MOBILE: Final = 11
"""A number of so many digits may be a person's own."""
WAYS: Final = {
    Kind.BLIND: "直接转",
    Kind.HAND_OVER: "移交",
    Kind.CONSULT: "先咨询",
    Kind.THREE_WAY: "三方",
    Kind.EMERGENCY: "一键三方",
}


@targets.command("list")
def list_targets(
    kind: Annotated[
        TargetKind | None, typer.Option(help="只看这一种, 如 expert、office、emergency")
    ] = None,
    at: Annotated[
        datetime | None,
        typer.Option(help="什么时候, 如 2026-10-01T03:00; 不写为现在", formats=TIME_FORMATS),
    ] = None,
    centre: CentreOption = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """列出工作副本里的转接目标: 那时有没有人, 依次振谁; 手机号码只显示末两位."""
    moment = datetime.now(CHINA) if at is None else at if at.tzinfo else at.replace(tzinfo=CHINA)
    platform = platform_or_refuse(settings_for(profile), as_json=json)
    mine = centre_or_refuse(platform, centre)
    day = moment.astimezone(CHINA).date() - timedelta(days=1)
    found = [
        target for target in made(platform, mine, day, DAYS).values() if kind in (None, target.kind)
    ]
    shown = [_json(target, moment) for target in found]
    answer(shown, as_json=json, show=lambda: _show(found, moment))


def centre_or_refuse(platform: Platform, wanted: str | None) -> Profile:
    """The centre of that name, home if none is named; refused when there is none of it."""
    centres = {profile.centre: profile for profile in platform}
    for name, profile in centres.items():
        if wanted == name:
            return profile
    if wanted is not None:
        say_refused(f"平台上没有中心 {wanted}, 现有: {'、'.join(centres)}")
        raise Refused
    return platform.home


def _json(target: Target, at: datetime) -> dict[str, Any]:
    opens = target.opens_at(at)
    return {
        "id": target.id,
        "kind": target.kind.value,
        "name": target.name,
        "ways": [way.value for way in target.ways],
        "is_open": target.is_open(at),
        "opens_at": opens.isoformat() if opens else None,
        "routes": list(_routes(target, at)),
        "number": target.number,
        "lines": sorted(target.lines),
        "is_urgent": target.is_urgent,
        "note": target.note,
    }


def _routes(target: Target, at: datetime) -> Iterator[str]:
    for route in target.routes_at(at):
        yield f"{_way(route)} {route.ring.total_seconds():.0f}秒"


def _way(route: Route) -> str:
    if route.seat:
        return f"座席{route.seat.rpartition('-')[2]}"
    if route.skill:
        return f"{route.centre or ''}{route.skill}座席"
    number = mask(route.number) if len(route.number) >= MOBILE else route.number
    return f"{route.peer or '本中心出局'} {number}"


def _show(found: list[Target], at: datetime) -> None:
    columns = ("编号", "种类", "名称", "那时", "怎样转", "依次振", "告知号码", "说明")
    table = Table(*(Column(name, overflow="fold") for name in columns))
    for target in found:
        table.add_row(
            target.id,
            target.kind.chinese,
            target.name,
            _when(target, at),
            "、".join(WAYS[way] for way in target.ways) or "只告知号码",
            " → ".join(_routes(target, at)),
            target.number,
            target.note,
        )
    out.print(table)


def _when(target: Target, at: datetime) -> str:
    if target.is_open(at):
        return "有人" if target.open is not None else "全天"
    opens = target.opens_at(at)
    return f"{opens.astimezone(CHINA):%m-%d %H:%M} 起" if opens else "无人"

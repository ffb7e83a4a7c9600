"""``hotline nuisance``: who is refused politely, until when, and how often it happened."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, TypeVar

import typer
from pydantic import TypeAdapter
from rich.table import Table

from config.platform import Platform
from config.settings import Settings
from config.workdays import CHINA
from cti.cli.faults import platform_or_refuse
from cti.cli.options import (
    JsonOption,
    ProfileOption,
    Refused,
    answer,
    os_user,
    out,
    say_refused,
    settings_for,
)
from cti.cli.record import with_store
from cti.errors import DomainError
from cti.ids import AgentId, CentreId, mask
from cti.nuisance import LONGEST, Listing, area_code_at, check_until, listable
from records import nuisance as rows
from records.store import CallStore

T = TypeVar("T")

nuisance = typer.Typer(help="骚扰来电名单: 名单上的号码听到一句礼貌的谢绝, 到期自动恢复")

SAYINGS = {
    "nuisance-number": "不是可以列入名单的来电号码; 紧急电话和热线的号码不能列入",
    "nuisance-until": f"期限应在 {LONGEST.days} 天之内",
    "nuisance-listed": "这个号码已在名单中; 要改期限或原因, 请先移除再列入",
}

Centre = Annotated[str | None, typer.Option(help="哪个中心; 不写为主中心")]
Number = Annotated[str, typer.Argument(help="来电号码; 固定电话不写区号的, 算本中心区号的")]
Reason = Annotated[str, typer.Option(help="为什么列入")]
Days = Annotated[int, typer.Option(min=1, max=LONGEST.days, help="多少天, 到期自动恢复")]
Row = Annotated[int, typer.Argument(help="名单中的编号, 见 hotline nuisance list")]


@nuisance.command("list")
def list_numbers(
    everything: Annotated[bool, typer.Option("--all", help="已到期、已移除的也列出")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多列出多少个")] = 100,
    centre: Centre = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """列出名单, 新列入的在前; 号码只显示末两位, 附列入以来谢绝的次数."""
    now = datetime.now(UTC)
    settings = settings_for(profile)
    whose = None if centre is None else CentreId(centre)

    async def read(store: CallStore) -> list[tuple[Listing, int]]:
        async with store.database.reading() as connection:
            is_standing = None if everything else True
            found = await rows.listings(
                connection, whose, now=now, is_standing=is_standing, limit=limit
            )
            counts = await rows.count_blocked(connection, found)
        return [(one, counts[one.id]) for one in found]

    found = asyncio.run(with_store(settings, read))
    shown = [_json(one, now) | {"blocked": count} for one, count in found]
    answer(shown, as_json=json, show=lambda: _show(found, now))


@nuisance.command("add")
def add_number(
    number: Number,
    reason: Reason,
    days: Days,
    centre: Centre = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """列入一个号码; 运行中的服务器在十秒内生效."""
    now = datetime.now(UTC)
    settings = settings_for(profile)
    platform = platform_or_refuse(settings, as_json=json)
    whose = _centre(platform, centre)

    async def write(store: CallStore) -> Listing:
        until = now + timedelta(days=days)
        listed = listable(number, area_code_at(platform, whose))
        check_until(until, now)
        async with store.database.writing() as connection:
            return await rows.add(
                connection, whose, listed, reason=reason, until=until, who=_who(), now=now
            )

    made = _carried_out(settings, write)
    told = f"已列入 {made.id} 号: {mask(made.number)}, 至 {_local(made.until)}"
    answer(_json(made, now), as_json=json, show=lambda: out.print(told))


@nuisance.command("remove")
def remove_number(
    row: Row, centre: Centre = None, profile: ProfileOption = None, json: JsonOption = False
) -> None:
    """移除一条; 运行中的服务器在十秒内生效."""
    now = datetime.now(UTC)
    settings = settings_for(profile)
    whose = _centre(platform_or_refuse(settings, as_json=json), centre)

    async def write(store: CallStore) -> Listing | None:
        async with store.database.writing() as connection:
            return await rows.remove(connection, whose, row, _who(), now)

    found = _carried_out(settings, write)
    if found is None:
        say_refused(f"名单中没有 {row} 号")
        raise Refused
    answer(_json(found, now), as_json=json, show=lambda: out.print(f"已移除 {row} 号"))


def _carried_out(settings: Settings, work: Callable[[CallStore], Awaitable[T]]) -> T:
    try:
        return asyncio.run(with_store(settings, work))
    except DomainError as error:
        say_refused(SAYINGS.get(error.id, error.id))
        raise Refused from None


def _centre(platform: Platform, wanted: str | None) -> CentreId:
    centres = [profile.centre for profile in platform]
    if wanted is not None and wanted not in centres:
        say_refused(f"没有中心 {wanted}, 现有: {'、'.join(centres)}")
        raise Refused
    return CentreId(wanted) if wanted is not None else platform.home.centre


def _who() -> AgentId:
    return AgentId(f"命令行 {os_user()}")


def _local(at: datetime) -> str:
    return f"{at.astimezone(CHINA):%Y-%m-%d %H:%M}"


def _json(one: Listing, now: datetime) -> dict[str, Any]:
    shown: dict[str, Any] = TypeAdapter(Listing).dump_python(one, mode="json")
    return shown | {"number": mask(one.number), "is_standing": one.stands(now)}


def _show(found: list[tuple[Listing, int]], now: datetime) -> None:
    table = Table("编号", "中心", "号码", "原因", "列入人", "列入于", "到期", "谢绝次数", "备注")
    for one, count in found:
        remark = "" if one.stands(now) else "已移除" if one.removed_at else "已到期"
        table.add_row(
            str(one.id),
            one.centre,
            mask(one.number),
            one.reason,
            one.added_by,
            _local(one.added_at),
            _local(one.until),
            str(count),
            remark,
        )
    out.print(table)

"""``hotline events``: what a program beside us is told of calls, and what it did not take."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from config.render import secret
from cti.cli.faults import platform_or_refuse
from cti.cli.numbers import CentreOption
from cti.cli.options import JsonOption, ProfileOption, answer, out, settings_for
from cti.cli.record import with_store
from cti.cli.targets import centre_or_refuse
from cti.housepost import secret_name
from cti.ids import CentreId
from records.callevents import PROGRAM
from records.handing import EVENT_KINDS, Message
from records.messages import failed, owe_again
from records.store import CallStore

events = typer.Typer(help="来电事件: 向其他系统推送振铃、接听、结束")
Limit = Annotated[int, typer.Option(min=1, max=1000, help="最多列出多少条")]


@events.command("secret")
def show_secret(
    centre: CentreOption = None, profile: ProfileOption = None, json: JsonOption = False
) -> None:
    """显示签名密钥, 填入接收方; 第一次时生成."""
    settings = settings_for(profile)
    mine = _centre(centre, profile, as_json=json)
    key = secret(settings, secret_name(mine, PROGRAM))
    answer({"secret": key}, as_json=json, show=lambda: out.print(key, markup=False))


@events.command("failed")
def list_failed(
    limit: Limit = 100,
    centre: CentreOption = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """列出一天内始终没有送到、已放弃的事件, 最近的在前."""
    mine = _centre(centre, profile, as_json=json)

    async def read(store: CallStore) -> list[tuple[Message, str]]:
        async with store.database.reading() as connection:
            return await failed(connection, mine, EVENT_KINDS, limit)

    found = asyncio.run(with_store(settings_for(profile), read))
    shown = [
        {"key": one.key, "kind": one.kind.value, "call_id": one.call, "why": why}
        for one, why in found
    ]
    answer(shown, as_json=json, show=lambda: _show(shown))


@events.command("replay")
def replay(
    centre: CentreOption = None, profile: ProfileOption = None, json: JsonOption = False
) -> None:
    """把已放弃的事件重新推送, 幂等键不变."""
    mine = _centre(centre, profile, as_json=json)

    async def again(store: CallStore) -> int:
        async with store.database.writing() as connection:
            return await owe_again(connection, mine, EVENT_KINDS, datetime.now(UTC))

    count = asyncio.run(with_store(settings_for(profile), again))
    answer({"owed": count}, as_json=json, show=lambda: out.print(f"重新推送 {count} 条"))


def _centre(centre: str | None, profile: str | None, *, as_json: bool) -> CentreId:
    settings = settings_for(profile)
    return centre_or_refuse(platform_or_refuse(settings, as_json=as_json), centre).centre


def _show(shown: list[dict[str, str]]) -> None:
    table = Table("幂等键", "事件", "电话", "原因")
    for one in shown:
        table.add_row(one["key"], one["kind"], one["call_id"], one["why"])
    out.print(table)

"""``hotline events`` and ``hotline deliveries``: what others are told, and what they did not take.

A program beside us hears of calls; the city's order platform is given the orders.
"""

import asyncio
from collections.abc import Collection
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
from records.handing import EVENT_KINDS, ORDER_KINDS, Message, MessageKind
from records.messages import failed, owe_again
from records.outgoing import PLATFORM
from records.store import CallStore

Limit = Annotated[int, typer.Option(min=1, max=1000, help="最多列出多少条")]


def told(whom: str, kinds: Collection[MessageKind], about: str) -> typer.Typer:
    """The commands of one lane: its secret, what was given up, and sending that again."""
    commands = typer.Typer(help=about)

    @commands.command("secret")
    def show_secret(
        centre: CentreOption = None, profile: ProfileOption = None, json: JsonOption = False
    ) -> None:
        """显示签名密钥, 填入接收方; 第一次时生成."""
        settings = settings_for(profile)
        mine = _centre(centre, profile, as_json=json)
        key = secret(settings, secret_name(mine, whom))
        answer({"secret": key}, as_json=json, show=lambda: out.print(key, markup=False))

    @commands.command("failed")
    def list_failed(
        limit: Limit = 100,
        centre: CentreOption = None,
        profile: ProfileOption = None,
        json: JsonOption = False,
    ) -> None:
        """列出始终没有送到或被拒收、已放弃的, 最近的在前."""
        mine = _centre(centre, profile, as_json=json)

        async def read(store: CallStore) -> list[tuple[Message, str]]:
            async with store.database.reading() as connection:
                return await failed(connection, mine, kinds, limit)

        found = asyncio.run(with_store(settings_for(profile), read))
        shown = [
            {"key": one.key, "kind": one.kind.value, "call_id": one.call, "why": why}
            for one, why in found
        ]
        answer(shown, as_json=json, show=lambda: _show(shown))

    @commands.command("replay")
    def replay(
        centre: CentreOption = None, profile: ProfileOption = None, json: JsonOption = False
    ) -> None:
        """把已放弃的重新推送, 幂等键不变."""
        mine = _centre(centre, profile, as_json=json)

        async def again(store: CallStore) -> int:
            async with store.database.writing() as connection:
                return await owe_again(connection, mine, kinds, datetime.now(UTC))

        count = asyncio.run(with_store(settings_for(profile), again))
        answer({"owed": count}, as_json=json, show=lambda: out.print(f"重新推送 {count} 条"))

    return commands


def _centre(centre: str | None, profile: str | None, *, as_json: bool) -> CentreId:
    settings = settings_for(profile)
    return centre_or_refuse(platform_or_refuse(settings, as_json=as_json), centre).centre


def _show(shown: list[dict[str, str]]) -> None:
    table = Table("幂等键", "类别", "电话", "原因")
    for one in shown:
        table.add_row(one["key"], one["kind"], one["call_id"], one["why"])
    out.print(table)


events = told(PROGRAM, EVENT_KINDS, "来电事件: 向其他系统推送振铃、接听、结束")
deliveries = told(PLATFORM, ORDER_KINDS, "工单送达: 把提交的工单推送给工单平台")

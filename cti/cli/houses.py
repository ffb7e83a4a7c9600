"""``hotline houses``: emergency lines, sub-centres and hotlines that tell us and are told."""

from typing import Annotated

import typer
from rich.table import Table

from config.houses import House, houses_of
from config.render import secret
from cti.cli.faults import platform_or_refuse
from cti.cli.numbers import CentreOption
from cti.cli.options import (
    JsonOption,
    ProfileOption,
    Refused,
    answer,
    out,
    say_refused,
    settings_for,
)
from cti.cli.targets import centre_or_refuse

houses = typer.Typer(help="联动单位: 紧急电话、公共服务、分中心、上下级热线的接口")


@houses.command("list")
def list_houses(
    centre: CentreOption = None, profile: ProfileOption = None, json: JsonOption = False
) -> None:
    """列出联动单位: 接口地址里的名称、单位、接口."""
    mine = centre_or_refuse(platform_or_refuse(settings_for(profile), as_json=json), centre)
    found = houses_of(mine)
    shown = [
        {"line": line, "name": house.name, "interface": house.interface}
        for line, house in found.items()
    ]
    answer(shown, as_json=json, show=lambda: _show(found))


@houses.command("secret")
def show_secret(
    line: Annotated[str, typer.Argument(help="联动单位在接口地址里的名称, 如 110")],
    centre: CentreOption = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """显示与这家联动单位约定的签名密钥; 第一次时生成."""
    settings = settings_for(profile)
    mine = centre_or_refuse(platform_or_refuse(settings, as_json=json), centre)
    if line not in houses_of(mine):
        say_refused(f"本中心没有联动单位 {line}, 用 hotline houses list 查看")
        raise Refused
    key = secret(settings, f"house-{mine.centre}-{line}")
    answer({"line": line, "secret": key}, as_json=json, show=lambda: out.print(key, markup=False))


def _show(found: dict[str, House]) -> None:
    table = Table("名称", "单位", "接口")
    for line, house in found.items():
        table.add_row(line, house.name, house.interface or "—")
    out.print(table)

"""``hotline users | token``: who may sign in, and which programs may ask."""

import asyncio
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from config.files import load_profile
from cti.cli.options import JsonOption, ProfileOption, Refused, answer, err, out, settings_for
from cti.cli.record import with_store
from records.accounts import Accounts, NameTaken

users = typer.Typer(help="登录用户")
token = typer.Typer(help="程序接口令牌")


class RoleName(StrEnum):
    """The roles of the contract."""

    AGENT = "agent"
    EXPERT = "expert"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    SYSTEM = "system"


Password = Annotated[
    str,
    typer.Option(
        prompt="密码", confirmation_prompt="再输一次", hide_input=True, envvar="HOTLINE_PASSWORD"
    ),
]


@users.command("add")
def add(
    user: str,
    role: Annotated[RoleName, typer.Option()],
    password: Password,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """新增用户."""
    settings = settings_for(profile)
    centre = load_profile(settings).centre
    try:
        asyncio.run(
            with_store(
                settings,
                lambda store: Accounts(store.database).add_person(
                    user, centre, role.value, password
                ),
            )
        )
    except NameTaken:
        err.print(f"[red]用户 {user} 已存在[/]")
        raise Refused from None
    answer({"user": user}, as_json=json, show=lambda: out.print(f"已新增用户 {user}"))


@users.command("passwd")
def passwd(
    user: str, password: Password, profile: ProfileOption = None, json: JsonOption = False
) -> None:
    """修改密码, 原有登录随之失效."""
    settings = settings_for(profile)
    is_known = asyncio.run(
        with_store(settings, lambda store: Accounts(store.database).change_password(user, password))
    )
    if not is_known:
        err.print(f"[red]没有用户 {user}[/]")
        raise Refused
    answer({"user": user}, as_json=json, show=lambda: out.print(f"已修改 {user} 的密码"))


@users.command("list")
def list_users(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """列出用户."""
    settings = settings_for(profile)
    found = asyncio.run(with_store(settings, lambda store: Accounts(store.database).people()))

    def show() -> None:
        table = Table("用户", "中心", "角色", "可登录")
        for user, centre, role, is_active in found:
            table.add_row(user, centre, role, "是" if is_active else "否")
        out.print(table)

    keys = ("user", "centre", "role", "is_active")
    answer([dict(zip(keys, row, strict=True)) for row in found], as_json=json, show=show)


@token.command("create")
def create(
    name: str,
    role: Annotated[RoleName, typer.Option()],
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """为程序生成令牌; 只显示这一次."""
    settings = settings_for(profile)
    centre = load_profile(settings).centre
    try:
        made = asyncio.run(
            with_store(
                settings,
                lambda store: Accounts(store.database).create_token(name, centre, role.value),
            )
        )
    except NameTaken:
        err.print(f"[red]名称 {name} 已有令牌[/]")
        raise Refused from None
    answer({"name": name, "token": made}, as_json=json, show=lambda: out.print(made, markup=False))

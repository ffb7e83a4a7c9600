"""``hotline users | token``: who may sign in, and which programs may ask."""

import asyncio
from enum import StrEnum
from typing import Annotated, Final

import typer
from rich.table import Table

from config.settings import Settings
from config.workdays import CHINA
from cti.cli.faults import platform_or_refuse
from cti.cli.options import (
    JsonOption,
    ProfileOption,
    Refused,
    answer,
    out,
    say_refused,
    settings_for,
)
from cti.cli.record import with_store
from cti.ids import CentreId
from records.accounts import Accounts, NameTaken

PASSWORD_LEAST: Final = 8
"""Characters a password has at least."""

users = typer.Typer(help="登录用户")
token = typer.Typer(help="程序接口令牌")


class RoleName(StrEnum):
    """The roles of the contract."""

    AGENT = "agent"
    EXPERT = "expert"
    SUPERVISOR = "supervisor"
    ADMIN = "admin"
    SYSTEM = "system"
    SCREEN = "screen"


def _long_enough(password: str) -> str:
    if len(password) < PASSWORD_LEAST:
        raise typer.BadParameter(f"密码至少 {PASSWORD_LEAST} 位")
    return password


Password = Annotated[
    str,
    typer.Option(
        prompt=f"密码 (至少 {PASSWORD_LEAST} 位)",
        confirmation_prompt="再输一次",
        hide_input=True,
        envvar="HOTLINE_PASSWORD",
        callback=_long_enough,
        help=f"密码, 至少 {PASSWORD_LEAST} 位; 不写则逐字输入, 不显示",
    ),
]
Role = Annotated[
    RoleName,
    typer.Option(
        help="角色: agent 话务员, expert 专家, supervisor 班长, admin 管理员, system 系统, "
        "screen 大屏 (只看本中心大屏, 一直登录)"
    ),
]
OfCentre = Annotated[
    str | None,
    typer.Option("--centre", help="属于哪个中心; 不写为主中心 (一个平台可有多个中心)"),
]
UserName = Annotated[str, typer.Argument(help="用户名")]
TokenName = Annotated[str, typer.Argument(help="令牌的名称, 如对方系统的名字")]


def _centre_or_refuse(settings: Settings, wanted: str | None, *, as_json: bool) -> CentreId:
    """The centre that is named, or the home one; nobody belongs to a centre there is not."""
    platform = platform_or_refuse(settings, as_json=as_json)
    centres = [profile.centre for profile in platform]
    if wanted is not None and wanted not in centres:
        say_refused(f"没有中心 {wanted}, 现有: {'、'.join(centres)}")
        raise Refused
    return CentreId(wanted) if wanted is not None else platform.home.centre


@users.command("add")
def add(
    user: UserName,
    role: Role,
    password: Password,
    centre: OfCentre = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """新增用户."""
    settings = settings_for(profile)
    whose = _centre_or_refuse(settings, centre, as_json=json)
    try:
        asyncio.run(
            with_store(
                settings,
                lambda store: Accounts(store.database).add_person(
                    user, whose, role.value, password
                ),
            )
        )
    except NameTaken:
        say_refused(f"用户 {user} 已存在")
        raise Refused from None
    answer({"user": user}, as_json=json, show=lambda: out.print(f"已新增用户 {user}"))


@users.command("passwd")
def passwd(
    user: UserName, password: Password, profile: ProfileOption = None, json: JsonOption = False
) -> None:
    """修改密码, 原有登录随之失效."""
    settings = settings_for(profile)
    is_known = asyncio.run(
        with_store(settings, lambda store: Accounts(store.database).change_password(user, password))
    )
    if not is_known:
        say_refused(f"没有用户 {user}")
        raise Refused
    answer({"user": user}, as_json=json, show=lambda: out.print(f"已修改 {user} 的密码"))


@users.command("block")
def block(user: UserName, profile: ProfileOption = None, json: JsonOption = False) -> None:
    """停用用户: 不能再登录, 已有的登录在半分钟内结束."""
    _let_in(user, profile, is_active=False, as_json=json)


@users.command("unblock")
def unblock(user: UserName, profile: ProfileOption = None, json: JsonOption = False) -> None:
    """恢复停用的用户."""
    _let_in(user, profile, is_active=True, as_json=json)


def _let_in(user: str, profile: str | None, *, is_active: bool, as_json: bool) -> None:
    is_known = asyncio.run(
        with_store(
            settings_for(profile),
            lambda store: Accounts(store.database).block(user, is_active=is_active),
        )
    )
    if not is_known:
        say_refused(f"没有用户 {user}")
        raise Refused
    told = f"已{'恢复' if is_active else '停用'}用户 {user}"
    value = {"user": user, "is_active": is_active}
    answer(value, as_json=as_json, show=lambda: out.print(told, markup=False))


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
    name: TokenName,
    role: Role,
    centre: OfCentre = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """为程序生成令牌; 只显示这一次."""
    settings = settings_for(profile)
    whose = _centre_or_refuse(settings, centre, as_json=json)
    try:
        made = asyncio.run(
            with_store(
                settings,
                lambda store: Accounts(store.database).create_token(name, whose, role.value),
            )
        )
    except NameTaken:
        say_refused(f"名称 {name} 已有令牌")
        raise Refused from None
    answer({"name": name, "token": made}, as_json=json, show=lambda: out.print(made, markup=False))


@token.command("list")
def list_tokens(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """列出令牌的名称; 令牌本身不保存, 无法再看."""
    settings = settings_for(profile)
    found = asyncio.run(with_store(settings, lambda store: Accounts(store.database).programs()))

    def show() -> None:
        table = Table("名称", "中心", "角色", "生成时间")
        for name, centre, role, made in found:
            table.add_row(name, centre, role, f"{made.astimezone(CHINA):%Y-%m-%d %H:%M}")
        out.print(table)

    value = [
        {"name": name, "centre": centre, "role": role, "created_at": made.isoformat()}
        for name, centre, role, made in found
    ]
    answer(value, as_json=json, show=show)


@token.command("withdraw")
def withdraw(name: TokenName, profile: ProfileOption = None, json: JsonOption = False) -> None:
    """收回令牌, 立即失效."""
    settings = settings_for(profile)
    is_gone = asyncio.run(
        with_store(settings, lambda store: Accounts(store.database).withdraw_token(name))
    )
    if not is_gone:
        say_refused(f"没有名称为 {name} 的令牌")
        raise Refused
    answer({"name": name}, as_json=json, show=lambda: out.print(f"已收回令牌 {name}", markup=False))

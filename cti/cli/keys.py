"""``hotline keys``: what seals who called; a new key, and everything sealed anew with it."""

import asyncio
from collections import Counter
from typing import Annotated

import typer

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
from cti.cli.record import with_store
from cti.ids import CentreId
from records.keyring import KeyFileError, add, key_file, ring
from records.reseal import forget_plain, reseal
from records.sealing import Keys
from records.store import CallStore

keys = typer.Typer(help="封存来电人资料的密钥: 列出、更换、重新封存")


@keys.command("list")
def list_keys(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """列出有哪几把密钥、用什么算法, 最后一把用来封存; 不显示密钥本身."""
    settings = settings_for(profile)
    known = _keys(settings).known
    shown = [{"id": key.id, "cipher": key.cipher, "seals": key is known[-1]} for key in known]

    def show() -> None:
        out.print(f"密钥文件: {key_file(settings)}", markup=False)
        for one in shown:
            use = "封存和读取" if one["seals"] else "只读取以前封存的"
            out.print(f"{one['id']}  {one['cipher']}  {use}", markup=False)

    answer(shown, as_json=json, show=show)


@keys.command("rotate")
def rotate(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """新增一把密钥, 今后都用它封存, 并把已有的资料逐行改用它. 中断了再运行 keys seal."""
    settings = settings_for(profile)
    _keys(settings)
    if stale := asyncio.run(with_store(settings, lambda store: _sealed(store, settings))):
        say_refused(f"上一次更换还没有做完, 现已补完 ({sum(stale.values())} 行); 请再运行一次")
        raise Refused
    made = add(key_file(settings), settings.cipher)
    changed = asyncio.run(with_store(settings, lambda store: _sealed(store, settings, made.id)))
    told = {"key": made.id, "cipher": made.cipher, "rows": sum(changed.values())}
    answer(told, as_json=json, show=lambda: _show(changed, f"新密钥 {made.id} ({made.cipher})"))


@keys.command("seal")
def seal_all(
    vacuum: Annotated[
        bool, typer.Option(help="SQLite: 最后重写数据库文件, 旧的内容不再留在空页里")
    ] = True,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """把还没有封存的、用旧密钥封存的资料都改用最新的密钥. 可随时中断, 再运行时接着做."""
    settings = settings_for(profile)
    _keys(settings)

    async def run(store: CallStore) -> Counter[str]:
        changed = await _sealed(store, settings)
        if vacuum:
            await forget_plain(store.database)
        return changed

    changed = asyncio.run(with_store(settings, run))
    told = {"rows": sum(changed.values()), "tables": dict(changed)}
    answer(told, as_json=json, show=lambda: _show(changed, "都已封存"))


def _keys(settings: Settings) -> Keys:
    try:
        return ring(settings)()
    except KeyFileError as error:
        say_refused(str(error))
        raise Refused from None


async def _sealed(store: CallStore, settings: Settings, made: str = "") -> Counter[str]:
    """Seal everything anew; how many rows changed, by table. A new key is noted in the audit."""
    if made:
        await store.write_audit(CentreId(""), os_user(), "key-added", {"key": made})
    changed: Counter[str] = Counter()
    async for table, count in reseal(store.database, ring(settings)().aged(0)):
        changed[table] += count
        if err.is_terminal:
            err.print(f"{table}: {changed[table]}", end="\r", highlight=False)
    return +changed


def _show(changed: Counter[str], title: str) -> None:
    out.print(f"{title}: 改了 {sum(changed.values())} 行", markup=False)
    for table, count in changed.items():
        out.print(f"  {table} {count}", markup=False)

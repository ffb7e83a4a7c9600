"""``hotline orders | calls | reconcile | transcribe | draft | models``: what calls left behind."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from rich.table import Table

from config.files import load_profile
from config.settings import Settings
from cti.cli.options import JsonOption, ProfileOption, Refused, answer, err, out, settings_for
from cti.ids import CallId, mask
from records.orders import Order, OrderFilter
from records.store import CallStore

T = TypeVar("T")

orders = typer.Typer(help="工单草稿")
calls = typer.Typer(help="通话记录")


async def with_store(settings: Settings, do: Callable[[CallStore], Awaitable[T]]) -> T:
    """Open the database, do one thing, close it."""
    store = await CallStore.open(settings.sql_url)
    try:
        return await do(store)
    finally:
        await store.close()


class ShownOrder:
    """An order with its transcript, ready to be read."""

    def __init__(self, order: Order, segments: list[Any]) -> None:
        self.draft, self.segments = order.draft, segments


async def order_json(settings: Settings, call: CallId) -> ShownOrder:
    """Read a call's order. Raises ``LookupError`` when there is none."""

    async def read(store: CallStore) -> ShownOrder:
        order = await store.order_of(call)
        if order is None:
            raise LookupError(call)
        return ShownOrder(order, list(await store.segments(call)))

    return await with_store(settings, read)


def show_order(order: ShownOrder) -> None:
    """Print an order as a person would read it."""
    from records.reading import read_order

    out.rule("工单草稿")
    for line in read_order(order.draft, order.segments):
        out.print(line, markup=False, highlight=False)
    out.rule()


@orders.command("list")
def list_orders(
    profile: ProfileOption = None,
    json: JsonOption = False,
    limit: Annotated[int, typer.Option(min=1, max=1000)] = 20,
) -> None:
    """列出最近的工单草稿."""
    settings = settings_for(profile)
    found = asyncio.run(with_store(settings, lambda store: store.orders(OrderFilter(limit=limit))))

    def show() -> None:
        table = Table("工单", "受理时间", "拨打号码", "来电", "类型", "摘要")
        for order in found:
            draft = order.draft
            table.add_row(
                draft.id,
                draft.received_at.astimezone().strftime("%m-%d %H:%M:%S"),
                draft.dialled.number,
                mask(draft.caller.number or ""),
                draft.demand_type or "",
                (draft.summary or "")[:40],
            )
        out.print(table)

    dumped = [order.draft.model_dump(mode="json") for order in found]
    answer(dumped, as_json=json, show=show)


@orders.command("show")
def show_one_order(
    order: Annotated[str, typer.Argument(help="工单号或通话号")],
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """显示一张工单草稿和它的转写."""
    settings = settings_for(profile)

    async def read(store: CallStore) -> ShownOrder | None:
        found = await store.order(order) or await store.order_of(CallId(order))
        if found is None:
            return None
        segments = await store.segments(CallId(found.draft.call_id))
        return ShownOrder(found, list(segments))

    found = asyncio.run(with_store(settings, read))
    if found is None:
        err.print(f"[red]没有工单或通话 {order}[/]")
        raise Refused
    answer(found.draft.model_dump(mode="json"), as_json=json, show=lambda: show_order(found))


def reconcile(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """用 Asterisk 自己的日志和磁盘上的录音补齐通话与工单, 可重复运行."""
    from records.reconcile import reconcile as run

    settings = settings_for(profile)
    report = asyncio.run(with_store(settings, lambda store: run(settings, store)))
    answer(report.as_dict(), as_json=json, show=lambda: out.print(str(report)))


def models(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """列出语音识别引擎: 有哪些, 适合什么, 如何获得更多."""
    from dataclasses import asdict

    from records.engine.registry import engines

    found = engines(settings_for(profile))

    def show() -> None:
        table = Table("引擎", "可用", "用途", "如何获得")
        for one in found:
            table.add_row(one.name, "是" if one.is_present else "否", one.what_for, one.how_to_get)
        out.print(table)

    answer([asdict(one) for one in found], as_json=json, show=show)


def transcribe(
    audio: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """把录音转成文字, 带时间."""
    from records.complete import hotwords
    from records.engine.registry import load
    from records.transcribe import listen, read_channels

    settings = settings_for(profile)
    engine = load(settings)
    words = hotwords(load_profile(settings))
    heard = [(path, listen(read_channels(path), engine, words)) for path in audio]
    results = [
        {
            "file": str(path),
            "text": "".join(segment.text for segment in transcript.segments),
            "engine": transcript.engine,
            "segments": [
                {
                    "channel": segment.channel,
                    "start_s": segment.start_s,
                    "end_s": segment.end_s,
                    "text": segment.text,
                }
                for segment in transcript.segments
            ],
        }
        for path, transcript in heard
    ]

    def show() -> None:
        for path, transcript in heard:
            out.print(f"[bold]{path}[/]")
            for segment in transcript.segments:
                span = f"{segment.start_s:6.1f}–{segment.end_s:.1f}"
                out.print(f"{span}  {segment.channel}  {segment.text}", markup=False)

    answer(results[0] if len(results) == 1 else results, as_json=json, show=show)

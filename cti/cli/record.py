"""``hotline orders | calls | reconcile | models``: what calls left behind."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Annotated, Any, TypeVar

import typer
from pydantic import TypeAdapter
from rich.table import Table
from sqlalchemy.exc import InterfaceError, OperationalError

from config.settings import Settings
from config.workdays import CHINA
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
from cti.effects import WriteJournal
from cti.ids import CallId, CentreId, mask
from queues.figures import wait
from records.callrecord import CallRecord, Direction, Talk
from records.covering import masked
from records.draft import WorkOrderDraft
from records.keyring import KeyFileError, ring
from records.orders import Order, OrderFilter
from records.sealing import KeyMissingError
from records.store import CallStore

T = TypeVar("T")
Limit = Annotated[int, typer.Option(min=1, max=1000, help="最多列出多少条, 最近的在前")]

Whole = Annotated[
    bool,
    typer.Option("--whole", help="与 --json 同用: 来电人的号码和姓名不遮盖, 谁看了记入审计"),
]

orders = typer.Typer(help="工单草稿")
calls = typer.Typer(help="通话记录")


async def with_store(settings: Settings, do: Callable[[CallStore], Awaitable[T]]) -> T:
    """Open the database, do one thing, close it. One that is away, or whose keys are, ends it."""
    try:
        store = await CallStore.open(settings.sql_url, ring(settings))
        try:
            return await do(store)
        finally:
            await store.close()
    except (KeyFileError, KeyMissingError) as error:
        say_refused(f"封存的资料读不了: {error.args[0]}; 见 docs/operations.md 的“密钥”")
        raise Refused from None
    except (OperationalError, InterfaceError, OSError) as error:
        # The driver's thread has yet to tell this loop that it ends, and complains to a closed one.
        await asyncio.sleep(0.1)
        why = str(getattr(error, "orig", None) or error)
        say_refused(f"数据库不可用: {why}; 运行 hotline doctor 检查, 或检查 HOTLINE_DATABASE_URL")
        raise Refused from None


def drafts_json(drafts: Iterable[WorkOrderDraft], *, whole: bool = False) -> list[dict[str, Any]]:
    """Orders as JSON; who called is covered unless ``whole``."""
    return [(draft if whole else masked(draft)).model_dump(mode="json") for draft in drafts]


def _refuse_whole_on_a_screen(*, whole: bool, as_json: bool) -> None:
    if whole and not as_json:
        raise typer.BadParameter("只能与 --json 同用", param_hint="--whole")


async def _note_seen_whole(store: CallStore, found: Iterable[Order]) -> None:
    """Write into the audit who reads these callers' numbers, before they are shown."""
    for order in found:
        draft = order.draft
        data = {"order": draft.id, "by": "command-line"}
        await store.write_audit(CentreId(draft.centre), os_user(), "order-seen-whole", data)


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


def show_order(order: ShownOrder, settings: Settings) -> None:
    """Print an order as a person would read it, with its recording's file when that is there."""
    from records.reading import read_order

    out.rule("工单草稿")
    recording = settings.recordings / f"{order.draft.call_id}.wav"
    file = str(recording) if recording.is_file() else None
    print_plain(read_order(masked(order.draft), order.segments, file=file))
    out.rule()


def print_plain(lines: Iterable[str]) -> None:
    """Print lines as they are: a file keeps them whole, a terminal wraps them itself."""
    for line in lines:
        out.print(line, markup=False, highlight=False, soft_wrap=True)


@orders.command("list")
def list_orders(
    profile: ProfileOption = None,
    json: JsonOption = False,
    whole: Whole = False,
    limit: Limit = 20,
) -> None:
    """列出最近的工单草稿."""
    _refuse_whole_on_a_screen(whole=whole, as_json=json)

    async def read(store: CallStore) -> Sequence[Order]:
        found = await store.orders(OrderFilter(limit=limit))
        if whole:
            await _note_seen_whole(store, found)
        return found

    found = asyncio.run(with_store(settings_for(profile), read))

    def show() -> None:
        table = Table("工单", "受理时间", "拨打号码", "来电", "类型", "摘要")
        for order in found:
            draft = masked(order.draft)
            table.add_row(
                draft.id,
                f"{draft.received_at.astimezone(CHINA):%m-%d %H:%M:%S}",
                draft.dialled.number,
                draft.caller.number or "",
                draft.demand_type or "",
                (draft.summary or "")[:40],
            )
        out.print(table)

    answer(drafts_json((o.draft for o in found), whole=whole), as_json=json, show=show)


@orders.command("show")
def show_one_order(
    order: Annotated[str, typer.Argument(help="工单号或通话号")],
    profile: ProfileOption = None,
    json: JsonOption = False,
    whole: Whole = False,
) -> None:
    """显示一张工单草稿和它的转写."""
    _refuse_whole_on_a_screen(whole=whole, as_json=json)
    settings = settings_for(profile)

    async def read(store: CallStore) -> ShownOrder | None:
        found = await store.order(order) or await store.order_of(CallId(order))
        if found is None:
            return None
        if whole:
            await _note_seen_whole(store, [found])
        segments = await store.segments(CallId(found.draft.call_id))
        return ShownOrder(found, list(segments))

    found = asyncio.run(with_store(settings, read))
    if found is None:
        say_refused(f"没有工单或通话 {order}")
        raise Refused
    [value] = drafts_json([found.draft], whole=whole)
    answer(value, as_json=json, show=lambda: show_order(found, settings))


@calls.command("list")
def list_calls(
    profile: ProfileOption = None,
    json: JsonOption = False,
    limit: Limit = 20,
) -> None:
    """列出最近的通话."""
    settings = settings_for(profile)
    found = asyncio.run(with_store(settings, lambda store: store.calls(limit=limit)))

    def show() -> None:
        table = Table("通话", "来电时间", "拨打号码", "来电", "结果", "接听", "等候 秒")
        for call in found:
            waited = wait(call) if call.direction is Direction.IN else None
            table.add_row(
                call.call,
                f"{call.arrived_at.astimezone(CHINA):%m-%d %H:%M:%S}",
                call.dnis,
                mask(call.ani),
                call.disposition.chinese,
                "、".join(dict.fromkeys(_who_talked(talk) for talk in call.talks)),
                "" if waited is None else f"{waited.total_seconds():.0f}",
            )
        out.print(table)

    answer([call_json(call) for call in found], as_json=json, show=show)


@calls.command("show")
def show_one_call(
    call: Annotated[str, typer.Argument(help="通话号")],
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """显示一次通话的经过."""
    settings = settings_for(profile)

    async def read(store: CallStore) -> tuple[CallRecord | None, Sequence[WriteJournal]]:
        return await store.call(CallId(call)), await store.journal(CallId(call))

    found, journal = asyncio.run(with_store(settings, read))
    if found is None:
        say_refused(f"没有通话 {call}")
        raise Refused
    events = [{"at": e.at.isoformat(), "what": e.what, **dict(e.data)} for e in journal]

    def show() -> None:
        print_plain([f"{name}: {value}" for name, value in call_json(found).items()])
        print_plain(["", "经过", *(" ".join(f"{v}" for v in event.values()) for event in events)])

    answer({**call_json(found), "journal": events}, as_json=json, show=show)


def _who_talked(talk: Talk) -> str:
    """A seat of ours, whom a move was to reach, or whose exchange answered."""
    return talk.seat or talk.target or (f"对端 {talk.peer}" if talk.peer else "其他号码")


def call_json(call: CallRecord) -> dict[str, Any]:
    """A call as JSON; the caller's number is masked, a terminal is not a place for it."""
    shown: dict[str, Any] = TypeAdapter(CallRecord).dump_python(call, mode="json")
    return shown | {"ani": mask(call.ani)}


def reconcile(profile: ProfileOption = None, json: JsonOption = False) -> None:
    """用 Asterisk 自己的日志和磁盘上的录音补齐通话与工单, 可重复运行."""
    from records.reconcile import reconcile as run

    settings = settings_for(profile)
    report = asyncio.run(with_store(settings, lambda store: run(settings, store)))
    told = (
        f"新增通话 {report.added}, 更正 {report.corrected}, 补结束 {report.closed}, "
        f"补欠草稿 {report.owed}, 新认录音 {report.recordings}, 修复录音 {report.mended}"
    )
    answer(report.as_dict(), as_json=json, show=lambda: out.print(told))


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

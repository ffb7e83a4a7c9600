"""``hotline callbacks``: who is to be called back."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter
from rich.table import Table

from config.workdays import CHINA
from cti.cli.options import JsonOption, ProfileOption, answer, out, settings_for
from cti.cli.record import with_store
from cti.ids import CentreId, mask
from queues.task import Task, TaskState
from records.callbacks import count, tasks
from records.store import CallStore

callbacks = typer.Typer(help="回拨任务: 打进来没有人接的来电人")

STATES = {
    TaskState.OWED: "待回拨",
    TaskState.CLAIMED: "回拨中",
    TaskState.DONE: "已回拨",
    TaskState.CLOSED: "已再次来电",
    TaskState.FAILED: "多次未通",
}

Centre = Annotated[str | None, typer.Option(help="只看这个中心")]


@callbacks.command("list")
def list_callbacks(
    everything: Annotated[bool, typer.Option("--all", help="已了结的也列出")] = False,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="最多列出多少个")] = 100,
    centre: Centre = None,
    profile: ProfileOption = None,
    json: JsonOption = False,
) -> None:
    """列出待回拨的来电, 最急的在前; 号码只显示末两位."""
    now = datetime.now(UTC)

    async def read(store: CallStore) -> Sequence[Task]:
        async with store.database.reading() as connection:
            return await tasks(
                connection, _of(centre), is_open=None if everything else True, limit=limit
            )

    found = [task.as_of(now) for task in asyncio.run(with_store(settings_for(profile), read))]
    shown = [_task_json(task, now) for task in found]
    answer(shown, as_json=json, show=lambda: _show(found, now))


@callbacks.command("count")
def count_callbacks(
    centre: Centre = None, profile: ProfileOption = None, json: JsonOption = False
) -> None:
    """各状态的回拨任务有多少, 待回拨的有多少已超时."""

    async def read(store: CallStore) -> dict[str, int]:
        async with store.database.reading() as connection:
            return dict(await count(connection, _of(centre), datetime.now(UTC)))

    found = asyncio.run(with_store(settings_for(profile), read))

    def show() -> None:
        names = {state.value: label for state, label in STATES.items()} | {"overdue": "已超时"}
        out.print("  ".join(f"{names[name]} {number}" for name, number in found.items()))

    answer(found, as_json=json, show=show)


def _of(centre: str | None) -> CentreId | None:
    return None if centre is None else CentreId(centre)


def _task_json(task: Task, now: datetime) -> dict[str, Any]:
    shown: dict[str, Any] = TypeAdapter(Task).dump_python(task, mode="json")
    return shown | {"number": mask(task.number), "is_overdue": task.is_overdue(now)}


def _show(found: Sequence[Task], now: datetime) -> None:
    table = Table("通话", "号码", "线路", "未接于", "最迟回拨", "状态", "已试", "备注")
    for task in found:
        remarks = ("超时" if task.is_overdue(now) else "", "短放弃" if task.is_short else "")
        table.add_row(
            task.call,
            mask(task.number),
            task.line,
            f"{task.missed_at.astimezone(CHINA):%m-%d %H:%M:%S}",
            f"{task.due_at.astimezone(CHINA):%m-%d %H:%M}",
            STATES[task.state],
            str(len(task.attempts)),
            " ".join(filter(None, remarks)),
        )
    out.print(table)

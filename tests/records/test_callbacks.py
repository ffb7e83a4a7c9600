"""Call-back tasks in the database: in step with the calls, whoever writes them and when."""

import itertools
from dataclasses import replace
from datetime import timedelta

from cti.ids import AgentId, CentreId
from queues.callback import claim, line_up
from queues.task import Task, TaskState
from records import callbacks
from records.callrecord import CallRecord, Source
from records.store import CallStore
from tests.queues.test_callback import answered, missed
from tests.records.samples import NOON

HERE = CentreId("chifeng")


async def kept(store: CallStore) -> list[Task]:
    async with store.database.reading() as connection:
        return await callbacks.tasks(connection, HERE)


async def test_tasks_follow_from_the_calls_in_whatever_order_they_are_written(
    store: CallStore,
) -> None:
    """Live, replayed late, twice: what stands in the end is what the calls say."""
    for turn, order in enumerate(list(itertools.permutations(range(4)))[::3]):
        number = f"1384765{turn:04}"
        told: list[CallRecord] = [missed(1, 0), missed(2, 600), answered(3, 900), missed(4, 9000)]
        told = [replace(one, call=f"{one.call}.{turn}", ani=number) for one in told]  # type: ignore[arg-type]
        for place in order:
            await store.write_call(told[place])
        await store.write_calls(told)
        mine = {task.call: task for task in await kept(store) if task.number == number}
        assert mine == {task.call: task for task in line_up(told, {})}


async def test_a_call_that_was_answered_after_all_leaves_no_task(store: CallStore) -> None:
    """The log knew only the end; the switch saw the talk."""
    await store.write_call(replace(missed(1, 0), source=Source.FILES))
    assert len(await kept(store)) == 1
    await store.write_call(answered(1, 0))
    assert await kept(store) == []


async def test_what_an_agent_does_with_a_task_outlives_a_replay(store: CallStore) -> None:
    await store.write_call(missed(1, 0))
    async with store.database.writing() as connection:
        held = await callbacks.change(
            connection,
            missed(1, 0).call,
            HERE,
            lambda task: claim(task, AgentId("anna"), NOON),
        )
    await store.write_calls([missed(1, 0), replace(missed(1, 0), source=Source.LOG, cause=17)])
    assert await kept(store) == [held]


async def test_another_centres_task_is_not_found(store: CallStore) -> None:
    await store.write_call(missed(1, 0))
    async with store.database.writing() as connection:
        there = CentreId("ningcheng")
        assert await callbacks.change(connection, missed(1, 0).call, there, lambda one: one) is None
        assert await callbacks.tasks(connection, there) == []


async def test_tasks_are_listed_by_urgency_and_counted(store: CallStore) -> None:
    lost = [missed(n, 60 * n, ani=f"1384765000{n}") for n in (3, 1, 2)]
    await store.write_calls(lost)
    await store.write_call(replace(answered(9, 5000), ani="13847650002"))
    assert [task.number[-1] for task in await kept(store)] == ["1", "2", "3"]
    async with store.database.reading() as connection:
        still_open = await callbacks.tasks(connection, HERE, is_open=True)
        over = await callbacks.tasks(connection, None, is_open=False, limit=5)
        counts = await callbacks.count(connection, HERE, NOON + timedelta(days=1, seconds=100))
    assert [task.number[-1] for task in still_open] == ["1", "3"]
    assert [task.state for task in over] == [TaskState.CLOSED]
    assert counts == {
        "owed": 2,
        "claimed": 0,
        "done": 0,
        "closed": 1,
        "failed": 0,
        "overdue": 1,
    }

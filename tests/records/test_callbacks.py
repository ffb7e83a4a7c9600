"""Call-back tasks in the database: in step with the calls, whoever writes them and when."""

import asyncio
import itertools
from dataclasses import replace
from datetime import timedelta
from functools import partial
from random import Random

import pytest
from sqlalchemy import event

from cti.effects import CompleteDraft, Fact, WriteCall, WriteJournal
from cti.ids import AgentId, CallId, CentreId
from queues.callback import CLAIM, WITHIN, TaskTaken, claim, line_up
from queues.task import Task, TaskState
from records import callbacks
from records.callrecord import CallRecord, Disposition, Source
from records.store import CallStore
from tests.queues.test_callback import ANNA, answered, called_out, missed
from tests.records.samples import NOON, arrived

HERE, THERE = CentreId("chifeng"), CentreId("ningcheng")


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


def a_crowd(dice: Random) -> list[CallRecord]:
    """200 calls of six numbers and two withheld ones at two centres, over four days."""
    crowd = []
    for count in range(200):
        at = dice.randrange(4 * 86400)
        one = answered(count, at)
        if dice.random() < 0.7:
            one = missed(count, at, lasts=dice.choice((2, 5, 40, 900)))
        if dice.random() < 0.2 and one.disposition is Disposition.ABANDONED:
            one = replace(one, disposition=Disposition.CUT, cause=27)
        ani = dice.choice(("", "anonymous", *(f"1384765000{n}" for n in range(6))))
        crowd.append(replace(one, ani=ani, centre=dice.choice((HERE, THERE))))
    return crowd


def told_live(crowd: list[CallRecord], dice: Random) -> list[Fact]:
    """What the switch says of them, each call's facts in order, all calls mixed."""
    told: list[list[Fact]] = []
    for one in crowd:
        begun = arrived(one.call, ani=one.ani, centre=one.centre, arrived_at=one.arrived_at)
        line = WriteJournal(call=one.call, at=one.arrived_at, what="CallArrived")
        over = CompleteDraft(call=one.call)
        told.append([over, WriteCall(record=one), line, WriteCall(record=begun)])
    turns = [facts for facts in told for _ in facts]
    dice.shuffle(turns)
    return [facts.pop() for facts in turns]


@pytest.mark.parametrize("how", ["one by one", "as the outbox does"])
@pytest.mark.parametrize("seed", [1, 2])
async def test_tasks_of_a_crowd_are_what_its_calls_say_number_by_number(
    store: CallStore, seed: int, how: str
) -> None:
    """Whatever the order and the batches; a call told twice changes nothing."""
    dice = Random(seed)
    crowd = a_crowd(dice)
    if how == "one by one":
        for one in dice.sample(crowd, len(crowd)):
            await store.write_call(one)
    else:
        facts = told_live(crowd, dice)
        while facts:
            batch = dice.randint(1, 40)
            await store.write_facts(facts[:batch])
            facts = facts[batch:]
        await store.write_calls(dice.sample(crowd, 60))
    async with store.database.reading() as connection:
        found = await callbacks.tasks(connection, None, limit=1000)
    expected = [
        task
        for key in {(one.centre, one.ani) for one in crowd}
        for task in line_up([one for one in crowd if (one.centre, one.ani) == key], {})
    ]
    assert {task.state for task in expected} == {TaskState.OWED, TaskState.CLOSED}
    assert {True, False} == {task.is_short for task in expected}
    assert {task.call: task for task in found} == {task.call: task for task in expected}


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
        assert await callbacks.change(connection, missed(1, 0).call, THERE, lambda one: one) is None
        assert await callbacks.tasks(connection, THERE) == []


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


async def claimed(store: CallStore, agent: str) -> Task | None:
    """Claim the first call's task at noon."""
    async with store.database.writing() as connection:
        rule = partial(claim, agent=AgentId(agent), now=NOON)
        return await callbacks.change(connection, missed(1, 0).call, HERE, rule)


async def test_a_claim_that_ran_out_counts_as_owed(store: CallStore) -> None:
    await store.write_calls([missed(n, 0, ani=f"1384765000{n}") for n in (1, 2)])
    await claimed(store, "anna")
    async with store.database.reading() as connection:
        held = await callbacks.count(connection, None, NOON + CLAIM / 2)
        ran_out = await callbacks.count(connection, HERE, NOON + CLAIM)
        elsewhere = await callbacks.count(connection, THERE, NOON)
    assert (held["owed"], held["claimed"]) == (1, 1)
    assert (ran_out["owed"], ran_out["claimed"]) == (2, 0)
    assert set(elsewhere.values()) == {0}


async def test_of_agents_who_claim_at_once_one_holds_the_task(store: CallStore) -> None:
    """The others are told so: nobody calls a number that another one calls."""
    await store.write_call(missed(1, 0))
    names = [f"agent-{n}" for n in range(8)]
    told = await asyncio.gather(*(claimed(store, name) for name in names), return_exceptions=True)
    [held] = [one for one in told if isinstance(one, Task)]
    assert [type(one) for one in told].count(TaskTaken) == len(names) - 1
    assert await kept(store) == [held]


async def test_a_claim_made_while_the_numbers_calls_are_written_is_kept(store: CallStore) -> None:
    """An earlier call becomes known and changes the deadline, while an agent claims the task."""
    await store.write_call(missed(1, 0))
    earlier = missed(2, -3600)
    async with asyncio.TaskGroup() as group, store.database.writing() as connection:
        rule = partial(claim, agent=AgentId("anna"), now=NOON)
        await callbacks.change(connection, missed(1, 0).call, HERE, rule)
        group.create_task(store.write_call(earlier))
        await asyncio.sleep(0.3)  # the writer has come as far as it can
    task = next(task for task in await kept(store) if task.call == missed(1, 0).call)
    assert (task.state, task.claimed_by) == (TaskState.CLAIMED, "anna")
    assert task.due_at == line_up([earlier, missed(1, 0)], {})[1].due_at < NOON + WITHIN


async def test_a_number_that_calls_all_day_costs_no_more_questions(store: CallStore) -> None:
    """Somebody who calls in vain again and again must not hold up what others' calls write."""
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(store.database.engine.sync_engine, "before_cursor_execute", note)
    counts = []
    for more in (3, 300):
        await store.write_calls([missed(more * 1000 + n, more * 60 + n * 60) for n in range(more)])
        asked.clear()
        await store.write_call(missed(more, 86400 + more))
        counts.append(len(asked))
    assert counts[0] == counts[1]


async def test_a_call_out_is_noted_as_an_attempt_of_its_task(store: CallStore) -> None:
    """In the transaction that writes the call, whoever writes it, once; the deadline stays."""
    await store.write_call(missed(1, 0))
    async with store.database.writing() as connection:
        await callbacks.change(
            connection, missed(1, 0).call, HERE, lambda task: claim(task, ANNA, NOON)
        )
    in_vain = called_out(1, outcome="rejected")
    await store.write_call(replace(in_vain, ended_at=None, disposition=Disposition.LIVE))
    (rung,) = await kept(store)
    assert (rung.state, rung.attempts) == (TaskState.CLAIMED, ())
    for source in (Source.LIVE, Source.LOG, Source.LIVE):
        await store.write_call(replace(in_vain, source=source))
    (owed_again,) = await kept(store)
    assert owed_again.state is TaskState.OWED
    assert [(one.outcome.value, one.agent) for one in owed_again.attempts] == [("busy", ANNA)]
    assert owed_again.due_at == rung.due_at
    await store.write_call(called_out(2, at=900, talked_s=40, outcome="answered"))
    (done,) = await kept(store)
    assert (done.state, len(done.attempts)) == (TaskState.DONE, 2)
    assert done.attempts[1].call == "out-1.2"


async def test_a_call_out_about_nothing_known_is_written_all_the_same(store: CallStore) -> None:
    """Its task may be of another centre, or gone; the call itself is owed its record and draft."""
    stray = replace(called_out(), about=CallId("node1-9.9"))
    await store.write_call(stray)
    assert await store.call(stray.call) == stray
    assert await kept(store) == []
    order = await store.order_of(stray.call)
    assert order is not None
    assert [one.text for one in order.draft.evidence if one.field == "about"] == ["node1-9.9"]

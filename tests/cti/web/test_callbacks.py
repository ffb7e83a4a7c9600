"""Call-back tasks over HTTP: who sees which number, and whose task it is."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from config.facts import Level
from config.platform import Platform
from config.profile import Profile
from cti.ids import AgentId, CentreId
from cti.outevents import AgentDials
from cti.web.desk import DeskHub
from cti.web.frames import Desk
from queues.callback import CLAIM, MOST_ATTEMPTS
from queues.seat import AgentState
from queues.task import Task, TaskState
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import FakeBrain, FakeStore, seat_view
from tests.cti.web.sample import ANI, missed_task

MASKED = "*********01"
BELOW = CentreId("hulunbuir")


@pytest.fixture(autouse=True)
def task(store: FakeStore) -> Task:
    """One caller lost an hour ago."""
    kept = missed_task()
    store.tasks[kept.call] = kept
    return kept


async def got(client: Client, path: str, user: str) -> Any:
    answer = await client.get(path, headers=bearer(user))
    assert answer.status == 200
    return await answer.json()


async def did(
    client: Client, call: str, what: str, user: str, outcome: str | None = None
) -> tuple[int, Any]:
    """Press a button; returns the status, and the task or the error's id."""
    path = f"/api/v1/callbacks/{call}/{what}"
    body = None if outcome is None else {"outcome": outcome}
    answer = await client.post(path, json=body, headers=bearer(user))
    told = await answer.json()
    return answer.status, told if answer.status == 200 else told["error"]["id"]


async def numbers(client: Client) -> dict[str, str]:
    """The one task's number as each reader sees it."""
    users = ("anna", "bao", "expert", "chief", "admin", "robot")
    found = {user: (await got(client, "/api/v1/callbacks", user))["items"] for user in users}
    return {user: items[0]["number"] for user, items in found.items()}


async def test_a_task_is_shown_with_what_an_agent_must_know(client: Client, task: Task) -> None:
    [item] = (await got(client, "/api/v1/callbacks?open=true", "anna"))["items"]
    assert item == {
        "call_id": task.call,
        "centre": "chifeng",
        "line": "8337772",
        "number": MASKED,
        "missed_at": task.missed_at.isoformat().replace("+00:00", "Z"),
        "due_at": task.due_at.isoformat().replace("+00:00", "Z"),
        "is_overdue": False,
        "is_short": True,
        "state": "owed",
        "attempts": [],
        "claimed_by": None,
        "claimed_until": None,
        "closed_by": None,
    }


async def test_the_number_is_for_who_claimed_it_and_for_supervisors(
    client: Client, store: FakeStore, task: Task
) -> None:
    """As long as the claim lasts; that it was shown is in the audit, without the number."""
    covered = dict.fromkeys(("anna", "bao", "expert", "chief", "admin", "robot"), MASKED)
    assert await numbers(client) == covered | {"chief": ANI}
    status, shown = await did(client, task.call, "claim", "anna")
    assert (status, shown["number"], shown["state"], shown["claimed_by"]) == (
        *(200, ANI, "claimed", "anna"),
    )
    assert await numbers(client) == covered | {"chief": ANI, "anna": ANI}
    assert store.audit == [("anna", "callback-claimed", {"call": task.call})]
    held = store.tasks[task.call]
    store.tasks[task.call] = replace(held, claimed_until=datetime.now(UTC) - timedelta(seconds=1))
    assert await numbers(client) == covered | {"chief": ANI}
    [item] = (await got(client, "/api/v1/callbacks", "anna"))["items"]
    assert (item["state"], item["claimed_by"], item["claimed_until"]) == ("owed", None, None)


async def test_two_agents_never_hold_one_task(client: Client, store: FakeStore, task: Task) -> None:
    """The second is told so and sees no number; given back, it is there for the next."""
    assert (await did(client, task.call, "claim", "anna"))[0] == 200
    assert await did(client, task.call, "claim", "bao") == (409, "callback-taken")
    assert await did(client, task.call, "release", "bao") == (409, "callback-not-claimed")
    assert await did(client, task.call, "attempt", "bao", "answered") == (
        *(409, "callback-not-claimed"),
    )
    status, shown = await did(client, task.call, "release", "anna")
    assert (status, shown["state"], shown["number"]) == (200, "owed", MASKED)
    assert (await did(client, task.call, "claim", "bao"))[1]["number"] == ANI
    assert [who for who, _, _ in store.audit] == ["anna", "bao"]


async def test_claiming_again_holds_it_for_longer(
    client: Client, store: FakeStore, task: Task
) -> None:
    await did(client, task.call, "claim", "anna")
    soon = datetime.now(UTC) + timedelta(seconds=5)
    store.tasks[task.call] = replace(store.tasks[task.call], claimed_until=soon)
    _, shown = await did(client, task.call, "claim", "anna")
    until = datetime.fromisoformat(shown["claimed_until"])
    assert timedelta(0) <= datetime.now(UTC) + CLAIM - until < timedelta(seconds=30)


async def test_attempts_are_kept_and_decide(client: Client, store: FakeStore, task: Task) -> None:
    """Not reached, it is owed again; reached, it is done and nobody claims it any more."""
    await did(client, task.call, "claim", "anna")
    status, shown = await did(client, task.call, "attempt", "anna", "no-answer")
    assert (status, shown["state"], shown["number"]) == (200, "owed", MASKED)
    await did(client, task.call, "claim", "bao")
    status, shown = await did(client, task.call, "attempt", "bao", "answered")
    assert (status, shown["state"]) == (200, "done")
    assert [(one["agent"], one["outcome"]) for one in shown["attempts"]] == [
        ("anna", "no-answer"),
        ("bao", "answered"),
    ]
    assert await did(client, task.call, "claim", "anna") == (409, "callback-not-open")
    assert store.tasks[task.call].state is TaskState.DONE


async def test_tried_often_enough_is_failed(client: Client, task: Task) -> None:
    for _ in range(MOST_ATTEMPTS):
        await did(client, task.call, "claim", "anna")
        _, shown = await did(client, task.call, "attempt", "anna", "busy")
    assert shown["state"] == "failed"


@pytest.mark.parametrize("body", [{}, {"outcome": "later"}, {"outcome": "busy", "more": 1}, []])
async def test_an_outcome_that_is_none_is_refused(
    client: Client, store: FakeStore, task: Task, body: object
) -> None:
    await did(client, task.call, "claim", "anna")
    path = f"/api/v1/callbacks/{task.call}/attempt"
    answer = await client.post(path, json=body, headers=bearer("anna"))
    assert (answer.status, (await answer.json())["error"]["id"]) == (422, "invalid-body")
    assert store.tasks[task.call].attempts == ()


async def test_tasks_are_listed_by_urgency_in_pieces_and_counted(
    client: Client, store: FakeStore, task: Task
) -> None:
    """Most urgent first; those over are seen when asked for; the count is of all."""
    late = missed_task("node1-1.1", ani="13900000001", ago=timedelta(hours=30))
    done = replace(
        missed_task("node1-1.2", ani="13900000002", ago=timedelta(hours=29)), state=TaskState.DONE
    )
    ran_out = replace(
        missed_task("node1-1.3", ani="13900000003", ago=timedelta(hours=2)),
        state=TaskState.CLAIMED,
        claimed_by=AgentId("bao"),
        claimed_until=datetime.now(UTC),
    )
    store.tasks |= {one.call: one for one in (done, ran_out, late)}
    for query, expected in (
        ("", [late, done, ran_out, task]),
        ("?open=true", [late, ran_out, task]),
        ("?open=false", [done]),
        ("?open=true&limit=1&offset=1", [ran_out]),
    ):
        body = await got(client, f"/api/v1/callbacks{query}", "anna")
        assert [item["call_id"] for item in body["items"]] == [one.call for one in expected]
        overdue = [item["call_id"] for item in body["items"] if item["is_overdue"]]
        assert overdue == [one.call for one in expected if one is late]
    assert await got(client, "/api/v1/callbacks/count", "anna") == {
        "owed": 3,
        "claimed": 0,
        "done": 1,
        "closed": 0,
        "failed": 0,
        "overdue": 1,
    }


@pytest.mark.parametrize("query", ["open=perhaps", "limit=0", "limit=201", "offset=-1", "state=x"])
async def test_a_query_that_is_none_is_refused(client: Client, query: str) -> None:
    answer = await client.get(f"/api/v1/callbacks?{query}", headers=bearer("anna"))
    assert (answer.status, (await answer.json())["error"]["id"]) == (422, "invalid-query")


async def test_a_task_of_another_centre_is_not_there(
    client: Client, store: FakeStore, task: Task
) -> None:
    """Neither listed, nor counted, nor to be claimed; nor is one that never was."""
    assert (await got(client, "/api/v1/callbacks", "xia"))["items"] == []
    assert (await got(client, "/api/v1/callbacks/count", "xia"))["owed"] == 0
    for call, user in ((task.call, "xia"), ("node1-9.9", "anna")):
        for what, outcome in (("claim", None), ("release", None), ("attempt", "busy")):
            assert await did(client, call, what, user, outcome) == (404, "callback-unknown")
    assert store.tasks[task.call] == task
    assert store.audit == []


async def test_the_province_reads_the_tasks_below_and_takes_none(
    client: Client, store: FakeStore, hub: DeskHub, profile: Profile
) -> None:
    home = profile.model_copy(update={"level": Level.PROVINCE})
    city = profile.model_copy(update={"centre": BELOW})
    hub.know(Platform(centres=(home, city), revision=2))
    theirs = missed_task("node1-5.5", centre=BELOW)
    store.tasks[theirs.call] = theirs
    for user, number in (("chief", ANI), ("admin", MASKED)):
        [item] = (await got(client, f"/api/v1/callbacks?centre={BELOW}", user))["items"]
        assert (item["call_id"], item["number"]) == (theirs.call, number)
        assert (await got(client, f"/api/v1/callbacks/count?centre={BELOW}", user))["owed"] == 1
    for path in ("/api/v1/callbacks", "/api/v1/callbacks/count"):
        answer = await client.get(f"{path}?centre={BELOW}", headers=bearer("anna"))
        assert (answer.status, (await answer.json())["error"]["id"]) == (403, "other-centre")
    assert await did(client, theirs.call, "claim", "chief") == (404, "callback-unknown")


def sit(brain: FakeBrain, agent: str = "anna", **other: object) -> None:
    """Let that agent sit at 1001, ready."""
    view = seat_view("1001", agent=AgentId(agent), state=AgentState.AVAILABLE)
    brain.seats[view.seat] = replace(view, **other)  # type: ignore[arg-type]


async def test_from_a_claimed_task_the_agent_calls_out(
    client: Client, store: FakeStore, brain: FakeBrain, task: Task
) -> None:
    """The brain is asked to, with all it needs; the claim begins anew; the audit knows."""
    sit(brain)
    await did(client, task.call, "claim", "anna")
    soon = datetime.now(UTC) + timedelta(seconds=5)
    store.tasks[task.call] = replace(store.tasks[task.call], claimed_until=soon)
    status, shown = await did(client, task.call, "dial", "anna")
    [asked] = brain.submitted
    assert isinstance(asked, AgentDials)
    assert (status, shown) == (200, {"call_id": asked.call})
    assert (asked.seat, asked.agent, asked.about) == ("chifeng-1001", "anna", task.call)
    assert (asked.centre, asked.line, asked.number) == (task.centre, task.line, task.number)
    assert re.fullmatch(r"out-\d{10}\.\d{3}1001", asked.call)
    until = store.tasks[task.call].claimed_until
    assert until is not None
    assert until > soon + CLAIM / 2
    assert store.audit[-1] == (
        "anna",
        "callback-dialled",
        {"call": task.call, "out": asked.call},
    )


async def test_nobody_calls_out_who_cannot(
    client: Client, store: FakeStore, brain: FakeBrain, hub: DeskHub, profile: Profile, task: Task
) -> None:
    """Each with its own reason, and the brain is not even asked."""
    assert await did(client, task.call, "dial", "anna") == (409, "not-signed-in")
    sit(brain)
    assert await did(client, task.call, "dial", "anna") == (409, "callback-not-claimed")
    assert await did(client, "node1-9.9", "dial", "anna") == (404, "callback-unknown")
    await did(client, task.call, "claim", "anna")
    for state in (AgentState.OFFERED, AgentState.TALKING):
        sit(brain, state=state)
        assert await did(client, task.call, "dial", "anna") == (409, "seat-busy")
    sit(brain, has_phone=False)
    assert await did(client, task.call, "dial", "anna") == (409, "phone-missing")
    sit(brain)
    hub.know(Platform(centres=(profile.model_copy(update={"dial_out": ""}),)))
    assert await did(client, task.call, "dial", "anna") == (409, "no-way-out")
    assert await did(client, task.call, "dial", "xia") == (409, "no-way-out")
    assert brain.submitted == []


async def test_who_is_not_ready_or_wraps_up_may_call_out(
    client: Client, brain: FakeBrain, task: Task
) -> None:
    await did(client, task.call, "claim", "anna")
    for state in (AgentState.NOT_READY, AgentState.WRAP_UP):
        sit(brain, state=state)
        assert (await did(client, task.call, "dial", "anna"))[0] == 200
    assert len(brain.submitted) == 2


async def test_an_offered_task_is_declined_by_whom_it_was_offered_to(
    client: Client, store: FakeStore, hub: DeskHub, task: Task
) -> None:
    """The task itself stays as it is; who was not asked has nothing to decline."""
    hub.tasks.offer(AgentId("anna"), task, datetime.now(UTC))
    status, shown = await did(client, task.call, "decline", "bao")
    assert (status, shown["state"], hub.tasks.take_declined()) == (200, "owed", [])
    assert (await did(client, task.call, "decline", "anna"))[0] == 200
    assert hub.tasks.take_declined() == [("anna", task.call)]
    assert hub.tasks.take_declined() == []
    assert await did(client, "node1-9.9", "decline", "anna") == (404, "callback-unknown")
    assert store.tasks[task.call] == task


async def test_an_offered_task_stands_on_the_desk_until_it_is_withdrawn(
    hub: DeskHub, task: Task
) -> None:
    """Told as a change, and in the snapshot of a desk that comes later; never the whole number."""
    anna, now = AgentId("anna"), datetime.now(UTC)
    desk = hub.open(anna, None)
    await frame(desk)
    hub.tasks.offer(anna, task, now)
    told = await frame(desk)
    assert (told["seq"], told["type"]) == (1, "callback-offered")
    assert told["callback"] == {
        "call_id": task.call,
        "line": task.line,
        "number": MASKED,
        "missed_at": task.missed_at.isoformat(),
        "due_at": task.due_at.isoformat(),
        "is_overdue": False,
        "attempts": 0,
    }
    later = await frame(hub.open(anna, None))
    assert later["desk"]["callback"] == told["callback"]
    hub.tasks.withdraw(anna, task.call)
    gone = await frame(desk)
    assert (gone["type"], gone["call"]) == ("callback-withdrawn", task.call)
    assert (await frame(hub.open(anna, None)))["desk"]["callback"] is None


async def frame(desk: Desk) -> Any:
    taken = await desk.take()
    assert taken is not None
    return json.loads(taken[0])


async def test_a_database_that_is_away_is_said(
    client: Client, store: FakeStore, task: Task
) -> None:
    """503, and nothing claimed."""
    await did(client, task.call, "release", "anna")  # who asks is known by now
    store.is_away = True
    assert await did(client, task.call, "claim", "anna") == (503, "store-unavailable")
    store.is_away = False
    assert store.tasks[task.call] == task

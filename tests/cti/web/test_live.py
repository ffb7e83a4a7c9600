"""Live figures at supervisors' desks: a snapshot, then nothing but what has changed."""

import asyncio
import json
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest

from cti.ids import AgentId, CentreId
from cti.ports import Groups
from cti.web.desk import DeskHub
from cti.web.figures import LiveShown
from cti.web.frames import Desk
from cti.web.live import push_live
from queues.live import LiveBoard
from queues.seat import AgentState
from tests.cti.web.conftest import Client, bearer
from tests.cti.web.fakes import CHIFENG, NOON, FakeBrain, FakeStore, seat_view
from tests.cti.web.test_desksocket import desk_of
from tests.cti.web.test_fold import fold_all, owed

CHIEF = AgentId("chief")


def board(*seats: tuple[str, AgentState], waiting: int = 0) -> dict[str, dict[str, Any]]:
    views = [seat_view(name, agent=AgentId(f"a{name}"), state=state) for name, state in seats]
    shown = LiveBoard(NOON).live(CHIFENG, NOON, [], views)
    groups = {group: dict(names) for group, names in shown.items()}
    groups["now"]["waiting"] = waiting
    return groups


BUSY = board(("1001", AgentState.TALKING), waiting=2)


async def test_a_supervisor_is_shown_the_centre_as_it_is(client: Client, brain: FakeBrain) -> None:
    """The snapshot holds all of it; an agent's or an expert's none."""
    brain.board[CHIFENG] = BUSY
    async with desk_of(client, "chief") as desk:
        assert (await desk.hear())["desk"]["live"] == BUSY
    for user in ("anna", "expert"):
        async with desk_of(client, user) as desk:
            assert (await desk.hear())["desk"]["live"] is None


async def test_a_supervisor_hears_what_changed_and_agents_nothing(
    client: Client, hub: DeskHub, brain: FakeBrain
) -> None:
    """One more waits: one name with its new value, numbered like every delta."""
    brain.board[CHIFENG] = BUSY
    async with desk_of(client, "chief") as chief, desk_of(client) as anna:
        for desk in (chief, anna):
            await desk.hear()
        hub.show_live(CHIFENG, BUSY)
        hub.show_live(CHIFENG, board(("1001", AgentState.TALKING), waiting=3))
        hub.show_live(CentreId("ningcheng"), BUSY)
        assert await chief.hear() == {"seq": 1, "type": "live", "live": {"now": {"waiting": 3}}}
        assert (await anna.ask("ping"))["ok"]
        assert (await chief.ask("ping"))["ok"]


async def test_the_board_is_pushed_while_somebody_looks(
    client: Client, hub: DeskHub, store: FakeStore
) -> None:
    """Nobody's centre is reckoned for nobody; a desk that stays open follows by itself.

    What is owed to callers comes from the database; while that is away, the rest goes on.
    """
    asked: list[CentreId] = []

    class Counting(FakeBrain):
        def live(self, centre: CentreId) -> Groups:
            asked.append(centre)
            store.is_away = len(asked) < 15
            return board(waiting=len(asked))

    async with asyncio.TaskGroup() as group:
        work = group.create_task(push_live(hub, Counting(), store, every_s=0.01))
        await asyncio.sleep(0.1)
        assert asked == []
        async with desk_of(client, "chief") as desk:
            await desk.hear()
            heard = [await desk.hear() for _ in range(3)]
            while "callbacks" not in (last := (await desk.hear())["live"]):
                pass
        work.cancel()
    assert set(asked) == {CHIFENG}
    assert [one["live"]["now"]["waiting"] for one in heard] == [1, 2, 3]
    assert last == {"callbacks": {"owed": 0, "overdue": 0}}


async def test_programs_read_the_whole(client: Client, brain: FakeBrain) -> None:
    """As the API's own document says; agents may not, nor may anybody see another's centre."""
    brain.board[CHIFENG] = BUSY
    for user in ("chief", "admin", "robot"):
        answer = await client.get("/api/v1/live", headers=bearer(user))
        told = await answer.json()
        assert LiveShown.model_validate(told).now.waiting == 2
        assert told.pop("callbacks") == {"owed": 0, "overdue": 0}
        assert {name: told[name] for name in BUSY} == BUSY
    assert (await client.get("/api/v1/live", headers=bearer("anna"))).status == 403
    there = await client.get("/api/v1/live?centre=ningcheng", headers=bearer("chief"))
    assert (await there.json())["error"]["id"] == "other-centre"


async def test_a_screen_on_a_wall_is_told_of_nobody_by_name(
    client: Client, brain: FakeBrain
) -> None:
    """The figures, and how many seats stand how; who sits where visitors need not read."""
    brain.board[CHIFENG] = BUSY
    told = await (await client.get("/api/v1/live", headers=bearer("wall"))).json()
    assert LiveShown.model_validate(told).states == BUSY["states"]
    assert (told["seats"], told["hands"]) == ({}, {})


def any_board(rolls: Random) -> Groups:
    """Seats come, go and change; figures change."""
    names = rolls.sample(["1001", "1002", "1003"], rolls.randrange(4))
    working = [state for state in AgentState if state is not AgentState.LOGGED_OUT]
    return board(*((name, rolls.choice(working)) for name in names), waiting=rolls.randrange(3))


def watched(hub: DeskHub, rolls: Random) -> tuple[list[Any], Any]:
    """One supervisor's messages over some seconds, and what a new desk would be shown then."""
    desk: Desk = hub.open(CHIEF, None, CHIFENG)
    for _ in range(rolls.randrange(1, 9)):
        hub.show_live(CHIFENG, any_board(rolls))
    fresh = owed(hub.open(CHIEF, None, CHIFENG))[0]["desk"]
    return owed(desk), fresh


@pytest.mark.parametrize("seed", range(10))
def test_the_page_folds_changes_into_what_a_new_desk_would_be_shown(
    hub: DeskHub, tmp_path: Path, seed: int
) -> None:
    """Old snapshot + changes = new snapshot, in the page's own JavaScript, from nothing too."""
    frames, fresh = watched(hub, Random(seed))
    [folded] = fold_all([frames], tmp_path)
    told = deepcopy(folded)
    assert (told.pop("seq"), told.pop("at") and 0) == (len(frames) - 1, 0)
    assert told.pop("epoch") == frames[0]["epoch"]
    fresh.pop("at")
    assert told == fresh


async def test_a_board_is_pushed_small(hub: DeskHub) -> None:
    """A thousand seats of which one changed are one seat's bytes."""
    states = [(str(2000 + n), AgentState.AVAILABLE) for n in range(1000)]
    desk = hub.open(CHIEF, None, CHIFENG)
    hub.show_live(CHIFENG, board(*states))
    hub.show_live(CHIFENG, board(*states[:-1], (states[-1][0], AgentState.TALKING)))
    last = owed(desk)[-1]
    assert list(last["live"]["seats"]) == ["chifeng-2999"]
    assert len(json.dumps(last)) < 400

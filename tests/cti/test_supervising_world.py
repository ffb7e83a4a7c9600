"""Random days with a supervisor: whatever it presses beside the moves, no caller is lost."""

import random

import pytest

from queues.seat import AgentState
from tests.cti.listeningworld import BOSS, ListeningWorld
from tests.cti.test_moving_world import day


def nobody_is_lost(seed: int) -> ListeningWorld:
    world = ListeningWorld(random.Random(seed))
    day(world, 5 + seed % 115)
    assert world.switch.live_calls == frozenset()
    assert world.channels == {}
    assert world.switch._picture.listeners == {}  # noqa: SLF001  # what it believes is tested
    view = world.switch.seat(BOSS)
    assert view is not None
    assert (view.state, view.reason) in (
        (AgentState.NOT_READY, "sign-in"),
        (AgentState.NOT_READY, "phone-lost"),
        (AgentState.AVAILABLE, ""),
    )
    return world


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_no_caller_is_lost_while_a_supervisor_hears_joins_and_takes_over(first: int) -> None:
    """Beside moves, refusals, hang-ups and vanishing phones; every wish is answered at once."""
    worlds = [nobody_is_lost(seed) for seed in range(first, first + 50)]
    assert sum(world.taken for world in worlds) > 0


@pytest.mark.soak
def test_no_caller_is_lost_on_ten_thousand_supervised_days() -> None:
    """The same for longer."""
    for seed in range(1000, 11000):
        nobody_is_lost(seed)

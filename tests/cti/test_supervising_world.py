"""Random days with a supervisor: whatever it presses beside the moves, no caller is lost.

Nor by a link that is lost for some seconds meanwhile.
"""

import random

import pytest

from cti.listener import SUPERVISING
from queues.seat import AgentState
from tests.cti.listeningworld import TAKES, ListeningWorld, OutOfSight
from tests.cti.supervised import BOSS
from tests.cti.test_moving_world import LASTING, day, is_looked_after


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


def nobody_is_lost_out_of_sight(seed: int) -> OutOfSight:
    world = OutOfSight(random.Random(seed))
    for _ in range(5 + seed % 56):
        world.step()
        dice = world.dice.random()
        if dice < 0.1:
            world.signs()
        elif dice < 0.2:
            world.is_cut_off()
        elif dice < 0.4:
            world.settle()
            world.looks_again()
        if dice < 0.7:
            world.settle()
            all_are_looked_after(world)
    world.rest(300)
    all_are_looked_after(world)
    for call in world.switch._picture.calls.values():  # noqa: SLF001  # what it believes is tested
        assert call.move is None or call.move.step in LASTING, call.move
        assert call.stand.going == {}, call.stand
    for caller in list(world.callers.values()):
        world.caller_hangs_up(caller)
    world.rest(120)
    assert world.switch.live_calls == frozenset()
    assert world.channels == {}
    assert world.switch._picture.listeners == {}  # noqa: SLF001  # as above
    view = world.switch.seat(BOSS)
    assert view is not None
    assert view.state not in (AgentState.OFFERED, AgentState.TALKING)
    assert view.reason != SUPERVISING
    return world


def all_are_looked_after(world: OutOfSight) -> None:
    """The callers; a talk is heard by nobody without a name, and no seat waits for nothing."""
    is_taking = bool(world.said) and world.said[-1].phase in TAKES
    assert world.ear is None or world.has_name or is_taking, world.ear
    boss = world.switch.seat(BOSS)
    is_in_room = any(one.seat == BOSS for one in world.channels.values())
    is_busy = is_in_room or BOSS in world.switch._picture.listeners  # noqa: SLF001  # as above
    assert boss is not None
    assert is_busy or boss.reason != SUPERVISING, boss
    for caller in world.callers.values():
        call = world.switch._picture.calls[caller.call]  # noqa: SLF001  # what it believes is tested
        assert is_looked_after(world, caller), (caller, call.move, world.channels)


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_no_caller_of_a_supervised_talk_is_lost_out_of_sight(first: int) -> None:
    """The link is lost for seconds, also while one takes over or both are brought to the room."""
    worlds = [nobody_is_lost_out_of_sight(seed) for seed in range(first, first + 50)]
    assert sum(world.taken for world in worlds) > 0


@pytest.mark.soak
def test_no_caller_is_lost_on_five_thousand_supervised_days_out_of_sight() -> None:
    """The same for longer."""
    for seed in range(1000, 6000):
        nobody_is_lost_out_of_sight(seed)

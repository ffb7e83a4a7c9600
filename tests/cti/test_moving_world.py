"""Random days of moves: whatever agents press and whoever hangs up, no caller is lost.

At every quiet moment each caller is with somebody, on hold with somebody coming, or in the queue;
what the switch believes is what stands in Asterisk; and at the end each call has one record.
"""

import random

import pytest

from cti.call import CallState
from queues.seat import AgentState
from tests.cti.movingworld import SEATS, Caller, World
from transfer.step import FINAL, Step

LASTING = frozenset({Step.CONSULTING, Step.SWAPPED, Step.JOINED})
"""Steps that people end, not deadlines."""


def check(world: World) -> None:
    """What must hold whenever nothing is under way between brain and Asterisk."""
    calls = world.switch._picture.calls  # noqa: SLF001  # what it believes is what is tested
    for caller in world.callers.values():
        call = calls[caller.call]
        where = (caller, call.move, call.stand, world.others(caller.call, "rings", "room", "talk"))
        assert is_looked_after(world, caller), where
        heard = {
            (one.seat, one.peer, one.told_leg or one.leg)
            for one in world.channels.values()
            if caller.bridge and one.bridge == caller.bridge
        }
        assert heard == {(one.seat, one.peer, one.leg) for one in call.partners}, where
        assert heard == {(one.seat, one.peer, one.leg) for one in call.talk_partners}, where
        assert (caller.call in world.switch.waiting) <= (caller.at == "wait"), where
        assert call.move is None or call.move.step not in FINAL, where
        if caller.at == "hold" or (caller.at == "away" and not caller.bridge):
            assert call.state is CallState.HELD, where
    for seat in SEATS:
        view = world.switch.seat(seat)
        here = [one for one in world.channels.values() if one.seat == seat]
        assert view is not None, "the plan has it"
        if any(one.at in ("talk", "room", "hold") for one in here):
            assert view.state is AgentState.TALKING, (seat, here, view)
        elif not here and not any(
            one.move is not None and one.move.step is Step.SENDING for one in calls.values()
        ):  # who hung up as its key was pressed: a deadline ends what could not begin
            assert view.state not in (AgentState.OFFERED, AgentState.TALKING), (seat, view)
    for channel in world.channels.values():
        is_known = channel.call in world.callers or channel.call in world.switch.live_calls
        assert is_known, f"{channel} is left behind"
        if channel.told_leg and channel.at == "rings" and channel.call in world.callers:
            move = calls[channel.call].move
            assert move is not None, f"{channel} rings for nothing"
            assert move.leg == channel.told_leg, f"{channel} rings for nothing"


def is_looked_after(world: World, caller: Caller) -> bool:
    """Whether the caller is with somebody, on its way to somebody, or in the queue."""
    if caller.at in ("wait", "connect", "talk"):
        return True
    if caller.at == "survey":  # nobody else was to have it
        to_come = world.others(caller.call, "rings", "hold")
        return caller.is_surprised or not [one for one in to_come if one.told_leg]
    if caller.at == "room":
        return bool(world.others(caller.call, "room"))
    if caller.at == "away":
        return bool(world.others(caller.call, "rings", "talk"))
    move = world.switch._picture.calls[caller.call].move  # noqa: SLF001  # as above
    return move is not None and bool(world.others(caller.call, "rings", "room", "hold"))


def day(world: World, steps: int) -> None:
    """Live through a day, and let everybody hang up in the end."""
    for _ in range(steps):
        world.step()
        if world.dice.random() < 0.6:
            world.settle()
            check(world)
    world.rest(300)
    check(world)
    for call in world.switch._picture.calls.values():  # noqa: SLF001  # as above
        is_settled = call.move is None or call.move.step in LASTING
        assert is_settled, (call.move, call.stand, world.callers[call.id])
        assert call.stand.going == {}, (call.move, call.stand, world.callers[call.id])
    for caller in list(world.callers.values()):
        world.caller_hangs_up(caller)
    world.rest(120)
    check(world)


@pytest.mark.parametrize("first", range(0, 400, 50))
def test_no_caller_is_lost_on_the_way(first: int) -> None:
    """Random moves, keys, answers, refusals, hang-ups and vanishing phones, four calls at once."""
    for seed in range(first, first + 50):
        nobody_is_lost(seed, 5 + seed % 115)


@pytest.mark.parametrize(("seed", "steps"), [(27048, 28), (302293, 78)])
def test_no_day_that_once_lost_a_caller_does_so_again(seed: int, steps: int) -> None:
    """It came to the wait twice, and was taken out of its ringing."""
    nobody_is_lost(seed, steps)


@pytest.mark.soak
def test_no_caller_is_lost_on_ten_thousand_days() -> None:
    """The same for longer."""
    for seed in range(1000, 11000):
        nobody_is_lost(seed, 5 + seed % 115)


def nobody_is_lost(seed: int, steps: int) -> None:
    world = World(random.Random(seed))
    day(world, steps)
    assert world.switch.live_calls == frozenset()
    assert world.channels == {}
    assert set(world.owed.values()) <= {1}, "one draft each"
    assert set(world.owed) == set(world.records)
    for record in world.records.values():
        assert record.ended_at is not None
        assert "live" not in [offered.outcome for offered in record.offers]
        assert all(talk.until is not None and talk.until >= talk.since for talk in record.talks)
        assert list(record.talks) == sorted(
            record.talks, key=lambda talk: (talk.since, talk.seat, talk.peer, talk.leg)
        )

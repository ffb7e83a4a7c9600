"""Random days of moves on which the brain dies or is cut off: no caller is lost by that either.

A brain that comes back knows nothing but what stands in Asterisk. What was told or ordered in the
moment of its death is lost.
"""

import random
from datetime import timedelta

import pytest

from cti.effects import OfferCall
from cti.events import LinkLost, SnapshotTaken
from cti.happened import Phone
from cti.ids import CallId, LegId
from cti.seen import SeenChannel, SeenMember
from cti.switch import Switch
from tests.cti.moved import MOVE_PLAN
from tests.cti.movingworld import AGENTS, SEATS, Caller, Channel, World
from tests.cti.playbook import ANI, CENTRE, DNIS, LINE, NOON
from tests.cti.test_moving_world import LASTING, check, is_looked_after
from transfer.step import Step

CALLERS = {"talk": "connect"}
OTHERS = {"rings": "from-seat-chifeng", "talk": "from-seat-chifeng", "room": "seat-room"}


class Blackouts(World):
    """A world whose brain can be taken away from it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.unseen: set[CallId] = set()
        """Calls that ended out of sight: Asterisk's own log has them, and is replayed."""

    def look(self) -> SnapshotTaken:
        """All that stands in Asterisk."""
        channels = [*map(self.seen_caller, self.callers.values())]
        channels += [*map(self.seen, self.channels.values())]
        self.dice.shuffle(channels)
        return SnapshotTaken(
            at=self.at,
            channels=tuple(channels),
            members=tuple(
                SeenMember(
                    seat=seat, agent=AGENTS[seat], is_paused=False, reason="", phone=Phone.FREE
                )
                for seat in SEATS
            ),
        )

    def seen_caller(self, caller: Caller) -> SeenChannel:
        since = NOON + timedelta(seconds=caller.since)
        return SeenChannel(
            channel=caller.name,
            call=caller.call,
            seat=None,
            context=CALLERS.get(caller.at, caller.at),
            bridge=caller.bridge,
            ani=ANI,
            centre=CENTRE,
            line=LINE,
            dnis=DNIS,
            offer=caller.offer,
            arrived_at=since,
            since=since,
            move=caller.move,
            goes=caller.go,
            away=caller.away.leg if caller.away is not None else LegId(""),
        )

    def seen(self, channel: Channel) -> SeenChannel:
        return SeenChannel(
            channel=channel.name,
            call=channel.call,
            seat=channel.seat,
            peer=channel.peer,
            context=OTHERS.get(channel.at, channel.at),
            bridge=channel.bridge,
            leg=channel.told_leg,
        )

    def offer(self, order: OfferCall, caller: Caller | None) -> None:
        """A redirect takes a caller from wherever it is."""
        if caller is not None and caller.at == "connect":
            self.pull(caller)
            caller.at = "wait"
        super().offer(order, caller)

    def dies(self) -> None:
        """The brain is killed; another comes, and looks."""
        self.goes_dark(self.dice.randrange(len(self.orders) + 1))
        self.unseen |= set(self.records) - set(self.callers)
        self.switch = Switch(MOVE_PLAN, self.at)
        self.tell(self.look())

    def is_cut_off(self) -> None:
        """The link breaks; what happens meanwhile goes unheard."""
        self.tell(LinkLost(at=self.at))
        for _ in range(self.dice.randrange(4)):
            self.step()
        self.goes_dark(len(self.orders))
        self.tell(self.look())

    def goes_dark(self, given: int) -> None:
        """So many orders had been given; Asterisk carries them out, and nobody is told of it."""
        for order in self.orders[:given]:
            self.carry_out(order)
        while self.redirects:
            self.obey()
        self.orders.clear()
        self.events.clear()

    def looks_again(self) -> None:
        """A look without a cause changes nothing."""
        self.tell(self.look())


DEATHS = (
    (4052, 17),  # 110 was asked for out of sight, and its agent hung up meanwhile
    (154880, 29),  # dead between sending a caller away and writing to whom
    (7003162, 31),  # dead as it rang, and the next brain's order to ring under that name refused
    (1247, 14),  # the caller had come into the room by itself while an expert rang
)
LOOKS = (
    (146245, 12),  # the caller had come into the room by itself during a consult
    (1007525, 56),  # sent away from hold in the moment in which it gave up holding
)


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_no_brains_death_loses_a_caller(first: int) -> None:
    """At whatever step, each caller is looked after again as soon as another brain has looked."""
    for seed in range(first, first + 50):
        no_death_loses(seed, 5 + seed % 56)


@pytest.mark.parametrize(("seed", "steps"), DEATHS)
def test_no_brains_death_that_once_lost_a_caller_does_so_again(seed: int, steps: int) -> None:
    """Days on which it did."""
    no_death_loses(seed, steps)


@pytest.mark.soak
def test_no_brains_death_on_five_thousand_days_loses_a_caller() -> None:
    """The same for longer."""
    for seed in range(1000, 6000):
        no_death_loses(seed, 5 + seed % 56)


def no_death_loses(seed: int, steps: int) -> None:
    world = Blackouts(random.Random(seed))
    for _ in range(steps):
        world.step()
        dice = world.dice.random()
        if dice < 0.1:
            world.dies()
        elif dice < 0.2:
            world.is_cut_off()
        elif dice < 0.5:
            world.settle()
            world.looks_again()
        if dice < 0.7:
            world.settle()
            for caller in world.callers.values():
                call = world.switch._picture.calls[caller.call]  # noqa: SLF001  # what it believes
                assert is_looked_after(world, caller), (caller, call.move, world.channels)
    world.rest(300)
    for caller in world.callers.values():
        call = world.switch._picture.calls[caller.call]  # noqa: SLF001  # what it believes
        assert is_looked_after(world, caller), (caller, call.move, world.channels)
        assert call.move is None or call.move.step in LASTING, (caller, call.move)
        assert call.stand.going == {}, (caller, call.stand)
    for caller in list(world.callers.values()):
        world.caller_hangs_up(caller)
    world.rest(120)
    assert world.switch.live_calls == frozenset()
    assert world.channels == {}
    assert set(world.records) - world.unseen <= set(world.owed) <= set(world.records)


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_a_look_at_what_is_known_changes_nothing(first: int) -> None:
    """In a quiet moment: all that is believed is what stands there, before and after."""
    for seed in range(first, first + 50):
        looks_change_nothing(seed, 5 + seed % 56)


@pytest.mark.parametrize(("seed", "steps"), LOOKS)
def test_a_look_that_once_changed_something_does_so_no_more(seed: int, steps: int) -> None:
    """Days on which it did."""
    looks_change_nothing(seed, steps)


@pytest.mark.soak
def test_a_look_changes_nothing_on_five_thousand_days() -> None:
    """The same for longer."""
    for seed in range(1000, 6000):
        looks_change_nothing(seed, 5 + seed % 56)


def looks_change_nothing(seed: int, steps: int) -> None:
    world = Blackouts(random.Random(seed), faults=0.0)
    for _ in range(steps):
        world.step()
        if world.dice.random() < 0.5:
            world.settle()
            check(world)
            moves = steps_of(world)
            world.looks_again()
            world.settle()
            check(world)
            assert moves == steps_of(world)


def steps_of(world: World) -> dict[CallId, Step | None]:
    """How far the move of each caller who is there is believed to be."""
    calls = world.switch._picture.calls  # noqa: SLF001  # what it believes is what is tested
    found = {call: calls[call].move for call in world.callers}
    return {call: move.step if move is not None else None for call, move in found.items()}

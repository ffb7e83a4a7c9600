"""Random days: an Asterisk of a few lines that behaves as the dialplan does, and every fault.

The model stands callers where the dialplan would, loses and delays orders, kills the link and
the brain. Whatever happens: a seat is rung for one caller at a time, nobody is forgotten, and
every call ends in exactly one owed draft.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cti.call import CallState
from cti.effects import (
    AdoptCaller,
    CompleteDraft,
    Effect,
    FallBack,
    OfferCall,
    ReplayCel,
    SendOutside,
    SetMember,
    TakeSnapshot,
    WriteCall,
)
from cti.events import (
    CallFellBack,
    CallWaiting,
    ClockTicked,
    Event,
    LegBridged,
    LegHungUp,
    LegStarted,
    LinkLost,
    OfferEnded,
    OfferStarted,
    OrderRefused,
    OutsideEnded,
    OutsideStarted,
    PhoneChanged,
    SeatLost,
    SnapshotTaken,
)
from cti.happened import OfferOutcome, Phone, Refusal
from cti.ids import AgentId, CallId, ChannelId, OfferId, PeerId, SeatId, seat_id
from cti.plan import CentreTimes, Overflow, PlannedSeat, SwitchPlan
from cti.seen import SeenChannel, SeenMember
from cti.switch import Switch
from queues.seat import AgentState
from records.callrecord import CallRecord
from tests.cti.playbook import ANI, CENTRE, DNIS, LINE, NOON, arrived, ready

SEATS = tuple(seat_id(CENTRE, str(1001 + n)) for n in range(3))
PLAN = SwitchPlan(
    seats={
        seat: PlannedSeat(centre=CENTRE, extension=seat[-4:], skills=frozenset({"通用"}))
        for seat in SEATS
    },
    skill_of={},
    times={CENTRE: CentreTimes(ring=timedelta(seconds=15), wrap_up=timedelta(seconds=5))},
)


PEER = PeerId("tax")


@dataclass
class Caller:
    call: CallId
    channel: ChannelId
    at: str = "wait"
    since: float = 0.0
    offer: OfferId = OfferId("")
    seat: SeatId | None = None
    is_talking: bool = False
    is_sent_back: bool = False
    """Stands in Asterisk's queue because the brain sent it there."""


@dataclass
class World:
    """Asterisk, its callers and phones, and the brain beside it."""

    dice: random.Random
    now: float = 0.0
    callers: dict[CallId, Caller] = field(default_factory=dict)
    members: dict[SeatId, SeenMember] = field(default_factory=dict)
    owed: Counter[CallId] = field(default_factory=Counter)
    rung: Counter[SeatId] = field(default_factory=Counter)
    records: dict[CallId, CallRecord] = field(default_factory=dict)
    """By call: what was last written of it."""
    is_linked: bool = True
    must_look: bool = False
    brains: int = 1
    made: int = 0
    plan: SwitchPlan = PLAN
    sent: Counter[tuple[int, CallId, str]] = field(default_factory=Counter)
    """By which brain, which call and where to: how often it was sent out of the queue."""

    def __post_init__(self) -> None:
        self.switch = Switch(self.plan, NOON)
        self.tell(SnapshotTaken(at=NOON))
        for number, seat in enumerate(SEATS):
            for event in ready(seat, AgentId(f"a{number}"), NOON):
                self.tell(event)

    @property
    def at(self) -> datetime:
        return NOON + timedelta(seconds=self.now)

    # --- the brain ------------------------------------------------------------------------

    def tell(self, event: Event) -> None:
        if self.is_linked or isinstance(event, ClockTicked | LinkLost | SnapshotTaken):
            for effect in self.switch.feed(event):
                self.perform(effect)

    def perform(self, effect: Effect) -> None:
        match effect:
            case OfferCall():
                self.redirect(effect)
            case AdoptCaller():
                self.adopt(effect.call)
            case SendOutside():
                self.send(effect.call, "outside", self.put_through)
            case FallBack():
                self.send(effect.call, "fallback", self.fall_back)
            case CompleteDraft() | ReplayCel():
                self.owed[effect.call] += 1
            case WriteCall():
                self.records[effect.record.call] = effect.record
            case TakeSnapshot():
                self.must_look = True
            case SetMember():
                self.members[effect.seat] = SeenMember(
                    seat=effect.seat,
                    agent=effect.agent,
                    is_paused=effect.is_paused,
                    reason=effect.reason,
                    phone=Phone.FREE,
                )
            case _:
                pass

    def redirect(self, order: OfferCall) -> None:
        caller = self.callers.get(order.call)
        if caller is None or self.dice.random() < 0.1:
            why = Refusal.GONE if caller is None else self.dice.choice(list(Refusal))
            self.tell(OrderRefused(at=self.at, call=order.call, offer=order.offer, why=why))
            if caller is None or why is not Refusal.TIMED_OUT:
                return
        assert caller.at == "wait", "only who stands in [wait] may be redirected"
        caller.at, caller.offer, caller.seat = "connect", order.offer, order.seat
        ringing = [c for c in self.callers.values() if c.seat == order.seat]
        assert len(ringing) == 1, "a seat rings for one caller at a time"
        self.later(
            OfferStarted(at=self.at, call=caller.call, offer=order.offer, seat=order.seat),
            LegStarted(at=self.at, call=caller.call, channel=phone(order.seat), seat=order.seat),
        )

    def send(self, call: CallId, where: str, go: Callable[[Caller], None]) -> None:
        """A waiting caller overflows; the order may be refused, or be carried out unanswered."""
        self.sent[(self.brains, call, where)] += 1
        caller = self.callers.get(call)
        if caller is None or self.dice.random() < 0.1:
            why = Refusal.GONE if caller is None else self.dice.choice(list(Refusal))
            self.tell(OrderRefused(at=self.at, call=call, offer=None, why=why))
            if caller is None or why is not Refusal.TIMED_OUT:
                return
        assert caller.at == "wait", "only who stands in [wait] may be redirected"
        caller.is_sent_back = where == "fallback"
        go(caller)

    def adopt(self, call: CallId) -> None:
        caller = self.callers.get(call)
        if caller is not None and caller.at == "fallback":
            is_known = self.sent[(self.brains, call, "fallback")] > 0
            assert not (caller.is_sent_back and is_known), "it was we who sent it there"
            assert caller.seat is None, "nobody is taken out of a queue that serves them"
            self.wait(caller)

    def later(self, *events: Event) -> None:
        self.pending = [*getattr(self, "pending", []), *events]

    def drain(self) -> None:
        while getattr(self, "pending", []):
            event, *self.pending = self.pending
            self.tell(event)

    def settle(self) -> None:
        self.drain()
        while (due := self.switch.due()) is not None and due <= self.at:
            self.tell(ClockTicked(at=self.at))
            self.drain()
        if self.must_look and self.is_linked:
            self.look()
        self.check()

    def check(self) -> None:
        busy = Counter(c.seat for c in self.callers.values() if c.seat is not None)
        assert all(count == 1 for count in busy.values()), busy
        if self.is_linked:
            assert set(self.callers) <= self.switch.live_calls | set(self.owed)
            for caller in self.callers.values():
                is_outside = self.switch.call_state(caller.call) is CallState.OUTSIDE
                assert is_outside == (caller.at == "outside"), caller
                assert (caller.call in self.switch.waiting) <= (caller.at == "wait"), caller
        assert all(count == 1 for count in self.owed.values())

    # --- the callers ----------------------------------------------------------------------

    def arrive(self) -> None:
        self.made += 1
        call = CallId(f"node1-1.{self.made}")
        caller = Caller(call, ChannelId(f"PJSIP/trunk-{self.made:08x}"), since=self.now)
        self.callers[call] = caller
        self.later(arrived(call, caller.channel, self.now))
        if self.dice.random() < 0.3:
            self.put_through(caller)
        else:
            self.wait(caller) if self.is_linked else self.fall_back(caller)

    def put_through(self, caller: Caller) -> None:
        """The line's own seats are rung by the dialplan, whether there is a brain or not."""
        caller.at = "outside"
        leg = outside_leg(caller)
        self.later(
            OutsideStarted(at=self.at, call=caller.call, peer=PEER, line=LINE),
            LegStarted(at=self.at, call=caller.call, channel=leg, seat=None, peer=PEER),
        )

    def answer_outside(self, caller: Caller) -> None:
        caller.is_talking = True
        for channel, peer in ((outside_leg(caller), PEER), (caller.channel, None)):
            self.later(
                LegBridged(
                    at=self.at,
                    call=caller.call,
                    channel=channel,
                    seat=None,
                    peer=peer,
                    bridge=caller.call,
                )
            )

    def outside_ends(self, caller: Caller, *, comes_back: bool) -> None:
        """Not answered, answered and hung up, or broken off; then the caller comes back."""
        outcome = OfferOutcome.ANSWERED if caller.is_talking else OfferOutcome.MISSED
        leg = outside_leg(caller)
        self.later(
            LegHungUp(at=self.at, call=caller.call, channel=leg, seat=None, cause=16),
            OutsideEnded(at=self.at, call=caller.call, peer=PEER, outcome=outcome),
        )
        if caller.is_talking and not comes_back:
            caller.at = "bye"
            self.hang_up(caller)
        else:
            self.wait(caller) if self.is_linked else self.fall_back(caller)
            caller.is_talking = False

    def wait(self, caller: Caller) -> None:
        caller.at, caller.seat, caller.is_talking = "wait", None, False
        caller.is_sent_back = False
        since = NOON + timedelta(seconds=caller.since)
        self.later(
            CallWaiting(
                at=self.at,
                call=caller.call,
                channel=caller.channel,
                centre=CENTRE,
                line=LINE,
                dnis=DNIS,
                ani=ANI,
                since=since,
            )
        )

    def fall_back(self, caller: Caller) -> None:
        caller.at = "fallback"
        since = NOON + timedelta(seconds=caller.since)
        self.later(
            CallFellBack(
                at=self.at, call=caller.call, channel=caller.channel, centre=CENTRE, since=since
            )
        )

    def answer(self, caller: Caller) -> None:
        assert caller.seat is not None, "only a ringing seat answers"
        caller.is_talking = True
        for channel, seat in ((phone(caller.seat), caller.seat), (caller.channel, None)):
            self.later(
                LegBridged(
                    at=self.at, call=caller.call, channel=channel, seat=seat, bridge=caller.call
                )
            )

    def seat_ends(self, caller: Caller, outcome: OfferOutcome, *, is_lost: bool = False) -> None:
        seat = caller.seat
        assert seat is not None, "only who has a seat loses it"
        offer = caller.offer
        self.later(
            LegHungUp(at=self.at, call=caller.call, channel=phone(seat), seat=seat, cause=16),
            OfferEnded(at=self.at, call=caller.call, offer=offer, seat=seat, outcome=outcome),
        )
        if outcome is OfferOutcome.ANSWERED and not is_lost:
            self.hang_up(caller, is_seat_gone=True)
            return
        if is_lost:
            self.later(SeatLost(at=self.at, call=caller.call))
        self.wait(caller)

    def hang_up(self, caller: Caller, *, is_seat_gone: bool = False) -> None:
        del self.callers[caller.call]
        if caller.at == "outside":
            leg = outside_leg(caller)
            self.later(LegHungUp(at=self.at, call=caller.call, channel=leg, seat=None, cause=16))
        if caller.seat is not None and not is_seat_gone:
            self.later(
                LegHungUp(
                    at=self.at,
                    call=caller.call,
                    channel=phone(caller.seat),
                    seat=caller.seat,
                    cause=16,
                )
            )
        self.later(
            LegHungUp(at=self.at, call=caller.call, channel=caller.channel, seat=None, cause=16)
        )

    # --- the faults -----------------------------------------------------------------------

    def lose_link(self) -> None:
        self.pending = []
        self.tell(LinkLost(at=self.at))
        self.is_linked = False
        for caller in self.callers.values():
            if caller.at == "wait":
                caller.at = "fallback"

    def restore_link(self, *, is_new_brain: bool) -> None:
        self.is_linked = True
        if is_new_brain:
            before = self.switch.live_calls
            self.brains += 1
            self.switch = Switch(self.plan, NOON)
            for call in before - set(self.callers):
                self.owed[call] += 1  # the replay of CEL at the start owes them
        self.pending = []
        self.look()

    def look(self) -> None:
        """Tell the brain all that stands in Asterisk."""
        self.must_look = False
        queue = [c for c in self.callers.values() if c.at == "fallback"]
        channels = []
        for caller in self.callers.values():
            bridge = caller.call if caller.is_talking else ""
            position = 1 + queue.index(caller) if caller in queue else 0
            channels.append(
                SeenChannel(
                    channel=caller.channel,
                    call=caller.call,
                    seat=None,
                    context=caller.at,
                    bridge=bridge,
                    ani=ANI,
                    centre=CENTRE,
                    line=LINE,
                    dnis=DNIS,
                    offer=caller.offer,
                    arrived_at=NOON + timedelta(seconds=caller.since),
                    since=NOON + timedelta(seconds=caller.since),
                    queue_position=position,
                )
            )
            if caller.at == "outside":
                channels.append(
                    SeenChannel(
                        channel=outside_leg(caller),
                        call=caller.call,
                        seat=None,
                        peer=PEER,
                        context="",
                        bridge=bridge,
                    )
                )
            if caller.seat is not None:
                channels.append(
                    SeenChannel(
                        channel=phone(caller.seat),
                        call=caller.call,
                        seat=caller.seat,
                        context="",
                        bridge=bridge,
                    )
                )
        meanwhile, self.pending = tuple(self.pending), []
        self.tell(
            SnapshotTaken(
                at=self.at,
                channels=tuple(channels),
                members=tuple(self.members.values()),
                meanwhile=meanwhile,
            )
        )

    def step(self) -> None:
        self.now += self.dice.expovariate(1.0)
        roll = self.dice.random()
        someone = self.dice.choice(list(self.callers.values())) if self.callers else None
        if roll < 0.3 or someone is None:
            self.arrive()
        elif roll < 0.33:
            self.lose_link() if self.is_linked else self.restore_link(
                is_new_brain=self.dice.random() < 0.5
            )
        elif not self.is_linked and self.dice.random() < 0.5:
            self.restore_link(is_new_brain=self.dice.random() < 0.5)
        elif roll < 0.4:
            self.hang_up(someone)
        elif roll < 0.43 and self.is_linked:
            self.look()
        elif someone.at == "outside":
            if roll < 0.7 and not someone.is_talking:
                self.answer_outside(someone)
            else:
                self.outside_ends(someone, comes_back=roll > 0.9)
        elif someone.at == "fallback" and someone.is_sent_back and self.is_linked and roll > 0.8:
            self.wait(someone)  # Asterisk's queue keeps nobody for ever
        elif someone.seat is not None and someone.is_talking:
            self.seat_ends(someone, OfferOutcome.ANSWERED, is_lost=roll > 0.95)
        elif someone.seat is not None and self.is_linked:
            if roll < 0.8:
                self.answer(someone)
            else:
                self.seat_ends(someone, OfferOutcome.MISSED)
        elif roll > 0.7:
            for number, seat in enumerate(SEATS):
                for event in ready(seat, AgentId(f"a{number}"), self.at):
                    self.tell(event)
        self.settle()

    def close(self) -> None:
        """Bring the link back, let everybody hang up, and wait for the last deadline."""
        if not self.is_linked:
            self.restore_link(is_new_brain=False)
        self.settle()
        for caller in list(self.callers.values()):
            self.hang_up(caller)
        self.settle()
        self.now += 60
        self.settle()


def outside_leg(caller: Caller) -> ChannelId:
    return ChannelId(f"PJSIP/peer-{PEER}-{caller.call.rpartition('.')[2]:0>8}")


def phone(seat: SeatId) -> ChannelId:
    return ChannelId(f"PJSIP/{seat}-{1:08x}")


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(5, 120))
def test_nobody_is_lost_and_every_call_owes_one_draft(seed: int, steps: int) -> None:
    """Random arrivals, answers, misses, lost seats, refused orders, dead links and brains."""
    nobody_is_lost(World(random.Random(seed)), steps)


OVERFLOWING = replace(
    PLAN,
    overflows={
        CENTRE: (
            Overflow(after=timedelta(seconds=3), per_seat=0.5, skill="另一技能"),
            Overflow(after=timedelta(seconds=5), peer=PEER, number="12366"),
            Overflow(after=timedelta(seconds=9), is_fallback=True),
        )
    },
)


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(5, 120))
def test_nobody_is_lost_while_callers_overflow(seed: int, steps: int) -> None:
    """The same days, and whoever waits too long is sent away: once to each place, by each brain."""
    world = World(random.Random(seed), plan=OVERFLOWING)
    nobody_is_lost(world, steps)
    assert all(count == 1 for count in world.sent.values()), world.sent


def nobody_is_lost(world: World, steps: int) -> None:
    for _ in range(steps):
        world.step()
    world.close()
    assert world.switch.live_calls == frozenset()
    expected = {CallId(f"node1-1.{n}"): 1 for n in range(1, world.made + 1)}
    unseen = set(expected) - set(world.owed)
    for call in unseen:  # came and went while there was no link: the replay of CEL owes them
        assert call not in world.switch.live_calls
    assert {call: world.owed[call] for call in expected if call not in unseen} == {
        call: 1 for call in expected if call not in unseen
    }
    for record in world.records.values():  # each with its ringings and talks closed
        if record.ended_at is None:  # its brain died: the replay of CEL ends it
            assert world.brains > 1
            continue
        assert "live" not in [offered.outcome for offered in record.offers]
        assert all(talk.until is not None for talk in record.talks)
    states = {seat: view.state for seat in SEATS if (view := world.switch.seat(seat))}
    assert not {AgentState.OFFERED, AgentState.TALKING} & set(states.values())


def test_a_caller_who_waits_while_a_seat_is_free_is_offered() -> None:
    """After any day: one ready seat and one caller make an offer."""
    for seed in range(40):
        world = World(random.Random(seed))
        for _ in range(60):
            world.step()
        world.close()
        for event in ready(SEATS[0], AgentId("a0"), world.at):
            world.tell(event)
        world.now += 60
        world.settle()
        world.dice = random.Random(1)
        world.dice.random = lambda: 0.5  # type: ignore[method-assign]
        world.arrive()
        world.settle()
        assert [c for c in world.callers.values() if c.seat is not None], seed


def test_phone_states_of_a_whole_day_never_strand_a_seat() -> None:
    """A phone that comes and goes is offered again when it is back."""
    world = World(random.Random(7))
    for seat in SEATS:
        world.tell(PhoneChanged(at=world.at, seat=seat, phone=Phone.GONE))
    world.arrive()
    world.settle()
    assert all(caller.seat is None for caller in world.callers.values())
    world.tell(PhoneChanged(at=world.at, seat=SEATS[2], phone=Phone.FREE))
    world.settle()
    assert [caller.seat for caller in world.callers.values()] == [SEATS[2]]

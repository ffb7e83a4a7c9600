"""Random days on which callers keep their places: a model of the dialplan, and every fault.

Callers wait, press 1, hang up and call in again; seats answer or do not, citizens too; orders are
refused, lost, or carried out unanswered; the link and the brain die at any instant, and the
dialplan goes on alone. Whatever happens: nobody who was promised a call-back is forgotten, nobody
is dialled more often than the rule says or after a talk, and never is one request rung twice at
once.
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
    CallBack,
    CompleteDraft,
    Effect,
    ForgetKept,
    HandPlace,
    HangUp,
    OfferCall,
    ReplayCel,
    SetMember,
    TakeSnapshot,
    TellCaller,
    WriteCall,
)
from cti.events import (
    CallFellBack,
    ClockTicked,
    Event,
    LegBridged,
    LegHungUp,
    LegStarted,
    LinkLost,
    OfferEnded,
    OfferStarted,
    OrderRefused,
    SnapshotTaken,
)
from cti.happened import OfferOutcome, Phone, Refusal
from cti.ids import AgentId, CallId, ChannelId, OfferId, SeatId, seat_id
from cti.outevents import CallbackEnded, CallbackStarted, PlaceKept
from cti.plan import CentreTimes, PlannedSeat, SwitchPlan
from cti.seen import KeptPlace, SeenChannel, SeenMember
from cti.switch import Switch
from records.callrecord import CallRecord, Disposition
from tests.cti.playbook import CENTRE, DNIS, LINE, NOON, arrived, ready, waiting

SEATS = tuple(seat_id(CENTRE, str(1001 + n)) for n in range(2))
ATTEMPTS = 2
PAUSE = timedelta(seconds=10)
PLAN = SwitchPlan(
    seats={
        seat: PlannedSeat(centre=CENTRE, extension=seat[-4:], skills=frozenset({"通用"}))
        for seat in SEATS
    },
    skill_of={},
    times={
        CENTRE: CentreTimes(
            wrap_up=timedelta(seconds=2),
            keeps_places=True,
            callback_attempts=ATTEMPTS,
            callback_pause=PAUSE,
        )
    },
)
PEOPLE = tuple(f"1390000000{n}" for n in range(6))
"""Few people, so that the same one calls in again."""


@dataclass
class Caller:
    call: CallId
    channel: ChannelId
    ani: str
    arrived: float
    at: str = "arrive"
    since: float | None = None
    offer: OfferId = OfferId("")
    seat: SeatId | None = None
    is_talking: bool = False
    may_keep: bool = False


@dataclass
class Attempt:
    """What ``[callback]`` does for one kept place."""

    call: CallId
    offer: OfferId
    seat: SeatId
    number: int
    ani: str
    stage: str = "rings"


@dataclass
class World:
    """Asterisk with its database, its callers and citizens, and the brain beside it."""

    dice: random.Random
    now: float = 0.0
    callers: dict[CallId, Caller] = field(default_factory=dict)
    kept: dict[CallId, KeptPlace] = field(default_factory=dict)
    attempts: dict[CallId, Attempt] = field(default_factory=dict)
    members: dict[SeatId, SeenMember] = field(default_factory=dict)
    owed: Counter[CallId] = field(default_factory=Counter)
    dialled: Counter[CallId] = field(default_factory=Counter)
    talked: set[CallId] = field(default_factory=set)
    records: dict[CallId, CallRecord] = field(default_factory=dict)
    pending: list[Event] = field(default_factory=list)
    is_linked: bool = True
    must_look: bool = False
    ordered: dict[CallId, float] = field(default_factory=dict)
    """When a call-back was ordered last, whatever became of the order."""
    rests_until: dict[CallId, float] = field(default_factory=dict)
    """Whose order was refused, or came to nothing, is left alone for a while."""
    just_forgotten: KeptPlace | None = None
    twins: set[str] = field(default_factory=set)
    """Numbers that had two places kept at once, as a company's may: two requests."""
    brains: int = 1
    handed_on: int = 0
    made: int = 0

    def __post_init__(self) -> None:
        self.switch = Switch(PLAN, NOON)
        self.tell(SnapshotTaken(at=NOON))
        self.ready()

    @property
    def at(self) -> datetime:
        return NOON + timedelta(seconds=self.now)

    def ready(self) -> None:
        for number, seat in enumerate(SEATS):
            for event in ready(seat, AgentId(f"a{number}"), self.at):
                self.tell(event)

    # --- the brain ------------------------------------------------------------------------

    def tell(self, event: Event) -> None:
        if self.is_linked or isinstance(event, ClockTicked | LinkLost | SnapshotTaken):
            for effect in self.switch.feed(event):
                self.perform(effect)

    def perform(self, effect: Effect) -> None:
        match effect:
            case OfferCall():
                self.order(effect, lambda: self.redirect(effect))
            case CallBack():
                self.ordered[effect.call] = self.now
                self.order(effect, lambda: self.originate(effect))
            case ForgetKept():
                place = self.kept.pop(effect.call, None)
                if place is not None:
                    self.just_forgotten = place
            case HangUp():
                attempt = self.attempts.get(effect.call)
                if attempt is not None and effect.channel == phone(attempt.seat):
                    self.attempt_ends(attempt, OfferOutcome.CALLER_LEFT)
            case HandPlace():
                if effect.call in self.callers:
                    since = (effect.since - NOON).total_seconds()
                    self.callers[effect.call].since = since
                    self.handed_on += 1
            case TellCaller():
                if effect.keeps and effect.call in self.callers:
                    self.callers[effect.call].may_keep = True
            case AdoptCaller():
                caller = self.callers.get(effect.call)
                if caller is not None and caller.at == "fallback":
                    self.wait(caller)
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

    def order(self, order: OfferCall | CallBack, carry_out: Callable[[], bool]) -> None:
        """Carry an order out; or refuse it, or do it and not say so, or neither do nor say it."""
        self.overtakes_nobody(order)
        roll = self.dice.random()
        if roll < 0.08:
            why = self.dice.choice(list(Refusal))
            if why is Refusal.TIMED_OUT and roll < 0.04:
                carry_out()
        elif carry_out():
            return
        else:
            why = Refusal.GONE
        self.rests_until[order.call] = self.now + (10 if isinstance(order, CallBack) else 0.05)
        self.later(OrderRefused(at=self.at, call=order.call, offer=order.offer, why=why))

    def overtakes_nobody(self, order: OfferCall | CallBack) -> None:
        """Whoever began to wait earlier, on the line or off it, is not left waiting behind."""
        if order.call not in self.callers and order.call not in self.kept:
            return  # it has just hung up, and the brain does not know yet
        since = self.waits_since(order.call)
        for other in self.switch.waiting:
            place = self.kept.get(other)
            tried_at = place.tried_at if place is not None else None
            rests = self.rests_until.get(other, 0) > self.now
            if not rests and (tried_at is None or self.at >= tried_at + PAUSE):
                assert self.waits_since(other) >= since, f"{order.call} before {other}"

    def waits_since(self, call: CallId) -> float:
        place, caller = self.kept.get(call), self.callers.get(call)
        if caller is not None and caller.since is not None:
            return caller.since
        if place is None:
            return self.now
        return (place.since - NOON).total_seconds()

    def redirect(self, order: OfferCall) -> bool:
        caller = self.callers.get(order.call)
        if caller is None:
            return False
        assert caller.at in ("wait", "keep"), "only who stands there may be redirected"
        caller.at, caller.offer, caller.seat = "connect", order.offer, order.seat
        self.rings_once(order.seat)
        self.later(
            OfferStarted(at=self.at, call=caller.call, offer=order.offer, seat=order.seat),
            LegStarted(at=self.at, call=caller.call, channel=phone(order.seat), seat=order.seat),
        )
        return True

    def originate(self, order: CallBack) -> bool:
        assert order.call not in self.attempts, "one request is rung once at a time"
        assert order.call not in self.talked, "nobody is called back after a talk"
        assert order.call not in self.callers, "nobody is called back who is on the line"
        again = [
            caller.call
            for caller in self.callers.values()
            if caller.ani == order.ani
            and caller.call in self.switch.live_calls
            and order.call in self.kept
            and self.moment(caller) >= self.kept[order.call].kept_at
        ]
        assert not again or order.ani in self.twins, f"{again} called in again"
        attempt = Attempt(order.call, order.offer, order.seat, order.attempt, order.ani)
        self.attempts[order.call] = attempt
        self.rings_once(order.seat)
        channel = phone(order.seat)
        self.later(LegStarted(at=self.at, call=order.call, channel=channel, seat=order.seat))
        return True

    def rings_once(self, seat: SeatId) -> None:
        busy = [c.seat for c in self.callers.values()] + [a.seat for a in self.attempts.values()]
        assert busy.count(seat) == 1, "a seat rings for one call at a time"

    def later(self, *events: Event) -> None:
        self.pending += events

    def settle(self) -> None:
        while self.pending:
            self.tell(self.pending.pop(0))
        while (due := self.switch.due()) is not None and due <= self.at:
            self.tell(ClockTicked(at=self.at))
        if self.must_look and self.is_linked:
            self.look()
        while self.pending:
            self.tell(self.pending.pop(0))
        self.check()

    def check(self) -> None:
        assert all(count == 1 for count in self.owed.values()), self.owed
        assert all(count <= ATTEMPTS for count in self.dialled.values()), self.dialled
        if not self.is_linked or self.must_look:
            return
        for call in self.kept:  # never none
            state = self.switch.call_state(call)
            assert state is not None, f"{call} is owed and forgotten"
            if state is CallState.KEPT and call not in self.callers:
                is_ordered = self.now - self.ordered.get(call, -9) < 1  # it is looked at soon
                stands = call in self.switch.waiting or call in self.attempts
                assert stands or is_ordered or self.meets(call), (
                    f"{call} is owed and stands nowhere"
                )
        for caller in self.callers.values():  # and never both
            if caller.at == "wait" and self.switch.call_state(caller.call) is CallState.WAITING:
                others = [p for c, p in self.kept.items() if c not in self.callers]
                mine = [p for p in others if p.ani == caller.ani]
                before = [p for p in mine if p.kept_at < self.moment(caller)]
                is_met = before == [] or caller.ani in self.twins
                assert is_met, f"{caller.call} waits beside its own kept place"

    def meets(self, call: CallId) -> bool:
        talking = [each for each in self.attempts.values() if each.stage == "talks"]
        on_the_line: list[Caller | Attempt] = [*self.callers.values(), *talking]
        return any(each.ani == self.kept[call].ani for each in on_the_line)

    def moment(self, caller: Caller) -> datetime:
        return NOON + timedelta(seconds=caller.arrived)

    # --- the callers ----------------------------------------------------------------------

    def arrive(self) -> None:
        self.made += 1
        call = CallId(f"node1-1.{self.made}")
        channel = ChannelId(f"PJSIP/trunk-{self.made:08x}")
        caller = Caller(call, channel, self.dice.choice(PEOPLE), self.now)
        self.callers[call] = caller
        self.later(replace(arrived(call, channel, self.now), ani=caller.ani))

    def go_on(self, caller: Caller) -> None:
        self.wait(caller) if self.is_linked else self.fall_back(caller)

    def wait(self, caller: Caller) -> None:
        caller.at, caller.seat, caller.is_talking = "wait", None, False
        caller.since = self.now if caller.since is None else caller.since
        event = waiting(caller.call, caller.channel, self.now, caller.since)
        self.later(replace(event, ani=caller.ani))

    def fall_back(self, caller: Caller) -> None:
        caller.at, caller.seat, caller.is_talking = "fallback", None, False
        caller.since = self.now if caller.since is None else caller.since
        since = NOON + timedelta(seconds=caller.since)
        self.later(
            CallFellBack(
                at=self.at, call=caller.call, channel=caller.channel, centre=CENTRE, since=since
            )
        )

    def press(self, caller: Caller) -> None:
        """The dialplan writes it down before it says anything."""
        assert caller.since is not None, "who presses 1 waits"
        caller.at = "keep"
        if any(place.ani == caller.ani for place in self.kept.values()):
            self.twins.add(caller.ani)
        self.kept[caller.call] = KeptPlace(
            call=caller.call,
            centre=CENTRE,
            line=LINE,
            dnis=DNIS,
            ani=caller.ani,
            since=NOON + timedelta(seconds=caller.since),
            arrived_at=self.moment(caller),
            kept_at=self.at,
        )
        self.later(PlaceKept(at=self.at, call=caller.call, kept=self.kept[caller.call]))

    def answer(self, caller: Caller) -> None:
        assert caller.seat is not None, "only a ringing seat answers"
        caller.is_talking = True
        self.kept.pop(caller.call, None)
        self.talked.add(caller.call)
        for channel, seat in ((phone(caller.seat), caller.seat), (caller.channel, None)):
            self.later(meets(self.at, caller.call, channel, seat))

    def seat_ends(self, caller: Caller) -> None:
        seat, outcome = caller.seat, OfferOutcome.MISSED
        assert seat is not None, "only who has a seat loses it"
        if caller.is_talking:
            outcome = OfferOutcome.ANSWERED
        self.later(
            gone(self.at, caller.call, phone(seat), seat),
            OfferEnded(
                at=self.at, call=caller.call, offer=caller.offer, seat=seat, outcome=outcome
            ),
        )
        caller.seat = None
        if outcome is OfferOutcome.ANSWERED:
            self.hang_up(caller)
        else:
            self.go_on(caller)

    def hang_up(self, caller: Caller) -> None:
        del self.callers[caller.call]
        if caller.seat is not None:
            self.later(gone(self.at, caller.call, phone(caller.seat), caller.seat))
        self.later(gone(self.at, caller.call, caller.channel, None))

    # --- the call-backs -------------------------------------------------------------------

    def seat_answers(self, attempt: Attempt) -> None:
        """``[callback]``: the entry is looked up and counted before anybody is dialled."""
        place = self.kept.get(attempt.call)
        if place is None:
            self.attempt_ends(attempt, OfferOutcome.TAKEN)
            return
        if place.attempts >= attempt.number:
            self.attempt_ends(attempt, OfferOutcome.CALLER_LEFT)
            return
        self.kept[attempt.call] = replace(place, attempts=attempt.number, tried_at=self.at)
        self.dialled[attempt.call] += 1
        attempt.stage = "dials"
        self.later(
            CallbackStarted(
                at=self.at,
                call=attempt.call,
                offer=attempt.offer,
                seat=attempt.seat,
                attempt=attempt.number,
            ),
            LegStarted(at=self.at, call=attempt.call, channel=citizen(attempt), seat=None),
        )

    def citizen_answers(self, attempt: Attempt) -> None:
        attempt.stage = "talks"
        self.kept.pop(attempt.call, None)
        self.talked.add(attempt.call)
        for channel, seat in ((phone(attempt.seat), attempt.seat), (citizen(attempt), None)):
            self.later(meets(self.at, attempt.call, channel, seat))

    def attempt_ends(self, attempt: Attempt, outcome: OfferOutcome) -> None:
        del self.attempts[attempt.call]
        if attempt.stage == "rings" and outcome is not OfferOutcome.TAKEN:
            ended: type[OfferEnded] | type[CallbackEnded] = OfferEnded
            if outcome is OfferOutcome.CALLER_LEFT and attempt.call in self.kept:
                ended = CallbackEnded
        else:
            ended = CallbackEnded
            if attempt.stage == "rings":
                self.rests_until[attempt.call] = self.now + 10
        legs: tuple[Event, ...] = (gone(self.at, attempt.call, phone(attempt.seat), attempt.seat),)
        if attempt.stage != "rings":
            legs = (gone(self.at, attempt.call, citizen(attempt), None), *legs)
        end = ended(
            at=self.at,
            call=attempt.call,
            offer=attempt.offer,
            seat=attempt.seat,
            outcome=outcome,
        )
        self.later(*((end, *legs) if self.dice.random() < 0.5 else (*legs, end)))

    # --- the faults -----------------------------------------------------------------------

    def lose_link(self) -> None:
        """With the link the last order may be lost, which was to forget a place."""
        place = self.just_forgotten
        if place is not None and place.call not in self.talked | set(self.callers):
            self.kept[place.call] = place
        self.pending = []
        self.tell(LinkLost(at=self.at))
        self.is_linked = False
        for caller in self.callers.values():
            if caller.at == "wait":
                caller.at = "fallback"

    def restore_link(self, *, is_new_brain: bool) -> None:
        self.is_linked = True
        if is_new_brain:
            if self.just_forgotten is not None:  # one of the two is lost, not both at once
                self.kept.pop(self.just_forgotten.call, None)
                self.just_forgotten = None
            before = self.switch.live_calls
            self.brains += 1
            self.switch = Switch(PLAN, NOON)
            live = {*self.callers, *self.kept, *self.attempts}
            for call in before - live:
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
            channels.append(
                SeenChannel(
                    channel=caller.channel,
                    call=caller.call,
                    seat=None,
                    context=caller.at,
                    bridge=bridge,
                    ani=caller.ani,
                    centre=CENTRE,
                    line=LINE,
                    dnis=DNIS,
                    offer=caller.offer,
                    arrived_at=self.moment(caller),
                    since=None if caller.since is None else NOON + timedelta(seconds=caller.since),
                    queue_position=1 + queue.index(caller) if caller in queue else 0,
                )
            )
            if caller.seat is not None:
                channels.append(seen(caller.call, phone(caller.seat), caller.seat, bridge))
        for attempt in self.attempts.values():
            bridge = attempt.call if attempt.stage == "talks" else ""
            leg = seen(attempt.call, phone(attempt.seat), attempt.seat, bridge)
            channels.append(
                replace(
                    leg,
                    context="callback",
                    attempt=attempt.number,
                    offer=attempt.offer,
                    centre=CENTRE,
                    line=LINE,
                    dnis=DNIS,
                    ani=attempt.ani,
                    since=NOON,
                    arrived_at=NOON,
                )
            )
            if attempt.stage != "rings":
                channels.append(seen(attempt.call, citizen(attempt), None, bridge))
        meanwhile, self.pending = tuple(self.pending), []
        self.tell(
            SnapshotTaken(
                at=self.at,
                channels=tuple(channels),
                members=tuple(self.members.values()),
                meanwhile=meanwhile,
                kept=tuple(self.kept.values()),
            )
        )

    # --- a day ----------------------------------------------------------------------------

    def step(self) -> None:
        if self.is_linked and self.dice.random() < 0.5:
            self.just_forgotten = None
        self.now += self.dice.expovariate(0.7)
        roll = self.dice.random()
        if roll < 0.04:
            if self.is_linked:
                self.lose_link()
            else:
                self.restore_link(is_new_brain=self.dice.random() < 0.6)
        elif not self.is_linked and roll < 0.3:
            self.restore_link(is_new_brain=self.dice.random() < 0.6)
        elif roll < 0.07 and self.is_linked:
            self.look()
        elif roll < 0.2:
            self.arrive()
        elif roll < 0.3:
            self.ready()
        elif self.attempts and roll < 0.6:
            self.move(self.dice.choice(list(self.attempts.values())))
        elif self.callers:
            self.move_caller(self.dice.choice(list(self.callers.values())))
        self.settle()

    def move(self, attempt: Attempt) -> None:
        roll = self.dice.random()
        vain = (OfferOutcome.MISSED, OfferOutcome.REJECTED, OfferOutcome.UNREACHABLE)
        if attempt.stage == "rings":
            if roll < 0.7:
                self.seat_answers(attempt)
            else:
                self.attempt_ends(attempt, self.dice.choice(vain))
        elif attempt.stage == "talks":
            self.attempt_ends(attempt, OfferOutcome.ANSWERED)
        elif roll < 0.4:
            self.citizen_answers(attempt)
        else:
            self.attempt_ends(attempt, self.dice.choice((*vain, OfferOutcome.CALLER_LEFT)))

    def move_caller(self, caller: Caller) -> None:
        roll = self.dice.random()
        if caller.at == "arrive":
            self.go_on(caller) if roll < 0.8 else self.hang_up(caller)
        elif caller.at == "keep":
            self.hang_up(caller)
        elif caller.at == "connect":
            if not caller.is_talking and roll < 0.4:
                self.answer(caller)
            elif roll < 0.8:
                self.seat_ends(caller)
            else:
                self.hang_up(caller)
        elif caller.at == "wait" and roll < 0.5:  # the brain may have asked it
            self.press(caller)
        elif roll > 0.9:
            self.hang_up(caller)

    def close(self) -> None:
        """Let everybody hang up, and go on until nobody is owed anything."""
        if not self.is_linked:
            self.restore_link(is_new_brain=False)
        self.settle()
        for caller in list(self.callers.values()):
            self.hang_up(caller)
        self.settle()
        for _ in range(200):
            self.now += 5
            self.ready()
            for attempt in list(self.attempts.values()):
                self.move(attempt)
            self.settle()
            if not self.switch.live_calls:
                return


def phone(seat: SeatId) -> ChannelId:
    return ChannelId(f"PJSIP/{seat}-{1:08x}")


def citizen(attempt: Attempt) -> ChannelId:
    return ChannelId(f"PJSIP/out-{attempt.offer}")


def meets(at: datetime, call: CallId, channel: ChannelId, seat: SeatId | None) -> LegBridged:
    return LegBridged(at=at, call=call, channel=channel, seat=seat, bridge=call)


def gone(at: datetime, call: CallId, channel: ChannelId, seat: SeatId | None) -> LegHungUp:
    return LegHungUp(at=at, call=call, channel=channel, seat=seat, cause=16)


def seen(call: CallId, channel: ChannelId, seat: SeatId | None, bridge: str) -> SeenChannel:
    return SeenChannel(channel=channel, call=call, seat=seat, context="", bridge=bridge)


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0, 2**32), steps=st.integers(5, 150))
def test_a_promise_is_kept_once_whoever_dies(seed: int, steps: int) -> None:
    """Every request ends: reached, or tried as often as the rule says, or met by its caller."""
    world = World(random.Random(seed))
    for _ in range(steps):
        world.step()
    world.close()
    assert world.switch.live_calls == frozenset()
    assert world.kept == {}
    for record in world.records.values():
        if record.ended_at is None:  # its brain died: the replay of CEL ends it
            assert world.brains > 1
        elif record.kept_at is not None and record.disposition is Disposition.ANSWERED:
            assert record.call in world.talked
        assert "live" not in [offered.outcome for offered in record.offers] or not record.ended_at


def test_the_days_hold_everything_they_are_about() -> None:
    """Kept, called back, reached, in vain, handed on, a brain's death: all of it happens."""
    journeys: Counter[str] = Counter()
    for seed in range(60):
        world = World(random.Random(seed))
        for _ in range(120):
            world.step()
        journeys["brains"] += world.brains - 1
        journeys["dialled"] += len(world.dialled)
        journeys["again"] += sum(count > 1 for count in world.dialled.values())
        journeys["reached"] += len(world.talked & set(world.dialled))
        journeys["handed on"] += world.handed_on
        journeys["kept"] += sum(record.kept_at is not None for record in world.records.values())
    assert all(
        journeys[what] > 10
        for what in ("brains", "dialled", "again", "reached", "handed on", "kept")
    )

"""An Asterisk of a few lines that obeys the dialplan's contract for moves, and every fault.

Orders and events pass each other by: each waits in a line of its own, and the dice say which is
next. Channels are moved by the dialplan alone; the brain is told as the real one is.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cti.effects import CompleteDraft, Effect, HangUp, OfferCall, ReplayCel, TakeSnapshot, WriteCall
from cti.events import (
    AgentReady,
    CallWaiting,
    ClockTicked,
    Event,
    LegBridged,
    LegHungUp,
    LegStarted,
    LegUnbridged,
    OfferEnded,
    OfferStarted,
    OrderRefused,
    SeatLost,
    SnapshotTaken,
)
from cti.happened import OfferOutcome, Refusal
from cti.ids import AgentId, CallId, ChannelId, LegId, MoveId, OfferId, PeerId, SeatId
from cti.move import read
from cti.moveevents import (
    AgentMoves,
    AgentSteers,
    AwayEnded,
    AwayStarted,
    CallerHeld,
    PartyLost,
    RecipientUnanswered,
    RoomEntered,
)
from cti.movewishes import (
    ArmCaller,
    RingRecipient,
    SayNumber,
    SendAway,
    SendTo,
    SetAside,
    SetMove,
    ShowMove,
)
from cti.switch import Switch
from records.callrecord import CallRecord
from tests.cti.moved import MOVE_PLAN
from tests.cti.playbook import ANI, CENTRE, DNIS, LINE, NOON, arrived, ready
from transfer.step import KEYS, Kind, Step, What
from transfer.table import TABLES
from transfer.why import WhyNot

SEATS = tuple(MOVE_PLAN.seats)
AGENTS = {seat: AgentId(f"a{number}") for number, seat in enumerate(SEATS)}
Order = (
    OfferCall
    | SetAside
    | SendTo
    | SendAway
    | RingRecipient
    | HangUp
    | ArmCaller
    | SayNumber
    | SetMove
)
REFUSED = frozenset(why.value for why in WhyNot)
MISSES = (OfferOutcome.MISSED, OfferOutcome.REJECTED, OfferOutcome.UNREACHABLE)


@dataclass
class Channel:
    """One party's connection, and where the dialplan has it."""

    name: ChannelId
    call: CallId
    seat: SeatId | None = None
    peer: PeerId | None = None
    leg: LegId = LegId("")
    told_leg: LegId = LegId("")
    """What its Uniqueid says: '' of one that the caller's own dialplan dialled."""
    at: str = "rings"
    """``rings``, ``talk``, ``room``, ``hold``."""
    bridge: str = ""


@dataclass
class Caller:
    """A caller's channel and its variables."""

    call: CallId
    name: ChannelId
    since: float
    at: str = "wait"
    """``wait``, ``connect``, ``talk``, ``hold``, ``room``, ``away``, ``survey``."""
    bridge: str = ""
    go: str = ""
    offer: OfferId = OfferId("")
    move: str = ""
    away: SendAway | None = None
    said: list[str] = field(default_factory=list)
    is_surprised: bool = False
    """Its talk ended while something was under way that might have saved it."""


@dataclass
class World:
    """Asterisk, its callers, seats and recipients, and the brain beside it."""

    dice: random.Random
    now: float = 0.0
    callers: dict[CallId, Caller] = field(default_factory=dict)
    channels: dict[ChannelId, Channel] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    orders: list[Order] = field(default_factory=list)
    redirects: list[tuple[Caller, str]] = field(default_factory=list)
    """Redirects of callers that Asterisk has taken on: the channel obeys in its own time."""
    births: list[RingRecipient] = field(default_factory=list)
    """Recipients that Asterisk is about to ring: nobody can hang up what is not there yet."""
    was_quiet: bool = False
    """Whether brain and Asterisk knew the same when somebody hung up."""
    owed: Counter[CallId] = field(default_factory=Counter)
    records: dict[CallId, CallRecord] = field(default_factory=dict)
    looks: int = 0
    made: int = 0
    asked: int = 0
    faults: float = 0.1

    def __post_init__(self) -> None:
        self.switch = Switch(MOVE_PLAN, NOON)
        self.tell(SnapshotTaken(at=NOON))
        for seat in SEATS:
            for event in ready(seat, AGENTS[seat], NOON):
                self.tell(event)

    @property
    def at(self) -> datetime:
        return NOON + timedelta(seconds=self.now)

    # --- the brain ------------------------------------------------------------------------

    def tell(self, event: Event) -> None:
        asked = event if isinstance(event, AgentMoves) else None
        why = self.switch.why_not_move(asked) if asked is not None else None
        effects = self.switch.feed(event)
        if asked is not None:
            shown = [one for one in effects if isinstance(one, ShowMove) and one.move == asked.move]
            refused = [one.why for one in shown if one.step is Step.RETURNED and one.why in REFUSED]
            assert refused == ([why.value] if why is not None else []), (asked, shown)
        for effect in effects:
            self.perform(effect)

    def perform(self, effect: Effect) -> None:
        match effect:
            case (
                OfferCall()
                | SetAside()
                | SendTo()
                | SendAway()
                | RingRecipient()
                | HangUp()
                | ArmCaller()
                | SayNumber()
                | SetMove()
            ):
                self.orders.append(effect)
            case CompleteDraft() | ReplayCel():
                self.owed[effect.call] += 1
            case WriteCall():
                self.records[effect.record.call] = effect.record
            case TakeSnapshot():
                self.looks += 1
            case _:
                pass

    def obey(self) -> None:
        """A caller's channel goes where it was redirected."""
        caller, to = self.redirects.pop(0)
        if caller.call in self.callers:
            self.pull(caller)
            goes = {"room": self.enter_room, "hold": self.enter_hold, "wait": self.wait}
            (goes | {"away": self.enter_away})[to](caller)

    def next(self) -> bool:
        """Let one thing that is under way arrive; false when none is."""
        lines = [one for one in (self.events, self.orders, self.redirects, self.births) if one]
        if not lines:
            return False
        line = self.dice.choice(lines)
        if line is self.events:
            self.tell(self.events.pop(0))
        elif line is self.orders:
            self.carry_out(self.orders.pop(0))
        elif line is self.redirects:
            self.obey()
        else:
            order = self.births.pop(0)
            self.dial(order.call, order.seat, order.peer, order.leg, order.leg)
        return True

    def drain(self) -> None:
        """Carry out all orders and deliver all events, in an order that the dice choose."""
        for _ in range(1000):
            if self.next():
                continue
            if (due := self.switch.due()) is not None and due <= self.at:
                self.tell(ClockTicked(at=self.at))
            else:
                return
        raise AssertionError("brain and Asterisk go round in circles")

    def settle(self) -> None:
        """Let everything that is under way arrive, orders that are given again among it."""
        self.drain()
        for _ in range(30):
            due = self.switch.due()
            if due is None or due > self.at + timedelta(milliseconds=60):
                break
            self.now = max(self.now, (due - NOON).total_seconds())
            self.drain()

    def rest(self, seconds: float) -> None:
        """Let time pass in which nobody does anything, and every deadline with it."""
        until = self.now + seconds
        self.drain()
        while (due := self.switch.due()) is not None:
            at = (due - NOON).total_seconds()
            if at > until:
                break
            self.now = max(self.now, at)
            self.drain()
        self.now = until

    # --- orders -----------------------------------------------------------------------------

    def carry_out(self, order: Order) -> None:
        caller = self.callers.get(order.call)
        match order:
            case ArmCaller():
                if caller is not None:
                    caller.go = order.to
            case SetMove():
                if caller is not None:
                    caller.move = order.state
            case SayNumber():
                if caller is not None:
                    caller.said.append(order.number)
            case HangUp():
                for channel in list(self.channels.values()):
                    if order.channel in (channel.name, channel.told_leg):
                        self.leaves(channel)
            case OfferCall():
                self.offer(order, caller)
            case SetAside():
                self.set_aside(order, caller)
            case SendTo():
                self.send_to(order, caller)
            case SendAway():
                self.send_away(order, caller)
            case RingRecipient():
                self.ring(order, caller)

    def is_refused(self, order: Order, *, is_there: bool, channel: ChannelId | None = None) -> bool:
        """Whether the order comes to nothing; then the brain is told."""
        if is_there and self.dice.random() >= self.faults:
            return False
        why = Refusal.GONE if not is_there else self.dice.choice([Refusal.NOT_UP, Refusal.OTHER])
        offer = order.offer if isinstance(order, OfferCall) else None
        name = "" if isinstance(order, OfferCall) else type(order).__name__
        self.events.append(
            OrderRefused(
                at=self.at, call=order.call, offer=offer, why=why, order=name, channel=channel
            )
        )
        return True

    def offer(self, order: OfferCall, caller: Caller | None) -> None:
        if self.is_refused(order, is_there=caller is not None) or caller is None:
            return
        assert caller.at in ("wait", "hold"), f"taken out of {caller.at}"
        caller.at, caller.offer = "connect", order.offer
        if any(one.seat == order.seat for one in self.channels.values()):
            self.offer_ends(caller, order.seat, OfferOutcome.TAKEN)
            return
        self.events.append(
            OfferStarted(at=self.at, call=caller.call, offer=order.offer, seat=order.seat)
        )
        self.dial(caller.call, seat=order.seat)

    def set_aside(self, order: SetAside, caller: Caller | None) -> None:
        if caller is not None:
            caller.go = order.to
        seat = self.channels.get(order.seat_channel)
        if self.is_refused(order, is_there=seat is not None) or seat is None:
            return
        self.to_room(seat)
        if caller is not None and caller.at in ("talk", "away"):
            self.talk_over(caller, is_deliberate=True)

    def send_to(self, order: SendTo, caller: Caller | None) -> None:
        channel = self.channels.get(order.channel)
        is_caller = caller is not None and caller.name == order.channel
        is_there = channel is not None or is_caller
        if self.is_refused(order, is_there=is_there, channel=order.channel):
            return
        if channel is not None:
            assert channel.at in ("room", "hold", "talk"), channel
            assert order.to in ("seat-room", "hold"), order
            if order.to == "hold":
                self.unbridge(channel)
                channel.at = "hold"
                self.check_room(channel.call)
            else:
                self.to_room(channel)
        elif caller is not None:
            assert order.to in ("room", "hold", "wait"), order
            self.redirects.append((caller, order.to))

    def send_away(self, order: SendAway, caller: Caller | None) -> None:
        if caller is not None:
            caller.away = order
        if order.seat_channel is not None:
            if caller is not None:
                caller.go = "away"
            seat = self.channels.get(order.seat_channel)
            if not self.is_refused(order, is_there=seat is not None) and seat is not None:
                self.leaves(seat)
        elif not self.is_refused(order, is_there=caller is not None) and caller is not None:
            self.redirects.append((caller, "away"))

    def ring(self, order: RingRecipient, caller: Caller | None) -> None:
        if self.is_refused(order, is_there=True):
            return
        is_busy = any(one.seat == order.seat for one in self.channels.values() if one.seat)
        if is_busy or self.dice.random() < 0.1:
            self.events.append(
                RecipientUnanswered(
                    at=self.at, call=order.call, leg=order.leg, outcome=OfferOutcome.UNREACHABLE
                )
            )
            return
        self.births.append(order)

    def dial(
        self,
        call: CallId,
        seat: SeatId | None = None,
        peer: PeerId | None = None,
        leg: LegId = LegId(""),  # noqa: B008  # a name, not a computation
        told: LegId = LegId(""),  # noqa: B008  # as above
    ) -> None:
        self.made += 1
        whose = seat or (f"peer-{peer}" if peer else "out-chifeng")
        name = ChannelId(f"PJSIP/{whose}-{self.made:08x}")
        self.channels[name] = Channel(name, call, seat, peer, leg, told)
        self.events.append(
            LegStarted(at=self.at, call=call, channel=name, seat=seat, peer=peer, leg=told)
        )

    # --- the dialplan -------------------------------------------------------------------------

    def bridge(self, one: Channel | Caller, bridge: str) -> None:
        one.bridge = bridge
        seat, peer, leg = (None, None, LegId(""))
        if isinstance(one, Channel):
            seat, peer, leg = one.seat, one.peer, one.told_leg
        self.events.append(
            LegBridged(
                at=self.at,
                call=one.call,
                channel=one.name,
                seat=seat,
                peer=peer,
                leg=leg,
                bridge=bridge,
            )
        )

    def unbridge(self, one: Channel | Caller) -> None:
        if one.bridge:
            seat = one.seat if isinstance(one, Channel) else None
            self.events.append(
                LegUnbridged(
                    at=self.at, call=one.call, channel=one.name, seat=seat, bridge=one.bridge
                )
            )
        one.bridge = ""

    def others(self, call: CallId, *at: str) -> list[Channel]:
        return [one for one in self.channels.values() if one.call == call and one.at in at]

    def to_room(self, channel: Channel) -> None:
        self.unbridge(channel)
        channel.at = "room"
        self.events.append(
            RoomEntered(
                at=self.at,
                call=channel.call,
                channel=channel.name,
                seat=channel.seat,
                leg=channel.told_leg,
            )
        )
        self.bridge(channel, f"room-{channel.call}")

    def pull(self, caller: Caller) -> None:
        """A redirect takes the caller out of wherever it is; whoever it was dialling is let go."""
        self.unbridge(caller)
        if caller.at in ("connect", "talk", "away"):
            for channel in self.others(caller.call, "rings", "talk"):
                if not channel.told_leg:
                    self.hang_up(channel)

    def enter_room(self, caller: Caller) -> None:
        caller.at, caller.go = "room", ""
        self.events.append(
            RoomEntered(at=self.at, call=caller.call, channel=caller.name, seat=None)
        )
        if self.others(caller.call, "room"):
            self.bridge(caller, f"room-{caller.call}")
        else:
            self.wait(caller)

    def enter_hold(self, caller: Caller) -> None:
        caller.at, caller.go = "hold", ""
        self.events.append(CallerHeld(at=self.at, call=caller.call))

    def enter_away(self, caller: Caller) -> None:
        assert caller.away is not None, "whoever is sent away is told to whom"
        caller.at = "away"
        self.events.append(AwayStarted(at=self.at, call=caller.call, leg=caller.away.leg))
        self.dial(caller.call, caller.away.seat, caller.away.peer, caller.away.leg)

    def wait(self, caller: Caller) -> None:
        caller.at = "wait"
        self.unbridge(caller)
        self.events.append(
            CallWaiting(
                at=self.at,
                call=caller.call,
                channel=caller.name,
                centre=CENTRE,
                line=LINE,
                dnis=DNIS,
                ani=ANI,
                since=NOON + timedelta(seconds=caller.since),
                offer=caller.offer or None,
            )
        )

    def stale(self, caller: Caller) -> None:
        """On hold for long, and nothing heard of the brain: back to somebody, or to the queue."""
        if self.others(caller.call, "room"):
            self.enter_room(caller)
        else:
            self.wait(caller)

    def offer_ends(self, caller: Caller, seat: SeatId, outcome: OfferOutcome) -> None:
        self.events.append(
            OfferEnded(at=self.at, call=caller.call, offer=caller.offer, seat=seat, outcome=outcome)
        )
        if outcome is not OfferOutcome.ANSWERED:
            self.wait(caller)

    def talk_over(self, caller: Caller, *, is_deliberate: bool) -> None:
        """The caller's ``Dial`` or its room has ended: ``[after] talked``."""
        self.unbridge(caller)
        if caller.at == "talk" and caller.offer:
            seat = SEATS[0]  # which one it is told of does not matter: the talk is over
            self.offer_ends(caller, seat, OfferOutcome.ANSWERED)
        if caller.at == "away" and caller.away is not None:
            self.away_ends(caller, OfferOutcome.ANSWERED)
        go, caller.go = caller.go, ""
        if go:
            goes = {"hold": self.enter_hold, "room": self.enter_room, "away": self.enter_away}
            goes[go](caller)
        elif is_deliberate:
            caller.at = "survey"
            caller.is_surprised = not self.was_quiet
        else:
            self.events.append(SeatLost(at=self.at, call=caller.call))
            self.wait(caller)

    def away_ends(self, caller: Caller, outcome: OfferOutcome) -> None:
        assert caller.away is not None, "it was sent there"
        self.events.append(
            AwayEnded(at=self.at, call=caller.call, leg=caller.away.leg, outcome=outcome)
        )

    def hang_up(self, channel: Channel, *, is_lost: bool = False) -> None:
        """The channel is gone; nothing more."""
        del self.channels[channel.name]
        if is_lost and channel.at in ("room", "hold"):
            self.events.append(PartyLost(at=self.at, call=channel.call, channel=channel.name))
        self.unbridge(channel)
        cause = 16 if channel.at != "rings" else self.dice.choice([16, 17, 19])
        self.events.append(
            LegHungUp(
                at=self.at,
                call=channel.call,
                channel=channel.name,
                seat=channel.seat,
                cause=cause,
            )
        )

    def leaves(
        self,
        channel: Channel,
        *,
        is_lost: bool = False,
        outcome: OfferOutcome = OfferOutcome.REJECTED,
    ) -> None:
        """A seat or a recipient hangs up, refuses, or vanishes; the dialplan goes on."""
        caller = self.callers.get(channel.call)
        before, self.was_quiet = channel.at, self.is_quiet
        self.hang_up(channel, is_lost=is_lost)
        if before == "rings":
            if channel.told_leg:
                self.events.append(
                    RecipientUnanswered(
                        at=self.at, call=channel.call, leg=channel.told_leg, outcome=outcome
                    )
                )
            elif caller is not None and caller.at == "away":
                self.away_ends(caller, outcome)
                self.enter_hold(caller)
            elif caller is not None and channel.seat is not None and caller.at == "connect":
                self.offer_ends(caller, channel.seat, outcome)
        elif before == "talk":
            if caller is not None and caller.at in ("talk", "away"):
                self.talk_over(caller, is_deliberate=not is_lost)
        elif before == "room":
            self.check_room(channel.call, is_lost=is_lost)

    def check_room(self, call: CallId, *, is_lost: bool = False) -> None:
        """The last marked one has left: the caller's ``ConfBridge`` returns."""
        caller = self.callers.get(call)
        if caller is not None and caller.at == "room" and not self.others(call, "room"):
            self.talk_over(caller, is_deliberate=not is_lost)

    # --- people -----------------------------------------------------------------------------

    def arrive(self) -> None:
        self.made += 1
        call = CallId(f"node1-1.{self.made}")
        caller = Caller(call, ChannelId(f"PJSIP/trunk-{self.made:08x}"), self.now)
        self.callers[call] = caller
        self.events.append(arrived(call, caller.name, self.now))
        self.wait(caller)

    def answer(self, channel: Channel) -> None:
        """A phone that rings is picked up."""
        caller = self.callers.get(channel.call)
        if channel.told_leg:
            self.to_room(channel)
        elif caller is not None and caller.at in ("connect", "away"):
            caller.at = "talk" if caller.at == "connect" else "away"
            channel.at = "talk"
            self.bridge(channel, f"talk-{channel.name}")
            self.bridge(caller, f"talk-{channel.name}")

    def caller_hangs_up(self, caller: Caller) -> None:
        del self.callers[caller.call]
        self.unbridge(caller)
        ended = LegHungUp(at=self.at, call=caller.call, channel=caller.name, seat=None, cause=16)
        is_first = self.dice.random() < 0.5
        if is_first:
            self.events.append(ended)
        for channel in self.others(caller.call, "rings", "talk", "room"):
            is_kicked = channel.at == "room" and caller.at == "room"
            if is_kicked or (channel.at != "room" and not channel.told_leg):
                self.hang_up(channel)
        if not is_first:
            self.events.append(ended)

    def press(self, call: CallId, seat: SeatId) -> None:
        """An agent presses a key of a move, or begins one."""
        is_moved = self.callers[call].move.partition("|")[0] != ""
        if self.dice.random() < (0.9 if is_moved else 0.1):
            written = read(self.callers[call].move)
            keys = [what for step, what in TABLES[written.kind] if step is written.step]
            useful = [one for one in keys if one in KEYS and self.dice.random() < 0.9]
            longer = [one for one in useful if one not in (What.CANCEL, What.COMPLETE)]
            key = self.dice.choice(longer * 3 + useful or sorted(KEYS, key=lambda one: one.value))
            self.events.append(
                AgentSteers(
                    at=self.at, seat=seat, agent=AGENTS[seat], call=call, move=written.id, key=key
                )
            )
            return
        self.asked += 1
        kind = self.dice.choice(list(Kind))
        targets = list(MOVE_PLAN.targets[CENTRE])
        whom = "emergency:110" if kind is Kind.EMERGENCY else self.dice.choice(targets)
        self.events.append(
            AgentMoves(
                at=self.at,
                seat=seat,
                agent=AGENTS[seat],
                call=call,
                move=MoveId(f"move-{self.asked}"),
                kind=kind,
                target=whom,
            )
        )

    def touch(self, channel: Channel) -> None:
        """A phone that rings is answered or not; one that talks hangs up or vanishes."""
        roll = self.dice.random()
        if channel.at == "rings" and roll < 0.8:
            self.answer(channel)
        else:
            self.leaves(channel, is_lost=roll > 0.9, outcome=self.dice.choice(MISSES))

    def upset(self, caller: Caller) -> None:
        """Something happens to a call: most often to one that is being moved."""
        here = [one for one in self.channels.values() if one.call == caller.call]
        rings = [one for one in here if one.at == "rings"]
        roll = self.dice.random()
        if roll < 0.04 or caller.at == "survey":
            self.caller_hangs_up(caller)
        elif roll < 0.4 and rings:
            self.touch(self.dice.choice(rings))
        elif roll < 0.5 and here:
            self.touch(self.dice.choice(here))
        elif roll < 0.52 and caller.at == "hold":
            self.stale(caller)
        else:
            seats = [one.seat for one in here if one.seat and one.at != "rings"]
            seat = self.dice.choice(seats) if seats else self.dice.choice(SEATS)
            self.press(caller.call, seat)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is under way between brain and Asterisk."""
        return not (self.events or self.orders or self.redirects or self.births)

    def step(self) -> None:
        self.now += self.dice.expovariate(0.7) if self.is_quiet else 0.01
        callers = list(self.callers.values())
        moved = [one for one in callers if one.move.partition("|")[0]]
        is_idle = 0.03 if moved else 0.2
        if not callers or (len(callers) < 4 and self.dice.random() < is_idle):
            self.arrive()
        elif self.dice.random() < is_idle:
            for seat in SEATS:
                self.events.append(AgentReady(at=self.at, seat=seat))
        else:
            self.upset(self.dice.choice(moved or callers))
        for _ in range(self.dice.randrange(6)):  # the next thing happens in the midst of this one
            self.next()

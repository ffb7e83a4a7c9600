"""The world of moves with a supervisor in it, who hears talks, joins them and takes them over."""

from dataclasses import dataclass, field, replace
from typing import Final

from cti.effects import Effect, HangUp
from cti.events import (
    AgentReady,
    AgentSignedIn,
    AgentSignedOut,
    ClockTicked,
    Event,
    LinkLost,
    OrderRefused,
    PhoneChanged,
    SnapshotTaken,
)
from cti.happened import Phone, Refusal
from cti.ids import CallId, ChannelId, SeatId
from cti.listener import rung_as
from cti.moveevents import (
    AgentMoves,
    AgentSteers,
    MonitorEnded,
    MonitorStarted,
    SupervisorJoins,
    SupervisorTakes,
)
from cti.movewishes import Monitor, SendTo, SetAside, ShowSupervised
from cti.plan import PlannedSeat
from cti.seen import SeenChannel, SeenMember
from cti.switch import Switch
from tests.cti.moved import MOVE_PLAN
from tests.cti.movingworld import AGENTS, SEATS, Channel, Order, World
from tests.cti.playbook import CENTRE, NOON, ready
from tests.cti.supervised import BOSS, CHIEF
from tests.cti.test_moveresume_world import Blackouts
from transfer.step import Mode, Phase

TAKES: Final = frozenset({Phase.TAKING, Phase.ON_WAY})
PLAN: Final = replace(
    MOVE_PLAN,
    seats={
        **MOVE_PLAN.seats,
        BOSS: PlannedSeat(centre=CENTRE, extension="1009", skills=frozenset({"班长"})),
    },
)

UNDER_WAY: Final = TAKES | {Phase.GATHERING, Phase.BRINGING, Phase.CHANGING}
AT_DESKS: Final = (
    *(AgentMoves, AgentSteers, SupervisorJoins, SupervisorTakes),
    *(AgentReady, AgentSignedIn, AgentSignedOut),
)
"""What the brain hears without a link to Asterisk."""


@dataclass
class Ear:
    """The supervisor's own phone while it hears a talk. No leg of the call."""

    name: ChannelId
    call: CallId
    mode: Mode
    spied: ChannelId


@dataclass
class ListeningWorld(World):
    """As ``World``; a supervisor presses keys, and hangs up, at any moment."""

    ear: Ear | None = None
    said: list[ShowSupervised] = field(default_factory=list)
    """What the supervisor's desks were told."""
    taken: int = 0
    """How often it came to have a caller."""

    def __post_init__(self) -> None:
        self.switch = Switch(PLAN, NOON)
        self.tell(SnapshotTaken(at=NOON))
        for seat in SEATS:
            for event in ready(seat, AGENTS[seat], NOON):
                self.tell(event)
        self.tell(PhoneChanged(at=NOON, seat=BOSS, phone=Phone.FREE))
        self.tell(AgentSignedIn(at=NOON, seat=BOSS, agent=CHIEF))

    def tell(self, event: Event) -> None:
        """Whatever a supervisor wishes is answered at once."""
        before = len(self.said)
        super().tell(event)
        is_wish = isinstance(event, SupervisorJoins | SupervisorTakes)
        assert not is_wish or len(self.said) > before, event

    def perform(self, effect: Effect) -> None:
        if isinstance(effect, Monitor):
            self.orders.append(effect)  # type: ignore[arg-type]  # one kind more than the world's
        elif isinstance(effect, ShowSupervised):
            self.said.append(effect)
        else:
            super().perform(effect)

    # --- orders -----------------------------------------------------------------------------

    def carry_out(self, order: Order | Monitor) -> None:
        ear = self.ear
        names = {ear.name, rung_as(ear.call, BOSS)} if ear is not None else set()
        if isinstance(order, Monitor):
            self.monitor(order)
        elif isinstance(order, SendTo) and ear is not None and order.channel in names:
            if not self.is_refused(order, is_there=True, channel=order.channel):
                self.goes_to_room(ear)
        elif isinstance(order, HangUp) and order.channel in names:
            self.deaf(order.call)
        else:
            caller = self.callers.get(order.call)
            is_taken = self.is_being_taken(order.call)
            super().carry_out(order)
            if isinstance(order, HangUp) and caller is not None and is_taken:
                assert caller.at != "survey", "whose agent is let go is with the supervisor"

    def next(self) -> bool:
        is_news = super().next()
        self.listen()
        return is_news

    def drain(self) -> None:
        self.listen()
        super().drain()

    def is_being_taken(self, call: CallId) -> bool:
        """Whether that caller talks, and the supervisor is to have it, or is in its room."""
        is_told = bool(self.said) and self.said[-1].call == call and self.said[-1].phase in TAKES
        is_there = any(one.seat == BOSS for one in self.others(call, "room"))
        caller = self.callers.get(call)
        return caller is not None and caller.at == "talk" and (is_told or is_there)

    def monitor(self, order: Monitor) -> None:
        """Ring the phone, or put it into another mode; heard by both it is only in the room."""
        is_here = self.ear is not None and self.ear.name == order.own
        is_there = is_here if order.own else self.ear is None
        if self.is_refused(
            order,  # type: ignore[arg-type]  # as above
            is_there=is_there,
            channel=order.own or None,
        ):
            return
        if not order.own and self.dice.random() < 0.2:
            self.events.append(MonitorEnded(at=self.at, seat=BOSS, call=order.call))
            return
        has_room = bool(self.others(order.call, "room"))
        mode = Mode.LISTEN if order.mode is Mode.BARGE and not has_room else order.mode
        self.made += 1
        name = order.own or ChannelId(f"PJSIP/{BOSS}-{self.made:08x}")
        self.ear = Ear(name, order.call, mode, order.channel)
        self.events.append(
            MonitorStarted(at=self.at, seat=BOSS, call=order.call, channel=name, mode=mode)
        )

    def deaf(self, call: CallId) -> None:
        """The phone hears no more, and is gone."""
        if self.ear is not None and self.ear.call == call:
            self.ear = None
            self.events.append(MonitorEnded(at=self.at, seat=BOSS, call=call))

    def listen(self) -> None:
        """Whoever listens hangs up with whom it hears; in the room, with the last one there."""
        ear = self.ear
        if ear is None:
            return
        is_over = ear.spied not in self.channels
        if ear.mode is Mode.BARGE:
            is_over = not self.others(ear.call, "room")
        if is_over:
            self.deaf(ear.call)

    def goes_to_room(self, ear: Ear) -> None:
        """A leg of the call from here on, like any other."""
        self.ear, self.taken = None, self.taken + 1
        self.events.append(MonitorEnded(at=self.at, seat=BOSS, call=ear.call))
        if ear.call in self.callers:
            self.channels[ear.name] = Channel(ear.name, ear.call, BOSS)
            self.to_room(self.channels[ear.name])

    # --- people -----------------------------------------------------------------------------

    def press(self, call: CallId, seat: SeatId) -> None:
        super().press(call, self.dice.choice(SEATS) if seat == BOSS else seat)

    def supervise(self) -> None:
        """The supervisor presses a key, or hangs up."""
        call = self.dice.choice(list(self.callers))
        if self.ear is not None and self.dice.random() < 0.9:
            call = self.ear.call
        roll = self.dice.random()
        if roll < 0.1:
            self.deaf(call)
        elif roll < 0.35:
            self.events.append(SupervisorTakes(at=self.at, seat=BOSS, agent=CHIEF, call=call))
        else:
            mode = self.dice.choice((Mode.LISTEN, Mode.WHISPER, Mode.BARGE, Mode.BARGE))
            self.events.append(
                SupervisorJoins(at=self.at, seat=BOSS, agent=CHIEF, call=call, mode=mode)
            )

    def step(self) -> None:
        if not self.callers or self.dice.random() > 0.3:
            super().step()
            return
        self.supervise()
        for _ in range(self.dice.randrange(6)):
            self.next()


@dataclass
class OutOfSight(ListeningWorld, Blackouts):
    """As ``ListeningWorld``; the link is lost for some seconds, and a look follows.

    Meanwhile the clock goes on, people do what they like, and no order reaches anybody.
    """

    def __post_init__(self) -> None:
        self.unseen = set()
        super().__post_init__()

    @property
    def has_name(self) -> bool:
        """Whether somebody is signed in at the supervisor's seat."""
        view = self.switch.seat(BOSS)
        return view is not None and view.agent is not None

    def look(self) -> SnapshotTaken:
        seen, ear = super().look(), self.ear
        heard = [] if ear is None else [ear]
        channels = (
            SeenChannel(
                channel=one.name,
                call=one.call,
                seat=BOSS,
                context="monitor",
                bridge="",
                hears=one.mode,
            )
            for one in heard
        )
        boss = SeenMember(seat=BOSS, agent=CHIEF, is_paused=False, reason="", phone=Phone.FREE)
        return replace(
            seen,
            channels=(*seen.channels, *channels),
            members=(*seen.members, *((boss,) if self.has_name else ())),
        )

    def carry_out(self, order: Order | Monitor) -> None:
        caller = self.callers.get(order.call)
        channel = self.channels.get(order.channel) if isinstance(order, HangUp) else None
        was_there = caller is not None and caller.at == "room" and not caller.go
        super().carry_out(order)
        if channel is not None and channel.seat == BOSS and was_there:
            assert caller is not None, "it was there"
            assert caller.at == "room", "who took a caller over is let go for nobody"

    def step(self) -> None:
        """More keys of the supervisor's than elsewhere, and the link is lost in their midst."""
        super().step()
        talking = [one.call for one in self.callers.values() if one.at == "talk"]
        if talking and self.ear is None and self.has_name:
            call = self.dice.choice(talking)
            mode = self.dice.choice((Mode.LISTEN, Mode.BARGE))
            self.events.append(
                SupervisorJoins(at=self.at, seat=BOSS, agent=CHIEF, call=call, mode=mode)
            )
        elif self.ear is not None and self.dice.random() < 0.5:
            self.events.append(
                SupervisorTakes(at=self.at, seat=BOSS, agent=CHIEF, call=self.ear.call)
            )
        for _ in range(self.dice.randrange(8)):
            self.next()
        if self.said and self.said[-1].phase in UNDER_WAY and self.dice.random() < 0.3:
            self.is_cut_off()

    def is_cut_off(self) -> None:
        unanswered = list(self.orders)
        self.goes_dark(self.dice.randrange(len(unanswered) + 1))
        self.tell(LinkLost(at=self.at))
        for order in unanswered:
            self.loses(order)
        until = self.now + self.dice.expovariate(0.2)
        while self.now < until:
            self.now += self.dice.expovariate(0.7)
            self.lives_on()
        self.orders.clear()
        self.tell(self.look())

    def loses(self, order: Order | Monitor) -> None:
        """The answer to an order goes with its link: for all we know it was not carried out."""
        whose = {SendTo: "channel", SetAside: "seat_channel", Monitor: "own"}
        if type(order) in whose:
            channel = ChannelId(getattr(order, whose[type(order)])) or None
            self.tell(
                OrderRefused(
                    at=self.at,
                    call=order.call,
                    offer=None,
                    why=Refusal.OTHER,
                    order=type(order).__name__,
                    channel=channel,
                )
            )

    def lives_on(self) -> None:
        """Something happens out of sight, and the clock rings."""
        roll = self.dice.random()
        if roll < 0.2:
            self.signs()
        elif self.callers and roll < 0.5:
            self.supervise()
        elif self.callers:
            self.upset(self.dice.choice(list(self.callers.values())))
        self.listen()
        said = [one for one in self.events if isinstance(one, AT_DESKS)]
        self.events.clear()
        for event in said:
            self.tell(event)
        while (due := self.switch.due()) is not None and due <= self.at:
            self.tell(ClockTicked(at=self.at))
        self.orders.clear()

    def signs(self) -> None:
        """The supervisor signs in or out, or is ready for calls of its own."""
        if not self.has_name:
            self.events.append(AgentSignedIn(at=self.at, seat=BOSS, agent=CHIEF))
        elif self.dice.random() < 0.5:
            self.events.append(AgentSignedOut(at=self.at, seat=BOSS))
        self.events.append(AgentReady(at=self.at, seat=BOSS))

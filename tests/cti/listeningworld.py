"""The world of moves with a supervisor in it, who hears talks, joins them and takes them over."""

from dataclasses import dataclass, field, replace
from typing import Final

from cti.effects import Effect, HangUp
from cti.events import AgentSignedIn, Event, PhoneChanged, SnapshotTaken
from cti.happened import Phone
from cti.ids import AgentId, CallId, ChannelId, SeatId
from cti.listener import rung_as
from cti.moveevents import MonitorEnded, MonitorStarted, SupervisorJoins, SupervisorTakes
from cti.movewishes import Monitor, SendTo, ShowSupervised
from cti.plan import PlannedSeat
from cti.switch import Switch
from tests.cti.moved import MOVE_PLAN
from tests.cti.movingworld import AGENTS, SEATS, Channel, Order, World
from tests.cti.playbook import CENTRE, NOON, ready
from transfer.step import Mode, Phase

BOSS: Final = SeatId("chifeng-1009")
CHIEF: Final = AgentId("chief")
TAKES: Final = frozenset({Phase.TAKING, Phase.ON_WAY})
PLAN: Final = replace(
    MOVE_PLAN,
    seats={
        **MOVE_PLAN.seats,
        BOSS: PlannedSeat(centre=CENTRE, extension="1009", skills=frozenset({"班长"})),
    },
)


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

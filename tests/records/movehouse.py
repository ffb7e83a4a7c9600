"""A house that moves callers as the switch orders, and is told twice: by AMI and in Asterisk's log.

It keeps what ``asterisk-conf/`` promises of ``[connect] [hold] [room] [joins] [away]`` and no more:
who stands where, who hears whom. Whatever happens is an event and a line at the same instant.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cti.effects import Effect, HangUp, OfferCall, WriteCall, WriteJournal
from cti.events import (
    AgentReady,
    CallArrived,
    CallWaiting,
    ClockTicked,
    Event,
    LegBridged,
    LegHungUp,
    LegStarted,
    LegUnbridged,
    OfferEnded,
    OfferStarted,
    SeatLost,
    SnapshotTaken,
)
from cti.happened import OfferOutcome
from cti.ids import (
    AgentId,
    CallId,
    CentreId,
    ChannelId,
    LegId,
    LineId,
    MoveId,
    OfferId,
    PeerId,
    SeatId,
)
from cti.moveevents import (
    AgentMoves,
    AgentSteers,
    AwayEnded,
    AwayStarted,
    CallerHeld,
    PartyLost,
    RoomEntered,
)
from cti.movewishes import ArmCaller, RingRecipient, SendAway, SendTo, SetAside
from cti.plan import SwitchPlan
from cti.switch import Switch
from cti.wire import DIAL_STATUS, peer_of, seat_of
from records.callrecord import CallRecord
from records.cel import read_block
from records.rebuild import Replay
from tests.cti.playbook import ready
from tests.records.cellog import OTHER, SEAT, Logged
from tests.records.samples import NOON
from transfer.step import Kind, What

AGENT = AgentId("anna")
DIALLED = ("talk", "ring", "away")
"""Where a leg is that the caller's own ``Dial`` has made: it ends with the caller."""
CALLER = ChannelId("PJSIP/trunk-00000000")
TAX = PeerId("tax")


@dataclass
class Leg:
    """One channel, and where it is."""

    name: str
    uniqueid: str
    root: str = ""
    leg: str = ""
    """The id by which a move rang it, if the channel is named for it."""
    bridge: str = ""
    where: str = ""
    is_up: bool = False
    number: int = 0

    @property
    def channel(self) -> ChannelId:
        return ChannelId(f"PJSIP/{self.name}-{self.number:08x}")


@dataclass
class House:
    """One caller's call. Each verb lets something happen and then obeys what is ordered."""

    plan: SwitchPlan
    log: Logged = field(default_factory=Logged)
    legs: list[Leg] = field(default_factory=list)
    caller: Leg = field(default_factory=lambda: Leg("trunk", "", where="arrive", is_up=True))
    now: float = 1.0
    go: str = ""
    away: SendAway | None = None
    seat: Leg | None = None
    """The agent's phone, which the queue rang."""
    is_full: bool = False
    """Somebody sits at the other seat, too."""
    offer: OfferId = OfferId("")
    births: int = 0
    bridges: int = 0
    moves: int = 0
    effects: list[Effect] = field(default_factory=list)
    orders: deque[Effect] = field(default_factory=deque)
    is_obeying: bool = False

    def __post_init__(self) -> None:
        self.switch = Switch(self.plan, NOON)
        self.tell(SnapshotTaken(at=NOON))
        for seat, agent in ((SEAT, AGENT), (OTHER, AgentId("ben")))[: 1 + self.is_full]:
            for event in ready(SeatId(seat), agent, NOON):
                self.tell(event)
        self.log.arrive()
        self.tell(
            CallArrived(
                at=NOON + timedelta(seconds=0.02),
                call=self.call,
                channel=CALLER,
                centre=CentreId("chifeng"),
                line=LineId("8337772"),
                dnis="04768337772",
                ani=self.log.ani,
                revision=12,
            )
        )
        self.wait()

    @property
    def call(self) -> CallId:
        return CallId(self.log.call)

    @property
    def at(self) -> datetime:
        return NOON + timedelta(seconds=self.now)

    @property
    def is_over(self) -> bool:
        return self.caller.where == "gone"

    @property
    def agent(self) -> SeatId:
        """Where the agent sits who has the caller, or had it last."""
        return SeatId(self.seat.name if self.seat is not None else SEAT)

    @property
    def recipients(self) -> list[Leg]:
        return [leg for leg in self.legs if leg is not self.seat]

    def pass_time(self, seconds: float = 0.05) -> None:
        self.now = round(self.now + seconds, 6)

    # --- telling ----------------------------------------------------------------------------

    def tell(self, event: Event) -> None:
        """Tell the switch; what it orders is carried out when what happens now has happened."""
        self.orders += (effects := self.switch.feed(event))
        self.effects += effects

    def obey(self) -> None:
        while self.orders:
            self.pass_time(0.01)
            self._obey(self.orders.popleft())

    def let(self, what: Callable[[], None]) -> None:
        """Let something happen, some time after the last thing."""
        self.pass_time(2)
        self.tell(ClockTicked(at=self.at))
        self.obey()
        what()
        self.obey()

    def mark(self, kind: str, leg: Leg | None = None, extra: str = "") -> None:
        of = leg or self.caller
        name = "" if of is self.caller else of.name
        self.log.log(kind, self.now, leg=of.uniqueid, seat=name, extra=extra, root=of.root)

    # --- what a channel does ----------------------------------------------------------------

    def birth(self, name: str, leg: str = "") -> Leg:
        self.births += 1
        uniqueid = leg or self.log.channel(self.now)
        born = Leg(name, uniqueid, root=leg, leg=leg, number=self.births)
        self.legs.append(born)
        self.log.legs += 1
        self.log.log(
            "CHAN_START", self.now, leg=born.uniqueid, seat=name, root=born.root, account=False
        )
        self.tell(
            LegStarted(
                at=self.at,
                call=self.call,
                channel=born.channel,
                seat=seat_of(born.channel),
                peer=peer_of(born.channel),
                leg=LegId(leg),
            )
        )
        return born

    def enter(self, leg: Leg, bridge: str) -> None:
        self.pass_time(0.001)
        leg.bridge = bridge
        name = "" if leg is self.caller else leg.name
        self.log.enter(self.now, leg.uniqueid, name, bridge)
        channel = CALLER if leg is self.caller else leg.channel
        self.tell(
            LegBridged(
                at=self.at,
                call=self.call,
                channel=channel,
                seat=seat_of(channel),
                peer=peer_of(channel),
                bridge=bridge,
                leg=LegId(leg.leg),
            )
        )

    def leave(self, leg: Leg) -> None:
        if not leg.bridge:
            return
        self.pass_time(0.001)
        bridge, leg.bridge = leg.bridge, ""
        name = "" if leg is self.caller else leg.name
        self.log.leave(self.now, leg.uniqueid, name, bridge)
        channel = CALLER if leg is self.caller else leg.channel
        self.tell(
            LegUnbridged(
                at=self.at, call=self.call, channel=channel, seat=seat_of(channel), bridge=bridge
            )
        )

    def hang(self, leg: Leg, cause: int = 16, *, is_lost: bool = False) -> None:
        """A channel ends; whoever depended on it goes on as its dialplan says."""
        if leg is not self.caller and leg not in self.legs:
            return
        if leg is self.caller:
            self._caller_ends()
            return
        was = leg.where
        self.legs.remove(leg)
        if leg is self.seat:
            self.seat = None
        if is_lost and was == "room":
            self.tell(PartyLost(at=self.at, call=self.call, channel=leg.channel))
        self.leave(leg)
        self.log.gone(leg.uniqueid, leg.name, self.now, cause)
        self._hung_up(leg.channel, cause)
        if was == "talk":
            self.leave(self.caller)
            self._talked(SeatId(leg.name), is_lost=is_lost)
        elif was == "away":
            status = {17: "BUSY", 19: "NOANSWER"}.get(cause, "CONGESTION")
            self._not_away("ANSWER" if leg.is_up else status, is_lost=is_lost)
        elif was == "room":
            self._room_thins(is_lost=is_lost)

    def _hung_up(self, channel: ChannelId, cause: int) -> None:
        self.tell(
            LegHungUp(
                at=self.at, call=self.call, channel=channel, seat=seat_of(channel), cause=cause
            )
        )

    def _caller_ends(self) -> None:
        self.leave(self.caller)
        was, self.caller.where = self.caller.where, "gone"
        self.log.end(self.now)
        self._hung_up(CALLER, 16)
        dialled = [one for one in self.legs if not one.leg and one.where in DIALLED]
        kicked = [one for one in self.legs if one.where == "room"]
        for leg in (*(dialled if was in ("connect", "talk", "away") else ()), *kicked):
            self.pass_time(0.001)
            leg.where = ""
            self.hang(leg)

    # --- the caller's dialplan --------------------------------------------------------------

    def wait(self) -> None:
        self.pass_time()
        self.caller.where = "wait"
        self.log.wait(self.now)
        self.tell(
            CallWaiting(
                at=self.at,
                call=self.call,
                channel=CALLER,
                centre=CentreId("chifeng"),
                line=LineId("8337772"),
                dnis="04768337772",
                ani=self.log.ani,
                since=NOON + timedelta(seconds=int(self.now)),
            )
        )

    def _connect(self, order: OfferCall) -> None:
        if self.caller.where != "wait" or self.seat is not None:
            return
        self.caller.where, self.offer = "connect", order.offer
        self.mark("OFFER", extra=f"seat={order.seat}")
        self.tell(OfferStarted(at=self.at, call=self.call, offer=order.offer, seat=order.seat))
        self.pass_time()
        self.seat = self.birth(order.seat)
        self.seat.where = "ring"

    def _talked(self, seat: SeatId, *, is_lost: bool) -> None:
        self.pass_time(0.001)
        self.tell(
            OfferEnded(
                at=self.at,
                call=self.call,
                offer=self.offer,
                seat=seat,
                outcome=OfferOutcome.ANSWERED,
            )
        )
        self._go_on(is_lost=is_lost)

    def _go_on(self, *, is_lost: bool) -> None:
        """A talk of the caller's is over: where ``GO`` says, else to the wait or goodbye."""
        to, self.go = self.go, ""
        if self.is_over:
            return
        if to:
            {"hold": self._hold, "room": self._room, "away": self._away}[to]()
        elif is_lost:
            self.mark("SEATLOST")
            self.tell(SeatLost(at=self.at, call=self.call))
            self.wait()
        else:
            self.mark("BYE")
            self.pass_time(0.5)
            self._caller_ends()

    def _hold(self) -> None:
        self.pass_time(0.001)
        self.caller.where = "hold"
        self.mark("HELD")
        self.tell(CallerHeld(at=self.at, call=self.call))

    def _room(self) -> None:
        self.pass_time(0.001)
        self.caller.where = "room"
        self.mark("ROOM")
        self.tell(RoomEntered(at=self.at, call=self.call, channel=CALLER, seat=None))
        if any(leg.where == "room" for leg in self.legs):
            self.enter(self.caller, "c")
        else:
            self.wait()

    def _room_thins(self, *, is_lost: bool) -> None:
        if self.caller.where == "room" and all(leg.where != "room" for leg in self.legs):
            self.leave(self.caller)
            self._go_on(is_lost=is_lost)

    def _party_room(self, leg: Leg) -> None:
        """A seat or a recipient comes into the room."""
        self.pass_time(0.001)
        leg.where = "room"
        self.mark("ROOM", leg, f"leg={leg.leg}" if leg.leg else "")
        seat = seat_of(leg.channel)
        told = RoomEntered(
            at=self.at, call=self.call, channel=leg.channel, seat=seat, leg=LegId(leg.leg)
        )
        self.tell(told)
        self.enter(leg, "c")

    def _away(self) -> None:
        order = self.away
        assert order is not None
        self.pass_time(0.001)
        self.caller.where = "away"
        who = f"peer={order.peer or ''} seat={order.seat or ''}"
        self.mark("AWAY", extra=f"leg={order.leg} {who}")
        self.tell(AwayStarted(at=self.at, call=self.call, leg=order.leg))
        self.pass_time()
        self.birth(order.seat or f"peer-{order.peer}").where = "away"

    def _not_away(self, status: str, *, is_lost: bool) -> None:
        order = self.away
        assert order is not None
        if self.is_over:
            return
        self.leave(self.caller)
        self.mark("AWAYEND", extra=f"leg={order.leg} status={status}")
        outcome = DIAL_STATUS[status]
        self.tell(AwayEnded(at=self.at, call=self.call, leg=order.leg, outcome=outcome))
        if outcome is OfferOutcome.ANSWERED or self.go:
            self._go_on(is_lost=is_lost)
        else:
            self._hold()

    # --- orders -----------------------------------------------------------------------------

    def _obey(self, order: Effect) -> None:
        if self.is_over and not isinstance(order, HangUp):
            return
        match order:
            case OfferCall():
                self._connect(order)
            case ArmCaller():
                self.go = order.to
            case SetAside():
                self._set_aside(order)
            case RingRecipient():
                self.birth(order.seat or f"peer-{order.peer}", order.leg).where = "ring"
            case SendTo():
                self._send(order)
            case SendAway():
                self._send_away(order)
            case HangUp():
                leg = next(
                    (one for one in self.legs if order.channel in (one.channel, one.leg)), None
                )
                if leg is not None:
                    self.hang(leg)
            case _:
                pass

    def _set_aside(self, order: SetAside) -> None:
        seat = self.seat
        self.go = order.to
        if seat is None or seat.where != "talk":
            return
        self.leave(seat)
        self.leave(self.caller)
        self._party_room(seat)
        self._talked(SeatId(seat.name), is_lost=False)

    def _send(self, order: SendTo) -> None:
        if order.channel == CALLER:
            self._take_caller()
            {"hold": self._hold, "room": self._room, "wait": self.wait}[order.to]()
            return
        leg = next((one for one in self.legs if one.channel == order.channel), None)
        if leg is None:
            return
        if order.to == "hold":
            leg.where = "hold"
            self.leave(leg)
            self._room_thins(is_lost=False)
        else:
            self._party_room(leg)

    def _take_caller(self) -> None:
        """The caller is redirected; a phone that it was ringing, or talked with, ends."""
        self.go = ""
        self.leave(self.caller)
        self.caller.where = ""
        for leg in [one for one in self.legs if one.where in ("talk", "away")]:
            leg.where = ""
            self.hang(leg)
        if (seat := self.seat) is not None and seat.where == "ring":
            seat.where = ""
            self.hang(seat, 26)

    def _send_away(self, order: SendAway) -> None:
        self.away = order
        if order.seat_channel is None:
            self._take_caller()
            self._away()
            return
        self.go = "away"
        if (seat := self.seat) is not None:
            self.hang(seat)

    # --- what people do ---------------------------------------------------------------------

    def answer(self) -> None:
        """Whoever rings first picks up."""
        leg = next((one for one in self.legs if not one.is_up), None)
        if leg is None:
            return
        leg.is_up = True
        self.log.log("ANSWER", self.now, leg=leg.uniqueid, seat=leg.name, root=leg.root)
        if leg.leg:
            self._party_room(leg)
            return
        if leg.where == "ring":
            leg.where = self.caller.where = "talk"
        self.bridges += 1
        self.enter(leg, f"b{self.bridges}")
        self.enter(self.caller, f"b{self.bridges}")

    def refuse(self, cause: int) -> None:
        """A recipient's phone that rings will not have it."""
        leg = next((one for one in self.recipients if not one.is_up), None)
        if leg is not None:
            self.hang(leg, cause)

    def part(self, who: Leg | None, *, is_lost: bool) -> None:
        """Somebody on the line hangs up, or vanishes."""
        if who is not None and who.is_up:
            self.hang(who, is_lost=is_lost)

    def move(self, kind: Kind, target: str) -> None:
        """The agent wants the caller moved."""
        self.moves += 1
        self.tell(
            AgentMoves(
                at=self.at,
                seat=self.agent,
                agent=AGENT,
                call=self.call,
                move=MoveId(f"move{self.moves}"),
                kind=kind,
                target=target,
            )
        )

    def press(self, key: What) -> None:
        """The agent presses a key of the move under way."""
        move = MoveId(f"move{self.moves}")
        self.tell(
            AgentSteers(
                at=self.at, seat=self.agent, agent=AGENT, call=self.call, move=move, key=key
            )
        )

    def be_ready(self) -> None:
        for seat in (SEAT, OTHER):
            self.tell(AgentReady(at=self.at, seat=SeatId(seat)))

    # --- the two records --------------------------------------------------------------------

    def finish(self) -> None:
        """The caller hangs up, and everybody goes."""
        if not self.is_over:
            self.let(lambda: self.hang(self.caller))
        for _ in range(20):
            for leg in list(self.legs):
                if leg in self.legs:
                    self.let(lambda leg=leg: self.hang(leg))  # type: ignore[misc]
            self.let(self.be_ready)

    def live(self) -> CallRecord:
        """What the switch wrote in the end."""
        assert self.switch.live_calls == frozenset()
        return [effect.record for effect in self.effects if isinstance(effect, WriteCall)][-1]

    def journal(self) -> list[WriteJournal]:
        return [effect for effect in self.effects if isinstance(effect, WriteJournal)]

    def replayed(self) -> list[CallRecord]:
        """What Asterisk's log tells alone."""
        replay = Replay(CentreId("chifeng"))
        events: Any = read_block(b"".join(self.log.lines())).events
        replay.feed(events)
        return replay.take()

"""The plan and the verbs of stories about moves: an Asterisk of a few lines, told by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Self

from cti.call import NO_LEG
from cti.effects import WriteCall
from cti.events import (
    Event,
    LegBridged,
    LegStarted,
    LegUnbridged,
    OfferEnded,
    OfferStarted,
    OrderRefused,
)
from cti.happened import OfferOutcome, Refusal
from cti.ids import AgentId, CallId, ChannelId, LegId, MoveId, OfferId, PeerId, SeatId
from cti.moveevents import (
    AgentMoves,
    AgentSteers,
    AwayEnded,
    AwayStarted,
    CallerHeld,
    RecipientUnanswered,
    RoomEntered,
)
from cti.plan import CentreTimes, PlannedSeat, SwitchPlan
from queues.seat import AgentState
from records.callrecord import CallRecord
from tests.cti.playbook import (
    ANNA,
    CALL,
    CENTRE,
    CHANNEL,
    OTHER,
    RING,
    SEAT,
    WRAP_UP,
    Playbook,
    after,
    hung_up,
    leg,
    talking,
)
from transfer.step import Kind, What
from transfer.target import Route, Target, TargetKind

TAX = PeerId("tax")
THIRD = SeatId("chifeng-1003")
MOVE = MoveId("move-1")
ROOM = "room-1"
M1, M2, M3 = (LegId(f"{CALL}-m{n}") for n in (1, 2, 3))


def target(kind: TargetKind, name: str, *routes: Route, number: str = "") -> Target:
    return Target(id=f"{kind.value}:{name}", name=name, kind=kind, routes=routes, number=number)


EXPERT = target(TargetKind.EXPERT, "社保", Route(number="13900000002"), Route(number="13900000003"))
COLLEAGUE = target(TargetKind.SEAT, "1002", Route(seat=OTHER))
GROUP = target(TargetKind.GROUP, "人社", Route(skill="人社"))
TAX_OFFICE = target(TargetKind.SUB_CENTRE, "12366", Route(peer=TAX, number="12366"), number="12366")
POLICE = target(
    TargetKind.EMERGENCY,
    "110",
    Route(peer=PeerId("police"), number="110", ring=timedelta(seconds=30)),
    Route(number="04765552110"),
    number="110",
)
WATER = target(TargetKind.UTILITY, "水务", number="96100")

MOVE_PLAN = SwitchPlan(
    seats={
        seat: PlannedSeat(centre=CENTRE, extension=seat[-4:], skills=frozenset(skills))
        for seat, skills in (
            (SEAT, {"通用"}),
            (OTHER, {"通用", "人社"}),
            (THIRD, {"人社"}),
        )
    },
    skill_of={},
    times={CENTRE: CentreTimes(ring=RING, wrap_up=WRAP_UP, dials_out=True, out_prefix="9")},
    targets={
        CENTRE: {one.id: one for one in (EXPERT, COLLEAGUE, GROUP, TAX_OFFICE, POLICE, WATER)}
    },
)


def recipient(of: LegId) -> ChannelId:
    """The channel of a recipient rung over the trunk."""
    return ChannelId(f"PJSIP/out-chifeng-{int(of.rpartition('m')[2]):08x}")


class Moves(Playbook):
    """A playbook whose Asterisk knows ``[hold]``, ``[room]`` and ``[away]``."""

    def __init__(self, plan: SwitchPlan = MOVE_PLAN) -> None:
        super().__init__(plan)

    def tell(self, *events: Event) -> Self:
        """Tell events; the effects of all of them are looked through."""
        found = [effect for event in events for effect in self._tell(event)]
        self.effects = found
        return self

    def in_talk(self, at: float = 1) -> Self:
        """Anna talks with the caller, by an offer of the queue."""
        self.sign_in().call_in()
        offer = OfferId(f"{CALL}/1")
        self.tell(OfferStarted(at=after(at), call=CALL, offer=offer, seat=SEAT))
        return self.tell(*talking(SEAT, at))

    def asks(
        self,
        kind: Kind,
        whom: Target,
        at: float = 5,
        *,
        seat: SeatId = SEAT,
        agent: AgentId = ANNA,
        move: MoveId = MOVE,
        number: str = "",
    ) -> Self:
        """An agent presses a key."""
        return self.tell(
            AgentMoves(
                at=after(at),
                seat=seat,
                agent=agent,
                call=CALL,
                move=move,
                kind=kind,
                target="" if number else whom.id,
                number=number,
            )
        )

    def presses(self, key: What, at: float, seat: SeatId = SEAT, move: MoveId = MOVE) -> Self:
        """The agent presses a key of a move."""
        return self.tell(
            AgentSteers(at=after(at), seat=seat, agent=ANNA, call=CALL, move=move, key=key)
        )

    # --- what Asterisk does -----------------------------------------------------------------

    def aside(self, at: float, to: str = "hold") -> Self:
        """The seat is redirected to the room; the caller follows by its own dialplan."""
        self.tell(*out_of_talk(at))
        self.tell(RoomEntered(at=after(at), call=CALL, channel=leg(SEAT), seat=SEAT))
        self.tell(bridged(leg(SEAT), at, SEAT))
        return self.held(at) if to == "hold" else self.enters(at)

    def held(self, at: float) -> Self:
        """The caller is on hold, from wherever it was."""
        return self.tell(*self._leaves(CHANNEL, at), CallerHeld(at=after(at), call=CALL))

    def enters(self, at: float, channel: ChannelId = CHANNEL) -> Self:
        """The caller, or another party that was there before, comes into the room."""
        known = self.switch._picture.calls[CALL].legs[channel]  # noqa: SLF001  # whose it is
        return self.tell(
            RoomEntered(at=after(at), call=CALL, channel=channel, seat=known.seat, leg=known.leg),
            bridged(channel, at, known.seat, known.leg),
        )

    def rings(self, of: LegId, at: float, seat: SeatId | None = None) -> Self:
        """The recipient's phone rings."""
        channel = leg(seat, 9) if seat is not None else recipient(of)
        return self.tell(LegStarted(at=after(at), call=CALL, channel=channel, seat=seat, leg=of))

    def answers(self, of: LegId, at: float, seat: SeatId | None = None) -> Self:
        """The recipient answers, and is in the room."""
        channel = leg(seat, 9) if seat is not None else recipient(of)
        return self.tell(
            RoomEntered(at=after(at), call=CALL, channel=channel, seat=seat, leg=of),
            bridged(channel, at, seat, of),
        )

    def unanswered(self, of: LegId, at: float, outcome: OfferOutcome = OfferOutcome.MISSED) -> Self:
        """Asterisk says how the ringing of a leg ended."""
        return self.tell(RecipientUnanswered(at=after(at), call=CALL, leg=of, outcome=outcome))

    def away(self, of: LegId, at: float) -> Self:
        """The seat's leg ends, and the caller's own dialplan dials the recipient."""
        self.tell(*out_of_talk(at), hung_up(leg(SEAT), at, SEAT))
        return self.tell(AwayStarted(at=after(at), call=CALL, leg=of))

    def leaves_for(self, of: LegId, at: float) -> Self:
        """The caller's own dialplan dials the recipient, by a redirect."""
        return self.tell(AwayStarted(at=after(at), call=CALL, leg=of))

    def not_away(self, of: LegId, at: float, outcome: OfferOutcome = OfferOutcome.MISSED) -> Self:
        """That dialling ends."""
        return self.tell(AwayEnded(at=after(at), call=CALL, leg=of, outcome=outcome))

    def gone(self, channel: ChannelId, at: float, seat: SeatId | None = None) -> Self:
        """Somebody hangs up."""
        return self.tell(*self._leaves(channel, at), hung_up(channel, at, seat))

    def refused(self, order: str, at: float, why: Refusal = Refusal.OTHER) -> Self:
        """An order is answered no."""
        return self.tell(OrderRefused(at=after(at), call=CALL, offer=None, why=why, order=order))

    def _leaves(self, channel: ChannelId, at: float) -> Sequence[Event]:
        call = self.switch._picture.calls.get(CALL)  # noqa: SLF001  # as BridgeLeave says it
        bridge = call.bridges.get(channel) if call is not None else None
        if call is None or bridge is None:
            return ()
        seat = call.legs[channel].seat
        return (LegUnbridged(at=after(at), call=CALL, channel=channel, seat=seat, bridge=bridge),)


def out_of_talk(at: float) -> Sequence[Event]:
    """The plain talk of Anna and the caller ends."""
    return (
        LegUnbridged(at=after(at), call=CALL, channel=leg(SEAT), seat=SEAT, bridge="b1"),
        LegUnbridged(at=after(at), call=CALL, channel=CHANNEL, seat=None, bridge="b1"),
        OfferEnded(
            at=after(at),
            call=CALL,
            offer=OfferId(f"{CALL}/1"),
            seat=SEAT,
            outcome=OfferOutcome.ANSWERED,
        ),
    )


def bridged(
    channel: ChannelId, at: float, seat: SeatId | None = None, of: LegId = NO_LEG
) -> LegBridged:
    """A party hears whoever else is in the room."""
    return LegBridged(at=after(at), call=CALL, channel=channel, seat=seat, bridge=ROOM, leg=of)


def call_named(number: int) -> CallId:
    """Another call."""
    return CallId(f"node1-1795310090.{number}")


def state(p: Moves, seat: str = SEAT) -> AgentState:
    view = next(view for view in p.switch.seats() if view.seat == seat)
    return view.state


def last(p: Moves) -> CallRecord:
    return next(one.record for one in reversed(p.all) if isinstance(one, WriteCall))


def consulting(p: Moves) -> Moves:
    """Anna talks with the expert, the caller holds."""
    return p.in_talk().asks(Kind.CONSULT, EXPERT).aside(6).rings(M1, 7).answers(M1, 8)


def joined(p: Moves) -> Moves:
    """All three are in the room."""
    return consulting(p).presses(What.JOIN, 9).enters(9)


def with_target(one: Target) -> Moves:
    targets = {CENTRE: {**MOVE_PLAN.targets[CENTRE], one.id: one}}
    return Moves(replace(MOVE_PLAN, targets=targets))

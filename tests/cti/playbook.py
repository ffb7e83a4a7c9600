"""A test that is the conversation: ``>>`` tells the switch an event, ``<<`` expects an effect.

Effects that a story does not mention may still happen; those it does mention must come in the
order told, after the event before them. At the end nothing the story forbade has happened.
"""

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from cti.effects import Effect
from cti.events import (
    AgentReady,
    AgentSignedIn,
    CallArrived,
    CallWaiting,
    ClockTicked,
    Event,
    LegBridged,
    LegHungUp,
    LegStarted,
    PhoneChanged,
    SnapshotTaken,
)
from cti.happened import Phone
from cti.ids import AgentId, CallId, CentreId, ChannelId, LineId, SeatId
from cti.plan import CentreTimes, PlannedSeat, SwitchPlan
from cti.switch import Switch

NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
CENTRE = CentreId("chifeng")
CALL = CallId("node1-1795310090.4")
CHANNEL = ChannelId("PJSIP/trunk-00000004")
LINE, DNIS, ANI = LineId("8337772"), "8337772", "13900000001"
SEAT, OTHER = SeatId("chifeng-1001"), SeatId("chifeng-1002")
ANNA, BEN = AgentId("anna"), AgentId("ben")
RING, WRAP_UP = timedelta(seconds=15), timedelta(seconds=30)

PLAN = SwitchPlan(
    seats={
        SEAT: PlannedSeat(centre=CENTRE, extension="1001", skills=frozenset({"通用"})),
        OTHER: PlannedSeat(centre=CENTRE, extension="1002", skills=frozenset({"通用"})),
    },
    skill_of={},
    times={CENTRE: CentreTimes(ring=RING, wrap_up=WRAP_UP)},
)


def after(seconds: float) -> datetime:
    """That long after noon."""
    return NOON + timedelta(seconds=seconds)


def leg(seat: SeatId, number: int = 5) -> ChannelId:
    """A channel of that seat's phone."""
    return ChannelId(f"PJSIP/{seat}-{number:08x}")


class Wish:
    """What an expected effect must be: its type, and the fields the story cares about."""

    def __init__(self, kind: type[Any], **facts: object) -> None:
        unknown = set(facts) - {field.name for field in fields(kind)}
        assert not unknown, f"{kind.__name__} has no {unknown}"
        self.kind, self.facts = kind, facts

    def fits(self, effect: Effect) -> bool:
        return isinstance(effect, self.kind) and all(
            getattr(effect, name) == value for name, value in self.facts.items()
        )

    def __repr__(self) -> str:
        return f"{self.kind.__name__}({self.facts})"


class Playbook:
    """Drives a switch through a story. Starts with a link and an empty Asterisk."""

    def __init__(self, plan: SwitchPlan = PLAN, *, snapshot: SnapshotTaken | None = None) -> None:
        self.switch = Switch(plan, NOON)
        self.effects: list[Effect] = []
        self.all: list[Effect] = []
        self._tell(snapshot or SnapshotTaken(at=NOON))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """A story ends; what it expected was checked as it was told."""

    def _tell(self, event: Event) -> list[Effect]:
        effects = self.switch.feed(event)
        self.effects = effects
        self.all += effects
        return effects

    def __rshift__(self, event: Event) -> Self:
        """Tell an event."""
        self._tell(event)
        return self

    def __lshift__(self, wish: Wish) -> Self:
        """Expect an effect of the last event (later than those expected before)."""
        for position, effect in enumerate(self.effects):
            if wish.fits(effect):
                self.effects = self.effects[position + 1 :]
                return self
        raise AssertionError(f"no {wish} in {self.effects}")

    def none(self, kind: type[Any], **facts: object) -> Self:
        """The last event must not have led to such an effect."""
        found = [effect for effect in self.effects if Wish(kind, **facts).fits(effect)]
        assert found == []
        return self

    def tick(self, at: datetime) -> Self:
        """Let the clock ring everything due by then, at its own time, and collect the effects."""
        collected: list[Effect] = []
        while (due := self.switch.due()) is not None and due <= at:
            collected += self.switch.feed(ClockTicked(at=due))
        self.effects = collected
        self.all += collected
        return self

    # --- verbs that several stories share ---------------------------------------------------

    def sign_in(self, seat: SeatId = SEAT, agent: AgentId = ANNA, at: datetime = NOON) -> Self:
        """An agent signs in at a seat whose phone is there, and is ready."""
        for event in ready(seat, agent, at):
            self._tell(event)
        return self

    def call_in(self, call: CallId = CALL, channel: ChannelId = CHANNEL, at: float = 0) -> Self:
        """A caller arrives and waits."""
        self._tell(arrived(call, channel, at))
        self._tell(waiting(call, channel, at, at))
        return self

    def talk(self, seat: SeatId = SEAT, at: float = 2) -> Self:
        """The seat answers the caller."""
        for event in talking(seat, at):
            self._tell(event)
        return self


def ready(seat: SeatId, agent: AgentId, at: datetime) -> Sequence[Event]:
    return (
        PhoneChanged(at=at, seat=seat, phone=Phone.FREE),
        AgentSignedIn(at=at, seat=seat, agent=agent),
        AgentReady(at=at, seat=seat),
    )


def arrived(call: CallId = CALL, channel: ChannelId = CHANNEL, at: float = 0) -> CallArrived:
    return CallArrived(
        at=after(at), call=call, channel=channel, centre=CENTRE, line=LINE, dnis=DNIS, ani=ANI
    )


def waiting(
    call: CallId = CALL, channel: ChannelId = CHANNEL, at: float = 0, since: float = 0
) -> CallWaiting:
    return CallWaiting(
        at=after(at),
        call=call,
        channel=channel,
        centre=CENTRE,
        line=LINE,
        dnis=DNIS,
        ani=ANI,
        since=after(since),
    )


def talking(seat: SeatId = SEAT, at: float = 2, call: CallId = CALL) -> Sequence[Event]:
    return (
        LegStarted(at=after(at), call=call, channel=leg(seat), seat=seat),
        LegBridged(at=after(at), call=call, channel=leg(seat), seat=seat, bridge="b1"),
        LegBridged(at=after(at), call=call, channel=CHANNEL, seat=None, bridge="b1"),
    )


def hung_up(
    channel: ChannelId, at: float, seat: SeatId | None = None, cause: int = 16, call: CallId = CALL
) -> LegHungUp:
    return LegHungUp(at=after(at), call=call, channel=channel, seat=seat, cause=cause)

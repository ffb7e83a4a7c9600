"""Random hours of a city with every kind of want: who rings may, and nobody idles who may."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from cti.effects import OfferCall
from cti.events import AgentNotReady, AgentReady, LastSeatKnown
from cti.ids import AgentId, CallId, ChannelId, LineId, SeatId
from cti.plan import CentreTimes, Duty, KnownCaller, PlannedSeat, SwitchPlan
from queues.acd import GENERAL
from queues.seat import AgentState
from tests.cti.playbook import (
    CENTRE,
    NOON,
    RING,
    Playbook,
    after,
    arrived,
    hung_up,
    ready,
    waiting,
)

ALONE, WIDENS = timedelta(seconds=6), timedelta(seconds=12)
PLAIN, SKILLED, SPOKEN = LineId("12345"), LineId("12333"), LineId("9391612")
ENTERPRISE, DEPUTY, CITIZEN = "13900000001", "13900000002", "13900000003"
SEATS = {
    SeatId(f"chifeng-100{n}"): PlannedSeat(
        centre=CENTRE,
        extension=f"100{n}",
        skills=frozenset(skills),
        levels={GENERAL: n % 3},
    )
    for n, skills in enumerate(
        ((GENERAL,), (GENERAL, "人社"), ("人社",), (GENERAL, "政企通"), ("政企通", "语言:藏语"))
    )
}
DUTIES = tuple(
    Duty(
        name="值班",
        since=after(since),
        until=after(since + 30),
        seats=frozenset(list(SEATS)[first : first + 2]),
        lines=frozenset({SKILLED} if first else ()),
    )
    for since, first in ((20, 0), (40, 2), (90, 1))
)
PLAN = SwitchPlan(
    seats=SEATS,
    skill_of={(CENTRE, SKILLED): "人社"},
    times={CENTRE: CentreTimes(ring=RING, widens_after=WIDENS, last_seat_for=ALONE)},
    language_of={(CENTRE, SPOKEN): "语言:藏语"},
    known={
        (CENTRE, ENTERPRISE): KnownCaller(name="甲", kind="企业", skill="政企通"),
        (CENTRE, DEPUTY): KnownCaller(name="乙", kind="人大代表", head_start=ALONE),
    },
    duties={CENTRE: DUTIES},
)


class Step(NamedTuple):
    """One thing that happens, and how much later than the one before."""

    what: str
    seat: int
    line: LineId
    ani: str
    later: float


STEPS = st.lists(
    st.builds(
        Step,
        what=st.sampled_from(["call", "call", "known", "ready", "ready", "away", "over", "pass"]),
        seat=st.integers(0, len(SEATS) - 1),
        line=st.sampled_from([PLAIN, SKILLED, SPOKEN]),
        ani=st.sampled_from([ENTERPRISE, DEPUTY, CITIZEN]),
        later=st.sampled_from([0, 0.5, 3, 7, 15]),
    ),
    max_size=40,
)


class Wanted(NamedTuple):
    """A caller as the model knows it."""

    line: LineId
    ani: str
    since: datetime


@dataclass
class Hour:
    """A switch, and the plain reading of the same plan beside it."""

    now: float = 0.0
    callers: dict[CallId, Wanted] = field(default_factory=dict)
    remembered: dict[CallId, SeatId] = field(default_factory=dict)
    channels: dict[CallId, ChannelId] = field(default_factory=dict)
    in_vain: set[CallId] = field(default_factory=set)
    """Who began to want something for which nobody was there: they wait for nobody."""

    def __post_init__(self) -> None:
        self.book = Playbook(PLAN)
        for number, seat in enumerate(SEATS):
            for event in ready(seat, AgentId(f"a{number}"), NOON)[:2]:
                self.book >> event

    def take(self, step: Step) -> None:
        began, self.now = after(self.now), self.now + step.later
        for edge in sorted({edge for duty in DUTIES for edge in (duty.since, duty.until)}):
            if began < edge <= after(self.now):
                self.want(self.callers, edge)
        self.book.tick(after(self.now))
        seat, at = list(SEATS)[step.seat], after(self.now)
        match step.what:
            case "call":
                number = len(self.callers) + 1
                call, channel = CallId(f"node1-1.{number}"), ChannelId(f"PJSIP/trunk-{number:08x}")
                self.channels[call] = channel
                self.callers[call] = Wanted(step.line, step.ani, at)
                self.want([call], at)
                self.book >> replace(arrived(call, channel, self.now), line=step.line, ani=step.ani)
                self.book >> replace(
                    waiting(call, channel, self.now, self.now), line=step.line, ani=step.ani
                )
            case "over":
                for call in list(self.callers)[:: step.seat + 1]:
                    self.book >> hung_up(self.channels[call], self.now, call=call)
            case "known" if self.callers:
                call = list(self.callers)[-1]
                self.remembered[call] = seat
                self.want([call], at)
                self.book >> LastSeatKnown(
                    at=at, call=call, seat=seat, agent=AgentId(f"a{step.seat}")
                )
            case "ready":
                self.book >> AgentReady(at=at, seat=seat)
            case "away":
                self.book >> AgentNotReady(at=at, seat=seat, reason="小休")

    # --- the plan read aloud ----------------------------------------------------------------

    def first(self, one: Wanted, at: datetime) -> list[set[SeatId]]:
        """Whom a caller wants before the general seats, best first."""
        duties = [duty for duty in DUTIES if duty.since <= at < duty.until]
        mine = [duty for duty in duties if not duty.lines or one.line in duty.lines]
        wanted = [set(duty.seats) for duty in sorted(mine, key=lambda duty: not duty.lines)]
        skills = (
            "政企通" if one.ani == ENTERPRISE else None,
            "语言:藏语" if one.line == SPOKEN else None,
            "人社" if one.line == SKILLED else None,
        )
        return wanted + [able(skill) for skill in skills if skill is not None]

    def want(self, calls: Iterable[CallId], at: datetime) -> None:
        """They begin to want what the plan has for them now."""
        away = (AgentState.LOGGED_OUT, AgentState.NOT_READY)
        here = {view.seat for view in self.book.switch.seats() if view.state not in away}
        for call in calls:
            most = [*self.first(self.callers[call], at), able(GENERAL)][0]
            if not most & here:
                self.in_vain.add(call)

    def may(self, call: CallId, seat: SeatId, at: datetime) -> bool:
        """Whether the seat may ring for the caller then."""
        one = self.callers[call]
        if self.remembered.get(call) == seat:
            return True
        wanted = [*self.first(one, at), able(GENERAL)]
        is_open = at - one.since >= WIDENS or call in self.in_vain
        reach = wanted if is_open else wanted[:1]
        return any(seat in seats for seats in reach)

    def must(self, call: CallId, seat: SeatId, at: datetime) -> bool:
        """As ``may``, but not while somebody else alone may be waited for."""
        if call in self.in_vain and at - self.callers[call].since < WIDENS:
            return False  # somebody came since, and what is wanted now is waited for again
        is_alone = call in self.remembered and at - self.callers[call].since < ALONE
        return not is_alone and self.remembered.get(call) != seat and self.may(call, seat, at)


def able(skill: str) -> set[SeatId]:
    return {seat for seat, planned in SEATS.items() if skill in planned.skills}


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_who_rings_may_and_nobody_idles_who_may(steps: list[Step]) -> None:
    """Through duties that begin and end, seats that come and go, and answers that come late.

    Every offer is one that the plan of its second allows; and after each step no seat is free
    that a waiting caller may take by that plan.
    """
    hour = Hour()
    for step in steps:
        known = len(hour.book.all)
        hour.take(step)
        at = after(hour.now)
        for effect in hour.book.all[known:]:
            if isinstance(effect, OfferCall):
                began = at - timedelta(seconds=step.later)
                times = (began, at, *(began + timedelta(seconds=n / 2) for n in range(31)))
                assert any(hour.may(effect.call, effect.seat, time) for time in times if time <= at)
        views = hour.book.switch.seats()
        idle = [view.seat for view in views if view.state is AgentState.AVAILABLE]
        for call in hour.book.switch.waiting:
            assert [seat for seat in idle if hour.must(call, seat, at)] == []

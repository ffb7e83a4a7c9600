"""The brain's loop: it gives no order it cannot stand for, and beats only while it serves."""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import pytest

from cti import driver as driving
from cti import picture
from cti.ami.errors import LinkDown, OrderTimedOut
from cti.call import CallState
from cti.driver import STOOD_STILL_S, Driver
from cti.effects import Fact, PopScreen, ShowBlocked, ShowSeat, WithdrawPop
from cti.events import AgentNotReady, AgentSignedOut, Event
from cti.ids import AgentId, CentreId, OfferId, SeatId
from cti.inbox import Inbox, LinkUp, machine_clock
from cti.movewishes import ShowMove, ShowSupervised
from cti.plan import CentreTimes, SwitchPlan
from cti.switch import Switch
from queues.seat import AgentState, SeatView
from tests.cti.ami.peer import until
from tests.cti.playbook import (
    ANI,
    ANNA,
    BEN,
    CALL,
    CENTRE,
    NOON,
    OTHER,
    PLAN,
    RING,
    SEAT,
    arrived,
    hung_up,
    leg,
    ready,
    talking,
    waiting,
)

TRIES = 50
"""Snapshots tried on end, 0.02 s apart: twenty beats' time."""


@dataclass
class Link:
    """An Asterisk without calls that takes every order; ``is_broken``: no snapshot comes."""

    inbox: Inbox
    is_up: bool = True
    is_broken: bool = False
    orders: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    refused: int = 0
    """Snapshots that did not come since the last heartbeat."""
    fails: dict[str, list[str]] = field(default_factory=dict)
    """By action: what the next ones are answered; "" is no answer within the deadline."""

    async def ask(self, action: str, **headers: Any) -> dict[str, str]:
        self.tell(action, **headers)
        await asyncio.sleep(0)
        if self.fails.get(action):
            said = self.fails[action].pop(0)
            if not said:
                raise OrderTimedOut(action, 5.0)
            return {"Response": "Error", "Message": said}
        return {"Response": "Success", "Timestamp": str(self.inbox.now().timestamp())}

    async def ask_list(self, action: str, **headers: Any) -> Sequence[dict[str, str]]:
        await asyncio.sleep(0)
        if self.is_broken:
            self.refused += 1
            raise OrderTimedOut(action, 5.0)
        return []

    def tell(self, action: str, **headers: Any) -> None:
        if not self.is_up:
            raise LinkDown("down")
        self.orders.append((action, headers))
        if headers.get("Variable") == "BRAIN_BEAT":
            self.refused = 0

    def drop(self, why: str) -> None:
        self.dropped.append(why)
        self.is_up = False
        self.inbox.on_down(why)

    def beats(self) -> int:
        return sum(facts.get("Variable") == "BRAIN_BEAT" for _, facts in self.orders)

    def redirects(self) -> int:
        return len(self.given("Redirect"))

    def given(self, action: str) -> list[Mapping[str, Any]]:
        """What was ordered so, in order."""
        return [headers for name, headers in self.orders if name == action]


@dataclass
class Desks:
    """Desks that keep nothing. ``stops_s``: the process is stopped while it shows a card."""

    stops_s: float = 0.0

    def pop(self, wish: PopScreen) -> None:
        time.sleep(self.stops_s)

    async def seen(self, offer: OfferId) -> None: ...

    def withdraw(self, wish: WithdrawPop) -> None: ...

    def show_seat(self, wish: ShowSeat) -> None: ...

    def show_blocked(self, wish: ShowBlocked) -> None: ...

    def show_move(self, wish: ShowMove) -> None: ...

    def show_supervised(self, wish: ShowSupervised) -> None: ...


class Facts:
    def put(self, fact: Fact) -> None: ...


class Mirror:
    def put(self, view: SeatView) -> None: ...

    async def read(self) -> Sequence[SeatView]:
        return []


class Memory:
    """Records that know one caller, or that do not answer."""

    def __init__(self, known: str = "", *, is_away: bool = False) -> None:
        self.known, self.is_away = known, is_away
        self.asked: list[str] = []

    async def last_seat(
        self, centre: CentreId, ani: str, now: datetime
    ) -> tuple[SeatId, AgentId] | None:
        self.asked.append(ani)
        if self.is_away:
            raise OSError("no route to the database")
        return (OTHER, BEN) if ani == self.known else None


class Brain:
    """A driver with everything around it, run by ``async with``."""

    def __init__(
        self,
        desks: Desks | None = None,
        clock: Callable[[], datetime] = machine_clock,
        plan: SwitchPlan = PLAN,
        memory: Memory | None = None,
        link: Callable[[Inbox], Link] = Link,
    ) -> None:
        self.inbox = Inbox(clock)
        self.link = link(self.inbox)
        self.switch = Switch(plan, datetime.now(UTC))
        self.driver = Driver(
            self.inbox,
            self.switch,
            self.link,
            desks or Desks(),
            Facts(),
            Mirror(),
            lambda _: None,
            memory,
        )
        self._group = asyncio.TaskGroup()

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        self._task = self._group.create_task(self.driver.run())
        self.inbox.put(LinkUp())
        await until(lambda: self.switch.is_live)
        return self

    async def __aexit__(self, *raised: Any) -> None:
        self._task.cancel()
        await self._group.__aexit__(*raised)

    def sign_in(self) -> None:
        """An agent signs in and is ready."""
        for event in ready(SEAT, ANNA, datetime.now(UTC)):
            self.inbox.put(event)

    def state(self) -> AgentState | None:
        """The agent's, as the switch has it."""
        view = self.switch.seat(SEAT)
        return view.state if view else None


async def test_an_order_wished_before_the_brain_was_stopped_is_never_given() -> None:
    """Stopped between the wish and the order: the caller may talk to somebody by now."""
    async with Brain(Desks(stops_s=STOOD_STILL_S + 0.2)) as brain:
        brain.sign_in()
        brain.inbox.put(arrived())
        brain.inbox.put(waiting())
        await until(lambda: bool(brain.link.dropped) and not brain.switch.is_live)
        # A link that is down takes no order, so none can follow.
        assert brain.link.redirects() == 0
        assert brain.link.dropped == ["the brain stood still"]


async def test_what_agents_asked_for_survives_a_picture_thrown_away() -> None:
    """Their desks were told yes: signing out while the brain stood still is signing out."""
    async with Brain() as brain:
        brain.sign_in()
        await until(lambda: brain.state() is AgentState.AVAILABLE)
        time.sleep(STOOD_STILL_S + 0.2)  # noqa: ASYNC251 - the process is stopped
        brain.inbox.put(AgentSignedOut(at=datetime.now(UTC), seat=SEAT))
        await until(lambda: brain.state() is AgentState.LOGGED_OUT)
        assert brain.link.dropped == ["the brain stood still"]


async def test_a_brain_that_gets_no_snapshot_stops_beating(monkeypatch: pytest.MonkeyPatch) -> None:
    """It serves nobody, so the dialplan must; trying again must not count as living."""
    monkeypatch.setattr(driving, "BEAT_EVERY_S", 0.05)
    monkeypatch.setattr(driving, "BEAT_UNTIL_SNAPSHOT_S", 0.2)
    monkeypatch.setattr(driving, "SNAPSHOT_AGAIN_S", 0.02)
    async with Brain() as brain:
        await until(lambda: brain.link.beats() > 3)
        brain.link.is_broken = True
        brain.inbox.put(LinkUp())
        # A try begins with a Ping, and a Ping's answer is a beat while a beat may be.
        await until(lambda: brain.link.refused >= TRIES, 20)
        stopped_at = brain.link.beats()
        brain.link.is_broken = False
        await until(lambda: brain.link.beats() > stopped_at)


@dataclass
class SetClock:
    """The machine's clock, which somebody sets."""

    by: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.by


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_set_clock_moves_the_deadlines_along_and_makes_the_brain_look_again(
    hours: int,
) -> None:
    """An agent wraps up for 30 s more; neither for an hour more nor not at all."""
    clock = SetClock()
    async with Brain(clock=clock) as brain:
        brain.sign_in()
        await until(lambda: brain.state() is AgentState.AVAILABLE)
        now = (datetime.now(UTC) - NOON).total_seconds()
        for event in (arrived(at=now), waiting(at=now, since=now), *talking(at=now)):
            brain.inbox.put(event)
        brain.inbox.put(hung_up(leg(SEAT), now, SEAT))
        await until(lambda: brain.state() is AgentState.WRAP_UP)
        before = brain.switch.seat(SEAT)
        clock.by = timedelta(hours=hours)
        await until(lambda: bool(brain.link.dropped))
        after = brain.switch.seat(SEAT)
        assert brain.link.dropped == ["the clock was set"]
        assert not brain.switch.is_live
        assert before is not None
        assert before.until is not None
        assert after is not None
        assert after.until is not None
        moved = after.until - before.until - clock.by
        assert abs(moved) < timedelta(seconds=1)
        brain.link.is_up = True
        brain.inbox.put(LinkUp())
        await until(lambda: brain.switch.is_live)
        assert brain.state() is AgentState.WRAP_UP
        assert len(brain.link.dropped) == 1


async def test_a_clock_that_runs_a_little_wrong_changes_nothing() -> None:
    """It is put right by less than two seconds now and then; no caller should notice."""
    clock = SetClock()
    async with Brain(clock=clock) as brain:
        for seconds in (1.5, 0.0, -1.5):
            clock.by = timedelta(seconds=seconds)
            beats = brain.link.beats()
            await until(lambda beats=beats: brain.link.beats() > beats)  # type: ignore[misc]
        assert brain.link.dropped == []


@pytest.mark.parametrize("said", ["", "Interface not found"])
async def test_an_order_the_fall_back_queue_did_not_take_is_given_again(
    said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not answered or refused: with the brain away, its members are who answers the callers."""
    monkeypatch.setattr(picture, "MEMBER_REFUSED_AGAIN_AFTER", picture.MEMBER_AGAIN_AFTER)
    async with Brain() as brain:
        brain.sign_in()
        await until(lambda: len(brain.link.given("QueuePause")) == 4)  # both phones
        brain.link.fails["QueuePause"] = [said]
        brain.inbox.put(AgentNotReady(at=datetime.now(UTC), seat=SEAT, reason="break"))
        await until(lambda: len(brain.link.given("QueuePause")) == 7)
        failed, again, other = brain.link.given("QueuePause")[4:]
        assert failed == again
        assert other["Interface"] == f"{again['Interface']}-web"
        assert (other["Paused"], other["Reason"]) == (again["Paused"], again["Reason"])
        assert (again["Paused"], again["Reason"]) == ("true", "break")


REMEMBERING = replace(
    PLAN, times={CENTRE: CentreTimes(ring=RING, last_seat_for=timedelta(seconds=60))}
)


def now_arrived() -> Event:
    return replace(arrived(), at=datetime.now(UTC))


def now_waiting() -> Event:
    return replace(waiting(), at=datetime.now(UTC), since=datetime.now(UTC))


@pytest.mark.parametrize(("known", "seat"), [(ANI, OTHER), ("", SEAT)])
async def test_who_talked_with_the_caller_last_is_looked_up_and_rings(
    known: str, seat: SeatId
) -> None:
    """The records know the caller: that agent rings. They do not: whoever is free does."""
    memory = Memory(known)
    async with Brain(plan=REMEMBERING, memory=memory) as brain:
        brain.sign_in()
        brain.inbox.put(now_arrived())
        await until(lambda: memory.asked == [ANI])
        for event in ready(OTHER, BEN, datetime.now(UTC)):
            brain.inbox.put(event)
        brain.inbox.put(now_waiting())
        await until(lambda: brain.link.redirects() == 1)
        view = brain.switch.seat(seat)
        assert view is not None
        assert view.state is AgentState.OFFERED


@pytest.mark.parametrize("memory", [Memory(is_away=True), None])
async def test_records_that_do_not_answer_delay_nobody(memory: Memory | None) -> None:
    """The caller is anybody then."""
    async with Brain(plan=REMEMBERING, memory=memory) as brain:
        brain.sign_in()
        brain.inbox.put(now_arrived())
        brain.inbox.put(now_waiting())
        await until(lambda: brain.link.redirects() == 1)
        assert brain.switch.call_state(CALL) is CallState.OFFERED


async def test_a_member_that_was_not_there_is_removed() -> None:
    """What an order wants is so already: it is not given again, one that went astray is."""
    async with Brain() as brain:
        brain.sign_in()
        brain.link.fails["QueueRemove"] = ["", "Unable to remove interface: Not there"]
        brain.inbox.put(AgentSignedOut(at=datetime.now(UTC), seat=SEAT))
        await until(lambda: len(brain.link.given("QueueRemove")) == 3)
        await asyncio.sleep(0.05)  # the last one's answer is taken
        assert brain.switch.due() is None

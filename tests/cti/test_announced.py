"""A card before its ring: the brain's loop orders no phone to ring whose card nobody has seen."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from time import monotonic

import pytest

from cti.announced import SEEN_WITHIN_S, Announced
from cti.events import CallFellBack, Event
from cti.happened import Refusal
from cti.ids import CallId, OfferId
from cti.inbox import LinkUp
from queues.seat import AgentState
from tests.cti.ami.peer import until
from tests.cti.playbook import (
    BEN,
    CALL,
    CENTRE,
    CHANNEL,
    NOON,
    OTHER,
    arrived,
    hung_up,
    ready,
    waiting,
)
from tests.cti.test_driver import Brain, Desks
from tests.cti.test_driver_keeping import KEEPING, Remembering

OFFER = OfferId(f"{CALL}/1")


@dataclass
class Slow(Desks):
    """Desks that paint a card when they are told to."""

    painted: asyncio.Event = field(default_factory=asyncio.Event)
    asked: list[OfferId] = field(default_factory=list)

    async def seen(self, offer: OfferId) -> None:
        self.asked.append(offer)
        await self.painted.wait()


@asynccontextmanager
async def offered(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Brain, Slow]]:
    """A brain that has just offered a caller to a seat whose desk has not painted the card yet."""
    monkeypatch.setattr("cti.announced.SEEN_WITHIN_S", 30.0)
    desks = Slow()
    async with Brain(desks) as brain:
        brain.sign_in()
        comes(brain)
        await until(lambda: desks.asked == [OFFER])
        yield brain, desks


def comes(brain: Brain) -> None:
    """A caller comes and waits."""
    for event in (arrived(at=now_s()), waiting(at=now_s(), since=now_s())):
        brain.inbox.put(event)


def now_s() -> float:
    return (datetime.now(UTC) - NOON).total_seconds()


async def worked_off(brain: Brain, *events: Event) -> None:
    """Have these events taken in, and everything that follows from them done."""
    for event in events:
        brain.inbox.put(event)
    await until(lambda: brain.inbox.backlog() == 0)
    await asyncio.sleep(0.02)


async def test_the_phone_rings_when_the_card_is_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Until then Asterisk knows nothing of the offer; then the order is whole, marks first."""
    async with offered(monkeypatch) as (brain, desks):
        await worked_off(brain)
        assert brain.link.redirects() == 0
        assert not [one for one in brain.link.given("Setvar") if one.get("Variable") == "OFFER"]
        desks.painted.set()
        await until(lambda: brain.link.redirects() == 1)
        names = [(name, one.get("Variable")) for name, one in brain.link.orders]
        assert names.index(("Setvar", "OFFER")) < names.index(("Redirect", None))


async def test_a_card_that_nobody_paints_is_not_waited_for_longer_than_the_limit() -> None:
    """A page that hangs costs the caller 150 ms, not the ring."""
    begun = monotonic()
    announced = Announced(Slow(), lambda _call, _offer: True)
    assert await announced.why_not(CALL, OFFER) is None
    assert SEEN_WITHIN_S <= monotonic() - begun < SEEN_WITHIN_S + 1
    assert SEEN_WITHIN_S == 0.15


async def test_the_brain_goes_on_while_a_card_is_being_painted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One desk that hangs holds up neither the heartbeat nor another caller's offer."""
    async with offered(monkeypatch) as (brain, desks):
        for event in ready(OTHER, BEN, datetime.now(UTC)):
            brain.inbox.put(event)
        second = CallId("node1-2.2")
        at = datetime.now(UTC)
        brain.inbox.put(replace(arrived(second), at=at))
        brain.inbox.put(replace(waiting(second), at=at, since=at))
        await until(lambda: OfferId(f"{second}/1") in desks.asked)
        desks.painted.set()
        await until(lambda: brain.link.redirects() == 2)


async def test_a_caller_who_hangs_up_meanwhile_rings_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The seat is free again, and the next caller is offered to it."""
    async with offered(monkeypatch) as (brain, desks):
        await worked_off(brain, hung_up(CHANNEL, now_s()))
        assert brain.state() is AgentState.AVAILABLE
        desks.painted.set()
        await worked_off(brain)
        assert brain.link.redirects() == 0


async def test_a_caller_whom_asterisks_own_queue_took_meanwhile_is_left_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A late redirect would pull it out of a call that somebody has answered."""
    async with offered(monkeypatch) as (brain, desks):
        at = datetime.now(UTC)
        fell = CallFellBack(at=at, call=CALL, channel=CHANNEL, centre=CENTRE, since=at)
        await worked_off(brain, fell)
        desks.painted.set()
        await worked_off(brain)
        assert brain.link.redirects() == 0


async def test_a_link_that_is_lost_meanwhile_makes_the_order_void(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Also when the next link is there already: its picture may be another one."""
    async with offered(monkeypatch) as (brain, desks):
        brain.link.drop("a cable was pulled")
        await until(lambda: not brain.switch.is_live)
        brain.link.is_up = True
        desks.painted.set()
        await worked_off(brain)
        assert brain.link.redirects() == 0
        brain.inbox.put(LinkUp())
        await until(lambda: brain.switch.is_live)
        assert brain.link.redirects() == 0


async def test_a_call_back_waits_for_its_card_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """The agent reads whom the phone will dial before it rings."""
    monkeypatch.setattr("cti.announced.SEEN_WITHIN_S", 30.0)
    desks = Slow()
    async with Brain(desks, plan=KEEPING, link=Remembering) as brain:
        brain.sign_in()
        await until(lambda: len(desks.asked) == 1)
        assert brain.link.given("Originate") == []
        desks.painted.set()
        await until(lambda: len(brain.link.given("Originate")) == 1)


async def test_what_ended_meanwhile_is_said_to_be_refused() -> None:
    """Whoever counts on the order is told that it was never given."""
    said: list[tuple[CallId, OfferId]] = []
    desks = Slow()
    desks.painted.set()

    def stands(call: CallId, offer: OfferId) -> bool:
        said.append((call, offer))
        return False

    assert await Announced(desks, stands).why_not(CALL, OFFER) is Refusal.GONE
    assert said == [(CALL, OFFER)]

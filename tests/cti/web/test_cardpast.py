"""A caller's past comes to the card behind the pop, and only to whom it may be told."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest

from cti.effects import PopScreen, WithdrawPop
from cti.ids import AgentId, CallId, CentreId, OfferId, SeatId
from cti.web import cardpast
from cti.web.cardpast import CardPasts
from cti.web.desk import DeskHub
from cti.web.frames import Desk
from records.callerpast import CallerPast
from tests.cti.web.fakes import FakeAccount
from tests.cti.web.messages import a_hub, a_past, pop
from tests.cti.web.movesample import ANNA, CALL, SEAT


@dataclass
class Records:
    """They know one caller. ``is_away``: the database is; ``stuck``: it does not answer."""

    role: str = "agent"
    is_away: bool = False
    is_stuck: bool = False
    asked: list[tuple[CentreId, str, str, CallId]] = field(default_factory=list)

    async def account(self, user: AgentId) -> FakeAccount | None:
        return FakeAccount(user=user, name=user, centre=CentreId("chifeng"), role=self.role)

    async def caller_past(
        self, centre: CentreId, ani: str, area_code: str, but: CallId, now: datetime
    ) -> CallerPast:
        self.asked.append((centre, ani, area_code, but))
        if self.is_stuck:
            await asyncio.sleep(60)
        if self.is_away:
            raise OSError("no route to the database")
        return a_past()


@asynccontextmanager
async def desk(records: Records) -> AsyncIterator[tuple[DeskHub, Desk]]:
    """A desk of a hub whose pops are looked up."""
    hub = a_hub()
    looking = CardPasts(hub, records)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(looking.run())
        yield hub, hub.open(ANNA, None)
        task.cancel()


async def next_of(one: Desk, kind: str) -> dict[str, Any]:
    async with asyncio.timeout(5):
        while True:
            frame = await one.take()
            assert frame is not None
            message: dict[str, Any] = json.loads(frame[0])
            if message["type"] == kind:
                return message


async def told(records: Records, wish: PopScreen) -> dict[str, Any]:
    """What the desk hears of the past of that card's caller."""
    async with desk(records) as (hub, one):
        hub.pop(wish)
        past: dict[str, Any] = (await next_of(one, "card-past"))["past"]
        return past


async def test_the_past_follows_the_pop_and_stays_on_the_card() -> None:
    """A page that is opened later is shown it with the card."""
    records = Records()
    async with desk(records) as (hub, one):
        hub.pop(pop())
        assert (await next_of(one, "pop"))["card"]["past"] is None
        said = await next_of(one, "card-past")
        assert (said["call"], said["past"]["name"], said["past"]["count"]) == (CALL, "张某", 7)
        assert said["past"]["matter"] == {"order": "C1", "why": "line"}
        assert records.asked == [("chifeng", "13800000000", "0476", CALL)]
        assert hub._cards[SEAT].shown["past"] == said["past"]


@pytest.mark.parametrize(
    ("role", "changes"),
    [
        ("expert", {}),
        ("agent", {"ani": "anonymous"}),
        ("agent", {"ani": ""}),
        ("agent", {"seat": SeatId("wuhai-1001")}),
    ],
)
async def test_nobody_is_told_whose_business_it_is_not(role: str, changes: dict[str, Any]) -> None:
    """An expert may be of the office complained about; another centre's seat serves our caller."""
    records = Records(role=role)
    past = await told(records, replace(pop(), **changes))
    assert records.asked == []
    assert (past["is_known"], past["calls"], past["open"], past["name"]) == (True, [], [], "")


@pytest.mark.parametrize("records", [Records(is_away=True), Records(is_stuck=True)])
async def test_records_that_do_not_answer_are_said_not_to(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card stands without the past; nobody waits for it."""
    monkeypatch.setattr(cardpast, "WITHIN_S", 0.05)
    assert not (await told(records, pop()))["is_known"]


async def test_a_card_that_is_gone_is_told_nothing() -> None:
    """Nor is the next caller's card given the past of the one before."""
    async with desk(Records()) as (hub, one):
        hub.pop(pop())
        hub.withdraw(WithdrawPop(seat=SEAT, call=CALL, offer=OfferId("1")))
        hub.pop(replace(pop(), call=CallId("node1-2"), offer=OfferId("2")))
        assert (await next_of(one, "card-past"))["offer"] == "2"

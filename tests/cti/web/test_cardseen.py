"""Which cards were painted: the phone waits for the first desk that says so, if there is one."""

import asyncio

from cti.effects import PopScreen
from cti.ids import AgentId, CallId, OfferId, SeatId
from cti.web.cardseen import SeenCards
from tests.cti.web.test_desksocket import pop

ANNA, BAO = AgentId("anna"), AgentId("bao")
SEAT = SeatId("chifeng-1001")
CALL, OFFER = CallId("node1-1795310090.4"), OfferId("o1")


def wish() -> PopScreen:
    return pop(CALL)


async def waits(cards: SeenCards, offer: OfferId = OFFER) -> bool:
    """Whether whoever asks has to wait."""
    try:
        async with asyncio.timeout(0.01):
            await cards.seen(offer)
    except TimeoutError:
        return True
    return False


async def test_a_card_is_waited_for_until_a_desk_paints_it() -> None:
    """The first desk to say so is told since when; the second tab tells nothing new."""
    cards, popped = SeenCards(), wish()
    cards.show(popped, is_watched=True)
    assert await waits(cards)
    assert cards.painted(ANNA, CALL, OFFER) == popped.at
    assert not await waits(cards)
    assert cards.painted(ANNA, CALL, OFFER) is None


async def test_only_the_agents_own_desk_can_say_it() -> None:
    """Nor does a card of another call or another offer count."""
    cards = SeenCards()
    cards.show(wish(), is_watched=True)
    assert cards.painted(BAO, CALL, OFFER) is None
    assert cards.painted(ANNA, CallId("node1-9.9"), OFFER) is None
    assert cards.painted(ANNA, CALL, OfferId("o2")) is None
    assert await waits(cards)


async def test_nobody_is_waited_for_where_no_desk_is_open_or_the_last_one_goes() -> None:
    """A SIP phone without a page rings at once."""
    cards = SeenCards()
    cards.show(wish(), is_watched=False)
    assert not await waits(cards)
    cards.show(wish(), is_watched=True)
    cards.unwatch(BAO)
    assert await waits(cards)
    cards.unwatch(ANNA)
    assert not await waits(cards)


async def test_a_card_that_is_taken_away_is_not_waited_for() -> None:
    """Neither is one that another replaces, nor one that never was."""
    cards = SeenCards()
    assert not await waits(cards, OfferId("never"))
    cards.show(wish(), is_watched=True)
    async with asyncio.timeout(1), asyncio.TaskGroup() as group:
        group.create_task(cards.seen(OFFER))
        await asyncio.sleep(0)
        cards.forget(SEAT)
    assert not await waits(cards)

"""Gives Asterisk the orders of moves. Ring 3, no rules; part of ``cti.ordering``."""

from collections.abc import Coroutine, Mapping
from typing import Any, Protocol, assert_never

from cti import movewire
from cti.ids import CallId, OfferId
from cti.movewishes import (
    ArmCaller,
    Monitor,
    RingRecipient,
    SayNumber,
    SendAway,
    SendTo,
    SetAside,
    SetMove,
)

MoveOrder = ArmCaller | Monitor | RingRecipient | SayNumber | SendAway | SendTo | SetAside | SetMove


class Book(Protocol):
    """What orders are given by; ``cti.ordering.OrderBook``."""

    def write(self, channel: str, facts: Mapping[str, str]) -> None:
        """Set variables of a channel; nobody waits for the answer."""
        ...

    async def order(
        self,
        call: CallId,
        offer: OfferId | None,
        action: str,
        headers: Mapping[str, str],
        name: str = "",
    ) -> None:
        """Give an order; if it is not carried out, an ``OrderRefused`` says so."""
        ...

    async def ring(
        self,
        call: CallId,
        offer: OfferId | None,
        card: OfferId,
        action: str,
        headers: Mapping[str, str],
        name: str = "",
    ) -> None:
        """Give an order that rings a seat, once its card is seen."""
        ...


def give(book: Book, order: MoveOrder) -> Coroutine[Any, Any, None] | None:
    """Give an order that needs no answer; of any other, return what is to be awaited."""
    match order:
        case SetMove():
            book.write(order.channel, {"MOVE": order.state})
        case ArmCaller():
            book.write(order.channel, {"GO": order.to})
        case SayNumber():
            digits = "".join(digit for digit in order.number if digit in "0123456789")
            book.write(order.channel, {"SAY_NUMBER": digits})
        case SetAside():
            return _set_aside(book, order)
        case SendTo():
            return _redirect(book, order, order.channel, order.to)
        case SendAway():
            return _send_away(book, order)
        case RingRecipient():
            asked, name = movewire.recipient(order), type(order).__name__
            if order.seat is None:
                return book.order(order.call, None, "Originate", asked, name)
            return book.ring(order.call, None, OfferId(order.leg), "Originate", asked, name)
        case Monitor():
            return _monitor(book, order)
        case _:
            assert_never(order)
    return None


async def _set_aside(book: Book, order: SetAside) -> None:
    book.write(order.channel, {"GO": order.to})
    await _redirect(book, order, order.seat_channel, "seat-room")


async def _send_away(book: Book, order: SendAway) -> None:
    """Where the caller goes is written at once, so that an agent who hangs up first sends it."""
    book.write(order.channel, movewire.away(order))
    name = type(order).__name__
    if order.seat_channel is None:
        action = "Redirect"
        asked = {"Channel": order.channel, "Context": "away", "Exten": "s", "Priority": "1"}
    else:
        book.write(order.channel, {"GO": "away"})
        action, asked = "Hangup", {"Channel": order.seat_channel, "Cause": "16"}
    if order.seat is None:
        await book.order(order.call, None, action, asked, name)
    else:
        await book.ring(order.call, None, OfferId(order.leg), action, asked, name)


async def _monitor(book: Book, order: Monitor) -> None:
    if order.own:
        book.write(order.own, {"MODE": order.mode.value})
        await _redirect(book, order, order.own, movewire.MONITOR)
        return
    asked = movewire.listener(order)
    await book.order(order.call, None, "Originate", asked, type(order).__name__)


async def _redirect(book: Book, order: MoveOrder, channel: str, context: str) -> None:
    where = {"Channel": channel, "Context": context, "Exten": "s", "Priority": "1"}
    await book.order(order.call, None, "Redirect", where, type(order).__name__)

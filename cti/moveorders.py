"""Gives Asterisk the orders of moves. Ring 3, no rules; part of ``cti.ordering``."""

from collections.abc import Coroutine
from typing import Any

from cti.effects import (
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


def give(order: MoveOrder) -> Coroutine[Any, Any, None] | None:
    """Give an order that needs no answer; of any other, return what is to be awaited."""
    return None

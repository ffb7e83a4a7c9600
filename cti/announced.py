"""Keeps a phone from ringing before its card is seen. Ring 3, no rules.

A seat's phone may ring once a desk of the seat has said that the card is painted, or
``SEEN_WITHIN_S`` after it was sent. Whoever orders the ring waits for that in a task of its own,
never the consumer; until then Asterisk knows nothing of the offer, so a brain that dies meanwhile
leaves the caller where it waits.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Protocol

from cti.happened import Refusal
from cti.ids import CallId, OfferId

SEEN_WITHIN_S: Final = 0.15
"""A page that has not painted the card by then is not waited for: the caller is."""


class Seen(Protocol):
    """The desks as this needs them."""

    async def seen(self, offer: OfferId) -> None:
        """Return once a desk shows the card of that offer, or none will. Cancelling is safe."""
        ...


class Announced:
    """Says when the phone may ring that an offer is for."""

    def __init__(self, desks: Seen, stands: Callable[[CallId, OfferId], bool]) -> None:
        """``stands``: whether the switch still wants that ringing."""
        self._desks = desks
        self._stands = stands
        self._pictures = 0

    def forget(self) -> None:
        """The picture is thrown away: nothing wished by it may be ordered any more."""
        self._pictures += 1

    async def why_not(self, call: CallId, offer: OfferId) -> Refusal | None:
        """Wait for the card; then why the phone must not ring any more, or None: it may."""
        by_picture = self._pictures
        with suppress(TimeoutError):
            async with asyncio.timeout(SEEN_WITHIN_S):
                await self._desks.seen(offer)
        if by_picture != self._pictures:
            return Refusal.OTHER
        return None if self._stands(call, offer) else Refusal.GONE

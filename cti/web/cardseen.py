"""Which caller cards have been painted: a phone waits for that before it rings."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime

from cti.effects import PopScreen
from cti.ids import AgentId, CallId, OfferId, SeatId


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    agent: AgentId
    call: CallId
    offer: OfferId
    at: datetime
    bell: asyncio.Event = field(default_factory=asyncio.Event)


class SeenCards:
    """The card each seat was shown last, and whether a desk has painted it.

    Methods are of the event loop's thread; ``seen`` alone waits, and may be cancelled.
    """

    def __init__(self) -> None:
        self._shown: dict[SeatId, _Shown] = {}
        self._by_offer: dict[OfferId, _Shown] = {}

    def show(self, wish: PopScreen, *, is_watched: bool) -> None:
        """A card was sent. ``is_watched``: a desk is there that may paint it."""
        self.forget(wish.seat)
        shown = _Shown(wish.agent, wish.call, wish.offer, wish.at)
        self._shown[wish.seat] = self._by_offer[wish.offer] = shown
        if not is_watched:
            shown.bell.set()

    def painted(self, agent: AgentId, call: CallId, offer: OfferId) -> datetime | None:
        """A desk says so. When its card was wished; None: it was known, or is no card of theirs."""
        shown = self._by_offer.get(offer)
        if shown is None or shown.bell.is_set() or (shown.agent, shown.call) != (agent, call):
            return None
        shown.bell.set()
        return shown.at

    def unwatch(self, agent: AgentId) -> None:
        """The agent's last desk is gone: nobody is to be waited for."""
        for shown in self._shown.values():
            if shown.agent == agent:
                shown.bell.set()

    def forget(self, seat: SeatId) -> None:
        """The seat shows no card any more."""
        shown = self._shown.pop(seat, None)
        if shown is not None:
            shown.bell.set()
            self._by_offer.pop(shown.offer, None)

    async def seen(self, offer: OfferId) -> None:
        """Return once the card of that offer was painted, or nobody is there to paint it."""
        shown = self._by_offer.get(offer)
        if shown is not None:
            await shown.bell.wait()

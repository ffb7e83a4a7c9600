"""Routes to the places of a centre's tables: what is rung, at which exchange, when. Pure."""

from datetime import date, timedelta

from config.handling import Handling
from config.hours import ALWAYS, Hours
from config.linkage import Linkage
from config.profile import Profile
from config.reach import Reach, Shift
from cti.ids import PeerId, seat_id
from transfer.target import Route, Spans

EMERGENCY_RING = timedelta(seconds=10)
"""After so long the next route to an emergency line is tried."""


def typed(centre: Profile) -> Route:
    """How a number is dialled there that somebody typed; the number is to be put in."""
    peer = centre.peer(centre.typed_peer)
    return Route(
        peer=PeerId(peer.id) if peer else None,
        ring=timedelta(seconds=centre.outside_ring_s),
        host=peer.address if peer else "",
        port=peer.port if peer else 0,
    )


class Routes:
    """Makes one centre's routes. Their hours are told from that day on, for so many days."""

    def __init__(self, centre: Profile, first: date, days: int) -> None:
        self._centre = centre
        self._first, self._days = first, days
        self._peers = {peer.id: peer for peer in centre.peers}
        self.ring = timedelta(seconds=centre.ring_s)
        """How long the centre's own seats ring."""
        self.outside_ring = timedelta(seconds=centre.outside_ring_s)
        """How long those behind a peer do."""

    def spans(self, hours: Hours) -> Spans | None:
        """When it is in those hours; None: always."""
        return Shift(hours=hours).spans(self._first, self._days, self._centre.calendar)

    def by(self, reach: Reach, usual: Hours = ALWAYS) -> Route:
        """A row's way; with no hours of its own it has the usual ones."""
        shift = Shift(hours=usual) if reach.shift == Shift() else reach.shift
        spans = shift.spans(self._first, self._days, self._centre.calendar)
        if not reach.seat:
            return self.dialled(reach.peer, reach.number, reach.ring_s, spans)
        ring = timedelta(seconds=reach.ring_s) or self.ring
        return Route(seat=seat_id(self._centre.centre, reach.seat), ring=ring, open=spans)

    def dialled(
        self, peer: str, number: str, ring_s: float = 0, spans: Spans | None = None
    ) -> Route:
        """A number at a peer; '': over the centre's own carrier."""
        exchange = self._peers.get(peer)
        return Route(
            peer=PeerId(peer) if peer else None,
            number=number,
            ring=timedelta(seconds=ring_s) or self.outside_ring,
            host=exchange.address if exchange else "",
            port=exchange.port if exchange else 0,
            open=spans,
        )

    def of_service(self, row: Linkage) -> tuple[Route, ...]:
        """A public service's: its exchange, then the other way. None, if its number is told."""
        return self._both(row, row.ring_s, self.spans(row.hours))

    def of_emergency(self, number: str, row: Linkage | None) -> tuple[Route, ...]:
        """An emergency line's, at any hour.

        Where the table has no row, over the centre's own carrier, if it has one.
        """
        longest = EMERGENCY_RING.total_seconds()
        if row is not None:
            return self._both(row, min(row.ring_s or longest, longest), None)
        return (self.dialled("", number, longest),) if self._centre.dial_out else ()

    def _both(self, row: Linkage, ring_s: float, spans: Spans | None) -> tuple[Route, ...]:
        if row.handling is Handling.TELL:
            return ()
        ways = ((row.peer, row.destination), (row.backup_peer, row.backup_destination))
        return tuple(self.dialled(peer, number, ring_s, spans) for peer, number in ways if number)

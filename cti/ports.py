"""What the brain needs of the world, as Protocols. Ring 0; fakes stand here and nowhere else."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from cti.effects import Fact, PopScreen, ShowBlocked, ShowSeat, WithdrawPop
from cti.events import Event
from cti.ids import AgentId, CallId, CentreId, OfferId, SeatId
from cti.moveevents import AgentMoves, AgentPresses, SupervisorJoins, SupervisorTakes
from cti.movewishes import ShowMove, ShowSupervised
from cti.outevents import AgentDials
from queues.seat import SeatView
from transfer.target import Target
from transfer.why import WhyNot

Message = Mapping[str, str | list[str]]
"""An AMI message: header → value; a header that came several times holds a list, in order."""


Groups = Mapping[str, Mapping[str, Any]]
"""Live figures as desks get them: ``now``, ``waiting``, ``states``, ``seats`` and ``today``."""


class Orders(Protocol):
    """The AMI link as the driver sees it."""

    async def ask(self, action: str, **headers: str) -> Message:
        """Send one action and return its answer. Never sent again by itself.

        Raises ``OrderTimedOut`` after the link's deadline and ``LinkDown`` at once when there is
        no link. An answer of ``Response: Error`` is returned, not raised.
        """
        ...

    async def ask_list(self, action: str, **headers: str) -> Sequence[Message]:
        """Send an action that answers with a list; return its events without the markers."""
        ...

    def tell(self, action: str, **headers: str) -> None:
        """Send an action whose answer nobody waits for. Raises ``LinkDown`` without a link."""
        ...


class Desks(Protocol):
    """The desks' side of the web edge. Never blocks: a slow desk is dropped, not waited for."""

    def pop(self, wish: PopScreen) -> None:
        """Show the caller card at that seat's desks."""
        ...

    async def seen(self, offer: OfferId) -> None:
        """Return once a desk has painted the card of that offer, or no desk is there to do so."""
        ...

    def withdraw(self, wish: WithdrawPop) -> None:
        """Take the card away again."""
        ...

    def show_seat(self, wish: ShowSeat) -> None:
        """Tell every desk concerned how the seat stands."""
        ...

    def show_blocked(self, wish: ShowBlocked) -> None:
        """Tell the centre's supervisors of a refused caller."""
        ...

    def show_move(self, wish: ShowMove) -> None:
        """Tell the desks concerned how a move of a call stands."""
        ...

    def show_supervised(self, wish: ShowSupervised) -> None:
        """Tell a supervisor's desks how it stands with the talk that it wants to hear."""
        ...


class Facts(Protocol):
    """Where facts go. Never blocks and never loses: what SQL cannot take now is journalled."""

    def put(self, fact: Fact) -> None:
        """Take one fact over."""
        ...


class Mirror(Protocol):
    """Seat states outside this process, so that a restarted brain remembers them."""

    def put(self, view: SeatView) -> None:
        """Take one seat's state over. Never blocks; the newest state of a seat wins."""
        ...

    async def read(self) -> Sequence[SeatView]:
        """All that is known, or nothing within 1 s when the mirror is away."""
        ...


class Memory(Protocol):
    """What the records know of a caller."""

    async def last_seat(
        self, centre: CentreId, ani: str, now: datetime
    ) -> tuple[SeatId, AgentId] | None:
        """Where and with whom that number talked last about a demand that is still open."""
        ...


class Brain(Protocol):
    """The brain as the web edge sees it."""

    def submit(self, event: Event) -> None:
        """Put one event into the inbox. Order is kept."""
        ...

    def seat_of(self, agent: AgentId) -> SeatView | None:
        """Where the agent is signed in."""
        ...

    def agents_at(self, call: CallId) -> frozenset[AgentId]:
        """At whose seats that call rings, is talked, or is being finished right now."""
        ...

    def seat(self, seat: SeatId) -> SeatView | None:
        """How that seat stands; None when the profile has no such seat."""
        ...

    def live(self, centre: CentreId) -> Groups:
        """What the centre's supervisors see now (``queues.live``)."""
        ...

    def centre_of(self, call: CallId) -> CentreId | None:
        """Whose call it is; None once it is over, or when there never was one of that id."""
        ...

    def targets(self, centre: CentreId) -> Mapping[str, Target]:
        """Where that centre's callers can be taken, by ``Target.id``, in the order of the desks."""
        ...

    def why_not_supervise(self, event: SupervisorJoins | SupervisorTakes) -> str:
        """Why a supervisor's wish would not be carried out now; '' when it would."""
        ...

    def why_not_dial(self, event: AgentDials) -> str:
        """Why a citizen would not be called out to now, as an error's id; '' when they would."""
        ...

    def why_not_press(self, event: AgentPresses) -> str:
        """Why the telephone beside the page would not be steered now; '' when it would."""
        ...

    def why_not_move(self, event: AgentMoves) -> WhyNot | None:
        """Why a move would not be begun now; None when it would, or would wait its turn."""
        ...

    def is_ready(self) -> bool:
        """Linked to Asterisk, snapshot taken, offers being made."""
        ...

    def figures(self) -> Mapping[str, float]:
        """Gauges for ``/metrics``: ``calls_waiting``, ``calls_talking``, ``seats_available``…"""
        ...

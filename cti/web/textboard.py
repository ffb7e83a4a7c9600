"""What is being said in the talks that go on, and whose desks show it. Driven by the hub.

An agent reads the talk of its own seat, and in wrap-up the one that has just ended; a supervisor
reads along the talk that it hears. A page that is opened again is shown all of it.
"""

from asyncio import Event as Bell
from collections.abc import Iterable
from typing import Final

from cti.ids import AgentId, CallId, SeatId
from cti.movewishes import ShowMove
from queues.seat import AgentState, SeatView
from records.live.told import Heard, LiveTalk
from transfer.step import Kind, Step

MOST_LINES: Final = 300
"""Kept of a talk: half an hour. What is older, the final transcript has."""

READS: Final = frozenset({AgentState.TALKING, AgentState.WRAP_UP})
"""States in which a seat's desk shows the words of its call."""

ASIDE: Final = frozenset(
    {Step.SETTING_ASIDE, Step.SENDING, Step.PASSING, Step.CONSULTING, Step.JOINING}
)
"""Steps in which the caller holds."""


class TextBoard:
    """All methods are synchronous and belong to the event loop's thread."""

    def __init__(self) -> None:
        self._seats: dict[SeatId, SeatView] = {}
        """Those that talk or wrap up."""
        self._aside: set[CallId] = set()
        self._lines: dict[CallId, dict[str, Heard]] = {}
        self._listens: dict[AgentId, CallId] = {}
        """Which talk each supervisor hears."""
        self.changed = Bell()
        """Set whenever other talks go on than before."""

    def seat(self, view: SeatView) -> None:
        """Take how a seat stands now."""
        before = self.talks()
        self._seats.pop(view.seat, None)
        if view.state in READS:
            self._seats[view.seat] = view
        shown = {call for one in self._seats.values() for call in (one.call, one.wraps_up)}
        self._forget()
        self._aside &= {call for call in shown if call is not None}
        if self.talks() != before:
            self.changed.set()

    def listen(self, agent: AgentId, call: CallId | None) -> bool:
        """A supervisor hears that talk, or none any more; true when it is another than before."""
        if self._listens.get(agent) == call:
            return False
        if call is None:
            del self._listens[agent]
        else:
            self._listens[agent] = call
        self._forget()
        return True

    def listens_to(self, agent: AgentId) -> CallId | None:
        """Which talk that supervisor hears."""
        return self._listens.get(agent)

    def listeners(self, call: CallId) -> list[AgentId]:
        """The supervisors who hear that talk."""
        return [agent for agent, heard in self._listens.items() if heard == call]

    def _forget(self) -> None:
        """Keep what is said where somebody may read it."""
        seats = self._seats.values()
        read = {call for one in seats for call in (one.call, one.wraps_up)}
        read |= set(self._listens.values())
        for call in [call for call in self._lines if call not in read]:
            del self._lines[call]

    def move(self, wish: ShowMove) -> None:
        """Take how a move stands: while the caller hears music, that is nobody's words."""
        is_rung_aside = wish.step is Step.RINGING and wish.kind is Kind.CONSULT
        if (is_rung_aside or wish.step in ASIDE) != (wish.call in self._aside):
            self._aside ^= {wish.call}
            self.changed.set()

    def talks(self) -> tuple[LiveTalk, ...]:
        """The talks that go on: each call once, from when its first seat talked."""
        found: dict[CallId, LiveTalk] = {}
        for view in sorted(self._seats.values(), key=lambda one: one.since):
            if view.state is AgentState.TALKING and view.call is not None:
                is_aside = view.call in self._aside
                talk = LiveTalk(
                    call=view.call, centre=view.centre, since=view.since, is_aside=is_aside
                )
                found.setdefault(view.call, talk)
        return tuple(found.values())

    def heard(self, said: Heard) -> list[SeatId]:
        """Keep what was said; give the seats whose desks are to be told."""
        seats = [
            seat for seat, view in self._seats.items() if said.call in (view.call, view.wraps_up)
        ]
        if (seats or self.listeners(said.call)) and said.kind != "draft":
            lines = self._lines.setdefault(said.call, {})
            lines[said.key] = said
            while len(lines) > MOST_LINES:
                del lines[next(iter(lines))]
        return seats

    def lines(self, calls: Iterable[CallId | None]) -> list[Heard]:
        """All that was said in those calls, in the order it was heard first."""
        return [said for call in calls if call for said in self._lines.get(call, {}).values()]


def read_at(view: SeatView | None) -> tuple[CallId, ...]:
    """The calls whose words that seat's desk shows."""
    if view is None or view.state not in READS:
        return ()
    return tuple(call for call in (view.call, view.wraps_up) if call is not None)

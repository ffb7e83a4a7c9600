"""Moves as desks see them: who is shown which, and what may be asked of each now. Pure.

An agent is shown the moves that they asked for and those of the call at their own seat. One that
is over stays until the seat turns to another call, so that its end can be read.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from cti.ids import AgentId, CallId, MoveId, SeatId
from cti.movewishes import ShowMove
from cti.web import wire
from transfer.step import FINAL, Step, What
from transfer.table import TABLES

REMEMBERED: Final = 2000
"""Moves. One of a call that ended long ago is nobody's business any more."""
KEYS_IN_ORDER: Final = (What.JOIN, What.COMPLETE, What.SWAP, What.PART, What.CANCEL)
"""As desks show them: what is pressed most first."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a move stands, and who may press its keys."""

    wish: ShowMove
    by: AgentId | None
    """The initiator; whoever asked while no agent was with the caller. None: not known."""
    asker: AgentId | None = None
    """Who asked for it, if another than the initiator; may press its keys, too."""

    @property
    def is_over(self) -> bool:
        """Whether nothing follows any more."""
        return self.wish.step in FINAL

    @property
    def keys(self) -> tuple[What, ...]:
        """What may be asked for in this step. What waits its turn can be undone."""
        if self.wish.step is Step.ASKED:
            return (What.CANCEL,)
        table = TABLES[self.wish.kind]
        return tuple(key for key in KEYS_IN_ORDER if (self.wish.step, key) in table)

    def is_of(self, agent: AgentId) -> bool:
        """Whether that agent may press its keys."""
        return agent in (self.by, self.asker)

    def shown(self) -> wire.Move:
        """As desks get it."""
        wish = self.wish
        return {
            "move": wish.move,
            "call": wish.call,
            "by": self.by,
            "asker": self.asker,
            "seat": wish.seat,
            "kind": wish.kind.value,
            "target": wish.target,
            "name": wish.name,
            "target_kind": wish.target_kind.value,
            "step": wish.step.value,
            "is_over": self.is_over,
            "at": wish.at.isoformat(),
            "why": wish.why,
            "number": wish.number,
            "was_answered": wish.was_answered,
            "keys": [key.value for key in self.keys],
        }


class MoveBoard:
    """What every desk shows of moves. Told by the hub; the API asks it who may do what."""

    def __init__(self) -> None:
        self._asked: OrderedDict[MoveId, AgentId] = OrderedDict()
        self._moves: OrderedDict[MoveId, Standing] = OrderedDict()
        self._seen: dict[AgentId, dict[MoveId, None]] = {}
        """Which moves each agent is shown, in the order in which they began."""

    def ask(self, move: MoveId, agent: AgentId) -> None:
        """Note who wants it: its desks are told of it, whether it is begun or not."""
        self._asked.setdefault(move, agent)
        while len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)

    def asker(self, move: MoveId) -> AgentId | None:
        """Who asked for it; None: nobody since this brain started."""
        return self._asked.get(move)

    def find(self, move: MoveId) -> Standing | None:
        """How that move stands."""
        return self._moves.get(move)

    def under_way(self, call: CallId) -> Standing | None:
        """The move of that call that is not over, nor waits for its turn."""
        moves = (one for one in self._of(call) if one.wish.step is not Step.ASKED)
        return next((one for one in moves if not one.is_over), None)

    def unclaimed(self, seat: SeatId) -> list[ShowMove]:
        """Moves under way that began at that seat before anybody was known to sit there."""
        return [
            one.wish
            for one in self._moves.values()
            if one.by is None and one.wish.seat == seat and not one.is_over
        ]

    def show(self, wish: ShowMove, by: AgentId | None) -> Standing:
        """Take in how a move stands now."""
        before = self._moves.get(wish.move)
        standing = Standing(wish, by or (before.by if before else None), self._asked.get(wish.move))
        self._moves[wish.move] = standing
        while len(self._moves) > REMEMBERED:
            gone, _ = self._moves.popitem(last=False)
            for seen in self._seen.values():
                seen.pop(gone, None)
        return standing

    def reveal(self, standing: Standing, agent: AgentId) -> Iterator[MoveId]:
        """From now on the agent is shown it. Yields what it replaces: an ended move of the call."""
        seen = self._seen.setdefault(agent, {})
        seen[standing.wish.move] = None
        for move in [move for move in seen if move != standing.wish.move]:
            other = self._moves[move]
            if other.is_over and other.wish.call == standing.wish.call:
                del seen[move]
                yield move

    def turn(self, agent: AgentId, calls: Iterable[CallId | None]) -> Iterator[MoveId]:
        """The agent's seat has to do with these calls, and no others. Yields what is shown no more.

        What the agent asked for and is not over stays, wherever its seat has got to.
        """
        seen, kept = self._seen.get(agent, {}), set(calls)
        for move in list(seen):
            one = self._moves[move]
            if one.wish.call not in kept and (one.is_over or not one.is_of(agent)):
                del seen[move]
                yield move
        if not seen:
            self._seen.pop(agent, None)

    def seen_by(self, agent: AgentId) -> list[Standing]:
        """What the agent is shown."""
        return [self._moves[move] for move in self._seen.get(agent, {})]

    def watchers(self, move: MoveId) -> set[AgentId]:
        """Who is shown it."""
        return {agent for agent, seen in self._seen.items() if move in seen}

    def _of(self, call: CallId) -> Iterator[Standing]:
        return (one for one in self._moves.values() if one.wish.call == call)

"""The desks' hub: what is shown where, and to whom the brain's wishes go.

Each desk (one browser tab of one agent) gets a snapshot and then deltas numbered from 1 without
a gap; a desk that sees a gap, or loses its socket, connects again and gets a new snapshot. The
hub never waits: what a desk does not take in time costs that desk its socket, nobody else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from config.platform import Platform
from cti.effects import PopScreen, ShowBlocked, ShowSeat, WithdrawPop
from cti.ids import AgentId, CallId, CentreId, MoveId, SeatId, mask
from cti.movewishes import ShowMove, ShowSupervised
from cti.ports import Groups
from cti.web.card import Cards
from cti.web.frames import Desk, compact
from cti.web.moveboard import MoveBoard, Standing
from cti.web.textboard import TextBoard
from queues.live import changes
from queues.seat import AgentState, SeatView
from queues.task import Task
from records.live.told import Heard

DESKS_PER_AGENT = 6
KEEPS_CARD = frozenset({AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP})


def seat_shown(view: SeatView) -> dict[str, object]:
    """A seat as desks see it."""
    return {
        "seat": view.seat,
        "centre": view.centre,
        "extension": view.extension,
        "agent": view.agent,
        "state": view.state.value,
        "reason": view.reason,
        "since": view.since.isoformat(),
        "until": view.until.isoformat() if view.until else None,
        "call": view.call,
        "wraps_up": view.wraps_up,
        "has_phone": view.has_phone,
    }


def task_shown(task: Task, now: datetime) -> dict[str, object]:
    """A call-back task as it is offered: enough to decide, the number only when it is claimed."""
    return {
        "call_id": task.call,
        "line": task.line,
        "number": mask(task.number),
        "missed_at": task.missed_at.isoformat(),
        "due_at": task.due_at.isoformat(),
        "is_overdue": task.is_overdue(now),
        "attempts": len(task.attempts),
    }


def said_shown(said: Heard) -> dict[str, object]:
    """An utterance as the agent reads it; under the same key a later one replaces it."""
    return said.model_dump(exclude={"order"})


def supervised_shown(wish: ShowSupervised) -> dict[str, object]:
    """How a supervisor stands with a talk, as the own desks see it."""
    return {
        "call": wish.call,
        "mode": wish.mode.value,
        "wanted": wish.wanted.value,
        "phase": wish.phase.value,
        "at": wish.at.isoformat(),
        "why": wish.why,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The caller card last shown at a seat."""

    agent: AgentId
    call: CallId
    text: str


class DeskHub:
    """``cti.ports.Desks``. Driven by the driver (effects) and by the sockets (open, close).

    All methods are synchronous and belong to the event loop's thread.
    """

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        """The city in force: whose seats and lines are shown, and who may see what."""
        self._made = Cards(platform)
        self._desks: dict[AgentId, set[Desk]] = {}
        self._cards: dict[SeatId, Card] = {}
        self._agents: dict[SeatId, AgentId] = {}
        self._calls: dict[SeatId, CallId] = {}
        """Which call rings or talks at a seat."""
        self._watching: dict[AgentId, CentreId] = {}
        """Supervisors with a desk, and whose centre they watch."""
        self._live: dict[CentreId, Groups] = {}
        """What the supervisors of each centre were shown last."""
        self._tasks: dict[AgentId, tuple[CallId, str]] = {}
        """The call-back task each agent is offered."""
        self._declined: list[tuple[AgentId, CallId]] = []
        self._supervised: dict[AgentId, dict[str, object]] = {}
        """How each supervisor stands with the talk that they wanted to hear last."""
        self.moves = MoveBoard()
        """How the moves stand that desks were told of."""
        self.texts = TextBoard()
        """What is being said in the talks that go on."""
        self.pops = 0
        self.drops = 0

    def know(self, platform: Platform) -> None:
        """Take a changed city: later cards name its lines."""
        self.platform, self._made = platform, Cards(platform)

    # --- the driver's side -------------------------------------------------------------------

    def pop(self, wish: PopScreen) -> None:
        """Show the caller card at the agent's desks, and to those that come while it stands."""
        text = compact(self._made.card(wish))
        self._cards[wish.seat] = Card(agent=wish.agent, call=wish.call, text=text)
        self._agents[wish.seat] = wish.agent
        self.pops += 1
        self._tell((wish.agent,), f'"type":"pop","card":{text}}}', wish.at)
        moved = self.moves.under_way(wish.call)
        if moved is not None:
            self._reveal(moved, wish.agent)

    def withdraw(self, wish: WithdrawPop) -> None:
        """Take the card away, unless the seat shows another call's by now."""
        card = self._cards.get(wish.seat)
        if card is None or card.call != wish.call:
            return
        del self._cards[wish.seat]
        self._tell((card.agent,), f'"type":"withdraw","call":{compact(wish.call)}}}')

    def show_seat(self, wish: ShowSeat) -> None:
        """Tell the desks of whoever sits there, and of whoever sat there until now."""
        view = wish.view
        self.texts.seat(view)
        was = self._agents.pop(view.seat, None)
        if view.agent is not None:
            self._agents[view.seat] = view.agent
        self._calls.pop(view.seat, None)
        if view.call is not None:
            self._calls[view.seat] = view.call
        if view.state not in KEEPS_CARD:
            self._cards.pop(view.seat, None)
        told = {agent for agent in (was, view.agent) if agent is not None}
        self._tell(told, f'"type":"seat","seat":{compact(seat_shown(view))}}}')
        for agent in told:
            calls = (view.call, view.wraps_up) if agent == view.agent else ()
            self._forget_moves(agent, self.moves.turn(agent, calls))
        if view.agent is not None:
            self._show_moves_to(view.agent, view)

    def _show_moves_to(self, agent: AgentId, view: SeatView) -> None:
        """Moves that were told of before it was known that somebody sits there, or with which call:
        a recipient's, and all of them after the brain was away.
        """
        for wish in self.moves.unclaimed(view.seat):
            self.show_move(wish)
        moved = self.moves.under_way(view.call) if view.call is not None else None
        if moved is not None and agent not in self.moves.watchers(moved.wish.move):
            self._reveal(moved, agent)

    def show_move(self, wish: ShowMove) -> None:
        """Tell the initiator's desks, those of who asked, and while it goes on of who has the call.

        Whoever was told of it is told of its end.
        """
        asker = self.moves.asker(wish.move)
        self.texts.move(wish)
        by = (self._agents.get(wish.seat) if wish.seat is not None else None) or asker
        standing = self.moves.show(wish, by)
        told = self.moves.watchers(wish.move)
        told |= {agent for agent in (asker, by) if agent is not None}
        if not standing.is_over:
            told |= self._having(wish.call)
        for agent in told:
            self._reveal(standing, agent)

    def show_said(self, said: Heard) -> None:
        """Tell the desks of the seat that has the call what was said, or that its draft grew."""
        agents = {self._agents[seat] for seat in self.texts.heard(said) if seat in self._agents}
        if said.kind == "draft":
            tail = compact({"call": said.call, "order": said.order})
            self._tell(agents, f'"type":"draft-grown","grown":{tail}}}')
        else:
            self._tell(agents, f'"type":"said","said":{compact(said_shown(said))}}}')

    def show_supervised(self, wish: ShowSupervised) -> None:
        """Tell the supervisor's desks how it stands with the talk that it wants to hear."""
        agent = wish.agent or self._agents.get(wish.seat)
        if agent is None:
            return
        self._supervised[agent] = said = supervised_shown(wish)
        self._tell((agent,), f'"type":"supervised","supervised":{compact(said)}}}', wish.at)

    def _having(self, call: CallId) -> set[AgentId]:
        """Whose seat has that call, or its card."""
        cards = {card.agent for card in self._cards.values() if card.call == call}
        here = (seat for seat, one in self._calls.items() if one == call)
        return cards | {self._agents[seat] for seat in here if seat in self._agents}

    def has_call(self, agent: AgentId, call: CallId) -> bool:
        """Whether that call is at the agent's seat, or its card is."""
        return agent in self._having(call)

    def _reveal(self, standing: Standing, agent: AgentId) -> None:
        self._forget_moves(agent, self.moves.reveal(standing, agent))
        self._tell((agent,), f'"type":"move","move":{compact(standing.shown())}}}')

    def _forget_moves(self, agent: AgentId, gone: Iterable[MoveId]) -> None:
        for move in gone:
            self._tell((agent,), f'"type":"move-gone","move":{compact(move)}}}')

    def show_blocked(self, wish: ShowBlocked) -> None:
        """Tell the desks of the centre's supervisors that a nuisance caller was refused."""
        shown = {
            "call": wish.call,
            "line": wish.line,
            "number": mask(wish.ani),
            "at": wish.at.isoformat(),
        }
        self._tell_watching(wish.centre, f'"type":"blocked","blocked":{compact(shown)}}}')

    def show_live(self, centre: CentreId, live: Groups) -> None:
        """Tell the centre's supervisors what has changed since they were told last, if anything.

        A group that ``live`` does not name stands as it was.
        """
        said = changes(self._live.get(centre, {}), live)
        self._live[centre] = {**self._live.get(centre, {}), **live}
        if said:
            self._tell_watching(centre, f'"type":"live","live":{compact(said)}}}')

    def watched(self) -> set[CentreId]:
        """The centres at whose live figures somebody looks."""
        return set(self._watching.values())

    # --- call-back tasks ---------------------------------------------------------------------

    def offer_task(self, agent: AgentId, task: Task, now: datetime) -> None:
        """Ask the agent to call that caller back; a desk that comes later is asked, too."""
        text = compact(task_shown(task, now))
        self._tasks[agent] = (task.call, text)
        self._tell((agent,), f'"type":"callback-offered","callback":{text}}}')

    def withdraw_task(self, agent: AgentId, call: CallId) -> None:
        """Ask no more: somebody waits, or the task is in other hands."""
        if self._tasks.get(agent, ("", ""))[0] == call:
            del self._tasks[agent]
        self._tell((agent,), f'"type":"callback-withdrawn","call":{compact(call)}}}')

    def decline_task(self, agent: AgentId, call: CallId) -> None:
        """The agent does not want it. Whoever offers tasks takes it back soon."""
        if self._tasks.get(agent, ("", ""))[0] == call:
            self._declined.append((agent, call))

    def take_declined(self) -> list[tuple[AgentId, CallId]]:
        """Who declined what since this was last asked."""
        declined, self._declined = self._declined, []
        return declined

    # --- the sockets' side -------------------------------------------------------------------

    def open(self, agent: AgentId, view: SeatView | None, watches: CentreId | None = None) -> Desk:
        """Make a desk that first gets a snapshot of ``view`` and the card standing there.

        ``watches``: the centre whose supervisor this is.
        """
        desk = Desk(agent)
        if watches is not None:
            self._watching[agent] = watches
        card = self._cards.get(view.seat) if view else None
        if card is not None and card.agent != agent:
            card = None
        state = compact(
            {
                "agent": agent,
                "at": datetime.now(UTC).isoformat(),
                "seat": seat_shown(view) if view else None,
                "live": None if watches is None else self._live.get(watches, {}),
                "supervised": self._supervised.get(agent),
                "moves": [one.shown() for one in self.moves.seen_by(agent)],
                "said": [said_shown(one) for one in self._said_to(view)],
            }
        )
        shown = card.text if card else "null"
        asked = self._tasks.get(agent, ("", "null"))[1]
        desk.put(
            f'{{"seq":0,"type":"snapshot","desk":{state[:-1]},"card":{shown},"callback":{asked}}}}}'
        )
        self._desks.setdefault(agent, set()).add(desk)
        return desk

    def _said_to(self, view: SeatView | None) -> list[Heard]:
        return self.texts.lines((view.call, view.wraps_up)) if view else []

    def close(self, desk: Desk) -> None:
        """Forget a desk. Its agent stays signed in: the phone is another wire."""
        desks = self._desks.get(desk.agent, set())
        desks.discard(desk)
        if not desks:
            self._desks.pop(desk.agent, None)
            self._watching.pop(desk.agent, None)

    def close_all(self) -> None:
        """Give every desk up, when the server stops."""
        for desks in list(self._desks.values()):
            for desk in desks:
                desk.drop()

    def desks_of(self, agent: AgentId) -> int:
        """How many desks the agent has open."""
        return len(self._desks.get(agent, ()))

    def is_connected(self, agent: AgentId) -> bool:
        """Whether somebody looks at a desk of that agent."""
        return agent in self._desks

    @property
    def desks(self) -> int:
        """How many desks are open."""
        return sum(len(desks) for desks in self._desks.values())

    # --- inside ------------------------------------------------------------------------------

    def _tell_watching(self, centre: CentreId, tail: str) -> None:
        watching = [agent for agent, watched in self._watching.items() if watched == centre]
        self._tell(watching, tail)

    def _tell(
        self, agents: Iterable[AgentId], tail: str, popped_at: datetime | None = None
    ) -> None:
        for agent in agents:
            for desk in self._desks.get(agent, ()):
                was_dropped = desk.is_dropped
                desk.put_numbered(tail, popped_at)
                self.drops += desk.is_dropped and not was_dropped

"""The desks' hub: what is shown where, and to whom the brain's wishes go.

Each desk (one browser tab of one agent) gets a snapshot and then deltas numbered without a gap. One
that loses its socket connects again and says where it stopped: it gets what it missed, or a new
snapshot (``streams``). The hub never waits: what a desk does not take in time costs that desk its
socket, nobody else.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from config.platform import Platform
from config.whence import Whence
from cti.effects import PopScreen, ShowBlocked, ShowSeat, WithdrawPop
from cti.ids import AgentId, CallId, CentreId, MoveId, OfferId, SeatId
from cti.movewishes import ShowMove, ShowSupervised
from cti.ports import Groups
from cti.web import past as pasts
from cti.web import wire, wirecard
from cti.web.card import Cards
from cti.web.cardseen import SeenCards
from cti.web.frames import Desk, compact
from cti.web.hands import Hands
from cti.web.moveboard import MoveBoard, Standing
from cti.web.shown import (
    blocked_shown,
    said_shown,
    seat_shown,
    supervised_shown,
    vacant,
)
from cti.web.streams import Since, Streams
from cti.web.taskboard import TaskBoard
from cti.web.textboard import TextBoard, read_at
from cti.web.wireroles import WATCHERS_ONLY
from queues.live import changes
from queues.seat import AgentState, SeatView
from records.live.told import Heard
from transfer.step import Phase

DESKS_PER_AGENT = 6
IN_TALK = frozenset({Phase.HEARING, Phase.CHANGING, Phase.GATHERING, Phase.TAKING, Phase.ON_WAY})
"""While these last, a supervisor reads along what is said in the talk."""
KEEPS_CARD = frozenset({AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP})


def utc_now() -> datetime:
    """By the clock of this computer."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The caller card last shown at a seat."""

    agent: AgentId
    call: CallId
    shown: wirecard.Card


class DeskHub:
    """``cti.ports.Desks``. Driven by the driver (effects) and by the sockets (open, close).

    All methods are synchronous and belong to the event loop's thread.
    """

    def __init__(self, platform: Platform, now: Callable[[], datetime] = utc_now) -> None:
        self.platform = platform
        """The city in force: whose seats and lines are shown, and who may see what."""
        self._now = now
        self._whence: Whence | None = None
        self._made = Cards(platform)
        self.on_pop: Callable[[PopScreen], None] = lambda _wish: None
        """Told of every card, so that somebody may look up the caller's past."""
        self._streams = Streams(now)
        self._cards: dict[SeatId, Card] = {}
        self._seen = SeenCards()
        self._agents: dict[SeatId, AgentId] = {}
        self._read: dict[AgentId, set[CallId]] = {}
        """The calls whose words each agent follows."""
        self._calls: dict[SeatId, CallId] = {}
        """Which call rings or talks at a seat."""
        self._live: dict[CentreId, Groups] = {}
        """What the supervisors of each centre were shown last."""
        self._supervised: dict[AgentId, wire.Supervised] = {}
        """How each supervisor stands with the talk that they wanted to hear last."""
        self.moves = MoveBoard()
        """How the moves stand that desks were told of."""
        self.texts = TextBoard()
        """What is being said in the talks that go on."""
        self.tasks = TaskBoard(self._tell)
        self.hands = Hands(self._tell, self.show_live)
        self.pops = 0
        self.drops = 0

    def know(self, platform: Platform) -> None:
        """Take a changed city: later cards name its lines."""
        self.platform = platform
        self._made = Cards(platform, self._whence)

    def framers(self) -> tuple[str, ...]:
        """Whose pages may hold ours in a frame: of any centre, for who asks is not known yet."""
        return tuple(dict.fromkeys(one for each in self.platform for one in each.page_origins))

    def know_places(self, whence: Whence) -> None:
        """Say on later cards which city a caller's number belongs to."""
        self._whence = whence
        self._made = Cards(self.platform, whence)

    # --- the driver's side -------------------------------------------------------------------

    def pop(self, wish: PopScreen) -> None:
        """Show the caller card at the agent's desks, and to those that come while it stands."""
        shown, before = self._made.card(wish), self._cards.get(wish.seat)
        if before is not None and (before.agent, before.call) == (wish.agent, wish.call):
            shown["past"] = before.shown["past"]  # the same caller to the same agent again
        self._cards[wish.seat] = Card(agent=wish.agent, call=wish.call, shown=shown)
        self._seen.show(wish, is_watched=self.is_connected(wish.agent))
        self._agents[wish.seat] = wish.agent
        self.pops += 1
        self.on_pop(wish)
        self._tell((wish.agent,), {"type": "pop", "card": shown}, wish.at)
        moved = self.moves.under_way(wish.call)
        if moved is not None:
            self._reveal(moved, wish.agent)

    def show_past(self, wish: PopScreen, past: pasts.CardPast) -> None:
        """Tell what is known of the caller on that card, if it stands yet."""
        card = self._cards.get(wish.seat)
        if card is None or card.shown["offer"] != wish.offer:
            return
        card.shown["past"] = past
        said: wire.CardPastDelta = {
            "type": "card-past",
            "call": wish.call,
            "offer": wish.offer,
            "past": past,
        }
        self._tell((card.agent,), said)

    async def seen(self, offer: OfferId) -> None:
        """Return once a desk has painted the card of that offer, or no desk is there to do so."""
        await self._seen.seen(offer)

    def withdraw(self, wish: WithdrawPop) -> None:
        """Take the card away, unless the seat shows another call's by now."""
        card = self._cards.get(wish.seat)
        if card is None or card.call != wish.call:
            return
        del self._cards[wish.seat]
        self._seen.forget(wish.seat)
        self._tell((card.agent,), {"type": "withdraw", "call": wish.call})

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
            self._seen.forget(view.seat)
        told = {agent for agent in (was, view.agent) if agent is not None}
        if was is not None and view.agent != was:
            self.hands.fall(was)
        for agent in told:  # who has left is not told who came
            seen = view if agent == view.agent else vacant(view)
            self._tell((agent,), {"type": "seat", "seat": seat_shown(seen)})
            calls = (view.call, view.wraps_up) if agent == view.agent else ()
            self._forget_moves(agent, self.moves.turn(agent, calls))
        if view.agent is not None:
            self._show_moves_to(view.agent, view)
            self._show_text_to(view.agent, view)

    def _show_moves_to(self, agent: AgentId, view: SeatView) -> None:
        """Moves that were told of before it was known that somebody sits there, or with which call:
        a recipient's, and all of them after the brain was away.
        """
        for wish in self.moves.unclaimed(view.seat):
            self.show_move(wish)
        moved = self.moves.under_way(view.call) if view.call is not None else None
        if moved is not None and agent not in self.moves.watchers(moved.wish.move):
            self._reveal(moved, agent)

    def _show_text_to(self, agent: AgentId, view: SeatView) -> None:
        """What was said of a call before it came to the seat: whoever takes it over reads on."""
        before, now = self._read.pop(agent, set()), set(read_at(view))
        if now:
            self._read[agent] = now
        lines = self.texts.lines(read_at(view)) if now - before else []
        if lines:
            self._tell((agent,), {"type": "text", "text": [said_shown(one) for one in lines]})

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
        along = self.texts.listeners(said.call)
        if said.kind == "draft":
            grown: wire.Grown = {"call": said.call, "order": said.order}
            self._tell(agents, {"type": "draft-grown", "grown": grown})
        else:
            shown = said_shown(said)
            self._tell(agents, {"type": "said", "said": shown})
            self._tell(along, {"type": "said-along", "said": shown})

    def show_supervised(self, wish: ShowSupervised) -> None:
        """Tell the supervisor's desks how it stands with the talk that it wants to hear."""
        agent = wish.agent or self._agents.get(wish.seat)
        if agent is None:
            return
        self._supervised[agent] = said = supervised_shown(wish)
        self._tell((agent,), {"type": "supervised", "supervised": said}, wish.at)
        if self.texts.listen(agent, wish.call if wish.phase in IN_TALK else None):
            self._tell((agent,), {"type": "along", "text": self._along(agent)})

    def _along(self, agent: AgentId) -> list[wire.Said]:
        """All that was said in the talk that the supervisor hears."""
        return [said_shown(one) for one in self.texts.lines((self.texts.listens_to(agent),))]

    def _having(self, call: CallId) -> set[AgentId]:
        """Whose seat has that call, or its card."""
        cards = {card.agent for card in self._cards.values() if card.call == call}
        here = (seat for seat, one in self._calls.items() if one == call)
        return cards | {self._agents[seat] for seat in here if seat in self._agents}

    def card_of(self, agent: AgentId, call: CallId) -> wirecard.Card | None:
        """The card of that call that stands at the agent's seat."""
        mine = (one for one in self._cards.values() if (one.agent, one.call) == (agent, call))
        return next((one.shown for one in mine), None)

    def has_call(self, agent: AgentId, call: CallId) -> bool:
        """Whether that call is at the agent's seat, or its card is."""
        return agent in self._having(call)

    def _reveal(self, standing: Standing, agent: AgentId) -> None:
        self._forget_moves(agent, self.moves.reveal(standing, agent))
        self._tell((agent,), {"type": "move", "move": standing.shown()})

    def _forget_moves(self, agent: AgentId, gone: Iterable[MoveId]) -> None:
        for move in gone:
            self._tell((agent,), {"type": "move-gone", "move": move})

    def show_note(self, agent: AgentId, said: wire.NoteDelta | wire.NoteReadDelta) -> None:
        """Tell the agent's desks what a supervisor says, or that it was read at one of them."""
        self._tell((agent,), said)

    def show_blocked(self, wish: ShowBlocked) -> None:
        """Tell the desks of the centre's supervisors that a nuisance caller was refused."""
        self._tell_watching(wish.centre, {"type": "blocked", "blocked": blocked_shown(wish)})

    def show_live(self, centre: CentreId, live: Groups) -> None:
        """Tell the centre's supervisors what has changed since they were told last, if anything.

        A group that ``live`` does not name stands as it was.
        """
        said = changes(self._live.get(centre, {}), live)
        self._live[centre] = {**self._live.get(centre, {}), **live}
        if said:
            self._tell_watching(centre, {"type": "live", "live": said})

    def watched(self) -> set[CentreId]:
        """The centres at whose live figures somebody looks."""
        return self._streams.watched()

    # --- the sockets' side -------------------------------------------------------------------

    def open(
        self,
        agent: AgentId,
        view: SeatView | None,
        watches: CentreId | None = None,
        *,
        since: Since | None = None,
        page: str = "",
    ) -> Desk:
        """Make a desk that first gets a snapshot of ``view`` and the card standing there.

        ``watches``: the centre whose supervisor this is. ``since``: where this page stopped; when
        what came after is still known, that comes first, and no snapshot. ``page``: whose earlier
        connection, if it still hangs, is given up.
        """
        stream = self._streams.open(agent, watches)
        desk = Desk(agent, page)
        for other in stream.desks:
            if page and other.page == page:
                other.drop()
        missed = stream.missed(since)
        if since is not None and missed is not None:
            at = self._now().isoformat()
            desk.begin([compact(wire.Resumed(seq=since.seq, type="resumed", at=at)), *missed])
        else:
            shown = self._snapshot(agent, view, watches)
            first = wire.Whole(seq=stream.seq, type="snapshot", epoch=stream.epoch, desk=shown)
            desk.begin([compact(first)])
        stream.desks.add(desk)
        return desk

    def _snapshot(
        self, agent: AgentId, view: SeatView | None, watches: CentreId | None
    ) -> wire.Snapshot:
        card = self._cards.get(view.seat) if view else None
        live = None if watches is None else self._live.get(watches, {})
        return {
            "agent": agent,
            "at": self._now().isoformat(),
            "seat": seat_shown(view) if view else None,
            "live": cast("wire.Live | None", live),
            "supervised": None if watches is None else self._supervised.get(agent),
            "moves": [one.shown() for one in self.moves.seen_by(agent)],
            "card": card.shown if card is not None and card.agent == agent else None,
            "callback": self.tasks.of(agent),
            "hand": self.hands.since(agent),
            "said": [said_shown(one) for one in self.texts.lines(read_at(view))],
            "along": [] if watches is None else self._along(agent),
        }

    def painted(self, agent: AgentId, call: CallId, offer: OfferId) -> datetime | None:
        """A desk shows that card; the first to say so is told when the brain wished it."""
        return self._seen.painted(agent, call, offer)

    def close(self, desk: Desk) -> None:
        """Forget a desk. Its agent stays signed in: the phone is another wire."""
        self._streams.close(desk)
        if not self.is_connected(desk.agent):
            self._seen.unwatch(desk.agent)

    def close_all(self) -> None:
        """Give every desk up, when the server stops."""
        for desk in list(self._streams.all_desks()):
            desk.drop()

    def desks_of(self, agent: AgentId, besides: str = "") -> int:
        """How many desks the agent has open, not counting those of the page ``besides``."""
        desks = self._streams.desks(agent)
        return sum(not (besides and desk.page == besides) for desk in desks)

    def is_connected(self, agent: AgentId) -> bool:
        """Whether somebody looks at a desk of that agent."""
        return bool(self._streams.desks(agent))

    @property
    def desks(self) -> int:
        """How many desks are open."""
        return sum(1 for _ in self._streams.all_desks())

    # --- inside ------------------------------------------------------------------------------

    def _tell_watching(self, centre: CentreId, said: wire.Delta) -> None:
        self._tell(self._streams.watching(centre), said)

    def _tell(
        self, agents: Iterable[AgentId], said: wire.Delta, popped_at: datetime | None = None
    ) -> None:
        tail = compact(said)[1:]  # made once for all desks
        for agent in agents:
            stream = self._streams.find(agent)
            if stream is not None and (stream.watches or said["type"] not in WATCHERS_ONLY):
                self.drops += stream.say(tail, popped_at)

"""Random hours of a centre, as three desks hear them: an agent's, an expert's, a supervisor's.

Each desk loses its socket now and then, with something owed to it, and comes back where it stopped.
"""

import json
import random
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from config.platform import Platform
from cti.effects import PopScreen, ShowBlocked, ShowSeat, WithdrawPop
from cti.ids import AgentId, CallId, CentreId, LineId, MoveId, OfferId, SeatId
from cti.movewishes import ShowSupervised
from cti.web import wire
from cti.web.cardpast import past_shown
from cti.web.desk import DeskHub
from cti.web.frames import Desk
from cti.web.streams import Since
from queues.live import LiveBoard
from queues.seat import AgentState, SeatView
from records.live.told import Heard
from tests.cti.web.fakes import CHIFENG, NOON, seat_view
from tests.cti.web.messages import a_past
from tests.cti.web.movesample import shown
from tests.cti.web.sample import missed_task
from transfer.step import Mode, Phase, Step

IN_CALLS = (AgentState.OFFERED, AgentState.TALKING)
SIGNED_IN = [state for state in AgentState if state is not AgentState.LOGGED_OUT]
KINDS = ("interim", "final", "gap", "draft")
Message = dict[str, Any]


@dataclass
class Watcher:
    """Somebody with a page open; ``heard`` is all that the page was given so far."""

    hub: DeskHub
    agent: AgentId
    watches: CentreId | None
    desk: Desk
    heard: list[Message] = field(default_factory=list)
    resumed: int = 0

    def hear(self, most: int | None = None) -> None:
        """Read so many messages; all of them, if it is not said how many."""
        owed = self.desk._owed
        for _ in range(len(owed) if most is None else min(most, len(owed))):
            self.heard.append(json.loads(owed.popleft()[0]))

    def come_back(self, view: SeatView | None, rolls: random.Random) -> None:
        """Lose the socket after some of what is owed, and connect again."""
        self.hear(rolls.randrange(4))
        self.hub.close(self.desk)
        since = None
        if self.heard:
            epoch = next(one["epoch"] for one in reversed(self.heard) if "epoch" in one)
            since = Since(epoch, self.heard[-1]["seq"])
        self.desk = self.hub.open(self.agent, view, self.watches, since=since)
        self.resumed += json.loads(self.desk._owed[0][0])["type"] == "resumed"


class Life:
    """One hour."""

    def __init__(self, platform: Platform, rolls: random.Random) -> None:
        self.rolls = rolls
        self.hub = DeskHub(platform, now=lambda: NOON)
        self.watchers = [
            Watcher(self.hub, agent, watches, self.hub.open(agent, None, watches))
            for agent, watches in (
                (AgentId("anna"), None),
                (AgentId("expert"), None),
                (AgentId("chief"), CHIFENG),
            )
        ]
        self.popped: PopScreen | None = None
        self.views = {view.seat: view for view in map(seat_view, ("1001", "1002", "1003"))}

    def run(self) -> list[tuple[list[Message], Message]]:
        """Let it pass. For each watcher: all that was heard, and a new page's snapshot."""
        for step in range(self.rolls.randrange(1, 60)):
            self._happen(step)
            if self.rolls.randrange(12) == 0:
                watcher = self.rolls.choice(self.watchers)
                watcher.come_back(self._view(watcher.agent), self.rolls)
        pairs = []
        for watcher in self.watchers:
            watcher.hear()
            fresh = self.hub.open(watcher.agent, self._view(watcher.agent), watcher.watches)
            pairs.append((watcher.heard, json.loads(fresh._owed[0][0])))
        return pairs

    def _view(self, agent: AgentId) -> SeatView | None:
        return next((view for view in self.views.values() if view.agent == agent), None)

    def _happen(self, step: int) -> None:
        call = CallId(f"node1-{self.rolls.randrange(3)}")
        seat = self.rolls.choice(list(self.views))
        acts = (
            *(lambda: self._sit(seat, call, step),) * 4,
            *(lambda: self._move(seat, call),) * 4,
            *(lambda: self._speak(call),) * 4,
            lambda: self._pop(seat, call, step),
            lambda: self._pop(seat, call, step),
            lambda: self.hub.withdraw(WithdrawPop(seat=seat, call=call, offer=OfferId(str(step)))),
            lambda: self.hub.tasks.offer(self._anybody(), missed_task(call), NOON),
            lambda: self.hub.tasks.withdraw(self._anybody(), call),
            lambda: self._supervise(seat, call),
            lambda: self._tell(step),
            lambda: self.hub.hands.rise(self._anybody(), CHIFENG, NOON),
            lambda: self.hub.hands.fall(self._anybody()),
            self._count,
            lambda: self._block(call),
            self._recall,
        )
        self.rolls.choice(acts)()

    def _anybody(self) -> AgentId:
        return self.rolls.choice(self.watchers).agent

    def _sit(self, seat: SeatId, call: CallId, step: int) -> None:
        """Somebody comes, goes, or the state of the seat changes."""
        view = self.views[seat]
        if view.agent is None:
            here = self.rolls.choice([*(one.agent for one in self.watchers), AgentId("bao")])
            if self._view(here) is not None:
                return
            view = replace(view, agent=here)
        if self.rolls.randrange(6) == 0:
            nobody = replace(view, agent=None, state=AgentState.LOGGED_OUT)
            self._stand(replace(nobody, call=None, wraps_up=None), step)
            return
        state = self.rolls.choice(SIGNED_IN)
        has_call = call if state in IN_CALLS else None
        wraps_up = (view.call or call) if state is AgentState.WRAP_UP else None
        self._stand(replace(view, state=state, call=has_call, wraps_up=wraps_up), step)

    def _stand(self, view: SeatView, step: int) -> None:
        self.views[view.seat] = view = replace(view, since=NOON + timedelta(seconds=step))
        self.hub.show_seat(ShowSeat(view=view))

    def _pop(self, seat: SeatId, call: CallId, step: int) -> None:
        view = self.views[seat]
        if view.agent is None:
            return
        self.popped = PopScreen(
            seat=seat,
            agent=view.agent,
            call=call,
            offer=OfferId(str(step)),
            centre=CHIFENG,
            line=LineId("8337772"),
            dnis="8337772",
            ani="",
            since=NOON,
            at=NOON,
            arrived_at=NOON,
        )
        self.hub.pop(self.popped)
        self._stand(replace(view, state=AgentState.OFFERED, call=call, wraps_up=None), step)

    def _move(self, seat: SeatId, call: CallId) -> None:
        move = MoveId(f"move-{self.rolls.randrange(4)}")
        if self.rolls.randrange(4) == 0:
            self.hub.moves.ask(move, self._anybody())
        at = self.rolls.choice((seat, None))
        step = self.rolls.choice(list(Step))
        self.hub.show_move(shown(step, move=move, call=call, seat=at))

    def _speak(self, call: CallId) -> None:
        """Somebody says something, says it to its end, or says what nobody writes down."""
        key = f"caller-{self.rolls.randrange(5)}"
        text = str(self.rolls.random())
        said = {"call": call, "kind": self.rolls.choice(KINDS), "key": key, "text": text}
        self.hub.show_said(Heard.model_validate(said))

    def _recall(self) -> None:
        """The past of the caller who was announced last has been looked up."""
        if self.popped is not None:
            past = past_shown(a_past(), self.popped, self.hub.platform.home)
            self.hub.show_past(self.popped, past)

    def _supervise(self, seat: SeatId, call: CallId) -> None:
        mode, phase = self.rolls.choice(list(Mode)), self.rolls.choice(list(Phase))
        chief = AgentId("chief")
        self.hub.show_supervised(
            ShowSupervised(
                call=call, seat=seat, agent=chief, mode=mode, wanted=mode, phase=phase, at=NOON
            )
        )

    def _tell(self, step: int) -> None:
        note: wire.Note = {"id": step, "sender": "chief", "text": "请来", "at": NOON.isoformat()}
        self.hub.show_note(self._anybody(), {"type": "note", "note": note})
        self.hub.show_note(self._anybody(), {"type": "note-read", "note": step})

    def _count(self) -> None:
        views = [view for view in self.views.values() if view.agent is not None]
        self.hub.show_live(CHIFENG, LiveBoard(NOON).live(CHIFENG, NOON, [], views))

    def _block(self, call: CallId) -> None:
        line = LineId("8337772")
        self.hub.show_blocked(ShowBlocked(call=call, centre=CHIFENG, line=line, ani="1", at=NOON))

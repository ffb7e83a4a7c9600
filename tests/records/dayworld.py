"""A day at a small hotline, played: callers, agents, the dialplan, and a brain that is killed.

The rules are the real ``Switch``, the rows a real ``CallStore``, the figures a real ``LiveBoard``.
Only Asterisk is played, by its dialplan: who waits falls back when nobody beats, a snapshot
shows what stands, its log knows how each call ended and is replayed as ``reconcile`` does.
"""

import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from random import Random

from cti.effects import (
    AdoptCaller,
    CallBack,
    Effect,
    Fact,
    ForgetKept,
    HandPlace,
    HangUp,
    OfferCall,
    RemoveMember,
    ReplayCel,
    SetMember,
    ShowSeat,
    TellCaller,
    WriteCall,
    WriteJournal,
    WriteSeatTime,
)
from cti.events import ClockTicked, Event, SnapshotTaken
from cti.ids import CallId
from cti.liveboard import Stamp, Told, remember
from cti.seen import SeenChannel, SeenMember
from cti.switch import Switch
from queues.live import LiveBoard
from queues.seat import AgentState
from records.merge import merge, with_agents
from records.store import CallStore
from tests.records.dayasterisk import Asterisk
from tests.records.dayparts import CENTRE, PLAN


class Brain:
    """A switch with its board, and facts on their way to SQL; ``cti.ports.Facts``."""

    def __init__(self, begun: datetime, stamp: Stamp) -> None:
        self.begun = begun
        self.switch = Switch(PLAN, begun)
        self.board = LiveBoard(begun)
        self.facts: list[tuple[datetime, Fact]] = []
        self.told = Told(self, self.board)
        self.now = begun
        self.put(stamp.closing((CENTRE,), begun))

    def put(self, fact: Fact) -> None:
        """Keep a fact until the next flush."""
        self.facts.append((self.now, fact))


class DayWorld(Asterisk):
    """Plays ``calls`` calls from ``begins`` on. ``run`` returns when the last one is over."""

    def __init__(
        self,
        rolls: Random,
        store: CallStore,
        stamp: Stamp,
        begins: datetime,
        calls: int,
        *,
        is_mortal: bool = True,
    ) -> None:
        super().__init__(rolls, begins)
        self.is_mortal = is_mortal
        self.store, self.stamp = store, stamp
        self.replayed: set[CallId] = set()
        self.restarts = self.checked = 0
        self.brain: Brain | None = None
        self.checks: list[Callable[[DayWorld], Awaitable[None]]] = []
        self._arrivals(calls)

    @property
    def is_beating(self) -> bool:
        return self.brain is not None

    async def run(self) -> None:
        await self.start()
        while self.heap:
            brain = self.brain
            due = brain.switch.due() if brain is not None else None
            if brain is not None and due is not None and due <= self.heap[0][0]:
                self.now = max(self.now, due)
                self.feed(ClockTicked(at=self.now))
                continue
            self.now, _, what = heapq.heappop(self.heap)
            done = what()
            if isinstance(done, Awaitable):
                await done
        self.now += timedelta(minutes=10)
        self.feed(ClockTicked(at=self.now))
        await self.flush()
        await self.reconcile()

    def _arrivals(self, calls: int) -> None:
        at = 60.0
        for n in range(calls):
            at += self.rolls.expovariate(1 / 14)
            self.at(at, partial(self.arrive, n))
            if n % 125 == 60 and self.is_mortal:
                self.at(at + 3, self.kill)
            if n % 125 == 90:
                self.at(at + 3, self.check)
        for seat in self.seats.values():
            self.at(self.rolls.uniform(1, 30), partial(self.sign_in, seat))
        self.closes = self.now + timedelta(seconds=at)
        for minute in range(1, int(at / 60) + 60):
            self.at(minute * 60, self.flush)

    # --- the brain --------------------------------------------------------------------------

    async def start(self) -> None:
        self.brain = Brain(self.now, self.stamp)
        self.store.on_record = self.brain.board.see
        await remember(self.store.database, self.brain.board, self.brain.begun, self.stamp.seen_at)
        self.feed(self.snapshot())
        self.at(1, self.reconcile)

    async def kill(self) -> None:
        """Nobody says goodbye: facts of the last second never reach SQL."""
        brain = self.brain
        assert brain is not None
        kept = [f for at, f in brain.facts if at <= self.now - timedelta(seconds=1)]
        await self.store.write_facts(kept)
        self.brain = None
        self.stamp.seen_at = self.now - timedelta(seconds=1)
        self.restarts += 1
        for caller in list(self.callers.values()):
            if caller.context == "wait":
                self.at(self.rolls.uniform(2, 3), partial(self.fall_back, caller))
        self.at(self.rolls.uniform(1, 90), self.start)

    async def flush(self) -> None:
        if self.brain is not None:
            facts, self.brain.facts = self.brain.facts, []
            await self.store.write_facts([fact for _, fact in facts])

    async def check(self) -> None:
        await self.flush()
        for check in self.checks:
            await check(self)

    async def reconcile(self) -> None:
        """As ``records.reconcile`` does: what the log knows of the calls that are over."""
        over = [c for c in self.callers.values() if c.ended and c.id not in self.replayed]
        self.replayed |= {c.id for c in over}
        known = {r.call: r for r in await self.store.records([c.id for c in over])}
        records = [
            with_agents(c.record(), known[c.id]) if c.id in known else c.record() for c in over
        ]
        news = [r for r in records if r.call not in known or merge(known[r.call], r) == r]
        await self.store.write_facts([WriteCall(record=record) for record in news])

    def feed(self, event: Event) -> None:
        brain = self.brain
        if brain is None:
            return
        brain.now = event.at
        for effect in brain.switch.feed(event):
            self.perform(brain, effect)

    def perform(self, brain: Brain, effect: Effect) -> None:
        match effect:
            case WriteCall() | WriteJournal() | WriteSeatTime():
                brain.told.put(effect)
            case OfferCall():
                self.at(0.01, lambda: self.connect(effect))
            case CallBack():
                self.at(0.01, lambda: self.call_back(effect))
            case AdoptCaller():
                self.at(0.01, lambda: self.adopt(self.callers[effect.call]))
            case ForgetKept():
                self.forget(self.callers[effect.call])
            case HandPlace():
                self.callers[effect.call].since = effect.since
            case HangUp():
                self.at(0.01, lambda: self.hang_up(self.callers[effect.call]))
            case TellCaller() if effect.keeps and self.rolls.random() < 0.3:
                caller = self.callers[effect.call]
                self.at(self.rolls.uniform(2, 9), lambda: self.press(caller))
            case SetMember():
                self.seats[effect.seat].member = (effect.is_paused, effect.reason)
            case RemoveMember():
                self.seats[effect.seat].member = None
            case ShowSeat():
                self.seats[effect.view.seat].view = effect.view
            case ReplayCel():
                self.at(1, self.reconcile)
            case _:
                pass

    def snapshot(self) -> SnapshotTaken:
        channels: list[SeenChannel] = []
        for caller in self.callers.values():
            channels += caller.seen()
        views = [seat.view for seat in self.seats.values() if seat.view is not None]
        return SnapshotTaken(
            at=self.now,
            channels=tuple(channels),
            members=tuple(
                SeenMember(
                    seat=seat.id,
                    agent=seat.agent,
                    is_paused=seat.member[0],
                    reason=seat.member[1],
                    phone=seat.phone,
                )
                for seat in self.seats.values()
                if seat.member is not None
            ),
            wrapping_up=tuple(
                (view.seat, view.until, None)
                for view in views
                if view.state is AgentState.WRAP_UP and view.until is not None
            ),
            kept=tuple(c.place for c in self.callers.values() if c.place is not None),
        )

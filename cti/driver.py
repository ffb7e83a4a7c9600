"""The driver: carries events to the switch and its wishes to the world. Ring 3, no rules.

One inbox, one consumer. The consumer's own loop sends the heartbeat, so a stuck brain goes
silent and the dialplan looks after the callers. An order to Asterisk is answered, refused or
timed out; what comes of it returns through the inbox as an event.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import Any, Protocol

import structlog

from cti import keptwire, movewire
from cti import snapshot as standing
from cti.ami.errors import AmiError, LinkDown, MalformedMessage
from cti.announced import Announced
from cti.effects import (
    AskLastSeat,
    CompleteDraft,
    Effect,
    PopScreen,
    ReplayCel,
    ShowBlocked,
    ShowSeat,
    TakeSnapshot,
    WithdrawPop,
    WriteCall,
    WriteJournal,
    WriteSeatTime,
)
from cti.events import (
    ClockSet,
    ClockTicked,
    Event,
    LastSeatKnown,
    LinkLost,
    SnapshotTaken,
)
from cti.ids import CallId
from cti.inbox import Beat, Inbox, Item, LinkUp, Replan, wishes
from cti.movewishes import ShowMove, ShowSupervised
from cti.ordering import OrderBook
from cti.ports import Desks, Facts, Memory, Mirror, Orders
from cti.switch import Switch

log = structlog.get_logger()

BEAT_EVERY_S = 1.0
STOOD_STILL_S = 1.8
"""A loop that did not turn for so long was frozen, and the dialplan may have taken over: that
happens when the beat is 3 s old, and it was up to ``BEAT_EVERY_S`` old when the loop stopped."""
BEAT_UNTIL_SNAPSHOT_S = 3.0
"""The beat goes on while a snapshot is being taken, but not for longer than this."""
SNAPSHOT_AGAIN_S = 0.5
REMEMBER_WITHIN_S = 2.0
"""Whose demand is open must be known by then, or the caller is anybody: it waits already."""
YIELD_EVERY = 20
"""Messages handled between two looks at the sockets."""


class Link(Orders, Protocol):
    """The AMI link as the driver uses it."""

    @property
    def is_up(self) -> bool:
        """Logged in and answering."""
        ...

    def drop(self, why: str) -> None:
        """Cut the connection; it reconnects by itself."""
        ...


class Driver:
    """Feeds the switch and does what it wishes. ``run`` is the brain's one working loop."""

    def __init__(
        self,
        inbox: Inbox,
        switch: Switch,
        link: Link,
        desks: Desks,
        facts: Facts,
        mirror: Mirror,
        replay: Callable[[CallId | None], None],
        memory: Memory | None = None,
    ) -> None:
        self.switch = switch
        self._link, self._desks, self._facts, self._mirror = link, desks, facts, mirror
        self._replay = replay
        self._memory = memory
        self._inbox = inbox
        self._announced = Announced(desks, switch.rings)
        self._orders = OrderBook(link, inbox, self._stands_still, self._announced)
        self._held: list[Item] | None = None
        """Not None while a snapshot is being taken: what came meanwhile, in order."""
        self._group: asyncio.TaskGroup | None = None
        self._next_beat = self._last_turn = monotonic()
        self._snapshot_since: float | None = None
        self.beaten_at: float | None = None
        """When the last heartbeat was written, by ``monotonic``."""
        self.counts: dict[str, int] = {}
        """Effects carried out, by kind."""
        self._taken = 0

    # --- the loop ---------------------------------------------------------------------------

    async def run(self) -> None:
        """Work until cancelled. Cancelling is safe: no order is half given."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            self._last_turn = monotonic()
            while True:
                await self._turn()

    async def _turn(self) -> None:
        item = await self._next()
        turned, self._last_turn = self._last_turn, monotonic()
        if self._last_turn - turned > STOOD_STILL_S and self.beaten_at is not None:
            self._start_anew("the brain stood still")
            item = item if wishes([item]) else None
        set_by = self._inbox.set_by()
        if set_by:
            self._start_anew("the clock was set")
            self._feed(ClockSet(at=self._inbox.now(), by=set_by))
            item = item if wishes([item]) else None
        if self._last_turn >= self._next_beat:
            self._next_beat = self._last_turn + BEAT_EVERY_S
            if self._link.is_up and self._may_beat():
                self._spawn(self._ping())
        if item is not None:
            self._take(item)
        due = self._due()
        now = self._inbox.now()
        if due is not None and due <= now:
            self._feed(ClockTicked(at=now))

    def _due(self) -> datetime | None:
        """When the switch wants the clock. While a snapshot is taken its picture stands still."""
        return self.switch.due() if self._held is None else None

    def _stands_still(self) -> bool:
        """Too long after the last turn: what it wished must not be ordered any more."""
        return monotonic() - self._last_turn > STOOD_STILL_S

    async def _next(self) -> Item | None:
        self._taken += 1
        if self._taken % YIELD_EVERY == 0:
            await asyncio.sleep(0)  # a full inbox must not starve the sockets
        wait = self._next_beat - monotonic()
        due = self._due()
        if due is not None:
            wait = min(wait, (due - self._inbox.now()).total_seconds())
        return await self._inbox.take(wait)

    def _start_anew(self, why: str) -> None:
        """What lies in the inbox is too old to act upon: forget it and look again."""
        log.error("picture thrown away", why=why, forgotten=self._inbox.forget())
        self._let_go(LinkLost(at=self._inbox.now()))
        self._link.drop(why)

    def _let_go(self, lost: LinkLost) -> None:
        """Give no order until the next snapshot. What agents asked for meanwhile still holds."""
        held, self._held, self._snapshot_since = self._held or [], None, None
        self._announced.forget()
        self._feed(lost)
        for item in wishes(held):
            self._take(item)

    def _take(self, item: Item) -> None:
        if isinstance(item, LinkUp):
            self._start_snapshot("link up")
        elif isinstance(item, Beat):
            self._beat(item.epoch)
        elif isinstance(item, Replan):
            for effect in self.switch.replan(item.plan, self._inbox.now()):
                self._perform(effect)
        elif isinstance(item, SnapshotTaken):
            if self._held is not None:  # else the link it came by is lost
                self._resume(self._held, item)
        elif isinstance(item, LinkLost):
            self._let_go(item)
        elif self._held is not None:
            self._held.append(item)
        else:
            event = self._event(item)
            if event is not None:
                self._feed(event)

    def _event(self, item: Item) -> Event | None:
        if not isinstance(item, Mapping):
            assert not isinstance(item, LinkUp | Beat | Replan), "taken before"
            return item
        try:
            return movewire.read(item, self._inbox.now())
        except (MalformedMessage, ValueError) as error:
            log.error("message not understood", event_name=item.get("Event"), error=str(error))
            return None

    def _feed(self, event: Event) -> None:
        for effect in self.switch.feed(event):
            self._perform(effect)

    # --- the heartbeat ------------------------------------------------------------------------

    def _may_beat(self) -> bool:
        if self._snapshot_since is None:
            return self.switch.is_live
        return monotonic() - self._snapshot_since < BEAT_UNTIL_SNAPSHOT_S

    async def _ping(self) -> None:
        try:
            answer = await self._link.ask("Ping")
        except AmiError as error:
            log.warning("no heartbeat", why=str(error))
            return
        self._inbox.put(Beat(float(str(answer.get("Timestamp", "0")))))

    def _beat(self, epoch: float) -> None:
        if epoch <= 0 or not self._may_beat():
            return
        self._inbox.set_clock(epoch)
        self._orders.tell("Setvar", Variable="BRAIN_BEAT", Value=str(int(epoch)))
        self.beaten_at = monotonic()

    # --- the snapshot -------------------------------------------------------------------------

    def _start_snapshot(self, why: str) -> None:
        if self._held is not None or not self._link.is_up:
            return
        log.info("taking a snapshot", why=why)
        held: list[Item] = []
        self._held = held
        self._snapshot_since = self._snapshot_since or monotonic()
        self._spawn(self._snapshot(held))

    async def _snapshot(self, held: list[Item]) -> None:
        """Look at everything, Asterisk last: what it shows must not grow old. ``held``: whose."""
        try:
            await self._ping()
            mirrored = await self._mirror.read()
            entries = await self._link.ask_list("QueueStatus")
            channels = await self._link.ask_list("Status", Variables=standing.SNAPSHOT_VARIABLES)
            # Last: who keeps a place meanwhile is in one of the two, or in both.
            kept = await self._link.ask_list("DBGetTree", Family=keptwire.FAMILY)
            taken = standing.snapshot(self._inbox.now(), entries, channels, mirrored)
            taken = replace(taken, kept=keptwire.places(kept))
        except LinkDown:
            return  # the next link takes another
        except (AmiError, ValueError) as error:
            log.error("no snapshot", why=str(error))
            await asyncio.sleep(SNAPSHOT_AGAIN_S)
            if self._held is held:
                held[:] = wishes(held)  # the rest is in the next one
                self._spawn(self._snapshot(held))
            return
        if self._held is held:
            self._inbox.put(taken)

    def _resume(self, held: list[Item], taken: SnapshotTaken) -> None:
        self._held = self._snapshot_since = None
        meanwhile = [event for event in map(self._event, held) if event is not None]
        self._feed(replace(taken, meanwhile=tuple(meanwhile)))
        log.info("picture taken", channels=len(taken.channels), members=len(taken.members))
        self._replay(None)

    # --- effects ------------------------------------------------------------------------------

    def _perform(self, effect: Effect) -> None:
        name = type(effect).__name__
        self.counts[name] = self.counts.get(name, 0) + 1
        match effect:
            case PopScreen():
                self._desks.pop(effect)
            case WithdrawPop():
                self._desks.withdraw(effect)
            case ShowSeat():
                self._desks.show_seat(effect)
                self._mirror.put(effect.view)
            case ShowBlocked():
                self._desks.show_blocked(effect)
            case ShowMove():
                self._desks.show_move(effect)
            case ShowSupervised():
                self._desks.show_supervised(effect)
            case AskLastSeat():
                self._spawn(self._ask_last_seat(effect))
            case WriteCall() | WriteJournal() | WriteSeatTime() | CompleteDraft():
                self._facts.put(effect)
            case ReplayCel():
                self._replay(effect.call)
            case TakeSnapshot():
                self._start_snapshot(effect.why)
            case _:  # what is left is Asterisk's to do
                work = self._orders.give(effect)
                if work is not None:
                    self._spawn(work)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        assert self._group is not None, "effects come only from run()"
        self._group.create_task(work)

    async def _ask_last_seat(self, wish: AskLastSeat) -> None:
        if self._memory is None:
            return
        try:
            async with asyncio.timeout(REMEMBER_WITHIN_S):
                found = await self._memory.last_seat(wish.centre, wish.ani, self._inbox.now())
        except Exception as error:  # noqa: BLE001 - whatever ails the records, callers are served
            why = type(error).__name__
            log.warning("who talked with the caller last is not known", call=wish.call, why=why)
            return
        if found is not None:
            seat, agent = found
            at = self._inbox.now()
            self._inbox.put(LastSeatKnown(at=at, call=wish.call, seat=seat, agent=agent))

    # --- what others may ask ------------------------------------------------------------------

    def figures(self) -> dict[str, float]:
        """Gauges of the loop itself, beside the switch's."""
        beat = monotonic() - self.beaten_at if self.beaten_at is not None else -1.0
        return self.switch.figures() | {
            "inbox_depth": float(self._inbox.backlog()),
            "beat_age_s": beat,
            "link_up": float(self._link.is_up),
            "live": float(self.switch.is_live),
        }

"""The same days through the whole switch: every rule at once, and no fault.

An Asterisk of a few lines does what the switch orders, as the dialplan would; ``bench.acdwatch``
holds what comes out to the promises, by the same world that the plan is made of. What happens
when something dies is tried elsewhere (``tests/cti/test_world.py``, ``test_keeping_world.py``).
"""

import heapq
import random
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bench.acdwatch import Watch
from bench.acdworld import (
    EPOCH,
    Caller,
    Impossible,
    Keeping,
    Outcome,
    Seconds,
    World,
    call_named,
    instant,
    seat_named,
)
from bench.switchline import Day, OnLine, leg
from bench.switchplan import plan_of
from cti.effects import (
    AskLastSeat,
    CallBack,
    CompleteDraft,
    Effect,
    ForgetKept,
    HangUp,
    OfferCall,
    ReplayCel,
    TakeSnapshot,
    TellCaller,
    WriteCall,
)
from cti.events import (
    AgentReady,
    AgentSignedIn,
    ClockTicked,
    Event,
    LastSeatKnown,
    LegBridged,
    LegStarted,
    OfferStarted,
    PhoneChanged,
    SnapshotTaken,
)
from cti.happened import OfferOutcome, Phone
from cti.ids import AgentId, CallId, ChannelId, OfferId, SeatId
from cti.switch import Switch
from queues.acd import Match

SENTENCE_S = 1.0
"""What a caller hears before it waits."""
ORDER_S = 0.01
"""From an order to the first sign of it."""
ANSWER_S = (0.5, 3.0)
"""How long a phone rings that is answered: from, to."""
GOODBYE_S = 3.0
"""From pressing 1 to the end of the line."""


def play_day(world: World, callers: Sequence[Caller], seed: int, told: World | None = None) -> Day:
    """Play until nobody is left. Raises ``Impossible`` where a promise is broken.

    ``told``: the world that the switch is told of, if not the one that it is held to.
    A seat's wrap-up is the first draw of ``world.wrap_up``, for the plan says one for all. Last
    seats and missed offers do not go together here: nobody waits for a seat that is away.
    """
    return _Simulation(world, callers, seed, told or world).run()


class _Simulation:
    def __init__(self, world: World, callers: Sequence[Caller], seed: int, told: World) -> None:
        self._world, self._callers = world, callers
        self._random = random.Random(seed)  # noqa: S311 - people, not secrets
        self._wrap_up = round(world.wrap_up(self._random), 3) if world.wrap_up else 0.0
        self._watch = Watch(world)
        self._switch = Switch(plan_of(told, callers, timedelta(seconds=self._wrap_up)), EPOCH)
        self._day = Day()
        self._seats = {seat_named(number) for number in range(len(world.seats))}
        self._away: set[SeatId] = set()
        """Not ready, after a call that was not answered."""
        self._calls: dict[CallId, OnLine] = {}
        self._due: list[tuple[Seconds, int, str, str]] = []
        self._counted = 0
        self._now: Seconds = 0.0
        self._next: deque[Event] = deque()
        """What the records say at once of what was asked."""
        self._steps: dict[str, Callable[[CallId, OnLine], None]] = {
            "arrives": self._arrives,
            "waits": self._waits,
            "gives-up": self._gives_up,
            "presses": self._presses,
            "is-off": self._is_off,
            "again": self._again,
            "rings": self._rings,
            "missed": self._missed,
            "talks": self._talks,
            "hangs-up": self._hangs_up,
            "dials": self._dials,
            "reached": self._reached,
            "not-reached": self._not_reached,
        }

    def run(self) -> Day:
        self._tell(SnapshotTaken(at=EPOCH))
        for number in range(len(self._world.seats)):
            seat = seat_named(number)
            self._tell(PhoneChanged(at=EPOCH, seat=seat, phone=Phone.FREE))
            self._tell(AgentSignedIn(at=EPOCH, seat=seat, agent=AgentId(f"agent-{number}")))
            self._watch.frees(seat)
            self._tell(AgentReady(at=EPOCH, seat=seat))
        for number, caller in enumerate(self._callers):
            self._come(caller, caller.at, number)
        while self._due or self._waits_for_clock():
            self._step()
        self._all_is_over()
        self._day.lasted = self._now
        self._day.longest_overtaking = self._watch.longest_overtaking
        self._day.checked = self._watch.checked
        return self._day

    # --- time -----------------------------------------------------------------------------

    @property
    def _at(self) -> datetime:
        return instant(self._now)

    def _waits_for_clock(self) -> bool:
        """Whether somebody might still be served by time alone."""
        waiting = self._switch.waiting
        return self._switch.due() is not None and not all(map(self._watch.is_hopeless, waiting))

    def _step(self) -> None:
        due = self._switch.due()
        ticks = float("inf") if due is None else round((due - EPOCH).total_seconds(), 6)
        if self._due and self._due[0][0] <= ticks:
            self._now, _, what, who = heapq.heappop(self._due)
            self._happens(what, who)
        else:
            self._now = max(self._now, ticks)
            self._tell(ClockTicked(at=self._at))

    def _after(self, seconds: Seconds, what: str, who: str) -> None:
        self._counted += 1
        heapq.heappush(self._due, (round(self._now + seconds, 6), self._counted, what, who))

    def _tell(self, event: Event) -> None:
        """Feed the switch, do what it orders, and look whether all promises hold."""
        for effect in self._switch.feed(event):
            self._perform(effect)
        self._watch.settled(event.at)
        while self._next:
            self._tell(self._next.popleft())

    def _happens(self, what: str, who: str) -> None:
        match what:
            case "free":
                self._watch.frees(SeatId(who))
                self._tell(ClockTicked(at=self._at))
            case "ready":
                self._away.remove(SeatId(who))
                self._watch.frees(SeatId(who))
                self._tell(AgentReady(at=self._at, seat=SeatId(who)))
            case "opens":
                if self._calls[CallId(who)].where in ("wait", "kept"):
                    self._watch.looks(CallId(who))
                self._tell(ClockTicked(at=self._at))
            case _:
                self._steps[what](CallId(who), self._calls[CallId(who)])

    # --- what the switch orders -----------------------------------------------------------

    def _perform(self, effect: Effect) -> None:
        match effect:
            case OfferCall():
                self._order(effect.call, effect.seat, effect.offer, "wait", "connect")
                self._after(ORDER_S, "rings", effect.call)
            case CallBack():
                self._order(effect.call, effect.seat, effect.offer, "kept", "back")
                line = self._calls[effect.call]
                if effect.attempt != line.outcome.attempts + 1:
                    raise Impossible(f"{effect.call} is called back the {effect.attempt}. time")
                line.attempt = effect.attempt
                self._after(ORDER_S, "rings", effect.call)
            case TellCaller() if effect.keeps and self._random.random() < self._keeping.share:
                self._after(self._keeping.after(self._random), "presses", effect.call)
            case AskLastSeat():
                last = self._calls[effect.call].outcome.caller.last_seat
                if last is not None:
                    known = LastSeatKnown(
                        at=self._at, call=effect.call, seat=seat_named(last), agent=AgentId("")
                    )
                    self._next.append(known)
            case WriteCall():
                self._day.records[effect.record.call] = effect.record
            case CompleteDraft():
                self._day.drafts[effect.call] += 1
            case TakeSnapshot() | ReplayCel() | HangUp():
                raise Impossible(f"nothing went wrong, and yet: {effect}")
            case ForgetKept() if self._calls[effect.call].where == "kept":
                raise Impossible(f"{effect.call} is owed a call and forgotten")
            case _:
                pass

    def _order(self, call: CallId, seat: SeatId, offer: OfferId, stood: str, goes: str) -> None:
        line = self._calls[call]
        if line.where != stood:
            raise Impossible(f"{call} is offered while {line.where}")
        self._watch.matched(Match(call, seat), self._at)
        line.where, line.seat, line.offer, line.is_rung = goes, seat, offer, False

    # --- callers --------------------------------------------------------------------------

    def _come(self, caller: Caller, at: Seconds, number: int, meets: CallId | None = None) -> None:
        call = call_named(len(self._day.outcomes))
        if not self._world.last_seat_for:
            caller = replace(caller, last_seat=None)  # a centre that waits for none asks for none
        self._day.outcomes.append(Outcome(caller, at, at))
        self._calls[call] = OnLine(call, self._day.outcomes[-1], number, meets=meets)
        self._after(at - self._now, "arrives", call)

    def _arrives(self, call: CallId, line: OnLine) -> None:
        if line.meets is not None:
            self._watch.leaves(line.meets)
            self._calls[line.meets].where = "gone"
        self._tell(line.arrived(self._at))
        self._after(SENTENCE_S, "waits", call)

    def _waits(self, call: CallId, line: OnLine) -> None:
        line.outcome.since = self._now
        if line.meets is not None:
            known = self._calls[line.meets]
            line.outcome.since = known.outcome.since
            known.leaves("came-again", known.kept_wait)
        self._wait(call, line, self._now)
        if self._world.patience is not None:
            self._after(self._world.patience(self._random), "gives-up", call)

    def _wait(self, call: CallId, line: OnLine, since: Seconds) -> None:
        line.where, line.seat = "wait", None
        self._joins(call, line)
        self._tell(line.waiting(self._at, since))

    def _joins(self, call: CallId, line: OnLine, pause: Seconds = 0.0) -> None:
        caller, since = line.outcome.caller, line.outcome.since
        is_kept = line.where == "kept"
        here = self._seats - self._away
        self._watch.joins(call, caller, since, self._now, is_kept=is_kept, pause=pause, here=here)
        for opens in self._watch.openings(call):
            if opens > self._at:
                self._after((opens - self._at).total_seconds(), "opens", call)

    def _gives_up(self, call: CallId, line: OnLine) -> None:
        if line.where not in ("wait", "connect"):
            return
        if line.where == "wait":
            self._watch.leaves(call)
        line.leaves("abandoned", self._now - line.outcome.came)
        line.where = "gone"
        if line.seat is not None and not line.is_rung:
            self._watch.frees(line.seat)
        self._tell(line.gone(self._at, line.channel))
        if line.seat is not None and line.is_rung:
            self._watch.frees(line.seat)
            self._tell(line.seat_gone(self._at, line.seat))

    def _presses(self, call: CallId, line: OnLine) -> None:
        if line.where != "wait":
            return
        line.where, line.outcome.kept_at = "keep", self._now
        self._watch.leaves(call)
        self._tell(line.kept(self._at))
        self._after(GOODBYE_S, "is-off", call)

    def _is_off(self, call: CallId, line: OnLine) -> None:
        line.where = "kept"
        self._joins(call, line)
        self._tell(line.gone(self._at, line.channel))
        if self._random.random() < self._keeping.again:
            self._after(self._keeping.again_after(self._random), "again", call)

    def _again(self, call: CallId, line: OnLine) -> None:
        if line.where == "kept":
            self._come(line.outcome.caller, self._now, line.number, call)

    @property
    def _keeping(self) -> Keeping:
        assert self._world.keeping is not None, "nobody is asked"
        return self._world.keeping

    # --- seats ----------------------------------------------------------------------------

    def _rings(self, call: CallId, line: OnLine) -> None:
        if line.where not in ("connect", "back") or line.seat is None:
            return
        at, seat, is_back, line.is_rung = self._at, line.seat, line.where == "back", True
        if not is_back:
            self._tell(OfferStarted(at=at, call=call, offer=line.offer, seat=seat))
        self._tell(LegStarted(at=at, call=call, channel=leg(seat), seat=seat))
        if self._random.random() < self._world.misses:
            self._after(self._world.ring(self._random), "missed", call)
        else:
            answer = self._random.uniform(*ANSWER_S)
            self._after(answer, "dials" if is_back else "talks", call)

    def _missed(self, call: CallId, line: OnLine) -> None:
        if line.where not in ("connect", "back") or line.seat is None:
            return
        self._day.missed += 1
        seat, was = line.seat, line.where
        self._after(self._world.away(self._random), "ready", seat)
        self._away.add(seat)
        if was == "back":
            line.where = "kept"
            pause = self._keeping.pause.total_seconds() if line.outcome.attempts else 0.0
            self._joins(call, line, max(0.0, line.tried_at + pause - self._now))
        ended = line.offer_ended(self._at, OfferOutcome.MISSED)
        self._tell(ended)
        self._tell(line.seat_gone(self._at, seat))
        if was == "connect":
            self._wait(call, line, line.outcome.since)

    def _talks(self, call: CallId, line: OnLine) -> None:
        if line.where != "connect" or line.seat is None:
            return
        line.where = "talk"
        line.leaves("served", self._now - line.outcome.came)
        self._meet(call, line.seat, line.channel)
        self._after(self._world.talk(self._random), "hangs-up", call)

    def _meet(self, call: CallId, seat: SeatId, caller: ChannelId) -> None:
        at = self._at
        self._tell(LegBridged(at=at, call=call, channel=leg(seat), seat=seat, bridge=call))
        self._tell(LegBridged(at=at, call=call, channel=caller, seat=None, bridge=call))

    def _hangs_up(self, call: CallId, line: OnLine) -> None:
        """The seat does; then it wraps up, and the caller is gone."""
        seat, line.where = line.whose, "gone"
        if self._wrap_up:
            self._after(self._wrap_up, "free", seat)
        else:
            self._watch.frees(seat)
        is_back = line.attempt > 0
        if is_back:
            self._tell(line.attempt_ended(self._at, OfferOutcome.ANSWERED))
        self._tell(line.seat_gone(self._at, seat))
        if not is_back:
            self._tell(line.offer_ended(self._at, OfferOutcome.ANSWERED))
        self._tell(line.gone(self._at, line.citizen if is_back else line.channel))

    # --- calling back ---------------------------------------------------------------------

    def _dials(self, call: CallId, line: OnLine) -> None:
        line.outcome.attempts, line.tried_at = line.attempt, self._now
        self._tell(line.attempt_started(self._at))
        self._tell(LegStarted(at=self._at, call=call, channel=line.citizen, seat=None))
        is_reached = self._random.random() < self._keeping.reached
        taken = self._keeping.dial(self._random)
        self._after(taken, "reached" if is_reached else "not-reached", call)

    def _reached(self, call: CallId, line: OnLine) -> None:
        line.where = "talk"
        line.leaves("called-back", line.kept_wait)
        self._meet(call, line.whose, line.citizen)
        self._after(self._world.talk(self._random), "hangs-up", call)

    def _not_reached(self, call: CallId, line: OnLine) -> None:
        seat, keeping = line.whose, self._keeping
        self._watch.frees(seat)
        if line.outcome.attempts < keeping.attempts:
            line.where = "kept"
            waited = self._now - line.tried_at
            self._joins(call, line, max(0.0, keeping.pause.total_seconds() - waited))
        else:
            line.where = "gone"
            line.leaves("unreached", line.kept_wait)
        citizen = line.citizen
        self._tell(line.attempt_ended(self._at, OfferOutcome.MISSED))
        self._tell(line.gone(self._at, citizen))
        self._tell(line.seat_gone(self._at, seat))

    # --- the end --------------------------------------------------------------------------

    def _all_is_over(self) -> None:
        left = {call for call, line in self._calls.items() if line.outcome.left is not None}
        wrong = self._switch.live_calls ^ (self._calls.keys() - left)
        if wrong:
            raise Impossible(f"left over or forgotten: {[self._calls[call] for call in wrong]}")
        if self._day.drafts != Counter(left):
            raise Impossible("a call has no draft, or several")

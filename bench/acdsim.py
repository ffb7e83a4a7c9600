"""Days of a hotline played through the very ACD of the product, as fast as it decides.

Nothing is imitated but people: when they call, how long they wait, talk and write, whether they
press 1 to be called back, and whether they answer then.
"""

import heapq
import random
from collections.abc import Callable, Iterator

from bench.acdwatch import Watch
from bench.acdworld import (
    CENTRE,
    EPOCH,
    Caller,
    Impossible,
    Keeping,
    Outcome,
    Played,
    Seconds,
    Way,
    World,
    call_named,
    instant,
    seat_named,
)
from cti.ids import CallId, SeatId
from queues.acd import Acd, FreeSeat, Match, Waiter
from queues.pool import skill_pool


def play(
    world: World, callers: Iterator[Caller], seed: int, make_acd: Callable[[], Acd] = Acd
) -> Played:
    """Play until the last caller is gone. Raises ``Impossible`` where a promise is broken.

    Held at every step: what ``Watch`` says, and every caller leaves exactly one way.
    """
    return _Simulation(world, callers, seed, make_acd(), Watch(world)).run()


class _Simulation:
    def __init__(
        self, world: World, callers: Iterator[Caller], seed: int, acd: Acd, watch: Watch
    ) -> None:
        self._world = world
        self._callers = callers
        self._random = random.Random(seed)  # noqa: S311 - people, not secrets
        self._acd = acd
        self._watch = watch
        self._played = Played()
        self._waiting: dict[CallId, Outcome] = {}
        self._due: list[tuple[Seconds, int, str, str]] = []
        self._counted = 0

    def run(self) -> Played:
        for number in range(len(self._world.seats)):
            self._free(seat_named(number), 0.0)
        self._next_caller()
        while self._due:
            now, _, what, who = heapq.heappop(self._due)
            self._played.lasted = now
            self._happens(now, what, who)
            self._hunt(now)
        self._played.longest_overtaking = self._watch.longest_overtaking
        self._played.checked = self._watch.checked
        if not all(self._watch.is_hopeless(call) for call in self._waiting):
            raise Impossible("callers are left over")
        return self._played

    def _happens(self, now: Seconds, what: str, who: str) -> None:
        call = CallId(who)
        match what:
            case "call":
                self._arrive(now, call)
                self._next_caller()
            case "patience":
                self._give_up(now, call)
            case "opens" if call in self._waiting:
                self._watch.looks(call)
            case "presses":
                self._keep(now, call)
            case "again":
                self._come_again(now, call)
            case "missed" if self._outcome(call).left is None:
                self._join(now, call, pause=0.0)
            case "in-vain":
                self._not_reached(now, call)
            case "free":
                self._free(SeatId(who), now)

    # --- callers --------------------------------------------------------------------------

    def _next_caller(self) -> None:
        caller = next(self._callers, None)
        if caller is not None:
            self._after(caller.at, "call", self._new_call(caller, caller.at, caller.at))

    def _new_call(self, caller: Caller, came: Seconds, since: Seconds) -> CallId:
        self._played.outcomes.append(Outcome(caller, came, since))
        return call_named(len(self._played.outcomes) - 1)

    def _outcome(self, call: CallId) -> Outcome:
        return self._played.outcomes[int(call[2:])]

    def _after(self, at: Seconds, what: str, who: str) -> None:
        self._counted += 1
        heapq.heappush(self._due, (round(at, 6), self._counted, what, who))

    def _arrive(self, now: Seconds, call: CallId) -> None:
        self._join(now, call, pause=0.0)
        if self._world.patience is not None:
            self._after(now + self._world.patience(self._random), "patience", call)
        keeping = self._world.keeping
        if keeping is not None and self._random.random() < keeping.share:
            self._after(now + keeping.after(self._random), "presses", call)

    def _join(self, now: Seconds, call: CallId, *, pause: Seconds) -> None:
        """Stand in the queue at the place one's own coming gives."""
        outcome, world = self._outcome(call), self._world
        caller, is_kept = outcome.caller, outcome.kept_at is not None
        self._waiting[call] = outcome
        self._watch.joins(call, caller, outcome.since, now, is_kept=is_kept, pause=pause)
        last = None if caller.last_seat is None else seat_named(caller.last_seat)
        waiter = Waiter(
            since=instant(outcome.since),
            call=call,
            centre=CENTRE,
            skill=caller.skill,
            head_start=caller.head_start,
            first=(("duty", caller.duty),) if caller.duty else (),
            widens_after=world.widens_after,
            last_seat=last,
            last_seat_for=world.last_seat_for,
            overflows=tuple((skill_pool(CENTRE, name), after) for name, after in world.overflows),
            not_before=instant(now + pause) if pause else None,
        )
        self._acd.join(waiter)
        at = instant(now)
        for opens in self._watch.openings(call):
            if opens > at:
                self._after((opens - EPOCH).total_seconds(), "opens", call)

    def _give_up(self, now: Seconds, call: CallId) -> None:
        outcome = self._outcome(call)
        if outcome.left is None and outcome.kept_at is None:
            if call in self._waiting:  # else it hangs up on a seat that rings and rings
                self._leave_queue(call)
            self._leave(outcome, "abandoned", now - outcome.came)

    def _keep(self, now: Seconds, call: CallId) -> None:
        """Press 1, hang up, and be called back."""
        outcome = self._waiting.get(call)
        if outcome is None:
            return
        outcome.kept_at = now
        self._join(now, call, pause=0.0)  # at the place it has
        keeping = self._keeping
        if self._random.random() < keeping.again:
            self._after(now + keeping.again_after(self._random), "again", call)

    def _come_again(self, now: Seconds, call: CallId) -> None:
        """Call in while the place is kept: the new call stands there, the old request is over."""
        outcome = self._waiting.get(call)
        if outcome is None:  # over, or being called just now
            return
        self._leave_queue(call)
        self._leave(outcome, "came-again", self._kept(outcome) - outcome.came)
        self._arrive(now, self._new_call(outcome.caller, now, outcome.since))

    def _not_reached(self, now: Seconds, call: CallId) -> None:
        outcome = self._outcome(call)
        if outcome.attempts < self._keeping.attempts:
            self._join(now, call, pause=self._keeping.pause.total_seconds())
        else:
            self._leave(outcome, "unreached", self._kept(outcome) - outcome.came)

    def _leave_queue(self, call: CallId) -> None:
        del self._waiting[call]
        self._acd.leave(call)
        self._watch.leaves(call)

    def _leave(self, outcome: Outcome, way: Way, wait: Seconds) -> None:
        if outcome.left is not None:
            raise Impossible(f"{outcome} leaves again")
        outcome.left, outcome.wait = way, wait

    @property
    def _keeping(self) -> Keeping:
        assert self._world.keeping is not None, "nobody keeps a place"
        return self._world.keeping

    def _kept(self, outcome: Outcome) -> Seconds:
        assert outcome.kept_at is not None, "its place is kept"
        return outcome.kept_at

    # --- seats ----------------------------------------------------------------------------

    def _free(self, seat: SeatId, now: Seconds) -> None:
        number, world = int(seat.rpartition("-")[2]), self._world
        levels = world.levels[number] if world.levels else {}
        duties = world.duties[number] if world.duties else ()
        pools = tuple(("duty", duty) for duty in sorted(duties))
        skills = world.seats[number]
        self._acd.free(FreeSeat(seat, CENTRE, skills, instant(now), levels, pools))
        self._watch.frees(seat)

    def _hunt(self, now: Seconds) -> None:
        at = instant(now)
        for match in self._acd.hunt(at):
            self._watch.matched(match, at)
            self._ring(match, self._waiting.pop(match.call), now)
        self._watch.settled(at)

    def _ring(self, match: Match, outcome: Outcome, now: Seconds) -> None:
        """A seat rings: it answers or not, and who is called back is reached or not."""
        if self._world.misses and self._random.random() < self._world.misses:
            self._played.missed += 1
            rung = now + self._world.ring(self._random)
            self._after(rung, "missed", match.call)
            self._after(rung + self._world.away(self._random), "free", match.seat)
            return
        if outcome.kept_at is None:
            self._leave(outcome, "served", now - outcome.came)
        else:
            outcome.attempts += 1
            if self._random.random() >= self._keeping.reached:
                taken = self._keeping.dial(self._random)
                self._after(now + taken, "in-vain", match.call)
                self._take(match.seat, now, taken)
                return
            self._leave(outcome, "called-back", outcome.kept_at - outcome.came)
        outcome.seat, outcome.talk = match.seat, self._world.talk(self._random)
        wrap_up = self._world.wrap_up
        self._take(match.seat, now, outcome.talk + (wrap_up(self._random) if wrap_up else 0.0))

    def _take(self, seat: SeatId, now: Seconds, taken: Seconds) -> None:
        self._played.busy += taken
        self._after(now + taken, "free", seat)

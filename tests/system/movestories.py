"""Every path of every table of moves once: a way to each step, and then each thing that can happen.

Made from the tables themselves, so that no row is forgotten; what everybody must hear in a step is
said here, in ``heard``, in words of its own.
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from transfer.step import FINAL, HANG_UPS, Kind, Step, What
from transfer.table import TABLES, advance, begin

S, W = Step, What
MOMENTS = frozenset({S.SETTING_ASIDE, S.SENDING, S.JOINING})
"""Steps that last as long as an order does: nobody can do anything in them on purpose."""
BY_ITSELF = {S.SETTING_ASIDE: W.SET, S.SENDING: W.SET, S.JOINING: W.SET}
ELSEWHERE = frozenset({W.SET, W.REFUSED, W.WAITING, W.INITIATOR_CAME, W.CALLER_CAME})
"""What nobody does by a key or a telephone: tests of their own bring it about."""
LEAVES = frozenset({W.INITIATOR_GONE, W.INITIATOR_LOST, W.COMPLETE})
AGENT, RECIPIENT, CALLER, MUSIC = "agent", "recipient", "caller", "music"


@dataclass(frozen=True, slots=True)
class Story:
    """One path: the ways to a step, and what happens there last."""

    kind: Kind
    way: tuple[What, ...]
    last: What

    @property
    def name(self) -> str:
        """For a failure."""
        return f"{self.kind.value}: {' '.join(what.value for what in (*self.way, self.last))}"

    def steps(self) -> Iterator[tuple[What, Step]]:
        """Each thing that somebody does, and the step in which that must end."""
        step = settled(self.kind, begin(self.kind)[0])
        for what in (*self.way, self.last):
            step = settled(self.kind, advance(self.kind, step, what)[0])
            yield what, step

    @property
    def changes(self) -> int:
        """How often the caller is taken from people to music."""
        first = settled(self.kind, begin(self.kind)[0])
        steps = (first, *(step for _, step in self.steps()))
        waits = [
            MUSIC in heard(self.kind, step, is_left=self.is_left(done)).get(CALLER, ())
            for done, step in enumerate(steps)
        ]
        return sum(now and not before for before, now in pairwise((False, *waits)))

    def is_left(self, so_far: int) -> bool:
        """Whether the initiator is gone once so many things have happened."""
        done = (*self.way, self.last)[:so_far]
        return self.kind in (Kind.BLIND, Kind.HAND_OVER) or any(what in LEAVES for what in done)


def settled(kind: Kind, step: Step) -> Step:
    """Where a momentary step leads by itself."""
    while step in MOMENTS:
        step = advance(kind, step, BY_ITSELF[step])[0]
    return step


def ways(kind: Kind) -> Mapping[Step, tuple[What, ...]]:
    """The shortest way to each step in which somebody can do something."""
    first = settled(kind, begin(kind)[0])
    found: dict[Step, tuple[What, ...]] = {first: ()}
    waiting = deque([first])
    while waiting:
        step = waiting.popleft()
        for what in _possible(kind, step):
            after = settled(kind, advance(kind, step, what)[0])
            if after not in found and after not in FINAL:
                found[after] = (*found[step], what)
                waiting.append(after)
    return found


def stories(kind: Kind) -> list[Story]:
    """All of them, by step."""
    return [
        Story(kind, way, what) for step, way in ways(kind).items() for what in _possible(kind, step)
    ]


def _possible(kind: Kind, step: Step) -> list[What]:
    """What can be done in that step: keys and telephones. Keys first: a hang-up ends most."""
    found = [w for at, w in TABLES[kind] if at is step and w not in ELSEWHERE]
    return sorted(found, key=lambda what: what in HANG_UPS)


def heard(kind: Kind, step: Step, *, is_left: bool) -> Mapping[str, Collection[str]]:
    """Who hears whom in a step; ``is_left``: the initiator is gone. The others are off the line.

    In the queue an agent answers at once, so a caller who is back there hears one.
    """
    both = {AGENT: (CALLER,), CALLER: (AGENT,)}
    match step:
        case S.RINGING if kind is Kind.CONSULT:
            return {CALLER: (MUSIC,), AGENT: ()}
        case S.RINGING:
            return both
        case S.PASSING:
            return {CALLER: (MUSIC,)}
        case S.CONSULTING:
            return {CALLER: (MUSIC,), AGENT: (RECIPIENT,), RECIPIENT: (AGENT,)}
        case S.SWAPPED:
            return {**both, RECIPIENT: (MUSIC,)}
        case S.JOINED:
            everybody = {CALLER, AGENT, RECIPIENT}
            return {who: everybody - {who} for who in everybody}
        case S.COMPLETED:
            return {CALLER: (RECIPIENT,), RECIPIENT: (CALLER,)}
        case S.RETURNED:
            return {CALLER: (AGENT,)} if is_left else both
        case S.ABANDONED:
            return {}
        case _:
            raise AssertionError(f"{step} does not last")

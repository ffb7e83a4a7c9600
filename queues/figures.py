"""What a hotline is judged by, each figure defined once, for the live board and for history. Pure.

A ``Tally`` counts calls one by one and may take one back, so the board adds as calls go by; a
report adds the same calls from the database. Whoever counted in whatever order, equal calls give
equal figures. A call is counted once, however many seats talked with its caller.

Sources: GB/T 33358-2016 (a person answers within 15 s; 95 % connected over any 24 h).
"""

from bisect import bisect_left, insort
from collections import Counter, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from queues.satisfaction import Marks
from queues.task import OPEN, Task, TaskState
from records.callrecord import CallRecord, Direction, Disposition, Talk

ANSWER_WITHIN: Final = timedelta(seconds=15)
"""GB/T 33358-2016: a person answers within 15 s."""

SHORT_ABANDON: Final = timedelta(seconds=5)
"""Who hangs up within this after beginning to wait, or before, dialled wrong or thought again."""

REACHED_AFTER: Final = timedelta(seconds=1)
"""A call out in which both heard each other for less reached nobody."""

A_DAY: Final = timedelta(hours=24)

UNJUDGED: Final = frozenset({Disposition.TOLD, Disposition.BLOCKED})
"""Calls that nobody was to answer: in no share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of some calls. Shares are None where nothing was counted."""

    offered: int
    """Calls that came in, whatever became of them; those still in the house too."""
    live: int
    """Calls not ended yet."""
    answered: int
    """Calls whose caller a person talked with: at a seat of ours, at the line's own elsewhere, or a
    recipient of a move, 110 for a caller who still waited."""
    answered_outside: int
    """Of the answered, those first answered at the line's own seats elsewhere; no recipients."""
    abandoned: int
    """Calls whose caller hung up before a person answered, short abandons included."""
    short_abandoned: int
    """Of the abandoned, those given up before, or within 5 s of, beginning to wait."""
    told: int
    """Calls to a number that is given up, told where to call and ended. They are in no share."""
    blocked: int
    """Calls of listed nuisance callers, refused politely and ended. They are in no share."""
    cut: int
    """Calls that the network or the switch ended before a person answered. Never the caller's."""
    connection_share: float | None
    """Answered of all that ended, told and blocked apart. A short abandon counts against it."""
    answered_within_15_s: int
    """Calls answered within 15 s of the end of the announcement."""
    within_15_s_share: float | None
    """``answered_within_15_s`` of all that ended, told and blocked apart."""
    speed_of_answer_s: float | None
    """Mean of the answered calls' waits (ASA)."""
    longest_wait_s: float | None
    """The longest wait of all that ended, answered or not, told and blocked apart."""
    talk_s: float | None
    """Mean time callers talked with people, all talks of a call together; with two at once counts
    once. Among seats and agents, the time the caller talked with that one."""
    rated: int
    """Calls whose caller pressed a key from 5 (very satisfied) to 1 after the talk."""
    satisfaction: float | None
    """Mean of those marks. Among seats and agents, a mark is that of the last who talked."""
    satisfied_share: float | None
    """Marks of 4 and 5 among all marks; who pressed nothing is in no share."""
    dialled_out: int
    """Calls from a seat to a citizen. They are in no other figure but ``reached_out``."""
    reached_out: int
    """Of the calls out, those in which seat and citizen heard each other for a second or more."""


LABELS: Final = {
    "offered": "来电量",
    "live": "通话中",
    "answered": "接通量",
    "answered_outside": "其中部门座席接通",
    "abandoned": "放弃量",
    "short_abandoned": "其中短放弃",
    "told": "已告知改拨",
    "blocked": "骚扰谢绝",
    "cut": "网络中断",
    "connection_share": "接通率",
    "answered_within_15_s": "15秒内接通",
    "within_15_s_share": "15秒接通率",
    "speed_of_answer_s": "平均应答（秒）",
    "longest_wait_s": "最长等待（秒）",
    "talk_s": "平均通话（秒）",
    "rated": "评价量",
    "satisfaction": "满意度（5分制）",
    "satisfied_share": "满意率",
    "dialled_out": "呼出量",
    "reached_out": "呼出接通",
}
"""Each figure's name for people, in the order in which reports show them."""


def wait(record: CallRecord) -> timedelta | None:
    """How long the caller waited for a person: from the end of the announcement to the answer.

    Given up, to the end. None while nobody knows. The announcement ends when the line's own seats
    are dialled or the caller is queued, whichever comes first; one that was never seen to end
    counts from the arrival. Of a caller whose place was kept only the time on the line counts, to
    when it chose to be called back: nobody has to hold a telephone after that. Reached, it is
    answered after that wait; not reached, it was given up after it.
    """
    until = record.answered_at or record.ended_at
    if until is None:
        return None
    if record.kept_at is not None:
        until = min(until, record.kept_at)
    return max(timedelta(0), until - (_wait_began(record) or record.arrived_at))


def _wait_began(record: CallRecord) -> datetime | None:
    dialled = [offer.at for offer in record.rung if offer.peer]
    queued = [record.waited_since] if record.waited_since is not None else []
    return min((*dialled, *queued), default=None)


def is_answered(record: CallRecord) -> bool:
    """Whether a person talked with the caller."""
    return record.answered_at is not None


def is_judged(record: CallRecord) -> bool:
    """Whether the call counts in shares: it is over, and a person was to answer it."""
    is_theirs = record.direction is Direction.IN and record.disposition not in UNJUDGED
    return is_theirs and record.ended_at is not None


def is_short_abandon(record: CallRecord) -> bool:
    """Whether the caller gave up before anybody could have answered."""
    if record.disposition is not Disposition.ABANDONED or record.ended_at is None:
        return False
    since = _wait_began(record)
    return since is None or record.ended_at - since <= SHORT_ABANDON


def talked(record: CallRecord, whose: Callable[[Talk], bool] = lambda _: True) -> timedelta:
    """How long the caller talked with people, or with those only: with two at once counts once.

    An open talk counts nothing yet. Time on hold is with nobody.
    """
    total, until = timedelta(0), None
    for talk in sorted(record.talks, key=lambda one: one.since):
        if not whose(talk) or talk.until is None or (until is not None and talk.until <= until):
            continue
        total += talk.until - (talk.since if until is None else max(talk.since, until))
        until = talk.until
    return total


def is_reached(record: CallRecord) -> bool:
    """Whether a call out reached the citizen: who is cut off at once was not."""
    return record.direction is Direction.OUT and talked(record) >= REACHED_AFTER


@dataclass(slots=True)
class Tally:
    """Calls counted so far. ``add`` and ``remove`` take microseconds, however many there were."""

    offered: int = 0
    live: int = 0
    answered: int = 0
    answered_outside: int = 0
    abandoned: int = 0
    short_abandoned: int = 0
    told: int = 0
    blocked: int = 0
    cut: int = 0
    dialled_out: int = 0
    reached_out: int = 0
    in_time: int = 0
    answer_waits: timedelta = timedelta(0)
    talks: timedelta = timedelta(0)
    marks: Marks = field(default_factory=Marks)
    _waits: list[timedelta] = field(default_factory=list)

    def add(self, record: CallRecord, spoke: timedelta | None = None) -> None:
        """Count a call; ``spoke``: as talked that long, in the row of one of several seats."""
        self._count(record, 1, talked(record) if spoke is None else spoke)
        span = _ended_wait(record)
        if span is not None:
            insort(self._waits, span)

    def remove(self, record: CallRecord) -> None:
        """Take back a call that was counted without ``spoke``, exactly as it was counted."""
        self._count(record, -1, talked(record))
        span = _ended_wait(record)
        if span is not None:
            del self._waits[bisect_left(self._waits, span)]

    def figures(self) -> Figures:
        """What was counted."""
        ended = self.offered - self.live - self.told - self.blocked
        return Figures(
            offered=self.offered,
            live=self.live,
            answered=self.answered,
            answered_outside=self.answered_outside,
            abandoned=self.abandoned,
            short_abandoned=self.short_abandoned,
            told=self.told,
            blocked=self.blocked,
            cut=self.cut,
            connection_share=_share(self.answered - self._live_answered, ended),
            answered_within_15_s=self.in_time,
            within_15_s_share=_share(self.in_time - self._live_in_time, ended),
            speed_of_answer_s=_mean(self.answer_waits, self.answered),
            longest_wait_s=self._waits[-1].total_seconds() if self._waits else None,
            talk_s=_mean(self.talks, self.answered),
            rated=self.marks.rated,
            satisfaction=self.marks.mean,
            satisfied_share=self.marks.share,
            dialled_out=self.dialled_out,
            reached_out=self.reached_out,
        )

    _live_answered: int = 0
    _live_in_time: int = 0

    def _count(self, record: CallRecord, one: int, spoke: timedelta) -> None:
        if record.direction is Direction.OUT:
            self.dialled_out += one
            self.reached_out += one * is_reached(record)
            return
        if record.direction is Direction.TOLD:
            return
        self.offered += one
        self.marks.count(record, one)
        is_live = record.ended_at is None
        self.live += one * is_live
        self.abandoned += one * (record.disposition is Disposition.ABANDONED)
        self.short_abandoned += one * is_short_abandon(record)
        self.told += one * (record.disposition is Disposition.TOLD)
        self.blocked += one * (record.disposition is Disposition.BLOCKED)
        self.cut += one * (record.disposition is Disposition.CUT)
        if not is_answered(record):
            return
        span = wait(record) or timedelta(0)
        is_in_time = span <= ANSWER_WITHIN
        self.answered += one
        self.answered_outside += one * bool(record.talks[0].peer and not record.talks[0].leg)
        self.in_time += one * is_in_time
        self._live_answered += one * is_live
        self._live_in_time += one * (is_live and is_in_time)
        self.answer_waits += one * span
        self.talks += one * spoke


def _ended_wait(record: CallRecord) -> timedelta | None:
    return wait(record) if is_judged(record) else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _mean(total: timedelta, count: int) -> float | None:
    return total.total_seconds() / count if count else None


def figures(records: Iterable[CallRecord]) -> Figures:
    """The figures of those calls."""
    tally = Tally()
    for record in records:
        tally.add(record)
    return tally.figures()


class WorstDay:
    """Finds the 24 hours with the lowest connection rate. Calls are added in order of arrival.

    "Over any 24 h" means any, not from midnight: at each call's arrival the last 24 hours are
    looked at, those only that lie whole in the stretch; of a stretch without any, all of it.
    Only calls that ended count.
    """

    def __init__(self, since: datetime) -> None:
        self._since = since
        self._window: deque[tuple[datetime, bool]] = deque()
        self._answered = 0
        self._worst: tuple[datetime, float] | None = None

    def add(self, record: CallRecord) -> None:
        """Look at one more call."""
        if not is_judged(record):
            return
        if self._window and record.arrived_at > self._window[-1][0]:
            self._weigh()
        while self._window and self._window[0][0] <= record.arrived_at - A_DAY:
            self._answered -= self._window.popleft()[1]
        answered = is_answered(record)
        self._window.append((record.arrived_at, answered))
        self._answered += answered

    def found(self) -> tuple[datetime, float] | None:
        """When the worst 24 hours begin, and their rate; None without calls."""
        if not self._window:
            return None
        self._weigh()
        return self._worst or (self._since, self._answered / len(self._window))

    def _weigh(self) -> None:
        begins = self._window[-1][0] - A_DAY
        share = self._answered / len(self._window)
        if begins >= self._since and (self._worst is None or share < self._worst[1]):
            self._worst = (begins, share)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackFigures:
    """What became of the callers who called in vain. Every task stands in one of the first four.

    They are those of the stretch's own calls, whenever somebody called back.
    """

    owed: int
    """Callers still to be called back; those whom an agent is on right now too."""
    done: int
    """Callers who were called back and reached, those too who wanted nothing more."""
    closed: int
    """Callers who called again before anybody called them back, answered or in vain again.

    In vain again, that call's task is owed in its stead: nobody is owed two.
    """
    failed: int
    """Callers tried as often as the rule asks for, and not reached."""
    overdue: int
    """Of the owed, those whose deadline has passed."""
    callback_s: float | None
    """Mean time from the loss of a caller to the attempt that reached them, of those reached."""


CALLBACK_LABELS: Final = {
    "owed": "待回拨",
    "done": "已回拨",
    "closed": "再次来电而销",
    "failed": "多次未通",
    "overdue": "待回拨中超时",
    "callback_s": "平均回拨用时（秒）",
}
"""Each figure's name for people, in the order in which reports show them."""


@dataclass(slots=True)
class CallbackTally:
    """Tasks counted so far, as they stand at ``now``."""

    now: datetime
    states: Counter[TaskState] = field(default_factory=Counter)
    overdue: int = 0
    reached: int = 0
    spans: timedelta = timedelta(0)

    def add(self, task: Task) -> None:
        """Count a task."""
        self.states[task.state] += 1
        self.overdue += task.is_overdue(self.now)
        if task.reached_at is not None:
            self.reached += 1
            self.spans += task.reached_at - task.missed_at

    def figures(self) -> CallbackFigures:
        """What was counted."""
        return CallbackFigures(
            owed=sum(self.states[state] for state in OPEN),
            done=self.states[TaskState.DONE],
            closed=self.states[TaskState.CLOSED],
            failed=self.states[TaskState.FAILED],
            overdue=self.overdue,
            callback_s=_mean(self.spans, self.reached),
        )


def callback_figures(tasks: Iterable[Task], now: datetime) -> CallbackFigures:
    """The figures of those tasks as they stand at ``now``."""
    tally = CallbackTally(now)
    for task in tasks:
        tally.add(task)
    return tally.figures()

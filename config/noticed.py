"""What callers will notice of a change: which sentence, who answers, from which day. Pure.

Nothing is worked out anew here: both sides are what ``config.numberplan`` says is done.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from config.hours import Hours
from config.ledger import HOTLINE
from config.numberplan import Case, NumberPlan
from config.owners import Place
from config.platform import Platform
from cti.ids import CentreId
from ivr.text import prompt

_Life = tuple[Place, tuple[Case, ...]]
"""Where a call comes from, and what is done with it as the days pass."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done with a caller at some hours of some day."""

    hours: Hours | None
    heard: str
    """The sentence, or which recording; '' for silence before somebody answers."""
    goes: str
    """Where the caller goes then."""

    def told(self, other: "Treatment | None") -> str:
        """Say it; what is the same in ``other`` need not be said."""
        heard = f"听到「{self.heard}」" if self.heard else "不播报提示"
        if other is not None and other.goes == self.goes and other.heard != self.heard:
            return heard
        if other is not None and other.heard == self.heard and other.goes != self.goes:
            return self.goes
        return f"{heard}，{self.goes}"


@dataclass(frozen=True, slots=True)
class Period:
    """For some days, callers from somewhere: what is done now, and what was done before."""

    since: date | None
    """None: at once."""
    until: date | None
    """The last day, included; None: for good."""
    area: str
    trunk: str
    before: tuple[Treatment, ...]
    after: tuple[Treatment, ...]

    @property
    def anywhere(self) -> "Period":
        """The same for callers from everywhere."""
        return replace(self, area="", trunk="")

    @property
    def told(self) -> tuple[str, str]:
        """Before and after, in words."""
        return _in_words(self.before, self.after), _in_words(self.after, self.before)


def _in_words(treatments: Sequence[Treatment], others: Sequence[Treatment]) -> str:
    parts = []
    for place, treatment in enumerate(treatments):
        other = others[place] if len(others) == len(treatments) else None
        hours = f"{treatment.hours.chinese}" if treatment.hours else "其余时间"
        head = f"{hours}：" if len(treatments) > 1 else ""
        parts.append(head + treatment.told(other))
    return "；".join(parts)


class Noticing:
    """Two platforms side by side."""

    def __init__(self, before: Platform, after: Platform, today: date) -> None:
        self._before, self._after = _Side(before), _Side(after)
        self._today = today

    def periods(self, key: str) -> list[Period]:
        """All that callers of the number will notice; nothing, when that is nothing."""
        old, new = self._before.lives(key), self._after.lives(key)
        found: list[Period] = []
        for place in dict.fromkeys(place for place, _ in (*old, *new)):
            found += self._periods(place, _life(old, place), _life(new, place))
        # what happens to everybody need not be said of each place again
        return [p for p in found if not (p.area or p.trunk) or p.anywhere not in found]

    def _periods(self, place: Place, old: Sequence[Case], new: Sequence[Case]) -> Iterator[Period]:
        turns = {case.when.until + _DAY for case in (*old, *new) if case.when.until}
        days = [self._today, *sorted(day for day in turns if day > self._today)]
        run: Period | None = None
        for day in days:
            was, is_now = self._before.treatments(old, day), self._after.treatments(new, day)
            if run is not None and (run.before, run.after) != (was, is_now):
                yield replace(run, until=day - _DAY)
                run = None
            if run is None and was != is_now:
                since = None if day == self._today else day
                run = Period(since, None, place.area, place.centre, was, is_now)
        if run is not None:
            yield run


def _life(lives: Sequence[_Life], place: Place) -> tuple[Case, ...]:
    """What is done with callers from there: the first place that fits counts, the last fits all."""
    return next(
        cases
        for held, cases in lives
        if held.area in ("", place.area) and held.centre in ("", place.centre)
    )


class _Side:
    """One of the two platforms, and its words for what it does."""

    def __init__(self, platform: Platform) -> None:
        self.plan = NumberPlan(platform)
        self._profiles = {profile.centre: profile for profile in platform}
        self._is_alone = len(platform.centres) == 1

    def lives(self, key: str) -> list[_Life]:
        """What is done with a number, by where the call comes from."""
        return self.plan.known(key) or [
            (Place(case.when.area, case.when.centre), (case,)) for case in self.plan.cases(key)
        ]

    def treatments(self, cases: Sequence[Case], day: date) -> tuple[Treatment, ...]:
        """What is done on that day, hour by hour; the first whose hours hold counts."""
        held = [
            case
            for case in cases
            if (case.when.since or day) <= day and day <= (case.when.until or day)
        ]
        last = next(place for place, case in enumerate(held) if case.when.hours is None)
        return tuple(
            Treatment(case.when.hours, self._heard(case), self._goes(case))
            for case in held[: last + 1]
        )

    def _heard(self, case: Case) -> str:
        if not case.prompt:
            return ""
        profile = self._profiles[CentreId(case.prompt.partition("-")[0])]
        said = prompt(profile, case.prompt)
        return f"录音{said.recording}" if said.recording else said.text

    def _goes(self, case: Case) -> str:
        match case.route.do:
            case "hangup":
                return "播完挂机"
            case "dial":
                there = f"{self._peer(case)}（{case.route.number}，振铃{case.route.ring_s}秒）"
                return f"先转{there}，无人接听回到{HOTLINE}"
            case _:
                name = "" if self._is_alone else self._profiles[case.centre].name
                return f"由{name or HOTLINE}受理"

    def _peer(self, case: Case) -> str:
        peer = self._profiles[case.centre].peer(case.route.peer)
        return peer.name if peer else case.route.peer

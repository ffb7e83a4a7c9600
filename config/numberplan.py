"""What a dialled number means: which line, what the caller hears, where the caller goes, and why.

Pure. The dialplan is rendered from the same ``cases`` that ``explain`` looks through, so the two
cannot disagree. Whoever asks about many numbers of one platform makes one ``NumberPlan``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Literal, assert_never

from config import reasons
from config.areas import segments
from config.dialled import area_of, is_short, key, segment_of
from config.hours import Hours
from config.ledger import Line, LineState, Mode, Seating
from config.owners import Owner, Owners, Place
from config.platform import Platform
from config.profile import Profile
from config.workdays import CHINA, NATIONAL, Calendar
from cti.ids import CentreId, LineId
from ivr.linetext import greeting_id, unknown_prompt_id

UNREACHABLE = "unreachable"
"""The standing prompt for a caller whose line's own seats did not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """The calls that a case is for; what is not said holds for all of them."""

    area: str = ""
    """The caller's area code."""
    centre: str = ""
    """The centre on whose trunk the call came."""
    since: date | None = None
    until: date | None = None
    """The last day, included."""
    hours: Hours | None = None
    """Only while the line's own seats are there."""
    calendar: Calendar = NATIONAL
    """By which ``hours`` know a working day."""

    def holds(self, *, area: str, centre: str, at: datetime) -> bool:
        """Whether it is for a call from there at that moment of the city's clock."""
        day = at.date()
        is_workday = self.calendar.is_workday(day)
        return (
            self.area in ("", area)
            and self.centre in ("", centre)
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
            and (self.hours is None or self.hours.hold(at.time(), is_workday=is_workday))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Where the caller goes after the sentence. ``dial`` unanswered becomes ``queue``."""

    do: Literal["queue", "dial", "hangup"] = "queue"
    peer: str = ""
    number: str = ""
    ring_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is done with the calls of one kind."""

    when: When
    centre: CentreId
    """Whose seats the caller waits for, if it comes to that."""
    line: Line
    state: LineState
    prompt: str
    """The id of the sentence heard first; '' for none."""
    why: tuple[str, ...]
    """Chinese, one reason for each of ``steps``."""
    route: Route = Route()
    is_known: bool = True

    @property
    def steps(self) -> "tuple[Step, ...]":
        """What is done, in order; what follows a ``dial`` is for when nobody answers."""
        found = [Step(do="say", prompt=self.prompt)] if self.prompt else []
        queue = Step(do="queue", line=self.line.number)
        match self.route.do:
            case "queue":
                found.append(queue)
            case "dial":
                dial = Step(
                    do="dial",
                    line=self.line.number,
                    peer=self.route.peer,
                    number=self.route.number,
                    ring_s=self.route.ring_s,
                )
                found += [dial, Step(do="say", prompt=UNREACHABLE), queue]
            case "hangup":
                found.append(Step(do="hangup"))
            case _:
                assert_never(self.route.do)
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing done with the call: ``say`` a prompt, ``queue`` for the seats of a line, ``dial``
    a number over a peer, or ``hangup``.
    """

    do: Literal["say", "queue", "dial", "hangup"]
    prompt: str = ""
    line: LineId = LineId("")
    peer: str = ""
    number: str = ""
    ring_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is done with one call to a number. ``why`` is Chinese, one reason a step."""

    dialled: str
    centre: CentreId
    line: Line
    state: LineState
    steps: tuple[Step, ...]
    why: tuple[str, ...]
    is_known: bool
    revision: int = 0

    @property
    def prompt(self) -> str:
        """The id of the prompt the caller hears first; '' for none."""
        return next((step.prompt for step in self.steps[:1] if step.do == "say"), "")

    @property
    def route(self) -> str:
        """Where the caller goes first: ``queue``, ``dial`` or ``hangup``."""
        return next(step.do for step in self.steps if step.do != "say")


class NumberPlan:
    """Every number of one platform. Making it takes as long as walking its lines once."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self._owners = Owners(platform)
        self._profiles = {profile.centre: profile for profile in platform}
        self._lives: dict[tuple[str, str, bool, object], tuple[Case, ...]] = {}

    @property
    def keys(self) -> Iterator[str]:
        """Every key (``config.dialled``) under which some line is dialled. No two alike."""
        return self._owners.keys

    @property
    def areas(self) -> frozenset[str]:
        """The area codes of callers that can make a difference."""
        return self._owners.areas

    def known(self, key: str) -> list[tuple[Place, tuple[Case, ...]]]:
        """The cases of a line's key by where the call comes from; the first place that fits.

        Their ``when`` says nothing of the place. Nothing for a key that no line has.
        """
        return [(place, self._life(owner)) for place, owner in self._owners.known(key)]

    def places(self, key: str) -> list[Place]:
        """Where calls to a line's key come from, as far as it makes a difference."""
        return [place for place, _ in self._owners.known(key)]

    def unknown(self) -> list[tuple[Place, tuple[Case, ...]]]:
        """The same for a number that nobody has; its own area code stands for the caller's."""
        return [(place, self._life(owner)) for place, owner in self._owners.unknown()]

    def cases(self, key: str) -> tuple[Case, ...]:
        """All that can come of a key: the first case that holds counts, and the last holds."""
        found = self.known(key)
        if not found:
            code = area_of(key)
            found = [
                (Place("" if code else place.area, place.centre), life)
                for place, life in self.unknown()
                if place.area in ("", code) or (not code and is_short(key))
            ]
        return tuple(
            replace(case, when=replace(case.when, area=place.area, centre=place.centre))
            for place, life in found
            for case in life
        )

    def area(self, ani: str) -> str:
        """The area code of a caller's number; '' when it says none, or none that matters."""
        number = key(ani)
        segment = segment_of(number)
        return segments(self.areas).get(segment, "") if segment else area_of(number)

    def explain(
        self, dialled: str, *, ani: str = "", at: datetime, trunk: str | None = None
    ) -> Plan:
        """Say what a dialled number means. Every number has a plan; none is refused."""
        wanted, area = key(dialled), self.area(ani)
        centre, now = trunk or self.platform.home.centre, at.astimezone(CHINA)
        case = next(
            case for case in self.cases(wanted) if case.when.holds(area=area, centre=centre, at=now)
        )
        why = case.why
        if case.is_known and dialled != case.line.number:
            why = (f"{dialled}是{case.line.number}的另一种写法；{why[0]}", *why[1:])
        if case.when.area or case.when.centre:
            met = reasons.met(case.when.area, case.when.centre, self._profiles)
            why = (met + why[0], *why[1:])
        return Plan(
            dialled=dialled,
            centre=case.centre,
            line=case.line,
            state=case.state,
            steps=case.steps,
            why=why,
            is_known=case.is_known,
            revision=self.platform.revision,
        )

    def _life(self, owner: Owner) -> tuple[Case, ...]:
        """The owner's cases from the line's beginning to its end, remembered: keys share them."""
        name = (owner.centre, owner.line.number, owner.is_known, owner.front)
        found = self._lives.get(name)
        if found is None:
            profile = self._profiles[owner.centre]
            found = self._lives[name] = tuple(
                case
                for when, state in _states(owner.line)
                for case in _in_state(profile, owner, when, state)
            )
        return found


def cases(platform: Platform, key: str) -> tuple[Case, ...]:
    """All that can come of one key of the platform; see ``NumberPlan.cases``."""
    return NumberPlan(platform).cases(key)


def explain(
    platform: Platform, dialled: str, *, ani: str = "", at: datetime, trunk: str | None = None
) -> Plan:
    """Say what one number means on the platform; see ``NumberPlan.explain``."""
    return NumberPlan(platform).explain(dialled, ani=ani, at=at, trunk=trunk)


def _states(line: Line) -> Iterator[tuple[When, LineState]]:
    if line.mode is Mode.OWN:
        yield When(), LineState.KEPT
        return
    if line.begins is not None:
        yield When(until=line.begins - timedelta(days=1)), LineState.PLANNED
    if line.ends is None:
        yield When(), LineState.TRANSITION
        return
    yield When(since=line.begins, until=line.ends), LineState.TRANSITION
    yield When(), LineState.CANCELLED if line.mode is Mode.WHOLE else LineState.KEPT


def _in_state(profile: Profile, owner: Owner, when: When, state: LineState) -> Iterator[Case]:
    """The cases of one state: a route and its reasons each."""
    line, front = owner.line, owner.front
    ring_s, prompt = profile.outside_ring_s, greeting_id(profile, line, state)
    case = partial(
        Case, when=when, centre=profile.centre, line=line, state=state, is_known=owner.is_known
    )

    def because(*why: str, is_open: bool = True) -> tuple[str, ...]:
        said = reasons.said(line, state, is_known=owner.is_known, is_open=is_open)
        return (said, *why) if prompt or not is_open else why

    if not owner.is_known:
        prompt = unknown_prompt_id(profile.centre)
        yield case(prompt=prompt, why=because(reasons.queued(line, is_known=False)))
    elif state is LineState.CANCELLED and profile.after_cancel == "hangup":
        yield case(prompt=prompt, route=Route(do="hangup"), why=because(reasons.HUNG_UP))
    elif front is not None and front.is_here and state is not LineState.PLANNED:
        yield case(prompt=prompt, centre=front.centre, why=because(reasons.fronted_here(front)))
    elif front is not None and state is not LineState.PLANNED:
        there = Route(do="dial", peer=front.peer, number=front.number, ring_s=ring_s)
        yield case(prompt=prompt, route=there, why=because(*reasons.fronted(front, ring_s)))
    elif line.seating is Seating.KEPT and line.peer:
        there = Route(do="dial", peer=line.peer, number=line.destination, ring_s=ring_s)
        why = because(*reasons.dialled(profile, line, ring_s))
        if line.hours.is_always:
            yield case(prompt=prompt, route=there, why=why)
        else:
            staffed = replace(when, hours=line.hours, calendar=profile.calendar)
            yield case(when=staffed, prompt=prompt, route=there, why=why)
            away = greeting_id(profile, line, state, is_open=False)
            yield case(prompt=away, why=because(reasons.closed(line), is_open=False))
    else:
        yield case(prompt=prompt, why=because(reasons.queued(line, is_known=True)))

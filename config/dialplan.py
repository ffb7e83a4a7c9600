"""Renders the generated part of the dialplan: what each number means, and nothing clever. Pure.

A generated extension only sets a variable and goes to a fixed context: a reload may remove it under
a caller. Whatever it was, ``[anything]`` has the same two priorities, so the caller goes on.
The cases are the number plan's own, so Asterisk does what ``explain`` says.
"""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from itertools import chain
from os.path import commonprefix

from config.areas import segments
from config.ledger import HOTLINE
from config.numberplan import Case, NumberPlan
from config.owners import Place
from config.platform import Platform
from config.profile import Profile
from config.workdays import NATIONAL, Calendar, exceptions
from ivr.text import prompt_name

NUMBERS, ANYTHING, AREAS = "numbers", "anything", "areas"
HOLIDAYS, MAKEUP_DAYS = "holiday", "makeup"
OFF, WORKED = "off", "worked"
"""Contexts of a centre's own days begin so."""
REVISION = "revision"
SURVEYED = "surveyed"
UNKNOWN = "unknown"
"""The key for a number that nobody has, and the end of its context's name."""
ENDINGS = tuple(f"{ending:02}" for ending in range(100))
"""Numbers stand in contexts by their last two digits: Asterisk goes through a context one by one,
and takes the square of its length to make it. All are always there, also without a number."""

_FIRST_DAY, _YEARS = date(2020, 1, 1), 20
_ANY_KEY = "_[0-9a-z*]!"
"""A pattern without an end may stand here: a key is made of filtered parts, never of raw digits."""
_LONGEST_EXPRESSION = 3500
"""Characters of one ``Set``: Asterisk takes 4,096 (and shows the first thousand)."""
_HEADER = (
    "; Made from the city's table by config/dialplan.py. Changes here are lost at the next apply.\n"
)


def seat_context(profile: Profile) -> str:
    """The context that the centre's seats may land in."""
    return f"from-seat-{profile.centre}"


def extension(place: Place, key: str) -> str:
    """Where a key's plan stands for calls from there: ``0791*jiangxi*12319``, or just the key."""
    return key if place == ("", "") else f"{place.area}*{place.centre}*{key}"


def render_numbers(platform: Platform) -> str:
    """The text of the generated dialplan file."""
    plan = NumberPlan(platform)
    write = _Writer(platform)
    known = {ending: [f"[{NUMBERS}-{ending}]"] for ending in ENDINGS}
    for key in plan.keys:
        known[key[-2:]] += [
            write.extension(extension(place, key), life) for place, life in plan.known(key)
        ]
    areas = {ending: [f"[{AREAS}-{ending}]"] for ending in ENDINGS}
    for segment, area in segments(plan.areas).items():
        areas[segment[-2:]].append(_segment(segment, area))
    parts = [
        _HEADER,
        "; What each number means: PLAN, split up in [arrive]. Asked for by [enter].",
        *chain.from_iterable(known.values()),
        "; Which table this is: asked before a number is looked up, and compared with its plan.",
        f"[{REVISION}]",
        f"exten => s,1,Set(ASKED={platform.revision})\n same => n,Goto(enter,s,meant)",
        "; Nobody's number.",
        f"[{NUMBERS}-{UNKNOWN}]",
        *(write.extension(extension(place, UNKNOWN), life) for place, life in plan.unknown()),
        "; A number that a reload took away between being looked up and being gone to.",
        f"[{ANYTHING}]",
        write.extension(_ANY_KEY, plan.unknown()[-1][1]),
        "; Where a caller's mobile number was issued, as far as it can matter.",
        *chain.from_iterable(areas.values()),
        *_calendar(),
        *(line for profile in platform for line in _own_days(profile)),
        "; Centres whose callers are asked after the talk how it was.",
        f"[{SURVEYED}]",
        *(f"exten => {profile.centre},1,NoOp()" for profile in platform if profile.survey),
        *(line for profile in platform for line in _seats(profile)),
        "",
    ]
    return "\n".join(parts)


class _Writer:
    """Writes plans; lines that share their cases share the text."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._profiles = {str(profile.centre): profile for profile in platform}
        self._addresses = {
            (profile.centre, peer.id): (peer.address, str(peer.port))
            for profile in platform
            for peer in profile.peers
        }
        self._known: dict[int, str] = {}

    def extension(self, name: str, life: tuple[Case, ...]) -> str:
        text = self._known.get(id(life))
        if text is None:
            text = self._known[id(life)] = self._chosen(life)
            if len(text) > _LONGEST_EXPRESSION:
                raise ValueError(f"{name}: what it means takes {len(text)} characters")
        return f"exten => {name},1,Set(PLAN={text})\n same => n,Goto(arrive,s,1)"

    def _chosen(self, life: tuple[Case, ...]) -> str:
        """The plan of the first case that holds, as nested conditions after what all share."""
        plans = [self._plan(case) for case in life]
        shared = commonprefix(plans) if len(plans) > 1 else plans[0][:-1]
        *earlier, text = (",".join(plan[len(shared) :]) for plan in plans)
        for case, other in zip(reversed(life[:-1]), reversed(earlier), strict=True):
            text = f"${{IF($[{_condition(case)}]?{other}:{text})}}"
        return ",".join((*shared, text))

    def _plan(self, case: Case) -> tuple[str, ...]:
        speaker = case.prompt.partition("-")[0]
        prompt = prompt_name(self._profiles[speaker], case.prompt) if case.prompt else ""
        facts = (case.centre, case.line.number, case.state.value, prompt, case.route.do)
        route, rest = case.route, ("", "", "", "", "")
        if route.do == "dial":
            there = self._addresses.get((case.centre, route.peer), ("", ""))
            rest = (route.peer, route.number, str(route.ring_s), *there)
        return (str(self._platform.revision), *facts, *rest)


def _condition(case: Case) -> str:
    """The same as ``When.holds`` for a call from the right place, over the variables of [enter]."""
    when, parts = case.when, []
    if when.since is not None:
        parts.append(f"${{DATE}}>={when.since:%Y%m%d}")
    if when.until is not None:
        parts.append(f"${{DATE}}<={when.until:%Y%m%d}")
    if when.hours is not None:
        parts.append(when.hours.expression(_workday(when.calendar, case.centre)))
    return " & ".join(parts) or "1"


def _workday(calendar: Calendar, centre: str) -> str:
    """Whether it is a working day of that centre, 1 or 0."""
    if calendar == NATIONAL:
        return "${WORKDAY}"
    off, worked = (f"${{DIALPLAN_EXISTS({kind}-{centre},${{DATE}},1)}}" for kind in (OFF, WORKED))
    return f"((${{WORKDAY}} & !{off}) | {worked})"


def _own_days(profile: Profile) -> Iterator[str]:
    """The days that a centre has of its own, if it has any."""
    calendar = profile.calendar
    if calendar == NATIONAL:
        return
    yield f"; Days off and days worked that only {profile.centre} has."
    for kind, days in ((OFF, calendar.off), (WORKED, calendar.worked)):
        if days:
            yield f"[{kind}-{profile.centre}]"
        yield from (f"exten => {day:%Y%m%d},1,NoOp()" for day in sorted(days))


def _segment(segment: str, area: str) -> str:
    return f"exten => {segment},1,Set(AREA={area})\n same => n,Goto(enter,s,placed)"


@lru_cache
def _days() -> dict[date, bool]:
    return exceptions(_FIRST_DAY, _YEARS * 366)


def _calendar() -> Iterator[str]:
    """The days on which the week alone would be wrong, as far as they are published."""
    days = _days()
    for context, is_working, told in (
        (HOLIDAYS, False, "Days off in the middle of the week"),
        (MAKEUP_DAYS, True, "Weekends that are worked"),
    ):
        yield f"; {told}."
        yield f"[{context}]"
        for day, is_workday in days.items():
            if is_workday is is_working:
                yield f"exten => {day:%Y%m%d},1,NoOp()"


def _seats(profile: Profile) -> Iterator[str]:
    yield f"; Seats of {profile.centre}, registered with a password: each other, and 12345."
    yield f"[{seat_context(profile)}]"
    yield f"exten => {HOTLINE},1,Set(DIALLED={HOTLINE})\n same => n,Goto(enter,s,1)"
    for seat in profile.seats:
        yield (
            f"exten => {seat.extension},1,Set(SEAT={profile.seat_id(seat)})\n"
            " same => n,Goto(seat-call,s,1)"
        )


def wrong_extensions(platform: Platform, text: str) -> set[str]:
    """The keys that are missing in a rendered text or too many, as it reads back. None, mostly.

    Raises ``ValueError`` as ``read_dialplan`` does.
    """
    found = {
        f"{name}@{context}"
        for context, extensions in read_dialplan(text).items()
        if context.startswith(f"{NUMBERS}-")
        for name in extensions
    }
    plan = NumberPlan(platform)
    wanted = {
        f"{extension(place, key)}@{NUMBERS}-{key[-2:]}"
        for key in plan.keys
        for place in plan.places(key)
    }
    wanted |= {f"{extension(place, UNKNOWN)}@{NUMBERS}-{UNKNOWN}" for place, _ in plan.unknown()}
    return wanted ^ found


def read_dialplan(text: str) -> dict[str, dict[str, list[str]]]:
    """Read a dialplan file back: context → extension → what its priorities do, in order.

    Raises ``ValueError`` at anything it does not understand, so that a cut file is seen here:
    Asterisk itself takes one, and forgets the good one.
    """
    contexts: dict[str, dict[str, list[str]]] = {}
    context: dict[str, list[str]] | None = None
    steps: list[str] | None = None
    for row, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith(";"):
            continue
        if found := _EXTENSION.fullmatch(line):
            if context is None:
                raise ValueError(f"line {row}: stands in no context")
            if found[1] in context:
                raise ValueError(f"line {row}: {found[1]} stands twice")
            steps = context[found[1]] = [found[2]]
        elif (found := _STEP.fullmatch(line)) and steps is not None:
            steps.append(found[1])
        elif found := _CONTEXT.fullmatch(line):
            context, steps = contexts.setdefault(found[1], {}), None
        else:
            raise ValueError(f"line {row}: not understood: {line!r}")
    return contexts


_CONTEXT = re.compile(r"\[([a-z0-9-]+)\]")
_EXTENSION = re.compile(r"exten => (\S+),1,(\w+\(.*\))")
_STEP = re.compile(r" same => n,(\w+\(.*\))")

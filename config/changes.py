"""What changes between two revisions, in sentences people can read; and what may not. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from config.backstage import Difference, differences
from config.dialled import keys
from config.ledger import HOTLINE, Line
from config.noticed import Noticing, Period
from config.permitted import Exempted, exempted, judge
from config.platform import Platform
from config.profile import Profile
from config.workdays import CHINA

__all__ = ["Change", "Changes", "Exempted", "compare", "exempted", "judge"]

CALLERS = frozenset({"added", "removed", "changed"})
"""Kinds of what callers notice of a number."""
OTHERS = "未列入清单的号码"
NOBODYS = "0"
"""A key that no line can have."""
_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that callers, agents or administrators will notice."""

    kind: str
    """One of ``CALLERS``, or what else it is about: line, fact, seat, peer, relation, linkage,
    caller, duty, overflow, expert, contact, refusal, office, place, term, prompt, centre."""
    centre: str
    what: str
    """Which number, seat, fact …"""
    before: str
    after: str
    since: date | None = None
    """From which day; None: as soon as it is applied."""
    until: date | None = None
    """The last day, included; None: for good."""
    area: str = ""
    """Only for callers of that area code; '' for all."""
    trunk: str = ""
    """Only for calls over that centre's trunk; '' for all."""
    text: str = ""
    """The whole of it as a sentence."""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Changes:
    """All changes: first what callers notice, in the order of the days, then the rest."""

    all: tuple[Change, ...] = ()

    def __iter__(self) -> Iterator[Change]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    @property
    def noticed(self) -> tuple[Change, ...]:
        """What callers notice."""
        return tuple(change for change in self.all if change.kind in CALLERS)

    @property
    def lines(self) -> list[str]:
        """Sentences, in which numbers that change alike stand together."""
        alike: dict[Change, list[str]] = {}
        for change in self.all:
            is_number = change.kind in CALLERS
            key = replace(change, what="", text="") if is_number else change
            alike.setdefault(key, []).append(change.what)
        return [change.text or _sentence(numbers, change) for change, numbers in alike.items()]

    def __str__(self) -> str:
        return "\n".join(self.lines)


def compare(before: Platform, after: Platform, at: datetime) -> Changes:
    """Say what comes of ``after`` taking the place of ``before`` at that moment."""
    found = list(_noticed(before, after, at.astimezone(CHINA).date()))
    found.sort(key=lambda change: change.since or date.min)
    return Changes((*found, *map(_behind, differences(before, after))))


def _noticed(before: Platform, after: Platform, today: date) -> Iterator[Change]:
    """What callers notice: of every number, each once however it may be dialled."""
    if before.centres == after.centres:
        return
    noticing = Noticing(before, after, today)
    told: set[object] = set()
    for number, dialled in _dialled(before, after, _touched(before, after)).items():
        for centre, key in dialled:
            kind = _kind(before, after, centre, number)
            for period in noticing.periods(key):
                if (number, period) not in told:
                    told.add((number, period))
                    yield _change(kind, centre or after.home.centre, number, period)


def _dialled(
    before: Platform, after: Platform, touched: Collection[str] | None
) -> dict[str, list[tuple[str, str]]]:
    """The ways to dial each number that may have changed, with the centre where one is named."""
    found: dict[str, dict[tuple[str, str], None]] = {}
    is_one = len(before.centres) == len(after.centres) == 1
    for profile in (*before, *after):
        for number in (*profile.by_number, HOTLINE):
            if touched is None or number in touched:
                ways = keys(number, profile.area_code)
                # with one centre the area code changes nothing
                named = () if is_one else (profile.centre, ways[-1])
                found.setdefault(number, {})["", ways[0]] = None
                if named:
                    found[number][named] = None
    if touched is None or OTHERS in touched:
        found[OTHERS] = {("", NOBODYS): None}
    return {number: list(ways) for number, ways in found.items()}


def _touched(before: Platform, after: Platform) -> set[str] | None:
    """The numbers of which something is written in another way; None: it may be any number."""
    if [_frame(profile) for profile in before] != [_frame(profile) for profile in after]:
        return None
    found: set[str] = set()
    for was, now in zip(before, after, strict=True):
        if was.lines != now.lines:
            found |= {
                number
                for number in {*was.by_number, *now.by_number}
                if _meaning(was.by_number.get(number)) != _meaning(now.by_number.get(number))
            }
        for old, new in ((was.overrides, now.overrides), (was.recorded, now.recorded)):
            other = {name for name in {*old, *new} if old.get(name) != new.get(name)}
            for number in (name.removeprefix(f"{now.centre}-").split("-")[0] for name in other):
                if number in now.by_number:
                    found.add(number)
                else:
                    return None
    return found


_ASIDE = frozenset(
    {"overflow", "work_hours", "callers", "duties", "widens_s", "last_seat_s", "classes"}
    | {"lines", "seats", "gazetteer", "offices", "terms", "refusals", "linkage", "overrides"}
    | {"knowledge", "openings"}
    | {"recorded", "wrap_up_s", "ring_s", "skills", "limits", "voice", "trunks", "scope_out"}
    | {"city", "folder", "survey", "transition_begins", "transition_ends", "experts", "contacts"}
    | {"consult_recorded", "supervise_tone", "typed_numbers", "typed_peer", "first_answerer"}
    | {"events_url", "orders_url", "pop_url", "pop_whole_number", "page_origins"}
)
"""What of a profile says nothing of what callers hear, or is looked at line by line."""


def _frame(profile: Profile) -> list[object]:
    return [getattr(profile, name) for name in Profile.model_fields if name not in _ASIDE]


def _meaning(line: Line | None) -> object:
    """A line but for where it stands in the file."""
    if line is None:
        return None
    entries = [(entry.name, entry.department) for entry in line.entries]
    return [entries, line.model_copy(update={"row": 0, "entries": ()})]


def _kind(before: Platform, after: Platform, centre: str, number: str) -> str:
    if number in (HOTLINE, OTHERS):
        return "changed"
    was, is_now = (
        any(number in profile.by_number for profile in side if centre in ("", profile.centre))
        for side in (before, after)
    )
    return "changed" if was and is_now else "added" if is_now else "removed"


def _change(kind: str, centre: str, number: str, period: Period) -> Change:
    old, new = period.told
    change = Change(
        kind=kind,
        centre=centre,
        what=number,
        before=old,
        after=new,
        since=period.since,
        until=period.until,
        area=period.area,
        trunk=period.trunk,
    )
    return replace(change, text=_sentence([number], change))


def _sentence(numbers: Sequence[str], change: Change) -> str:
    shown = "、".join(numbers[:_SHOWN])
    more = f"等{len(numbers)}个号码" if len(numbers) > _SHOWN else ""
    place = f"区号{change.area}的地区" if change.area else ""
    place += f"经{change.trunk}的中继" if change.trunk else ""
    since = f"从{change.since}起" if change.since else "从应用时起"
    days = f"{since}至{change.until}" if change.until else since
    return f"{place}拨打{shown}{more}的人：{days}，{change.after}（原：{change.before}）"


def _behind(one: Difference) -> Change:
    return Change(
        kind=one.kind,
        centre=one.centre,
        what=one.what,
        before=one.before,
        after=one.after,
        text=one.text,
    )

"""Numbers that are given up for ever, and what a change comes to. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from config.faults import Fault
from config.ledger import Line, LineState
from config.platform import Platform
from config.profile import NUMBERS, Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many numbers a change adds, changes and removes."""

    added: int = 0
    changed: int = 0
    removed: int = 0


def retired(
    before: Platform | None, since: date, today: date, known: Collection[str]
) -> tuple[str, ...]:
    """``centre/number`` of all that were ever cancelled: ``known``, and those of ``before``.

    ``before`` is in force ``since`` that day. A mistaken date is taken back on the very day; what
    stood cancelled past midnight is given up for ever.
    """
    gone = set(known)
    if before is not None and since < today:
        gone |= {
            name for _, name, line in _lines(before) if line.state(today) is LineState.CANCELLED
        }
    return tuple(sorted(gone))


def restored(after: Platform, gone: Collection[str], today: date) -> list[Fault]:
    """Each number that was given up and would live again."""
    known = set(gone)
    return [
        Fault(
            profile.file(NUMBERS),
            line.row,
            "电话号码",
            f"号码{line.number}已经取消，取消的号码不再恢复",
            "删除这一行，或保持取消",
        )
        for profile, name, line in _lines(after)
        if name in known and line.state(today) is not LineState.CANCELLED
    ]


def counted(before: Platform | None, after: Platform) -> Counts:
    """Compare two platforms number by number; where a row stands in the file does not count."""
    old = {} if before is None else {name: line for _, name, line in _lines(before)}
    new = {name: line for _, name, line in _lines(after)}
    return Counts(
        added=len(new.keys() - old.keys()),
        removed=len(old.keys() - new.keys()),
        changed=sum(1 for name in old.keys() & new.keys() if _differ(old[name], new[name])),
    )


def _lines(platform: Platform) -> Iterator[tuple[Profile, str, Line]]:
    for profile in platform:
        for line in profile.lines:
            yield profile, f"{profile.centre}/{line.number}", line


def _differ(old: Line, new: Line) -> bool:
    return old != new and _meaning(old) != _meaning(new)


def _meaning(line: Line) -> Line:
    entries = tuple(entry.model_copy(update={"row": 0}) for entry in line.entries)
    return line.model_copy(update={"row": 0, "entries": entries})

"""What a change of the ledger may not do to a number. Pure.

国办发〔2020〕53号, as provinces wrote it down: in principle no new line and no changed name or use
(新设、变更原有号码名称、用途), and a cancelled number never comes back. An exception to the first
needs its reason in the row (例外理由) and is audited; to the last there is none.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from config.faults import Fault
from config.ledger import HOTLINE, Line, LineState, Mode
from config.ledgertable import DEPARTMENT, EXCEPTION, MODE, NAME, NUMBERS, PHONE
from config.platform import Platform
from config.profile import PROFILE, Profile

PROGRESS: Mapping[Mode, frozenset[Mode]] = {
    Mode.SUB_CENTRE: frozenset({Mode.DUAL, Mode.WHOLE}),
    Mode.KEPT_CENTRE: frozenset({Mode.FORWARDED, Mode.DUAL, Mode.WHOLE}),
    Mode.FORWARDED: frozenset({Mode.WHOLE}),
    Mode.FRONTED: frozenset({Mode.WHOLE}),
    Mode.DUAL: frozenset({Mode.WHOLE}),
    Mode.WHOLE: frozenset(),
    Mode.OWN: frozenset(),
}
"""The modes that each may become by itself: always nearer to one number for everything."""

_WITH_REASON = f"确有必要的，在「{EXCEPTION}」写明依据"


@dataclass(frozen=True, slots=True)
class Exempted:
    """A change against the rules for which the row gives its reason. To be audited."""

    fault: Fault
    """What the rule would have said."""
    reason: str

    def __str__(self) -> str:
        return f"{self.fault.message}（{EXCEPTION}：{self.reason}）"


def judge(before: Platform | None, after: Platform, day: date) -> list[Fault]:
    """Name every change between two revisions that is refused on that day.

    ``before`` is what is in force; None: nothing is yet, and everything may be written.
    """
    return [fault for fault, reason in _findings(before, after, day) if not reason]


def exempted(before: Platform | None, after: Platform, day: date) -> list[Exempted]:
    """Name the changes that are let through for a reason that the row gives."""
    findings = _findings(before, after, day)
    return [Exempted(fault, reason) for fault, reason in findings if reason]


def _findings(before: Platform | None, after: Platform, day: date) -> Iterator[tuple[Fault, str]]:
    """Each change against a rule, with the reason that lets it through, or ''."""
    now = {profile.centre: profile for profile in after}
    for old in before or ():
        new = now.get(old.centre)
        if new is None:
            message = f"{old.name}的{len(old.lines)}个号码不能随中心一起去掉"
            yield Fault(PROFILE, 0, "centres", message, old.folder or old.centre), ""
        elif old.lines != new.lines:
            yield from _in_centre(old, new, day)


def _in_centre(old: Profile, new: Profile, day: date) -> Iterator[tuple[Fault, str]]:
    file = new.file(NUMBERS)
    for line in new.lines:
        was = old.by_number.get(line.number)
        if was is None:
            message = f"号码{line.number}「{line.name}」是新增的，原则上不再新设{HOTLINE}以外的热线"
            advice = f"删去这一行；补录原有的号码或{_WITH_REASON}"
            yield Fault(file, line.row, PHONE, message, advice), line.exception
        elif was != line:
            yield from _in_line(file, was, line, day)
    for line in old.lines:
        if line.number not in new.by_number:
            yield Fault(file, 0, PHONE, *_removed(line, day)), ""


def _removed(line: Line, day: date) -> tuple[str, str]:
    told = f"清单中少了号码{line.number}「{line.name}」"
    if line.state(day) is LineState.CANCELLED:
        return f"{told}，已取消的号码也要留在清单中，来电才听得到提示", f"恢复原第{line.row}行"
    return (
        f"{told}，号码不能从清单中直接去掉",
        f"恢复原第{line.row}行，用「过渡结束」写明取消的日期",
    )


def _in_line(file: str, was: Line, line: Line, day: date) -> Iterator[tuple[Fault, str]]:
    number = line.number
    if was.state(day) is LineState.CANCELLED and line.state(day) is not LineState.CANCELLED:
        column = MODE if was.mode is not line.mode else "过渡结束"
        instead = was.mode.chinese if was.mode is not line.mode else str(was.ends)
        message = f"号码{number}已经取消，取消的号码不再恢复"
        yield Fault(file, line.row, column, message, instead), ""
        return
    names, were = _names(line), _names(was)
    if set(names) != set(were):
        yield _changed(file, line, NAME, "、".join(were), "、".join(names))
    if set(line.departments) != set(was.departments):
        yield _changed(file, line, DEPARTMENT, was.department, line.department)
    is_planned = was.state(day) is LineState.PLANNED  # nobody has been told of it yet
    if line.mode is not was.mode and line.mode not in PROGRESS[was.mode] and not is_planned:
        yield _changed(file, line, MODE, was.mode.chinese, line.mode.chinese)


def _changed(file: str, line: Line, column: str, was: str, now: str) -> tuple[Fault, str]:
    message = f"号码{line.number}的{column}由「{was}」改为「{now}」，原则上不再变更；{_WITH_REASON}"
    return Fault(file, line.row, column, message, was), line.exception


def _names(line: Line) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry.name for entry in line.entries)) or (line.name,)

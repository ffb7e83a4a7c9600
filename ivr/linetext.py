"""What callers of a line are told: one short sentence or two, by mode, state and seats. Pure.

Callers hear where the number they dialled leads now and then a person, never a menu. Whatever the
line is called, it is called by its whole name; what has to give way to the time is the rest.
"""

from collections.abc import Sequence
from functools import lru_cache
from os.path import commonprefix
from typing import assert_never

from config.ledger import HOTLINE, Line, LineState, Mode, Seating
from config.profile import Profile
from cti.ids import CentreId
from ivr.digits import grouped, spell

LONGEST_LINE_S = 8.0
"""No line's prompt takes longer to say than this."""

RECORDED = "本次通话将会录音。"
CONNECTING = "正在为您转接。"
RECORDED_CONNECTING = "本次通话将会录音，正在为您转接。"
FAREWELL = "感谢您的来电，再见。"
GOODBYE = "再见。"

_SYLLABLE_S = 0.19
_COMMA_S = 0.1
_SENTENCE_S = 0.3
_BUDGET_S = LONGEST_LINE_S - 0.5
"""What an estimate may come to. Measured, it is too low by 0.5 s at most."""

_HOTLINE = f"{HOTLINE}热线"
"""Not its full name: a person answers sooner, and everybody knows what it is."""


_Form = tuple[str, ...]
"""One way to say it, in the parts that come again elsewhere: each is measured once."""


def hotline_prompt_id(centre: CentreId) -> str:
    """The prompt that greets who dialled 12345 itself, or a line whose merger has not begun."""
    return f"{centre}-{HOTLINE}"


def unknown_prompt_id(centre: CentreId) -> str:
    """The prompt for a number that no ledger holds."""
    return f"{centre}-unknown"


def recorded_prompt_id(centre: CentreId) -> str:
    """The prompt that says that the call is recorded and nothing else."""
    return f"{centre}-recorded"


def line_prompt_id(centre: CentreId, number: str, state: LineState) -> str:
    """The line's own prompt in that state. A planned line has none: ``greeting_id``."""
    return f"{centre}-{number}-{state.value}"


def closed_prompt_id(centre: CentreId, number: str) -> str:
    """The prompt of a line whose own seats are not there at that hour."""
    return f"{centre}-{number}-closed"


def greeting_id(profile: Profile, line: Line, state: LineState, *, is_open: bool = True) -> str:
    """What a caller of the line hears first in that state; '' for nothing at all.

    ``is_open`` says whether the line's own seats are there (``Line.hours``).
    """
    if line.mode is Mode.OWN:
        return hotline_prompt_id(profile.centre)
    if state is LineState.PLANNED:
        if line.seating is Seating.MOVED_IN:
            return hotline_prompt_id(profile.centre)
        # its callers still reach their own seats: a word about 12345 would be wrong
        if not is_open:
            return closed_prompt_id(profile.centre, line.number)
        return recorded_prompt_id(profile.centre) if profile.announce_recording else ""
    if line.seating is Seating.KEPT and not is_open:
        return closed_prompt_id(profile.centre, line.number)
    return line_prompt_id(profile.centre, line.number, state)


def greeting_ids(profile: Profile, line: Line) -> list[str]:
    """Every prompt that callers of the line can come to hear first, in the order of its life."""
    return list(dict.fromkeys(filter(None, _greetings(profile, line))))


def _greetings(profile: Profile, line: Line) -> list[str]:
    states = [LineState.PLANNED] * (line.begins is not None) + [LineState.TRANSITION]
    if line.ends is not None:
        states.append(LineState.CANCELLED if line.mode is Mode.WHOLE else LineState.KEPT)
    found = [greeting_id(profile, line, state) for state in states]
    if line.seating is Seating.KEPT and not line.hours.is_always:
        found.append(closed_prompt_id(profile.centre, line.number))
    return found


def hotline_text(profile: Profile) -> str:
    """Greet who dialled the hotline itself."""
    name = profile.name
    forms = [("您好，这里是", name, "。"), ("这里是", name, "。")]
    return _fitting(forms, _connecting(profile))


def unknown_text(profile: Profile) -> str:
    """Say who answers a number that no ledger holds."""
    return f"您拨打的号码由{_HOTLINE}受理。{_connecting(profile)[0]}"


def closed_text(profile: Profile, line: Line) -> str:
    """Say that 12345 answers outside the hours of the line's own seats."""
    name = full_name(line)
    forms = [
        ("您拨打的", name, f"现在是非工作时间，由{_HOTLINE}受理。"),
        (name, f"现已下班，由{_HOTLINE}受理。"),
        (name, f"现已下班，由{HOTLINE}受理。"),
    ]
    return _fitting(forms, _connecting(profile))


def line_text(profile: Profile, line: Line, state: LineState) -> str:
    """What the line's own prompt says in that state; at most ``LONGEST_LINE_S`` long.

    The fullest form that fits is taken; recording is announced in all of them where it must be.
    A name that fits in none is said nevertheless: ``config.checks`` asks for another wording.
    A planned line has no words of its own: ``ValueError``.
    """
    match state:
        case LineState.PLANNED:
            raise ValueError(f"line {line.number} is planned: it has no words of its own yet")
        case LineState.CANCELLED:
            return _farewell(profile, line)
        case LineState.TRANSITION:
            fuller, shorter = _told(line)
            name = full_name(line)
            forms = [("您拨打的", name, fuller), (name, fuller), (name, shorter)]
            return _fitting(forms, _connecting(profile))
        case LineState.KEPT:
            return _as_usual(profile, line)
        case _:
            assert_never(state)


def _told(line: Line) -> tuple[str, str]:
    """What is new about the line, and the same in fewer words."""
    match line.mode:
        case Mode.WHOLE:
            return f"已并入{_HOTLINE}。", f"已并入{_HOTLINE}。"
        case Mode.DUAL:
            if line.seating is Seating.KEPT:
                return f"继续服务，也可以拨打{HOTLINE}。", f"继续服务，也可拨{HOTLINE}。"
            return f"由{_HOTLINE}统一受理。", f"由{_HOTLINE}受理。"
        case Mode.FRONTED:
            return f"由{_HOTLINE}统一受理。", f"由{_HOTLINE}受理。"
        case Mode.SUB_CENTRE:
            return f"已设为{_HOTLINE}分中心。", f"已设为{HOTLINE}分中心。"
        case Mode.KEPT_CENTRE:
            return f"已接入{_HOTLINE}。", f"已接入{_HOTLINE}。"
        case Mode.FORWARDED:
            return f"已转到{_HOTLINE}。", f"已转到{_HOTLINE}。"
        case Mode.OWN:
            raise ValueError("12345 itself is no line of the ledger")
        case _:
            assert_never(line.mode)


def _as_usual(profile: Profile, line: Line) -> str:
    """The transition is over: callers know, and are only told where they are."""
    name = full_name(line)
    if line.seating is Seating.KEPT:
        forms = [("您好，正在为您转接", name, "。"), ("正在转接", name, "。")]
        return _fitting(forms, [RECORDED] if profile.announce_recording else [""])
    after = f"由{_HOTLINE}受理。"
    return _fitting([("您好，", name, after), (name, after)], _connecting(profile))


def _farewell(profile: Profile, line: Line) -> str:
    """The number is given up: say it once, in groups with a pause, and what to dial from now on.

    号码 stands after the digits because 已 sounds like one more of them, 一.
    """
    name, number = full_name(line), grouped(line.number)
    gone = f"，号码已取消，今后请直接拨打{HOTLINE}。"
    shorter = f"，号码已取消，今后请拨打{HOTLINE}。"
    forms = [
        ("您拨打的", name, number, gone),
        (name, number, shorter),
        ("您拨打的", number, gone),
        ("您拨打的", number, shorter),
        (number, shorter),
    ]
    if profile.after_cancel == "hangup":
        tails = [FAREWELL, GOODBYE]
    elif profile.announce_recording:
        tails = [RECORDED_CONNECTING, RECORDED]
    else:
        tails = [CONNECTING]
    return _fitting(forms, tails)


def _connecting(profile: Profile) -> list[str]:
    return [RECORDED_CONNECTING, RECORDED] if profile.announce_recording else [CONNECTING]


def _fitting(forms: Sequence[_Form], tails: Sequence[str]) -> str:
    """The fullest that fits: the form gives way first, the tail after it."""
    for tail in tails:
        for form in forms:
            if sum(map(_seconds, (*form, tail))) <= _BUDGET_S:
                return "".join((*form, tail))
    return "".join((*forms[-1], tails[-1]))


def spoken_seconds(text: str, speed: float = 1.0) -> float:
    """Estimate how long the text takes to say at the prompts' speed, within about 0.5 s."""
    said = spell(text)
    commas = sum(said.count(c) for c in "，、；：")
    sentences = sum(said.count(c) for c in "。！？")
    syllables = sum("一" <= c <= "鿿" for c in said)
    return (syllables * _SYLLABLE_S + commas * _COMMA_S) / speed + sentences * _SENTENCE_S


# names and frames come again in every state of a line, and in both of two tables compared
_seconds = lru_cache(maxsize=65_536)(spoken_seconds)


def full_name(line: Line) -> str:
    """The line's name as it is said: all offices that share the number."""
    return together([entry.name for entry in line.entries] or [line.name])


def together(names: Sequence[str]) -> str:
    """Name several offices in one breath: what two names share is said once.

    >>> together(["赤峰市公安局户政对外咨询电话", "赤峰市公安局治安对外咨询电话"])
    '赤峰市公安局户政、治安对外咨询电话'
    """
    distinct = list(dict.fromkeys(names))
    if len(distinct) == 1:
        return distinct[0]
    head = commonprefix(distinct)
    rests = [name[len(head) :] for name in distinct]
    tail = commonprefix([rest[::-1] for rest in rests])[::-1]
    cores = [rest[: len(rest) - len(tail)] for rest in rests]
    # a core of one character or a digit is half a word: say the names whole then
    if min(map(len, cores)) < 2 or any(c.isdigit() for core in cores for c in core):
        return "、".join(distinct)
    return head + "、".join(cores) + tail

"""What callers are told, word for word. Pure.

Callers hear one short sentence or two and then a person, never a menu. Texts are written for
the eye (``12345``, ``3位``); ``ivr.digits.spell`` turns them into what is said. Sentences end
in 。 and are spoken one by one, so that one that many prompts share is made only once.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from os.path import commonprefix
from typing import assert_never

from config.ledger import HOTLINE, Mode
from config.profile import Profile
from ivr.digits import duration, spell

LONGEST_LINE_S = 8.0
"""No line's prompt takes longer to say than this."""

MOST_AHEAD = 20
MOST_MINUTES = 30

_SYLLABLE_S = 0.19
_COMMA_S = 0.1
_SENTENCE_S = 0.3
_BUDGET_S = LONGEST_LINE_S - 0.5
"""What an estimate may come to. Measured, it is too low by 0.5 s at most."""

_SAYABLE = re.compile(r"\w")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*")

_RECORDED = "本次通话将会录音"
_CONNECTING = "正在为您转接"


@dataclass(frozen=True, slots=True)
class PromptText:
    """One prompt: ``id`` is its file's name without extension, ``text`` what it says."""

    id: str
    text: str


def line_id(number: str) -> str:
    """Name the prompt of the line with that number."""
    return f"line-{number}"


def spoken_seconds(text: str) -> float:
    """Estimate how long the text takes to say at the prompts' speed, within about 0.5 s."""
    said = spell(text)
    commas = sum(said.count(c) for c in "，、；：")
    sentences = sum(said.count(c) for c in "。！？")
    syllables = sum("一" <= c <= "鿿" for c in said)
    return syllables * _SYLLABLE_S + commas * _COMMA_S + sentences * _SENTENCE_S


def line_prompt(
    number: str, names: Sequence[str], mode: Mode, announce_recording: bool
) -> PromptText:
    """Tell a caller where the number they dialled leads now; at most ``LONGEST_LINE_S`` long.

    ``names`` are all offices that share the number, in order; each is named. The fullest form
    that fits is taken; recording is announced in all of them where it must be. No name is a
    ``ValueError``.
    """
    if not names:
        raise ValueError(f"line {number} has no name")
    fuller, shorter = _heads(together(names), mode)
    tail = _tail(announce_recording)
    texts = [f"{fuller}。{tail}", f"{shorter}。{tail}"]
    if announce_recording:
        texts.append(f"{shorter}。{_RECORDED}。")
    fitting = (text for text in texts if spoken_seconds(text) <= _BUDGET_S)
    return PromptText(line_id(number), next(fitting, texts[-1]))


def hotline_prompt(hotline_name: str, announce_recording: bool) -> PromptText:
    """Greet who dialled the hotline itself."""
    return line_prompt(HOTLINE, [hotline_name], Mode.OWN, announce_recording)


def _heads(name: str, mode: Mode) -> tuple[str, str]:
    # 12345热线, not the full name: a person answers sooner, and everybody knows what it is
    hotline = f"{HOTLINE}热线"
    match mode:
        case Mode.WHOLE:
            return f"您拨打的{name}已并入{hotline}", f"{name}已并入{hotline}"
        case Mode.DUAL | Mode.FRONTED | Mode.KEPT_CENTRE | Mode.FORWARDED:
            return f"您拨打的{name}由{hotline}统一受理", f"{name}由{hotline}统一受理"
        case Mode.SUB_CENTRE:
            return f"您拨打的{name}已设为{hotline}分中心", f"{name}已设为{hotline}分中心"
        case Mode.OWN:
            return f"您好，这里是{name}", f"这里是{name}"
        case _:
            assert_never(mode)


def _tail(announce_recording: bool) -> str:
    return f"{_RECORDED}，{_CONNECTING}。" if announce_recording else f"{_CONNECTING}。"


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


def line_prompts(profile: Profile) -> list[PromptText]:
    """All line prompts: the ledger's numbers in its order, each once, and the hotline's own."""
    prompts = [
        line_prompt(
            line.number,
            [entry.name for entry in line.entries] or [line.name],
            line.mode,
            profile.announce_recording,
        )
        for line in profile.lines
        if line.number != HOTLINE
    ]
    # the hotline's own comes second, not last: most calls need it, a demo needs the first line
    prompts.insert(1, hotline_prompt(profile.name, profile.announce_recording))
    return prompts


def standing_prompts(announce_recording: bool) -> list[PromptText]:
    """The prompts that any call may need, in the order they matter."""
    tail = _tail(announce_recording)
    return [
        PromptText("wait-1", "座席正忙，请稍候，我们会尽快为您接听。"),
        PromptText("bye", "感谢您的来电，再见。"),
        PromptText("unknown-number", f"您拨打的号码由{HOTLINE}热线受理。{tail}"),
        PromptText("wait-2", "您的电话仍在排队，感谢您耐心等待，请不要挂机。"),
        PromptText("reconnecting", "通话中断了，正在为您重新接通，请不要挂机。"),
        PromptText("unreachable", "对方电话暂时无法接通，马上为您转回人工座席。"),
        PromptText("sorry", "抱歉，系统暂时无法为您接通，请稍后再拨。"),
    ]


def all_prompts(profile: Profile) -> list[PromptText]:
    """Every prompt of a city in the order they matter: lines, standing ones, places and times."""
    return [*line_prompts(profile), *standing_prompts(profile.announce_recording), *queue_prompts()]


def sentences(text: str) -> list[str]:
    """Cut a text at its sentences' ends; what holds nothing to say is left out."""
    return [found.strip() for found in _SENTENCE.findall(text) if _SAYABLE.search(found)]


def queue_prompts() -> list[PromptText]:
    """Place and waiting time, in the order they matter.

    Whole sentences: numbers put together from single recorded words sound put together.
    """
    ahead = [PromptText(ahead_id(n), _ahead_text(n)) for n in range(MOST_AHEAD + 2)]
    minutes = [PromptText(minutes_id(60 * n), _minutes_text(n)) for n in range(1, MOST_MINUTES + 2)]
    return list(_zipped(ahead, minutes))


def _zipped(first: list[PromptText], second: list[PromptText]) -> Iterable[PromptText]:
    # a short queue is the usual one: one place, one minute, two places, two minutes …
    for index in range(max(len(first), len(second))):
        yield from first[index : index + 1]
        yield from second[index : index + 1]


def ahead_id(ahead: int) -> str:
    """Name the prompt that says how many callers are served before this one."""
    return f"ahead-{ahead}" if ahead <= MOST_AHEAD else "ahead-more"


def minutes_id(wait_s: float) -> str:
    """Name the prompt that says about how long it takes."""
    minutes = max(1, -int(-wait_s // 60))
    return f"minutes-{minutes}" if minutes <= MOST_MINUTES else "minutes-more"


def _ahead_text(ahead: int) -> str:
    if ahead == 0:
        return "您是下一位，请不要挂机。"
    if ahead > MOST_AHEAD:
        return f"您前面还有{MOST_AHEAD}多位市民在等待，请稍候。"
    return f"您前面还有{ahead}位市民在等待，请稍候。"


def _minutes_text(minutes: int) -> str:
    if minutes > MOST_MINUTES:
        return f"预计等待超过{MOST_MINUTES}分钟。"
    return f"预计等待{duration(60 * minutes)}。"

"""Every prompt of a centre, word for word, and the name of its file. Pure.

Texts are written for the eye (``12345``, ``3位``); ``ivr.digits.spell`` turns them into what is
said. Sentences end in 。 and are spoken one by one, so that one that many prompts share is made
only once. A file's name holds a digest of all that shaped it: another wording is another file.
"""

import hashlib
import json
import re
import weakref
from collections.abc import Iterable
from dataclasses import dataclass

from config.ledger import LineState
from config.profile import Profile, PromptOverride
from ivr import linetext
from ivr.digits import duration, telephone
from ivr.linetext import FAREWELL, LONGEST_LINE_S, RECORDED, spoken_seconds

PIPELINE = "kokoro-82m-int8/1"
"""Part of every file's name: change it when the same words would come out different."""

LONGEST_STANDING_S = 12.0
"""A recording that callers hear while they wait may be this long."""

SURVEY = "请为本次服务评价：非常满意请按5，满意请按4，一般请按3，不满意请按2，非常不满意请按1。"
"""Asked once after the talk; under 9 s, and a key ends it."""

EMERGENCY_NUMBERS = ("110", "119", "120", "122")
"""Each has a sentence of its own that says to dial it, for callers who could not be put through."""

MOST_AHEAD = 20
MOST_MINUTES = 30

_SAYABLE = re.compile(r"\w")
_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*")
_ESTIMATE_IS_LOW_BY_S = 0.5


@dataclass(frozen=True, slots=True)
class PromptText:
    """One prompt: what it says and all else that its sound is made of."""

    id: str
    text: str
    voice: str = ""
    """'' only where whoever speaks it knows the voice."""
    speed: float = 1.0
    """A factor on the voice's own pace."""
    recording: str = ""
    """Digest of the recording that is played instead; '': the text is spoken."""

    @property
    def name(self) -> str:
        """Its file's name without extension: the id and a digest of the rest."""
        shaped_by = [PIPELINE, self.text, self.voice, round(self.speed, 3), self.recording]
        digest = hashlib.sha256(json.dumps(shaped_by, ensure_ascii=False).encode()).hexdigest()
        return f"{self.id}-{digest[:8]}"


class _Wording:
    """A centre's prompts by id, made when first asked for.

    Does not hold the profile: the memory that holds this must not keep it alive.
    """

    def __init__(self) -> None:
        self._standing = {
            prompt.id: prompt.text
            for prompt in (*standing_texts(), *queue_texts(), *number_texts())
        }
        self._made: dict[str, PromptText] = {}
        self._names: dict[str, str] = {}

    def prompt(self, profile: Profile, prompt_id: str) -> PromptText:
        made = self._made.get(prompt_id)
        if made is None:
            override = profile.overrides.get(prompt_id, PromptOverride())
            made = self._made[prompt_id] = PromptText(
                prompt_id,
                override.text or self._text(profile, prompt_id),
                override.voice or profile.voice,
                override.speed,
                profile.recorded.get(prompt_id, ""),
            )
        return made

    def name(self, profile: Profile, prompt_id: str) -> str:
        name = self._names.get(prompt_id)
        if name is None:
            name = self._names[prompt_id] = self.prompt(profile, prompt_id).name
        return name

    def _text(self, profile: Profile, prompt_id: str) -> str:
        if prompt_id in self._standing:
            return self._standing[prompt_id]
        centre, _, rest = prompt_id.partition("-")
        number, _, what = rest.partition("-")
        if centre != profile.centre:
            raise KeyError(prompt_id)
        match rest:
            case "12345":
                return linetext.hotline_text(profile)
            case "unknown":
                return linetext.unknown_text(profile)
            case "recorded":
                return RECORDED
        line = profile.by_number.get(number)
        if line is None:
            raise KeyError(prompt_id)
        if what == "closed":
            return linetext.closed_text(profile, line)
        try:
            return linetext.line_text(profile, line, LineState(what))
        except ValueError:
            raise KeyError(prompt_id) from None


_wordings: dict[int, tuple[weakref.ref[Profile], _Wording]] = {}


def _wording(profile: Profile) -> _Wording:
    """Remember each profile's wording while the profile lives: by identity, for it is frozen."""
    key = id(profile)
    known = _wordings.get(key)
    if known is None or known[0]() is not profile:
        held = weakref.ref(profile, lambda _: _wordings.pop(key, None))
        known = _wordings[key] = (held, _Wording())
    return known[1]


def prompt(profile: Profile, prompt_id: str) -> PromptText:
    """The prompt of that id, as the profile has it said. Raises ``KeyError``: there is none."""
    return _wording(profile).prompt(profile, prompt_id)


def prompt_name(profile: Profile, prompt_id: str) -> str:
    """The name of the prompt's file without extension. Raises ``KeyError``: there is none.

    Cheap to ask again: remembered as long as the profile lives.
    """
    return _wording(profile).name(profile, prompt_id)


def has_prompt(profile: Profile, prompt_id: str) -> bool:
    """Whether the centre has, or could come to have, a prompt of that id."""
    try:
        prompt(profile, prompt_id)
    except KeyError:
        return False
    return True


def line_prompts(profile: Profile) -> list[PromptText]:
    """Every sentence that callers can come to hear first, each once.

    In the ledger's order, the hotline's own second: most calls need it, a demo needs the first.
    """
    centre = profile.centre
    general = [linetext.hotline_prompt_id(centre), linetext.unknown_prompt_id(centre)]
    if profile.announce_recording:
        general.append(linetext.recorded_prompt_id(centre))
    ids = [found for line in profile.lines for found in linetext.greeting_ids(profile, line)]
    ordered = [found for found in dict.fromkeys(ids) if found not in general]
    ordered[1:1] = general
    wording = _wording(profile)
    return [wording.prompt(profile, prompt_id) for prompt_id in ordered]


def too_long(profile: Profile) -> list[PromptText]:
    """The prompts that make a caller wait longer than ``LONGEST_LINE_S``, by estimate.

    A recording's length is judged when it is taken.
    """
    most = LONGEST_LINE_S - _ESTIMATE_IS_LOW_BY_S
    return [
        found
        for found in line_prompts(profile)
        if not found.recording and spoken_seconds(found.text, found.speed) > most
    ]


def longest_recording_s(prompt_id: str) -> float:
    """How long a recording of that prompt may be: nobody is rung before a line's prompt ends."""
    is_standing = any(
        prompt_id == found.id for found in (*standing_texts(), *queue_texts(), *number_texts())
    )
    return LONGEST_STANDING_S if is_standing else LONGEST_LINE_S


def standing_texts() -> list[PromptText]:
    """The prompts that any call may need, in the order they matter, in nobody's voice yet."""
    return [
        PromptText("wait-1", "座席正忙，请稍候，我们会尽快为您接听。"),
        PromptText("bye", FAREWELL),
        PromptText("survey", SURVEY),
        PromptText("rated", "您的评价已收到。"),
        PromptText("unreachable", "对方电话暂时无法接通，马上为您转回人工座席。"),
        PromptText("keep-offer", "按1键，我们为您保留排队位置，轮到您时给您回电。"),
        PromptText("kept", "已为您保留排队位置，轮到您时我们给您回电，请保持电话畅通，再见。"),
        PromptText("wait-2", "您的电话仍在排队，感谢您耐心等待，请不要挂机。"),
        PromptText("reconnecting", "通话中断了，正在为您重新接通，请不要挂机。"),
        PromptText("hold-transfer", "请稍候，正在为您联系。"),
        PromptText("transfer-now", "正在为您转接，请不要挂机。"),
        *(
            # Digit by digit, and after a full stop: run together, three of the four were misheard.
            PromptText(dial_id(number), f"电话暂时没有接通。请您直接拨打{'、'.join(number)}。")
            for number in EMERGENCY_NUMBERS
        ),
        PromptText(
            "refused-politely",
            "您好，因您的号码此前多次影响他人拨打热线，暂时不能为您接通。"
            "如遇紧急情况，请直接拨打110、119或120。",
        ),
        PromptText("sorry", "抱歉，系统暂时无法为您接通，请稍后再拨。"),
    ]


def number_texts() -> list[PromptText]:
    """What any other number is told by, digit after digit, in nobody's voice yet."""
    return [
        PromptText("dial-yourself", "电话暂时没有接通，请您直接拨打。"),
        *(PromptText(f"digit-{digit}", f"{telephone(digit)}。") for digit in "0123456789"),
    ]


def dial_id(number: str) -> str:
    """Name the prompt that says to dial that number; only some numbers have one."""
    return f"dial-{number}"


def standing_prompts(home: Profile) -> list[PromptText]:
    """The prompts that any call may need, as the platform's home centre has them said."""
    return [prompt(home, found.id) for found in standing_texts()]


def queue_prompts(home: Profile) -> list[PromptText]:
    """Place and waiting time, then digits, in the order they matter, as the home centre says."""
    return [prompt(home, found.id) for found in (*queue_texts(), *number_texts())]


def sentences(text: str) -> list[str]:
    """Cut a text at its sentences' ends; what holds nothing to say is left out."""
    return [found.strip() for found in _SENTENCE.findall(text) if _SAYABLE.search(found)]


def queue_texts() -> list[PromptText]:
    """Place and waiting time, in the order they matter, in nobody's voice yet.

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

"""A call scored by its centre's rules (智能质检): what was lost, why, in which seconds. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from config.quality import Quality
from records.draft import Gap, Spoken

Rule = Literal["greeting", "closing", "forbidden", "silence", "talking_over", "clarity"]
RULES: Final[tuple[Rule, ...]] = (
    *("greeting", "closing", "forbidden", "silence", "talking_over", "clarity"),
)
_OPENING: Final = 2
_ENDING: Final = 3
"""Utterances of the agent in which a greeting, a farewell is looked for."""
_WAITING: Final = 3
_SHARE: Final[dict[Rule, float]] = {
    "greeting": 1,
    "closing": 1,
    "forbidden": 0.5,
    "silence": 0.34,
    "talking_over": 0.2,
    "clarity": 0.2,
}
"""Of a rule's points, what one fault takes."""
_SPOKEN: Final = re.compile(r"[\u4e00-\u9fff\d]")
_LEAST_SPOKEN: Final = 6
"""Shorter utterances have no speed."""


class Mark(BaseModel):
    """One fault: of which rule, what it took, and where to listen."""

    model_config = ConfigDict(frozen=True)

    rule: Rule
    points: float
    why: str
    start_s: float
    end_s: float


class Score(BaseModel):
    """What a call is worth of a hundred, what each rule kept, and every fault."""

    model_config = ConfigDict(frozen=True)

    total: float
    kept: dict[Rule, float]
    marks: tuple[Mark, ...]


def score(spoken: Sequence[Spoken], gaps: Sequence[Gap], rules: Quality) -> Score | None:
    """Score one call; None when no agent was heard, or no rule counts.

    ``gaps``: where somebody was heard and nothing could be written down; that is no silence.
    """
    said = sorted((s for s in spoken if not s.part), key=lambda piece: piece.start_s)
    agent = [piece for piece in said if piece.channel == "agent"]
    whole = sum(getattr(rules, rule) for rule in RULES)
    if not agent or not whole:
        return None
    faults = (
        *_greeting(agent, rules),
        *_closing(agent, rules),
        *_forbidden(agent, rules),
        *_silence(said, gaps, agent[0].start_s, rules),
        *_over(said, rules),
        *_unclear(agent, rules),
    )
    kept: dict[Rule, float] = {rule: float(getattr(rules, rule)) for rule in RULES}
    marks = []
    for rule, why, start_s, end_s in faults:
        points = min(kept[rule], _SHARE[rule] * getattr(rules, rule))
        if points > 0:
            kept[rule] -= points
            marks.append(
                Mark(rule=rule, points=round(points, 1), why=why, start_s=start_s, end_s=end_s)
            )
    return Score(
        total=round(100 * sum(kept.values()) / whole, 1),
        kept={rule: round(left, 1) for rule, left in kept.items()},
        marks=tuple(marks),
    )


_Fault = tuple[Rule, str, float, float]


def _has(piece: Spoken, words: Sequence[str]) -> str:
    return next((word for word in words if word in piece.text), "")


def _greeting(agent: Sequence[Spoken], rules: Quality) -> Iterator[_Fault]:
    if not any(_has(piece, rules.greetings) for piece in agent[:_OPENING]):
        yield "greeting", "开头没有问候语", agent[0].start_s, agent[0].end_s


def _closing(agent: Sequence[Spoken], rules: Quality) -> Iterator[_Fault]:
    if not any(_has(piece, rules.closings) for piece in agent[-_ENDING:]):
        yield "closing", "结束没有结束语", agent[-1].start_s, agent[-1].end_s


def _forbidden(agent: Sequence[Spoken], rules: Quality) -> Iterator[_Fault]:
    for piece in agent:
        if word := _has(piece, rules.forbidden_words):
            yield "forbidden", f"说了禁语“{word}”", piece.start_s, piece.end_s


def _silence(
    said: Sequence[Spoken], gaps: Sequence[Gap], since: float, rules: Quality
) -> Iterator[_Fault]:
    """Between the agent's first word and the last of anybody."""
    heard = sorted(
        [(piece.start_s, piece.end_s, piece) for piece in said]
        + [(gap.start_s, gap.end_s, None) for gap in gaps],
        key=lambda each: each[:2],
    )
    until, may_wait = since, False
    for start_s, end_s, piece in heard:
        longest = rules.silence_s * (_WAITING if may_wait else 1)
        if start_s - until >= longest:
            told = "（已请来电人稍等）" if may_wait else ""
            yield "silence", f"静默{start_s - until:.0f}秒{told}", until, start_s
        if end_s >= until:
            until = end_s
            may_wait = piece is not None and bool(_has(piece, rules.waiting_words))


def _over(said: Sequence[Spoken], rules: Quality) -> Iterator[_Fault]:
    """The agent begins while the caller speaks, and goes on."""
    callers = [piece for piece in said if piece.channel == "caller"]
    for piece in said:
        if piece.channel != "agent":
            continue
        for other in callers:
            together = min(piece.end_s, other.end_s) - piece.start_s
            if other.start_s < piece.start_s and together >= rules.over_s:
                until = piece.start_s + together
                yield "talking_over", f"抢话{together:.1f}秒", piece.start_s, until
                break


def _unclear(agent: Sequence[Spoken], rules: Quality) -> Iterator[_Fault]:
    for piece in agent:
        count, lasted = len(_SPOKEN.findall(piece.text)), piece.end_s - piece.start_s
        if count < _LEAST_SPOKEN or lasted <= 0:
            continue
        if count / lasted > rules.fastest:
            why = f"语速过快（每秒{count / lasted:.1f}字）"
            yield "clarity", why, piece.start_s, piece.end_s
        elif piece.confidence is not None and piece.confidence < rules.least_confidence:
            yield "clarity", "吐字不清，识别把握低", piece.start_s, piece.end_s
